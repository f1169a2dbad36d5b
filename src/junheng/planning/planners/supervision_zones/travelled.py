"""How inspectors get from school to school, and which schools are neighbours where a river or a railway lies between."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.planning.planners.supervision_zones.neighbours import UNREACHABLE, along, by_distance, by_villages, straight
from junheng.planning.travel import Points, Travel, adjacency_without_barriers, school_points, travel
from junheng.planning.travel.barriers import barriers_of
from junheng.planning.travel.pace import pace
from junheng.planning.travel.points import plane_of
from junheng.standards.rulebook import Rulebook

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_STOPS_CARS = ("river", "railway")  # a trunk road keeps children from walking on, not inspectors from driving
_TOLD = ("planning.travel_cell_missing", "planning.roads_in_pieces", "planning.point_far_from_roads")


class Travelled(NamedTuple):
    """Ways and neighbours of schools, in code order."""

    edges: Mask  # (schools, schools)
    along: Ints  # (schools, schools) metres from neighbour to neighbour; UNREACHABLE where they are not joined
    way: Ints  # (seats, schools) metres that an inspector travels
    apart: tuple[tuple[int, int], ...]  # who would be neighbours if nothing lay between
    source: str  # "supplied", "roads" or "straight"
    remarks: tuple[Finding, ...]


def travelled(county: County, rules: Rulebook, schools: pl.DataFrame, at: Floats, detour: float, *, barriers: bool) -> Travelled:
    """Return ways and neighbours. schools: school, village, in code order, all with a place; at: (schools, 2) metres on a plane.

    Ways are those supplied, along roads, or straight ones times the detour, past rivers and railways at their crossings. Without roads
    and barriers they lead along neighbours. Raises DataError for cells of travel_times that are wrong.
    """
    kinds = county.tables["barriers"].filter(pl.col("kind").is_in(_STOPS_CARS)) if barriers else county.tables["barriers"].clear()
    county = County(county.code, county.year, {**county.tables, "barriers": kinds})
    points = school_points(county, schools["school"].to_list())
    found = _ways(county, rules, points, detour)
    both = np.minimum(found.way, found.way.T)
    edges, apart = _neighbours(county, rules, schools, (points, at), both)
    if found.source == "straight" and not kinds.height:
        steps = along(straight(at * detour), edges)
        return Travelled(edges, steps, steps, apart, found.source, ())
    steps = along(_whole(both), edges)
    way = steps if found.source == "straight" else np.where(steps < UNREACHABLE, _whole(found.way), UNREACHABLE)
    remarks = tuple(each for each in found.findings if each.rule in _TOLD)
    return Travelled(edges, steps, way, apart, found.source, (*remarks, *_alone(county, schools, edges, apart)))


def _ways(county: County, rules: Rulebook, points: Points, detour: float) -> Travel:
    """Return ways by car; where there are neither roads nor supplied ways, straight ones, which rivers hold up as they do on foot."""
    found = travel(county, rules, points, points, mode="drive", detour=detour)
    if found.source == "straight" and county.tables["barriers"].height:
        found = travel(county, rules, points, points, mode="walk", detour=detour)
    errors = [each for each in found.findings if each.severity == "error" and each.place.table == "travel_times"]
    if errors:
        raise DataError(errors)
    return found


def _whole(way: Floats) -> Ints:
    whole = np.where(np.isfinite(way), np.maximum(1, np.rint(np.nan_to_num(way, posinf=0.0))), UNREACHABLE).astype(np.int64)
    np.fill_diagonal(whole, val=0)
    return whole


def _neighbours(
    county: County, rules: Rulebook, schools: pl.DataFrame, where: tuple[Points, Floats], way: Floats
) -> tuple[Mask, tuple[tuple[int, int], ...]]:
    """Return who neighbours whom, and who does not only because of what lies between.

    Where the straight line between two schools meets a barrier away from its crossings they are neighbours only by the way between them:
    if no third school lies on it, as the map of distances has it (see by_distance). Parts that are still not joined get the shortest way.
    """
    (points, at), villages = where, schools["village"].to_list()
    has_map = bool(county.tables["adjacency"].height and not schools["village"].has_nulls())
    edges = by_villages(villages, county) if has_map else by_distance(at)
    if not county.tables["barriers"].height:
        return edges, ()
    if has_map:
        pairs = adjacency_without_barriers(county, rules)
        edges |= by_villages(villages, County(county.code, county.year, {**county.tables, "adjacency": pairs}))
    plane, reach = plane_of(points), pace(rules, "walk").crossing_reach
    walls, spots = barriers_of(county, plane, reach).walls(reach), plane.metres(points.lon, points.lat)
    one, other = np.nonzero(np.triu(np.ones(edges.shape, dtype=np.bool_), 1))
    across = np.zeros_like(edges)
    across[one, other] = walls.blocked(spots[one], spots[other])
    across |= across.T
    cut = np.where(across, _nobody_between(way), edges)
    for a, b in _joins(cut, _pieces(edges), way):
        cut[a, b] = cut[b, a] = True
    gone = np.triu(edges & ~cut)
    return cut, tuple((int(a), int(b)) for a, b in np.argwhere(gone))


def _nobody_between(way: Floats) -> Mask:
    """Return between which schools there is a way, and no third one on the circle over it: (schools, schools)."""
    square = way**2
    nobody = np.isfinite(way)
    for third in range(len(way)):
        nobody &= ~(square[:, third, None] + square[None, third, :] < square - 1e-6)
    np.fill_diagonal(nobody, val=False)
    return nobody


def _pieces(edges: Mask) -> Ints:
    """Return the piece of each school: the first school that it is joined to."""
    piece = np.arange(len(edges))
    for school in range(len(edges)):
        for near in np.flatnonzero(edges[school]):
            low, high = sorted((piece[school], piece[near]))
            piece[piece == high] = low
    return piece


def _joins(edges: Mask, before: Ints, way: Floats) -> list[tuple[int, int]]:
    """Return the shortest ways that join again what was one piece before (Kruskal)."""
    piece, joins = _pieces(edges), []
    one, other = np.nonzero(np.triu(np.isfinite(way) & (before[:, None] == before[None]), 1))
    for k in np.argsort(way[one, other], kind="stable"):
        a, b = int(one[k]), int(other[k])
        if piece[a] != piece[b]:
            joins.append((a, b))
            piece[piece == piece[b]] = piece[a]
    return joins


def _alone(county: County, schools: pl.DataFrame, edges: Mask, apart: tuple[tuple[int, int], ...]) -> list[Finding]:
    """Tell the schools that rivers and railways leave without any neighbour."""
    lost = sorted({school for pair in apart for school in pair if not edges[school].any()})
    if not lost:
        return []
    codes = schools["school"].to_list()
    names = dict(county.tables["schools"].select("school", "name").iter_rows())
    said = Text("、".join(names[codes[k]] or codes[k] for k in lost), ", ".join(names[codes[k]] or codes[k] for k in lost))
    return [finding("planning.school_behind_a_barrier", Place(table="barriers", key=(codes[lost[0]],)), said)]
