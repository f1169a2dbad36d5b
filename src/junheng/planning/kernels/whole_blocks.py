"""Blocks that go whole to one site: what a site is worth at given prices of blocks (a knapsack), and how plans are made better.

A block i pays price[i]; site j takes the blocks from which most is left, as its places allow: a knapsack by dynamic programme.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Status = NDArray[np.int8]

CLOSED, FREE, OPEN = -1, 0, 1
_FAR = 1e300
_SHORTER, _PATIENCE, _SHORTEST, _FLAT, _MUCH = 0.7, 15, 1e-4, 1e-9, 1e12
_LITTLE = 1e-4  # of what is missing to the target: less is no progress
_STEADY = 0.6  # how much of the direction of prices stays


@compiled
def _worth(way: Floats, weight: Ints, price: Floats, allowed: Mask, room: int, best: Floats, kept: Mask, taken: Mask) -> float:
    """Return what a site is worth (below 0), and which blocks it takes. best: (room + 1,), kept: (blocks, room + 1): room to work in."""
    blocks = weight.shape[0]
    best[: room + 1] = 0.0
    for i in range(blocks):
        taken[i] = False
        gain = price[i] - way[i]
        if gain <= 0.0 or not allowed[i] or weight[i] > room:
            continue
        for q in range(room, weight[i] - 1, -1):
            other = best[q - weight[i]] + gain
            kept[i, q] = other > best[q]
            if kept[i, q]:
                best[q] = other
        for q in range(weight[i]):
            kept[i, q] = False
    left = room
    for i in range(blocks - 1, -1, -1):
        if price[i] - way[i] > 0.0 and allowed[i] and weight[i] <= room and kept[i, left]:
            taken[i] = True
            left -= weight[i]
    return float(-best[room])


@compiled
def _pick(worth: Floats, status: Status, p: int, picked: Mask) -> tuple[float, float, float]:
    """Pick the p best sites; return the sum of their worth, the worst of those picked and the best of those left."""
    total, count = 0.0, 0
    order = np.argsort(worth)
    picked[:] = False
    for j in range(worth.shape[0]):
        if status[j] == OPEN:
            picked[j] = True
            total += worth[j]
            count += 1
    last, after = -_FAR, _FAR
    for j in order:
        if status[j] != FREE:
            continue
        if count < p:
            picked[j] = True
            total += worth[j]
            count += 1
            last = worth[j]
        else:
            after = worth[j]
            break
    return total if count == p else _FAR, last, after


@compiled
def _round(
    way: Floats,
    weight: Ints,
    room: Ints,
    price: Floats,
    allowed: Mask,
    status: Status,
    best: Floats,
    kept: Mask,
    worth: Floats,
    taken: Mask,
) -> None:
    """Bring the worth of every site up to date, and what it takes."""
    for j in range(room.shape[0]):
        worth[j] = _FAR
        if status[j] != CLOSED:
            worth[j] = _worth(way[j], weight, price, allowed[j], room[j], best, kept, taken[j])


@compiled
def _direct(picked: Mask, taken: Mask, keep: float, slope: Floats) -> float:
    """Bring the direction of prices up to date: how often a block is missing; return its squared length."""
    size = 0.0
    for i in range(slope.shape[0]):
        rest = 1.0
        for j in range(picked.shape[0]):
            if picked[j] and taken[j, i]:
                rest -= 1.0
        slope[i] = keep * slope[i] + (1.0 - keep) * rest
        size += slope[i] * slope[i]
    return size


@compiled
def ascend(
    way: Floats,
    weight: Ints,
    room: Ints,
    p: int,
    allowed: Mask,
    status: Status,
    target: float,
    rounds: int,
    step: float,
    price: Floats,
    seen: Mask,
) -> tuple[float, int]:
    """Raise the prices of blocks so that the bound they give grows; return the best bound and how many choices of sites were seen.

    way: (sites, blocks); allowed: (sites, blocks) which pairs may be; price: (blocks,) the start, becomes the best; seen: (k, sites)
    becomes the last choices of sites that differ. Stops when the bound reaches `target`.
    """
    sites, blocks = way.shape
    best_of, kept = np.empty(room.max() + 1), np.zeros((blocks, room.max() + 1), np.bool_)
    taken, worth, picked = np.zeros((sites, blocks), np.bool_), np.empty(sites), np.zeros(sites, np.bool_)
    trial, slope = price.copy(), np.zeros(blocks)
    best, idle, count, previous = -_FAR, 0, 0, np.zeros(sites, np.bool_)
    for turn in range(rounds):
        _round(way, weight, room, trial, allowed, status, best_of, kept, worth, taken)
        bound = trial.sum() + _pick(worth, status, p, picked)[0]
        if bound >= _FAR:
            return _FAR, count
        if (picked != previous).any():
            seen[count % seen.shape[0]] = picked
            previous[:] = picked
            count += 1
        idle += 1
        if bound > best:
            idle = 0 if bound > best + _LITTLE * abs(target - best) else idle
            best = bound
            price[:] = trial
        if idle > _PATIENCE:
            step, idle = step * _SHORTER, 0
            trial[:] = price
        size = _direct(picked, taken, 0.0 if turn == 0 else _STEADY, slope)
        if best >= target or size < _FLAT or step < _SHORTEST:
            break
        trial += step * (target - bound) / size * slope
    return best, count


@compiled
def _tables(way: Floats, weight: Ints, price: Floats, allowed: Mask, wide: int, turned: bool) -> Floats:
    """Return the most that the blocks before each (from the end, where turned: those behind) are worth within q places."""
    blocks = weight.shape[0]
    table = np.zeros((blocks + 1, wide))
    for n in range(blocks):
        i = blocks - 1 - n if turned else n
        here, last = (i, i + 1) if turned else (i + 1, i)
        gain, w = price[i] - way[i], weight[i]
        table[here] = table[last]
        if allowed[i] and gain > 0.0:
            for q in range(w, wide):
                table[here, q] = max(table[last, q], table[last, q - w] + gain)
    return table


@compiled
def _forced(way: Floats, weight: Ints, price: Floats, allowed: Mask, room: int, forced: Floats) -> float:
    """Return what a site is worth; forced: (blocks,) becomes what it is worth when it must take a block."""
    before = _tables(way, weight, price, allowed, room + 1, False)
    behind = _tables(way, weight, price, allowed, room + 1, True)
    for i in range(weight.shape[0]):
        free, most = room - weight[i], 0.0
        if allowed[i] and free >= 0:
            for q in range(free + 1):
                most = max(most, before[i, q] + behind[i + 1, free - q])
            forced[i] = -(most + price[i] - way[i])
    return float(-behind[0, room])


@compiled
def settle(way: Floats, weight: Ints, room: Ints, p: int, target: float, price: Floats, allowed: Mask, status: Status) -> float:
    """Rule out the pairs and sites that no plan below `target` has, at these prices; return the bound. allowed, status: changed.

    A pair is forced: the best knapsack with the block in it comes from the tables before and behind it.
    """
    sites, blocks = way.shape
    worth, picked, forced = np.full(sites, _FAR), np.zeros(sites, np.bool_), np.full((sites, blocks), _FAR)
    for j in range(sites):
        if status[j] != CLOSED:
            worth[j] = _forced(way[j], weight, price, allowed[j], room[j], forced[j])
    total, last, after = _pick(worth, status, p, picked)
    if total >= _FAR:
        return _FAR
    bound = price.sum() + total
    for j in range(sites):
        instead = worth[j] if picked[j] else last
        if status[j] == FREE and not picked[j] and bound + worth[j] - last >= target:
            status[j] = CLOSED
        elif status[j] == FREE and picked[j] and bound + after - worth[j] >= target:
            status[j] = OPEN
        for i in range(blocks):
            allowed[j, i] = allowed[j, i] and status[j] != CLOSED and bound + forced[j, i] - instead < target
    return float(bound)


@compiled
def _two_best(way: Floats, weight: int, medians: Ints, left: Ints, i: int) -> tuple[float, float, int]:
    """Return the least cost of a block, the second least, and where the least is, among the sites with room for it."""
    first, second, at = _FAR, _FAR, -1
    for k in range(medians.shape[0]):
        if left[k] >= weight:
            cost = way[medians[k], i]
            if cost < first:
                first, second, at = cost, first, k
            elif cost < second:
                second = cost
    return first, second, at


@compiled
def _assign(way: Floats, weight: Ints, room: Ints, medians: Ints, goes: Ints, left: Ints) -> bool:
    """Send each block somewhere, the one first that would lose most by waiting; return whether all found places."""
    left[:] = room[medians]
    goes[:] = -1
    for _ in range(weight.shape[0]):
        most, who, to = -1.0, -1, -1
        for i in range(weight.shape[0]):
            if goes[i] >= 0:
                continue
            first, second, at = _two_best(way, weight[i], medians, left, i)
            if at < 0:
                return False
            regret = min(second - first, _MUCH) * (1.0 + weight[i] / room[medians[at]])
            if regret > most:
                most, who, to = regret, i, at
        goes[who] = to
        left[to] -= weight[who]
    return True


@compiled
def _moved(way: Floats, weight: Ints, medians: Ints, goes: Ints, left: Ints) -> bool:
    """Move single blocks to nearer sites with room; return whether that helped."""
    better = False
    for i in range(weight.shape[0]):
        for k in range(medians.shape[0]):
            if left[k] >= weight[i] and way[medians[k], i] < way[medians[goes[i]], i] - _FLAT:
                left[goes[i]] += weight[i]
                left[k] -= weight[i]
                goes[i] = k
                better = True
    return better


@compiled
def _exchanged(way: Floats, weight: Ints, medians: Ints, goes: Ints, left: Ints) -> bool:
    """Exchange blocks of two sites; return whether that helped."""
    better = False
    for i in range(weight.shape[0]):
        for h in range(i):
            a, b = goes[i], goes[h]
            more = weight[i] - weight[h]
            if a == b or left[b] < more or left[a] < -more:
                continue
            if way[medians[a], i] + way[medians[b], h] - way[medians[b], i] - way[medians[a], h] > _FLAT:
                goes[i], goes[h] = b, a
                left[a] += more
                left[b] -= more
                better = True
    return better


@compiled
def _cost(way: Floats, goes: Ints, k: int) -> float:
    """Return what a group costs at a site; way: (blocks,) to it."""
    total = 0.0
    for i in range(goes.shape[0]):
        if goes[i] == k:
            total += way[i]
    return total


@compiled
def _centred(way: Floats, room: Ints, medians: Ints, goes: Ints, left: Ints) -> bool:
    """Move each site to where its group has the shortest ways; return whether that helped."""
    better = False
    for k in range(medians.shape[0]):
        used, now = room[medians[k]] - left[k], _cost(way[medians[k]], goes, k)
        for j in range(way.shape[0]):
            if room[j] < used or (medians == j).any():
                continue
            cost = _cost(way[j], goes, k)
            if cost < now - _FLAT:
                medians[k], left[k], now, better = j, room[j] - used, cost, True
    return better


@compiled
def _mend(way: Floats, weight: Ints, room: Ints, medians: Ints, goes: Ints, left: Ints) -> float:
    """Move and exchange blocks, and move sites within their group, as long as that helps; return the cost."""
    better = True
    while better:
        better = _moved(way, weight, medians, goes, left)
        better = _exchanged(way, weight, medians, goes, left) or better
        better = _centred(way, room, medians, goes, left) or better
    total = 0.0
    for i in range(weight.shape[0]):
        total += way[medians[goes[i]], i]
    return total


@compiled
def _shaken(medians: Ints, sites: int, many: int, state: np.uint64) -> np.uint64:
    """Exchange some sites for others by chance; return the next state of chance (xorshift)."""
    for _ in range(many):
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        k, j = int(state % np.uint64(medians.shape[0])), int((state >> np.uint64(20)) % np.uint64(sites))
        if not (medians == j).any():
            medians[k] = j
    return state


@compiled
def improve(way: Floats, weight: Ints, room: Ints, medians: Ints, goes: Ints, tries: int, seed: int) -> float:
    """Make a plan of these sites better, exchanging sites by chance; return its cost, _FAR where none was found.

    medians: (p,) sites, becomes the best; goes: (blocks,) becomes the place in `medians` of each block. Deterministic for a seed.
    """
    left, best = np.zeros(medians.shape[0], np.int64), _FAR
    if _assign(way, weight, room, medians, goes, left):
        best = _mend(way, weight, room, medians, goes, left)
    state = np.uint64(seed * 2654435761 + 88172645463325252)
    trial, sent = medians.copy(), goes.copy()
    for turn in range(tries):
        trial[:] = medians
        state = _shaken(trial, way.shape[0], 1 + turn % 3, state)
        if not _assign(way, weight, room, trial, sent, left):
            continue
        cost = _mend(way, weight, room, trial, sent, left)
        if cost < best - _FLAT:
            best = cost
            medians[:] = trial
            goes[:] = sent
    return best
