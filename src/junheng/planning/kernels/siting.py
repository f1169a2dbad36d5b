"""Prices for siting with places: what each site is worth at given prices of a pupil, and how high prices may rise.

A pupil of block i pays price[i]; site j, when open, takes the pupils from whom most is left after the way, as many as it has places.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Status = NDArray[np.int8]

CLOSED, FREE, OPEN = -1, 0, 1
_FAR = 1e300
_LITTLE = 0.01  # of what is missing to the target: less is no progress
_SHORTER, _LONGER, _SHORTEST, _LONGEST, _FLAT, _PATIENCE = 0.66, 1.05, 1e-4, 2.0, 1e-9, 20
_NEW, _STEADY = 0.1, 0.7  # how much of the average of picks is that of the last round, and how much of the direction stays


@compiled
def _take(way: Floats, pupils: Floats, price: Floats, room: float, taken: Floats) -> float:
    """Return what is left over from the pupils that a site takes; way: (blocks,) to it; taken: (blocks,) becomes how many."""
    blocks, count, wishing = way.shape[0], 0, 0.0
    gain, who = np.empty(blocks), np.empty(blocks, np.int64)
    for i in range(blocks):
        taken[i] = 0.0
        if price[i] > way[i]:
            gain[count], who[count] = way[i] - price[i], i
            wishing += pupils[i]
            count += 1
    left, total = room, 0.0
    if wishing <= room:
        for q in range(count):
            taken[who[q]] = pupils[who[q]]
            total -= gain[q] * pupils[who[q]]
        return total
    for q in np.argsort(gain[:count]):
        many = min(left, pupils[who[q]])
        taken[who[q]] = many
        total -= gain[q] * many
        left -= many
        if left <= 0.0:
            break
    return total


@compiled
def _choose(worth: Floats, room: Floats, status: Status, need: float, picked: Floats) -> tuple[float, float]:
    """Pick the sites worth opening, and more of them until there is room for all, the last in part; return their worth and its price.

    The price is what one place more would cost: 0 where the sites worth opening suffice.
    """
    total, lacking = 0.0, need
    for j in range(worth.shape[0]):
        picked[j] = 1.0 if status[j] == OPEN or (status[j] == FREE and worth[j] < 0.0) else 0.0
        total += worth[j] * picked[j]
        lacking -= room[j] * picked[j]
    price = 0.0
    while lacking > 1e-9:
        best, at = _FAR, -1
        for j in range(worth.shape[0]):
            if picked[j] == 0.0 and status[j] == FREE and room[j] > 0.0 and worth[j] / room[j] < best:
                best, at = worth[j] / room[j], j
        if at < 0:
            return _FAR, price
        picked[at] = min(1.0, lacking / room[at])
        total += worth[at] * picked[at]
        lacking -= room[at] * picked[at]
        price = best
    return total, price


@compiled
def _round(way: Floats, pupils: Floats, room: Floats, fixed: Floats, status: Status, price: Floats, worth: Floats, taken: Floats) -> float:
    """Bring the worth of every site that is not closed up to date; return what all pupils pay."""
    total = 0.0
    for i in range(price.shape[0]):
        total += pupils[i] * price[i]
    for j in range(room.shape[0]):
        worth[j] = fixed[j]
        if status[j] != CLOSED:
            worth[j] -= _take(way[j], pupils, price, room[j], taken[j])
    return total


@compiled
def _direct(pupils: Floats, picked: Floats, taken: Floats, keep: float, slope: Floats) -> float:
    """Bring the direction of prices up to date: pupils of a block less those taken; return its squared length."""
    size = 0.0
    for i in range(pupils.shape[0]):
        rest = pupils[i]
        for j in range(picked.shape[0]):
            if picked[j] > 0.0:
                rest -= picked[j] * taken[j, i]
        slope[i] = keep * slope[i] + (1.0 - keep) * rest
        size += slope[i] * slope[i]
    return size


@compiled
def ascend(
    way: Floats,
    pupils: Floats,
    room: Floats,
    fixed: Floats,
    status: Status,
    target: float,
    rounds: int,
    step: float,
    price: Floats,
    share: Floats,
    reduced: Floats,
) -> float:
    """Raise the prices of pupils so that the bound they give grows; return the best bound. Stops when it reaches `target`.

    way: (sites, blocks) for one pupil; pupils: (blocks,); room, fixed: (sites,) places, and the cost of being open; status: (sites,);
    price: (blocks,) the start, becomes the prices of the best bound; share: (sites,) becomes how often a site was picked lately;
    reduced: (sites,) becomes by how much the bound rises at least when a picked site is closed (below 0) or another opened (above).
    Volume algorithm (Barahona and Anbil 2000) on the assignment of blocks, with a covering knapsack over the sites.
    """
    sites, blocks = room.shape[0], pupils.shape[0]
    trial, slope, worth, picked = price.copy(), np.zeros(blocks), np.empty(sites), np.zeros(sites)
    taken, need = np.zeros((sites, blocks)), 0.0
    for i in range(blocks):
        need += pupils[i]
    best, idle = -_FAR, 0
    for turn in range(rounds):
        bound = _round(way, pupils, room, fixed, status, trial, worth, taken)
        chosen, place = _choose(worth, room, status, need, picked)
        if chosen >= _FAR:
            return _FAR
        bound += chosen
        idle += 1
        if bound > best:
            idle = 0 if bound > best + _LITTLE * abs(target - best) else idle
            best, step = bound, min(step * _LONGER, _LONGEST)
            price[:] = trial
            reduced[:] = worth - place * room
        if idle > _PATIENCE:
            step, idle = step * _SHORTER, 0
            trial[:] = price
        keep = 0.0 if turn == 0 else 1.0 - _NEW
        share[:] = keep * share + (1.0 - keep) * picked
        size = _direct(pupils, picked, taken, 0.0 if turn == 0 else _STEADY, slope)
        if best >= target or size < _FLAT or step < _SHORTEST:
            break
        trial[:] = np.maximum(trial + step * (target - bound) / size * slope, 0.0)
    return best
