"""From one stage to the next: who fills the first grade of a school, its own leavers, those of its zone, or those of the whole county."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from junheng.projection.forecast import Floats
from junheng.projection.known import Known
from junheng.projection.method import Method
from junheng.projection.shrink import TINY, grouped, remembered

QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST = 5.0  # a school with more newcomers for each leaver of its own lives from elsewhere


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Transition:
    """How a school's first grade of a later stage is filled from leavers: own, of its zone, of the county."""

    grade: int
    county: float  # newcomers of the county for each leaver of the county
    weights: tuple[float, float, float]  # how much each pool counts; they sum to 1
    rates: Floats  # (3, U) newcomers of the school for each leaver of the pool


def transition(data: Known, grade: int, method: Method) -> Transition:
    """Return how a grade is filled, its weights chosen as those that would have been nearest in the years known."""
    first, then = (data.pupils[:-1], data.pupils[1:]) if len(data.pupils) > 1 else (data.pupils, data.pupils)  # one year: as if it repeated
    leavers = np.nan_to_num(first[:, :, data.links.source[grade]])
    came = np.nan_to_num(then[:, :, grade])
    there = (came > 0) & (np.nan_to_num(data.pupils[-1, :, grade]) > 0)
    pools = np.stack([pool(data, year) for year in leavers], axis=1)
    here = np.where(there, pools, 0.0)
    before = np.stack([remembered(one, method.share_memory) for one in here])
    after = remembered(np.where(there, came, 0.0), method.share_memory)
    rates = np.where(before > 0, after / np.maximum(before, TINY), 0.0)
    rates[0] = np.where(rates[0] > MOST, 0.0, rates[0])
    total = remembered(leavers.sum(axis=1), method.grade_memory)
    county = float(remembered(came.sum(axis=1), method.grade_memory) / total) if total > 0 else 1.0
    return Transition(grade=grade, county=county, weights=_weights(here, rates, np.where(there, came, np.nan)), rates=rates)


def pool(data: Known, leavers: Floats) -> Floats:
    """Return (3, U) the leavers of the school itself, of its zone and of the county."""
    return np.stack([leavers, grouped(leavers, data.zone, data.zones)[data.zone], np.full_like(leavers, leavers.sum())])


def newcomers(data: Known, move: Transition, leavers: Floats) -> Floats:
    """Return (U,) who comes into the grade; together as many as the county's ratio says. leavers: (U,)."""
    pools = pool(data, leavers)
    offered = _mixed(pools, move.rates, move.weights)
    total = offered.sum()
    return offered * (move.county * leavers.sum() / total if total > 0 else 0.0)


def _mixed(pools: Floats, rates: Floats, weights: tuple[float, float, float]) -> Floats:
    """Return newcomers by weight of the pools that a school has; (3, …, U) to (…, U)."""
    shape = (3, *(1,) * (pools.ndim - 2), rates.shape[1])
    weight = np.array(weights).reshape(3, *(1,) * (pools.ndim - 1)) * (rates > 0).reshape(shape)
    mixed: Floats = (weight * pools * rates.reshape(shape)).sum(axis=0) / np.maximum(weight.sum(axis=0), TINY)
    return mixed


def _weights(pools: Floats, rates: Floats, came: Floats) -> tuple[float, float, float]:
    """Return the weights, in quarters, with the smallest squared error for each pupil; the county keeps at least one."""
    best, least = (0.0, 0.0, 1.0), np.inf
    for own, zone in product(QUARTERS, QUARTERS):
        if own + zone < 1:
            weights = (own, zone, 1 - own - zone)
            foreseen = _mixed(pools, rates, weights)
            error = float(np.nansum((came - foreseen) ** 2 / np.maximum(foreseen, 1.0)))
            if error < least * (1 - 1e-9):
                best, least = weights, error
    return best
