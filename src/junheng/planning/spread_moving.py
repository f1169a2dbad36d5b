"""A limit on how much schools may differ while pupils move between them, so that the weights are part of the plan.

With w the pupils of a school and v its amount, both divided by what it has today, and s its share of today's pupils, all of whom stay,

    CV <= c   <=>   sum s v^2 / w <= (1 + c^2) T^2,   T = sum s v.

The left side is convex in v and w together: t >= 2 q v - q^2 w is a tangent from below for whatever q, tight at q = v / w. Only T^2 is on
the wrong side. Two straight lines stand for it: its chord over a range that T keeps to lies above it, so nothing lawful is cut off and
what it costs at least is a bound; its tangent at a point lies below it, so whatever keeps that keeps the limit. They differ by at most
((high - low) / 2)^2, which vanishes as plans narrow the range (spread_main.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.solve import Program, Terms, Variables
from junheng.planning.solve.arrays import Rows
from junheng.planning.sparse import compressed
from junheng.planning.spread import Spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Range = tuple[float, float]

_MARGIN = 4e-6  # of 1 + c^2 that plans leave, more than what an engine may be off; bounds and the exact check are without it
_BROKEN = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MovingSpread(Spread):
    """A limit of which the weights are columns, too; `value` is the amount over today's weight, `shares` are those of today."""

    weight: Variables  # (units,) w, over today's

    def coefficient(self, values: Floats) -> float:
        """Return the coefficient of variation at a plan; 0 where there is nothing at all."""
        amount, heavy = self.shares * values[self.value.columns], self.shares * values[self.weight.columns]
        total = float(heavy.sum())
        mean = float(amount.sum()) / total
        if mean <= 0:
            return 0.0
        spread = float(heavy @ (amount / heavy - mean) ** 2) / total
        return math.sqrt(spread) / mean

    def tangents(self, ratio: Floats, units: Ints, columns: int) -> Rows:
        """Return the tangents of some units at ratios v / w: (rows,) each. columns: of the program."""
        count = len(units)
        row = np.tile(np.arange(count), 3)
        column = np.concatenate((self.part.columns[units], self.value.columns[units], self.weight.columns[units]))
        value = np.concatenate((np.ones(count), -2 * ratio, ratio**2))
        return Rows(np.zeros(count), np.full(count, np.inf), compressed(row, column, value, (count, columns)))

    def broken(self, values: Floats, columns: int) -> Rows:
        """Return the tangents that a plan beyond the limit breaks; none where it keeps the limit, or is beyond it by the chord only."""
        units = np.arange(len(self.shares))
        if self.is_kept(values):
            return self.tangents(np.zeros(0), units[:0], columns)
        ratio = values[self.value.columns] / values[self.weight.columns]
        short = ratio * values[self.value.columns] - values[self.part.columns] > _BROKEN
        return self.tangents(ratio[short], units[short], columns)

    def above(self, between: Range, columns: int) -> Rows:
        """Return the row that keeps the limit, and a little more, while the mean is within a range: the chord of its square."""
        low, high = between
        return self._row(1.0, (low + high, low * high), columns)

    def below(self, mean: float, columns: int) -> Rows:
        """Return the row within which everything keeps the limit: the tangent of the square of the mean at one mean."""
        return self._row(1.0 - _MARGIN, (2 * mean, mean**2), columns)

    def _row(self, share: float, line: tuple[float, float], columns: int) -> Rows:
        factor = (1.0 + self.limit**2) * share
        slope, less = line
        column = np.append(self.part.columns, self.mean.columns)
        value = np.append(self.shares, -factor * slope)
        entries = compressed(np.zeros(len(column), dtype=np.int64), column, value, (1, columns))
        return Rows(np.array([-np.inf]), np.array([-factor * less]), entries)


def limit_moving_spread(
    program: Program,
    title: Text,
    amount: Terms | Variables,
    weight: tuple[Floats, Variables],
    limit: float,
    typical: float,
    between: Range = (0.0, np.inf),
) -> MovingSpread:
    """Add a limit to a program and return it.

    amount: (units,) weight times value; weight: today's, (units,) above 0, and the columns of the new ones over today's, which are above 0
    and weigh as much together; typical: a value that such units have, which scales and does not decide; between: where sum amount / sum
    weight / typical lies in every plan.
    """
    today, columns = weight
    shares = np.asarray(today / today.sum(), dtype=np.float64)
    count = len(shares)
    value = program.variables(Text(f"{title.zh}：相对值", f"{title.en}: relative value"), count)
    part = program.variables(Text(f"{title.zh}：平方", f"{title.en}: square"), count)
    mean = program.variables(Text(f"{title.zh}：均值", f"{title.en}: mean"), 1, lower=between[0], upper=between[1])
    program.definition(title, value == amount * (1.0 / (today * typical)))
    program.definition(title, (value * shares).sum() == mean)
    if np.isfinite(between[1]):
        low, high = between
        factor = 1.0 + limit**2
        program.rule(title, (part * shares).sum() <= mean * (factor * (low + high)) - factor * low * high)
    return MovingSpread(title=title, shares=shares, limit=limit, value=value, part=part, mean=mean, weight=columns)
