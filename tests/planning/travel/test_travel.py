from __future__ import annotations

from decimal import Decimal
from math import hypot, inf

import numpy as np
import pytest

from junheng.model.county import County
from junheng.planning.travel import Travel, school_points, site_points, travel, village_points
from tests.model.made import Row, made
from tests.planning.counties import RULES
from tests.planning.travel.flat import LAT, LON, line, node, place, road, school, village

WALK = 60.0  # metres a minute: 3.6 km/h
DETOUR = 1.3


def ask(county: County, **more: object) -> Travel:
    return travel(county, RULES, village_points(county), school_points(county), **more)  # type: ignore[arg-type]


def told(answer: Travel) -> set[str]:
    return {one.rule.removeprefix("planning.") for one in answer.findings}


def metres(answer: Travel) -> np.ndarray:
    return answer.way.round(0)


# -- straight ---------------------------------------------------------------------------------------------------------

SIMPLE = made(villages=[village("V1", 0, 0), village("V2", 0, 1000)], schools=[school("S1", 300, 400)])


def test_without_anything_else_it_is_the_straight_line_times_the_detour() -> None:
    answer = ask(SIMPLE)
    assert (answer.source, answer.unit, answer.findings) == ("straight", "m", ())
    assert answer.way.ravel() == pytest.approx([DETOUR * 500, DETOUR * hypot(300, 600)], rel=1e-3)
    assert ask(SIMPLE, detour=2.0).way[0, 0] == pytest.approx(1000, rel=1e-3)
    assert ask(SIMPLE, unit="minutes").way[0, 0] == pytest.approx(DETOUR * 500 / WALK, rel=1e-3)


def test_a_village_without_a_place_reaches_nothing_and_is_named() -> None:
    county = made(villages=[village("V1", 0, 0), {"village": "V2", "name": "V2"}], schools=[school("S1", 300, 400)])
    answer = ask(county)
    assert answer.way[1, 0] == inf
    assert told(answer) == {"point_without_place", "reaches_no_school"}
    assert all("V2" in one.found.en for one in answer.findings)


def test_sites_that_are_in_no_table_can_be_asked_for() -> None:
    site = site_points(["new"], [LON], [LAT])
    assert travel(SIMPLE, RULES, village_points(SIMPLE), site).way[0, 0] == pytest.approx(0, abs=1)


def test_no_villages_and_no_schools_are_no_ways() -> None:
    assert ask(made()).way.shape == (0, 0)
    assert ask(made(villages=[village("V1", 0, 0)])).way.shape == (1, 0)


# -- supplied ---------------------------------------------------------------------------------------------------------


def cell(origin: str, minutes: float | None, mode: str = "walk", **more: object) -> dict[str, object]:
    row = {"origin_kind": "village", "origin": origin, "school": "S1", "mode": mode}
    return {**row, "minutes": None if minutes is None else Decimal(minutes), **more}


def with_cells(*cells: dict[str, object]) -> County:
    return made(villages=[village("V1", 0, 0), village("V2", 0, 1000)], schools=[school("S1", 300, 400)], travel_times=list(cells))


def test_supplied_times_go_before_everything_else() -> None:
    answer = ask(with_cells(cell("V1", 7), cell("V2", 9)), unit="minutes")
    assert (answer.source, answer.way.ravel().tolist(), answer.findings) == ("supplied", [7, 9], ())


def test_times_of_another_mode_are_not_taken() -> None:
    assert ask(with_cells(cell("V1", 7, "bus"), cell("V2", 9, "bus")), unit="minutes").source == "straight"


def test_a_missing_cell_is_filled_from_the_next_source_and_told() -> None:
    answer = ask(with_cells(cell("V1", 7)), unit="minutes")
    assert answer.way.ravel() == pytest.approx([7, DETOUR * hypot(300, 600) / WALK], rel=1e-3)
    assert told(answer) == {"travel_cell_missing"}


def test_a_negative_cell_and_a_pair_given_twice_count_as_missing() -> None:
    answer = ask(with_cells(cell("V1", -7), cell("V2", 9), cell("V2", 11)), unit="minutes")
    assert told(answer) == {"travel_cell_negative", "travel_cell_twice", "travel_cell_missing"}
    assert (answer.way > 0).all()
    assert answer.way[1, 0] not in (9, 11)


def test_minutes_are_turned_into_metres_when_only_they_are_given() -> None:
    answer = ask(with_cells(cell("V1", 7), cell("V2", 9, metres=Decimal(800))))
    assert metres(answer).ravel().tolist() == [7 * WALK, 800]
    assert told(answer) == {"travel_time_turned"}


# -- roads ------------------------------------------------------------------------------------------------------------
#  V1 - A ------1000------ B - S1      V1 stands 100 m south of A, S1 100 m north of B; a trunk road of 500 m joins A and B, too


def network(*more: Row, villages: tuple[tuple[str, float, float], ...] = (("V1", 0, -100),)) -> County:
    roads = [road("r1", "A", "B", 1000), road("r2", "A", "B", 500, "trunk"), *more]
    nodes = [node("A", 0, 0), node("B", 800, 0), node("C", 5000, 0), node("D", 6000, 0)]
    return made(villages=[village(*one) for one in villages], schools=[school("S1", 800, 100)], roads=roads, road_nodes=nodes)


def test_children_walk_on_roads_for_walking_and_to_them() -> None:
    answer = ask(network())
    assert answer.source == "roads"
    assert answer.way[0, 0] == pytest.approx(100 + 1000 + 100, abs=1)
    assert ask(network(), unit="minutes").way[0, 0] == pytest.approx(1200 / WALK, abs=0.1)


def test_a_bus_takes_the_trunk_road() -> None:
    assert ask(network(), mode="bus").way[0, 0] == pytest.approx(100 + 500 + 100, abs=1)
    # 200 m at 20 km/h and 500 m at 40 km/h
    assert ask(network(), mode="bus", unit="minutes").way[0, 0] == pytest.approx(0.6 + 0.75, abs=0.01)


def test_a_one_way_road_is_driven_one_way_and_walked_both() -> None:
    county = made(
        villages=[village("V1", 800, 0)],
        schools=[school("S1", 0, 0)],
        road_nodes=[node("A", 0, 0), node("B", 800, 0)],
        roads=[road("r1", "A", "B", 800, one_way=True)],
    )
    assert ask(county).way[0, 0] == pytest.approx(800, abs=1)
    assert ask(county, mode="drive").way[0, 0] == inf
    back = travel(county, RULES, school_points(county), village_points(county), mode="drive")
    assert back.way[0, 0] == pytest.approx(800, abs=1)


def test_villages_of_a_piece_that_leads_to_no_school_are_named() -> None:
    answer = ask(network(road("r3", "C", "D", 1000), villages=(("V1", 0, 0), ("V2", 5000, 0))))
    assert answer.way[1, 0] == inf
    assert told(answer) == {"roads_in_pieces", "reaches_no_school"}
    assert next(one for one in answer.findings if one.rule == "planning.roads_in_pieces").found.en == "V2"


def test_a_village_far_from_every_road_is_told() -> None:
    assert "point_far_from_roads" in told(ask(network(villages=(("V1", -9000, 0),))))


def test_neighbours_do_not_walk_to_the_road_and_back() -> None:
    # V1 is 200 m from the school, both 1000 m from the road
    county = made(
        villages=[village("V1", 0, 1000)],
        schools=[school("S1", 200, 1000)],
        road_nodes=[node("A", 0, 0), node("B", 800, 0)],
        roads=[road("r1", "A", "B", 800)],
    )
    assert ask(county).way[0, 0] == pytest.approx(DETOUR * 200, abs=1)


def test_a_road_without_ends_or_length_is_told() -> None:
    answer = ask(network(road("r3", "A", "nowhere", 10), road("r4", "A", "B", None)))
    assert told(answer) == {"road_without_ends", "road_without_length"}
    assert answer.way[0, 0] == pytest.approx(100 + 800 + 100, abs=1)  # r4 is measured straight: 800 m


def test_shortest_ways_are_those_of_a_slow_and_plain_method() -> None:
    draw = np.random.default_rng(7)
    many = 30
    at = draw.uniform(0, 5000, (many, 2))
    pairs = [(a, b) for a in range(many) for b in range(a + 1, many) if draw.random() < 0.12]
    length = {pair: float(round(draw.uniform(100, 3000))) for pair in pairs}
    county = made(
        villages=[village(f"V{k:02d}", *at[k]) for k in range(many)],
        schools=[school(f"S{k}", *at[k]) for k in range(3)],
        road_nodes=[node(f"N{k}", *at[k]) for k in range(many)],
        roads=[road(f"r{a}-{b}", f"N{a}", f"N{b}", length[a, b], "village") for a, b in pairs],
    )
    way = np.full((many, many), inf)
    np.fill_diagonal(way, 0)
    for (a, b), metre in length.items():
        way[a, b] = way[b, a] = metre
    for k in range(many):  # Floyd and Warshall
        way = np.minimum(way, way[:, k, None] + way[None, k])
    near = np.hypot(*(at[:, None] - at[None, :3]).transpose(2, 0, 1))
    expected = np.where(near <= 300, np.minimum(way[:, :3], near * DETOUR), way[:, :3])
    joined = np.isin(np.arange(many), np.array(pairs).ravel())  # a village whose junction has no road goes to the nearest that has one
    answer = ask(county).way
    assert answer[joined] == pytest.approx(expected[joined], abs=2)


# -- barriers ---------------------------------------------------------------------------------------------------------
#  a river along the equator of the plane from -5000 to 5000; a bridge at 3000


def river(*crossings: tuple[str, float, float], roads: list[Row] | None = None, road_nodes: list[Row] | None = None) -> County:
    return made(
        roads=roads or [],
        road_nodes=road_nodes or [],
        villages=[village("V1", 0, -400), village("V2", 0, 800)],
        schools=[school("S1", 0, 400)],
        barriers=[{"barrier": "R", "kind": "river", "geometry": line((-5000, 0), (5000, 0))}],
        crossings=[{"crossing": code, "barrier": "R", "kind": "bridge", **place(east, north)} for code, east, north in crossings],
    )


def test_a_walking_child_goes_over_the_bridge() -> None:
    answer = ask(river(("B1", 3000, 0)))
    assert answer.way[0, 0] == pytest.approx(2 * hypot(2990, 400) * DETOUR, abs=10)  # the bridge is 20 m wide
    assert answer.way[1, 0] == pytest.approx(400 * DETOUR, abs=1)
    assert answer.findings == ()


def test_of_two_bridges_the_nearer_is_taken() -> None:
    assert ask(river(("B1", 3000, 0), ("B2", -600, 0))).way[0, 0] == pytest.approx(2 * hypot(590, 400) * DETOUR, abs=10)


def test_without_a_bridge_one_walks_round_the_end() -> None:
    assert ask(river()).way[0, 0] == pytest.approx(2 * hypot(5000, 400) * DETOUR, abs=10)


def test_a_bus_and_whoever_asks_without_barriers_crosses() -> None:
    assert ask(river(), mode="bus").way[0, 0] == pytest.approx(800 * DETOUR, abs=1)
    assert ask(river(), barriers=False).way[0, 0] == pytest.approx(800 * DETOUR, abs=1)


def test_a_village_on_the_same_bank_of_a_bend_walks_round_the_bend() -> None:
    # the river comes down to (0, -1000) and goes up again between V1 and S1, who stand on the same side
    county = made(
        villages=[village("V1", -600, 0)],
        schools=[school("S1", 600, 0)],
        barriers=[{"barrier": "R", "kind": "river", "geometry": line((-100, 9000), (-100, -1000), (100, -1000), (100, 9000))}],
    )
    assert ask(county).way[0, 0] == pytest.approx((2 * hypot(500, 1000) + 200) * DETOUR, abs=10)


def test_walled_in_from_all_sides_a_village_reaches_no_school() -> None:
    ring = line((-200, -600), (200, -600), (200, -200), (-200, -200), (-200, -600))
    county = made(
        villages=[village("V1", 0, -400)], schools=[school("S1", 0, 400)], barriers=[{"barrier": "R", "kind": "railway", "geometry": ring}]
    )
    answer = ask(county)
    assert answer.way[0, 0] == inf
    assert told(answer) == {"reaches_no_school"}


def test_a_crossing_far_from_its_barrier_and_a_line_that_is_none_are_told() -> None:
    answer = ask(river(("B1", 3000, 2000)))
    assert told(answer) == {"crossing_off_its_barrier"}
    broken = made(
        villages=[village("V1", 0, 0)],
        schools=[school("S1", 0, 400)],
        barriers=[
            {"barrier": "R", "kind": "river", "geometry": '{"type": "Point", "coordinates": [1, 2]}'},
            {"barrier": "Q", "kind": "river", "geometry": "not JSON"},
            {"barrier": "P", "kind": "river", "geometry": '{"type": "LineString", "coordinates": [[1, 2]]}'},
        ],
    )
    assert [one.place.key for one in ask(broken).findings] == [("P",), ("Q",), ("R",)]


def test_a_road_across_a_river_is_walked_only_where_a_bridge_is_near() -> None:
    roads: dict[str, list[Row]] = {
        "road_nodes": [node("A", 0, -400), node("B", 0, 400), node("C", 2000, -400), node("D", 2000, 400)],
        "roads": [road("r1", "A", "B", 800), road("r2", "A", "C", 2000), road("r3", "C", "D", 800), road("r4", "D", "B", 2000)],
    }
    county = river(("B1", 2000, 0), **roads)
    assert ask(county).way[0, 0] == pytest.approx(4800, abs=2)
    assert ask(county, mode="drive").way[0, 0] == pytest.approx(800, abs=2)
    assert ask(river(("B1", 0, 0), **roads)).way[0, 0] == pytest.approx(800, abs=2)


def test_one_joins_a_road_on_ones_own_bank() -> None:
    # the nearest junction of V1 lies across the river
    roads: dict[str, list[Row]] = {
        "road_nodes": [node("A", 0, 10), node("B", 900, 10), node("C", 0, -1500), node("D", 3000, -1500), node("E", 3000, 10)],
        "roads": [road("r1", "A", "B", 900), road("r2", "C", "D", 3000), road("r3", "D", "E", 1510), road("r4", "E", "B", 2100)],
    }
    county = river(("B1", 3000, 0), **roads)
    assert ask(county).way[0, 0] == pytest.approx(1100 + 3000 + 1510 + 2100 + 900 + 390, abs=3)


def test_two_railways_that_cross_are_each_passed_at_their_own_gate() -> None:
    # a cross of two railways with one gate each, 20 m wide
    county = made(
        villages=[village("V1", -975, -975), village("V2", 975, -475)],
        schools=[school("S1", 975, 975), school("S2", -475, 975)],
        barriers=[
            {"barrier": "R", "kind": "railway", "geometry": line((-2000, 0), (2000, 0))},
            {"barrier": "Q", "kind": "railway", "geometry": line((0, -2000), (0, 2000))},
        ],
        crossings=[
            {"crossing": "B1", "barrier": "R", **place(-1500, 0)},
            {"crossing": "B2", "barrier": "Q", **place(0, 500)},
        ],
    )
    way = ask(county, detour=1.0).way
    first, gate = hypot(975 - 1490, 975), hypot(1490, 500)
    assert way[0, 0] == pytest.approx(hypot(1500 - 975, 975) + gate + hypot(975, 475), rel=0.01)
    assert way[0, 1] == pytest.approx(first + hypot(1490 - 475, 975), rel=0.02)
    assert way[1, 1] > hypot(975 + 475, 975 + 475)
