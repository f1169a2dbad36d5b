"""Rivers, railways and trunk roads that a walking child crosses only where there is a bridge: ways round them, and neighbours apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model.county import County
from junheng.model.geometry import far_from
from junheng.planning.sparse import shortest
from junheng.planning.travel.pace import pace
from junheng.planning.travel.points import Floats, Plane, plane_of, village_points
from junheng.planning.travel.shapes import Mask, Walls, line_of
from junheng.standards.rulebook import Rulebook

_GATE = 10.0  # metres to each side of a crossing: as wide as a bridge


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Barriers:
    """The barriers of a county on a plane, closed but at their crossings."""

    lines: tuple[tuple[Floats, ...], ...]
    gates: tuple[tuple[int, Floats], ...]
    findings: tuple[Finding, ...]

    def walls(self, width: float = _GATE) -> Walls:
        """Return the barriers as walls, open to `width` metres on both sides of each crossing."""
        return Walls(self.lines, self.gates, width)


def barriers_of(county: County, plane: Plane, reach: float) -> Barriers:
    """Return the barriers; one without a line that can be read, and a crossing farther than `reach` metres from its own, are told."""
    lines: list[tuple[Floats, ...]] = []
    place: dict[str, int] = {}
    findings: list[Finding] = []
    for code, geometry in county.tables["barriers"].sort("barrier").select("barrier", "geometry").iter_rows():
        made = line_of(geometry, plane.metres)
        if made is None:
            findings.append(
                finding("planning.barrier_not_a_line", _at("barriers", "geometry", code), (geometry or "")[:60] or Text("空", "nothing"))
            )
            continue
        place[code] = len(lines)
        lines.append(tuple(made))
    gates: list[tuple[int, Floats]] = []
    for code, barrier, at in _crossings(county, plane):
        if barrier not in place:
            continue  # model.unknown_reference or planning.barrier_not_a_line tells it
        metres = far_from(lines[place[barrier]], at)
        if metres > reach:
            words = Text(f"距阻隔{barrier} {metres:.0f}米", f"{metres:.0f} m from barrier {barrier}")
            findings.append(finding("planning.crossing_off_its_barrier", _at("crossings", "lon", code), words, reach=f"{reach:.0f}"))
            continue
        gates.append((place[barrier], at))
    return Barriers(lines=tuple(lines), gates=tuple(gates), findings=tuple(findings))


def _crossings(county: County, plane: Plane) -> Iterator[tuple[str, str, Floats]]:
    for code, barrier, lon, lat in county.tables["crossings"].sort("crossing").select("crossing", "barrier", "lon", "lat").iter_rows():
        if lon is not None and lat is not None:
            yield code, barrier, plane.metres(np.array([float(lon)]), np.array([float(lat)]))[0]


def _at(table: str, column: str, code: str) -> Place:
    return Place(table=table, column=column, key=(code,))


def past(walls: Walls, origins: Floats, destinations: Floats) -> Floats:
    """Return the shortest ways in metres that meet no wall: (n, m); inf where there is none. origins: (n, 2), destinations: (m, 2), finite.

    Exact on the plane: a shortest way bends only at the ends and bends of walls, so it lies on the graph of what sees what.
    """
    direct = np.sqrt(((origins[:, None] - destinations[None]) ** 2).sum(axis=2))
    cut = _hidden(walls, origins, destinations)
    if not cut.any():
        return np.asarray(direct)
    stuck, seen_by = cut.any(axis=1), cut.any(axis=0)
    corners = walls.corners()
    out = np.where(cut, np.inf, direct)
    spots = np.concatenate([corners, origins[stuck], destinations[seen_by]])
    c, k = len(corners), int(stuck.sum())
    arcs = [
        _seen(walls, spots, np.arange(c), np.arange(c)),
        _seen(walls, spots, np.arange(c), np.arange(c, c + k)),
        _seen(walls, spots, np.arange(c + k, len(spots)), np.arange(c)),
    ]
    tail, head, length = (np.concatenate([arc[part] for arc in arcs]) for part in range(3))
    ways = shortest(tail.astype(np.int64), head.astype(np.int64), np.maximum(length, 1e-3), len(spots), np.arange(c + k, len(spots)))
    round_ = ways[:, c : c + k].T
    block = np.ix_(np.flatnonzero(stuck), np.flatnonzero(seen_by))
    out[block] = np.minimum(out[block], round_)
    return np.asarray(out)


def _hidden(walls: Walls, a: Floats, b: Floats) -> Mask:
    start, end = np.repeat(a, len(b), axis=0), np.tile(b, (len(a), 1))
    return walls.blocked(start, end).reshape(len(a), len(b))


def _seen(walls: Walls, spots: Floats, tail: np.ndarray, head: np.ndarray) -> tuple[Floats, Floats, Floats]:
    hidden = _hidden(walls, spots[tail], spots[head])
    a, b = np.nonzero(~hidden)
    keep = tail[a] != head[b]
    tails, heads = tail[a][keep], head[b][keep]
    return tails, heads, np.sqrt(((spots[tails] - spots[heads]) ** 2).sum(axis=1))


def adjacency_without_barriers(county: County, rules: Rulebook) -> pl.DataFrame:
    """Return the pairs of neighbouring villages that a child may walk between: village_a, village_b, each pair once, a before b.

    A pair is cut when the line between the points of its villages meets a barrier that has no crossing near. Pairs of villages
    without a place, and everything where there are no barriers, stay. A pair entered both ways is one; a village is not its own
    neighbour.
    """
    frame = county.tables["adjacency"].select(
        pl.min_horizontal("village_a", "village_b").alias("village_a"), pl.max_horizontal("village_a", "village_b").alias("village_b")
    )
    pairs = frame.drop_nulls().filter(pl.col("village_a") != pl.col("village_b")).unique().sort("village_a", "village_b")
    if not county.tables["barriers"].height or not pairs.height:
        return pairs
    ends = [village_points(county, pairs[name].to_list()) for name in ("village_a", "village_b")]
    plane, reach = plane_of(*ends), pace(rules, "walk").crossing_reach
    walls = barriers_of(county, plane, reach).walls(reach)
    both = ends[0].known & ends[1].known
    start, end = (plane.metres(one.lon, one.lat)[both] for one in ends)
    cut = np.zeros(pairs.height, dtype=np.bool_)
    cut[both] = walls.blocked(start, end)
    return pairs.filter(~pl.Series(cut))
