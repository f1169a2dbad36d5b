"""Five-year age groups to single ages: the penalised composite link model, with every group's total kept exactly.

The model (Eilers 2007; Rizzi, Gampe and Eilers 2015, American Journal of Epidemiology 182: 138-147) supposes that the numbers by
single age are smooth on the logarithmic scale and finds the smoothest ones that the counted groups make likely. Where the shape of
the cohorts is known from elsewhere (births of a larger area by year), the numbers are smooth beside that shape, not in themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from junheng.projection.forecast import Floats

# How much smoothness weighs against closeness to the counts; chosen on half of the townships of the Tainan example and measured on
# the other half (tests/projection/test_ages.py). Anything between a tenth and ten times as much does about as well.
SMOOTHNESS = 1000.0
TOP = 100  # an open group ends here: whoever is older counts as this age

_STEPS = 60
_NEAR = 1e-5
_LOWEST, _HIGHEST = -30.0, 30.0  # of the logarithm of persons at one age
_ROOM = 512  # series solved at once, so that memory stays flat in their number


def single_ages(
    persons: Floats,
    first: Sequence[int],
    last: Sequence[int | None],
    *,
    shape: Floats | None = None,
    top: int = TOP,
) -> Floats:
    """Return whole persons by single age from persons by age group; each group's total is kept to the unit.

    persons: (..., G) counted persons, 0 or more; nan: a group that was not counted. first, last: (G,) its first and last age, in
    order and without overlap; a last of None is open and reaches to `top`. shape: (A,) or (..., A) positive numbers, such as births
    of the years in which each age was born; only its form counts.
    Returns (..., A) with A = highest age + 1, at least 0 and whole. Ages of a group that was not counted, or of no group, are nan,
    not zero. Raises ValueError when groups overlap or are out of order: the table's check finds that first.
    """
    ends = [top if age is None else age for age in last]
    _refuse_overlap(first, ends)
    ages = max(ends) + 1
    composition = np.zeros((len(ends), ages))
    for group, (start, end) in enumerate(zip(first, ends, strict=True)):
        composition[group, start : end + 1] = 1.0
    counted = np.asarray(persons, dtype=np.float64)
    flat = counted.reshape(-1, len(ends))
    beside = np.ones((1, ages)) if shape is None else np.asarray(shape, dtype=np.float64).reshape(-1, ages)
    beside = np.broadcast_to(beside, (len(flat), ages))
    smooth = np.empty((len(flat), ages))
    for start in range(0, len(flat), _ROOM):
        part = slice(start, start + _ROOM)
        smooth[part] = _smooth(flat[part], composition, beside[part])
    return _whole(smooth, flat, first, ends).reshape(*counted.shape[:-1], ages)


def _refuse_overlap(first: Sequence[int], ends: Sequence[int]) -> None:
    for before, after in zip(ends, first[1:], strict=False):
        if after <= before:
            raise ValueError(f"age groups overlap or are out of order at age {after}")
    if any(end < start for start, end in zip(first, ends, strict=True)):
        raise ValueError("an age group ends before it begins")


def _smooth(counted: Floats, composition: Floats, beside: Floats) -> Floats:
    """Return the model's expected persons by age, (N, A), for counts (N, G): penalised Poisson regression by Newton steps."""
    known = ~np.isnan(counted)
    total = np.where(known, counted, 0.0)
    ages = composition.shape[1]
    covered = np.where(known, composition.sum(axis=1), 0.0).sum(axis=1)
    scale = np.maximum(total.sum(axis=1) / np.maximum(covered, 1.0), 1e-3)
    offset = np.log(beside / beside.mean(axis=1, keepdims=True) * scale[:, None])
    curvature = np.diff(np.eye(ages), n=2, axis=0)
    penalty = SMOOTHNESS * (curvature.T @ curvature) + 1e-8 * np.eye(ages)
    away = np.zeros_like(offset)
    active = np.arange(len(offset))
    for _ in range(_STEPS):
        step = _step(away[active], offset[active], composition, known[active], total[active], penalty)
        away[active] += np.clip(step, -2.0, 2.0)
        active = active[np.abs(step).max(axis=1) >= _NEAR]
        if not active.size:
            break
    return np.asarray(np.exp(np.clip(away + offset, _LOWEST, _HIGHEST)))


def _step(away: Floats, offset: Floats, composition: Floats, known: NDArray[np.bool_], total: Floats, penalty: Floats) -> Floats:
    """Return the Newton step of each series, (N, A)."""
    expected = np.exp(np.clip(away + offset, _LOWEST, _HIGHEST))
    rows = composition[None] * expected[:, None, :] * known[:, :, None]
    groups = np.maximum(rows.sum(axis=2), 1e-9)
    weighted = np.swapaxes(rows / groups[:, :, None], 1, 2)
    gradient = (weighted @ (total - groups * known)[:, :, None])[:, :, 0] - away @ penalty
    return np.asarray(np.linalg.solve(weighted @ rows + penalty, gradient[:, :, None])[:, :, 0])


def _whole(smooth: Floats, counted: Floats, first: Sequence[int], ends: Sequence[int]) -> Floats:
    """Return whole persons with each group's own total; ages outside the counted groups are nan."""
    out = np.full_like(smooth, np.nan)
    for group, (start, end) in enumerate(zip(first, ends, strict=True)):
        inside = slice(start, end + 1)
        known = ~np.isnan(counted[:, group])
        out[known, inside] = largest_remainder(smooth[known, inside], counted[known, group])
    return out


def largest_remainder(parts: Floats, totals: Floats) -> Floats:
    """Return whole numbers in proportion to `parts` (N, K) whose rows sum to the rounded `totals` (N,), by largest remainder.

    A row of zeros is shared equally. Ties go to the first.
    """
    whole = np.round(totals)
    sums = parts.sum(axis=1, keepdims=True)
    shares = np.where(sums > 0, parts / np.where(sums > 0, sums, 1.0), 1.0 / parts.shape[1])
    exact = shares * whole[:, None]
    floor = np.floor(exact + 1e-9)
    missing = (whole - floor.sum(axis=1)).astype(np.int64)
    order: NDArray[np.intp] = np.argsort(-(exact - floor), axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(parts.shape[1]), order.shape), axis=1)
    return np.asarray(floor + (rank < missing[:, None]))
