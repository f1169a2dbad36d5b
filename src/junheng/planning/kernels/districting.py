"""Zones improved block by block: moves that keep every zone joined, places nearly kept at first and strictly in the end.

A move takes along the blocks that would lose their way. Two rules of being joined: `closer` (a block has a neighbour in its zone that
is nearer to the zone's school: seen from the block's neighbours alone) and exact (walked from the school).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Randoms = NDArray[np.uint64]
Map = tuple[Ints, Ints, Ints, Ints, Ints, Mask]  # order (blocks, zones), start, beside, root_start, root, fixed
Lists = tuple[Ints, Ints, Ints, Ints]  # load, count, members (zones, width), slot
Room = tuple[Ints, Ints, Floats]  # low, high, price: (zones,)
Case = tuple[Ints, Ints, Room, Map, bool]  # cost, pupils, room, map, whether joined means exactly that
Desk = tuple[Ints, Ints, Ints]  # groups (2, _TOGETHER + 1), mark, stack: room to work in
# track: how many zones each is from one with room, then how many blocks have moved, then those

UNREACHABLE = 1 << 40
_TOGETHER = 24  # blocks that move at once, at most
_EXCHANGES = 3  # blocks looked at to make room for one that came
_PUSHES = 12  # blocks looked at to push one on
_DETOUR = 0.2  # chance of a push that does not lead nearer to room
_DEEP = 12  # zones that a chain goes through, at most
_NONE = 1e300


@compiled
def _draw(state: Randoms) -> float:
    """Return a number from 0 to 1 (xorshift64)."""
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return float((x >> np.uint64(11)) * (1.0 / 9007199254740992.0))


@compiled
def _has_way(block: int, to: int, zone: Ints, order: Ints, start: Ints, beside: Ints) -> bool:
    """Return whether a neighbour in the zone is nearer to its school."""
    here, found = order[block, to], False
    for q in range(start[block], start[block + 1]):
        found = found or (zone[beside[q]] == to and order[beside[q], to] < here)
    return found


@compiled
def _undo(group: Ints, size: int, zone: Ints, old: int) -> int:
    for g in range(size):
        zone[group[g]] = old
    return 0


@compiled
def _take_along(block: int, to: int, size: int, zone: Ints, cost: Ints, on: Map, group: Ints) -> int:
    """Move the neighbours of a block that lose their way with it, too; return the size of the group, negative where one cannot go."""
    order, start, beside, _, _, fixed = on
    old = group[_TOGETHER]
    for q in range(start[block], start[block + 1]):
        near = beside[q]
        if zone[near] != old or fixed[near] or order[near, old] <= order[block, old] or _has_way(near, old, zone, order, start, beside):
            continue
        if size >= _TOGETHER or cost[near, to] >= UNREACHABLE:
            return -size
        group[size] = near
        zone[near] = to
        size += 1
    return size


@compiled
def _group_closer(block: int, to: int, zone: Ints, cost: Ints, on: Map, group: Ints) -> int:
    """Move a block and all who lose their way by it; return how many, 0 (and nothing moved) where the rule cannot be kept."""
    order, start, beside, _, _, _ = on
    old, size, head = zone[block], 1, 0
    group[0], group[_TOGETHER] = block, old
    zone[block] = to
    while head < size:
        grown = _take_along(group[head], to, size, zone, cost, on, group)
        if grown < 0:
            return _undo(group, -grown, zone, old)
        size, head = grown, head + 1
    for g in range(size):
        if not _has_way(group[g], to, zone, order, start, beside):
            return _undo(group, size, zone, old)
    return size


@compiled
def _walk(old: int, zone: Ints, on: Map, mark: Ints, stack: Ints) -> int:
    """Mark what is reached in a zone from its schools; return how many."""
    _, start, beside, root_start, root, _ = on
    mark[-1] += 1
    stamp, top, reached = mark[-1], 0, 0
    for r in range(root_start[old], root_start[old + 1]):
        if zone[root[r]] == old and mark[root[r]] != stamp:
            mark[root[r]] = stamp
            stack[top] = root[r]
            top += 1
            reached += 1
    while top > 0:
        top -= 1
        here = stack[top]
        for q in range(start[here], start[here + 1]):
            if zone[beside[q]] == old and mark[beside[q]] != stamp:
                mark[beside[q]] = stamp
                stack[top] = beside[q]
                top += 1
                reached += 1
    return reached


@compiled
def _group_exact(block: int, to: int, zone: Ints, cost: Ints, on: Map, group: Ints, count: int, mark: Ints, stack: Ints) -> int:
    """Move a block and what is cut off from the school without it; return how many, 0 (and nothing moved) where that cannot be."""
    _, start, beside, _, _, fixed = on
    old, size, head = zone[block], 1, 0
    group[0] = block
    zone[block] = to
    lost = count - 1 - _walk(old, zone, on, mark, stack)
    if lost == 0:
        return 1
    if lost >= _TOGETHER:
        return _undo(group, 1, zone, old)
    while head < size:
        for q in range(start[group[head]], start[group[head] + 1]):
            near = beside[q]
            if zone[near] != old or mark[near] == mark[-1]:
                continue
            if fixed[near] or cost[near, to] >= UNREACHABLE or size >= _TOGETHER:
                return _undo(group, size, zone, old)
            zone[near] = to
            group[size] = near
            size += 1
        head += 1
    return size


@compiled
def _group(block: int, to: int, zone: Ints, cost: Ints, on: Map, exact: bool, group: Ints, count: Ints, mark: Ints, stack: Ints) -> int:
    if exact:
        return _group_exact(block, to, zone, cost, on, group, count[zone[block]], mark, stack)
    return _group_closer(block, to, zone, cost, on, group)


@compiled
def _beyond(load: int, low: int, high: int) -> int:
    """Return by how many pupils a load is out of its band."""
    return int(max(0, load - high) + max(0, low - load))


@compiled
def _judged(group: Ints, size: int, old: int, to: int, case: Case, load: Ints, dear: float) -> tuple[float, float, int, int]:
    """Return what a group's move adds to the cost, to the price of being out of band and to the pupils out of band, and its pupils."""
    cost, pupils, (low, high, price), _, _ = case
    more, weight = 0.0, 0
    for g in range(size):
        more += cost[group[g], to] - cost[group[g], old]
        weight += pupils[group[g]]
    there = _beyond(load[to] + weight, low[to], high[to]) - _beyond(load[to], low[to], high[to])
    here = _beyond(load[old] - weight, low[old], high[old]) - _beyond(load[old], low[old], high[old])
    return more, there * (price[to] + dear) + here * (price[old] + dear), there + here, weight


@compiled
def _book(group: Ints, size: int, weight: int, old: int, to: int, lists: Lists) -> None:
    """Enter a group's move in the loads and the lists of members."""
    load, count, members, slot = lists
    load[old] -= weight
    load[to] += weight
    for g in range(size):
        block = group[g]
        count[old] -= 1
        last = members[old, count[old]]
        members[old, slot[block]] = last
        slot[last] = slot[block]
        members[to, count[to]] = block
        slot[block] = count[to]
        count[to] += 1


@compiled
def _beside_zone(block: int, zone: Ints, on: Map, state: Randoms) -> int:
    """Return the zone of a neighbour drawn at random."""
    _, start, beside, _, _, _ = on
    many = start[block + 1] - start[block]
    if many == 0:
        return int(zone[block])
    return int(zone[beside[start[block] + int(_draw(state) * many)]])


@compiled
def _make_room(
    full: int, allowed: float, zone: Ints, case: Case, dear: float, lists: Lists, desk: Desk, state: Randoms, fresh: int
) -> tuple[bool, float, int]:
    """Move a block out of a zone that another has just come to, at no more than `allowed`; return whether, the cost, and out of band."""
    (load, count, members, _), (cost, _, _, on, exact), group = lists, case, desk[0][1]
    for _ in range(_EXCHANGES):
        block = members[full, int(_draw(state) * count[full])]
        to = _beside_zone(block, zone, on, state)
        if on[5][block] or block == fresh or to == full or cost[block, to] >= UNREACHABLE or count[to] + _TOGETHER >= members.shape[1]:
            continue
        size = _group(block, to, zone, cost, on, exact, group, count, desk[1], desk[2])
        if size == 0:
            continue
        more, price, out, weight = _judged(group, size, full, to, case, load, dear)
        if more + price <= allowed:
            _book(group, size, weight, full, to, lists)
            return True, more, out
        _undo(group, size, zone, full)
    return False, 0.0, 0


@compiled
def _step(
    block: int, to: int, allowed: float, zone: Ints, case: Case, dear: float, lists: Lists, desk: Desk, state: Randoms
) -> tuple[float, int]:
    """Try to move a block, alone or against another; return what that adds to the cost and to the pupils out of band."""
    (cost, _, _, on, exact), old, group = case, zone[block], desk[0][0]
    size = _group(block, to, zone, cost, on, exact, group, lists[1], desk[1], desk[2])
    if size == 0:
        return 0.0, 0
    more, price, out, weight = _judged(group, size, old, to, case, lists[0], dear)
    if more + price > allowed and (more > allowed or price <= 0):
        _undo(group, size, zone, old)
        return 0.0, 0
    _book(group, size, weight, old, to, lists)
    if more + price <= allowed:
        return more, out
    done, again, out_again = _make_room(to, allowed - more - price, zone, case, dear, lists, desk, state, block)
    if done:
        return more + again, out + out_again
    _undo(group, size, zone, old)
    _book(group, size, weight, to, old, lists)
    return 0.0, 0


@compiled
def _lists(zone: Ints, pupils: Ints, zones: int) -> Lists:
    """Return loads and lists of members of a plan."""
    load, count = np.zeros(zones, np.int64), np.zeros(zones, np.int64)
    for i in range(len(zone)):
        count[zone[i]] += 1
    width = 2 * int(count.max()) + 4 * _TOGETHER
    members, slot = np.zeros((zones, width), np.int64), np.zeros(len(zone), np.int64)
    count[:] = 0
    for i in range(len(zone)):
        load[zone[i]] += pupils[i]
        members[zone[i], count[zone[i]]] = i
        slot[i] = count[zone[i]]
        count[zone[i]] += 1
    return load, count, members, slot


@compiled
def _total(zone: Ints, cost: Ints, load: Ints, room: Room) -> tuple[float, int]:
    low, high, _ = room
    total, out = 0.0, 0
    for i in range(len(zone)):
        total += cost[i, zone[i]]
    for j in range(len(load)):
        out += _beyond(load[j], low[j], high[j])
    return total, out


@compiled
def anneal(
    zone: Ints, cost: Ints, pupils: Ints, room: Room, on: Map, exact: bool, steps: int, heat: Floats, state: Randoms, best: Ints
) -> tuple[float, int]:
    """Improve a plan; write the best one to `best` (fewest pupils out of band, then least cost), return its cost and pupils out of band.

    zone: (blocks,) to begin with, joined, changed; cost: (blocks, zones), UNREACHABLE where a block cannot go; room: the band of each
    zone and what a pupil beyond it costs; heat: (4,) first and last temperature, first and last price of a pupil out of band beyond
    `room`; state: (1,) of the random numbers.
    """
    blocks, zones = cost.shape
    lists, case = _lists(zone, pupils, zones), (cost, pupils, room, on, exact)
    _, count, members, _ = lists
    total, out = _total(zone, cost, lists[0], room)
    desk = (np.zeros((2, _TOGETHER + 1), np.int64), np.zeros(blocks + 1, np.int64), np.zeros(blocks, np.int64))
    least, fewest = total, out
    best[:] = zone
    for step in range(steps):
        block = int(_draw(state) * blocks)
        if on[5][block]:
            continue
        to = _beside_zone(block, zone, on, state)
        if to == zone[block] or cost[block, to] >= UNREACHABLE or count[to] + _TOGETHER >= members.shape[1]:
            continue
        done = step / steps
        warm, dear = heat[0] * (heat[1] / heat[0]) ** done, heat[2] * (heat[3] / heat[2]) ** done
        allowed = -warm * np.log(max(_draw(state), _NONE**-1))
        more, beyond = _step(block, to, allowed, zone, case, dear, lists, desk, state)
        total, out = total + more, out + beyond
        if out < fewest or (out == fewest and total < least - 0.5):
            least, fewest = total, out
            best[:] = zone
    return least, fewest


@compiled
def _hops(zone: Ints, on: Map, load: Ints, high: Ints, hop: Ints) -> None:
    """Count how many zones lie between each zone and one that has room."""
    _, start, beside, _, _, _ = on
    for j in range(len(load)):
        hop[j] = 0 if load[j] < high[j] else len(load)
    again = True
    while again:
        again = False
        for i in range(len(zone)):
            for q in range(start[i], start[i + 1]):
                if hop[zone[beside[q]]] + 1 < hop[zone[i]]:
                    hop[zone[i]] = hop[zone[beside[q]]] + 1
                    again = True


@compiled
def _push(full: int, zone: Ints, case: Case, dear: float, lists: Lists, desk: Desk, track: Ints, state: Randoms) -> tuple[float, int, int]:
    """Move the best of a few blocks out of a zone, toward zones with room; return the cost, what it changes out of band, and to where."""
    (load, count, members, _), (cost, _, _, on, exact), group, zones = lists, case, desk[0][0], len(lists[0])
    least, best, at = _NONE, -1, -1
    for _ in range(_PUSHES):
        block = members[full, int(_draw(state) * count[full])]
        to = _beside_zone(block, zone, on, state)
        if on[5][block] or to == full or cost[block, to] >= UNREACHABLE or count[to] + _TOGETHER >= members.shape[1]:
            continue
        if track[to] >= track[full] and _draw(state) > _DETOUR:
            continue
        size = _group(block, to, zone, cost, on, exact, group, count, desk[1], desk[2])
        if size > 0:
            more, _, out, _ = _judged(group, size, full, to, case, load, dear)
            if more + dear * out < least:
                least, best, at = more + dear * out, block, to
            _undo(group, size, zone, full)
    if best < 0:
        return 0.0, 0, -1
    size = _group(best, at, zone, cost, on, exact, group, count, desk[1], desk[2])
    more, _, out, weight = _judged(group, size, full, at, case, load, dear)
    _book(group, size, weight, full, at, lists)
    track[zones + track[zones] + 1 : zones + track[zones] + size + 1] = group[:size]
    track[zones] += size
    return more, out, at


@compiled
def _chain(full: int, zone: Ints, case: Case, dear: float, lists: Lists, desk: Desk, track: Ints, state: Randoms) -> tuple[float, int]:
    """Push blocks from zone to zone until fewer pupils are out of band, at `dear` each at most; return what that adds, 0 where undone."""
    zones, here, more, out = len(lists[0]), full, 0.0, 0
    track[zones], path, ends, deep = 0, np.zeros(_DEEP + 1, np.int64), np.zeros(_DEEP + 1, np.int64), 0
    path[0] = full
    while deep < _DEEP and (deep == 0 or lists[0][here] > case[2][1][here]):
        cheaper, beyond, to = _push(here, zone, case, dear, lists, desk, track, state)
        if to < 0:
            break
        more, out, here, deep = more + cheaper, out + beyond, to, deep + 1
        path[deep], ends[deep] = to, track[zones]
        if out < 0 and more <= -dear * out:
            return more, out
    while deep > 0:
        for k in range(ends[deep], ends[deep - 1], -1):
            block = track[zones + k]
            desk[0][0][0], zone[block] = block, path[deep - 1]
            _book(desk[0][0], 1, case[1][block], path[deep], path[deep - 1], lists)
        deep -= 1
    return 0.0, 0


@compiled
def mend(
    zone: Ints, cost: Ints, pupils: Ints, room: Room, on: Map, exact: bool, tries: int, dear: float, state: Randoms
) -> tuple[float, int]:
    """Bring pupils beyond places to where there is room, by chains of moves along neighbouring zones; return cost and pupils out of band.

    zone: (blocks,) joined, changed; dear: what a pupil less out of band may cost at the most.
    """
    lists, case = _lists(zone, pupils, cost.shape[1]), (cost, pupils, room, on, exact)
    load, high, blocks, zones = lists[0], room[1], len(zone), cost.shape[1]
    total, out = _total(zone, cost, load, room)
    track = np.zeros(zones + 1 + _DEEP * _TOGETHER, np.int64)
    desk = (np.zeros((2, _TOGETHER + 1), np.int64), np.zeros(blocks + 1, np.int64), np.zeros(blocks, np.int64))
    stale = True
    for _ in range(tries):
        if out == 0:
            break
        full = zone[int(_draw(state) * blocks)]
        if load[full] <= high[full]:
            continue
        if stale:
            _hops(zone, on, load, high, track)
        more, beyond = _chain(full, zone, case, dear, lists, desk, track, state)
        stale = beyond < 0
        total, out = total + more, out + beyond
    return total, out
