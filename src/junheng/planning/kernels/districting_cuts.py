"""Separators of zones: what a block of a zone needs around it, so that a way to the zone's school is in the zone as far as the block is.

A linear program divides blocks. A block's share in a zone can be no more than what flows from it to the zone's school through the
shares of the blocks between (Ford and Fulkerson 1956); where less flows, the narrowest blocks between are a row that was broken
(Validi, Buchanan, Lykhovyd 2022). Under the rule of the nearer neighbour the way leads from block to nearer block only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Map = tuple[Ints, Ints, Ints, Ints, Ints]  # order (blocks, zones), start, beside, root_start, root
Net = tuple[Ints, Ints, Ints, Floats, Ints]  # first arc of a node, the next one, where to, room, how many arcs; arc e goes back on e ^ 1
Desk = tuple[Ints, Ints, Ints, Mask, Mask]  # back, queue, and by block: place, whether in the cut, whether seen

_WIDE = 4.0  # room of what has none of its own
_NONE, _BEGIN = -1, -2


@compiled
def _leads(block: int, to: int, j: int, closer: bool, order: Ints) -> bool:
    """Return whether a way toward the school of a zone may go from a block to a neighbour."""
    return not closer or bool(order[to, j] < order[block, j])


@compiled
def _arc(net: Net, one: int, other: int, room: float) -> int:
    first, after, to, cap, count = net
    arc = count[0]
    to[arc], cap[arc], after[arc] = other, room, first[one]
    to[arc + 1], cap[arc + 1], after[arc + 1] = one, 0.0, first[other]
    first[one], first[other] = arc, arc + 1
    count[0] += 2
    return 0


@compiled
def _net(own: Ints, value: Floats, j: int, closer: bool, on: Map, place: Ints) -> Net:
    """Return the ways in a zone: block k comes in at 2 k and leaves at 2 k + 1, the school is last."""
    order, start, beside, root_start, root = on
    many, arcs = len(own), len(own) + root_start[j + 1] - root_start[j]
    for k in range(many):
        arcs += start[own[k] + 1] - start[own[k]]
    net = (
        np.full(2 * many + 1, _NONE, np.int64),
        np.empty(2 * arcs, np.int64),
        np.empty(2 * arcs, np.int64),
        np.empty(2 * arcs),
        np.zeros(1, np.int64),
    )
    for k in range(many):
        _arc(net, 2 * k, 2 * k + 1, value[k])
        for q in range(start[own[k]], start[own[k] + 1]):
            if place[beside[q]] >= 0 and _leads(own[k], beside[q], j, closer, order):
                _arc(net, 2 * k + 1, 2 * place[beside[q]], _WIDE)
    for r in range(root_start[j], root_start[j + 1]):
        if place[root[r]] >= 0:
            _arc(net, 2 * place[root[r]], 2 * many, _WIDE)
    return net


@compiled
def _path(net: Net, source: int, sink: int, back: Ints, queue: Ints) -> bool:
    """Look for a way with room left; back: the arc on which each node was reached."""
    first, after, to, cap, _ = net
    back[: len(first)] = _NONE
    back[source], queue[0], head, tail = _BEGIN, source, 0, 1
    while head < tail and back[sink] == _NONE:
        arc = first[queue[head]]
        head += 1
        while arc >= 0:
            if cap[arc] > 1e-9 and back[to[arc]] == _NONE:
                back[to[arc]], queue[tail] = arc, to[arc]
                tail += 1
            arc = after[arc]
    return bool(back[sink] != _NONE)


@compiled
def _flow(net: Net, source: int, sink: int, want: float, back: Ints, queue: Ints) -> float:
    """Send as much as is wanted, or as there is room for; return how much."""
    _, _, to, cap, _ = net
    sent = 0.0
    while sent < want and _path(net, source, sink, back, queue):
        more, node = want - sent, sink
        while back[node] >= 0:
            more, node = min(more, cap[back[node]]), to[back[node] ^ 1]
        node = sink
        while back[node] >= 0:
            cap[back[node]] -= more
            cap[back[node] ^ 1] += more
            node = to[back[node] ^ 1]
        sent += more
    return sent


@compiled
def _around(own: Ints, j: int, closer: bool, on: Map, may: Mask, head: int, desk: Desk) -> int:
    """Mark the blocks at which the flow from a head stopped: full ones, and ones that have nothing in the zone."""
    order, start, beside, _, _ = on
    back, _, place, cut, _ = desk
    cut[:] = False
    for k in range(len(own)):
        if back[2 * k + 1] == _NONE:
            continue
        for q in range(start[own[k]], start[own[k] + 1]):
            near = beside[q]
            stopped = place[near] < 0 or back[2 * place[near] + 1] == _NONE
            if stopped and near != head and may[near, j] and _leads(own[k], near, j, closer, order):
                cut[near] = True
    return 0


@compiled
def _reached(j: int, closer: bool, on: Map, may: Mask, cut: Mask, seen: Mask, queue: Ints) -> int:
    """Mark what is reached from the schools of a zone, not beyond the blocks of a cut, which are marked, too."""
    order, start, beside, root_start, root = on
    seen[:] = False
    head, tail = 0, 0
    for r in range(root_start[j], root_start[j + 1]):
        seen[root[r]], queue[tail] = True, root[r]
        tail += 1
    while head < tail:
        block = queue[head]
        head += 1
        if cut[block]:
            continue
        for q in range(start[block], start[block + 1]):
            near = beside[q]
            if not seen[near] and may[near, j] and _leads(near, block, j, closer, order):
                seen[near], queue[tail] = True, near
                tail += 1
    return tail


@compiled
def separators(
    block: Ints, value: Floats, begin: Ints, may: Mask, on: Map, closer: bool, least: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return broken rows: the pair that has too much (its place in `block`), where its blocks begin, and the blocks.

    block, value: the blocks with a share in each zone, zone after zone, those of zone j from begin[j]; may: (blocks, zones) whether a
    block can be in a zone at all; least: by how much a row is broken before it counts.
    """
    blocks, heads, starts, members = len(may), [np.int64(0)], [np.int64(0)], [np.int64(0)]
    desk = (
        np.empty(2 * blocks + 1, np.int64),
        np.empty(2 * blocks + 1, np.int64),
        np.full(blocks, -1, np.int64),
        np.zeros(blocks, np.bool_),
        np.zeros(blocks, np.bool_),
    )
    back, queue, place, cut, seen = desk
    for j in range(len(begin) - 1):
        own = block[begin[j] : begin[j + 1]]
        for k in range(len(own)):
            place[own[k]] = k
        net = _net(own, value[begin[j] : begin[j + 1]], j, closer, on, place)
        room = net[3].copy()
        for k in range(len(own)):
            want = min(1.0, value[begin[j] + k]) - least
            net[3][:] = room
            if want <= 0 or _is_root(own[k], j, on) or _flow(net, 2 * k + 1, 2 * len(own), want, back, queue) >= want - 1e-9:
                continue
            _around(own, j, closer, on, may, own[k], desk)
            heads.append(np.int64(begin[j] + k))
            reached = queue[: _reached(j, closer, on, may, cut, seen, queue)]
            members.extend(reached[cut[reached]])
            starts.append(np.int64(len(members) - 1))
        for k in range(len(own)):
            place[own[k]] = -1
    return np.array(heads)[1:], np.array(starts), np.array(members)[1:]


@compiled
def _is_root(block: int, j: int, on: Map) -> bool:
    root_start, root = on[3], on[4]
    found = False
    for r in range(root_start[j], root_start[j + 1]):
        found = found or root[r] == block
    return found


@compiled
def within_reach(may: Mask, on: Map, closer: bool) -> Mask:
    """Return the pairs of block and zone from which a way of such pairs leads to the zone's school: (blocks, zones)."""
    blocks, zones = may.shape
    kept, queue = np.zeros((blocks, zones), np.bool_), np.empty(blocks, np.int64)
    none, seen = np.zeros(blocks, np.bool_), np.zeros(blocks, np.bool_)
    for j in range(zones):
        for k in range(_reached(j, closer, on, may, none, seen, queue)):
            kept[queue[k], j] = True
    return kept & may


@compiled
def _spread(j: int, reduced: Floats, closer: bool, on: Map, waits: Mask, queue: Ints, cost: Floats) -> int:
    """Enter in `cost` the cheapest ways to the schools of one zone; return how many blocks were looked at, some more than once."""
    order, start, beside, root_start, root = on
    wide, head, many, looked = len(queue), 0, 0, 0
    for r in range(root_start[j], root_start[j + 1]):
        if reduced[root[r], j] < np.inf and not waits[root[r]]:
            cost[root[r], j], queue[many], waits[root[r]] = 0.0, root[r], True
            many += 1
    while many > 0:
        here = queue[head]
        head, many, looked, waits[here] = (head + 1) % wide, many - 1, looked + 1, False
        for q in range(start[here], start[here + 1]):
            near = beside[q]
            far = cost[here, j] + reduced[near, j]
            if far >= cost[near, j] or not _leads(near, here, j, closer, order):
                continue
            cost[near, j] = far
            if not waits[near]:
                queue[(head + many) % wide], waits[near] = near, True
                many += 1
    return looked


@compiled
def way_costs(reduced: Floats, on: Map, closer: bool) -> Floats:
    """Return what it costs to have a block in a zone with the blocks of the cheapest way from it to the zone's school: (blocks, zones).

    reduced: (blocks, zones) what a pair costs, 0 or more, inf where it cannot be.
    """
    blocks, zones = reduced.shape
    cost = np.full((blocks, zones), np.inf)
    waits, queue = np.zeros(blocks, np.bool_), np.empty(blocks + 1, np.int64)
    for j in range(zones):
        _spread(j, reduced, closer, on, waits, queue, cost)
    return cost
