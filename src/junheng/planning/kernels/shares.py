"""Zones improved block by block while sums over every zone are kept: places of one year or of several, a stated share of pupils.

Joined means here that a block has a neighbour in its zone nearer to the zone's school. A move takes along the blocks that would lose
their way; a move that is refused is tried again as an exchange with a neighbour.
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
Groups = tuple[Ints, Ints]  # blocks that move, and those that move against them

UNREACHABLE = 1 << 40
_TOGETHER = 12


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
def _has_way(block: int, to: int, zone: Ints, on: Map) -> bool:
    order, start, beside, _, _, _ = on
    here, found = order[block, to], False
    for q in range(start[block], start[block + 1]):
        found = found or (zone[beside[q]] == to and order[beside[q], to] < here)
    return found


@compiled
def _take_along(block: int, old: int, to: int, size: int, zone: Ints, cost: Ints, on: Map, group: Ints) -> int:
    """Move the neighbours that lose their way with a block, too; return the size of the group, negative where one cannot go."""
    order, start, beside, _, _, fixed = on
    for q in range(start[block], start[block + 1]):
        near = beside[q]
        if zone[near] != old or fixed[near] or order[near, old] <= order[block, old] or _has_way(near, old, zone, on):
            continue
        if size >= _TOGETHER or cost[near, to] >= UNREACHABLE:
            return -size
        group[size] = near
        zone[near] = to
        size += 1
    return size


@compiled
def _put(group: Ints, size: int, to: int, zone: Ints) -> int:
    for g in range(size):
        zone[group[g]] = to
    return 0


@compiled
def _moved(block: int, to: int, zone: Ints, cost: Ints, on: Map, group: Ints) -> int:
    """Move a block and all that hang on it; return how many, 0 (and nothing moved) where they would not be joined."""
    old, size, head = zone[block], 1, 0
    group[0] = block
    zone[block] = to
    while head < size:
        grown = _take_along(group[head], old, to, size, zone, cost, on, group)
        if grown < 0:
            return _put(group, -grown, old, zone)
        size, head = grown, head + 1
    for g in range(size):
        if not _has_way(group[g], to, zone, on):
            return _put(group, size, old, zone)
    return size


@compiled
def _out(zone: int, loads: Floats, most: Floats) -> float:
    """Return by how many pupils the sums of a zone are beyond what they may be."""
    out = 0.0
    for k in range(loads.shape[1]):
        out += max(0.0, loads[zone, k] - most[zone, k] - 1e-9)
    return out


@compiled
def _book(group: Ints, size: int, old: int, to: int, cost: Ints, weights: Floats, loads: Floats) -> float:
    """Enter a group's move in the loads; return what it adds to the cost."""
    more = 0.0
    for g in range(size):
        block = group[g]
        more += cost[block, to] - cost[block, old]
        for k in range(loads.shape[1]):
            loads[old, k] -= weights[block, k]
            loads[to, k] += weights[block, k]
    return more


@compiled
def _back(block: int, old: int, to: int, zone: Ints, cost: Ints, on: Map, group: Ints, state: Randoms) -> int:
    """Move a neighbour of a block that came to a zone the other way; return how many went."""
    _, start, beside, _, _, fixed = on
    many = start[block + 1] - start[block]
    near = beside[start[block] + int(_draw(state) * many)]
    if zone[near] != to or fixed[near] or cost[near, old] >= UNREACHABLE:
        return 0
    return _moved(near, old, zone, cost, on, group)


@compiled
def _step(
    block: int,
    to: int,
    allowed: float,
    dear: float,
    zone: Ints,
    cost: Ints,
    weights: Floats,
    loads: Floats,
    most: Floats,
    on: Map,
    groups: Groups,
    state: Randoms,
) -> tuple[float, float]:
    """Try a move, alone or as an exchange; return what it adds to the cost and to the pupils out of band."""
    old = zone[block]
    before = _out(old, loads, most) + _out(to, loads, most)
    size = _moved(block, to, zone, cost, on, groups[0])
    if size == 0:
        return 0.0, 0.0
    more = _book(groups[0], size, old, to, cost, weights, loads)
    out = _out(old, loads, most) + _out(to, loads, most) - before
    if more + dear * out <= allowed:
        return more, out
    again = _back(block, old, to, zone, cost, on, groups[1], state)
    if again > 0:
        both = more + _book(groups[1], again, to, old, cost, weights, loads)
        out = _out(old, loads, most) + _out(to, loads, most) - before
        if both + dear * out <= allowed:
            return both, out
        _put(groups[1], again, to, zone)
        _book(groups[1], again, old, to, cost, weights, loads)
    _put(groups[0], size, old, zone)
    _book(groups[0], size, to, old, cost, weights, loads)
    return 0.0, 0.0


@compiled
def even(
    zone: Ints, cost: Ints, weights: Floats, most: Floats, on: Map, steps: int, heat: Floats, state: Randoms, best: Ints
) -> tuple[float, float]:
    """Improve a plan; write the best one to `best` (fewest pupils out of band, then least cost), return its cost and pupils out of band.

    zone: (blocks,) to begin with, joined, changed; weights: (blocks, sums) what each block adds to the sums of its zone (its pupils in a
    year; how many of its group lie above a band); most: (zones, sums) what these may be; heat: (4,) first and last temperature, first and
    last price of a pupil out of band; state: (1,) of the random numbers.
    """
    zones, sums = cost.shape[1], weights.shape[1]
    loads = np.zeros((zones, sums))
    groups = (np.zeros(_TOGETHER + 1, np.int64), np.zeros(_TOGETHER + 1, np.int64))
    total, out = 0.0, 0.0
    for i in range(len(zone)):
        total += cost[i, zone[i]]
        for k in range(sums):
            loads[zone[i], k] += weights[i, k]
    for j in range(zones):
        out += _out(j, loads, most)
    least, fewest = total, out
    best[:] = zone
    _, start, beside, _, _, fixed = on
    for step in range(steps):
        block = int(_draw(state) * len(zone))
        many = start[block + 1] - start[block]
        if fixed[block] or many == 0:
            continue
        to = zone[beside[start[block] + int(_draw(state) * many)]]
        if to == zone[block] or cost[block, to] >= UNREACHABLE:
            continue
        done = step / steps
        warm, dear = heat[0] * (heat[1] / heat[0]) ** done, heat[2] * (heat[3] / heat[2]) ** done
        allowed = -warm * np.log(max(_draw(state), 1e-300))
        more, beyond = _step(block, to, allowed, dear, zone, cost, weights, loads, most, on, groups, state)
        total, out = total + more, out + beyond
        if out < fewest - 1e-6 or (out < fewest + 1e-6 and total < least - 0.5):
            least, fewest = total, out
            best[:] = zone
    return least, fewest
