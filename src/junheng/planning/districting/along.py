"""Zones joined in any way, asked of the engine as zones joined by nearer neighbours: what is nearer is measured along likely blocks.

Under any order of blocks by which some way leads down to the school, the rule of the nearer neighbour gives joined zones only. Where the
order follows a plan's own ways and blocks that a zone can have at little cost, the ways of better plans, bent ones too, are among them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.case import CLOSER, District
from junheng.planning.kernels.districting import UNREACHABLE
from junheng.planning.sparse import shortest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_OWN = 0.002  # length of a step within the plan's zone: shorter than any way around
_STEP = 0.1  # of a step elsewhere that costs nothing more
_SHARE = 0.02  # of what a block costs on the average, that makes a step longer by one
_MOST = 20.0
_FINE = 1000.0  # whole numbers in an order


def along(district: District, zone: Ints, reduced: Floats) -> District:
    """Return the district under the rule of the nearer neighbour, by an order under which a joined plan is lawful.

    zone: (blocks,) of the plan; reduced: (blocks, zones) by how much a pair costs more than the cheapest of its block.
    """
    blocks, (one, other) = len(zone), district.edges.T
    scale = max(1.0, _SHARE * district.total(zone) / blocks)
    step = _STEP + np.minimum(np.nan_to_num(reduced, posinf=np.inf) / scale, _MOST)
    step[np.arange(blocks), zone] = _OWN
    begin, root = district.root_lists
    order = np.full(step.shape, UNREACHABLE, dtype=np.int64)
    for j in range(step.shape[1]):
        own = root[begin[j] : begin[j + 1]]
        if len(own):
            length = np.r_[step[other, j], step[one, j]]
            ways = shortest(np.r_[one, other], np.r_[other, one], length, blocks, own).min(axis=0)
            order[:, j] = np.where(np.isfinite(ways), np.rint(ways * _FINE), UNREACHABLE).astype(np.int64)
    turned = replace(district, rule=CLOSER)
    turned.__dict__["order"] = order
    return turned
