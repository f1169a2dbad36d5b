"""Ways of inspectors, and neighbours past rivers: six schools on two banks, with a road, a bridge, or neither."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from junheng.model import County
from junheng.planning.planners.supervision_zones.neighbours import UNREACHABLE
from junheng.planning.planners.supervision_zones.question import Question, ask
from junheng.planning.proposal import Brief, Pin, Proposal
from junheng.planning.registry import planner
from junheng.planning.solve import Limits
from tests.model.made import Row, made
from tests.planning.counties import RULES, school_code
from tests.planning.travel.flat import line, node, place, road, village

ZONES = planner("supervision_zones")
RIVER: Row = {"barrier": "R", "kind": "river", "geometry": line((-9000, 0), (90000, 0))}
AT = [(-2000, 900), (0, 900), (2000, 900), (-2000, -900), (0, -900), (2000, -900)]  # three on each bank, a column every 2 km
ALONG = {(0, 1), (1, 2), (3, 4), (4, 5)}
OVER = {(0, 3), (1, 4), (2, 5)}


def banks(**tables: list[Row]) -> County:
    return made(
        villages=[village(f"V{k}", *at) for k, at in enumerate(AT)],
        adjacency=[{"village_a": f"V{a}", "village_b": f"V{b}"} for a, b in sorted(ALONG | OVER)],
        schools=[
            {"school": school_code(k), "name": f"第{k + 1}小学", "kind": "primary", "village": f"V{k}", **place(*at)}
            for k, at in enumerate(AT)
        ],
        enrolment=[{"school": school_code(k), "stage": "primary", "grade": "all", "sex": "all", "pupils": 100} for k in range(6)],
        **tables,  # type: ignore[arg-type]  # tables only, neither the code nor the year
    )


def asked(county: County, **options: bool) -> Question:
    return ask(county, RULES, Brief(planner="supervision_zones", options={"detour": 1, **options}), ZONES.declaration)


def pairs(question: Question) -> set[tuple[int, int]]:
    return {(int(a), int(b)) for a, b in np.argwhere(np.triu(question.edges))}


def test_schools_across_a_river_are_neighbours_only_by_the_way_round_its_end() -> None:
    question = asked(banks(barriers=[RIVER]))
    assert pairs(question) == ALONG | {(0, 3)}  # the river ends in the west
    assert set(question.apart_by_barriers) == {(1, 4), (2, 5)}
    assert question.source == "straight"
    assert question.way[0, 1] == pytest.approx(2000, abs=2)
    assert question.way[0, 3] == pytest.approx(2 * np.hypot(7000, 900), abs=9)
    assert question.way[1, 4] == pytest.approx(4000 + 2 * np.hypot(7000, 900), abs=9)
    assert pairs(asked(banks(barriers=[RIVER]), barriers=False)) == ALONG | OVER
    assert pairs(asked(banks(barriers=[{**RIVER, "kind": "trunk_road"}]))) == ALONG | OVER  # cars cross it


def test_schools_at_a_bridge_are_neighbours_and_the_way_leads_over_it() -> None:
    bridge: Row = {"crossing": "B", "barrier": "R", "kind": "bridge", **place(0, 0)}
    question = asked(banks(barriers=[RIVER], crossings=[bridge]))
    assert pairs(question) == ALONG | {(1, 4)}
    assert question.way[0, 3] == pytest.approx(2 * 2000 + 1800, abs=5)
    assert set(question.apart_by_barriers) == {(0, 3), (2, 5)}


def test_a_road_joins_what_a_river_parts() -> None:
    nodes = [node(f"N{k}", *at) for k, at in enumerate(AT)]
    roads = [road("a", "N0", "N1", 2000), road("b", "N1", "N2", 2100), road("c", "N3", "N4", 2000), road("d", "N4", "N5", 2000)]
    parted = asked(banks(barriers=[RIVER], road_nodes=nodes, roads=roads))
    assert (parted.source, pairs(parted)) == ("roads", ALONG)
    assert parted.way[0, 3] == UNREACHABLE
    joined = asked(banks(barriers=[RIVER], road_nodes=nodes, roads=[*roads, road("e", "N2", "N5", 1800)]))
    assert pairs(joined) == ALONG | {(2, 5)}
    assert joined.way[0, 3] == pytest.approx(2000 + 2100 + 1800 + 2000 + 2000, abs=3)
    assert joined.metres[0, 3] == joined.way[0, 3]


def test_supplied_ways_go_first_and_wrong_cells_are_refused() -> None:
    cells: list[Row] = [
        {"origin_kind": "school", "origin": school_code(a), "school": school_code(b), "mode": "drive", "metres": 100 * (1 + abs(a - b)) + a}
        for a in range(6)
        for b in range(6)
        if a != b
    ]
    question = asked(banks(travel_times=cells))
    assert question.source == "supplied"
    assert (question.way[0, 5], question.way[5, 0]) == (600, 605)
    with pytest.raises(DataError) as error:
        asked(banks(travel_times=[{**cells[0], "metres": -5}, *cells[1:]]))
    assert "planning.travel_cell_negative" in {one.rule for one in error.value.findings}


def test_the_plan_counts_the_ways_and_says_what_keeps_schools_apart() -> None:
    county = banks(barriers=[RIVER])
    proposal = ZONES.propose(county, RULES, Brief(planner="supervision_zones", options={"zones": 2}))
    assert ZONES.faults(county, RULES, proposal) == ()
    zone = dict(proposal.tables["members"].select("school", "zone").iter_rows())
    assert [len({zone[school_code(k)] for k in bank}) for bank in ((0, 1, 2), (3, 4, 5))] == [1, 1]
    assert proposal.tables["apart"].height == 2
    assert "2 pairs of schools across a river or railway" in (proposal.note.en if proposal.note else "")
    wrong = type(proposal)(**{name: getattr(proposal, name) for name in proposal.__slots__} | {"objective": proposal.objective + 10})
    assert ZONES.faults(county, RULES, wrong)


def seat_of(county: County, **said: tuple[Pin, ...]) -> tuple[set[str], Proposal]:
    proposal = ZONES.propose(county, RULES, Brief(planner="supervision_zones", options={"zones": 2, "detour": 1}, **said))  # type: ignore[arg-type]
    assert ZONES.faults(county, RULES, proposal) == ()
    return set(proposal.tables["load"]["seat"]), proposal


def test_a_school_is_a_seat_where_it_is_pinned_and_none_where_that_is_forbidden() -> None:
    county = banks(barriers=[RIVER])
    usual, first = seat_of(county)
    assert usual == {school_code(1), school_code(4)}  # in the middle of each bank
    pin, forbid = Pin(("schools.school", school_code(0)), "seat"), Pin(("schools.school", school_code(4)), "seat")
    pinned, dearer = seat_of(county, pins=(pin,), forbids=(forbid,))
    assert school_code(0) in pinned
    assert school_code(4) not in pinned
    assert dearer.objective == pytest.approx(first.objective + 4000, abs=5)  # on each bank 2 and 4 km from an end, not 2 and 2
    stray = replace(first, brief=dearer.brief)
    assert {one.en.split(" ", 1)[1] for one in ZONES.faults(county, RULES, stray)} >= {"is no seat", "is a seat"}
    with pytest.raises(Infeasible) as error:
        seat_of(county, pins=tuple(Pin(("schools.school", school_code(k)), "seat") for k in range(3)))
    assert len(error.value.findings) == 4  # three seats, two zones


def test_a_special_school_is_a_seat_only_where_it_is_pinned_or_the_option_says_so() -> None:
    county = banks(barriers=[RIVER])
    kinds = pl.when(pl.col("school") == school_code(1)).then(pl.lit("special")).otherwise(pl.col("kind")).alias("kind")
    with_one = County(county.code, county.year, {**county.tables, "schools": county.tables["schools"].with_columns(kinds)})
    assert school_code(1) not in seat_of(with_one)[0]
    assert school_code(1) in seat_of(with_one, pins=(Pin(("schools.school", school_code(1)), "seat"),))[0]
    assert asked(with_one, special_seats=True).allowed[1].all()


def test_another_choice_shares_the_limit_and_is_bounded_by_the_first() -> None:
    county, usual = banks(barriers=[RIVER]), Brief(planner="supervision_zones", options={"zones": 2}, limits=Limits(seconds=60))
    forced = replace(usual, pins=(Pin(("schools.school", school_code(2)), "seat"),))
    first, second = ZONES.reconsider(county, RULES, (usual, forced))
    assert isinstance(second, Proposal)
    assert ZONES.faults(county, RULES, second) == ()
    assert second.objective > second.bound - 1 >= first.bound - 2
