"""A map of nowhere: villages as cells of a planar partition, with borders that look drawn by hand.

Points are scattered, dense near the county seat, and relaxed once; their Voronoi cells (the dual of a Delaunay triangulation
by Bowyer and Watson) are the villages. A ring of points outside makes the county's own outline organic without any clipping.
Each border is bent inside the two triangles it forms with its two village points, so borders can never cross; both neighbours
hold the same bent line, so there is no gap and no overlap.
"""

import math
from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

from making.draw import between, draw

VILLAGES = 150
# A stretch of the Gobi near Mazong Mountain in the north of Gansu, where nobody lives: the map lies on no real settlement.
SEAT_LON, SEAT_LAT = 97.2, 41.6
KM_PER_DEGREE_LAT = 111.0
KM_PER_DEGREE_LON = 111.32 * math.cos(math.radians(SEAT_LAT))

Point = tuple[float, float]  # km east and north of the county seat


class Shape(NamedTuple):
    """Villages as cells: their points and rings, and the bent border of each neighbouring pair."""

    points: list[Point]  # one a village
    rings: list[list[Point]]  # counter-clockwise, first point not repeated
    borders: dict[tuple[int, int], list[Point]]  # (a, b) with a < b, counter-clockwise around a; b < 0: outline


def degrees(point: Point) -> tuple[float, float]:
    """Return longitude and latitude (WGS 84), rounded to about a metre."""
    east, north = point
    return round(SEAT_LON + east / KM_PER_DEGREE_LON, 5), round(SEAT_LAT + north / KM_PER_DEGREE_LAT, 5)


def length_m(line: list[Point]) -> float:
    """Return the length of a line in metres."""
    return 1000 * sum(math.dist(a, b) for a, b in pairwise(line))


def area_km2(ring: list[Point]) -> float:
    """Return the area of a ring in km²."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def shape() -> Shape:
    """Return the map of the county: 150 villages, their outlines and borders."""
    inside, outside = _scattered()
    for _ in range(2):
        cells = _cells(inside + outside, len(inside))
        inside = [_centre([vertex for vertex, _ in cell]) for cell in cells]
    return _bent(inside, _cells(inside + outside, len(inside)))


def _radius(angle: float) -> float:
    """Return the county's extent (km) in a direction: a lobed, slightly wider than high outline."""
    wave = 0.13 * math.sin(2 * angle + 0.4) + 0.08 * math.sin(3 * angle + 2.1) + 0.05 * math.sin(5 * angle + 4.0)
    return 25.5 * (1 + wave) * (1 + 0.10 * math.cos(2 * angle))


def _scattered() -> tuple[list[Point], list[Point]]:
    """Return 150 points inside the outline, denser near the seat, and those in a band around it."""
    inside: list[Point] = []
    outside: list[Point] = []
    for attempt in range(60_000):
        point = (between(-44, 44, "x", attempt), between(-38, 38, "y", attempt))
        reach = math.hypot(*point)
        edge = _radius(math.atan2(point[1], point[0]))
        if reach > edge + 12:
            continue
        apart = min(1.25 + 0.13 * reach, 3.55)
        if any(math.dist(point, other) < apart for other in inside) or any(math.dist(point, other) < 3.2 for other in outside):
            continue
        if reach <= edge and len(inside) < VILLAGES:
            inside.append(point)
        elif reach > edge:
            outside.append(point)
    return inside, outside


def _centre(ring: list[Point]) -> Point:
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def _circle(a: Point, b: Point, c: Point) -> tuple[Point, float]:
    """Return centre and squared radius of the circle through three points."""
    d = 2 * (a[0] * (b[1] - c[1]) + b[0] * (c[1] - a[1]) + c[0] * (a[1] - b[1]))
    square = [x * x + y * y for x, y in (a, b, c)]
    x = (square[0] * (b[1] - c[1]) + square[1] * (c[1] - a[1]) + square[2] * (a[1] - b[1])) / d
    y = (square[0] * (c[0] - b[0]) + square[1] * (a[0] - c[0]) + square[2] * (b[0] - a[0])) / d
    return (x, y), (x - a[0]) ** 2 + (y - a[1]) ** 2


def _triangles(points: list[Point]) -> dict[tuple[int, int, int], Point]:
    """Return the Delaunay triangles of the points with the centres of their circles (Bowyer and Watson)."""
    count = len(points)
    far = [*points, (-900.0, -700.0), (900.0, -710.0), (10.0, 950.0)]
    live = {(count, count + 1, count + 2): _circle(*far[count:])}
    for new in range(count):
        x, y = far[new]
        broken = [t for t, ((cx, cy), square) in live.items() if (x - cx) ** 2 + (y - cy) ** 2 < square]
        sides: dict[tuple[int, int], int] = defaultdict(int)
        for a, b, c in broken:
            for side in ((a, b), (b, c), (a, c)):
                sides[side] += 1
            del live[a, b, c]
        for (a, b), times in sides.items():
            if times == 1:
                corner = tuple(sorted((a, b, new)))
                live[corner] = _circle(*(far[i] for i in corner))
    return {t: centre for t, (centre, _) in live.items() if max(t) < count}


def _cells(points: list[Point], count: int) -> list[list[tuple[Point, int]]]:
    """Return for each of the first `count` points its cell, counter-clockwise: (vertex, neighbour across the side that starts there)."""
    around: dict[int, list[tuple[tuple[int, int, int], Point]]] = defaultdict(list)
    for triangle, centre in _triangles(points).items():
        for corner in triangle:
            around[corner].append((triangle, centre))
    cells = []
    for site in range(count):
        x, y = points[site]
        turn = sorted(around[site], key=lambda item: math.atan2(item[1][1] - y, item[1][0] - x))
        cell = []
        for (one, vertex), (two, _) in zip(turn, [*turn[1:], turn[0]], strict=True):
            (neighbour,) = (set(one) & set(two)) - {site}
            cell.append((vertex, neighbour))
        cells.append(cell)
    return cells


def _bent(points: list[Point], cells: list[list[tuple[Point, int]]]) -> Shape:
    """Return the cells with bent sides; a side is bent once and used by both neighbours."""
    known = len(points)
    bent: dict[tuple[Point, Point], list[Point]] = {}
    borders: dict[tuple[int, int], list[Point]] = {}
    rings = []
    for site, cell in enumerate(cells):
        ring: list[Point] = []
        for (start, neighbour), (end, _) in zip(cell, [*cell[1:], cell[0]], strict=True):
            line = bent.get((start, end))
            if line is None:
                other = points[neighbour] if neighbour < known else _mirror(points[site], start, end)
                line = _bend(start, end, points[site], other)
                bent[start, end], bent[end, start] = line, line[::-1]
                borders[site, neighbour if neighbour < known else -1 - len(borders)] = line
            ring += line[:-1]
        rings.append(ring)
    return Shape(points, rings, borders)


def _mirror(point: Point, start: Point, end: Point) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / (dx * dx + dy * dy)
    foot = start[0] + along * dx, start[1] + along * dy
    return 2 * foot[0] - point[0], 2 * foot[1] - point[1]


def _towards(a: Point, b: Point, part: float) -> Point:
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def _bend(start: Point, end: Point, left: Point, right: Point) -> list[Point]:
    """Return a bent line from start to end inside the triangles that the side forms with the points on its two sides."""
    name = tuple(round(v, 6) for v in (*min(start, end), *max(start, end)))
    size = math.dist(start, end)
    if size < 0.25:
        return [start, end]
    middle = _towards(_towards(start, end, 0.5), left if draw("side", *name) < 0.5 else right, between(0.05, 0.20, "far", *name))
    if size < 0.9:
        return [start, middle, end]
    quarters = []
    for part, (a, b) in enumerate(((start, middle), (middle, end))):
        push = between(-0.13, 0.13, "quarter", part, *name)
        x, y = _towards(a, b, 0.5)
        quarters.append((x - push * (b[1] - a[1]), y + push * (b[0] - a[0])))
    return [start, quarters[0], middle, quarters[1], end]


def outlines(shape: Shape, group: list[int]) -> list[list[list[Point]]]:
    """Return for each group number its outline rings, traced along the borders between different groups."""
    result = []
    for number in range(max(group) + 1):
        following: dict[Point, list[Point]] = {}
        for line in _outer_lines(shape, group, number):
            following[line[0]] = line
        rings = []
        while following:
            start = next(iter(following))
            line = following.pop(start)
            ring = line[:-1]
            while line[-1] != start:
                line = following.pop(line[-1])
                ring += line[:-1]
            rings.append(ring)
        result.append(rings)
    return result


def _outer_lines(shape: Shape, group: list[int], number: int) -> list[list[Point]]:
    """Return the border lines of one group, each running counter-clockwise around it."""
    lines = []
    for (a, b), line in shape.borders.items():
        one, two = group[a], group[b] if b >= 0 else -1
        if one != two and number in {one, two}:
            lines.append(line if one == number else line[::-1])
    return lines
