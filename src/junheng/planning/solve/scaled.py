"""A program in whole numbers throughout, for engines that know no others; and how far that is from what was asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import Floats

Wholes = NDArray[np.int64]

KEPT = 5e-7  # a rule broken by less counts as kept, as it does in every engine
_ROUNDED = 1e-7  # what rounding its coefficients may change about a rule, in its own unit; less than KEPT, so no plan is lost
_SHARE = 1e-9  # likewise of the objective, as a share of all costs at their largest, where that is more than the slack
_POWERS = 10.0 ** np.arange(13)  # what coefficients are multiplied by
_LARGEST = 2.0**52  # sums up to here are exact as numbers of either kind
_NONE = np.iinfo(np.int64)

NOT_WHOLE = Text("有的变量不取整数", "some variables are not whole numbers")
NO_BOUND = Text("有的整数变量没有上下限", "some whole numbers have no bounds")
NOT_SCALED = Text("有的系数在精度内不能化为整数", "some coefficients cannot be made whole numbers closely enough")


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """The program times whole factors: minimise cost x, which is the costs times `factor` up to `error`."""

    cost: Wholes  # (columns,)
    factor: float
    error: float  # of the objective, in its own unit, at any plan
    lower: Wholes  # (columns,)
    upper: Wholes  # (columns,)
    least: Wholes  # (rows,) the smallest whole number there is where a rule has no such bound
    most: Wholes  # (rows,)
    value: Wholes  # (entries,) in the order of the rows asked about

    @property
    def is_empty(self) -> bool:
        """Return whether a variable or a rule allows no whole number at all."""
        return bool((self.lower > self.upper).any() or (self.least > self.most).any())

    def bound(self, told: float) -> float:
        """Return the bound, in units of the objective, that follows from one of the scaled program (offset times factor included)."""
        return told / self.factor - self.error


def scaled(arrays: Arrays, slack: float) -> Scaled | Text:
    """Return the program in whole numbers, or why it cannot be had.

    Every row is multiplied by the smallest power of ten that leaves an error of at most 1e-7 over all plans; so is the objective,
    whose error may be `slack` or a thousand-millionth of all costs together, and is taken off every bound that is proven.
    """
    if not (arrays.whole.all() and arrays.whole.any()):
        return NOT_WHOLE
    lower, upper = np.ceil(arrays.lower - KEPT), np.floor(arrays.upper + KEPT)
    largest = np.maximum(np.abs(lower), np.abs(upper))
    if not (largest < _LARGEST).all():
        return NO_BOUND
    columns = np.arange(len(arrays.cost))
    costs = _factors(
        np.zeros(len(columns), dtype=np.int64), arrays.cost, largest, 1, max(slack, _SHARE * float(np.abs(arrays.cost) @ largest))
    )
    row = np.repeat(np.arange(len(arrays.rows)), np.diff(arrays.rows.entries.start))
    rules = _factors(row, arrays.rows.entries.value, largest[arrays.rows.entries.column], len(arrays.rows), _ROUNDED)
    if np.isnan(costs).any() or np.isnan(rules).any():
        return NOT_SCALED
    factor, cost = float(costs[0]), np.rint(arrays.cost * costs[0])
    error = float(np.abs(arrays.cost - cost / factor) @ largest)
    least, most = _bounds(arrays.rows, rules)
    value = np.rint(arrays.rows.entries.value * rules[row])
    return Scaled(_wholes(cost), factor, error, _wholes(lower), _wholes(upper), least, most, _wholes(value))


def _factors(group: NDArray[np.integer], value: Floats, largest: Floats, groups: int, error: float) -> Floats:
    """Return the smallest power of ten for each group of coefficients that rounds them closely enough: (groups,) nan where none does."""
    chosen = np.full(groups, np.nan)
    for power in _POWERS:
        exact = value * power
        off = np.bincount(group, np.abs(exact - np.rint(exact)) / power * largest, groups)
        size = np.bincount(group, np.abs(exact) * largest, groups)
        chosen[np.isnan(chosen) & (off <= error) & (size < _LARGEST)] = power
    return chosen


def _bounds(rows: Rows, factor: Floats) -> tuple[Wholes, Wholes]:
    least, most = np.ceil((rows.lower - KEPT) * factor), np.floor((rows.upper + KEPT) * factor)
    # beyond the largest sum a bound says nothing, or that there is no plan: both are said as well by the largest sum
    none, every = np.full(len(rows), _NONE.min), np.full(len(rows), _NONE.max)
    low = np.where(np.isneginf(least), none, _wholes(np.clip(least, -2 * _LARGEST, 2 * _LARGEST)))
    high = np.where(np.isposinf(most), every, _wholes(np.clip(most, -2 * _LARGEST, 2 * _LARGEST)))
    return low, high


def _wholes(values: Floats) -> Wholes:
    return values.astype(np.int64)
