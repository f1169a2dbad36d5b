"""Pupils to schools at least travel: successive shortest paths on the schools alone.

Between two schools only one number matters: the least that travel grows when a pupil of the first moves to the second. So the graph of
blocks and schools shrinks to one of schools and a sink for free places; each path moves pupils from where there are too many to where
there is room (Ahuja, Magnanti, Orlin 1993, ch. 9). Any prices may be given to begin with: good ones leave little to move.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

UNREACHABLE = 1 << 40  # this cost or more: the block's children cannot go to the school
_FAR = 1 << 60


@compiled
def _settle(cost: Ints, pupils: Ints, price: Ints, flow: Ints, load: Ints) -> Ints:
    """Put every block at its cheapest school under the prices; return that school: (blocks,) -1 where none can be reached."""
    blocks, schools = cost.shape
    first = np.empty(blocks, np.int64)
    for i in range(blocks):
        least, at = _FAR, -1
        for j in range(schools):
            if cost[i, j] < UNREACHABLE and cost[i, j] + price[j] < least:
                least, at = cost[i, j] + price[j], j
        first[i] = at
        if at >= 0:
            flow[i, at] = pupils[i]
            load[at] += pupils[i]
    return first


@compiled
def _join(cost: Ints, block: int, school: int, members: Ints, count: Ints, growth: Ints, mover: Ints) -> Ints:
    """Enter a block in the list of a school, and see to which other schools it would move most cheaply; return the lists."""
    schools = count.shape[0]
    if count[school] == members.shape[1]:
        longer = np.empty((schools, 2 * members.shape[1]), np.int64)
        for j in range(schools):
            for k in range(count[j]):
                longer[j, k] = members[j, k]
        members = longer
    members[school, count[school]] = block
    count[school] += 1
    here = cost[block, school]
    for c in range(schools):
        if c != school and cost[block, c] - here < growth[school, c] and cost[block, c] < UNREACHABLE:
            growth[school, c] = cost[block, c] - here
            mover[school, c] = block
    return members


@compiled
def _leave(cost: Ints, block: int, school: int, members: Ints, count: Ints, growth: Ints, mover: Ints) -> None:
    """Strike a block from the list of a school, and find others where it was the cheapest to move."""
    last = count[school] - 1
    for k in range(last + 1):
        if members[school, k] == block:
            members[school, k] = members[school, last]
            break
    count[school] = last
    for c in range(cost.shape[1]):
        if mover[school, c] == block:
            least, who = _FAR, -1
            for k in range(last):
                i = members[school, k]
                if cost[i, c] < UNREACHABLE and cost[i, c] - cost[i, school] < least:
                    least, who = cost[i, c] - cost[i, school], i
            growth[school, c] = least
            mover[school, c] = who


@compiled
def _nearest(way: Ints, done: Mask) -> int:
    """Return the node not yet done that is least far, or -1 where none can be reached."""
    u, least = -1, _FAR
    for a in range(way.shape[0]):
        if not done[a] and way[a] < least:
            u, least = a, way[a]
    return u


@compiled
def _look(u: int, growth: Ints, price: Ints, full: Ints, sent: Ints, way: Ints, before: Ints) -> None:
    """See whether other nodes are reached more cheaply by way of node u."""
    schools = full.shape[0]
    for b in range(schools):
        step = growth[u, b] if u < schools else (0 if sent[b] > 0 else _FAR)
        if step < _FAR and way[u] + step - price[u] + price[b] < way[b]:
            way[b], before[b] = way[u] + step - price[u] + price[b], u
    if u < schools and sent[u] < full[u] and way[u] + price[schools] - price[u] < way[schools]:
        way[schools], before[schools] = way[u] + price[schools] - price[u], u


@compiled
def _path(growth: Ints, price: Ints, full: Ints, sent: Ints, excess: Ints, way: Ints, before: Ints, done: Mask) -> int:
    """Find the cheapest way from any excess to a lack, and let prices rise so that it costs nothing; return where it ends, or -1.

    Node `schools` is the sink; full, sent: (schools,) places, and pupils passed on to the sink; before: the way back.
    """
    for a in range(way.shape[0]):
        way[a], before[a], done[a] = (0 if excess[a] > 0 else _FAR), -1, False
    while True:
        u = _nearest(way, done)
        if u < 0:
            return -1
        done[u] = True
        if excess[u] < 0:
            break
        _look(u, growth, price, full, sent, way, before)
    for a in range(way.shape[0]):
        if done[a]:
            price[a] += way[u] - way[a]
    return u


@compiled
def _room(end: int, flow: Ints, full: Ints, sent: Ints, excess: Ints, before: Ints, mover: Ints) -> int:
    """Return how many pupils the way can carry."""
    schools = full.shape[0]
    most, b = -excess[end], end
    while before[b] >= 0:
        a = before[b]
        if a == schools:
            most = min(most, sent[b])
        elif b == schools:
            most = min(most, full[a] - sent[a])
        else:
            most = min(most, flow[mover[a, b], a])
        b = a
    return int(min(most, excess[b]))


@compiled
def _carry(
    end: int,
    cost: Ints,
    flow: Ints,
    full: Ints,
    sent: Ints,
    excess: Ints,
    before: Ints,
    members: Ints,
    count: Ints,
    growth: Ints,
    mover: Ints,
) -> Ints:
    """Move as many pupils along the way as it carries; return the lists."""
    schools = full.shape[0]
    amount, b = _room(end, flow, full, sent, excess, before, mover), end
    excess[end] += amount
    while before[b] >= 0:
        a = before[b]
        if a == schools:
            sent[b] -= amount
        elif b == schools:
            sent[a] += amount
        else:
            block = mover[a, b]
            flow[block, a] -= amount
            if flow[block, b] == 0:
                members = _join(cost, block, b, members, count, growth, mover)
            flow[block, b] += amount
            if flow[block, a] == 0:
                _leave(cost, block, a, members, count, growth, mover)
        b = a
    excess[b] -= amount
    return members


@compiled
def _imbalance(full: Ints, load: Ints, price: Ints, sent: Ints, excess: Ints) -> None:
    """Say where there are too many pupils, and where too few for the prices at the start."""
    schools = full.shape[0]
    for j in range(schools):
        # a price is asked only where every place is taken, so those places count as taken and are to be filled
        sent[j] = full[j] if price[j] > price[schools] else min(load[j], full[j])
        excess[j] = load[j] - sent[j]
        excess[schools] += sent[j] - load[j]


@compiled
def transport(cost: Ints, pupils: Ints, full: Ints, price: Ints, flow: Ints) -> tuple[int, Mask]:
    """Send the pupils of every block to schools so that the sum of cost is least and no school is overfull.

    cost: (blocks, schools) whole numbers, UNREACHABLE or more where a block cannot go; pupils: (blocks,); full: (schools,) places;
    price: (schools + 1,) any start, becomes the optimal prices relative to the last; flow: (blocks, schools) zeros, becomes the plan.
    Returns the number of ways used, and what the last search saw: (schools + 1,) nothing where all pupils have a place; else, with
    prices of zero at the start, schools that are full and whose pupils can go to no other.
    """
    blocks, schools = cost.shape
    load, sent, excess = np.zeros(schools, np.int64), np.zeros(schools, np.int64), np.zeros(schools + 1, np.int64)
    first = _settle(cost, pupils, price, flow, load)
    _imbalance(full, load, price, sent, excess)
    members, count = np.empty((schools, 2 * (blocks // max(schools, 1)) + 8), np.int64), np.zeros(schools, np.int64)
    growth, mover = np.empty((schools, schools), np.int64), np.empty((schools, schools), np.int64)
    growth[:, :], mover[:, :] = _FAR, -1
    for i in range(blocks):
        if first[i] >= 0 and pupils[i] > 0:
            members = _join(cost, i, first[i], members, count, growth, mover)
    way, before, done = np.empty(schools + 1, np.int64), np.empty(schools + 1, np.int64), np.zeros(schools + 1, np.bool_)
    ways = 0
    while True:
        end = _path(growth, price, full, sent, excess, way, before, done)
        if end < 0:
            return ways, done
        members = _carry(end, cost, flow, full, sent, excess, before, members, count, growth, mover)
        ways += 1
