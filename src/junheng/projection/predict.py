"""The forecast: the middle path of every school, and draws around it from errors measured on the past."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from junheng.documents import finding
from junheng.errors import Place
from junheng.projection.bands import Drawn, Simulation, growth, simulate
from junheng.projection.changes import Changes, opened
from junheng.projection.cohort import path, plan
from junheng.projection.forecast import Entrants, Floats, Floats32, Forecast, Ints, Rolls
from junheng.projection.known import known
from junheng.projection.measured import Errors, as_it_came
from junheng.projection.method import DEFAULT, Method
from junheng.projection.widths import EntrantsAt, Learnt, Widths

SEED = 20260901
NO_CHANGES = Changes()


def forecast(
    rolls: Rolls,
    entrants: Entrants | None,
    *,
    horizon: int,
    draws: int = 2000,
    seed: int = SEED,
    method: Method = DEFAULT,
    entrants_at: EntrantsAt | None = None,
    errors: Learnt | None = None,
    changes: Changes = NO_CHANGES,
    progress: Callable[[float], None] | None = None,
) -> Forecast:
    """Forecast the pupils of every school and grade for `horizon` years after the last year of the rolls.

    entrants: children at the age of the first grade of the rolls; None where nobody counted them: as many enter as last year.
    entrants_at: those children as they stood at an earlier year's index; only asked where they come as a single path, without draws.
    errors: where the caller has them already; else they are measured on the history, or pooled where it is short.
    changes: schools that close or open in the years ahead; new ones are added behind the schools of the rolls.
    The middle path is a sum of schools everywhere; bands of zones and county are those of sums. progress is told a share 0..1.
    """
    last = len(rolls.years) - 1
    rolls = opened(rolls, changes.openings)
    middle = path(known(rolls, entrants, None, horizon), horizon, method, plan(rolls, changes))
    basis, sure, findings = errors or Widths(rolls, _as_they_stood(entrants, entrants_at, last), method).at(last)
    if entrants is not None and entrants.ahead.shape[1] < horizon:
        known_to = rolls.years[-1] + entrants.ahead.shape[1]
        findings = (
            *findings,
            finding("projection.children_end_early", Place(table="births"), str(known_to), until=rolls.years[-1] + horizon),
        )
    drawn = around(rolls, middle, entrants, sure, draws, seed, progress)
    stages, _ = stage_index(rolls)
    return Forecast(
        origin=rolls.years[-1],
        years=tuple(rolls.years[-1] + 1 + h for h in range(horizon)),
        schools=rolls.schools,
        grades=rolls.grades,
        stages=stages,
        zones=rolls.zones,
        zone=rolls.zone,
        middle=middle.astype(np.float32),
        bands=drawn.bands,
        zone_bands=drawn.zone_bands,
        county_bands=drawn.county_bands,
        draws=drawn.draws,
        basis=basis,
        seed=seed,
        findings=findings,
    )


def _as_they_stood(entrants: Entrants | None, entrants_at: EntrantsAt | None, last: int) -> EntrantsAt:
    """Return the children at any origin: those given at the last one; before it as told, else as they came."""
    earlier = entrants_at or as_it_came(entrants)
    return lambda origin: entrants if origin == last else earlier(origin)


def stage_index(rolls: Rolls) -> tuple[tuple[str, ...], Ints]:
    """Return the stages in order and, for each grade, the index of its stage."""
    stages = tuple(dict.fromkeys(stage for stage, _ in rolls.grades))
    return stages, np.array([stages.index(stage) for stage, _ in rolls.grades], np.intp)


def around(
    rolls: Rolls,
    middle: Floats,
    entrants: Entrants | None,
    errors: Errors,
    draws: int,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> Drawn:
    """Return bands and draws around a middle path."""
    stages, index = stage_index(rolls)
    horizon = len(middle)
    task = Simulation(
        rolls=rolls,
        middle=middle,
        children=None if entrants is None else _relative(entrants, rolls.zones, horizon, draws),
        growth=growth(errors, horizon),
        stage=index,
        stages=len(stages),
    )
    return simulate(task, draws, seed, progress)


def _relative(entrants: Entrants, zones: tuple[str, ...], horizon: int, draws: int) -> Floats32:
    """Return (D, H, Z) each draw's children relative to their mean, repeated or cut to the number of draws.

    By the zones of the rolls where both have the same, else one column for the county. After the last year known its draws go on.
    """
    if not entrants.ahead.shape[1]:
        return np.ones((draws, horizon, 1), np.float32)
    ahead = entrants.ahead[:, np.minimum(np.arange(horizon), entrants.ahead.shape[1] - 1)]
    if set(entrants.zones) == set(zones):
        ahead = ahead[:, :, [entrants.zones.index(zone) for zone in zones]]
    else:
        ahead = ahead.sum(axis=2, keepdims=True)
    mean = ahead.mean(axis=0, dtype=np.float64)
    share = np.where(mean > 0, ahead / np.where(mean > 0, mean, 1.0), 1.0)
    result: Floats32 = share[np.arange(draws) % len(share)].astype(np.float32)
    return result
