"""Which straight lines meet a wall: every line against every piece of wall, which beats an index while walls have few hundred pieces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@compiled
def meets(start: Floats, end: Floats, wall_start: Floats, wall_end: Floats) -> Mask:
    """Return which lines meet a piece of wall, touching included: (lines,). start, end: (lines, 2); wall_start, wall_end: (pieces, 2)."""
    out = np.zeros(len(start), dtype=np.bool_)
    for k in range(len(start)):
        ax, ay, bx, by = start[k, 0], start[k, 1], end[k, 0], end[k, 1]
        west, east, south, north = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
        for w in range(len(wall_start)):
            cx, cy, dx, dy = wall_start[w, 0], wall_start[w, 1], wall_end[w, 0], wall_end[w, 1]
            if max(cx, dx) < west or min(cx, dx) > east or max(cy, dy) < south or min(cy, dy) > north:
                continue
            of_c = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
            of_d = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax)
            if (of_c > 0 and of_d > 0) or (of_c < 0 and of_d < 0):
                continue
            of_a = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx)
            of_b = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx)
            if (of_a > 0 and of_b > 0) or (of_a < 0 and of_b < 0):
                continue
            out[k] = True
            break
    return out
