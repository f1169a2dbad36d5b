"""Where a zone can reach at all, and the cheapest way by which a block that must be in it is joined to its school."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Map = tuple[Ints, Ints, Ints, Ints, Ints, Mask]  # order (blocks, zones), start, beside, root_start, root, fixed


@compiled
def reach(lawful: Mask, on: Map, exact: bool, found: Mask) -> int:
    """Mark in `found` (blocks, zones) the pairs from which a way of lawful blocks leads to the zone's school; return how many.

    exact: any way; else each block of it nearer to the school than the one before.
    """
    order, start, beside, root_start, root, _ = on
    blocks, zones = lawful.shape
    stack, many = np.zeros(blocks, np.int64), 0
    for j in range(zones):
        top = 0
        for r in range(root_start[j], root_start[j + 1]):
            found[root[r], j] = True
            stack[top] = root[r]
            top += 1
        while top > 0:
            top -= 1
            here = stack[top]
            many += 1
            for q in range(start[here], start[here + 1]):
                near = beside[q]
                if lawful[near, j] and not found[near, j] and (exact or order[near, j] > order[here, j]):
                    found[near, j] = True
                    stack[top] = near
                    top += 1
    return many


@compiled
def corridor(block: int, to: int, dear: Floats, on: Map, exact: bool, came: Ints) -> tuple[float, int]:
    """Return what the cheapest way from a block to the school of a zone costs, and the school's block (-1: there is no way).

    dear: (blocks,) what it costs to have a block in the way, inf where it cannot be; came: (blocks,) leads back from the end.
    """
    order, start, beside, root_start, root, _ = on
    blocks = len(dear)
    least = np.full(blocks, np.inf)
    waits = np.zeros(blocks, np.bool_)
    line, head, tail = np.zeros(blocks + 1, np.int64), 0, 1
    line[0], least[block], came[block], waits[block] = block, 0.0, -1, True
    while head != tail:
        here = line[head]
        head = (head + 1) % (blocks + 1)
        waits[here] = False
        for q in range(start[here], start[here + 1]):
            near = beside[q]
            if least[here] + dear[near] >= least[near] or (not exact and order[near, to] >= order[here, to]):
                continue
            least[near], came[near] = least[here] + dear[near], here
            if not waits[near]:
                waits[near] = True
                line[tail] = near
                tail = (tail + 1) % (blocks + 1)
    best, end = np.inf, -1
    for r in range(root_start[to], root_start[to + 1]):
        if least[root[r]] < best:
            best, end = least[root[r]], root[r]
    return best, end
