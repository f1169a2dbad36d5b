"""What the zones of a seat cannot cost less than: a table of what schools can still add, sharpened by multipliers.

Schools of a seat ("items") stand in the order of their way from it, the seat first; a school is joined when a nearer neighbour of it is in.
The table knows neither who is joined nor rules over three schools. Multipliers tell it: with `joint` j of an item, j (in - its nearer
neighbours in) is added, never above 0 for a zone that is joined; with `even` e of three schools that cost d from the second on, e d/2 (how
many are in - 1) stands for that cost, never above it (Lagrange; e d where only two of the three are in reach).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Bundle = tuple[Floats, Ints, Ints, Floats, Ints]  # see zone_search.bundle
Near = tuple[Ints, Ints]  # where the list of each item begins, and the lists one after another
Threes = tuple[Ints, Ints, Ints, Floats, Floats, Floats]  # see zone_search.bundle
Tolls = tuple[Floats, Floats]  # joint of each item, even of each three

NEVER = 1e15  # what no zone costs
_PATIENCE = 3
_ROUNDING = 1e-7


@compiled
def _completion(dear: Floats, weight: Ints, many: Ints, fewest: Ints, last: Floats, ahead: Floats) -> None:
    """Write to ahead[i, count, load] the least that items from i on can still add, whether joined or not.

    dear: (items,) what each costs at the prices; weight: (items,) pupils in steps, rounded down; many: (items,) schools that come with it;
    fewest: (most + 1,) the fewest steps that a zone of so many schools may have; last: (most + 1,) what a zone of so many schools costs
    besides, NEVER where it is too small.
    """
    items, counts, loads = len(dear), ahead.shape[1], ahead.shape[2]
    for count in range(counts):
        ahead[items, count, :] = last[count]
        ahead[items, count, : min(loads, fewest[count])] = NEVER
    for item in range(items - 1, -1, -1):
        more, heavier, costs = many[item], weight[item], dear[item]
        for count in range(counts):
            now, without = ahead[item, count], ahead[item + 1, count]
            now[:] = without
            if item > 0 and more > 0 and count + more < counts:
                with_it = ahead[item + 1, count + more]
                for load in range(loads - heavier):
                    least = with_it[load + heavier] + costs
                    now[load] = min(without[load], least)


@compiled
def _with_tolls(bundle: Bundle, near: Near, threes: Threes, tolls: Tolls, dear: Floats) -> float:
    """Write what items cost with multipliers, those that follow where the first of them stands; return what is added to all."""
    cost, leader, (joint, even) = bundle[0], bundle[4], tolls
    each, fixed = cost.copy(), 0.0
    for item in range(1, len(cost)):
        each[item] += joint[item]
        for k in range(near[0][item], near[0][item + 1]):
            each[near[1][k]] -= joint[item]
    starts, which, _, none = threes[:4]
    for item in range(len(cost)):
        for k in range(starts[item], starts[item + 1]):
            each[item] += even[which[k]] * none[which[k]]
    for three in range(len(even)):
        fixed -= even[three] * none[three]
    dear[:] = 0.0
    for item in range(len(cost)):
        dear[leader[item]] += each[item]
    return fixed


@compiled
def _cheapest(bundle: Bundle, dear: Floats, ahead: Floats, inside: Mask) -> None:
    """Write the zone, joined or not, that costs least by the table."""
    _, weight, many, _, leader = bundle
    count, load = many[0], weight[0]
    inside[0] = True
    for item in range(1, len(dear)):
        if leader[item] != item:
            inside[item] = inside[leader[item]]
            continue
        inside[item] = ahead[item, count, load] < ahead[item + 1, count, load]
        if inside[item]:
            count, load = count + many[item], load + weight[item]


@compiled
def _slopes(inside: Mask, near: Near, threes: Threes, tolls: Tolls, by_joint: Floats, by_even: Floats) -> tuple[float, float]:
    """Write how the least cost grows with each multiplier where it may move; return the squares of both."""
    starts, which, _, none = threes[:4]
    by_even[:] = 0.0
    for item in range(len(inside)):
        others = 0
        for k in range(near[0][item], near[0][item + 1]):
            others += inside[near[1][k]]
        by_joint[item] = inside[item] - others if item > 0 else 0
        for k in range(starts[item], starts[item + 1]):
            by_even[which[k]] += none[which[k]] * inside[item]
    by_even -= none
    for item in range(len(inside)):
        if by_joint[item] < 0 and tolls[0][item] <= 0:
            by_joint[item] = 0.0
    for three in range(len(none)):
        is_at_end = tolls[1][three] <= 0 if by_even[three] < 0 else tolls[1][three] >= 1
        if is_at_end:
            by_even[three] = 0.0
    return float(by_joint @ by_joint), float(by_even @ by_even)


@compiled
def bettered(
    bundle: Bundle, near: Near, threes: Threes, fewest: Ints, last: Floats, tolls: Tolls, limit: float, rounds: int, ahead: Floats
) -> tuple[float, float, Floats]:
    """Better the multipliers until the cheapest zone by the table comes up to a limit; tolls, ahead: written.

    Returned: what that zone costs, what is added to all, and what each item costs.
    """
    joint, even = tolls
    dear, inside, by_joint, by_even = np.zeros(len(joint)), np.zeros(len(joint), np.bool_), np.zeros(len(joint)), np.zeros(len(even))
    best, best_joint, best_even, stride, stalled = -np.inf, joint.copy(), even.copy(), 1.0, 0
    seat = (bundle[2][0], bundle[1][0])
    for number in range(rounds + 2):
        fixed = _with_tolls(bundle, near, threes, tolls, dear)
        _completion(dear, bundle[1], bundle[2], fewest, last, ahead)
        value = fixed + dear[0] + ahead[1, seat[0], seat[1]]
        if number > rounds or value >= limit:
            return value, fixed, dear
        if value > best:
            best, stalled = value, 0
            best_joint[:], best_even[:] = joint, even
        else:
            stalled += 1
        if stalled >= _PATIENCE:
            stride, stalled = stride / 2, 0
            joint[:], even[:] = best_joint, best_even
        _cheapest(bundle, dear, ahead, inside)
        squares = _slopes(inside, near, threes, tolls, by_joint, by_even)
        if number == rounds or squares[0] + squares[1] == 0:
            joint[:], even[:] = best_joint, best_even
            continue
        reach = 0.5 * stride * min(limit - value, abs(value) + 1.0)
        joint[:] = np.maximum(0.0, joint + reach / max(squares[0], _ROUNDING) * by_joint)
        even[:] = np.minimum(1.0, np.maximum(0.0, even + reach / max(squares[1], _ROUNDING) * by_even))
    return best, fixed, dear
