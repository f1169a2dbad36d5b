"""A program as the engines take it: plain arrays, no names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.sparse import Compressed, compressed, times

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows lower <= a x <= upper."""

    lower: Floats  # (rows,)
    upper: Floats  # (rows,)
    entries: Compressed

    def __len__(self) -> int:
        return len(self.lower)

    def chosen(self, which: NDArray[np.integer]) -> Rows:
        """Return some of the rows, in the order given."""
        start, index, value = self.entries
        counts = np.diff(start)[which]
        begin = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        places = np.arange(begin[-1]) + np.repeat(start[which] - begin[:-1], counts)
        return Rows(self.lower[which], self.upper[which], Compressed(begin, index[places], value[places]))

    def excess(self, values: Floats) -> Floats:
        """Return by how much each row is broken at the values: (rows,) 0 where it holds."""
        got = times(self.entries, values)
        return np.maximum(np.maximum(self.lower - got, got - self.upper), 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """Minimise cost x + offset, lower <= x <= upper, some x whole numbers, subject to rows."""

    cost: Floats  # (columns,)
    offset: float
    lower: Floats  # (columns,)
    upper: Floats  # (columns,)
    whole: Mask  # (columns,) the variable takes whole numbers only
    rows: Rows

    def with_rows(self, which: NDArray[np.integer]) -> Arrays:
        """Return the same with some of the rows only, and without cost: a question of possibility."""
        return replace(self, cost=np.zeros_like(self.cost), offset=0.0, rows=self.rows.chosen(which))

    def relaxed(self) -> Arrays:
        """Return the same without whole numbers."""
        return replace(self, whole=np.zeros_like(self.whole))

    def loosened(self, row: int, amount: float) -> Arrays:
        """Return the same with the bounds of one row wider by an amount."""
        lower, upper = self.rows.lower.copy(), self.rows.upper.copy()
        lower[row] -= amount
        upper[row] += amount
        return replace(self, rows=replace(self.rows, lower=lower, upper=upper))

    def elastic(self, which: NDArray[np.integer]) -> Arrays:
        """Return the question by how little in sum the rows `which` must give way.

        Two columns are added for each of them, after all others: by how much it is short, then by how much it is over.
        """
        columns, count = len(self.cost), len(which)
        start, index, value = self.rows.entries
        row = np.repeat(np.arange(len(self.rows)), np.diff(start))
        entries = compressed(
            np.concatenate((row, which, which)),
            np.concatenate((index, columns + np.arange(2 * count))),
            np.concatenate((value, np.ones(count), -np.ones(count))),
            (len(self.rows), columns + 2 * count),
        )
        # a bound that is not there cannot be broken, so its column stays at zero
        room = np.concatenate((np.isfinite(self.rows.lower[which]), np.isfinite(self.rows.upper[which])))
        return Arrays(
            cost=np.concatenate((np.zeros(columns), np.ones(2 * count))),
            offset=0.0,
            lower=np.concatenate((self.lower, np.zeros(2 * count))),
            upper=np.concatenate((self.upper, np.where(room, np.inf, 0.0))),
            whole=np.concatenate((self.whole, np.zeros(2 * count, dtype=np.bool_))),
            rows=replace(self.rows, entries=entries),
        )
