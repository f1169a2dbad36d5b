"""A promised total becomes a sum that can be opened."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.projection.programme import programme
from junheng.projection.promises import Promises, promises
from junheng.projection.seats import seats
from tests.projection.programmes import AS_OF, EAST, Row, nation, opens, places, project, small, step

TOTAL = {"promise": "2025-1", "title": "新增学位5940个", "document": "县政府工作报告", "places": 5940, "due": date(2026, 8, 31)}


def opened(projects: list[Row], steps: list[Row], rooms: int | None = 200, **more: object) -> Promises:
    """Return the promises of a county in which the school East returned that many rooms, 45 places each."""
    county = small(projects=projects, project_steps=steps, promises=[{**TOTAL, **more}], places=[places(EAST, rooms)])
    plan = programme(county, nation(), AS_OF)
    return promises(county, plan, seats(county, nation(), plan, range(county.year, county.year + 2)))


def test_a_promise_opens_into_its_projects_and_says_what_is_late() -> None:
    # In use 2160 (P1); on time 1350 (P2); P3 is planned for 1 March 2026 after a start 61 days late: 1 May, before the day promised,
    # yet behind its plan: 1080 late by 61 days. 5940 - 2160 - 1350 - 1080 = 1350 are in no project.
    projects = [project(code, seats, promise="2025-1") for code, seats in (("P1", 2160), ("P2", 1350), ("P3", 1080))]
    steps = [
        step("in_use", date(2025, 9, 1), date(2025, 9, 1)),
        opens(date(2026, 8, 1), "P2"),
        step("started", date(2025, 3, 1), date(2025, 5, 1), "P3"),
        opens(date(2026, 3, 1), "P3"),
    ]
    (one,) = opened(projects, steps).promises
    assert (one.promised, one.delivered, one.under_way, one.late, one.unnamed) == (5940, 2160, 1350, 1080, 1350)
    assert one.days_late == 61
    assert one.projects == ("P1", "P2", "P3")
    assert one.sentence.zh == "新增学位5940个（承诺5,940）：已投用2,160，推进中1,350，逾期1,080（最长61天），未落实到项目1,350。"
    assert one.sentence.en == (
        "新增学位5940个 (5,940 promised): 2,160 in use, 1,350 under way, 1,080 late (by up to 61 days), 1,350 in no project."
    )


def test_a_project_on_its_own_plan_is_late_when_the_promise_was_earlier() -> None:
    (one,) = opened([project(promise="2025-1")], [opens(date(2026, 9, 10))]).promises
    assert (one.late, one.days_late) == (270, 10)


def test_a_project_without_a_date_is_under_way_until_the_promised_day_has_passed() -> None:
    (before,) = opened([project(promise="2025-1")], []).promises
    assert (before.under_way, before.late, before.undated) == (270, 0, 270)
    (after,) = opened([project(promise="2025-1")], [], due=date(2025, 12, 31)).promises
    assert (after.under_way, after.late, after.undated, after.days_late) == (0, 270, 270, 60)


def test_a_project_of_another_stage_or_without_places_does_not_count() -> None:
    projects = [project("P1", promise="2025-1", stage="junior"), project("P2", seats=None, promise="2025-1")]
    found = opened(projects, [], stage="primary")
    assert found.promises[0].unnamed == 5940
    assert [one.rule for one in found.findings] == ["projection.promise_of_another_stage", "projection.promise_without_places"]


def test_more_in_projects_than_promised_is_said() -> None:
    (one,) = opened([project(seats=6000, promise="2025-1", in_use=date(2025, 9, 1))], []).promises
    assert (one.delivered, one.unnamed, one.beyond) == (6000, 0, 60)
    assert "多出60" in one.sentence.zh


def test_places_in_use_that_the_returns_do_not_hold_are_told_and_found() -> None:
    """As the new primary school of the example county: 1,080 places in use by the programme, 12 rooms (540 places) in the return."""
    use = [step("in_use", date(2025, 9, 1), date(2025, 9, 1), code) for code in ("P1", "P2")]
    both = [project("P1", 1080, promise="2025-1"), project("P2", 150, promise="2025-1", school="2162000009")]
    found = opened(both, use, rooms=12)
    (one,) = found.promises
    assert (one.delivered, one.returned, one.unreturned) == (1230, 540, 540)
    assert "已投用1,230（其中报表可见540，150无法核对）" in one.sentence.zh
    assert "1,230 in use (the returns show 540, 150 cannot be checked)" in one.sentence.en
    (doubt,) = found.findings
    assert (doubt.rule, doubt.place.key) == ("projection.in_use_but_not_returned", ("P1",))
    assert "1,080个学位已投用，学校报表只容得下其中540个" in doubt.found.zh


def test_two_projects_of_a_school_share_what_it_returned() -> None:
    use = [step("in_use", date(2025, 9, 1), date(2025, 9, 1), code) for code in ("P1", "P2")]
    (one,) = opened([project("P1", 270, promise="2025-1"), project("P2", 360, promise="2025-1")], use, rooms=12).promises
    assert (one.returned, one.unreturned) == (540, 90)


@pytest.mark.parametrize(("rooms", "day"), [(None, date(2025, 9, 1)), (1, date(2026, 2, 1))])
def test_what_is_not_returned_or_came_later_contradicts_nothing(rooms: int | None, day: date) -> None:
    """Rooms that were not returned are not none, and the return of September does not hold what came into use in February."""
    found = opened([project(promise="2025-1")], [step("in_use", day, day)], rooms=rooms)
    assert (found.promises[0].delivered, found.promises[0].unreturned, found.findings) == (270, 0, ())
    assert "报表" not in found.promises[0].sentence.zh


days = st.none() | st.dates(date(2024, 1, 1), date(2028, 1, 1))


@given(
    st.lists(st.tuples(st.none() | st.integers(-500, 3000), days, days), max_size=6),
    st.integers(0, 6000),
    days,
)
def test_a_promise_is_what_is_delivered_under_way_late_and_unnamed(
    items: list[tuple[int | None, date | None, date | None]], places: int, due: date | None
) -> None:
    projects = [project(f"P{i}", seats, promise="2025-1") for i, (seats, _, _) in enumerate(items)]
    steps = [step("in_use", planned, actual, f"P{i}") for i, (_, planned, actual) in enumerate(items)]
    (one,) = opened(projects, steps, places=places, due=due).promises
    parts = (one.delivered, one.under_way, one.late, one.unnamed)
    assert one.promised + one.beyond == sum(parts)
    assert all(part >= 0 for part in parts)
    assert not (one.unnamed and one.beyond)
    assert one.undated <= one.under_way + one.late
    assert one.returned + one.unreturned <= one.delivered
