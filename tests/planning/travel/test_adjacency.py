from __future__ import annotations

from junheng.planning.travel import adjacency_without_barriers
from tests.model.made import Row, made
from tests.planning.counties import RULES
from tests.planning.travel.flat import line, place, village

VILLAGES = [
    village("V1", 0, -400),
    village("V2", 0, 400),
    village("V3", 900, -400),
    village("V4", 900, 400),
    {"village": "V5", "name": "V5"},
]
PAIRS = [("V1", "V2"), ("V2", "V1"), ("V1", "V3"), ("V4", "V3"), ("V1", "V1"), ("V5", "V1")]
RIVER: Row = {"barrier": "R", "kind": "river", "geometry": line((-5000, 0), (5000, 0))}
BRIDGE: Row = {"crossing": "B", "barrier": "R", **place(1000, 0)}


def left(barriers: list[Row], crossings: list[Row]) -> list[tuple[str, ...]]:
    pairs = [{"village_a": a, "village_b": b} for a, b in PAIRS]
    return adjacency_without_barriers(made(villages=VILLAGES, adjacency=pairs, barriers=barriers, crossings=crossings), RULES).rows()


def test_without_barriers_each_pair_stays_once_and_none_with_itself() -> None:
    assert left([], []) == [("V1", "V2"), ("V1", "V3"), ("V1", "V5"), ("V3", "V4")]


def test_a_river_cuts_neighbours_but_where_a_bridge_is_near() -> None:
    assert left([RIVER], []) == [("V1", "V3"), ("V1", "V5")]
    assert left([RIVER], [BRIDGE]) == [("V1", "V3"), ("V1", "V5"), ("V3", "V4")]
