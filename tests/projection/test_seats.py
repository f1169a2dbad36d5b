"""Seats by school and year, by hand: 45 pupils to a primary room, 50 to a junior one."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from junheng.model import County
from junheng.projection.programme import programme
from junheng.projection.seats import REASONS, Seats, seats
from tests.projection.programmes import AS_OF, EAST, HILL, TOWN, VALE, WEST, nation, opens, places, project, small

YEARS = range(2025, 2030)


def counted(county: County) -> Seats:
    return seats(county, nation(), programme(county, nation(), AS_OF), YEARS)


def of(found: Seats, school: str, stage: str = "primary", column: str = "places") -> list[Any]:
    rows = found.rows.filter(pl.col("school") == school, pl.col("stage") == stage).sort("year")
    return rows[column].to_list()


def rules(found: Seats) -> list[str]:
    return sorted(one.rule.removeprefix("projection.") for one in found.findings)


def test_seats_are_rooms_times_the_class_limit() -> None:
    found = counted(small())
    assert of(found, EAST) == [540] * 5
    assert of(found, HILL, column="zone") == [VALE] * 5
    assert found.findings == ()


def test_declared_seats_are_a_floor_and_a_note_says_what_they_assume() -> None:
    found = counted(small(places=[places(EAST, 12, 600), places(WEST, 6, 200), places(HILL, None, 120)]))
    assert [of(found, code)[0] for code in (EAST, WEST, HILL)] == [600, 270, 120]
    assert [of(found, code, column="reason")[0] for code in (EAST, WEST, HILL)] == ["declared", "rooms", "declared"]
    (note,) = found.findings
    assert (note.rule, note.found.zh) == ("projection.declared_above_rooms", "小学学位600，教室12间按标准为540")


def test_seats_nobody_returned_are_unknown_and_not_zero() -> None:
    pupils = [{"school": HILL, "stage": "primary", "grade": "1", "sex": "all", "pupils": 9}]
    found = counted(small(places=[places(EAST, None)], enrolment=pupils))
    assert of(found, EAST) == [None] * 5
    assert of(found, HILL) == [None] * 5
    assert of(found, HILL, column="reason")[0] == "not_returned"
    assert rules(found) == ["seats_unknown"] * 2


def test_a_stage_without_a_class_limit_needs_declared_seats() -> None:
    found = counted(small(places=[places(EAST, 3, stage="special"), places(WEST, 3, 24, stage="special")]))
    assert of(found, EAST, "special") == [None] * 5
    assert of(found, EAST, "special", "reason")[0] == "no_class_limit"
    assert of(found, WEST, "special") == [24] * 5


def test_what_projects_add_to_the_unknown_is_unknown() -> None:
    found = counted(small(places=[places(EAST, None)], projects=[project()], project_steps=[opens(date(2026, 8, 1))]))
    assert of(found, EAST) == [None] * 5


def test_a_project_counts_from_the_year_that_finds_it_in_use() -> None:
    found = counted(small(projects=[project(seats=270)], project_steps=[opens(date(2027, 8, 31))]))
    assert of(found, EAST) == [540, 540, 810, 810, 810]
    assert of(found, EAST, column="rooms") == [12, 12, 18, 18, 18]


def test_what_opened_before_the_return_is_in_the_return() -> None:
    assert of(counted(small(projects=[project(in_use=date(2025, 9, 1))])), EAST) == [540] * 5
    assert of(counted(small(projects=[project(in_use=date(2025, 9, 2))])), EAST) == [540, 810, 810, 810, 810]


def test_a_new_school_without_a_code_has_seats_in_its_township() -> None:
    new = project(seats=1080, kind="build", school=None, district=VALE)
    found = counted(small(projects=[new], project_steps=[opens(date(2026, 8, 1))]))
    assert of(found, "P1") == [0, 1080, 1080, 1080, 1080]
    assert of(found, "P1", column="rooms") == [0, 24, 24, 24, 24]
    assert of(found, "P1", column="zone") == [VALE] * 5


def test_purchased_places_end_with_the_contract() -> None:
    bought = project(seats=120, kind="purchase", school=None, district=TOWN, in_use=date(2025, 9, 1), until=date(2027, 8, 31))
    assert of(counted(small(projects=[bought])), "P1") == [120, 120, 0, 0, 0]


def test_places_bought_from_a_school_whose_seats_are_returned_are_not_counted_twice() -> None:
    found = counted(small(projects=[project(seats=120, kind="purchase", in_use=date(2026, 9, 1))]))
    assert of(found, EAST) == [540] * 5
    assert rules(found) == ["purchase_within_returns"]


def test_a_closed_school_has_no_seats_and_leaves_the_rooms_it_keeps() -> None:
    merger = {"school": HILL, "kind": "merge", "year": 2027, "successor": EAST, "rooms_kept": 2}
    found = counted(small(school_changes=[merger]))
    assert of(found, HILL) == [180, 180, 0, 0, 0]
    assert of(found, EAST) == [540, 540, 630, 630, 630]
    assert of(found, HILL, column="reason")[2] == "closed"


def test_a_merger_that_does_not_say_what_stays_leaves_nothing_and_is_found() -> None:
    merger = {"school": HILL, "kind": "merge", "year": 2027, "successor": EAST}
    found = counted(small(school_changes=[merger]))
    assert of(found, EAST) == [540] * 5
    assert rules(found) == ["rooms_kept_unknown"]


def test_a_closure_of_the_past_is_in_the_returns_already() -> None:
    assert of(counted(small(school_changes=[{"school": HILL, "kind": "close", "year": 2025}])), HILL) == [180] * 5


def test_a_pin_holds_to_its_last_day_and_projects_come_on_top() -> None:
    pin = {"school": EAST, "stage": "primary", "places": 400, "reason": "过渡用房", "until": date(2027, 8, 31)}
    found = counted(small(place_pins=[pin], projects=[project(seats=90)], project_steps=[opens(date(2026, 8, 1))]))
    assert of(found, EAST) == [400, 490, 630, 630, 630]
    assert of(found, EAST, column="reason")[:3] == ["pinned", "pinned", "rooms"]


def test_more_cannot_be_taken_than_there_is() -> None:
    found = counted(small(projects=[project(seats=-900)], project_steps=[opens(date(2026, 8, 1))]))
    assert of(found, EAST) == [540, 0, 0, 0, 0]
    assert rules(found) == ["more_taken_than_there"]


numbers = st.none() | st.integers(0, 60)


@given(numbers, numbers, st.none() | st.integers(-3000, 3000), st.dates(date(2024, 1, 1), date(2031, 1, 1)))
def test_seats_are_never_negative_and_never_zero_for_want_of_a_return(
    rooms: int | None, declared: int | None, more: int | None, day: date
) -> None:
    county = small(places=[places(EAST, rooms, declared)], projects=[project(seats=more)], project_steps=[opens(day)])
    found = of(counted(county), EAST)
    assert all(number is None or number >= 0 for number in found)
    assert (found[0] is None) == (rooms is None and declared is None)
    assert set(counted(county).rows["reason"]) <= set(REASONS)
