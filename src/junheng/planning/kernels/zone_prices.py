"""Which zone is worth most to a seat at prices: joined, of lawful size, found by a search that a table of what can still come cuts short.

Schools of a seat ("items") stand in the order of their way from it, the seat first; a school is joined when a nearer neighbour of it is in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NEVER = 1e15  # what no zone costs
_EVEN = 1e-7


@compiled
def _completion(dear: Floats, weight: Ints, many: Ints, least: Ints, last: Floats, ahead: Floats) -> None:
    """Write to ahead[i, count, load] the least that items from i on can still add, whether joined or not.

    dear: (items,) what each costs at the prices; weight: (items,) pupils in steps, rounded down; many: (items,) schools that come with it;
    least: (most + 1,) the fewest steps that a zone of so many schools may have; last: (most + 1,) what a zone of so many schools costs
    besides, NEVER where it is too small.
    """
    items, most, top = len(dear), ahead.shape[1] - 1, ahead.shape[2] - 1
    for count in range(most + 1):
        for load in range(top + 1):
            ahead[items, count, load] = last[count] if load >= least[count] else NEVER
    for item in range(items - 1, 0, -1):
        more, heavy = many[item], weight[item]
        ahead[item] = ahead[item + 1]
        if more == 0:
            continue
        for count in range(most + 1 - more):
            for load in range(top + 1 - heavy):
                ahead[item, count, load] = min(ahead[item, count, load], ahead[item + 1, count + more, load + heavy] + dear[item])


@compiled
def _is_welcome(item: int, inside: Mask, near: tuple[Ints, Ints], apart: tuple[Ints, Ints]) -> bool:
    """Return whether an item is joined to what is inside and no other keeps it out."""
    joined = False
    for k in range(near[0][item], near[0][item + 1]):
        if inside[near[1][k]]:
            joined = True
            break
    if not joined:
        return False
    for k in range(apart[0][item], apart[0][item + 1]):
        other = apart[1][k]
        if other < item and inside[other]:
            return False
    return True


@compiled
def _of_threes(item: int, inside: Mask, threes: tuple[Ints, Ints, Floats]) -> float:
    """Return what an item adds as the second of three: it costs that once, whether the third comes or not."""
    starts, others, dear = threes
    added = 0.0
    for k in range(starts[item], starts[item + 1]):
        a, b = others[2 * k], others[2 * k + 1]
        if (a >= 0 and inside[a]) != (b >= 0 and inside[b]):
            added += dear[k]
    return added


@compiled
def _may_come(
    item: int,
    inside: Mask,
    bundle: tuple[Floats, Ints, Ints, Floats, Ints],
    threes: tuple[Ints, Ints, Floats],
    path: tuple[Ints, Ints, Floats, Floats],
    ahead: Floats,
    limit: float,
    most_pupils: float,
) -> bool:
    """Return whether an item fits into the zone begun, and the zone can then still be cheaper than the limit."""
    dear, weight, many, pupils, leader = bundle
    count, load, sums, cost = path
    if leader[item] != item and not inside[leader[item]]:
        return False
    more, heavy = count[item] + many[item], load[item] + weight[item]
    if more >= ahead.shape[1] or heavy >= ahead.shape[2] or sums[item] + pupils[item] > most_pupils:
        return False
    least = cost[item] + dear[item] + ahead[item + 1, more, heavy]
    return bool(least < limit and least + _of_threes(item, inside, threes) < limit)


@compiled
def _next(
    item: int,
    tried: NDArray[np.int8],
    inside: Mask,
    bundle: tuple[Floats, Ints, Ints, Floats, Ints],
    threes: tuple[Ints, Ints, Floats],
    near: tuple[Ints, Ints],
    apart: tuple[Ints, Ints],
    path: tuple[Ints, Ints, Floats, Floats],
    ahead: Floats,
    limit: float,
    most_pupils: float,
) -> int:
    """Return what to try next with an item: 1 inside, 2 outside, 0 neither."""
    leader, (count, load, _, cost) = bundle[4], path
    if tried[item] == 0:
        tried[item] = 1
        if _may_come(item, inside, bundle, threes, path, ahead, limit, most_pupils) and _is_welcome(item, inside, near, apart):
            inside[item] = True
            return 1
    if tried[item] == 1:
        tried[item], inside[item] = 2, False
        follows = leader[item] != item and inside[leader[item]]
        if not follows and cost[item] + ahead[item + 1, count[item], load[item]] < limit:
            return 2
    return 0


@compiled
def _search(
    bundle: tuple[Floats, Ints, Ints, Floats, Ints],
    threes: tuple[Ints, Ints, Floats],
    near: tuple[Ints, Ints],
    apart: tuple[Ints, Ints],
    size: tuple[int, float, float],
    last: Floats,
    ahead: Floats,
    work: int,
    below: float,
    found: Mask,
    value: Floats,
) -> tuple[int, int]:
    """Write the last zones found, each better than the one before and all below a limit.

    Returned: how many were found, and the work left, -1 if it ran out.

    bundle: what each item costs, its steps, schools and pupils together with those that follow it, and whom it follows (itself: nobody);
    threes: see _threes.
    """
    dear, weight, many, pupils, _ = bundle
    items, limit = len(dear), below
    inside, tried = np.zeros(items, np.bool_), np.zeros(items + 1, np.int8)
    path = (np.zeros(items + 1, np.int64), np.zeros(items + 1, np.int64), np.zeros(items + 1), np.zeros(items + 1))
    count, load, sums, cost = path
    inside[0], count[1], load[1], sums[1], cost[1] = True, many[0], weight[0], pupils[0], dear[0]
    times, item = 0, 1
    if many[0] >= ahead.shape[1] or weight[0] >= ahead.shape[2] or cost[1] + ahead[1, many[0], weight[0]] >= limit:
        return 0, work
    while item >= 1:
        if item == items:
            total = cost[item] + last[count[item]]
            if count[item] >= size[0] and size[1] <= sums[item] <= size[2] and total < limit:
                found[times % len(found)], value[times % len(found)] = inside, total
                times += 1
                limit = total - _EVEN
            item -= 1
            continue
        work -= 1
        if work < 0:
            return times, -1
        step = _next(item, tried, inside, bundle, threes, near, apart, path, ahead, limit, size[2])
        if step == 0:
            inside[item], tried[item] = False, 0
            item -= 1
            continue
        taken = step == 1
        count[item + 1] = count[item] + taken * many[item]
        load[item + 1] = load[item] + taken * weight[item]
        sums[item + 1] = sums[item] + taken * pupils[item]
        cost[item + 1] = cost[item] + taken * (dear[item] + _of_threes(item, inside, threes))
        item += 1
        tried[item] = 0
    return times, work


@compiled
def _bundled(
    own: Ints, place: Ints, cost: Floats, school: Floats, pupils: Floats, step: float, couples: tuple[Ints, Ints, Ints]
) -> tuple[Floats, Ints, Ints, Floats, Ints]:
    """Return the items of a seat, those that belong together counted where the first of them stands: see _search."""
    items = len(own)
    leader = np.arange(items)
    one, other, kind = couples
    changed = True
    while changed:
        changed = False
        for k in range(len(one)):
            a, b = place[one[k]], place[other[k]]
            if kind[k] > 0 and a >= 0 and b >= 0 and leader[a] != leader[b]:
                leader[a] = leader[b] = min(leader[a], leader[b])
                changed = True
    dear, sums = np.zeros(items), np.zeros(items)
    weight, many = np.zeros(items, np.int64), np.zeros(items, np.int64)
    for k in range(items):
        to = leader[k]
        dear[to] += cost[k] - school[own[k]]
        sums[to] += pupils[own[k]]
        many[to] += 1
    for k in range(items):
        weight[k] = int(sums[k] / step)
    return dear, weight, many, sums, leader


@compiled
def _apart(own: Ints, place: Ints, couples: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints]:
    """Return for each item of a seat where those begin that it may not be with, and their places in the list."""
    one, other, kind = couples
    starts = np.zeros(len(own) + 2, np.int64)
    for k in range(len(one)):
        if kind[k] < 0 and place[one[k]] >= 0 and place[other[k]] >= 0:
            starts[place[one[k]] + 2] += 1
            starts[place[other[k]] + 2] += 1
    for k in range(len(own)):
        starts[k + 2] += starts[k + 1]
    others = np.empty(starts[-1], np.int64)
    for k in range(len(one)):
        a, b = place[one[k]], place[other[k]]
        if kind[k] < 0 and a >= 0 and b >= 0:
            others[starts[a + 1]] = b
            starts[a + 1] += 1
            others[starts[b + 1]] = a
            starts[b + 1] += 1
    return starts[:-1], others


@compiled
def _threes(own: Ints, place: Ints, schools: Ints, dear: Floats) -> tuple[Ints, Ints, Floats]:
    """Return for each item of a seat where its threes begin, the places of the other two of each (-1: not of this seat), and its price."""
    starts = np.zeros(len(own) + 2, np.int64)
    for k in range(len(schools)):
        for j in range(3):
            if place[schools[k, j]] >= 0:
                starts[place[schools[k, j]] + 2] += 1
    for k in range(len(own)):
        starts[k + 2] += starts[k + 1]
    others, price = np.empty(2 * starts[-1], np.int64), np.empty(starts[-1])
    for k in range(len(schools)):
        for j in range(3):
            item = place[schools[k, j]]
            if item >= 0:
                at = starts[item + 1]
                others[2 * at], others[2 * at + 1] = place[schools[k, (j + 1) % 3]], place[schools[k, (j + 2) % 3]]
                price[at] = dear[k]
                starts[item + 1] += 1
    return starts[:-1], others, price


@compiled
def price(
    lists: tuple[Ints, Ints, Ints, Ints],
    cost: Floats,
    school: Floats,
    pupils: Floats,
    size: tuple[int, int, float, float],
    last: Floats,
    couples: tuple[Ints, Ints, Ints],
    three: tuple[Ints, Floats],
    steps: int,
    work: int,
    below: float,
    value: Floats,
    zones: Mask,
    of: Floats,
) -> int:
    """Price every seat once; return how many seats were left before their search ended (their value is then a bound only).

    lists: first item of each seat (seats + 1,), items, first neighbour of each item (items + 1,), places of nearer neighbours in the seat's
    list; cost: (items,); school: (schools,) prices; size: least and most schools and pupils; last: (most + 1,) what a zone of so many
    schools costs besides; couples: (pairs,) two schools and +1 for together, -1 for apart; three: (threes, 3) schools, and what a zone with
    two of them or all costs besides; work: of each seat; below: zones that cost more at the prices are of no use. Written: value (seats,)
    what the best zone of a seat costs at the prices, `below` at the most; zones (seats, kept, schools) and of (seats, kept) good zones,
    NEVER where there is none.
    """
    first, item, first_near, near = lists
    least, most, few, many = size
    step, left, schools = many / steps, 0, len(school)
    fewest = np.zeros(most + 1, np.int64)
    for count in range(most + 1):
        fewest[count] = max(0, int(np.ceil(few / step - count - _EVEN)))
    place = np.full(schools, -1, np.int64)
    of[:] = NEVER
    value[:] = below
    for seat in range(len(first) - 1):
        begin, end = first[seat], first[seat + 1]
        if begin == end:
            continue
        own = item[begin:end]
        for k in range(len(own)):
            place[own[k]] = k
        bundle = _bundled(own, place, cost[begin:end], school, pupils, step, couples)
        ahead = np.empty((len(own) + 1, most + 1, steps + 1))
        _completion(bundle[0], bundle[1], bundle[2], fewest, last, ahead)
        found = np.zeros((of.shape[1], len(own)), np.bool_)
        span = (first_near[begin : end + 1] - first_near[begin], near[first_near[begin] : first_near[end]])
        apart = _apart(own, place, couples)
        threes = _threes(own, place, three[0], three[1])
        times, rest = _search(bundle, threes, span, apart, (least, few, many), last, ahead, work, below, found, of[seat])
        for k in range(min(times, len(found))):
            zones[seat, k, :] = False
            for j in range(len(own)):
                zones[seat, k, own[j]] = found[k, j]
        value[seat] = min(of[seat].min(), below)
        if rest < 0:
            left += 1
            value[seat] = min(below, bundle[0][0] + ahead[1, bundle[2][0], bundle[1][0]])
        place[own] = -1
    return left
