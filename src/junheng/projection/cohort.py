"""The middle path: every grade a year on, school by school, brought to what the county as a whole is expected to have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.projection.forecast import Entrants, Floats, Ints, Rolls
from junheng.projection.history import Chain, Flow, chain, filled, flow
from junheng.projection.method import DEFAULT, Method
from junheng.projection.shrink import grouped, pooled, remembered


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Known:
    """What a forecast learns from: the filled rolls up to the origin, and the children who will enter."""

    pupils: Floats  # (T, U, G), gaps bridged
    children: Floats | None  # (T + H, Z) children at the age of entry, or None where nobody counted them
    links: Chain
    zone: Ints  # (U,)
    zones: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Steps:
    """What each year ahead multiplies: with these a middle path and every draw around it are worked out."""

    ratio: Floats  # (H, U, G) pupils of a grade for each pupil of its source, or for each child where children are known
    share: Floats  # (U, G) of the county's (or zone's) children or pupils of the earlier stage who go to a school
    start: Floats  # (U, G) pupils at the origin


def known(rolls: Rolls, entrants: Entrants | None, until: int | None = None, horizon: int = 0) -> Known:
    """Return what was known at the end of year index `until` (the last one unless said); children ahead are the mean of their draws."""
    links = chain(rolls.grades)
    last = len(rolls.years) if until is None else until + 1
    pupils = filled(_cut(rolls, last), links)
    children = None
    if entrants is not None:
        ahead = entrants.ahead[:, :horizon].mean(axis=0, dtype=np.float64)
        children = _to_zones(np.concatenate([entrants.known[:last], ahead]), entrants.zones, rolls.zones)
    return Known(pupils=pupils, children=children, links=links, zone=rolls.zone, zones=len(rolls.zones))


def _cut(rolls: Rolls, last: int) -> Rolls:
    return Rolls(
        years=rolls.years[:last],
        schools=rolls.schools,
        grades=rolls.grades,
        pupils=rolls.pupils[:last],
        zones=rolls.zones,
        zone=rolls.zone,
    )


def _to_zones(children: Floats, given: tuple[str, ...], zones: tuple[str, ...]) -> Floats:
    """Return children by the zones of the rolls; where the zones differ only the total is used, in one column."""
    if given == zones:
        return children
    if set(given) == set(zones):
        return children[:, [given.index(zone) for zone in zones]]
    return children.sum(axis=1, keepdims=True)


def path(data: Known, horizon: int, method: Method = DEFAULT) -> Floats:
    """Return the middle path (H, U, G): schools brought to the county's own forecast, so that parts and whole agree."""
    schools = walk(data, steps(data, horizon, method), horizon)
    if data.pupils.shape[1] == 1 or not method.whole:
        return schools
    county = together(data)
    whole = walk(county, steps(county, horizon, method), horizon)[:, 0]
    total = schools.sum(axis=1)
    scale = np.where(total > 0, whole / np.maximum(total, 1e-9), 1.0) ** method.whole
    return schools * scale[:, None]


def together(data: Known) -> Known:
    """Return the county as one school; a year in which a school is not known cannot be summed and is carried by those that are."""
    pupils = np.nansum(data.pupils, axis=1, keepdims=True)
    pupils[np.isnan(data.pupils).all(axis=1, keepdims=True)] = np.nan
    children = None if data.children is None else data.children.sum(axis=1, keepdims=True)
    return Known(pupils=pupils, children=children, links=data.links, zone=np.zeros(1, np.intp), zones=1)


def steps(data: Known, horizon: int, method: Method) -> Steps:
    """Return the ratios, shares and start of every year ahead."""
    moves = flow(data.pupils, data.links, data.zone, data.zones)
    share = _shares(data, method)
    ratio = _ratios(moves, data, horizon, method)
    outside = data.links.entry & (data.children is not None)
    for grade in np.flatnonzero(data.links.across | outside):
        ratio[:, :, grade] = _county_ratio(data, int(grade), horizon, method)[:, None]
    return Steps(ratio=ratio, share=share, start=_start(data, ratio[0], method))


def _ratios(moves: Flow, data: Known, horizon: int, method: Method) -> Floats:
    """Return (H, U, G): the county's ratio of a grade x what the last years had in common x zone x school x single grade of a school."""
    before, after = moves.before.sum(axis=1), moves.after.sum(axis=1)
    grade = remembered(after, method.grade_memory) / np.maximum(remembered(before, method.grade_memory), 1e-9)
    grade = np.where(remembered(before, method.grade_memory) > 0, grade, 1.0)
    ahead = np.arange(1, horizon + 1)
    common = np.log(np.maximum(after.sum(axis=1), 1e-9) / np.maximum((before * grade).sum(axis=1), 1e-9))
    common = np.where((before.sum(axis=1) > 0) & (after.sum(axis=1) > 0), common, 0.0)
    recent = remembered(common, method.year_memory) / remembered(np.ones(len(common)), method.year_memory)
    year = np.exp(method.year_weight * recent * method.year_fades**ahead)
    own = np.where(before > 0, after / np.maximum(before, 1e-9), 1.0)
    expected = moves.before * own[:, None]
    zone = pooled(
        grouped(remembered(moves.after.sum(axis=2), method.unit_memory), data.zone, data.zones),
        grouped(remembered(expected.sum(axis=2), method.unit_memory), data.zone, data.zones),
        method.zone_weight,
    )[data.zone]
    expected = expected * zone[:, None]
    unit = pooled(
        remembered(moves.after.sum(axis=2), method.unit_memory), remembered(expected.sum(axis=2), method.unit_memory), method.unit_weight
    )
    expected = expected * unit[:, None]
    cell = pooled(remembered(moves.after, method.cell_memory), remembered(expected, method.cell_memory), method.cell_weight)
    lasting = (zone * unit)[None] ** (method.unit_fades ** (ahead - 1))[:, None]
    result: Floats = grade * year[:, None, None] * lasting[:, :, None] * cell
    return result


def _shares(data: Known, method: Method) -> Floats:
    """Return (U, G): a school's part of all who enter a grade, from the years in which it was there; closed schools have none."""
    here = np.where(np.isfinite(data.pupils), data.pupils, 0.0)
    there = (here.sum(axis=2) > 0)[:, :, None]
    own = remembered(here, method.share_memory)
    every = remembered(np.where(there, here.sum(axis=1)[:, None], 0.0), method.share_memory)
    share = np.where(there[-1], own / np.maximum(every, 1e-9), 0.0)
    total = share.sum(axis=0)
    result: Floats = share / np.where(total > 0, total, 1.0)
    return result


def _county_ratio(data: Known, grade: int, horizon: int, method: Method) -> Floats:
    """Return (H,): those who come into a grade for each child, or for each pupil who was in the last grade of the earlier stage."""
    after = np.nansum(data.pupils[:, :, grade], axis=1)
    if data.links.entry[grade]:
        before = data.children[: len(after)].sum(axis=1) if data.children is not None else after
    else:
        before = np.concatenate([[np.nan], np.nansum(data.pupils[:-1, :, data.links.source[grade]], axis=1)])
    ok = np.isfinite(before) & (before > 0) & (after > 0)
    if not ok.any():
        return np.ones(horizon)
    memory = method.entry_memory if data.links.entry[grade] else method.grade_memory
    ratio = remembered(np.where(ok, after, 0.0), memory) / remembered(np.where(ok, before, 0.0), memory)
    return np.full(horizon, ratio)


def _start(data: Known, ratio: Floats, method: Method) -> Floats:
    """Return the last counts, leaning a little on what the year before made one expect: a single count carries its own noise."""
    last = np.where(np.isfinite(data.pupils[-1]), data.pupils[-1], 0.0)
    if len(data.pupils) < 3 or not method.smooth:
        return last
    expected = data.pupils[-2][:, data.links.source] * ratio
    inside = ~(data.links.entry | data.links.across) & (data.links.source != np.arange(last.shape[1]))
    lean = np.isfinite(expected) & (expected > 0) & (last > 0) & inside
    return np.where(lean, last * (np.where(lean, expected, 1.0) / np.maximum(last, 1e-9)) ** method.smooth, last)


def walk(data: Known, step: Steps, horizon: int) -> Floats:
    """Return the path (H, U, G) that the steps make from the start."""
    links, current, years = data.links, step.start, []
    children = None if data.children is None else data.children[len(data.pupils) :].sum(axis=1)
    for h in range(horizon):
        after = current[:, links.source] * step.ratio[h]
        for grade in np.flatnonzero(links.across):
            after[:, grade] = current[:, links.source[grade]].sum() * step.ratio[h, :, grade] * step.share[:, grade]
        if children is not None:
            for grade in np.flatnonzero(links.entry):
                after[:, grade] = children[h] * step.ratio[h, :, grade] * step.share[:, grade]
        current = after
        years.append(after)
    return np.array(years)
