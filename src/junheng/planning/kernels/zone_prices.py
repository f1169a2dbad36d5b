"""Which zones are worth most to a seat at prices: joined, of lawful size, found by a search that a table of what can still come cuts short.

Schools of a seat ("items") stand in the order of their way from it, the seat first; a school is joined when a nearer neighbour of it is in.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Words = NDArray[np.uint64]
Bundle = tuple[Floats, Ints, Ints, Floats, Ints]  # see _bundled
Near = tuple[Ints, Ints]  # where the list of each item begins, and the lists one after another
Lists = tuple[Ints, Ints, Ints, Ints]  # see price
Threes = tuple[Ints, Ints, Floats]  # likewise, and what each three costs

NEVER = 1e15  # what no zone costs
_EVEN = 1e-7


@compiled
def _completion(dear: Floats, weight: Ints, many: Ints, least: Ints, last: Floats, ahead: Floats) -> None:
    """Write to ahead[count, load, i] the least that items from i on can still add, whether joined or not.

    dear: (items,) what each costs at the prices; weight: (items,) pupils in steps, rounded down; many: (items,) schools that come with it;
    least: (most + 1,) the fewest steps that a zone of so many schools may have; last: (most + 1,) what a zone of so many schools costs
    besides, NEVER where it is too small.
    """
    items, most, top = len(dear), ahead.shape[0] - 1, ahead.shape[1] - 1
    for count in range(most, -1, -1):
        for load in range(top, -1, -1):
            least_yet = last[count] if load >= least[count] else NEVER
            ahead[count, load, items] = least_yet
            for item in range(items - 1, 0, -1):
                with_it, heavier = count + many[item], load + weight[item]
                if many[item] > 0 and with_it <= most and heavier <= top:
                    least_yet = min(least_yet, ahead[with_it, heavier, item + 1] + dear[item])
                ahead[count, load, item] = least_yet
            ahead[count, load, 0] = least_yet


@compiled
def _is_welcome(item: int, inside: Mask, near: Near, apart: Near) -> bool:
    """Return whether an item is joined to what is inside and no other keeps it out."""
    joined = False
    for k in range(near[0][item], near[0][item + 1]):
        if inside[near[1][k]]:
            joined = True
            break
    if not joined:
        return False
    for k in range(apart[0][item], apart[0][item + 1]):
        joined = joined and not inside[apart[1][k]]
    return joined


@compiled
def _of_threes(item: int, met: Ints, threes: Threes) -> float:
    """Return what an item adds as the second of three: it costs that once, whether the third comes or not."""
    starts, which, dear = threes
    added = 0.0
    for k in range(starts[item], starts[item + 1]):
        if met[which[k]] == 1:
            added += dear[which[k]]
    return added


@compiled
def _put(item: int, inside: Mask, met: Ints, threes: Threes, by: int) -> None:
    """Put an item in (1) or take it out again (-1)."""
    inside[item] = by > 0
    for k in range(threes[0][item], threes[0][item + 1]):
        met[threes[1][k]] += by


@compiled
def _may_come(
    item: int,
    depth: int,
    inside: Mask,
    met: Ints,
    bundle: Bundle,
    threes: Threes,
    lists: tuple[Near, Near],
    path: tuple[Ints, Ints, Floats, Floats],
    ahead: Floats,
    limit: float,
    most_pupils: float,
) -> bool:
    """Return whether an item fits into the zone begun, and the zone can then still be cheaper than the limit."""
    dear, weight, many, pupils, _ = bundle
    count, load, sums, cost = path
    more, heavy = count[depth] + many[item], load[depth] + weight[item]
    if more >= ahead.shape[0] or heavy >= ahead.shape[1] or sums[depth] + pupils[item] > most_pupils:
        return False
    least = cost[depth] + dear[item] + ahead[more, heavy, item + 1]
    if least >= limit or not _is_welcome(item, inside, lists[0], lists[1]):
        return False
    return bool(least + _of_threes(item, met, threes) < limit)


@compiled
def _is_out(item: int, leader: Ints, inside: Mask) -> bool:
    """Return whether an item follows another that is not inside."""
    return bool(leader[item] != item and not inside[leader[item]])


@compiled
def _is_lawful(count: int, pupils: float, size: tuple[int, float, float]) -> bool:
    """Return whether a zone has enough schools, and pupils within limits."""
    return bool(count >= size[0] and size[1] <= pupils <= size[2])


@compiled
def _next(
    depth: int,
    begin: int,
    inside: Mask,
    met: Ints,
    bundle: Bundle,
    threes: Threes,
    lists: tuple[Near, Near],
    path: tuple[Ints, Ints, Floats, Floats],
    ahead: Floats,
    limit: float,
    most_pupils: float,
) -> tuple[int, int]:
    """Return the next item that can come into the zone begun (-1: none), and how many were looked at."""
    leader, (count, load, _, cost) = bundle[4], path
    for k in range(begin, len(leader)):
        if cost[depth] + ahead[count[depth], load[depth], k] >= limit:
            return -1, k - begin + 1
        if _is_out(k, leader, inside):
            continue
        if _may_come(k, depth, inside, met, bundle, threes, lists, path, ahead, limit, most_pupils):
            return k, k - begin + 1
        if leader[k] != k:  # nothing can come without it
            return -1, k - begin + 1
    return -1, len(leader) - begin


@compiled
def _search(
    bundle: Bundle,
    threes: Threes,
    lists: tuple[Near, Near],
    size: tuple[int, float, float],
    last: Floats,
    ahead: Floats,
    work: int,
    limit: float,
    lowers: bool,
    own: Ints,
    begun: int,
    found: Words,
    value: Floats,
) -> tuple[int, int]:
    """Write zones that cost less than a limit; the limit falls to each that is found where it `lowers`, and the last found stay.

    Returned: how many were found with those that had begun, and the work left, -1 if it ran out.
    bundle: what each item costs, its steps, schools and pupils together with those that follow it, and whom it follows (itself: nobody);
    threes: those of each item, see _of_threes; lists: nearer neighbours, and who may not be with it; found: (kept, words) bits of schools.
    """
    dear, weight, many, pupils, leader = bundle
    items, deepest = len(dear), len(dear) + 2
    inside, met = np.zeros(items, np.bool_), np.zeros(len(threes[2]), np.int64)
    path = (np.zeros(deepest, np.int64), np.zeros(deepest, np.int64), np.zeros(deepest), np.zeros(deepest))
    count, load, sums, cost = path
    at, ahead_of, lacking = np.zeros(deepest, np.int64), np.zeros(deepest, np.int64), np.zeros(deepest, np.int64)
    times, depth, item = begun, 0, 0
    if many[0] >= ahead.shape[0] or weight[0] >= ahead.shape[1]:
        return times, work
    while depth >= 0:
        if item >= 0:  # goes in
            added = _of_threes(item, met, threes)
            _put(item, inside, met, threes, 1)
            at[depth], ahead_of[depth + 1] = item, item + 1
            count[depth + 1], load[depth + 1] = count[depth] + many[item], load[depth] + weight[item]
            sums[depth + 1], cost[depth + 1] = sums[depth] + pupils[item], cost[depth] + dear[item] + added
            lacking[depth + 1] = lacking[depth] + many[item] - 1
            depth += 1
            total = cost[depth] + last[count[depth]]
            if lacking[depth] == 0 and total < limit and _is_lawful(count[depth], sums[depth], size):
                _write(own, at, depth, found[times % len(found)])
                value[times % len(found)] = total
                times += 1
                limit = total - _EVEN if lowers else limit
        if depth == 0:
            break
        item, tried = _next(depth, ahead_of[depth], inside, met, bundle, threes, lists, path, ahead, limit, size[2])
        work -= tried
        if work < 0:
            return times, -1
        if item >= 0:
            ahead_of[depth] = items if leader[item] != item else item + 1
        else:
            depth -= 1
            _put(at[depth], inside, met, threes, -1)
    return times, work


@compiled
def _write(own: Ints, at: Ints, depth: int, to: Words) -> None:
    """Write the schools of a zone as bits."""
    to[:] = 0
    for k in range(depth):
        school = own[at[k]]
        to[school // 64] |= np.uint64(1) << np.uint64(school % 64)


@compiled
def _bundled(own: Ints, place: Ints, cost: Floats, school: Floats, pupils: Floats, step: float, couples: tuple[Ints, Ints, Ints]) -> Bundle:
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
def _apart(own: Ints, place: Ints, couples: tuple[Ints, Ints, Ints]) -> Near:
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
def _threes(own: Ints, place: Ints, schools: Ints, dear: Floats) -> Threes:
    """Return for each item of a seat where its threes begin, which they are, and the price of each of all."""
    starts = np.zeros(len(own) + 2, np.int64)
    for k in range(len(schools)):
        for j in range(3):
            if place[schools[k, j]] >= 0 and dear[k] > 0:
                starts[place[schools[k, j]] + 2] += 1
    for k in range(len(own)):
        starts[k + 2] += starts[k + 1]
    which = np.empty(starts[-1], np.int64)
    for k in range(len(schools)):
        for j in range(3):
            item = place[schools[k, j]]
            if item >= 0 and dear[k] > 0:
                which[starts[item + 1]] = k
                starts[item + 1] += 1
    return starts[:-1], which, dear


@compiled
def _searched(
    seat: int,
    lists: Lists,
    cost: Floats,
    school: Floats,
    pupils: Floats,
    size: tuple[int, int, float, float],
    last: Floats,
    couples: tuple[Ints, Ints, Ints],
    three: tuple[Ints, Floats],
    steps: int,
    work: int,
    limit: float,
    lowers: bool,
    begun: int,
    found: Words,
    value: Floats,
) -> tuple[int, int, float]:
    """Search the zones of one seat; return what _search does, and what none of them costs less than, whatever was found."""
    first, item, first_near, near = lists
    least, most, few, many = size
    step, begin, end = many / steps, first[seat], first[seat + 1]
    fewest = np.zeros(most + 1, np.int64)
    for count in range(most + 1):
        fewest[count] = max(0, int(np.ceil(few / step - count - _EVEN)))
    own, place = item[begin:end], np.full(len(school), -1, np.int64)
    for k in range(len(own)):
        place[own[k]] = k
    bundle = _bundled(own, place, cost[begin:end], school, pupils, step, couples)
    ahead = np.empty((most + 1, steps + 1, len(own) + 1))
    _completion(bundle[0], bundle[1], bundle[2], fewest, last, ahead)
    span = (first_near[begin : end + 1] - first_near[begin], near[first_near[begin] : first_near[end]])
    both = (span, _apart(own, place, couples))
    threes = _threes(own, place, three[0], three[1])
    times, rest = _search(bundle, threes, both, (least, few, many), last, ahead, work, limit, lowers, own, begun, found, value)
    if bundle[2][0] > most or bundle[1][0] > steps:
        return times, rest, NEVER
    return times, rest, bundle[0][0] + ahead[bundle[2][0], bundle[1][0], 1]


@compiled
def price(
    lists: Lists,
    cost: Floats,
    school: Floats,
    pupils: Floats,
    size: tuple[int, int, float, float],
    last: Floats,
    couples: tuple[Ints, Ints, Ints],
    three: tuple[Ints, Floats],
    steps: int,
    work: int,
    seats: tuple[int, int],
    below: float,
    value: Floats,
    found: Words,
    of: Floats,
) -> int:
    """Price some seats once; return how many of them were left before their search ended (their value is then a bound only).

    lists: first item of each seat (seats + 1,), items, first neighbour of each item (items + 1,), places of nearer neighbours in the seat's
    list; cost: (items,); school: (schools,) prices; size: least and most schools and pupils; last: (most + 1,) what a zone of so many
    schools costs besides; couples: (pairs,) two schools and +1 for together, -1 for apart; three: (threes, 3) schools, and what a zone with
    two of them or all costs besides; work: of each seat; seats: from the first to before
    the second; below: zones that cost more at the prices are of no use. Written: value (seats,) what the best zone of a seat costs at the
    prices, `below` at the most; found (seats, kept, words), the schools as bits, and of (seats, kept) good zones, NEVER without one.
    """
    left = 0
    of[seats[0] : seats[1]] = NEVER
    value[seats[0] : seats[1]] = below
    for seat in range(seats[0], seats[1]):
        if lists[0][seat] == lists[0][seat + 1]:
            continue
        _, rest, least = _searched(
            seat, lists, cost, school, pupils, size, last, couples, three, steps, work, below, True, 0, found[seat], of[seat]
        )
        value[seat] = min(of[seat].min(), below)
        if rest < 0:
            left += 1
            value[seat] = min(below, least)
    return left


@compiled
def listed(
    lists: Lists,
    cost: Floats,
    school: Floats,
    pupils: Floats,
    size: tuple[int, int, float, float],
    last: Floats,
    couples: tuple[Ints, Ints, Ints],
    three: tuple[Ints, Floats],
    steps: int,
    work: int,
    seats: tuple[int, int],
    below: Floats,
    found: Words,
    of: Floats,
    first: Ints,
) -> int:
    """Write every zone of some seats that costs less at the prices than its seat may: see price; return the work left.

    -1 where there are too many, or work ran out. below: (seats,); zones of seats before these stand up to first[seats[0]]. Written: found
    (room, words), of (room,), first (seats + 1,) where the zones of each seat begin.
    """
    times = first[seats[0]]
    for seat in range(seats[0], seats[1]):
        if lists[0][seat] < lists[0][seat + 1]:
            times, work, _ = _searched(
                seat, lists, cost, school, pupils, size, last, couples, three, steps, work, below[seat], False, times, found, of
            )
        if work < 0 or times > len(of):
            return -1
        first[seat + 1] = times
    return work
