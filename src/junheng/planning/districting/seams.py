"""Zones of several levels improved at once on large maps: where a seam of lower zones is one of upper zones, both are moved together.

Moves of one level cannot shift such a seam: the first block to go would part from its mates. Zones are joined by the rule of the nearer
neighbour; where any way will do, what is nearer is measured along the plan at hand, and anew from round to round.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.along import along
from junheng.planning.districting.case import EXACT, District
from junheng.planning.kernels.districting import UNREACHABLE
from junheng.planning.kernels.districting_levels import anneal_levels
from junheng.planning.solve import Watch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_STEPS, _PIECES = 8000, 8  # moves tried in a round, times blocks; in so many pieces, between which somebody may say stop
_WARM, _COLD = (4.0, 2.0, 0.8), 0.02  # first temperature of each round, and the last, in what it weighs that a block parts
_PRICE = (0.5, 50.0)  # of a pupil beyond places, first and last, in what a pupil weighs who parts
_FEW = (0.03, 10.0)  # of a zone's pupils that are few, and by how much more often each of them is counted: slivers go up alone
_SEED = 0x9E3779B97F4A7C15


def seams_moved(
    levels: Sequence[District], zones: Sequence[Ints], prices: Sequence[Ints], apart: Sequence[int], seed: int, watch: Watch
) -> tuple[Ints, ...]:
    """Return a plan of all levels that costs less, a few pupils who part alone counted more often; the same plan where none was found.

    levels: lowest first, over the same blocks; zones: (blocks,) lawful, by level; prices: (zones,) of a place, by level; apart: what a
    pupil who parts weighs, by lower level. Pupils at least (`low`) are not looked at.
    """
    wide, best = max(district.each.shape[1] for district in levels), np.stack(list(zones))
    pupils = np.stack([district.pupils for district in levels])
    cost, high = _padded([district.cost for district in levels], wide), np.full((len(levels), wide), UNREACHABLE, dtype=np.int64)
    for level, district in enumerate(levels):
        high[level, : len(district.high)] = district.high
    fixed = np.stack([district.fixed for district in levels])
    few = np.array([(_FEW[0] * district.pupils.sum() / district.each.shape[1], _FEW[1]) for district in levels[:-1]])
    case = (cost, pupils, high, np.array(apart, dtype=np.float64), few)
    blocks, weight = pupils.shape[1], float(max(apart))
    typical = weight * max(1.0, float(pupils[:-1].sum(axis=1).min()) / blocks)
    state = np.array([(seed * 2 + 1) * _SEED % 2**64], dtype=np.uint64)
    for warm in _WARM:
        orders = _padded([_order(*each) for each in zip(levels, best, prices, strict=True)], wide)
        zone, record = best.copy(), np.zeros(2)
        sums, on = _sums(zone, pupils, wide), (orders, *levels[0].beside, fixed)
        ends = np.linspace(0.0, 1.0, _PIECES + 1)
        heats, dear = warm * (_COLD / warm) ** ends, _PRICE[0] * (_PRICE[1] / _PRICE[0]) ** ends
        for piece in range(_PIECES):
            if watch.cancelled and watch.cancelled():
                return tuple(best)
            heat = np.r_[typical * heats[piece : piece + 2], weight * dear[piece : piece + 2]]
            anneal_levels(zone, case, sums, on, heat, _STEPS * blocks // _PIECES, state, best, record)
    return tuple(best)


def _order(district: District, zone: Ints, prices: Ints) -> Ints:
    """Return how near blocks are to the schools of a zone: along the plan where any way will do."""
    if district.rule != EXACT:
        return district.order
    lawful = district.each < UNREACHABLE
    priced = np.where(lawful, district.cost + district.pupils[:, None] * prices[None].astype(np.float64), np.inf)
    return along(district, zone, priced - priced.min(axis=1, keepdims=True)).order


def _padded(parts: Sequence[Ints], wide: int) -> Ints:
    """Return arrays of (blocks, zones) as one: (levels, blocks, zones), what is not there unreachable."""
    padded = np.full((len(parts), len(parts[0]), wide), UNREACHABLE, dtype=np.int64)
    for level, part in enumerate(parts):
        padded[level, :, : part.shape[1]] = part
    return padded


def _sums(zone: Ints, pupils: Ints, wide: int) -> tuple[Ints, Ints]:
    """Return the pupils of each zone, (levels, zones), and who go up where, (levels - 1, zones, zones)."""
    load, many = np.zeros((len(zone), wide), dtype=np.int64), np.zeros((len(zone) - 1, wide, wide), dtype=np.int64)
    for level, (own, count) in enumerate(zip(zone, pupils, strict=True)):
        np.add.at(load[level], own, count)
        if level + 1 < len(zone):
            np.add.at(many[level], (own, zone[level + 1]), count)
    return load, many
