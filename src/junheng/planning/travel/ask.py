"""Ways from origins to destinations, by the best source that the county has, and what must be known about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model.county import County
from junheng.planning.travel.barriers import Barriers, barriers_of, past
from junheng.planning.travel.pace import Mode, Pace, pace
from junheng.planning.travel.points import Floats, Plane, Points, metres_between, plane_of
from junheng.planning.travel.roads import along, roads_of
from junheng.planning.travel.supplied import supplied
from junheng.standards.rulebook import Rulebook

Unit = Literal["m", "minutes"]
Source = Literal["supplied", "roads", "straight"]
Ends = tuple[tuple[Points, Floats], tuple[Points, Floats]]

_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Travel:
    """Ways between n origins and m destinations."""

    way: Floats  # (n, m) in `unit`; inf where one cannot get there
    unit: Unit
    mode: Mode
    source: Source
    findings: tuple[Finding, ...]


def travel(
    county: County,
    rules: Rulebook,
    origins: Points,
    destinations: Points,
    *,
    mode: Mode = "walk",
    unit: Unit = "m",
    detour: float | None = None,
    barriers: bool = True,
) -> Travel:
    """Return the ways from every origin to every destination.

    The first of these that the county has: its own travel_times (cells missing there come from the next source, and are told); its
    roads, with the way to the nearest junction added; the straight line times a detour. barriers: a walking child does not cross a
    river, railway or trunk road but at its crossings. detour None: the factor that the standards shelf assumes.
    """
    assumed = pace(rules, mode, detour)
    plane = plane_of(origins, destinations)
    ends = ((origins, plane.metres(origins.lon, origins.lat)), (destinations, plane.metres(destinations.lon, destinations.lat)))
    given = supplied(county, origins, destinations, mode, unit, assumed)
    if given and not np.isnan(given.way).any():
        return _answer(given.way, unit, mode, "supplied", (*given.findings, *_lost(origins, given.way)), ends)
    closed = barriers_of(county, plane, assumed.crossing_reach) if barriers and mode == "walk" else None
    way, source, findings = _worked_out(county, ends, (mode, unit, assumed), plane, closed)
    findings = (*(closed.findings if closed else ()), *findings, *_without_place(origins), *_without_place(destinations))
    if given:
        missing = np.isnan(given.way)
        findings = (*given.findings, *_filled(origins, destinations, missing), *findings)
        way, source = np.where(missing, way, given.way), "supplied"
    return _answer(way, unit, mode, source, (*findings, *_lost(origins, way)), ends)


def _answer(way: Floats, unit: Unit, mode: Mode, source: Source, findings: tuple[Finding, ...], ends: Ends) -> Travel:
    same = np.array(ends[0][0].codes, dtype=object)[:, None] == np.array(ends[1][0].codes, dtype=object)[None]
    if ends[0][0].kind == ends[1][0].kind:
        way = np.where(same, 0.0, way)
    return Travel(way=way, unit=unit, mode=mode, source=source, findings=findings)


def _worked_out(
    county: County, ends: Ends, asked: tuple[Mode, Unit, Pace], plane: Plane, closed: Barriers | None
) -> tuple[Floats, Source, tuple[Finding, ...]]:
    mode, unit, assumed = asked
    wide = closed.walls(assumed.crossing_reach) if closed and closed.lines else None
    roads = roads_of(county, plane, mode, assumed, wide) if county.tables["roads"].height else None
    if roads is None:
        return _per(_straight(ends, closed), unit, assumed), "straight", ()
    found = along(roads, *ends, unit, assumed, wide)
    direct = _per(_across_the_field(ends, closed, assumed), unit, assumed)
    return np.minimum(found.way, direct), "roads", (*roads.findings, *found.findings)


def _per(metres: Floats, unit: Unit, assumed: Pace) -> Floats:
    """Return straight ways with their detour, in the unit."""
    return metres * (assumed.detour if unit == "m" else assumed.detour / assumed.off_road)


def _straight(ends: Ends, closed: Barriers | None) -> Floats:
    """Return straight ways in metres, past the barriers: (n, m); inf where there is no way or no place."""
    (origins, start), (destinations, end) = ends
    if closed and closed.lines:
        out = np.full((len(start), len(end)), np.inf)
        rows, columns = np.flatnonzero(origins.known), np.flatnonzero(destinations.known)
        if len(rows) and len(columns):
            out[np.ix_(rows, columns)] = past(closed.walls(), start[rows], end[columns])
        return out
    metres = metres_between(origins.lon[:, None], origins.lat[:, None], destinations.lon[None], destinations.lat[None])
    return np.where(np.isfinite(metres), metres, np.inf)


def _across_the_field(ends: Ends, closed: Barriers | None, assumed: Pace) -> Floats:
    """Return straight ways of neighbours, for whom going to a road first would be a round trip; inf for all others."""
    (origins, start), (destinations, end) = ends
    metres = metres_between(origins.lon[:, None], origins.lat[:, None], destinations.lon[None], destinations.lat[None])
    near = np.isfinite(metres) & (metres <= assumed.crossing_reach)
    if closed and closed.lines:
        rows, columns = np.nonzero(near)
        near[rows, columns] = ~closed.walls().blocked(start[rows], end[columns])
    return np.where(near, metres, np.inf)


def _without_place(points: Points) -> Iterator[Finding]:
    lost = np.flatnonzero(~points.known)
    if len(lost):
        place = Place(table=f"{points.kind}s", column="lon", key=(points.codes[lost[0]],))
        yield finding("planning.point_without_place", place, _names(points, lost), count=len(lost))


def _lost(origins: Points, way: Floats) -> Iterator[Finding]:
    """Tell the origins from which no destination can be reached."""
    if not way.size:
        return
    lost = np.flatnonzero(np.isinf(way).all(axis=1))
    if len(lost):
        place = Place(table=f"{origins.kind}s", key=(origins.codes[lost[0]],))
        named = _names(origins, lost)
        found = Text(f"{named.zh}到不了任何一所学校", f"no school that can be reached from {named.en}")
        yield finding("planning.reaches_no_school", place, found, count=len(lost))


def _filled(origins: Points, destinations: Points, missing: NDArray[np.bool_]) -> Iterator[Finding]:
    row, column = np.argwhere(missing)[0]
    place = Place(table="travel_times", key=(origins.kind, origins.codes[row], destinations.codes[column]))
    many = int(missing.sum())
    yield finding("planning.travel_cell_missing", place, Text(f"缺{many}格", f"{many} cell(s) missing"), count=many)


def _names(points: Points, places: NDArray[np.intp]) -> Text:
    codes = [points.codes[index] for index in places[:_NAMED]]
    more = len(places) - len(codes)
    return Text("、".join(codes) + (f"等{len(places)}处" if more else ""), ", ".join(codes) + (f" and {more} more" if more else ""))
