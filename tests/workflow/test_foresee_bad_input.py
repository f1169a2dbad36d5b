"""What officers really hold: gaps, recodings, half years, two townships. Each is told with what is done instead; nothing stops."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from junheng.errors import DataError, StoreError
from junheng.workflow.foresee import foresee
from junheng.workflow.views.foresight import Foresight, Series
from tests.workflow.foreseen import CODE, EAST, JUNIOR, LAST, WEST, Change, Tables, folder

NEW = "2162990009"


def seen(at: Path, change: Change | None = None, **more: Any) -> Foresight:
    return foresee(folder(at, change, **more), horizon=6, draws=100, backtest=False, as_of=date(2025, 12, 31))


def rules(found: Foresight) -> set[str]:
    return {one.rule.removeprefix("projection.") for one in found.findings}


def places(found: Foresight, rule: str) -> set[str]:
    return {key for one in found.findings if one.rule == f"projection.{rule}" for key in one.place.key}


def series(found: Foresight, area: str, stage: str = "primary") -> Series:
    return next(one for one in found.scenarios[0].series if one.id == f"middle/pupils/{area}/{stage}/")


def ahead(found: Foresight, area: str, stage: str = "primary") -> list[float]:
    return [point.band.middle for point in series(found, area, stage).points if point.band]


def known(found: Foresight, area: str, stage: str = "primary") -> dict[int, float | None]:
    return {point.year: point.known for point in series(found, area, stage).points if not point.band}


def test_a_sound_county_has_no_such_findings(tmp_path: Path) -> None:
    assert rules(seen(tmp_path / "c")) == {"nobody_counted", "no_staff_ratio"}  # it returned neither population by age nor staff


def test_one_year_only_is_forecast_with_the_errors_of_other_places(tmp_path: Path) -> None:
    found = seen(tmp_path / "c", years=(LAST,))
    assert {"one_year_only", "pooled_errors"} <= rules(found)
    assert found.backtest.basis == "pooled"
    assert "其他地区" in found.limits[0].zh
    assert all(value > 0 for value in ahead(found, CODE))


def test_a_missing_year_in_the_middle_is_not_known_and_not_zero(tmp_path: Path) -> None:
    found = seen(tmp_path / "c", years=(*range(2014, 2019), *range(2020, 2026)))
    assert "year_missing" in rules(found)
    assert known(found, CODE)[2019] is None
    assert known(found, CODE)[2018]
    whole = seen(tmp_path / "whole")
    assert ahead(found, CODE) == pytest.approx(ahead(whole, CODE), rel=0.03)


def test_a_school_that_disappears_is_told_and_has_no_pupils_ahead(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        if year >= 2023:
            made["schools"] = [row for row in made["schools"] if row["school"] != WEST]
            made["places"] = [row for row in made["places"] if row["school"] != WEST]
            for row in made["enrolment"]:
                row["pupils"] += sum(
                    other["pupils"] for other in made["enrolment"] if (other["school"], other["grade"]) == (WEST, row["grade"])
                )
            made["enrolment"] = [row for row in made["enrolment"] if row["school"] != WEST]

    found = seen(tmp_path / "c", change)
    assert places(found, "school_closed") == {WEST}
    assert sum(ahead(found, WEST)) == 0


def test_a_school_that_appears_is_told_and_goes_on(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        if year >= 2024:
            made["schools"].append({"school": NEW, "name": "新小学", "kind": "primary", "district": "629921001", "urban_rural": "121"})
            moved = [{**row, "school": NEW, "pupils": 30} for row in made["enrolment"] if row["school"] == EAST]
            for row in made["enrolment"]:
                row["pupils"] -= 30 if row["school"] == EAST else 0
            made["enrolment"] += moved

    found = seen(tmp_path / "c", change)
    assert places(found, "school_opened") == {NEW}
    assert ahead(found, NEW)[0] > 100


def recoded(year: int, made: Tables) -> None:
    """West has another code from 2020 on."""
    if year >= 2020:
        for name in ("schools", "places", "enrolment"):
            for row in made[name]:
                row["school"] = NEW if row["school"] == WEST else row["school"]


def test_a_school_that_changes_its_code_without_a_word_is_one_that_closed_and_one_that_opened(tmp_path: Path) -> None:
    found = seen(tmp_path / "c", recoded)
    assert (places(found, "school_closed"), places(found, "school_opened")) == ({WEST}, {NEW})


def test_a_school_that_changes_its_code_and_says_so_keeps_its_history(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        recoded(year, made)
        if year >= 2020:
            made["school_changes"] = [{"school": WEST, "kind": "recode", "year": 2020, "successor": NEW}]

    found = seen(tmp_path / "c", change)
    assert not rules(found) & {"school_closed", "school_opened"}
    assert known(found, NEW)[2015]
    assert ahead(found, NEW) == pytest.approx(ahead(seen(tmp_path / "before"), WEST), abs=0.01)


def test_a_school_that_merges_leaves_its_pupils_to_the_other(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        if year == LAST:
            made["school_changes"] = [{"school": WEST, "kind": "merge", "year": 2026, "successor": EAST, "rooms_kept": 0}]

    found = seen(tmp_path / "c", change)
    assert all(one.area != WEST for one in found.scenarios[0].series)
    assert sum(ahead(found, EAST)) == pytest.approx(sum(ahead(found, CODE)))


def test_a_grade_that_is_empty_and_then_not_is_told(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        if year in (2019, 2020):
            for row in made["enrolment"]:
                row["pupils"] = 0 if (row["school"], row["grade"]) == (WEST, "4") else row["pupils"]

    found = seen(tmp_path / "c", change)
    assert places(found, "grade_empty_then_not") == {WEST}


def test_births_of_half_a_year_are_made_whole_and_told(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        if year == LAST:
            for row in made["births"]:
                if row["calendar_year"] == LAST:
                    row["births"], row["months"] = row["births"] // 2, 6

    found = seen(tmp_path / "c", change)
    assert places(found, "births_of_part_of_a_year") == {str(LAST)}
    assert ahead(found, CODE) == pytest.approx(ahead(seen(tmp_path / "whole"), CODE), rel=0.03)


def test_a_village_in_two_townships_stays_in_the_first_and_is_told(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        if year == LAST:
            made["villages"].append({**made["villages"][0], "district": "629921002"})

    found = seen(tmp_path / "c", change)
    assert places(found, "village_in_two_towns") == {"629921001001"}
    assert ahead(found, CODE)[0] > 0


LEAVING = """
title: {zh: 外流方案, en: Everybody leaves}
note: {zh: 每年每岁迁出五百人, en: Five hundred of each age leave a year}
extends: middle
migration_persons:
  unit: persons
  values:
    all: {0: -500}
  source: junheng-assumed
  confidence: A
  reviewed: null
"""


def test_more_leaving_than_there_were_stops_at_nobody_and_is_told(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        made["population"] = [
            {"county": CODE, "basis": "resident", "age": age, "sex": sex, "persons": 80} for age in range(90) for sex in ("male", "female")
        ]

    found = seen(tmp_path / "c", change, files={"assumptions/leaving.yaml": LEAVING})
    assert "more_left_than_lived" in rules(found)
    leaving = next(one for one in found.scenarios if one.id == "leaving")
    assert min(bar.male for pyramid in leaving.pyramids for bar in pyramid.bars) >= 0


def test_a_project_without_a_day_of_use_counts_in_no_year_and_is_told(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        if year == LAST:
            made["projects"] = [{"project": "P1", "name": "扩建", "school": JUNIOR, "kind": "extend", "stage": "junior", "places": 200}]

    found = seen(tmp_path / "c", change)
    assert places(found, "project_without_opening") == {"P1"}
    assert (found.projects[0].lateness, found.projects[0].counted_from) == ("undated", None)
    lines = [one for one in found.scenarios[0].seats if (one.area, one.stage) == (CODE, "junior")]
    assert {one.seats for one in lines} == {450}


def test_a_scenario_with_an_unknown_key_is_told_and_those_that_ship_are_used(tmp_path: Path) -> None:
    files = {"assumptions/own.yaml": LEAVING.replace("migration_persons", "migration_person")}
    found = seen(tmp_path / "c", files=files)
    assert [one.id for one in found.scenarios] == [one.id for one in seen(tmp_path / "plain").scenarios]
    (unknown,) = [one for one in found.findings if "migration_person" in one.found.zh]
    assert (unknown.place.file, "migration_persons" in unknown.sentence()) == ("assumptions/own.yaml", True)
    assert any(one.rule == "workflow.scenarios_not_used" for one in found.findings)
    assert "own.yaml有错误，没有采用" in found.headlines[0].zh
    assert "系统自带的方案" in found.headlines[0].zh


def test_one_scenario_with_a_mistake_does_not_cost_the_sound_ones(tmp_path: Path) -> None:
    lower = LEAVING.replace("-500", "-5").replace("外流方案", "本地低方案")
    files = {
        "assumptions/leaving.yaml": LEAVING.replace("unit: persons", "unit: people"),
        "assumptions/low.yaml": lower,
        "assumptions/worse.yaml": lower.replace("extends: middle", "extends: leaving"),
    }
    found = seen(tmp_path / "c", files=files)
    assert [(one.id, one.title.zh) for one in found.scenarios] == [("middle", "中方案"), ("high", "高方案"), ("low", "本地低方案")]
    (line,) = [one for one in found.findings if one.rule == "workflow.scenarios_not_used"]
    assert "leaving.yaml、worse.yaml" in line.found.zh  # what rests on the wrong one is left out with it
    assert "leaving.yaml、worse.yaml有错误" in found.headlines[0].zh
    whole = seen(tmp_path / "whole", files={"assumptions/low.yaml": lower})
    assert not any("有错误" in one.zh for one in whole.headlines)
    assert whole.scenarios[2] == found.scenarios[2]


def test_an_own_middle_with_a_mistake_is_said_above_the_headlines_as_the_shipped_one_that_stands_in(tmp_path: Path) -> None:
    files = {"assumptions/middle.yaml": LEAVING.replace("-500", "none"), "assumptions/low.yaml": LEAVING}
    found = seen(tmp_path / "c", files=files)
    assert found.headlines[0].zh.startswith("方案文件middle.yaml、low.yaml有错误")  # low extends the own middle, not the shipped one
    assert "系统自带的方案" in found.headlines[0].zh


@pytest.mark.parametrize(("scenario", "said"), [(None, True), ("births_counted", False)])
def test_births_of_after_the_origin_are_said_to_have_been_unknown_then(tmp_path: Path, scenario: str | None, said: bool) -> None:
    def change(_year: int, made: Tables) -> None:
        made["births"] = [row for row in made["births"] if row["calendar_year"] <= 2020]

    known_then = LEAVING.partition("migration_persons")[0].replace("外流方案", "中方案") + (
        "births_counted:\n  unit: births\n  values: {2018: 15230000, 2019: 14650000, 2020: 12020000}\n"
        "  source: stats-bureau-births\n  confidence: M\n  reviewed: null\n"
    )
    files = {"assumptions/middle.yaml": known_then} if scenario else {}
    at = folder(tmp_path / "c", change, years=tuple(range(2014, 2021)), files=files)
    found = foresee(at, 2020, horizon=6, draws=100, backtest=False, as_of=date(2020, 12, 31))
    words = "方案中2021—2025年大区域（全国或全岛）的出生数"
    assert (words in found.headlines[0].zh) == said
    assert any(words in one.zh for one in found.limits) == said


def test_births_returned_after_the_origin_are_said_to_have_been_unknown_then(tmp_path: Path) -> None:
    at = folder(tmp_path / "c", years=tuple(range(2014, 2021)))
    path = at / "2020/births.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, *(one.replace(",2020,", ",2022,") for one in lines if ",2020," in one)]) + "\n", encoding="utf-8")
    found = foresee(at, 2020, horizon=6, draws=100, backtest=False, as_of=date(2020, 12, 31))
    assert "本地2022年的出生数" in found.headlines[0].zh


def test_births_of_the_origins_own_school_year_are_no_hindsight(tmp_path: Path) -> None:
    def change(year: int, made: Tables) -> None:
        made["births"] += [{"village": "629921001001", "calendar_year": LAST + 1, "births": 50, "months": 8}] if year == LAST else []

    assert not any("以后才知道" in one.zh for one in seen(tmp_path / "c", change).headlines)


def test_a_pupil_counted_twice_is_refused_with_the_file(tmp_path: Path) -> None:
    at = folder(tmp_path / "c", years=(2024, 2025))
    file = at / "2025" / "enrolment.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        foresee(at, horizon=3, draws=100, backtest=False)
    assert {one.place.file for one in refusal.value.findings} == {"2025/enrolment.csv"}


def test_a_year_without_pupils_is_refused(tmp_path: Path) -> None:
    def change(_year: int, made: Tables) -> None:
        made["enrolment"] = []

    with pytest.raises(StoreError) as refusal:
        seen(tmp_path / "c", change, years=(LAST,))
    assert refusal.value.findings[0].rule == "workflow.nobody_enrolled"
