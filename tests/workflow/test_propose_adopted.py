"""What becomes of a plan: an alternative taken, adopted, written into the tables with its origin, taken back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from junheng.errors import DataError, StoreError, Text
from junheng.model import County, digest
from junheng.planning.proposal import Alternative
from junheng.store import new_authority, read_county, write_county
from junheng.store.plans import log_of, read_plan, write_plan
from junheng.workflow.propose import propose
from junheng.workflow.propose_adopted import adopt, apply_plan, take
from junheng.workflow.propose_asked import Asked
from junheng.workflow.propose_plans import compare_plans
from tests.model.made import CODE
from tests.planning.counties import drawn

DAY = date(2026, 3, 1)
PART = Text("只做一步", "one step only")
BY = ("甲", "督导室")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    place = tmp_path_factory.mktemp("made") / "drawn"
    new_authority(place, CODE, "小河县")
    write_county(place, drawn(8, zones=2))
    return place, propose(place, Asked(planner="supervision_zones"), today=DAY).plan


@pytest.fixture
def folder(made: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "drawn"))


@pytest.fixture
def plan(made: tuple[Path, str], folder: Path) -> Path:
    return folder / made[1]


def silent(_text: Text, _done: int, _total: int) -> None:
    pass


def renamed(folder: Path) -> None:
    county = read_county(folder, CODE, 2025)
    schools = county.tables["schools"].with_columns(name=county.tables["schools"]["name"] + "校")
    write_county(folder, County(county.code, county.year, {**county.tables, "schools": schools}))


def test_a_plan_is_adopted_in_somebodys_name_and_says_when_its_inputs_changed(folder: Path, plan: Path) -> None:
    with pytest.raises(StoreError) as early:
        adopt(plan, *BY, day=date(2026, 2, 28))
    assert [one.rule for one in early.value.findings] == ["store.plan_day"]
    done = adopt(plan, *BY, day=DAY, document="教督〔2026〕1号")
    assert done.findings == ()
    assert "还没有改动" in done.note.zh
    assert done.log[-1] == ("2026-03-01", Text("采用", "adopted"), "甲", "督导室", "教督〔2026〕1号")
    with pytest.raises(StoreError):
        adopt(plan, *BY, day=DAY)
    next_one = propose(folder, Asked(planner="supervision_zones"), today=DAY)
    assert next_one.plan == "plans/2025-supervision-zones-2"
    renamed(folder)
    assert [one.rule for one in adopt(folder / next_one.plan, *BY, day=DAY).findings] == ["store.plan_stale"]
    with pytest.raises(StoreError) as changed:
        apply_plan(folder / next_one.plan, *BY, day=DAY)
    assert [one.rule for one in changed.value.findings] == ["workflow.plan_on_other_tables"]


def test_what_is_written_is_the_plan_with_its_origin_and_the_same_question_has_nothing_left(folder: Path, plan: Path) -> None:
    before = read_county(folder, CODE, 2025)
    with pytest.raises(StoreError):
        apply_plan(plan, *BY, day=DAY)  # not adopted
    adopt(plan, *BY, day=DAY)
    written = apply_plan(plan, *BY, day=DAY)
    assert sum(sum(counts) for _, *counts in written.tables) == len(read_plan(plan).proposal.changes) > 0
    after = read_county(folder, CODE, 2025)
    assert "plans/2025-supervision-zones 1" in after.origins["zone_schools"]["file"].to_list()
    assert propose(folder, Asked(planner="supervision_zones"), keep=False).steps == ()
    compare_plans(plan, plan, progress=silent)  # held against what it was made from
    with pytest.raises(StoreError) as again:
        apply_plan(plan, *BY, day=DAY)
    assert [one.rule for one in again.value.findings] == ["workflow.plan_written"]
    apply_plan(plan, *BY, day=DAY, undo=True)
    restored = read_county(folder, CODE, 2025)
    assert digest(restored) == digest(before) != digest(after)
    assert restored.origins == before.origins == {}
    assert [row["what"] for row in log_of(plan)] == ["proposed", "adopted", "applied", "undone"]


def test_what_was_changed_after_it_was_written_is_not_taken_back(folder: Path, plan: Path) -> None:
    adopt(plan, *BY, day=DAY)
    apply_plan(plan, *BY, day=DAY)
    renamed(folder)
    now = digest(read_county(folder, CODE, 2025))
    with pytest.raises(StoreError):
        apply_plan(plan, *BY, day=DAY, undo=True)
    assert digest(read_county(folder, CODE, 2025)) == now


def test_an_alternative_becomes_a_plan_of_its_own(folder: Path, plan: Path) -> None:
    best = read_plan(plan).proposal
    less = Alternative(title=PART, reason=PART, steps=best.steps[:1], objective=best.objective + 1, bound=best.bound, amounts=best.amounts)
    write_plan(folder, plan.name, 2025, replace(best, alternatives=(less,)), DAY)
    first = read_plan(plan).proposal
    took = take(plan, 1, day=DAY)
    kept = read_plan(Path(took.plan)).proposal
    assert kept.changes == first.alternatives[0].changes != first.changes
    assert kept.objective == first.alternatives[0].objective
    assert adopt(Path(took.plan), *BY, day=DAY).log[0][1].zh == "由其他方案另存"
    with pytest.raises(StoreError):
        take(plan, 1, day=DAY)
    with pytest.raises(DataError):
        take(plan, len(first.alternatives) + 1)
