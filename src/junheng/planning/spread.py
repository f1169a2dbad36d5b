"""A limit on how much schools may differ: the coefficient of variation, weighted by pupils, as rules that a linear engine can keep.

With shares p of the weight and values u (divided by a typical value, so that all are near 1), the mean is T = sum p u, and

    CV <= c   <=>   sum p u^2 <= (1 + c^2) T^2,

a second-order cone: the mean needs no treatment of its own, and may grow with what is bought. Each school gets a part t >= p u^2 / T, of
which 2 r p u - r^2 p T is a tangent from below for whatever ratio r, tight at r = u / T; so sum t <= (1 + c^2) T with tangents at enough
ratios is the cone, to any accuracy, and a tangent once found holds for ever.

Whether a plan keeps the limit is decided in fractions, without tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.solve import Program, Terms, Variables
from junheng.planning.solve.arrays import Rows
from junheng.planning.sparse import compressed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID = (0.3, 0.6, 0.8, 1.0, 1.25, 1.6, 2.2, 3.0)  # ratios of the first tangents
_MARGIN = 4e-6  # of 1 + c^2, more than what an engine may be off; the exact check is made without it
_BROKEN = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """A limit in a program, with the columns that serve it."""

    title: Text
    shares: Floats  # (units,) of the weight; sum 1
    limit: float
    value: Variables  # (units,) u, relative to the typical value
    part: Variables  # (units,) t
    mean: Variables  # (1,) T

    def coefficient(self, values: Floats) -> float:
        """Return the coefficient of variation at a plan; 0 where there is nothing at all."""
        each = values[self.value.columns]
        mean = float(self.shares @ each)
        return 0.0 if mean <= 0 else (float(self.shares @ (each - mean) ** 2) ** 0.5) / mean

    def is_kept(self, values: Floats) -> bool:
        """Return whether a plan keeps the limit, up to rounding."""
        return self.coefficient(values) <= self.limit

    def tangents(self, ratio: Floats, units: Ints, columns: int) -> Rows:
        """Return the tangents of some units at ratios: (rows,) each. columns: of the program."""
        count = len(units)
        row = np.tile(np.arange(count), 3)
        column = np.concatenate((self.part.columns[units], self.value.columns[units], np.repeat(self.mean.columns, count)))
        value = np.concatenate((np.ones(count), -2 * ratio, ratio**2))
        scaled = compressed(row, column, value, (count, columns))
        return Rows(np.zeros(count), np.full(count, np.inf), scaled)

    def broken(self, values: Floats, columns: int) -> Rows:
        """Return the tangents that a plan beyond the limit breaks; none where it keeps the limit."""
        units = np.arange(len(self.shares))
        mean = float(values[self.mean.columns[0]])
        if self.is_kept(values) or mean <= 0:
            return self.tangents(np.zeros(0), units[:0], columns)
        each = values[self.value.columns]
        short = each**2 / mean - values[self.part.columns] > _BROKEN
        return self.tangents(each[short] / mean, units[short], columns)


def limit_spread(
    program: Program,
    title: Text,
    amount: Terms | Variables,
    weight: Floats,
    limit: float,
    typical: float,
) -> Spread:
    """Add a limit to a program and return it.

    amount: (units,) weight times value; weight: (units,) above 0; typical: a value that such units have, which scales and does not decide.
    """
    shares = np.asarray(weight / weight.sum(), dtype=np.float64)
    count = len(shares)
    value = program.variables(Text(f"{title.zh}：相对值", f"{title.en}: relative value"), count)
    part = program.variables(Text(f"{title.zh}：平方", f"{title.en}: square"), count)
    mean = program.variables(Text(f"{title.zh}：均值", f"{title.en}: mean"), 1)
    program.definition(title, value == amount * (1.0 / (weight * typical)))
    program.definition(title, (value * shares).sum() == mean)
    factor = (1.0 + limit**2) * (1.0 - _MARGIN)
    program.rule(title, (part * shares).sum() <= mean * factor)
    return Spread(title=title, shares=shares, limit=limit, value=value, part=part, mean=mean)


def first_tangents(spreads: Iterable[Spread], columns: int) -> list[Rows]:
    """Return tangents of every unit at the usual ratios."""
    made = []
    for spread in spreads:
        units = np.arange(len(spread.shares))
        made += [spread.tangents(np.full(len(units), ratio), units, columns) for ratio in GRID]
    return made


def squared(amount: Iterable[Fraction], weight: Iterable[Fraction]) -> Fraction:
    """Return the squared coefficient of variation of exact numbers: amount is weight times value. Raises ZeroDivisionError for none."""
    pairs = list(zip(amount, weight, strict=True))
    total, heavy = sum((a for a, _ in pairs), Fraction(0)), sum((w for _, w in pairs), Fraction(0))
    return heavy * sum((a * a / w for a, w in pairs), Fraction(0)) / (total * total) - 1
