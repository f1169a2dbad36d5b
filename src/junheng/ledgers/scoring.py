"""Scores by several raters: how far they agree, and how much a result hangs on the weights. Items stand side by side; nobody is ranked."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def agreement(scores: Floats) -> float | None:
    """Return Krippendorff's alpha for interval scores: 1 when raters agree, 0 when as by chance.

    scores: (raters, units), nan where one did not rate. None when no unit has two ratings or all ratings are alike.
    alpha = 1 - D_o / D_e with squared differences within units and over all pairable ratings (Krippendorff 2011).
    """
    counts = np.isfinite(scores).sum(axis=0)
    paired = scores[:, counts >= 2]
    values = paired[np.isfinite(paired)]
    if not len(values):
        return None
    number = len(values)
    expected = 2 * number * float(((values - values.mean()) ** 2).sum()) / (number * (number - 1))
    if not expected:
        return None
    observed = 0.0
    for unit in paired.T:
        own = unit[np.isfinite(unit)]
        observed += 2 * len(own) * float(((own - own.mean()) ** 2).sum()) / (len(own) - 1)
    return 1 - observed / number / expected


class Held(NamedTuple):
    """How a unit stands against a threshold: its weighted mean, whether it reaches it, and in which share of other weights it would."""

    mean: float
    reaches: bool
    share: float


def sensitivity(scores: Floats, weights: Floats, threshold: float, *, spread: float, draws: int, seed: int) -> list[Held]:
    """Return for each unit what other weights would say.

    scores: (units, items); weights: (items,), not all zero; spread: by which part each weight may be larger or smaller (0.3: a third
    or so); draws: how many sets of weights are tried, drawn evenly with `seed`. A share of 1 or 0 does not hang on the weights.
    """
    generator = np.random.default_rng(seed)
    tried = weights * generator.uniform(1 - spread, 1 + spread, (draws, len(weights)))
    tried /= tried.sum(axis=1, keepdims=True)
    own = scores @ (weights / weights.sum())
    reached = (scores @ tried.T >= threshold).mean(axis=1)
    return [Held(float(mean), bool(mean >= threshold), float(share)) for mean, share in zip(own, reached, strict=True)]
