from __future__ import annotations

import pytest

from tests.model.made import Row, found, made, rules, school

VILLAGES = [{"village": f"62072510000{n}", "name": f"村{n}"} for n in range(1, 4)]
A, B, C = (str(row["village"]) for row in VILLAGES)


def neighbours(*pairs: tuple[str, str, int | None]) -> list[Row]:
    return [{"village_a": a, "village_b": b, "shared_m": metres} for a, b, metres in pairs]


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ((), set()),
        (((A, B, 5), (B, C, 5)), set()),  # each pair once: as the house keeps them
        (((A, B, 5), (B, A, 5), (B, C, 5), (C, B, 5)), set()),
        (((A, B, 5), (B, A, 5), (B, C, 5)), {"adjacency_one_way"}),
        (((A, B, 5), (B, A, 6), (B, C, 5), (C, B, 5)), {"adjacency_differs"}),
        (((A, B, 5), (B, C, 5), (C, C, 5)), {"adjacency_to_itself"}),
        (((A, B, 5),), {"village_without_neighbours"}),
        (((A, B, 5), (B, "620725100009", 5), (B, C, 5)), {"unknown_reference"}),
    ],
)
def test_neighbours_hold_both_ways_and_leave_no_island(pairs: tuple[tuple[str, str, int | None], ...], told: set[str]) -> None:
    assert rules(made(villages=VILLAGES, adjacency=neighbours(*pairs))) == told


def test_the_island_is_named() -> None:
    (one,) = found(made(villages=VILLAGES, adjacency=neighbours((A, B, 5))), "village_without_neighbours")
    assert (one.place.key, one.found.zh) == ((C,), "没有相邻的村居")


S1, S2 = "2162000001", "2162000002"
SCHOOLS = [school(S1, name="甲"), school(S2, name="乙")]


def cell(origin: str, to: str, minutes: int | None = 5, **more: object) -> Row:
    return {"origin_kind": "village", "origin": origin, "school": to, "mode": "walk", "minutes": minutes, **more}


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([cell(A, S1), cell(A, S2), cell(B, S1), cell(B, S2)], set()),
        ([cell(A, S1), cell(A, S2, None, reachable=False)], set()),
        ([cell(A, S1), cell(A, S2), cell(B, S1)], {"travel_matrix_incomplete"}),
        ([cell(A, S1, None), cell(A, S2)], {"travel_without_number"}),
        ([cell(A, S1, -5), cell(A, S2)], {"value_out_of_bounds"}),
        ([cell(A, S1), cell(A, S1, 6)], {"repeated_key"}),
        ([cell("620725100009", S1)], {"travel_between_unknown"}),
        ([cell(A, "2162000009")], {"travel_between_unknown"}),
        ([cell(A, S1, 5, reachable=False)], {"travel_reached_and_not"}),
        ([cell("site-1", "site-1", origin_kind="site")], set()),
    ],
)
def test_a_matrix_of_ways_is_complete_and_between_what_is_there(cells: list[Row], told: set[str]) -> None:
    assert rules(made(villages=VILLAGES, schools=SCHOOLS, travel_times=cells)) == told


def test_roads_and_barriers_lead_somewhere() -> None:
    nodes = [{"node": "N1", "lon": 101.1, "lat": 38.2}, {"node": "N2", "lon": 38.2, "lat": 101.1}]
    roads = [{"road": "r1", "from_node": "N1", "to_node": "N1", "kind": "county"}]
    roads += [{"road": "r2", "from_node": "N1", "to_node": "N9", "kind": "county"}]
    barriers = [{"barrier": "R", "kind": "river", "geometry": '{"type": "LineString", "coordinates": [[101, 38.2], [101.2, 38.2]]}'}]
    told = rules(made(road_nodes=nodes, roads=roads, barriers=barriers))
    assert told == {"coordinates_exchanged", "road_to_itself", "unknown_reference", "barrier_without_crossing"}
    assert "barrier_without_crossing" not in rules(made(barriers=barriers, crossings=[{"crossing": "B", "barrier": "R", **CROSSING}]))


CROSSING = {"lon": 101.1, "lat": 38.2}
