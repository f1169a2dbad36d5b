"""How good forecasts were: errors of the middle, bias, coverage of the bands, and the weighted interval score."""

from __future__ import annotations

import numpy as np

from junheng.projection.forecast import Floats


def mape(middle: Floats, actual: Floats) -> float:
    """Return the mean absolute percentage error, in %; only where something was counted: of nobody there is no percentage."""
    ok = np.isfinite(middle) & (actual > 0)
    return float(100 * np.mean(np.abs(middle[ok] / actual[ok] - 1))) if ok.any() else float("nan")


def bias(middle: Floats, actual: Floats) -> float:
    """Return the sum of forecasts over the sum of counts, minus 1, in %: above 0 when too many were foreseen."""
    ok = np.isfinite(middle) & np.isfinite(actual)
    return float(100 * (middle[ok].sum() / actual[ok].sum() - 1)) if actual[ok].sum() > 0 else float("nan")


def coverage(low: Floats, high: Floats, actual: Floats) -> float:
    """Return the share (0..1) of counts that lie within the band; the ends belong to it. A band's end counts as the nearest pupil."""
    ok = np.isfinite(low) & np.isfinite(high) & np.isfinite(actual)
    return float(np.mean((actual[ok] >= np.floor(low[ok])) & (actual[ok] <= np.ceil(high[ok])))) if ok.any() else float("nan")


def wis(bands: Floats, actual: Floats) -> float:
    """Return the mean weighted interval score, in pupils: the lower the better; bands: (5, …) at 10, 25, 50, 75 and 90 %.

    Source: Bracher et al. 2021, Evaluating epidemic forecasts in an interval format, PLOS Computational Biology 17 (2).
    """
    low80, low50, middle, high50, high80 = bands
    ok = np.isfinite(middle) & np.isfinite(actual)
    score = (0.5 * np.abs(actual - middle) + _interval(low50, high50, actual, 0.5) + _interval(low80, high80, actual, 0.2)) / (2 + 0.5)
    return float(np.mean(score[ok])) if ok.any() else float("nan")


def _interval(low: Floats, high: Floats, actual: Floats, alpha: float) -> Floats:
    """Return alpha/2 x the interval score: its width, and what the count lies outside, at 2/alpha a pupil."""
    outside = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    score: Floats = alpha / 2 * (high - low) + outside
    return score
