"""Catchments: small enough for paper, bad input named, zones of several schools, feeders, and what a plan is told from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest

from junheng.errors import DataError, Infeasible
from junheng.model.change import SetValue, apply
from junheng.model.check import check
from junheng.model.chinese_coordinates import gcj02_of_wgs84
from junheng.model.county import County
from junheng.planning.planners.catchments.tables import inner
from junheng.planning.proposal import Brief, Pin, Proposal, Value
from junheng.planning.registry import planner
from junheng.planning.solve import Limits
from tests.model.made import Row, made
from tests.planning.counties import RULES

WEST, EAST = "2162000001", "2162000002"


def village(number: int) -> str:
    return f"62072500{number:04d}"


def line(
    pupils: tuple[int | None, ...] = (30, 30, 30, 30), places: tuple[int | None, int | None] = (100, 100), **tables: list[Row]
) -> County:
    """Return villages in a row 0.01 degrees apart, a school in the first and one in the last."""
    codes = [village(k + 1) for k in range(len(pupils))]
    return made(
        **{
            "villages": [{"village": code, "name": f"第{k + 1}村", "lon": 100 + k / 100, "lat": 38} for k, code in enumerate(codes)],
            "adjacency": [{"village_a": a, "village_b": b} for a, b in pairwise(codes)],
            "village_pupils": [
                {"village": code, "stage": "primary", "grade": "all", "year": 2025, "pupils": many}
                for code, many in zip(codes, pupils, strict=True)
            ],
            "schools": [
                {"school": WEST, "name": "西小学", "kind": "primary", "village": codes[0], "lon": 100, "lat": 38},
                {
                    "school": EAST,
                    "name": "东小学",
                    "kind": "primary",
                    "village": codes[-1],
                    "lon": 100 + (len(pupils) - 1) / 100,
                    "lat": 38,
                },
            ],
            "places": [{"school": school, "stage": "primary", "places": many} for school, many in zip((WEST, EAST), places, strict=True)],
            **tables,
        }
    )


def ask(county: County, *pins: Pin, forbids: tuple[Pin, ...] = (), **options: Value) -> Proposal:
    brief = Brief(planner="catchments", options=options, pins=pins, forbids=forbids, limits=Limits(gap=1e-6))
    proposal = planner("catchments").propose(county, RULES, brief)
    assert planner("catchments").faults(county, RULES, proposal) == ()
    return proposal


def zones(proposal: Proposal) -> dict[str, str]:
    return dict(proposal.tables["letters"].select("village", "zone").iter_rows())


def test_each_village_goes_to_the_nearer_school() -> None:
    found = zones(ask(line()))
    assert found == {village(1): WEST, village(2): WEST, village(3): EAST, village(4): EAST}


def test_a_full_school_gives_its_farthest_village_away() -> None:
    # 60 pupils would go west, where there is room for 50: village 2 goes east.
    found = zones(ask(line(places=(50, 100))))
    assert found[village(2)] == EAST


def test_a_pin_and_a_forbid_are_kept() -> None:
    assert zones(ask(line(), Pin(("villages.village", village(2)), EAST)))[village(2)] == EAST
    assert zones(ask(line(), forbids=(Pin(("villages.village", village(2)), WEST),)))[village(2)] == EAST


def test_today_stays_where_change_weighs_more_than_way() -> None:
    today: list[Row] = [{"stage": "primary", "village": village(k), "zone": WEST if k < 4 else EAST} for k in (1, 2, 3, 4)]
    county = line(catchment_villages=today)
    assert zones(ask(county, change=5))[village(3)] == WEST
    assert zones(ask(county, change=0))[village(3)] == EAST


def test_too_few_places_name_villages_and_schools_or_are_exceeded_by_name() -> None:
    county = line(places=(40, 40))
    with pytest.raises(Infeasible) as error:
        ask(county, unavoidable=False)
    assert len(error.value.findings) >= 2
    proposal = ask(county)
    assert proposal.tables["zones"]["beyond"].sum() >= 40
    assert any("学位不足" in step.reason.zh for step in proposal.steps)


def test_schools_of_one_village_share_a_zone() -> None:
    county = line()
    county = apply(county, [SetValue("schools", (EAST,), "village", village(1))])
    proposal = ask(county)
    assert set(zones(proposal).values()) == {WEST}
    assert "共同学区" in "".join(proposal.tables["notice"]["text"])


def test_a_village_without_pupils_has_a_school_too() -> None:
    assert zones(ask(line(pupils=(30, 0, 30, 30))))[village(2)] == WEST


def test_the_verifier_sees_a_village_that_is_cut_off() -> None:
    county = line()
    proposal = ask(county)
    first = proposal.steps[0]
    changed = tuple(
        replace(change, row={**change.row, "zone": EAST}) if getattr(change, "row", {}).get("village") == village(1) else change
        for change in first.changes
    )
    broken = replace(proposal, steps=(replace(first, changes=changed), *proposal.steps[1:]))
    assert planner("catchments").faults(county, RULES, broken)


def test_villages_of_one_primary_catchment_go_to_one_junior_school() -> None:
    primary: list[Row] = [{"stage": "primary", "village": village(k), "zone": "A" if k < 4 else "B"} for k in (1, 2, 3, 4)]
    county = line(catchment_villages=primary)
    tables = dict(county.tables)
    county = made(
        **{
            name: [{**row, "stage": "junior"} if name in ("places", "village_pupils") else row for row in tables[name].to_dicts()]
            for name in ("villages", "adjacency", "village_pupils", "schools", "places", "catchment_villages")
        }
    )
    found = zones(ask(county, stage="junior", feeders=True))
    assert found[village(1)] == found[village(2)] == found[village(3)] == WEST


def test_the_least_beyond_places_is_proven_and_the_proof_is_looked_over() -> None:
    # West stands in a village of 90 pupils and has 60 places: 30 are beyond in any plan, and east has room for all others.
    county = line(pupils=(90, 30, 30, 30), places=(60, 100))
    proposal = ask(county)
    assert proposal.certificate is not None
    assert (proposal.certificate.numbers["least_beyond"], proposal.certificate.numbers["beyond"]) == (30, 30)
    assert set(proposal.certificate.tables["too_few"]["code"]) == {village(1), WEST}
    lower = replace(proposal.certificate, numbers={**proposal.certificate.numbers, "least_beyond": 31})
    assert planner("catchments").faults(county, RULES, replace(proposal, certificate=lower))


def test_sentences_name_schools_and_villages() -> None:
    today: list[Row] = [{"stage": "primary", "village": village(k), "zone": WEST} for k in (1, 2, 3)]
    proposal = ask(line(catchment_villages=[*today, {"stage": "primary", "village": village(4), "zone": EAST}]), change=0)
    east = next(step for step in proposal.steps if step.title.zh == "东小学学区")
    assert "划入第3村（30名学生" in east.reason.zh
    assert proposal.unit == "pupil-km"
    assert proposal.tables["frontier"]["plan"].to_list()[:2] == ["today", "this"]


def test_places_of_a_later_year_count_what_is_built() -> None:
    build: Row = {
        "project": "P1",
        "name": "扩建",
        "school": WEST,
        "kind": "extend",
        "stage": "primary",
        "places": 100,
        "in_use": date(2026, 7, 1),
    }
    ahead: list[Row] = [
        {"village": village(k), "stage": "primary", "grade": "all", "year": year, "pupils": 30}
        for k in (1, 2, 3, 4)
        for year in (2025, 2027)
    ]
    county = line(places=(50, 100), projects=[build], village_pupils=ahead)
    assert zones(ask(county))[village(2)] == EAST
    assert zones(ask(county, year=2027))[village(2)] == WEST


def test_a_pin_far_away_takes_the_villages_on_its_way_along() -> None:
    # Village 5 of six goes to the west school: so do 2 to 4, for each zone is joined. The east keeps its own village.
    proposal = ask(line(pupils=(30,) * 6, places=(200, 100)), Pin(("villages.village", village(5)), WEST))
    assert zones(proposal) == {village(k): WEST if k < 6 else EAST for k in range(1, 7)}


def test_a_pin_that_cannot_be_joined_or_has_no_room_on_its_way_names_the_rules() -> None:
    pin, forbid = Pin(("villages.village", village(5)), WEST), Pin(("villages.village", village(3)), WEST)
    with pytest.raises(Infeasible) as cut:
        ask(line(pupils=(30,) * 6, places=(200, 100)), pin, forbids=(forbid,))
    assert any("连成一片" in finding.found.zh for finding in cut.value.findings)
    with pytest.raises(Infeasible) as full:
        ask(line(pupils=(30,) * 6, places=(120, 100)), pin, unavoidable=False)
    assert any("至少共150名学生" in finding.found.zh for finding in full.value.findings)
    assert any("不超过120名学生" in finding.found.zh for finding in full.value.findings)
    assert zones(ask(line(pupils=(30,) * 6, places=(120, 100)), pin))[village(5)] == WEST


def matrix(*cells: tuple[int, str, int | None]) -> list[Row]:
    return [
        {"origin_kind": "village", "origin": village(k), "school": school, "mode": "walk", "metres": metres} for k, school, metres in cells
    ]


WHOLE = [(k, school, 1000 * abs(k - at)) for k in (1, 2, 3, 4) for school, at in ((WEST, 1), (EAST, 4))]


def test_missing_cells_of_a_travel_matrix_are_said_with_the_plan() -> None:
    assert ask(line(travel_times=matrix(*WHOLE))).note is None
    lacking = ask(line(travel_times=matrix(*WHOLE[:-2])))
    assert lacking.note is not None
    assert "路程" in lacking.note.zh


def changed(table: str, code: str, **values: object) -> County:
    return apply(line(), [SetValue(table, (code,), column, value) for column, value in values.items()])


def moved(lon: str, lat: str) -> County:
    return changed("villages", village(2), lon=Decimal(lon), lat=Decimal(lat))


def offset() -> County:
    """Return a county whose schools were read off a map in GCJ-02, in a table that does not say so."""
    codes = [f"21620000{k:02d}" for k in range(1, 11)]
    places = np.array([100 + k / 100 for k in range(10)]), np.full(10, 38.0)
    drawn = zip(codes, *gcj02_of_wgs84(*places), strict=True)
    schools: list[Row] = [
        {"school": code, "name": code, "kind": "primary", "village": village(k), "lon": round(lon, 6), "lat": round(lat, 6)}
        for k, (code, lon, lat) in enumerate(drawn, start=1)
    ]
    return line(pupils=(30,) * 10, schools=schools)


def twice() -> County:
    rows = {name: table.to_dicts() for name, table in line().tables.items()}
    return made(**{**rows, "villages": rows["villages"] * 2})


def to(village_code: str, school: str) -> Pin:
    return Pin(("villages.village", village_code), school)


BOTH_WAYS: list[Row] = [{"village_a": village(a), "village_b": village(b)} for a, b in ((1, 2), (2, 1), (2, 3), (3, 2), (3, 4))]
TODAY: dict[str, list[Row]] = {
    "catchments": [{"stage": "primary", "school": WEST, "zone": WEST}],
    "catchment_villages": [{"stage": "primary", "village": village(k), "zone": WEST} for k in (1, 2, 3, 4)],
    "enrolment": [{"school": s, "stage": "primary", "grade": "all", "sex": "all", "pupils": 60} for s in (WEST, EAST)],
}
PLANNED: dict[str, tuple[Callable[[], County], dict[str, Any], str, str]] = {  # the county, the call, the rule, the code that is named
    "an island": (lambda: line(adjacency=BOTH_WAYS[:2]), {}, "planning.village_apart", village(3)),
    "pupils not known": (lambda: line(pupils=(30, None, 30, 30)), {}, "planning.village_without_pupils", village(2)),
    "places not known": (lambda: line(places=(100, None)), {}, "planning.places_not_known", EAST),
    "a school of no village": (
        lambda: changed("schools", EAST, village=None, lon=None, lat=None),
        {},
        "planning.school_outside_every_village",
        EAST,
    ),
    "a pin against a forbid": (
        line,
        {"pins": (to(village(2), EAST),), "forbids": (to(village(2), EAST),)},
        "planning.pin_against_forbid",
        village(2),
    ),
    "pinned twice": (line, {"pins": (to(village(2), EAST), to(village(2), WEST))}, "planning.pinned_twice", village(2)),
    "an unknown village": (line, {"pins": (to("620725009999", WEST),)}, "planning.pin_of_unknown_code", "620725009999"),
    "an unknown school": (line, {"forbids": (to(village(2), "2162009999"),)}, "planning.pin_of_unknown_code", village(2)),
    "a negative cell": (lambda: line(travel_times=matrix((2, WEST, -5), *WHOLE)), {}, "planning.travel_cell_negative", village(2)),
}
CHECKED: dict[str, tuple[Callable[[], County], str, str]] = {  # what is found before anything is drawn
    "longitude and latitude exchanged": (lambda: moved("38", "100"), "model.coordinates_exchanged", village(2)),
    "nowhere": (lambda: moved("0", "0"), "model.coordinates_zero", village(2)),
    "GCJ-02 without mark": (offset, "model.coordinates_offset", ""),
    "a village entered twice": (twice, "model.repeated_key", village(1)),
    "neighbours told one way only": (lambda: line(adjacency=BOTH_WAYS), "model.adjacency_one_way", village(3)),
    "a school in no catchment": (lambda: line(**TODAY), "model.school_outside_every_catchment", EAST),
    "a village in no catchment": (
        lambda: line(**{**TODAY, "catchment_villages": TODAY["catchment_villages"][:3]}),
        "model.village_outside_every_catchment",
        village(4),
    ),
}


@pytest.mark.parametrize("case", PLANNED)
def test_input_that_cannot_be_drawn_is_named_with_its_row(case: str) -> None:
    county, call, rule, code = PLANNED[case]
    with pytest.raises(DataError) as error:
        ask(county(), *call.get("pins", ()), **{name: value for name, value in call.items() if name != "pins"})
    assert code in {part for finding in error.value.findings if finding.rule == rule for part in finding.place.key}


@pytest.mark.parametrize("case", CHECKED)
def test_input_that_is_doubtful_is_found_before_anything_is_drawn(case: str) -> None:
    county, rule, code = CHECKED[case]
    found = [finding for finding in check(county()) if finding.rule == rule]
    assert found
    assert not code or code in {part for finding in found for part in finding.place.key}


def test_forcing_one_village_goes_on_from_the_plan_and_tells_its_price() -> None:
    # By way village 2 goes west. Forced east it lies 0.876 km farther by air, 1.139 km by way: 30 pupils, 34.17 pupil-km.
    county, one = line(pupils=(30,) * 4), planner("catchments")
    plain = Brief(planner="catchments", limits=Limits(gap=1e-6))
    for forced in (replace(plain, pins=(to(village(2), EAST),)), replace(plain, forbids=(to(village(2), WEST),))):
        first, second = one.reconsider(county, RULES, (plain, forced))
        assert isinstance(second, Proposal)
        assert one.faults(county, RULES, second) == ()
        alone = one.propose(county, RULES, forced)
        assert (second.objective, zones(second)) == (alone.objective, zones(alone))
        assert second.objective - first.objective == pytest.approx(34.17)
        assert first.bound <= second.bound
    held = one.reconsider(county, RULES, (plain, replace(plain, pins=(to(village(2), WEST),))))
    assert held[0].objective == getattr(held[1], "objective", None)
    home = one.reconsider(county, RULES, (plain, replace(plain, pins=(to(village(1), EAST),))))[1]
    assert isinstance(home, Infeasible)
    assert any("第1村是西小学所在的村居" in finding.found.zh for finding in home.findings)


def test_streets_of_one_village_are_rows_of_their_own() -> None:
    # Village 2 is divided: its eastern estate goes east. A code with a suffix is no wrong code.
    estate = made(villages=[{"village": "620725001002-01", "name": "第2村1小区", "lon": 100, "lat": 38, "district": "620725001"}])
    assert not [finding for finding in check(estate) if (finding.rule, finding.place.table) == ("model.code_format", "villages")]
    county = line()
    rows = {name: table.to_dicts() for name, table in county.tables.items()}
    streets = [f"{village(2)}-01", f"{village(2)}-02"]
    whole = next(row for row in rows["villages"] if row["village"] == village(2))
    rows["villages"] = [row for row in rows["villages"] if row is not whole]
    rows["villages"] += [{**whole, "village": code, "name": f"第2村{k}小区"} for k, code in enumerate(streets, start=1)]
    pairs = [(village(1), streets[0]), (streets[0], streets[1]), (streets[1], village(3)), (village(3), village(4))]
    rows["adjacency"] = [{"village_a": a, "village_b": b} for a, b in pairs]
    count = {"stage": "primary", "grade": "all", "year": 2025}
    rows["village_pupils"] = [{**count, "village": row["village"], "pupils": 15} for row in rows["villages"]]
    divided = made(**rows)
    found = zones(ask(divided, to(streets[1], EAST)))
    assert (found[streets[0]], found[streets[1]]) == (WEST, EAST)


def test_schools_that_share_a_catchment_today_share_it_in_the_plan_and_the_notice_says_so() -> None:
    shared: list[Row] = [{"stage": "primary", "school": school, "zone": WEST} for school in (WEST, EAST)]
    proposal = ask(line(catchments=shared))
    assert set(zones(proposal).values()) == {WEST}
    said = proposal.tables["notice"]["text"].to_list()
    assert said[0] == "2026年小学学区划分公示"  # the year of the data has begun
    assert any(text.startswith("西小学、东小学学区（共同学区）：") for text in said)


def test_no_catchment_reaches_across_a_river_without_a_bridge() -> None:
    # The river runs between villages 3 and 4: village 4 lies nearer to the east school of five, 3 may no longer be reached from there.
    river: Row = {"barrier": "R", "kind": "river", "geometry": '{"type":"LineString","coordinates":[[100.025,37.5],[100.025,38.5]]}'}
    county = line(pupils=(30,) * 5, places=(60, 200))
    assert zones(ask(county))[village(3)] == EAST
    walled = line(pupils=(30,) * 5, places=(60, 200), barriers=[river])
    proposal = ask(walled)
    assert [zones(proposal)[village(k)] for k in (1, 2, 3)] == [WEST] * 3
    assert proposal.tables["zones"]["beyond"].sum() == 30


def test_pupils_who_are_enrolled_may_stay_and_those_who_begin_are_told_apart() -> None:
    grades: list[Row] = [
        {"village": village(k), "stage": "primary", "grade": grade, "year": 2025, "pupils": many}
        for k in (1, 2, 3, 4)
        for grade, many in (("1", 4), ("2", 26))
    ]
    today: list[Row] = [{"stage": "primary", "village": village(k), "zone": WEST if k < 4 else EAST} for k in (1, 2, 3, 4)]
    proposal = ask(line(village_pupils=grades, catchment_villages=today), change=0)
    assert any("已在校26名可留原校，新入学4名" in step.reason.zh for step in proposal.steps)


def test_compactness_is_the_share_of_neighbours_that_stay_inside() -> None:
    edges = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [0, 4]])
    assert inner(edges, np.array([0, 0, 1, 1, -1]), 3) == [pytest.approx(100 / 3), pytest.approx(100 / 3), None]
    assert inner(edges, np.zeros(5, dtype=np.int64), 1) == [100.0]


def test_todays_catchments_in_pieces_are_no_plan_to_fall_back_on() -> None:
    # 100 pupils, 89 places, villages of today to and fro: places give way to a joined plan, not to today's.
    today: list[Row] = [{"stage": "primary", "village": village(k), "zone": (EAST, WEST)[k % 2]} for k in (1, 2, 3, 4)]
    proposal = ask(line(pupils=(16, 37, 30, 17), places=(35, 54), catchment_villages=today))
    assert proposal.tables["zones"]["beyond"].sum() >= 11


def test_pupils_of_a_room_stand_before_and_after_beside_the_class_limit_and_are_counted_again() -> None:
    # Two rooms in the west, one in the east, and two villages of 30 for each: the east seats 60 in a room for which it declares 100 places.
    county = apply(line(), [SetValue("places", (school, "primary"), "rooms", many) for school, many in ((WEST, 2), (EAST, 1))])
    proposal = ask(county)
    table = proposal.tables["zones"]
    assert dict(table.select("zone", "class_after").iter_rows()) == {WEST: 30.0, EAST: 60.0}
    assert set(table["class_limit"]) == {45}
    assert "1个学区每间超过班额上限45人，最多60人" in (proposal.note or proposal.headline).zh
    wrong = replace(proposal, tables=dict(proposal.tables) | {"zones": table.with_columns(pl.col("class_after") - 1)})
    assert any("每间教室" in fault.zh for fault in planner("catchments").faults(county, RULES, wrong))
