"""Ratios of small numbers, pooled: each school leans on its zone, each zone on the county, the more so the less its own years tell.

A unit's ratio m of pupils after to those expected has a variance v from year to year, of which a part falls with its size; true ratios
differ between units with a variance t around 1. The best guess of the true ratio is 1 + (m - 1) t / (t + v): the whole of what it
shows where v is small, nothing where units do not differ. v and t are estimated from the county's own years. Older years count
less, by a constant factor a year.
Sources: Efron and Morris 1975, Data analysis using Stein's estimator, JASA 70; Paule and Mandel 1982, Consensus values and
weighting factors, Journal of Research of the NBS 87 (the variance between units).
"""

from __future__ import annotations

import numpy as np

from junheng.projection.forecast import Floats, Ints

TINY = 1e-9
LEAST_NOISE = 0.05  # pupils for each pupil: even who stays in a class is a little random
HALVINGS = 40
WIDEST = 4.0  # variance between units; more would say that half of all ratios are beyond 3


def remembered(values: Floats, memory: float) -> Floats:
    """Return the sum over years in which each year counts `memory` times as much as the next; values: (years, …), latest last."""
    weights = memory ** np.arange(len(values) - 1, -1, -1.0)
    total: Floats = np.tensordot(weights, values, axes=1)
    return total


def pooled(after: Floats, expected: Floats, memory: float, lean: float = 1.0) -> Floats:
    """Return each unit's ratio of pupils after to those expected, leaning on 1: (U, …) from (years, U, …). `lean` multiplies v."""
    total, every = remembered(after, memory), remembered(expected, memory)
    own = np.where(every > 0, total / np.maximum(every, TINY), 1.0)
    count, size = _noise(after, expected, own, every)
    squares = np.maximum(every, TINY) ** 2
    years = lean * (count * remembered(expected, memory**2) + size * remembered(expected**2, memory**2)) / squares
    years = np.where(every > 0, np.maximum(years, TINY), np.inf)
    between = _between(own, years)
    ratios: Floats = 1 + (own - 1) * between / (between + years)
    return ratios


def _noise(after: Floats, expected: Floats, own: Floats, every: Floats) -> tuple[float, float]:
    """Return (count, size): the variance of a year's count around its unit's ratio is count x expected + size x expected squared."""
    here = expected >= 1
    steps = float(max(here.sum() - (every > 0).sum(), 1))
    use = np.where(here, expected, 1.0)
    misfit = np.where(here, (after - expected * own) ** 2, 0.0) * here.sum() / steps
    per_pupil, relative = float((misfit / use).sum()), float((misfit / use**2).sum())
    number, pupils, inverse = float(here.sum()), float(use[here].sum()), float((1 / use[here]).sum())
    slope = pupils * inverse - number**2
    size = (inverse * per_pupil - number * relative) / slope if slope > TINY else 0.0
    if size <= 0:
        return max(per_pupil / max(number, 1.0), LEAST_NOISE), 0.0
    count = (per_pupil - size * pupils) / max(number, 1.0)
    return (count, size) if count > LEAST_NOISE else (LEAST_NOISE, relative / max(number, 1.0))


def _between(own: Floats, years: Floats) -> Floats:
    """Return the variance between units for each of the trailing axes: that at which squared deviations are as large as expected."""
    known = np.isfinite(years)
    number = known.sum(axis=0)
    low, high = np.zeros(own.shape[1:]), np.full(own.shape[1:], WIDEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        excess = np.where(known, (own - 1) ** 2 / (middle + years), 0.0).sum(axis=0) > number
        low, high = np.where(excess, middle, low), np.where(excess, high, middle)
    return low


def grouped(values: Floats, group: Ints, groups: int) -> Floats:
    """Return sums over units by group; values: (…, units), the result: (…, groups)."""
    total = np.zeros((*values.shape[:-1], groups))
    for index in range(groups):
        total[..., index] = values[..., group == index].sum(axis=-1)
    return total
