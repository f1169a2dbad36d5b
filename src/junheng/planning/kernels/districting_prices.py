"""A bound for zones from prices of blocks: with the price of every block given, each school takes the blocks that pay it best.

Whole blocks only, within its places (a knapsack, solved exactly); whether they are joined is left out, so the bound holds for any
meaning of joined. Prices rise where a block is taken by no school and fall where several take it (Held and Karp 1971; for whole
blocks Fisher, Jaikumar, Van Wassenhove 1986).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_STALL = 12  # rounds without a better bound before steps become shorter
_SHORTER = 0.7
_SMALLEST = 1e-3


@compiled
def _prefix(profit: Floats, weight: Ints, room: int) -> Floats:
    """Return the best profit of the first k items within c pupils: (items + 1, room + 1)."""
    items = len(profit)
    table = np.zeros((items + 1, room + 1))
    for k in range(items):
        for c in range(room + 1):
            table[k + 1, c] = table[k, c]
            if weight[k] <= c and table[k, c - weight[k]] + profit[k] > table[k + 1, c]:
                table[k + 1, c] = table[k, c - weight[k]] + profit[k]
    return table


@compiled
def _school(j: int, price: Floats, cost: Ints, pupils: Ints, room: int, must: Mask, taken: Mask) -> float:
    """Return the best profit of a school over its own blocks, and mark those that it takes."""
    blocks, items, total = len(price), 0, 0
    which = np.empty(blocks, np.int64)
    for i in range(blocks):
        taken[i] = False
        if not must[i] and price[i] - cost[i, j] > 0:
            which[items], total = i, total + pupils[i]
            items += 1
    which = which[:items]
    profit = np.empty(items)
    for k in range(items):
        profit[k] = price[which[k]] - cost[which[k], j]
    if total <= room:
        taken[which] = True
        return float(profit.sum())
    table = _prefix(profit, pupils[which], room)
    left = room
    for k in range(items - 1, -1, -1):
        if table[k + 1, left] > table[k, left]:
            taken[which[k]] = True
            left -= pupils[which[k]]
    return float(table[items, room])


@compiled
def value(price: Floats, cost: Ints, pupils: Ints, room: Ints, must: Mask, fixed_cost: float, times: Ints) -> float:
    """Return the bound at the prices, and how often each block is taken: (blocks,).

    room: (zones,) places beyond the blocks that must be there; must: (blocks,) settled beforehand, at fixed_cost.
    """
    blocks, zones = cost.shape
    taken, total = np.zeros(blocks, np.bool_), fixed_cost
    times[:] = 0
    for i in range(blocks):
        if must[i]:
            times[i] = 1
        else:
            total += price[i]
    for j in range(zones):
        total -= _school(j, price, cost, pupils, room[j], must, taken)
        for i in range(blocks):
            if taken[i]:
                times[i] += 1
    return total


@compiled
def ascend(price: Floats, cost: Ints, pupils: Ints, room: Ints, must: Mask, fixed_cost: float, goal: float, rounds: int) -> float:
    """Let prices rise to the best bound found in so many rounds, or until `goal` is reached; price is changed to the best prices."""
    blocks = len(price)
    times, direction = np.zeros(blocks, np.int64), np.zeros(blocks)
    best, here, share, stall = -1e300, price.copy(), 1.0, 0
    aim = goal
    for _ in range(rounds):
        bound = value(here, cost, pupils, room, must, fixed_cost, times)
        if bound > best + 1e-9 * abs(best):
            best, stall = bound, 0
            price[:] = here
        else:
            stall += 1
            if stall >= _STALL:
                share, stall = share * _SHORTER, 0
                here[:] = price
        if best >= goal or share < _SMALLEST:
            break
        square = 0.0
        for i in range(blocks):
            direction[i] = 0.5 * direction[i] + 0.5 * (1 - times[i])
            square += direction[i] ** 2
        if square < 1e-12:
            break
        aim = max(goal, best + 1e-4 * abs(best))
        here += share * (aim - bound) / square * direction
    return best


@compiled
def _best_with(k: int, before: Floats, after: Floats, room: int, weight: int) -> float:
    """Return the best profit of all items but k within what k leaves."""
    most = -1e300
    for c in range(room - weight + 1):
        most = max(most, before[k, c] + after[k, room - weight - c])
    return most


@compiled
def _after(profit: Floats, weight: Ints, room: int) -> Floats:
    """Return the best profit of the items after k within c pupils: (items, room + 1)."""
    items = len(profit)
    turned = _prefix(profit[::-1].copy(), weight[::-1].copy(), room)
    after = np.empty((items, room + 1))
    for k in range(items):
        after[k] = turned[items - 1 - k]
    return after


@compiled
def _forced_at(j: int, price: Floats, cost: Ints, pupils: Ints, room: int, must: Mask, bound: float, forced: Floats) -> None:
    blocks = len(price)
    which = np.flatnonzero(~must & (price - cost[:, j] > 0))
    profit, weight = price[which] - cost[which, j], pupils[which]
    table = _prefix(profit, weight, room)
    best = table[len(which), room]
    for i in range(blocks):
        if pupils[i] > room or must[i]:
            forced[i, j] = np.inf
        else:
            forced[i, j] = bound + best - (price[i] - cost[i, j]) - table[len(which), room - pupils[i]]
    after = _after(profit, weight, room)
    for k in range(len(which)):
        if weight[k] <= room:
            forced[which[k], j] = bound + best - profit[k] - _best_with(k, table, after, room, weight[k])


@compiled
def forced(price: Floats, cost: Ints, pupils: Ints, room: Ints, must: Mask, bound: float) -> Floats:
    """Return what no plan with a block at a school falls below: (blocks, zones), inf where that cannot be. bound: at the same prices."""
    found = np.empty(cost.shape)
    for j in range(cost.shape[1]):
        _forced_at(j, price, cost, pupils, min(room[j], pupils.sum()), must, bound, found)
    return found
