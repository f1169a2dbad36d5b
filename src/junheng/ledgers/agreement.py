"""How far raters agree: Krippendorff's alpha for names, orders and intervals, and who scores higher or lower than the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Metric = Literal["nominal", "ordinal", "interval"]

RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff 2004, section 11.4: to be relied on; only tentative conclusions; below that none


def agreement(scores: Floats, metric: Metric = "interval") -> float | None:
    """Return Krippendorff's alpha: 1 when raters agree, 0 when as by chance, below 0 when they contradict each other.

    scores: (raters, units), nan where one did not rate. None when no unit has two ratings or all ratings are alike.
    alpha = 1 - D_o / D_e over the values' coincidences within units (Krippendorff, Computing alpha-reliability, 2011).
    """
    paired = scores[:, np.isfinite(scores).sum(axis=0) >= 2]
    kinds = np.unique(paired[np.isfinite(paired)])
    if len(kinds) < 2:
        return None
    marks = np.stack([(paired == kind).sum(axis=0) for kind in kinds]).astype(np.float64)  # (values, units): how many said so
    raters = marks.sum(axis=0)
    pairs = (marks / (raters - 1)) @ marks.T - np.diag((marks / (raters - 1)).sum(axis=1))  # who says one value, who another, in a unit
    totals = pairs.sum(axis=1)
    apart = _apart(kinds, totals, metric)
    observed = float((pairs * apart).sum())
    expected = float((np.outer(totals, totals) * apart).sum()) / (float(totals.sum()) - 1)
    return 1 - observed / expected if expected else None


def _apart(kinds: Floats, totals: Floats, metric: Metric) -> Floats:
    """Return the squared distance of each pair of values: all alike, by ranks, or by the numbers themselves."""
    if metric == "nominal":
        return 1.0 - np.eye(len(kinds))
    ranks = np.cumsum(totals) - totals / 2 if metric == "ordinal" else kinds
    return np.asarray(np.subtract.outer(ranks, ranks) ** 2, dtype=np.float64)


def leniency(scores: Floats) -> list[float | None]:
    """Return for each rater by how much he scores above (or, below 0, under) the others who rated the same units.

    scores: (raters, units), nan where one did not rate. None for a rater who shared no unit with anybody.
    """
    given = np.isfinite(scores)
    counts, sums = given.sum(axis=0), np.nansum(scores, axis=0)
    found: list[float | None] = []
    for rater in range(len(scores)):
        shared = given[rater] & (counts >= 2)
        others = (sums[shared] - scores[rater, shared]) / (counts[shared] - 1)
        found.append(float((scores[rater, shared] - others).mean()) if shared.any() else None)
    return found


def table_of(ratings: Sequence[tuple[str, str, float]]) -> tuple[tuple[str, ...], Floats]:
    """Return the raters and the table (raters, units) of ratings (rater, unit, score); who rated a unit twice has the mean of both."""
    raters = tuple(sorted({rater for rater, _, _ in ratings}))
    units = {unit: place for place, unit in enumerate(sorted({unit for _, unit, _ in ratings}))}
    sums, counts = (np.zeros((len(raters), len(units))) for _ in range(2))
    for rater, unit, score in ratings:
        place = raters.index(rater), units[unit]
        sums[place] += score
        counts[place] += 1
    return raters, np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
