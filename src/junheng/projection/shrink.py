"""Ratios of small numbers, pooled: each school leans on its zone, each zone on the county, the more so the fewer its pupils.

A ratio of a unit is (its pupils after + k x parent's ratio) / (its pupils before + k): the mean of a gamma distribution around the
parent's ratio after Poisson counts (the gamma-Poisson form of empirical Bayes). k counts pupils: how many the unit must have
had, over the years weighed, before it is believed as much as its parent. Older years count less, by a constant factor a year.
Source: Clayton and Kaldor 1987, Empirical Bayes estimates of age-standardized relative risks, Biometrics 43.
"""

from __future__ import annotations

import numpy as np

from junheng.projection.forecast import Floats, Ints


def remembered(values: Floats, memory: float) -> Floats:
    """Return the sum over years in which each year counts `memory` times as much as the next; values: (years, …), latest last."""
    weights = memory ** np.arange(len(values) - 1, -1, -1.0)
    total: Floats = np.tensordot(weights, values, axes=1)
    return total


def pooled(after: Floats, before: Floats, k: float) -> Floats:
    """Return ratios after/before that lean on 1 with the weight of k pupils; where nothing is known the ratio is 1."""
    return (after + k) / np.maximum(before + k, 1e-9)


def grouped(values: Floats, group: Ints, groups: int) -> Floats:
    """Return sums over units by group; values: (…, units), the result: (…, groups)."""
    total = np.zeros((*values.shape[:-1], groups))
    np.add.at(total, (..., group), values)
    return total
