"""Covers of schools: blocks that do not fit into a school together, as rows that a program with divided blocks breaks.

Of blocks that are too many for the places left, one at least stays out. Each other block is then given the largest weight at which the
row still holds for every choice of whole blocks within the places (lifting: Gu, Nemhauser, Savelsbergh 1998), exactly, by a table
over pupils.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ALL = 1.0 - 1e-6  # of a block that counts as whole
_NONE = 1e-6


@compiled
def _cover(order: Ints, weight: Ints, value: Floats, room: int, count: Floats) -> int:
    """Take divided blocks, those first that are nearly whole, until they do not fit, and none too many; return how many."""
    load, many = 0, 0
    for k in order:
        if _NONE < value[k] < _ALL and load <= room:
            count[k], load, many = 1.0, load + weight[k], many + 1
    if load <= room:
        return 0
    for k in order[::-1]:
        if count[k] > 0 and load - weight[k] > room:
            count[k], load, many = 0.0, load - weight[k], many - 1
    return many


@compiled
def _enter(best: Floats, weight: int, count: float) -> int:
    """Enter a block in the table of the most that fits into so many places."""
    for c in range(len(best) - 1, weight - 1, -1):
        best[c] = max(best[c], best[c - weight] + count)
    return 0


@compiled
def _lift(k: int, weight: Ints, room: int, most: float, count: Floats, best: Floats) -> int:
    """Give a block that may stay out as much as the row allows."""
    if weight[k] <= room:
        count[k] = most - best[room - weight[k]]
        if count[k] > 0:
            _enter(best, weight[k], count[k])
    return 0


@compiled
def _lift_some(
    order: Ints, least: float, below: float, weight: Ints, value: Floats, room: int, most: float, count: Floats, best: Floats
) -> int:
    for k in order:
        if count[k] == 0 and least < value[k] < below:
            _lift(k, weight, room, most, count, best)
    return 0


@compiled
def _lift_whole(order: Ints, weight: Ints, value: Floats, room: int, most: float, count: Floats, best: Floats) -> float:
    """Let blocks that were counted on be out, too: the row allows the less for each of them that is."""
    for k in order:
        if value[k] >= _ALL:
            count[k] = best[room + weight[k]] - most
            most, room = most + count[k], room + weight[k]
            if count[k] > 0:
                _enter(best, weight[k], count[k])
    return most


@compiled
def _over(count: Floats, value: Floats, most: float) -> float:
    total = 0.0
    for k in range(len(count)):
        total += count[k] * value[k]
    return total - most


@compiled
def _lifted(order: Ints, weight: Ints, value: Floats, room: int, places: int, count: Floats) -> float:
    """Give every other block its weight in the row; return the most that the row allows."""
    most, best = float(count.sum()) - 1.0, np.zeros(places + 1)
    for k in order:
        if count[k] > 0:
            _enter(best, weight[k], count[k])
    _lift_some(order, _NONE, _ALL, weight, value, room, most, count, best)
    if _over(count, value, most) <= 0:
        return most  # what follows changes nothing in how far the row is broken
    most = _lift_whole(order, weight, value, room, most, count, best)
    _lift_some(order, -1.0, _NONE, weight, value, places, most, count, best)
    return most


@compiled
def cover(weight: Ints, value: Floats, places: int) -> tuple[Floats, float, float]:
    """Return a row over the blocks of a school: how much each counts, the most that fits, and by how much the values break it.

    weight: (blocks,) pupils; value: (blocks,) shares in the school; places: what the blocks may fill.
    """
    count, order = np.zeros(len(weight)), np.argsort(-value, kind="mergesort")
    room = places
    for k in range(len(weight)):
        if value[k] >= _ALL:
            room -= weight[k]
    if room < 0 or _cover(order, weight, value, room, count) == 0:
        return count, 0.0, -1.0
    most = _lifted(order, weight, value, room, places, count)
    return count, most, _over(count, value, most)
