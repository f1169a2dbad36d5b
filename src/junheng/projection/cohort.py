"""The middle path: every grade a year on, school by school, brought to what the county as a whole is expected to have."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from junheng.projection.changes import Changes, admitted, spread
from junheng.projection.forecast import Floats, Rolls
from junheng.projection.history import flow
from junheng.projection.known import Known, together
from junheng.projection.method import DEFAULT, Method
from junheng.projection.ratios import entry, progression
from junheng.projection.settling import pull, settled, start
from junheng.projection.shrink import TINY
from junheng.projection.transition import Transition, newcomers, transition


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Steps:
    """What each year ahead does to the pupils of the year before."""

    start: Floats  # (U, G) pupils at the origin
    ratio: Floats  # (H, U, G) pupils of a grade for each of its source, or for each child who goes to the school
    share: Floats  # (U,) of the children of the zone (or county) who enter at a school
    moves: tuple[Transition, ...]  # into later stages
    pull: float  # how far, as a power, each grade of a school returns in a year to the share of the county that is usual for it
    usual: Floats  # (U, G) that share; 0 where the school is closed


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Plan:
    """Closings and openings by index and year ahead (0 is the first)."""

    closing: tuple[tuple[int, int], ...] = ()  # (school, h)
    opening: tuple[tuple[int, int, int, float], ...] = ()  # (school, h, grade, places)
    newcomers: tuple[tuple[int, float], ...] = ()  # (grade, for each leaver of the stage before)


def plan(rolls: Rolls, changes: Changes) -> Plan:
    """Return the changes by index; those of schools or stages that the rolls do not have are left out."""
    at = {school: index for index, school in enumerate(rolls.schools)}
    first = {stage: index for index, (stage, _) in reversed(list(enumerate(rolls.grades)))}
    closing = ((at[school], max(year - rolls.years[-1] - 1, 0)) for school, year in sorted(changes.closings.items()) if school in at)
    opening = (
        (at[one.school], max(one.year - rolls.years[-1] - 1, 0), first[stage], places)
        for one in changes.openings
        for stage, places in one.intake.items()
        if stage in first
    )
    newcomers = ((first[stage], ratio) for stage, ratio in changes.newcomers.items() if stage in first)
    return Plan(closing=tuple(closing), opening=tuple(opening), newcomers=tuple(newcomers))


NOTHING = Plan()


def path(data: Known, horizon: int, method: Method = DEFAULT, changes: Plan = NOTHING) -> Floats:
    """Return the middle path (H, U, G): schools brought to the county's own forecast, so that parts and whole agree."""
    schools = walk(data, steps(data, horizon, method), horizon, changes)
    if data.pupils.shape[1] == 1:
        return schools
    county = together(data)
    whole = walk(county, steps(county, horizon, method), horizon, Plan(newcomers=changes.newcomers))[:, 0]
    return reconciled(schools, whole)


def reconciled(schools: Floats, whole: Floats) -> Floats:
    """Return the schools' path (H, U, G) scaled to the county's (H, G): the parts add up to the whole, at every horizon and grade.

    The county's own forecast has the smaller error, for it does not add up the errors of many; so it is the schools that give way.
    """
    total = schools.sum(axis=1)
    return schools * np.where(total > 0, whole / np.maximum(total, TINY), 1.0)[:, None]


def steps(data: Known, horizon: int, method: Method) -> Steps:
    """Return what every year ahead does, learnt from the years known."""
    calm = settled(flow(data.pupils, data.links, data.zone, data.zones), method)
    ratio = progression(calm.moves, data, horizon, method)
    share = np.ones(len(data.zone))
    for grade in np.flatnonzero(data.links.entry):
        ratio[:, :, grade], share = entry(data, int(grade), horizon, method)
    strength, usual = pull(data, calm.moves, method)
    return Steps(
        start=start(data, ratio[0], calm, method),
        ratio=ratio,
        share=share,
        moves=tuple(transition(data, int(grade), method) for grade in np.flatnonzero(data.links.across)),
        pull=strength,
        usual=usual,
    )


def walk(data: Known, step: Steps, horizon: int, changes: Plan = NOTHING) -> Floats:
    """Return the path (H, U, G) that the steps make from the start."""
    current, years, usual, share = step.start, [], step.usual, step.share
    children = _children(data)
    decided = dict(changes.newcomers)
    moves = [replace(move, county=decided.get(move.grade, move.county)) for move in step.moves]
    for h in range(horizon):
        closed = np.isin(np.arange(len(share)), [school for school, when in changes.closing if when <= h])
        if any(when == h for _, when in changes.closing):
            current = spread(current, closed, data.zone, data.zones)
            usual = spread(usual, closed, data.zone, data.zones)
            share = spread(share[:, None], closed, data.zone, data.zones)[:, 0]
        after = current[:, data.links.source] * step.ratio[h]
        for move in moves:
            after[:, move.grade] = newcomers(data, move, current[:, data.links.source[move.grade]])
        if children is not None:
            after[:, data.links.entry] = (children[h] * step.ratio[h][:, data.links.entry].T * share).T
        if closed.any():
            after = spread(after, closed, data.zone, data.zones)
        after = returned(after, usual, step.pull)
        current = _with_openings(after, changes, h, data, again=children is not None)
        years.append(current)
    return np.array(years)


def _children(data: Known) -> Floats | None:
    """Return (H, U): the children of each school's zone, or of the county where zones are not known."""
    if data.children is None:
        return None
    ahead = data.children[len(data.pupils) :]
    return ahead[:, data.zone] if ahead.shape[1] == data.zones else np.repeat(ahead, len(data.zone), axis=1)


def _with_openings(pupils: Floats, changes: Plan, h: int, data: Known, *, again: bool) -> Floats:
    """Return the pupils with new schools filled: every year where the grade is filled anew, else once and then carried on."""
    for school, when, grade, places in changes.opening:
        anew = bool(data.links.across[grade]) or again
        if h == when or (h > when and anew):
            pupils = admitted(pupils, school, grade, places, data.zone)
    return pupils


def returned(pupils: Floats, usual: Floats, strength: float) -> Floats:
    """Return the pupils of a year with each school nearer to its usual share, the county's total of each grade unchanged."""
    total = pupils.sum(axis=0)
    target = usual * total
    ok = (pupils > 0) & (target > 0)
    moved = np.where(ok, pupils * (np.where(ok, target, 1.0) / np.where(ok, pupils, 1.0)) ** strength, pupils)
    result: Floats = moved * np.where(total > 0, total / np.maximum(moved.sum(axis=0), TINY), 1.0)
    return result
