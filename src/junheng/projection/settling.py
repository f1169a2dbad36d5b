"""What a single year may say: surprises beyond all custom, the noise of the last count, and what is usual for a school."""

from __future__ import annotations

import numpy as np

from junheng.projection.forecast import Floats
from junheng.projection.history import Flow
from junheng.projection.known import Known
from junheng.projection.method import Method
from junheng.projection.shrink import TINY

USUAL_YEARS = 5  # steps from which one may say what is usual
LEAST_SPREAD = 0.005  # of a year's total: smaller changes surprise nobody


def settled(moves: Flow, method: Method) -> tuple[Flow, float]:
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


def start(data: Known, ratio: Floats, method: Method) -> Floats:
    """Return the last counts, leaning a little on what the year before made one expect: a single count carries its own noise."""
    last = np.where(np.isfinite(data.pupils[-1]), data.pupils[-1], 0.0)
    if len(data.pupils) < 3 or not method.smooth:
        return last
    expected = data.pupils[-2][:, data.links.source] * ratio
    inside = ~(data.links.entry | data.links.across) & (data.links.source != np.arange(last.shape[1]))
    lean = np.isfinite(expected) & (expected > 0) & (last > 0) & inside
    return np.where(lean, last * (np.where(lean, expected, 1.0) / np.maximum(last, 1e-9)) ** method.smooth, last)


def pull(data: Known, moves: Flow, method: Method) -> tuple[float, Floats]:
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
