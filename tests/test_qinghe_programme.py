"""What is planted in the programme of examples/qinghe: a promise that opens, a project that slips, seats that come and go."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from junheng.model import County
from junheng.projection.programme import Programme, programme
from junheng.projection.promises import promises
from junheng.projection.seats import Seats, seats
from junheng.standards import Rulebook, shipped
from junheng.store import read_county
from tests.qinghe import CODE, QINGHE, rows, school

AS_OF = date(2026, 3, 31)
RULES = Rulebook((shipped("cn"),), date(2025, 9, 1))


@pytest.fixture(scope="module")
def county() -> County:
    return read_county(QINGHE, CODE, 2025)


@pytest.fixture(scope="module")
def standing(county: County) -> Programme:
    return programme(county, RULES, AS_OF)


@pytest.fixture(scope="module")
def counted(county: County, standing: Programme) -> Seats:
    return seats(county, RULES, standing, range(2025, 2030))


def of(counted: Seats, name: str, stage: str) -> list[int | None]:
    code = name if name.startswith("QH") else school(name)
    return counted.rows.filter(pl.col("school") == code, pl.col("stage") == stage).sort("year")["places"].to_list()


def test_the_promise_opens_into_its_projects(county: County, standing: Programme, counted: Seats) -> None:
    (promise,) = promises(county, standing, counted).promises
    named = [int(row["places"]) for row in rows("projects") if row.get("promise") == "QH-P1"]
    assert sum(named) == 2880
    # In use: 1080 + 150 + 90 + 120. Late: 900. On time 300, without a date 180 + 60. 3600 - 2880 are in no project.
    assert (promise.delivered, promise.late, promise.under_way, promise.undated, promise.unnamed) == (1440, 900, 540, 240, 720)
    assert promise.days_late == (date(2025, 12, 10) - date(2025, 6, 30)).days == 163
    assert promise.sentence.zh.startswith(
        "新增学位3600个（承诺3,600）：已投用1,440（其中报表可见900），推进中540，逾期900（最长163天），未落实到项目720"
    )


def test_a_school_in_use_that_returned_half_its_places_is_found(county: County, standing: Programme, counted: Seats) -> None:
    """The new primary school: 1,080 places by the programme; 12 rooms, 540 places, in its return."""
    found = promises(county, standing, counted)
    assert [one.place.key for one in found.findings if one.rule == "projection.in_use_but_not_returned"] == [("QH-2022-01",)]
    assert (found.promises[0].returned, found.promises[0].unreturned) == (900, 540)


def test_a_late_roof_puts_the_opening_past_the_school_year(standing: Programme, counted: Seats) -> None:
    late = next(one for one in standing.projects if one.project == "QH-2023-02")
    assert (late.in_use, late.counted_from, late.lateness) == (date(2027, 1, 30), 2027, "late")
    assert of(counted, "QH-2023-02", "junior") == [0, 0, 900, 900, 900]


def test_projects_without_a_day_of_use_are_found_and_count_nowhere(standing: Programme, counted: Seats) -> None:
    found = {one.place.key[0] for one in standing.findings if one.rule == "projection.project_without_opening"}
    assert found == {"QH-2024-04", "QH-2025-04"}
    assert of(counted, "QH-2024-04", "preschool") == []


def test_purchased_places_are_within_the_schools_own(counted: Seats) -> None:
    assert set(of(counted, "清河县启明学校", "junior")) == {700}
    assert "projection.purchase_within_returns" in {one.rule for one in counted.findings}


def test_a_block_out_of_use_takes_seats_away_until_it_is_rebuilt(counted: Seats) -> None:
    assert of(counted, "清河县第三中学", "junior") == [700, 700, 700, 1600, 1600]
    assert of(counted, "清河县城关九年制学校", "junior") == [600, 600, 900, 900, 900]


def test_a_merger_decided_takes_the_seats_with_it(counted: Seats) -> None:
    assert of(counted, "白杨镇石嘴教学点", "primary") == [90, 90, 0, 0, 0]  # two rooms of 45


def test_every_school_with_pupils_has_seats_that_are_known(counted: Seats) -> None:
    assert counted.rows["places"].null_count() == 0
    assert "projection.seats_unknown" not in {one.rule for one in counted.findings}
