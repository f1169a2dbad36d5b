"""Statistics decided with fractions: for the few that lie within 1e-9 of their limit, and for showing what makes a coefficient.

A coefficient of variation is compared in its squared form, Σ w (x − m)² ≤ L² m² Σ w, which is rational. A mean of coefficients is
not, and is computed to 60 digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from junheng.indicators.indicator import Catalogue, Indicator

_DIGITS = 60


class Point(NamedTuple):
    """One school's exact value: numerator, denominator and weight, and its group (city, town, rural) where a ratio needs it."""

    numerator: Decimal
    denominator: Decimal
    weight: Decimal
    group: str = ""


Points = Mapping[str, Sequence[Point]]  # by the id of the school indicator


def squared_cv(points: Iterable[Point]) -> Fraction | None:
    """Return the squared weighted coefficient of variation; None when the weighted mean is zero or there are no points."""
    values = [(Fraction(p.numerator) / Fraction(p.denominator), Fraction(p.weight)) for p in points]
    total = sum((weight for _, weight in values), Fraction(0))
    if not total:
        return None
    mean = sum((weight * value for value, weight in values), Fraction(0)) / total
    if not mean:
        return None
    return sum((weight * (value - mean) ** 2 for value, weight in values), Fraction(0)) / total / mean**2


def weighted_mean(points: Iterable[Point]) -> Fraction | None:
    """Return Σ w x ÷ Σ w, without the indicator's scale; None when there is no weight."""
    values = list(points)
    total = sum((Fraction(p.weight) for p in values), Fraction(0))
    if not total:
        return None
    return sum((Fraction(p.weight) * Fraction(p.numerator) / Fraction(p.denominator) for p in values), Fraction(0)) / total


def holds(indicator: Indicator, catalogue: Catalogue, points: Points, comparator: str, limit: Decimal) -> bool:
    """Return whether a statistic holds against its limit, exactly."""
    compare = _COMPARE[comparator]
    if indicator.statistic == "weighted_cv":
        squared = squared_cv(points[indicator.of[0]])
        assert squared is not None
        return compare(squared, Fraction(limit) ** 2)
    if indicator.statistic == "mean":
        return compare(Fraction(_mean_of_cvs(indicator, catalogue, points)), Fraction(limit))
    value = _rational(indicator, catalogue, points)
    assert value is not None
    return compare(value, Fraction(limit))


def _rational(indicator: Indicator, catalogue: Catalogue, points: Points) -> Fraction | None:
    """Return a weighted mean or a ratio of two of them."""
    member = points[indicator.of[0]]
    if indicator.between is None:
        mean = weighted_mean(member)
        return None if mean is None else mean * catalogue[indicator.of[0]].scale
    over = weighted_mean(p for p in member if p.group == indicator.between.over)
    under = weighted_mean(p for p in member if p.group == indicator.between.under)
    percent = 100 if indicator.unit == "%" else 1
    return None if over is None or not under else over / under * percent


def _mean_of_cvs(indicator: Indicator, catalogue: Catalogue, points: Points) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        total = Decimal(0)
        for name in indicator.of:
            squared = squared_cv(points[catalogue[name].of[0]])
            assert squared is not None
            total += (Decimal(squared.numerator) / Decimal(squared.denominator)).sqrt()
        return total / len(indicator.of)


_COMPARE: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "at_least": lambda value, limit: value >= limit,
    "at_most": lambda value, limit: value <= limit,
    "above": lambda value, limit: value > limit,
    "below": lambda value, limit: value < limit,
    "equals": lambda value, limit: value == limit,
}
