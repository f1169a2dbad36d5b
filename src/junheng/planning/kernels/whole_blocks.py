"""Blocks that go whole to one site: what a site is worth at given prices of blocks (a knapsack), and what prices rule out.

A block i pays price[i]; site j takes the blocks from which most is left, as its places allow: a knapsack by dynamic programme. Sites whose
worth cannot be among the best even if blocks were divided need no such programme.
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
_SHORTER, _SHORTEST, _FLAT = 0.6, 1e-3, 1e-9
_LITTLE = 1e-3  # of what is missing to the target: less is no progress
_STEADY, _NEW = 0.6, 0.1  # how much of the direction of prices stays, and how much of the averages is that of the last round


@compiled
def _lists(allowed: Mask, status: Status) -> tuple[Ints, Ints]:
    """Return the blocks that may go to each site that is not closed, and how many they are."""
    items, count = np.empty(allowed.shape, np.int64), np.zeros(allowed.shape[0], np.int64)
    for j in range(allowed.shape[0]):
        if status[j] != CLOSED:
            for i in range(allowed.shape[1]):
                if allowed[j, i]:
                    items[j, count[j]] = i
                    count[j] += 1
    return items, count


@compiled
def _divided(way: Floats, weight: Ints, price: Floats, items: Ints, room: int, gain: Floats, ratio: Floats) -> float:
    """Return what a site would be worth if one block might be divided: never more than it is worth."""
    many, total, used = 0, 0.0, 0
    for i in items:
        left = price[i] - way[i]
        if left > 0.0:
            gain[many], ratio[many] = left, -left / max(weight[i], 1e-9)
            used += weight[i]
            total += left
            many += 1
    if used <= room:
        return -total
    total, free = 0.0, float(room)
    for k in np.argsort(ratio[:many]):
        size = -gain[k] / ratio[k]
        if size > free:
            total -= free * ratio[k]
            break
        free -= size
        total += gain[k]
    return -total


@compiled
def _worth(way: Floats, weight: Ints, price: Floats, items: Ints, room: int, work: Floats, kept: Mask, listed: Ints, taken: Mask) -> float:
    """Return what a site is worth (below 0), and which of the listed blocks it takes.

    To work in: work (2, room + 1), kept (blocks, room + 1), listed (blocks,).
    """
    many, used, total = 0, 0, 0.0
    for k in range(items.shape[0]):
        i = items[k]
        taken[k] = price[i] > way[i] and weight[i] <= room
        if taken[k]:
            listed[many] = k
            many += 1
            used += weight[i]
            total += price[i] - way[i]
    if used <= room:
        return -total
    best, after = work[0, : room + 1], work[1, : room + 1]
    best[:] = 0.0
    for n in range(many):
        i = items[listed[n]]
        gain, w = price[i] - way[i], weight[i]
        without, having, most, is_kept = best[w:], best[: room + 1 - w], after[w:], kept[n, w : room + 1]
        after[:w] = best[:w]
        for q in range(most.shape[0]):  # two rows, so that many places are looked at at once
            value = having[q] + gain
            is_kept[q] = value > without[q]
            most[q] = max(value, without[q])
        best, after = after, best
    left = room
    for n in range(many - 1, -1, -1):
        w = weight[items[listed[n]]]
        taken[listed[n]] = left >= w and kept[n, left]
        left -= w if taken[listed[n]] else 0
    return float(-best[room])


@compiled
def _pick(worth: Floats, status: Status, p: int, picked: Mask) -> float:
    """Pick the p best sites, those that are open in any case among them; return the sum of their worth, _FAR where there are too few."""
    total, count = 0.0, 0
    for j in range(worth.shape[0]):
        picked[j] = status[j] == OPEN
        if picked[j]:
            total += worth[j]
            count += 1
    for j in np.argsort(worth):
        if count == p:
            break
        if status[j] == FREE:
            picked[j] = True
            total += worth[j]
            count += 1
    return total if count == p else _FAR


@compiled
def _value(
    way: Floats,
    weight: Ints,
    room: Ints,
    price: Floats,
    status: Status,
    many: int,
    items: Ints,
    count: Ints,
    work: Floats,
    kept: Mask,
    listed: Ints,
    worth: Floats,
    taken: Mask,
) -> None:
    """Bring the worth of sites up to date: exactly for those that are open and for the `many` best others, from below for the rest."""
    gain, ratio, least = np.empty(weight.shape[0]), np.empty(weight.shape[0]), np.full(many + 1, _FAR)
    for j in range(room.shape[0]):
        if status[j] == OPEN:
            worth[j] = _worth(way[j], weight, price, items[j, : count[j]], room[j], work, kept, listed, taken[j])
        elif status[j] == FREE:
            worth[j] = _divided(way[j], weight, price, items[j, : count[j]], room[j], gain, ratio)
    for j in np.argsort(worth):
        if many == 0 or (status[j] == FREE and worth[j] >= least[many - 1]):
            break
        if status[j] != FREE:
            continue
        worth[j] = _worth(way[j], weight, price, items[j, : count[j]], room[j], work, kept, listed, taken[j])
        k = many
        while k > 0 and least[k - 1] > worth[j]:  # not sort(): what numba keeps of it bears the name of argsort's, and is taken for it
            least[k] = least[k - 1]
            k -= 1
        least[k] = worth[j]


@compiled
def _direct(picked: Mask, taken: Mask, items: Ints, count: Ints, keep: float, slope: Floats) -> float:
    """Bring the direction of prices up to date: how often a block is missing; return its squared length."""
    size, rest = 0.0, np.ones(slope.shape[0])
    for j in range(picked.shape[0]):
        if picked[j]:
            for k in range(count[j]):
                if taken[j, k]:
                    rest[items[j, k]] -= 1.0
    for i in range(slope.shape[0]):
        slope[i] = keep * slope[i] + (1.0 - keep) * rest[i]
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
    patience: int,
    price: Floats,
    share: Floats,
) -> float:
    """Raise the prices of blocks so that the bound they give grows; return the best bound. Stops when it reaches `target`.

    way: (sites, blocks); weight: (blocks,) at least 1; room: (sites,); allowed: (sites, blocks) which pairs may be; status: (sites,);
    price: (blocks,) the start, becomes the prices of the best bound; share: (sites,) becomes how often a site was picked lately.
    """
    sites, blocks = way.shape
    items, count = _lists(allowed, status)
    work, kept, listed = np.empty((2, room.max() + 1)), np.zeros((blocks, room.max() + 1), np.bool_), np.empty(blocks, np.int64)
    taken, worth, picked = np.zeros((sites, blocks), np.bool_), np.full(sites, _FAR), np.zeros(sites, np.bool_)
    trial, slope, many = price.copy(), np.zeros(blocks), max(p - (status == OPEN).sum(), 0)
    best, idle = -_FAR, 0
    for turn in range(rounds):
        _value(way, weight, room, trial, status, many, items, count, work, kept, listed, worth, taken)
        total = _pick(worth, status, p, picked)
        if total >= _FAR:
            return _FAR
        bound, idle = trial.sum() + total, idle + 1
        part = max(_NEW, 1.0 / (turn + 1))
        share[:] = (1.0 - part) * share + part * picked
        if bound > best:
            idle = 0 if bound > best + _LITTLE * abs(target - best) else idle
            best = bound
            price[:] = trial
        if idle > patience:
            step, idle = step * _SHORTER, 0
            trial[:] = price
        size = _direct(picked, taken, items, count, 0.0 if turn == 0 else _STEADY, slope)
        if best >= target or size < _FLAT or step < _SHORTEST:
            break
        trial += step * (target - bound) / size * slope
    return best


@compiled
def _tables(way: Floats, weight: Ints, price: Floats, items: Ints, turned: bool, table: Floats) -> None:
    """Work out the most that the blocks before each (from the end, where turned: those behind) are worth within q places."""
    many, wide = items.shape[0], table.shape[1]
    table[many if turned else 0] = 0.0
    for n in range(many):
        k = many - 1 - n if turned else n
        here, last = (k, k + 1) if turned else (k + 1, k)
        gain, w = price[items[k]] - way[items[k]], weight[items[k]]
        table[here] = table[last]
        if gain > 0.0:
            for q in range(w, wide):
                table[here, q] = max(table[last, q], table[last, q - w] + gain)


@compiled
def _forced(way: Floats, weight: Ints, price: Floats, items: Ints, before: Floats, behind: Floats, forced: Floats) -> float:
    """Return what a site is worth; forced: (listed blocks,) becomes what it is worth when it must take a block."""
    room = before.shape[1] - 1
    _tables(way, weight, price, items, False, before)
    _tables(way, weight, price, items, True, behind)
    for k in range(items.shape[0]):
        free, most = room - weight[items[k]], 0.0
        forced[k] = _FAR
        if free >= 0:
            for q in range(free + 1):
                most = max(most, before[k, q] + behind[k + 1, free - q])
            forced[k] = -(most + price[items[k]] - way[items[k]])
    return float(-behind[0, room])


@compiled
def _ends(worth: Floats, status: Status, picked: Mask) -> tuple[float, float]:
    """Return the worst worth of the sites picked, and the best of those left."""
    last, after = -_FAR, _FAR
    for j in range(worth.shape[0]):
        if status[j] == FREE:
            last = max(last, worth[j]) if picked[j] else last
            after = after if picked[j] else min(after, worth[j])
    return last, after


@compiled
def settle(way: Floats, weight: Ints, room: Ints, p: int, target: float, price: Floats, allowed: Mask, status: Status) -> None:
    """Rule out the pairs and sites that no plan below `target` has, at these prices. allowed, status: changed.

    A pair is forced: the best knapsack with the block in it comes from the tables before and behind it.
    """
    sites, blocks = way.shape
    items, count = _lists(allowed, status)
    worth, picked, forced = np.full(sites, _FAR), np.zeros(sites, np.bool_), np.full((sites, blocks), _FAR)
    before, behind = np.empty((blocks + 1, room.max() + 1)), np.empty((blocks + 1, room.max() + 1))
    for j in range(sites):
        if status[j] != CLOSED:
            wide = room[j] + 1
            worth[j] = _forced(way[j], weight, price, items[j, : count[j]], before[:, :wide], behind[:, :wide], forced[j])
    bound = price.sum() + _pick(worth, status, p, picked)
    last, after = _ends(worth, status, picked)
    for j in range(sites):
        instead = worth[j] if picked[j] else last
        if status[j] == FREE and not picked[j] and bound + worth[j] - last >= target:
            status[j] = CLOSED
        elif status[j] == FREE and picked[j] and bound + after - worth[j] >= target:
            status[j] = OPEN
        for k in range(count[j]):
            allowed[j, items[j, k]] = status[j] != CLOSED and bound + forced[j, k] - instead < target


@compiled
def _count(p: int, allowed: Mask, status: Status) -> bool:
    """Close what is left when p sites are open, open what is left when there are only p; return whether p can be open."""
    is_open, free = (status == OPEN).sum(), (status == FREE).sum()
    for j in range(status.shape[0]):
        if status[j] == FREE and is_open == p:
            status[j] = CLOSED
        elif status[j] == FREE and is_open + free == p:
            status[j] = OPEN
        if status[j] == CLOSED:
            allowed[j] = False
    return bool(is_open <= p <= is_open + free)


@compiled
def _bound_to(weight: Ints, allowed: Mask, status: Status, only: Ints, left: Ints) -> int:
    """Find blocks that have one site left: it is open, and they take its places; return how many are new, -1 where that cannot be."""
    found = 0
    for i in range(weight.shape[0]):
        many = allowed[:, i].sum()
        if many == 0:
            return -1
        if many == 1 and only[i] < 0:
            only[i] = int(allowed[:, i].argmax())
            left[only[i]] -= weight[i]
            status[only[i]] = OPEN
            found += 1
            if left[only[i]] < 0:
                return -1
    return found


@compiled
def narrow(weight: Ints, room: Ints, p: int, allowed: Mask, status: Status) -> bool:
    """Draw what follows from pairs and sites that are out; return whether a plan may be left. allowed, status: changed."""
    only, left = np.full(weight.shape[0], -1, np.int64), room.copy()
    while True:
        found = _bound_to(weight, allowed, status, only, left) if _count(p, allowed, status) else -1
        if found <= 0:
            return found == 0
        for j in range(room.shape[0]):
            for i in range(weight.shape[0]):
                allowed[j, i] = allowed[j, i] and (only[i] == j or weight[i] <= left[j])
