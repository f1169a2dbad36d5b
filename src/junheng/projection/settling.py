"""What a single year may say: surprises beyond all custom, the noise of the last count, and what is usual for a school."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.projection.forecast import Floats
from junheng.projection.history import Flow
from junheng.projection.known import Known
from junheng.projection.method import Method
from junheng.projection.shrink import TINY

USUAL_YEARS = 5  # steps from which one may say what is usual
LEAST_YEARS = 3
MAD = 0.6745  # the median absolute deviation of a standard normal distribution
LEAST_SPREAD = 0.005  # of a year's total: smaller changes surprise nobody


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Settled:
    """The steps without what passes, and how much of it, as a log, is in the last two counts."""

    moves: Flow
    last: float
    before: float


def settled(moves: Flow, method: Method) -> Settled:
    """Return the steps with what lies beyond all custom taken out of a year.

    A year in which all grades of all schools together fall or rise by more than `passing` times the usual is believed up to
    that: the rest is taken to pass, as in a filter that bounds its surprises (Masreliez and Martin 1977). A year later the count
    is measured against both, the last count and what it would have been without the rest: if it is near the one the change stays and is
    believed, if it is near the other it has passed.
    """
    after, before = moves.after.sum(axis=(1, 2)), moves.before.sum(axis=(1, 2))
    ok = (after > 0) & (before > 0)
    change = np.log(np.where(ok, after, 1.0) / np.where(ok, before, 1.0))
    if ok.sum() < USUAL_YEARS:
        return Settled(moves=moves, last=0.0, before=0.0)
    usual = float(np.median(change[ok]))
    bound = method.passing * max(float(np.median(np.abs(change[ok] - usual))) / MAD, LEAST_SPREAD)
    rest, earlier = np.zeros(len(change)), np.zeros(len(change))
    for t in np.flatnonzero(ok).tolist():
        was = rest[t - 1] if t else 0.0
        surprise = change[t] - usual
        if abs(surprise + was) < abs(surprise):
            surprise, earlier[t] = surprise + was, was
        rest[t] = surprise - np.clip(surprise, -bound, bound)
    believed = Flow(before=moves.before / np.exp(earlier)[:, None, None], after=moves.after / np.exp(rest)[:, None, None])
    return Settled(moves=believed, last=float(rest[-1]), before=float(earlier[-1]))


def start(data: Known, ratio: Floats, known: Settled, method: Method) -> Floats:
    """Return the last counts without what passes, leaning a little on what the year before made one expect: a count carries noise."""
    last = np.where(np.isfinite(data.pupils[-1]), data.pupils[-1], 0.0) / np.exp(known.last)
    if len(data.pupils) < LEAST_YEARS or not method.smooth:
        return np.asarray(last, np.float64)
    expected = data.pupils[-2][:, data.links.source] / np.exp(known.before) * ratio
    inside = ~(data.links.entry | data.links.across) & (data.links.source != np.arange(last.shape[1]))
    lean = np.isfinite(expected) & (expected > 0) & (last > 0) & inside
    leaning: Floats = np.where(lean, last * (np.where(lean, expected, 1.0) / np.maximum(last, TINY)) ** method.smooth, last)
    return leaning


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
