"""Zones of several levels improved block by block, in one level or in several at once.

A block that changes its middle zone alone parts from its mates, and so does one that changes its high zone alone. Together it keeps them:
where a seam of middle zones is one of high zones, too, both have to move at once. Joined means here: a neighbour in the zone is nearer to
its school.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Randoms = NDArray[np.uint64]
Map = tuple[Ints, Ints, Ints, Mask]  # order (levels, blocks, zones), start, beside, fixed (levels, blocks)
# cost (levels, blocks, zones), pupils (levels, blocks), high (levels, zones), apart (levels - 1,), and few (levels - 1, 2): how many
# pupils of a group are counted more often, and by how much
Case = tuple[Ints, Ints, Ints, Floats, Floats]
Sums = tuple[Ints, Ints]  # load (levels, zones), many (levels - 1, zones, zones): pupils who go up from a lower to an upper zone

_UNREACHABLE = 1 << 40
_LOOKS = 20_000  # moves tried between two looks at whether the plan is the best so far


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
def _has_way(block: int, to: int, without: int, zone: Ints, order: Ints, start: Ints, beside: Ints) -> bool:
    """Return whether a neighbour in the zone, another than `without`, is nearer to its school."""
    here, found = order[block, to], False
    for q in range(start[block], start[block + 1]):
        near = beside[q]
        found = found or (near != without and zone[near] == to and order[near, to] < here)
    return found


@compiled
def _may(block: int, to: int, level: int, zone: Ints, cost: Ints, on: Map) -> bool:
    """Return whether a block may leave its zone of a level for another: nobody loses the way, and it has one."""
    orders, start, beside, fixed = on
    own, order, old = zone[level], orders[level], zone[level, block]
    if fixed[level, block] or cost[level, block, to] >= _UNREACHABLE or not _has_way(block, to, -1, own, order, start, beside):
        return False
    for q in range(start[block], start[block + 1]):
        near = beside[q]
        hangs = own[near] == old and not fixed[level, near] and order[near, old] > order[block, old]
        if hangs and not _has_way(near, old, block, own, order, start, beside):
            return False
    return True


@compiled
def _parted(row: Ints, few: Floats) -> float:
    """Return the pupils of a zone who part from most of it, the first ones of every group counted more often: few (how many, how often)."""
    total, most = 0.0, 0.0
    for k in range(len(row)):
        weighs = row[k] + few[1] * min(float(row[k]), few[0])
        total += weighs
        most = max(most, weighs)
    return total - most


@compiled
def _shift(block: int, low: int, up: int, place: int, zone: Ints, pupils: Ints, many: Ints, few: Floats) -> float:
    """Let the pupils of a block go up from other zones than theirs; return how many more part."""
    a, b, count = zone[place, block], zone[place + 1, block], pupils[place, block]
    before = _parted(many[place, a], few) + (_parted(many[place, low], few) if low != a else 0.0)
    many[place, a, b] -= count
    many[place, low, up] += count
    return _parted(many[place, a], few) + (_parted(many[place, low], few) if low != a else 0.0) - before


@compiled
def _parting(block: int, to: Ints, zone: Ints, case: Case, many: Ints, sign: int) -> float:
    """Enter a move in who goes up where, or take it back (sign -1); return what parting costs more."""
    _, pupils, _, apart, few = case
    more = 0.0
    for place in range(len(apart)):
        if to[place] != zone[place, block] or to[place + 1] != zone[place + 1, block]:
            if sign > 0:
                more += apart[place] * _shift(block, to[place], to[place + 1], place, zone, pupils, many, few[place])
            else:
                many[place, to[place], to[place + 1]] -= pupils[place, block]
                many[place, zone[place, block], zone[place + 1, block]] += pupils[place, block]
    return more


@compiled
def _more(block: int, to: Ints, zone: Ints, case: Case, load: Ints, dear: float) -> float:
    """Return what a move costs more by itself, pupils beyond places at their price."""
    cost, pupils, high, _, _ = case
    more = 0.0
    for level in range(len(to)):
        old, new, count = zone[level, block], to[level], pupils[level, block]
        if new != old:
            more += cost[level, block, new] - cost[level, block, old]
            over = max(load[level, new] + count - high[level, new], 0) - max(load[level, new] - high[level, new], 0)
            over -= max(load[level, old] - high[level, old], 0) - max(load[level, old] - count - high[level, old], 0)
            more += dear * over
    return more


@compiled
def _aim(block: int, near: int, zone: Ints, case: Case, on: Map, state: Randoms, to: Ints) -> int:
    """Choose the levels in which a block is to go to its neighbour's zones; return how many are changed, 0 where one of them may not."""
    levels, changed = len(zone), 0
    chosen = int(_draw(state) * (2**levels - 1)) + 1
    for level in range(levels):
        to[level] = zone[level, block]
        if (chosen >> level) & 1 and zone[level, near] != zone[level, block]:
            if not _may(block, zone[level, near], level, zone, case[0], on):
                return 0
            to[level] = zone[level, near]
            changed += 1
    return changed


@compiled
def _move(block: int, to: Ints, zone: Ints, pupils: Ints, load: Ints) -> int:
    for level in range(len(to)):
        load[level, zone[level, block]] -= pupils[level, block]
        load[level, to[level]] += pupils[level, block]
        zone[level, block] = to[level]
    return 0


@compiled
def _over(load: Ints, high: Ints) -> int:
    total = 0
    for level in range(len(load)):
        for j in range(load.shape[1]):
            total += max(load[level, j] - high[level, j], 0)
    return total


@compiled
def _keep(zone: Ints, load: Ints, high: Ints, best: Ints, record: Floats) -> bool:
    """Keep the plan if it is the best within places so far."""
    is_better = bool(record[0] > record[1] and _over(load, high) == 0)
    if is_better:
        record[1] = record[0]
        best[:] = zone
    return is_better


@compiled
def _step(block: int, to: Ints, zone: Ints, case: Case, sums: Sums, warm: float, dear: float, state: Randoms, record: Floats) -> bool:
    """Move a block, or not, by what it costs and by chance."""
    load, many = sums
    own, priced = _more(block, to, zone, case, load, 0.0), _more(block, to, zone, case, load, dear)
    parting = _parting(block, to, zone, case, many, 1)
    is_taken = bool(priced + parting <= 0 or _draw(state) < np.exp(-(priced + parting) / warm))
    if is_taken:
        _move(block, to, zone, case[1], load)
        record[0] -= own + parting
    else:
        _parting(block, to, zone, case, many, -1)
    return is_taken


@compiled
def anneal_levels(
    zone: Ints, case: Case, sums: Sums, on: Map, heat: Floats, steps: int, state: Randoms, best: Ints, record: Floats
) -> float:
    """Improve a plan of all levels by so many moves; return what is gained by the best plan within places so far.

    zone: (levels, blocks) changed in place, as are sums; heat: first and last temperature, first and last price of a pupil beyond
    places; best: is given the best plan, and is left as it is where none was found; record: what `zone` and `best` gained by now.
    """
    (load, _), (_, start, beside, _) = sums, on
    to, warm, dear = np.zeros(len(zone), np.int64), heat[0], heat[2]
    for step in range(steps):
        if step % _LOOKS == 0:
            share = step / steps
            warm, dear = heat[0] * (heat[1] / heat[0]) ** share, heat[2] * (heat[3] / heat[2]) ** share
            _keep(zone, load, case[2], best, record)
        block = int(_draw(state) * zone.shape[1])
        ways = start[block + 1] - start[block]
        if ways > 0 and _aim(block, beside[start[block] + int(_draw(state) * ways)], zone, case, on, state, to) > 0:
            _step(block, to, zone, case, sums, warm, dear, state, record)
    _keep(zone, load, case[2], best, record)
    return float(record[1])
