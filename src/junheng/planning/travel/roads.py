"""Ways along roads: the nearest junction of each point, shortest paths between them, and what the network does not join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model.county import County
from junheng.planning.sparse import nearest, pieces, shortest
from junheng.planning.travel.pace import Mode, Pace
from junheng.planning.travel.points import Floats, Plane, Points, metres_between
from junheng.planning.travel.shapes import Walls

Ints = NDArray[np.int64]

_TRIED = 8  # junctions that a point is joined to, the nearest first, until no barrier lies between
_NAMED = 10  # villages that a finding names
_AT_LEAST = 1e-3  # metres: no piece of road is shorter


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roads:
    """The network that one mode uses; arcs are travelled from tail to head only."""

    at: Floats  # (nodes, 2) metres on the plane; nodes that no usable road touches are left out
    tail: Ints  # (arcs,)
    head: Ints
    metres: Floats
    minutes: Floats
    piece: NDArray[np.int32]  # (nodes,)
    findings: tuple[Finding, ...]


class _Access(NamedTuple):
    node: Ints  # (n,) -1: joined to none
    metres: Floats  # (n,) to it; inf where joined to none


def roads_of(county: County, plane: Plane, mode: Mode, pace: Pace, walls: Walls | None) -> Roads | None:
    """Return the roads that a mode may use; None when there are none. Roads whose ends no table places are left out and told.

    walls: barriers that walking children do not cross; a piece of road across one counts only when a crossing is near.
    """
    nodes = county.tables["road_nodes"].drop_nulls(["node", "lon", "lat"]).unique("node", keep="first").sort("node").with_row_index("at")
    roads = county.tables["roads"].filter(pl.col("kind").is_in(list(pace.metres_a_minute)))
    ends = nodes.select("node", pl.col("at").cast(pl.Int64))
    placed = roads.join(ends.rename({"node": "from_node", "at": "a"}), on="from_node", how="left", maintain_order="left")
    placed = placed.join(ends.rename({"node": "to_node", "at": "b"}), on="to_node", how="left", maintain_order="left")
    lost = placed.filter(pl.any_horizontal(pl.col("a").is_null(), pl.col("b").is_null()))
    findings = _without_ends(lost)
    placed = placed.drop_nulls(["a", "b"]).filter(pl.col("a") != pl.col("b"))
    if not placed.height:
        return None
    lon, lat = (nodes[name].cast(pl.Float64).to_numpy() for name in ("lon", "lat"))
    at, a, b = plane.metres(lon, lat), placed["a"].to_numpy(), placed["b"].to_numpy()
    metres, unmeasured = _lengths(placed, metres_between(lon[a], lat[a], lon[b], lat[b]))
    findings += unmeasured
    open_ = ~walls.blocked(at[a], at[b]) if walls else np.ones(len(a), dtype=np.bool_)
    speed = placed["kind"].replace_strict(dict(pace.metres_a_minute), return_dtype=pl.Float64).to_numpy()
    both = open_ & ((mode == "walk") | ~placed["one_way"].fill_null(value=False).to_numpy())
    tail, head = np.concatenate([a[open_], b[both]]), np.concatenate([b[open_], a[both]])
    return _kept(at, tail, head, np.concatenate([metres[open_], metres[both]]), np.concatenate([speed[open_], speed[both]]), findings)


def _kept(at: Floats, tail: Ints, head: Ints, metres: Floats, speed: Floats, findings: list[Finding]) -> Roads | None:
    """Return the network without the nodes that no usable road touches."""
    if not len(tail):
        return None
    used, ends = np.unique(np.concatenate([tail, head]), return_inverse=True)
    tail, head = ends[: len(tail)], ends[len(tail) :]
    return Roads(
        at=at[used],
        tail=tail,
        head=head,
        metres=metres,
        minutes=metres / speed,
        piece=pieces(tail, head, len(used)),
        findings=tuple(findings),
    )


def _lengths(placed: pl.DataFrame, straight: Floats) -> tuple[Floats, list[Finding]]:
    """Return the lengths of roads; those without one, or with a negative one, are measured straight between their ends."""
    stated = placed["metres"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    measured = ~(stated >= 0)
    findings = []
    if measured.any():
        first = placed.filter(pl.Series(measured))["road"].sort()[0]
        words = Text(f"{int(measured.sum())}段没有长度", f"{int(measured.sum())} without a length")
        place = Place(table="roads", column="metres", key=(str(first),))
        findings.append(finding("planning.road_without_length", place, words, count=int(measured.sum())))
    return np.maximum(np.where(measured, straight, stated), _AT_LEAST), findings


def _without_ends(lost: pl.DataFrame) -> list[Finding]:
    if not lost.height:
        return []
    first = lost.sort("road").row(0, named=True)
    place = Place(table="roads", column="from_node", key=(str(first["road"]),))
    words = Text(f"{first['from_node']}–{first['to_node']}", f"{first['from_node']}-{first['to_node']}")
    return [finding("planning.road_without_ends", place, words, count=lost.height)]


class Along(NamedTuple):
    """Ways along roads."""

    way: Floats  # (n, m); inf where the roads do not lead
    findings: tuple[Finding, ...]


def along(
    roads: Roads, origins: tuple[Points, Floats], destinations: tuple[Points, Floats], unit: str, pace: Pace, walls: Walls | None
) -> Along:
    """Return ways by road in metres or minutes; to and from the nearest junction one goes straight, at the speed off the roads.

    origins, destinations: points with their places on the plane; those without a place are joined to nothing.
    """
    start, end = (_joined(roads, at, points, walls) for points, at in (origins, destinations))
    length = roads.metres if unit == "m" else roads.minutes
    per_metre = 1.0 if unit == "m" else 1 / pace.off_road
    ends = np.flatnonzero(end.node >= 0)
    starts = np.flatnonzero(start.node >= 0)
    way = np.full((len(start.node), len(end.node)), np.inf)
    if len(ends) and len(starts):
        goals, at = np.unique(end.node[ends], return_inverse=True)
        back = shortest(roads.head, roads.tail, length, len(roads.at), goals)  # from the schools backwards: they are fewer
        reached = back[at][:, start.node[starts]].T
        way[np.ix_(starts, ends)] = reached + per_metre * (start.metres[starts, None] + end.metres[None, ends])
    findings = [*_far(origins[0], start, pace.access), *_far(destinations[0], end, pace.access), *_in_pieces(roads, origins[0], start, end)]
    return Along(way, tuple(findings))


def _joined(roads: Roads, at: Floats, points: Points, walls: Walls | None) -> _Access:
    node, metres = np.full(len(at), -1, dtype=np.int64), np.full(len(at), np.inf)
    known = np.flatnonzero(points.known)
    if not len(known):
        return _Access(node, metres)
    far, place = nearest(roads.at, at[known], _TRIED if walls else 1)
    for rank in range(far.shape[1]):
        open_ = np.flatnonzero(node[known] < 0)
        if not len(open_):
            break
        here = place[open_, rank]
        free = ~walls.blocked(at[known[open_]], roads.at[here]) if walls else np.ones(len(open_), dtype=np.bool_)
        node[known[open_[free]]], metres[known[open_[free]]] = here[free], far[open_[free], rank]
    return _Access(node, metres)


def _far(points: Points, access: _Access, most: float) -> list[Finding]:
    off = np.flatnonzero(points.known & (access.metres > most))
    if not len(off):
        return []
    zh, en = _names(points, off)
    place = Place(table=f"{points.kind}s", key=(points.codes[off[0]],))
    return [finding("planning.point_far_from_roads", place, Text(zh, en), count=len(off), most=f"{most:.0f}")]


def _in_pieces(roads: Roads, origins: Points, start: _Access, end: _Access) -> list[Finding]:
    """Tell which origins stand on a piece of the network that has none of the destinations."""
    served = np.unique(roads.piece[end.node[end.node >= 0]])
    apart = np.flatnonzero((start.node >= 0) & ~np.isin(roads.piece[np.maximum(start.node, 0)], served))
    if not len(apart):
        return []
    zh, en = _names(origins, apart)
    return [finding("planning.roads_in_pieces", Place(table="roads", key=(origins.codes[apart[0]],)), Text(zh, en), count=len(apart))]


def _names(points: Points, places: NDArray[np.intp]) -> tuple[str, str]:
    codes = [points.codes[index] for index in places[:_NAMED]]
    more = len(places) - len(codes)
    return "、".join(codes) + (f"等{len(places)}处" if more else ""), ", ".join(codes) + (f" and {more} more" if more else "")
