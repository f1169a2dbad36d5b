"""The middle path: every grade a year on, school by school, brought to what the county as a whole is expected to have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.projection.forecast import Entrants, Floats, Ints, Rolls
from junheng.projection.history import Chain, Flow, chain, filled, flow
from junheng.projection.method import DEFAULT, Method
from junheng.projection.shrink import TINY, grouped, pooled, remembered

USUAL_YEARS = 5  # steps from which one may say what is usual
LEAST_SPREAD = 0.005  # of a year's total: smaller changes surprise nobody


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
    pull: float  # how far, as a power, each grade of a school returns in a year to the share of the county that is usual for it
    usual: Floats  # (U, G) that share; 0 where the school is closed


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
    """Return the county as one school; a school that is not known in a year in which others are counts as nobody."""
    return _summed(data, np.zeros_like(data.zone), 1)


def by_zone(data: Known) -> Known:
    """Return each zone as one school."""
    return _summed(data, data.zone, data.zones)


def _summed(data: Known, group: Ints, groups: int) -> Known:
    pupils = np.swapaxes(grouped(np.swapaxes(np.nan_to_num(data.pupils), 1, 2), group, groups), 1, 2)
    pupils[np.isnan(data.pupils).all(axis=(1, 2))] = np.nan
    children = data.children
    if children is not None and children.shape[1] != groups:
        children = children.sum(axis=1, keepdims=True)
    return Known(pupils=pupils, children=children, links=data.links, zone=np.arange(groups), zones=groups)


def steps(data: Known, horizon: int, method: Method) -> Steps:
    """Return the ratios, shares and start of every year ahead."""
    moves, passing = _settled(flow(data.pupils, data.links, data.zone, data.zones), method)
    ratio = _ratios(moves, data, horizon, method)
    share = _shares(data, method)
    for grade in np.flatnonzero(data.links.entry):
        ratio[:, :, grade], share[:, grade] = _entry(data, int(grade), horizon, method)
    for grade in np.flatnonzero(data.links.across):
        before = np.nansum(data.pupils[:-1, :, data.links.source[grade]], axis=1)
        ratio[:, :, grade] = _remembered_ratio(np.nansum(data.pupils[1:, :, grade], axis=1), before, method.grade_memory)
    pull, usual = _pull(data, moves, method)
    return Steps(ratio=ratio, share=share, start=_start(data, ratio[0], method) / np.exp(passing), pull=pull, usual=usual)


def _settled(moves: Flow, method: Method) -> tuple[Flow, float]:
    """Return the steps with what lies beyond all custom taken out of a year, and how much of that (as a log) is in the last count.

    A year in which all grades of all schools together fall or rise by more than `passing` times the usual is believed up to
    that: the rest is taken to pass, as in a filter that bounds its surprises (Masreliez and Martin 1977). A change that stays
    is believed a year later, since the count is then no surprise any more.
    """
    after, before = moves.after.sum(axis=(1, 2)), moves.before.sum(axis=(1, 2))
    ok = (after > 0) & (before > 0)
    change = np.log(np.where(ok, after, 1.0) / np.where(ok, before, 1.0))
    if ok.sum() < USUAL_YEARS:
        return moves, 0.0
    usual = np.median(change[ok])
    spread = max(float(np.median(np.abs(change[ok] - usual))) / 0.6745, LEAST_SPREAD)
    beyond = np.where(ok, change - usual - np.clip(change - usual, -method.passing * spread, method.passing * spread), 0.0)
    return Flow(before=moves.before, after=moves.after / np.exp(beyond)[:, None, None]), float(beyond[-1])


def _pull(data: Known, moves: Flow, method: Method) -> tuple[float, Floats]:
    """Return how strongly schools have returned to their usual share of each grade, and that share now: (U, G).

    A school has as many classes as it has: a cohort too large for it goes elsewhere, a small one is filled up. The strength is the
    slope of what came, beyond what was expected, on the distance from the usual share, over all schools and known years.
    """
    pupils = np.nan_to_num(data.pupils)
    there = np.isfinite(data.pupils) & (pupils.sum(axis=2) > 0)[:, :, None]
    share = np.where(there, pupils / np.maximum(pupils.sum(axis=1, keepdims=True), TINY), 0.0)
    usual = np.zeros_like(share[0])
    weight, product, square = np.zeros_like(usual), 0.0, 0.0
    whole = moves.after.sum(axis=1) / np.maximum(moves.before.sum(axis=1), TINY)
    for t in range(len(share)):
        if t:
            expected, came = moves.before[t - 1] * whole[t - 1], moves.after[t - 1]
            ok = (expected >= 1) & (came >= 1) & (usual > 0)
            distance = np.where(ok, np.log(np.where(ok, usual * came.sum(axis=0), 1.0) / np.where(ok, expected, 1.0)), 0.0)
            beyond = np.where(ok, np.log(np.where(ok, came, 1.0) / np.where(ok, expected, 1.0)), 0.0)
            size = np.where(ok, np.sqrt(expected), 0.0)
            product, square = product + (size * distance * beyond).sum(), square + (size * distance**2).sum()
        weight = np.where(there[t], method.usual_memory * weight + 1, weight)
        usual = np.where(there[t], usual + (share[t] - usual) / np.maximum(weight, 1.0), usual)
    strength = float(np.clip(product / square, 0.0, 1.0)) if square > TINY else 0.0
    return method.pull * strength, np.where(there[-1], usual, 0.0)


def _entry(data: Known, grade: int, horizon: int, method: Method) -> tuple[Floats, Floats]:
    """Return (H, U) ratios of entrants to the children of a zone (or the county), and (U,) each school's share of them."""
    here = np.nan_to_num(data.pupils[:, :, grade])
    if data.children is None:  # as many as last year
        return np.ones((horizon, here.shape[1])), np.ones(here.shape[1])
    zoned = data.children.shape[1] == data.zones
    group, groups = (data.zone, data.zones) if zoned else (np.zeros_like(data.zone), 1)
    came, children = grouped(here, group, groups), data.children[: len(here)]
    known = np.isfinite(children) & np.isfinite(data.pupils[:, :, grade]).any(axis=1)[:, None]
    came, children = np.where(known, came, 0.0), np.where(known, children, 0.0)
    county = _remembered_ratio(came.sum(axis=1), children.sum(axis=1), method.entry_memory)
    year = came.sum(axis=1) / np.maximum(children.sum(axis=1), TINY)
    own = pooled(came, children * year[:, None], method.zone_memory) if zoned else np.ones(groups)
    total = grouped(_recent(data, here, method), group, groups)
    share = _recent(data, here, method) / np.maximum(total[group], TINY)
    return np.repeat((county * own)[group][None], horizon, axis=0), share


def _ratios(moves: Flow, data: Known, horizon: int, method: Method) -> Floats:
    """Return (H, U, G): the county's ratio of a grade x zone x school x single grade of a school."""
    after, before = moves.after.sum(axis=1), moves.before.sum(axis=1)
    grade = _grade_ratio(after, before, method.grade_memory)
    ahead = np.arange(1, horizon + 1)
    expected = moves.before * np.where(before > 0, after / np.maximum(before, TINY), 1.0)[:, None]
    total = moves.after.sum(axis=2)
    of_zones = grouped(expected.sum(axis=2), data.zone, data.zones)
    zone = pooled(grouped(total, data.zone, data.zones), of_zones, method.unit_memory, method.unit_lean)[data.zone]
    unit = pooled(total, (expected * zone[:, None]).sum(axis=2), method.unit_memory, method.unit_lean)
    expected = expected * (zone * unit)[:, None]
    cell = pooled(moves.after, expected, method.cell_memory, method.cell_lean) if expected.shape[2] > 1 else 1.0
    lasting = (zone * unit)[None] ** (method.unit_fades ** (ahead - 1))[:, None]
    result: Floats = grade * lasting[:, :, None] * cell
    return result


def _grade_ratio(after: Floats, before: Floats, memory: float) -> Floats:
    """Return (G,) the county's ratio of each grade; 1 where nobody was there before."""
    total = remembered(before, memory)
    ratio: Floats = np.where(total > 0, remembered(after, memory) / np.maximum(total, TINY), 1.0)
    return ratio


def _recent(data: Known, here: Floats, method: Method) -> Floats:
    """Return (U, …) each school's mean over the years in which it was there, the latest most; closed schools have none."""
    there = (np.nansum(data.pupils, axis=2) > 0).reshape(data.pupils.shape[:2] + (1,) * (here.ndim - 2))
    years = remembered(np.where(there, 1.0, 0.0), method.share_memory)
    mean: Floats = np.where(there[-1], remembered(np.where(there, here, 0.0), method.share_memory) / np.maximum(years, TINY), 0.0)
    return mean


def _shares(data: Known, method: Method) -> Floats:
    """Return (U, G): a school's part of all who come into a grade of the county."""
    mean = _recent(data, np.nan_to_num(data.pupils), method)
    total = mean.sum(axis=0)
    result: Floats = mean / np.where(total > 0, total, 1.0)
    return result


def _remembered_ratio(after: Floats, before: Floats, memory: float) -> float:
    """Return the ratio of sums over the years in which both are known, 1 where there is none."""
    ok = np.isfinite(before) & (before > 0) & (after > 0)
    return float(remembered(np.where(ok, after, 0.0), memory) / remembered(np.where(ok, before, 0.0), memory)) if ok.any() else 1.0


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
    children = None if data.children is None else data.children[len(data.pupils) :]
    if children is not None:
        children = children[:, data.zone] if children.shape[1] == data.zones else np.repeat(children, len(data.zone), axis=1)
    for h in range(horizon):
        after = current[:, links.source] * step.ratio[h]
        for grade in np.flatnonzero(links.across):
            after[:, grade] = current[:, links.source[grade]].sum() * step.ratio[h, :, grade] * step.share[:, grade]
        if children is not None:
            for grade in np.flatnonzero(links.entry):
                after[:, grade] = children[h] * step.ratio[h, :, grade] * step.share[:, grade]
        current = _pulled(after, step)
        years.append(current)
    return np.array(years)


def _pulled(after: Floats, step: Steps) -> Floats:
    """Return the pupils of a year with each school nearer to its usual share, the county's total of each grade unchanged."""
    total = after.sum(axis=0)
    target = step.usual * total
    ok = (after > 0) & (target > 0)
    moved = np.where(ok, after * (np.where(ok, target, 1.0) / np.where(ok, after, 1.0)) ** step.pull, after)
    result: Floats = moved * np.where(total > 0, total / np.maximum(moved.sum(axis=0), TINY), 1.0)
    return result
