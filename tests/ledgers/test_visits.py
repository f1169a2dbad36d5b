"""Visits of a term: shared out for the least way, on days that there are, as often as the regulation asks, never where there are ties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import permutations

import numpy as np
import pytest

from junheng.errors import DataError, Finding
from junheng.ledgers.calendar import Term
from junheng.ledgers.library import shipped
from junheng.ledgers.visits import Inspector, VisitBrief, faults, on_days, with_unannounced
from junheng.planning.solve import Impossible, Solved
from junheng.planning.visit_rounds import Rounds, share_out, trips, way_of
from junheng.workflow.visit_schedule import visit_schedule
from tests.qinghe import QINGHE

AT = datetime(2026, 2, 20, 9, tzinfo=UTC)
CALENDAR = shipped().calendar


def rounds(metres: list[list[float]], tied: list[list[bool]], fewest: int, most: int) -> Rounds:
    names = tuple(f"S{at}" for at in range(len(metres[0])))
    people = tuple(f"P{at}" for at in range(len(metres)))
    return Rounds(inspectors=people, schools=names, metres=np.array(metres), tied=np.array(tied), fewest=fewest, most=most)


def test_the_way_is_the_least_of_all_ways_to_share_out() -> None:
    random = np.random.default_rng(7)
    metres = random.uniform(1, 20, (3, 6))
    tied = np.zeros((3, 6), dtype=bool)
    tied[0, int(np.argmin(metres[0]))] = True
    answer, owner = share_out(rounds(metres.tolist(), tied.tolist(), 2, 2))
    assert isinstance(answer, Solved)
    every = set(permutations([0, 0, 1, 1, 2, 2]))
    allowed = [order for order in every if not any(tied[who, at] for at, who in enumerate(order))]
    least = min(sum(metres[who, at] for at, who in enumerate(order)) for order in allowed)
    assert answer.objective == pytest.approx(least)
    assert sorted(np.bincount(owner).tolist()) == [2, 2, 2]
    assert not tied[owner, np.arange(6)].any()


def test_a_school_where_everybody_has_ties_is_named() -> None:
    answer, owner = share_out(rounds([[1, 2], [3, 4]], [[True, False], [True, False]], 0, 2))
    assert isinstance(answer, Impossible)
    assert "S0" in " ".join(one.rule.en for one in answer.conflict)
    assert (owner == -1).all()


def test_near_schools_go_in_one_trip() -> None:
    # home at 0; schools at 10, 11 and -3 on a line: 11 takes 10 along, -3 goes alone
    places = np.array([10.0, 11.0, -3.0])
    between = np.abs(places[:, None] - places[None])
    found = trips(np.abs(places), between, 2)
    assert [sorted(trip) for trip in found] == [[0, 1], [2]]
    assert [way_of(trip, np.abs(places), between) for trip in found] == [22.0, 6.0]


BRIEF = VisitBrief(
    inspectors=(Inspector(code="P", home="S0", weekdays=(1,), ties=frozenset({"S9"})),),
    a_day=2,
    unannounced=30,
    kinds=("primary",),
    spread=1,
    seed="x",
)
TERM = Term("t", shipped().kinds["task"].title, date(2026, 3, 2), date(2026, 3, 29))


def test_too_few_days_are_told_and_nobody_is_in_two_places() -> None:
    findings: list[Finding] = []
    visits = on_days(BRIEF.inspectors[0], [["S0", "S1"], ["S2"]], 2, TERM, CALENDAR, findings)
    assert findings == []
    # Tuesdays of each half of the term: 3 and 10 March; 17 and 24 March
    assert [visit.day for visit in visits] == [date(2026, 3, day) for day in (3, 3, 10, 17, 17, 24)]
    assert on_days(BRIEF.inspectors[0], [["S0"], ["S1"], ["S2"]], 2, TERM, CALENDAR, findings) == []
    assert [one.rule for one in findings] == ["ledgers.too_few_days"] * 2


def test_the_check_of_a_calendar_catches_what_is_planted() -> None:
    visits = with_unannounced(BRIEF, on_days(BRIEF.inspectors[0], [["S0", "S1"]], 2, TERM, CALENDAR, []))
    assert faults(BRIEF, visits, ["S0", "S1"], 2, CALENDAR) == []
    assert faults(BRIEF, visits[1:], ["S0", "S1"], 2, CALENDAR)
    assert faults(BRIEF, [*visits, replace(visits[0], school="S9")], ["S0", "S1"], 2, CALENDAR)
    assert faults(BRIEF, [replace(visits[0], day=date(2026, 3, 8)), *visits[1:]], ["S0", "S1"], 2, CALENDAR)


def test_every_school_of_qinghe_is_visited_twice_and_nearly_a_third_without_notice() -> None:
    made = visit_schedule(QINGHE, at=AT)
    times: dict[str, list[date]] = {}
    for line in made.lines:
        times.setdefault(line.code, []).append(line.day)
    assert {len(days) for days in times.values()} == {made.times}
    assert len(times) == 69
    assert all((max(days) - min(days)).days >= 28 for days in times.values())
    assert made.unannounced == -(-len(made.lines) * 30 // 100)
    assert [one.rule for one in made.findings] == ["workflow.visit_loads"]
    assert made.lines == visit_schedule(QINGHE, at=AT).lines


def test_a_term_that_there_is_not_is_told() -> None:
    with pytest.raises(DataError) as refusal:
        visit_schedule(QINGHE, term="2031-1", at=AT)
    assert refusal.value.findings[0].rule == "workflow.no_such_term"
