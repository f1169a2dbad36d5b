"""Roads from village to village, and the river that divides the county: crossed at two bridges, and nowhere else on foot."""

import heapq
import json
import math
from collections.abc import Iterable
from itertools import pairwise

from making.draw import between
from making.people import Village
from making.roster import Row
from making.shapes import Point, Shape, degrees

RIVER, SOUTH, NORTH = "R1", -42.0, 42.0  # the line runs on beyond the county's border
BRIDGES = (
    ("B1", "清河大桥", 0.0),
    ("B2", "北渡桥", 14.0),
)  # each is where a road between two villages meets the river nearest to this north
URBAN = ("629921001", "629921100")  # streets and county seat
Edge = tuple[int, int]


def tables(shape: Shape, villages: list[Village], cells: list[int]) -> dict[str, list[Row]]:
    """Return roads, their nodes (one a village), the river and its bridges."""
    points = [shape.points[cell] for cell in cells]
    place = {cell: index for index, cell in enumerate(cells)}
    pairs = sorted((min(place[a], place[b]), max(place[a], place[b])) for a, b in shape.borders if b >= 0)
    river = [_river(SOUTH + step) for step in range(int(NORTH - SOUTH) + 1)]
    meets = {pair: at for pair in pairs if (at := _meets(points[pair[0]], points[pair[1]], river))}
    bridged = {min(meets, key=lambda pair: abs(meets[pair][1] - north)): (code, name) for code, name, north in BRIDGES}
    open_ = [pair for pair in pairs if pair not in meets or pair in bridged]
    kinds = _kinds(villages, points, open_)
    return {
        "road_nodes": [_placed({"node": f"N{village.code}"}, point) for village, point in zip(villages, points, strict=True)],
        "roads": [*_rows(villages, points, kinds), *_trunk(villages, points)],
        "barriers": [{"barrier": RIVER, "name": "清河", "kind": "river", "geometry": _line(river)}],
        "crossings": [
            _placed({"crossing": code, "barrier": RIVER, "kind": "bridge", "name": name}, meets[pair])
            for pair, (code, name) in bridged.items()
        ],
    }


def _river(north: float) -> Point:
    return 3.0 + 2.2 * math.sin(north / 7.0) + 0.8 * math.sin(north / 2.6), north


def _placed(row: Row, point: Point) -> Row:
    lon, lat = degrees(point)
    return {**row, "lon": lon, "lat": lat, "coordinates": "wgs84"}


def _line(points: Iterable[Point]) -> str:
    shape = {"type": "LineString", "coordinates": [list(degrees(point)) for point in points]}
    return json.dumps(shape, separators=(",", ":"))


def _meets(a: Point, b: Point, line: list[Point]) -> Point | None:
    """Return where the way from a to b first meets a line."""
    for c, d in pairwise(line):
        ab, cd, ac = (b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1]), (c[0] - a[0], c[1] - a[1])
        across = ab[0] * cd[1] - ab[1] * cd[0]
        along = (ac[0] * cd[1] - ac[1] * cd[0]) / across
        if 0 <= along <= 1 and 0 <= (ac[0] * ab[1] - ac[1] * ab[0]) / across <= 1:
            return a[0] + along * ab[0], a[1] + along * ab[1]
    return None


def _kinds(villages: list[Village], points: list[Point], pairs: list[Edge]) -> dict[Edge, str]:
    """Return which pairs of villages a road joins: county roads from each township's seat to the county's, village roads to the seat."""
    near: dict[int, list[tuple[int, float]]] = {index: [] for index in range(len(points))}
    for a, b in pairs:
        metres = math.dist(points[a], points[b])
        near[a].append((b, metres))
        near[b].append((a, metres))
    districts = list(dict.fromkeys(village.district for village in villages))
    seats = {district: next(i for i, village in enumerate(villages) if village.district == district) for district in districts}
    kinds: dict[Edge, str] = {}
    for district, seat in seats.items():
        before = _tree(near, seat)
        for index, village in enumerate(villages):
            if village.district == district:
                kinds |= {edge: kinds.get(edge, "village") for edge in _way(before, index)}
    towards = _tree(near, seats[districts[0]])
    kinds |= {edge: "county" for seat in seats.values() for edge in _way(towards, seat)}
    streets = {pair: "street" for pair in pairs if all(villages[end].district in URBAN for end in pair)}
    return kinds | {pair: kind for pair, kind in streets.items() if kinds.get(pair) != "county"}


def _tree(near: dict[int, list[tuple[int, float]]], root: int) -> dict[int, int]:
    """Return for every village the next one on its shortest way to the root."""
    done: dict[int, int] = {}
    waiting = [(0.0, root, root)]
    while waiting:
        far, here, before = heapq.heappop(waiting)
        if here in done:
            continue
        done[here] = before
        for other, metres in near[here]:
            heapq.heappush(waiting, (far + metres, other, here))
    return done


def _way(before: dict[int, int], start: int) -> list[Edge]:
    edges = []
    while before[start] != start:
        edges.append((min(start, before[start]), max(start, before[start])))
        start = before[start]
    return edges


def _rows(villages: list[Village], points: list[Point], kinds: dict[Edge, str]) -> list[Row]:
    rows: list[Row] = []
    for number, ((a, b), kind) in enumerate(sorted(kinds.items()), start=1):
        straight = 1000 * math.dist(points[a], points[b])
        metres = round(straight * between(1.08, 1.3, "road", a, b))
        ends: Row = {"road": f"L{number:03d}", "from_node": f"N{villages[a].code}", "to_node": f"N{villages[b].code}"}
        rows.append({**ends, "kind": kind, "metres": metres})
    return rows


def _trunk(villages: list[Village], points: list[Point]) -> list[Row]:
    """Return the trunk road from the westernmost township's seat through the county's to the easternmost: children do not walk on it."""
    firsts = [i for i, village in enumerate(villages) if village.district != villages[i - 1].district]
    west, east = (choose(firsts, key=lambda i: points[i][0]) for choose in (min, max))
    rows: list[Row] = []
    for number, (a, b) in enumerate(((west, 0), (0, east)), start=1):
        ends: Row = {"road": f"G{number}", "from_node": f"N{villages[a].code}", "to_node": f"N{villages[b].code}"}
        rows.append({**ends, "kind": "trunk", "metres": round(1060 * math.dist(points[a], points[b])), "name": "国道"})
    return rows
