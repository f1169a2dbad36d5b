"""Which rows below a header are records, and which are totals, subtotals, notes, repeated headers or blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from junheng.store.returns.column_cells import Rows
from junheng.store.returns.grid import EMPTY, TEXT, Grid
from junheng.store.returns.header import Header, Heading
from junheng.store.returns.words import labels, row_kind

_SPARSE = 2  # a note line fills at most so many cells


@dataclass(frozen=True, slots=True)
class RowKinds:
    """Rows of the box by what they are; totals and subtotals with their label's place."""

    data: Rows
    totals: tuple[int, ...]
    subtotals: tuple[int, ...]
    label_columns: dict[int, int]


def row_kinds(heading: Heading, header: Header, key_columns: Sequence[int]) -> RowKinds:
    """Return the rows of records in order, and the rows that state totals.

    A row is a total by a word (合计 …) in or before its key columns, or in its first filled cell, wherever in the table it stands.
    """
    grid = heading.grid
    below = np.arange(header.data, grid.height)
    filled = grid.kinds[header.data :] != EMPTY
    counts = filled.sum(axis=1)
    first = filled.argmax(axis=1)
    looked = sorted({*range(max(key_columns) + 1)})[:4]
    kinds = _word_kinds(grid, below, [*looked], first)
    note = (kinds.kinds == 3) & (counts <= _SPARSE)
    repeated = _repeated(grid, header, below)
    record = (counts > 0) & ~np.isin(kinds.kinds, (1, 2)) & ~note & ~repeated
    return RowKinds(
        data=below[record],
        totals=tuple(below[kinds.kinds == 1].tolist()),
        subtotals=tuple(below[kinds.kinds == 2].tolist()),
        label_columns={int(below[index]): int(kinds.columns[index]) for index in np.flatnonzero(kinds.kinds > 0).tolist()},
    )


@dataclass(frozen=True, slots=True)
class _WordKinds:
    kinds: npt.NDArray[np.int64]  # 0 none, 1 total, 2 subtotal, 3 note
    columns: npt.NDArray[np.int64]


_NUMBERED = {"": 0, "total": 1, "subtotal": 2, "note": 3}


def _word_kinds(grid: Grid, below: Rows, looked: Sequence[int], first: npt.NDArray[np.int64]) -> _WordKinds:
    kinds = np.zeros(len(below), dtype=np.int64)
    columns = np.zeros(len(below), dtype=np.int64)
    places = [np.full(len(below), column) for column in looked] + [first]
    for place in places:
        text = grid.kinds[below, place] == TEXT
        if not text.any():
            continue
        numbers, inverse = np.unique(grid.values[below, place][text].astype(np.int64), return_inverse=True)
        known = np.array([_NUMBERED[row_kind(cell.key)] for cell in labels([grid.texts[number] for number in numbers.tolist()])])
        found = np.zeros(len(below), dtype=np.int64)
        found[text] = known[inverse]
        new = (kinds == 0) & (found > 0)
        kinds[new], columns[new] = found[new], np.broadcast_to(place, kinds.shape)[new]
    return _WordKinds(kinds, columns)


def _repeated(grid: Grid, header: Header, below: Rows) -> npt.NDArray[np.bool_]:
    """Mark rows that print the header again, as lists of several pages do."""
    repeated = np.zeros(len(below), dtype=bool)
    own = [(column, path[-1]) for column, path in enumerate(header.paths) if path]
    if not own:
        return repeated
    column, word = own[0]
    text = np.flatnonzero(grid.kinds[below, column] == TEXT)
    numbers = grid.values[below[text], column].astype(np.int64)
    unique = np.unique(numbers)
    keys = labels([grid.texts[number] for number in unique.tolist()])
    same = {number for number, cell in zip(unique.tolist(), keys, strict=True) if cell.key == word}
    for index in text[np.isin(numbers, list(same))].tolist():
        row = labels([grid.text(int(below[index]), other) for other, _ in own])
        repeated[index] = sum(cell.key == key for cell, (_, key) in zip(row, own, strict=True)) * 2 > len(own)
    return repeated
