"""One line to one line: within each group of lines that could belong together, the pairs of the greatest total weight."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.float64]


def components(left: Whole, right: Whole) -> Whole:
    """Return for each pair the number of its group: pairs that share a line, directly or through others, are of one group."""
    lines, at = np.unique(np.concatenate([left, right + (left.max(initial=-1) + 1)]), return_inverse=True)
    one, other = at[: len(left)], at[len(left) :]
    label = np.arange(len(lines))
    while True:
        least = np.minimum(label[one], label[other])
        new = label.copy()
        np.minimum.at(new, one, least)
        np.minimum.at(new, other, least)
        new = new[new]
        if np.array_equal(new, label):
            return label[one]
        label = new


def best_pairs(left: Whole, right: Whole, weight: Amounts) -> npt.NDArray[np.bool_]:
    """Mark the pairs of a one-to-one choice of the greatest total weight (weights above 0; a line may stay alone).

    left, right: (n,) numbers of lines, no pair twice; weight: (n,). Optimal within each component, proven by the method's potentials.
    """
    chosen = np.zeros(len(left), dtype=bool)
    if not len(left):
        return chosen
    group = components(left, right)
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0])
    sizes = np.diff(np.r_[starts, len(order)])
    chosen[order[starts[sizes == 1]]] = True
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        members = order[start : start + size]
        chosen[members[_assigned(left[members], right[members], weight[members])]] = True
    return chosen


def _assigned(left: Whole, right: Whole, weight: Amounts) -> Sequence[int]:
    """Return which pairs of one group are chosen."""
    rows, at_row = np.unique(left, return_inverse=True)
    columns, at_column = np.unique(right, return_inverse=True)
    if len(rows) == 1 or len(columns) == 1:
        return [int(np.argmax(weight))]
    size = len(rows) + len(columns)  # enough places for every line to stay alone
    cost = np.zeros((len(rows), size))
    cost[:, : len(columns)] = 1.0  # a pair that is none costs more than staying alone
    cost[at_row, at_column] = -weight
    pair = np.full((len(rows), len(columns)), -1)
    pair[at_row, at_column] = np.arange(len(left))
    partner = _least_cost(cost)
    return [int(pair[row, column]) for row, column in enumerate(partner) if column < len(columns) and pair[row, column] >= 0]


def _least_cost(cost: Amounts) -> Sequence[int]:
    """Return the column of each row in a cheapest assignment; (rows, columns), rows at most columns.

    Shortest augmenting paths with potentials (Jonker and Volgenant 1987); a row at a time, all columns at once.
    """
    rows, columns = cost.shape
    price_row, price_column = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, dtype=np.int64)  # 1-based row of each column, 0 for none
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least = np.full(columns + 1, np.inf)
        before = np.zeros(columns + 1, dtype=np.int64)
        used = np.zeros(columns + 1, dtype=bool)
        while owner[column]:
            used[column] = True
            open_ = ~used[1:]
            reduced = cost[owner[column] - 1] - price_row[owner[column]] - price_column[1:]
            closer = open_ & (reduced < least[1:])
            least[1:][closer] = reduced[closer]
            before[1:][closer] = column
            step = int(np.argmin(np.where(open_, least[1:], np.inf))) + 1
            delta = least[step]
            price_row[owner[used]] += delta
            price_column[used] -= delta
            least[~used] -= delta
            column = step
        while column:
            owner[column] = owner[before[column]]
            column = int(before[column])
    found = np.zeros(rows, dtype=np.int64)
    held = np.flatnonzero(owner[1:])
    found[owner[1:][held] - 1] = held
    return [int(column) for column in found]
