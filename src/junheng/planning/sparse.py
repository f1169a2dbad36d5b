"""The one wrapper of scipy: sparse rows, and what is asked of a graph."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Places = NDArray[np.int32]


class Compressed(NamedTuple):
    """Rows of a sparse matrix one after the other: row r holds the entries start[r] to start[r + 1]."""

    start: Places  # (rows + 1,)
    column: Places  # (entries,)
    value: Floats  # (entries,)


def compressed(row: NDArray[np.integer], column: NDArray[np.integer], value: Floats, shape: tuple[int, int]) -> Compressed:
    """Return entries in any order as compressed rows; entries of one place are added up.

    row, column: (entries,) within `shape`; value: (entries,).
    """
    matrix = sparse.coo_array((value, (row.astype(np.int32), column.astype(np.int32))), shape=shape).tocsr()
    matrix.sum_duplicates()
    return Compressed(matrix.indptr.astype(np.int32, copy=False), matrix.indices.astype(np.int32, copy=False), matrix.data)


def times(rows: Compressed, values: Floats) -> Floats:
    """Return each row times the values of the columns: (rows,)."""
    columns = len(values)
    matrix: sparse.csr_array = sparse.csr_array((rows.value, rows.column, rows.start), shape=(len(rows.start) - 1, columns))
    product: Floats = matrix @ values
    return product
