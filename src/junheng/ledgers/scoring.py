"""Scores of items to a result: its range while items are missing, and its range when the weights are changed. Nobody is ranked.

A result is the weighted mean of its items on the form's own scale. An item that was not scored is not zero: it may be anything on the
scale, so the result is a span. An item that does not apply has no weight. A grade is given only where the whole span lies in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.ledgers.score_form import ScoreForm

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Span:
    """From where to where a result may lie; both ends alike when nothing is missing."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        """Return whether it is one number."""
        return self.low == self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the items of one unit come to."""

    items: Mapping[str, float | None]  # item -> mean score, None where it is missing; items that do not apply are left out
    missing: tuple[str, ...]
    result: Span | None  # None: nothing applies, or nothing was scored at all
    changed: Span | None  # under every change of the weights that the form states
    grade: str  # "" while it is not decided
    firm: bool  # the grade is the same under every such change


def outcome(form: ScoreForm, items: Mapping[str, float | None], weights: Mapping[str, float] | None = None) -> Outcome:
    """Return what items (score, or None where it is missing) come to; weights: others than the form's own, for a what-if."""
    applying = [name for name in form.items if name in items]
    missing = tuple(name for name in applying if items[name] is None)
    chosen = np.array([(weights or {}).get(name, form.items[name].weight) for name in applying], dtype=np.float64)
    if len(missing) == len(applying) or not chosen.sum():
        return Outcome(items=dict(items), missing=missing, result=None, changed=None, grade="", firm=False)
    least, most = form.ends
    low = np.array([least if items[name] is None else items[name] for name in applying], dtype=np.float64)
    high = np.array([most if items[name] is None else items[name] for name in applying], dtype=np.float64)
    result = Span(weighted(low, chosen), weighted(high, chosen))
    changed = Span(extreme(low, chosen, form.change, -1), extreme(high, chosen, form.change, 1))
    grade = grade_of(form, result)
    return Outcome(
        items=dict(items),
        missing=missing,
        result=result,
        changed=changed,
        grade=grade,
        firm=bool(grade) and grade_of(form, changed) == grade,
    )


def weighted(scores: Floats, weights: Floats) -> float:
    """Return the weighted mean. scores, weights: (items,), weights not all zero; rounded to 1e-9, so that 0.1 + 0.2 reaches 0.3."""
    return round(float(scores @ weights / weights.sum()), 9)


def extreme(scores: Floats, weights: Floats, change: float, sign: int) -> float:
    """Return the largest (sign 1) or least (-1) weighted mean when each weight by itself may be larger or smaller by `change` percent.

    scores, weights: (items,). Exact: the best weights are large for all scores above some value and small for the others, so that one
    more cut is tried than there are items.
    """
    order = np.argsort(-sign * scores, kind="stable")
    ranked, own = scores[order], weights[order]
    larger, smaller = own * (1 + change / 100), own * (1 - change / 100)
    cut = np.tri(len(own) + 1, len(own), -1, dtype=bool)  # row k: the first k items weigh more
    tried = np.where(cut, larger, smaller)
    sums = tried.sum(axis=1)
    means = (tried[sums > 0] @ ranked) / sums[sums > 0]
    return round(float(means.max() if sign > 0 else means.min()), 9)


def grade_of(form: ScoreForm, span: Span) -> str:
    """Return the grade in which the whole span lies, "" where it lies in two or the form has none."""
    found = {next((one.name for one in form.grades if value >= one.at_least), "") for value in (span.low, span.high)}
    return found.pop() if len(found) == 1 else ""
