"""The zones of a seat that cost least at prices: joined, of lawful size, found depth first; what can still come cuts the search short.

Items and multipliers: see zone_bounds. An item that is decided brings its true costs back, so sums of whole zones are exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Words = NDArray[np.uint64]
Bundle = tuple[Floats, Ints, Ints, Floats, Ints]  # see bundle
Near = tuple[Ints, Ints]  # where the list of each item begins, and the lists one after another
Threes = tuple[Ints, Ints, Ints, Floats, Floats, Floats]  # see bundle
Tolls = tuple[Floats, Floats]  # joint of each item, even of each three

_EVEN = 1e-7


@compiled
def _put(item: int, by: int, starts: Ints, links: Ints, members: Ints, rules: Floats, met: Ints, known: Ints, beside: Floats) -> None:
    """Put an item in (1) or take it out again (-1): see search for met, known and beside."""
    met[item, 2] += by
    for k in range(starts[item, 0], starts[item, 1]):
        met[links[k], 0] += by
    for k in range(starts[item, 1], starts[item, 2]):
        met[links[k], 1] += by
    for k in range(starts[item, 2], starts[item + 1, 0]):
        three = links[k]
        before, after = known[three], known[three] + by
        known[three] = after
        final = int(rules[three, 3])
        beside[final, 0] += rules[three, 1] * ((after == 0) - (before == 0)) + rules[three, 2] * ((after == 2) - (before == 2))
        second = (after == 1) - (before == 1)
        beside[final, 1] += rules[three, 2] * second
        for place in range(3):
            if members[three, place] >= 0:
                beside[members[three, place], 1] += rules[three, 0] * second


@compiled
def _next(
    depth: int,
    who: Ints,
    what: Floats,
    met: Ints,
    beside: Floats,
    path: Ints,
    sums: Floats,
    ahead: Floats,
    limit: float,
    most_pupils: float,
) -> tuple[int, int]:
    """Return the next item that can come into the zone begun, and how many were tried.

    As many as there are items: all are decided; -1: none can. Items passed over are out: what that adds is written to the sums.
    """
    items, begin = len(who), path[depth, 2]
    count, load, pupils, cost = path[depth, 0], path[depth, 1], sums[depth, 0], sums[depth, 1]
    for item in range(begin, items):
        if cost + ahead[count, load, item] >= limit:
            return -1, item - begin + 1
        follows = who[item, 2] != item
        if not follows or met[who[item, 2], 2] > 0:
            more, heavy = count + who[item, 1], load + who[item, 0]
            fits = met[item, 0] > 0 and met[item, 1] == 0 and more < ahead.shape[0] and heavy < ahead.shape[1]
            least = cost + what[item, 0] + what[item, 2] * (met[item, 0] - 1) + beside[item, 1]
            if fits and pupils + what[item, 1] <= most_pupils and least + ahead[more, heavy, item + 1] < limit:
                sums[depth, 1] = cost
                return item, item - begin + 1
            if follows:  # nothing can come without it
                return -1, item - begin + 1
        cost += what[item, 2] * met[item, 0] + beside[item, 0]
    sums[depth, 1] = cost
    return items if begin <= items else -1, max(1, items - begin)


@compiled
def search(
    tables: tuple[Ints, Floats, Ints, Ints, Ints, Floats, Floats],
    fixed: float,
    size: tuple[int, float, float],
    last: Floats,
    work: int,
    limit: float,
    lowers: bool,
    own: Ints,
    begun: int,
    found: Words,
    value: Floats,
) -> tuple[int, int, float]:
    """Write zones that cost less than a limit; the limit falls to each that is found where it `lowers`, and the last found stay.

    Returned: how many were found with those that had begun, the work left, -1 if it ran out, and the limit.
    tables: see `tables` (few arrays, for each costs time at every call), and the table of zone_bounds as [count, load, item]; fixed: what
    is added to all; size: least schools, least and most pupils; last: (most + 1,) what so many schools cost besides; own: (items,) schools.
    """
    who, what, starts, links, members, rules, ahead = tables
    items = len(who)
    met = np.zeros((items, 3), np.int64)  # of each item: nearer neighbours that are in, those in that it may not be with, itself
    known = np.zeros(len(rules), np.int64)  # how many of three schools are in
    beside = np.zeros((items, 2))  # what an item adds for its threes when it is out, and when it is in
    for three in range(len(rules)):
        beside[max(0, int(rules[three, 3])), 0] += rules[three, 1]
    path, sums = np.zeros((items + 2, 4), np.int64), np.zeros((items + 2, 2))  # schools, steps, next item, last item; pupils, cost
    times, depth, item, sums[0, 1] = begun, 0, 0, fixed
    while depth > 0 or item == 0:
        if item == items:  # all are decided
            total = sums[depth, 1] + last[path[depth, 0]]
            if total < limit and path[depth, 0] >= size[0] and size[1] <= sums[depth, 0] <= size[2]:
                _write(own, path, depth, found[times % len(found)])
                value[times % len(found)] = total
                times += 1
                limit = total - _EVEN if lowers else limit
            item = -1
        if item >= 0:  # goes in
            path[depth + 1, 0], path[depth + 1, 1] = path[depth, 0] + who[item, 1], path[depth, 1] + who[item, 0]
            sums[depth + 1, 0] = sums[depth, 0] + what[item, 1]
            sums[depth + 1, 1] = sums[depth, 1] + what[item, 0] + what[item, 2] * (met[item, 0] - 1) + beside[item, 1]
            _put(item, 1, starts, links, members, rules, met, known, beside)
            path[depth, 3], path[depth + 1, 2] = item, item + 1
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                break
            item = path[depth, 3]
            _put(item, -1, starts, links, members, rules, met, known, beside)
            sums[depth, 1] += what[item, 2] * met[item, 0] + beside[item, 0]
            path[depth, 2] = item + 1 if who[item, 2] == item else items + 1
        item, tried = _next(depth, who, what, met, beside, path, sums, ahead, limit, size[2])
        work -= tried
        if work < 0:
            return times, -1, limit
    return times, work, limit


@compiled
def _write(own: Ints, path: Ints, depth: int, to: Words) -> None:
    """Write the schools of a zone as bits."""
    to[:] = 0
    for k in range(depth):
        school = own[path[k, 3]]
        to[school // 64] |= np.uint64(1) << np.uint64(school % 64)


@compiled
def tables(
    bundle: Bundle, dear: Floats, near: Near, apart: Near, threes: Threes, tolls: Tolls
) -> tuple[Ints, Floats, Ints, Ints, Ints, Floats]:
    """Return what the search asks, in few arrays.

    (items, 3) steps, schools, whom an item follows; (items, 3) cost with multipliers, pupils, joint (of the seat 0); (items + 1, 3) where
    those begin to which an item is a nearer neighbour, those it may not be with, and its threes; these lists; (threes, 3) items of each,
    -1 out of reach; (threes, 4) what two of them cost beside multipliers, what is added where there is none and where there are two, and
    the last item of the three.
    """
    items, rules = len(dear), np.empty((len(threes[2]), 4))
    who, what, members = np.empty((items, 3), np.int64), np.empty((items, 3)), np.full((len(rules), 3), -1, np.int64)
    who[:, 0], who[:, 1], who[:, 2] = bundle[1], bundle[2], bundle[4]
    what[:, 0], what[:, 1], what[:, 2] = dear, bundle[3], tolls[0]
    what[0, 2] = 0.0
    rules[:, 0], rules[:, 1] = threes[5] * (1 - tolls[1]), threes[3] * tolls[1]
    rules[:, 2], rules[:, 3] = threes[4] * tolls[1], threes[2]
    further = np.zeros(items + 1, np.int64)
    for k in range(len(near[1])):
        further[near[1][k] + 1] += 1
    starts, filled, many = np.empty((items + 1, 3), np.int64), np.zeros(items, np.int64), np.zeros(len(rules), np.int64)
    starts[:, 0] = np.cumsum(further) + apart[0] + threes[0]
    starts[:items, 1] = starts[:items, 0] + further[1:]
    starts[:items, 2] = starts[:items, 1] + apart[0][1:] - apart[0][:-1]
    links = np.empty(starts[items, 0], np.int64)
    for item in range(items):
        for other in near[1][near[0][item] : near[0][item + 1]]:
            links[starts[other, 0] + filled[other]] = item
            filled[other] += 1
        links[starts[item, 1] : starts[item, 2]] = apart[1][apart[0][item] : apart[0][item + 1]]
        links[starts[item, 2] : starts[item + 1, 0]] = threes[1][threes[0][item] : threes[0][item + 1]]
        for three in threes[1][threes[0][item] : threes[0][item + 1]]:
            members[three, many[three]] = item
            many[three] += 1
    return who, what, starts, links, members, rules


@compiled
def _bundled(own: Ints, place: Ints, cost: Floats, school: Floats, pupils: Floats, step: float, couples: tuple[Ints, Ints, Ints]) -> Bundle:
    """Return the items of a seat, those that belong together counted where the first of them stands: see bundle."""
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
    sums, weight, many = np.zeros(items), np.zeros(items, np.int64), np.zeros(items, np.int64)
    for k in range(items):
        sums[leader[k]] += pupils[own[k]]
        many[leader[k]] += 1
    for k in range(items):
        weight[k] = int(sums[k] / step)
    return cost - school[own], weight, many, sums, leader


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
def _threes(place: Ints, schools: Ints, dear: Floats, items: int) -> Threes:
    """Return the threes in reach of a seat.

    Where those of each item begin, and which they are; for each three the last of its items, what its `even` adds to a zone with none of
    them and to one with two, and what two of them cost.
    """
    starts, many = np.zeros(items + 2, np.int64), len(dear)
    final, none, two, cost = np.full(many, -1, np.int64), np.zeros(many), np.zeros(many), np.zeros(many)
    for k in range(many):
        known = (place[schools[k]] >= 0).sum() if dear[k] > 0 else 0
        if known > 1:
            final[k], cost[k] = place[schools[k]].max(), dear[k]
            none[k] = dear[k] / 2 if known > 2 else dear[k]
            two[k] = dear[k] - none[k]
            for school in schools[k]:
                starts[place[school] + 2] += place[school] >= 0
    for k in range(items):
        starts[k + 2] += starts[k + 1]
    which = np.empty(starts[-1], np.int64)
    for k in range(many):
        for school in schools[k]:
            if place[school] >= 0 and cost[k] > 0:
                which[starts[place[school] + 1]] = k
                starts[place[school] + 1] += 1
    return starts[:-1], which, final, none, two, cost


@compiled
def bundle(
    own: Ints, cost: Floats, school: Floats, pupils: Floats, step: float, couples: tuple[Ints, Ints, Ints], three: tuple[Ints, Floats]
) -> tuple[Bundle, Near, Threes]:
    """Return the items of a seat at prices, who may not be with whom, and the threes in reach.

    own: (items,) schools; cost: (items,); school, pupils: (schools,) prices and pupils; step: pupils in one step of the table; couples: see
    seats.Asked; three: (threes, 3) schools and (threes,) prices. Of the bundle: (items,) what each costs, and with those that follow it its
    steps, schools and pupils, and whom it follows (itself: nobody).
    """
    place = np.full(len(school), -1, np.int64)
    for k in range(len(own)):
        place[own[k]] = k
    return (
        _bundled(own, place, cost, school, pupils, step, couples),
        _apart(own, place, couples),
        _threes(place, three[0], three[1], len(own)),
    )
