"""The one wrapper of scipy: sparse rows, what is asked of a graph, and the nearest of many points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import KDTree

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


def shortest(tail: NDArray[np.integer], head: NDArray[np.integer], length: Floats, nodes: int, sources: NDArray[np.integer]) -> Floats:
    """Return the lengths of the shortest ways from each source to every node: (sources, nodes); inf where there is none.

    tail, head: (arcs,) nodes, each arc is walked from tail to head only; length: (arcs,) more than 0; of two arcs between the same
    nodes the shorter counts.
    """
    order = np.lexsort((length, head, tail))
    tail, head, length = tail[order], head[order], length[order]
    first = np.ones(len(tail), dtype=np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    arcs = sparse.csr_array((length[first], (tail[first].astype(np.int32), head[first].astype(np.int32))), shape=(nodes, nodes))
    return np.asarray(csgraph.dijkstra(arcs, directed=True, indices=sources), dtype=np.float64)


def pieces(tail: NDArray[np.integer], head: NDArray[np.integer], nodes: int) -> Places:
    """Return the piece of each node, 0 upwards: (nodes,); nodes are of one piece when arcs join them, in whichever direction."""
    arcs = sparse.coo_array((np.ones(len(tail)), (tail.astype(np.int32), head.astype(np.int32))), shape=(nodes, nodes)).tocsr()
    return np.asarray(csgraph.connected_components(arcs, directed=False)[1], dtype=np.int32)


def nearest(among: Floats, points: Floats, many: int) -> tuple[Floats, Places]:
    """Return the distance to, and the place of, the nearest `many` of (k, 2) points `among` for each of (n, 2) points: (n, many)."""
    most = min(many, len(among))
    far, place = KDTree(among).query(points, k=list(range(1, most + 1)))
    return np.asarray(far, dtype=np.float64), np.asarray(place, dtype=np.int32)
