"""The map of examples/qinghe is a map: outlines that close and never cross, villages without gap or overlap, schools where they say."""

import json
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from tests.qinghe import rows


def ring(geometry: str) -> list[tuple[float, float]]:
    shape = json.loads(geometry)
    assert shape["type"] == "Polygon"
    (line,) = shape["coordinates"]
    assert line[0] == line[-1]
    return [(lon, lat) for lon, lat in line]


def area(line: list[tuple[float, float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(line)) / 2


def crossing(a, b, c, d) -> bool:
    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def test_no_outline_crosses_itself_and_all_run_counter_clockwise():
    for row in (*rows("villages"), *rows("districts")):
        line = ring(row["geometry"])
        assert area(line) > 0
        sides = list(pairwise(line))
        assert not any(crossing(*one, *two) for i, one in enumerate(sides) for two in sides[i + 2 :]), row["name"]


def test_villages_tile_their_townships_without_gap_or_overlap():
    covered: Counter[str] = Counter()
    for row in rows("villages"):
        covered[row["district"]] += area(ring(row["geometry"]))
    for row in rows("districts"):
        assert covered[row["district"]] == pytest.approx(area(ring(row["geometry"])), rel=1e-9)


def test_neighbours_are_those_that_share_a_border():
    owner: dict[tuple, set[str]] = defaultdict(set)
    for row in rows("villages"):
        for a, b in pairwise(ring(row["geometry"])):
            owner[min(a, b), max(a, b)].add(row["village"])
    assert max(map(len, owner.values())) == 2
    assert {tuple(sorted(pair)) for pair in owner.values() if len(pair) == 2} == {
        (r["village_a"], r["village_b"]) for r in rows("adjacency")
    }


def test_every_school_stands_inside_its_village():
    outline = {row["village"]: ring(row["geometry"]) for row in rows("villages")}
    for row in rows("schools"):
        x, y = float(row["lon"]), float(row["lat"])
        sides = [(a, b) for a, b in pairwise(outline[row["village"]]) if (a[1] > y) != (b[1] > y)]
        right = sum(x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) for a, b in sides)
        assert right % 2 == 1, row["name"]
