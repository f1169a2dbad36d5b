"""Steps of projects: how a slip travels, from when seats count, and what is said when a date is missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.projection.programme import STEPS, Project, counted_year, programme, walk
from tests.projection.programmes import AS_OF, nation, opens, project, small, step


def one(*steps: object, **more: object) -> Project:
    county = small(projects=[project(**more)], project_steps=list(steps))  # type: ignore[arg-type]
    (found,) = programme(county, nation(), AS_OF).projects
    return found


def test_a_late_start_puts_the_opening_back_by_as_many_days() -> None:
    # Started 61 days late (1 May for 1 March 2025), so 1 July 2026 becomes 31 August 2026.
    late = one(step("started", date(2025, 3, 1), date(2025, 5, 1)), opens(date(2026, 7, 1)))
    assert (late.in_use, late.lateness, late.days_late) == (date(2026, 8, 31), "late", 61)
    assert late.counted_from == 2026
    assert [part.lateness for part in late.steps] == ["late", "late"]


def test_a_later_step_done_in_time_takes_the_slip_back() -> None:
    steps = step("started", date(2025, 3, 1), date(2025, 5, 1)), step("topped", date(2025, 12, 1), date(2025, 12, 1))
    caught_up = one(*steps, opens(date(2026, 7, 1)))
    assert (caught_up.in_use, caught_up.lateness) == (date(2026, 7, 1), "on_time")


def test_an_early_step_does_not_pull_the_opening_forward() -> None:
    early = one(step("started", date(2025, 3, 1), date(2025, 1, 1)), opens(date(2026, 7, 1)))
    assert early.in_use == date(2026, 7, 1)


def test_an_overdue_step_is_expected_today_at_the_earliest() -> None:
    # Topping out was planned for 1 January; on 1 March it is 59 days overdue, and so is what follows.
    overdue = one(step("topped", date(2026, 1, 1)), opens(date(2026, 7, 6)))
    assert [part.expected for part in overdue.steps] == [AS_OF, date(2026, 9, 3)]
    assert overdue.counted_from == 2027


def test_a_step_without_a_date_before_one_that_is_done_counts_as_done() -> None:
    passed = one(step("design", date(2025, 1, 1)), step("started", date(2025, 3, 1), date(2025, 3, 1)), opens(date(2026, 7, 1)))
    assert [part.lateness for part in passed.steps] == ["done", "done", "not_due"]
    assert passed.in_use == date(2026, 7, 1)


@pytest.mark.parametrize(("day", "year"), [((2026, 8, 31), 2026), ((2026, 9, 1), 2026), ((2026, 9, 2), 2027), ((2026, 1, 1), 2026)])
def test_seats_count_from_the_first_statistics_day_in_use(day: tuple[int, int, int], year: int) -> None:
    assert counted_year(date(*day)) == year


def test_a_contract_counts_on_every_statistics_day_within_it() -> None:
    for until, last in ((date(2028, 8, 31), 2027), (date(2028, 9, 1), 2028), (None, None)):
        assert one(kind="purchase", in_use=date(2026, 9, 1), until=until).counted_until == last


def test_a_project_that_never_says_when_it_opens_is_found_and_never_counts() -> None:
    made = programme(small(projects=[project()], project_steps=[step("started", date(2025, 3, 1))]), nation(), AS_OF)
    assert (made.projects[0].counted_from, made.projects[0].lateness) == (None, "undated")
    (found,) = made.findings
    assert (found.rule, found.severity, found.place.key) == ("projection.project_without_opening", "warning", ("P1",))
    assert "270个学位" in found.found.zh


def test_rooms_stand_for_places_at_the_class_limit_and_nothing_stands_for_both() -> None:
    assert one(seats=None, rooms=6).places == 6 * 45
    assert one(seats=200, rooms=6).places == 200
    made = programme(small(projects=[project(seats=None)]), nation(), AS_OF)
    assert made.projects[0].places is None
    assert [found.rule for found in made.findings] == ["projection.project_without_places"]


def test_an_actual_day_still_to_come_is_expected_and_found() -> None:
    made = programme(small(projects=[project(in_use=date(2026, 8, 20))]), nation(), AS_OF)
    assert (made.projects[0].opened, made.projects[0].in_use) == (False, date(2026, 8, 20))
    assert [found.rule for found in made.findings] == ["projection.step_in_the_future"]


def test_places_of_no_stage_are_found() -> None:
    made = programme(small(projects=[project(stage=None, in_use=date(2025, 8, 1))]), nation(), AS_OF)
    assert [found.rule for found in made.findings] == ["projection.project_without_stage"]


days = st.none() | st.dates(date(2023, 1, 1), date(2029, 1, 1))


@given(st.lists(st.tuples(st.sampled_from(STEPS), days, days), unique_by=lambda item: item[0]))
def test_no_step_to_come_is_expected_before_today_or_before_its_plan(items: list[tuple[str, date | None, date | None]]) -> None:
    ordered = sorted(items, key=lambda item: STEPS.index(item[0]))
    for found in walk(ordered, AS_OF):
        if found.actual is None and found.expected is not None:
            assert found.expected >= AS_OF
            assert found.planned is not None
            assert found.expected >= found.planned


@given(st.integers(0, 400))
def test_a_slip_never_brings_the_opening_forward(slip: int) -> None:
    start, end = date(2025, 1, 1), date(2027, 7, 1)
    before = walk([("started", start, start), ("in_use", end, None)], AS_OF)[-1].expected
    after = walk([("started", start, start + timedelta(days=slip)), ("in_use", end, None)], AS_OF)[-1].expected
    assert before is not None
    assert after is not None
    assert after >= before
