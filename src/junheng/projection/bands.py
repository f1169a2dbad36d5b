"""Draws around the middle path: what went wrong in the past goes wrong again, together where it went together.

Each year ahead every grade moves on with the deviation that it had, and meets a new one: one for the county, one for the cohort in
the county, one for the zone, the school, and the single grade of a school, and the noise of small counts. Their variances are
the growth, from one horizon to the next, of the errors measured on the past, so that the bands at each horizon are as wide as
forecasts at that horizon have been wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.projection.forecast import LEVELS, Floats, Floats32, Ints, Rolls
from junheng.projection.history import Chain, chain
from junheng.projection.measured import HORIZONS, PARTS, Errors
from junheng.projection.shrink import TINY

SKEWED = 0.04  # above this relative variance of its noise a count is drawn from a gamma distribution, which never falls below zero
LEAST = 0.05  # no draw falls below this part of the middle path in one step
SMALLEST = 0.5  # pupils; of less, the noise is that of half a pupil


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Simulation:
    """What is drawn around: the middle path, the children's draws, the errors to repeat."""

    rolls: Rolls
    middle: Floats  # (H, U, G)
    children: Floats32 | None  # (D, H, Z or 1) of each zone, or the county, relative to their mean; or None
    growth: dict[str, Floats]  # part -> (H,) variance that each year ahead adds
    stage: Ints  # (G,) index of the stage
    stages: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Drawn:
    """Bands at LEVELS and draws by stage, shapes as in Forecast."""

    bands: Floats32
    zone_bands: Floats32
    county_bands: Floats32
    draws: Floats32


def growth(errors: Errors, horizon: int) -> dict[str, Floats]:
    """Return the variance that each year ahead adds to each part: never less than nothing; beyond what was measured, the mean growth."""
    grown = {}
    for part in PARTS:
        curve = np.maximum.accumulate(np.nan_to_num(getattr(errors, part)))
        step = np.diff(curve, prepend=0.0)
        beyond = np.full(max(horizon - HORIZONS, 0), curve[-1] / HORIZONS)
        grown[part] = np.concatenate([step, beyond])[:horizon]
    return grown


def simulate(task: Simulation, draws: int, seed: int, progress: Callable[[float], None] | None = None) -> Drawn:
    """Return bands and draws; the same seed gives the same draws."""
    horizon, schools, grades = task.middle.shape
    zones = len(task.rolls.zones)
    bands = np.empty((len(LEVELS), horizon, schools, grades), np.float32)
    zone_bands = np.empty((len(LEVELS), horizon, zones, grades), np.float32)
    county_bands = np.empty((len(LEVELS), horizon, grades), np.float32)
    by_stage = np.empty((draws, horizon, schools, task.stages), np.float32)
    rng = np.random.Generator(np.random.SFC64(seed))
    links = chain(task.rolls.grades)
    ages = _ages(links, horizon)
    state = np.ones((schools, grades, draws), np.float32)  # each draw's pupils as a multiple of the middle path
    met = np.ones((draws,), np.float32), np.ones((schools, draws), np.float32)  # by all grades since the origin: of the county, of a school
    before = np.ones((schools, grades))
    for h in range(horizon):
        state = _carried(state, met, before, task, links, h)
        of_county, of_school = _shocked(state, task, ages[h], h, rng)
        met = met[0] * of_county, met[1] * of_school
        before = task.middle[h]
        pupils = state * before.astype(np.float32)[:, :, None]
        bands[:, h] = quantiles(pupils)
        zone_bands[:, h] = quantiles(_zone_sums(pupils, task.rolls.zone, zones))
        county_bands[:, h] = quantiles(pupils.sum(axis=0))
        for stage in range(task.stages):
            by_stage[:, h, :, stage] = pupils[:, task.stage == stage].sum(axis=1).T
        if progress is not None:
            progress((h + 1) / horizon)
    return Drawn(bands=bands, zone_bands=zone_bands, county_bands=county_bands, draws=by_stage)


def quantiles(values: Floats32) -> Floats32:
    """Return the quantiles at LEVELS over the last axis, first axis of the result."""
    count = values.shape[-1]
    places = [round(level * (count - 1)) for level in LEVELS]
    ordered = np.partition(values, sorted(set(places)), axis=-1)
    return np.moveaxis(ordered[..., places], -1, 0)


def _ages(links: Chain, horizon: int) -> Ints:
    """Return (H, G): how many years ago, at each year ahead, a grade's pupils were counted or entered."""
    ages = np.empty((horizon, len(links.source)), np.intp)
    current = np.zeros(len(links.source), np.intp)
    for h in range(horizon):
        current = np.where(links.entry, 0, current[links.source] + 1)
        ages[h] = current
    return ages


def _carried(state: Floats32, met: tuple[Floats32, Floats32], before: Floats, task: Simulation, links: Chain, h: int) -> Floats32:
    """Return each grade's deviation as it comes from its source: the grade before, all schools together, or the children.

    Who enters a school that has lost pupils for years enters a smaller school: what it has met comes on top of the newcomers' deviation.
    """
    carried: Floats32 = state[:, links.source]
    for grade in np.flatnonzero(links.across):
        weight = before[:, links.source[grade]] / max(before[:, links.source[grade]].sum(), 1e-9)
        carried[:, grade] = np.tensordot(weight.astype(np.float32), state[:, links.source[grade]], axes=1) * met[1]
    if task.children is not None:
        zone = task.rolls.zone if task.children.shape[2] > 1 else np.zeros_like(task.rolls.zone)
        carried[:, links.entry] = (task.children[:, h].T[zone] * met[0] * met[1])[:, None]
    return carried


def _shocked(state: Floats32, task: Simulation, ages: Ints, h: int, rng: np.random.Generator) -> tuple[Floats32, Floats32]:
    """Multiply in place by this year's new deviations, whose means are 1; return those of the county (D,) and of schools (U, D)."""
    _, grades, draws = state.shape
    links = chain(task.rolls.grades)
    new = links.entry if task.children is not None else np.zeros_like(links.entry)
    index = np.clip(ages - 1, 0, h)  # years since they were counted or entered
    shared = np.sqrt(task.growth["county"][h]) * rng.standard_normal((1, draws), np.float32)
    single = np.sqrt(_of_grades(task, "grade", "entry", new, index, h)).astype(np.float32)
    factor = shared + single[:, None] * rng.standard_normal((grades, draws), np.float32)
    state *= np.maximum(1 + factor, LEAST)[None]
    school = _of_schools(task, h, draws, rng)
    of_school = np.maximum(1 + school, LEAST)
    state *= of_school[:, None]
    cell = _of_grades(task, "cell", "intake", new, index, h)
    count = np.where(new, task.growth["count"][0], task.growth["count"][index])
    _noise(state, task.middle[h], cell, count, rng)
    return np.maximum(1 + shared[0], LEAST), of_school


def _of_schools(task: Simulation, h: int, draws: int, rng: np.random.Generator) -> Floats32:
    """Return (U, D) what the zone and the school of all grades meet this year, beyond the county and beyond the zone.

    Errors were measured so: what schools have in common is their zone's, what zones have in common the county's. Without that the
    errors of few large schools would come on top of the county's own, in which they are already.
    """
    zone, zones = task.rolls.zone, len(task.rolls.zones)
    size = np.maximum(task.middle[h].sum(axis=1), TINY)
    school = np.sqrt(task.growth["school"][h]) * rng.standard_normal((len(zone), draws), np.float32)
    member = (zone == np.arange(zones)[:, None]) * size
    of_zone = np.maximum(member.sum(axis=1), TINY)
    school -= ((member / of_zone[:, None]).astype(np.float32) @ school)[zone]
    if zones > 1:
        own = np.sqrt(task.growth["zone"][h]) * rng.standard_normal((zones, draws), np.float32)
        school += (own - (of_zone / of_zone.sum()).astype(np.float32) @ own)[zone]
    result: Floats32 = school
    return result


def _of_grades(task: Simulation, moving: str, entering: str, new: NDArray[np.bool_], index: Ints, h: int) -> Floats:
    """Return (G,) the variance that this year adds: for those who enter, all of what the years since the origin make uncertain."""
    variance: Floats = np.where(new, task.growth[entering][: h + 1].sum(), task.growth[moving][index])
    return variance


def _noise(state: Floats32, middle: Floats, cell: Floats, count: Floats, rng: np.random.Generator) -> None:
    """Multiply in place by the noise of single grades: normal where it is small, gamma where the count is."""
    variance = cell[None] + count[None] / np.maximum(middle, SMALLEST)
    small = variance > SKEWED
    if (~small).any():
        spread = np.sqrt(variance[~small]).astype(np.float32)
        state[~small] *= np.maximum(1 + spread[:, None] * rng.standard_normal((len(spread), state.shape[2]), np.float32), LEAST)
    if small.any():
        shape = (1 / variance[small]).astype(np.float32)[:, None]
        state[small] *= rng.standard_gamma(shape, (len(shape), state.shape[2]), np.float32) / shape


def _zone_sums(pupils: Floats32, zone: Ints, zones: int) -> Floats32:
    """Return sums over the schools of each zone: (U, G, D) to (Z, G, D)."""
    total = np.zeros((zones, *pupils.shape[1:]), np.float32)
    for index in range(zones):
        members: NDArray[np.intp] = np.flatnonzero(zone == index)
        total[index] = pupils[members].sum(axis=0)
    return total
