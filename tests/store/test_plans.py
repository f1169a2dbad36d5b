"""A plan is kept as it was made: brief, steps and answer come back equal, mistakes are named with their line, adopting is for good."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from junheng.errors import DataError, StoreError, Text
from junheng.model.change import AddRow, RemoveRow, SetValue
from junheng.planning.proposal import Alternative, Brief, Certificate, Inputs, Pin, Price, Proposal, Step
from junheng.planning.solve import Amount, Limits
from junheng.store.plans import adopt, log_of, plan_names, read_plan, stale, write_plan
from tests.planning.counties import drawn

DAY = date(2026, 3, 1)
PIN = Pin(("schools.school", "2162000001"), "2162000002")
CHANGES = (
    AddRow("supervision_zones", {"zone": "9", "seat": "2162000001", "inspectors": None}),
    SetValue("zone_schools", ("2162000001",), "zone", "9"),
    RemoveRow("adjacency", ("216200000001", "216200000002")),
    SetValue("schools", ("2162000001",), "lon", Decimal("100.5")),
    SetValue("schools", ("2162000001",), "boarding", True),
)
STEPS = (
    Step(title=Text("一", "one"), reason=Text("因为“，”", 'a, "b"'), changes=CHANGES, yuan=Decimal("12.50"), pupils=3, year=2027),
    Step(title=Text("听证", "hearing"), reason=Text("公示", "notice"), changes=()),
)
AMOUNTS = (Amount(Text("路程", "way"), 0.1 + 0.2, "km", 1e-7),)


def made(**more: object) -> Proposal:
    given = {
        "brief": Brief(
            planner="supervision_zones",
            options={"zones": 2, "detour": Decimal("1.4"), "kindergartens": True},
            pins=(PIN,),
            forbids=(Pin(("schools.school", "2162000003"), "2162000004"),),
            limits=Limits(gap=1e-3, nodes=7, seconds=2.5),
            seed=5,
        ),
        "steps": STEPS,
        "objective": 1234.5678901234,
        "bound": float("-inf"),
        "unit": "m",
        "amounts": AMOUNTS,
        "inputs": Inputs(county="a", standards="b", code="c"),
        "prices": (Price(Text("每区至多20所", "20 at most"), 1.5, 1.0, "schools", "zones", proven=False),),
        "alternatives": (
            Alternative(
                title=Text("少变动", "less change"), reason=Text("甲", "a"), steps=STEPS[1:], objective=2.0, bound=1.0, amounts=AMOUNTS
            ),
            Alternative(title=Text("不变", "none"), reason=Text("乙", "b"), steps=(), objective=3.0, bound=1.0, amounts=()),
        ),
        "tables": {"load": pl.DataFrame({"zone": ["1"], "pupils": [3]})},
    }
    return Proposal(**{**given, **more})  # type: ignore[arg-type]


def test_what_is_written_comes_back_equal(tmp_path: Path) -> None:
    place = write_plan(tmp_path, "2025-zones", 2025, made(), DAY)
    plan = read_plan(place, drawn(4))
    assert plan.proposal == made()
    assert (plan.year, plan.adopted) == (2025, None)
    assert plan_names(tmp_path) == ["2025-zones"]
    assert (place / "tables/load.csv").read_text(encoding="utf-8") == "zone,pupils\n1,3\n"
    proof = Certificate(how=Text("加", "add"), numbers={"bound": 1.5}, tables={"prices": pl.DataFrame({"school": ["1"]})})
    again = write_plan(tmp_path, "2025-zones", 2025, made(certificate=proof), DAY)
    kept = read_plan(again).proposal.certificate
    assert kept
    assert (kept.how, kept.numbers) == (proof.how, proof.numbers)
    assert [line["what"] for line in log_of(again)] == ["proposed", "proposed"]


def test_an_adopted_plan_is_not_written_over_and_not_changed_unnoticed(tmp_path: Path) -> None:
    place = write_plan(tmp_path, "2025-zones", 2025, made(), DAY)
    adoption = adopt(place, DAY, "甲", "督导室", "教督〔2026〕1号")
    assert read_plan(place).adopted == adoption
    assert [line["what"] for line in log_of(place)] == ["proposed", "adopted"]
    for again in (lambda: adopt(place, DAY, "乙", "督导室"), lambda: write_plan(tmp_path, "2025-zones", 2025, made(), DAY)):
        with pytest.raises(StoreError):
            again()
    steps = place / "steps.csv"
    steps.write_text(steps.read_text(encoding="utf-8").replace("听证", "不听证"), encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_plan(place)
    assert [one.rule for one in error.value.findings] == ["store.plan_changed_since"]


@pytest.mark.parametrize(
    ("old", "new", "rule", "row"),
    [
        ("  zones:\n", "  zoness:\n", "planning.unknown_option", 4),
        ("unit: items", "unit: km", "store.plan_unit", 4),
        ("value: 2\n", "value: two\n", "planning.bad_option", 4),
        ("code: '2162000001'", "code: '2162000099'", "planning.pin_of_unknown_code", 14),
        ("code: '2162000003'\n    to: '2162000004'", "code: '2162000001'\n    to: '2162000002'", "planning.pin_against_forbid", 18),
        ("planner: supervision_zones", "planner: school_busses", "planning.unknown_planner", 1),
        ("seed: 5", "sead: 5", "store.plan_unknown_key", 21),
        ("gap: 0.001", "gap: -1", "store.plan_limit", 23),
    ],
)
def test_a_mistake_in_a_brief_is_named_with_its_line(tmp_path: Path, old: str, new: str, rule: str, row: int) -> None:
    place = write_plan(tmp_path, "2025-zones", 2025, made(), DAY)
    brief = place / "brief.yaml"
    text = brief.read_text(encoding="utf-8")
    assert old in text
    brief.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_plan(place, drawn(4))
    assert (rule, row) in [(one.rule, one.place.row) for one in error.value.findings]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("schools,2162000001,lon,100.5", "schools,2162000001,lon,far", "model.value_of_another_type"),
        ("schools,2162000001,lon,100.5", "schools,2162000001,long,100.5", "model.unknown_column"),
        ("schools,2162000001,lon,100.5", "pupils,2162000001,lon,100.5", "model.unknown_table"),
        ("adjacency,216200000001|216200000002", "adjacency,216200000001", "store.plan_key"),
        (",12.50,", ",a lot,", "model.value_of_another_type"),
        ("remove,", "delete,", "store.plan_unknown_change"),
    ],
)
def test_a_mistake_in_the_steps_is_named(tmp_path: Path, old: str, new: str, rule: str) -> None:
    place = write_plan(tmp_path, "2025-zones", 2025, made(), DAY)
    steps = place / "steps.csv"
    text = steps.read_text(encoding="utf-8")
    assert old in text
    steps.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_plan(place)
    assert rule in [one.rule for one in error.value.findings]
    assert all(one.place.row for one in error.value.findings)


def test_a_plan_whose_inputs_have_changed_says_which(tmp_path: Path) -> None:
    plan = read_plan(write_plan(tmp_path, "2025-zones", 2025, made(), DAY))
    assert stale(plan, Inputs(county="a", standards="b", code="c")) == []
    assert [one.found.en for one in stale(plan, Inputs(county="x", standards="b", code="c"))] == ["the tables have changed"]


def test_a_folder_without_a_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        read_plan(tmp_path)
