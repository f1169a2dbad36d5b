"""The course of the ratio of entrants to children: steady, or on its way up or down, as the county's own years show.

A ratio that swings around a level is best foreseen by a mean with a long memory, and a trend read into it only adds error. One that
moves in one direction for years, as when kindergartens become customary, is always late in such a mean. So both are tried on the
county's own years, each forecast from what was known before it, and the trend is taken where it was clearly nearer.
Source of the damped trend: Gardner and McKenzie 1985, Forecasting trends in time series, Management Science 31.
"""

from __future__ import annotations

import numpy as np

from junheng.projection.forecast import Floats
from junheng.projection.method import Method
from junheng.projection.shrink import TINY, remembered

START = 3  # years from which a trend may be read
TRIED = 2  # times that both must have been tried
REACH = 3  # years ahead to which they are tried


def course(after: Floats, before: Floats, horizon: int, method: Method) -> Floats:
    """Return (H,) the ratio in each year ahead; after, before: (T,) by year, 1 where there is no year in which both are known."""
    ok = np.isfinite(before) & np.isfinite(after) & (before > 0) & (after > 0)
    if not ok.any():
        return np.ones(horizon)
    after, before = after[ok], before[ok]
    steady = np.full(horizon, _level(after, before, method))
    return _moving(after, before, horizon, method) if _trends(after, before, method) else steady


def _level(after: Floats, before: Floats, method: Method) -> float:
    return float(remembered(after, method.entry_memory) / remembered(before, method.entry_memory))


def _moving(after: Floats, before: Floats, horizon: int, method: Method) -> Floats:
    """Return the ratio carried on along its trend, which fades; not beyond one for each child, nor beyond what there was."""
    ratio = np.log(after / before)
    years = np.arange(len(ratio)) - (len(ratio) - 1.0)
    weight = method.trend_memory**-years
    weight /= weight.sum()
    centre, mean = float((weight * years).sum()), float((weight * ratio).sum())
    spread = float((weight * (years - centre) ** 2).sum())
    slope = float((weight * (years - centre) * (ratio - mean)).sum()) / spread
    misfit = float((weight * (ratio - mean - slope * (years - centre)) ** 2).sum())
    free = 1 / float((weight**2).sum())  # years that count as much as all of these do
    doubt = misfit * free / max(free - 2, 0.5) * float((weight**2).sum()) / spread
    slope *= slope**2 / max(slope**2 + doubt, TINY)  # the less certain, the flatter
    ahead = mean - slope * centre + slope * np.cumsum(method.trend_fades ** np.arange(1, horizon + 1))
    return np.asarray(np.minimum(np.exp(ahead), max(1.0, float(np.exp(ratio.max())))), np.float64)


def _trends(after: Floats, before: Floats, method: Method) -> bool:
    """Return whether the trend erred clearly less than the mean, in forecasts made from each year's past."""
    count = len(after)
    if count < START + TRIED:
        return False
    steady, moving = 0.0, 0.0
    for known in range(START, count):
        reach = min(REACH, count - known)
        came = np.log(after[known : known + reach] / before[known : known + reach])
        steady += float(np.abs(came - np.log(_level(after[:known], before[:known], method))).sum())
        moving += float(np.abs(came - np.log(_moving(after[:known], before[:known], reach, method))).sum())
    return moving < method.trend_proof * steady
