"""Loops of the p-median problem: exchange search, a price for every client, and the cuts of its linear relaxation.

Costs are weight times distance. Lists of near sites stand for the whole matrix: what is not in a client's list costs more than its `most`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Sites = NDArray[np.int32]
Status = NDArray[np.int8]

CLOSED, FREE, OPEN = -1, 0, 1
_FAR = 1e300
_LITTLE = 0.01  # of what is missing to the target: less is no progress
_SHORTER, _LONGER, _SHORTEST, _LONGEST, _FLAT = 0.66, 1.05, 1e-4, 2.0, 1e-9
_NEW, _STEADY = 0.1, 0.7  # how much of the average of picks is that of the last round, and how much of the direction stays


@compiled
def _two_nearest(cost: Floats, chosen: Ints, client: int, first: Ints, best: Floats, second: Floats) -> None:
    """Find the nearest and the second nearest of the chosen sites for one client; cost: (sites, clients)."""
    least, next_least, at = _FAR, _FAR, 0
    for q in range(chosen.shape[0]):
        d = cost[chosen[q], client]
        if d < least:
            least, next_least, at = d, least, q
        elif d < next_least:
            next_least = d
    first[client], best[client], second[client] = at, least, next_least


@compiled
def _gain(cost: Floats, site: int, first: Ints, best: Floats, second: Floats, alone: Floats, loss: Floats) -> tuple[float, int]:
    """Return what opening a site and closing the chosen one that is missed least saves, and the place of that one."""
    for q in range(alone.shape[0]):
        loss[q] = alone[q]
    saved = 0.0
    for i in range(best.shape[0]):
        d = cost[site, i]
        if d < second[i]:
            if d < best[i]:
                saved += best[i] - d
                loss[first[i]] += best[i] - second[i]
            else:
                loss[first[i]] += d - second[i]
    out = 0
    for q in range(loss.shape[0]):
        if loss[q] < loss[out]:
            out = q
    return saved - loss[out], out


@compiled
def exchange(cost: Floats, chosen: Ints, candidates: Ints, is_chosen: NDArray[np.bool_]) -> float:
    """Exchange a chosen site for a candidate as long as that makes the sum of costs smaller; return the sum.

    cost: (sites, clients) whole numbers, weight times distance; chosen: (p,) is changed; candidates: the sites tried, in their order;
    is_chosen: (sites,) agrees with chosen; p is 2 or more.
    First improvement, the best site to close for each candidate (Schubert, Rousseeuw 2021).
    """
    clients, p = cost.shape[1], chosen.shape[0]
    first, best, second = np.empty(clients, np.int64), np.empty(clients), np.empty(clients)
    alone, loss = np.zeros(p), np.empty(p)
    for i in range(clients):
        _two_nearest(cost, chosen, i, first, best, second)
        alone[first[i]] += second[i] - best[i]
    since, at = 0, 0
    while since < candidates.shape[0]:
        site = candidates[at]
        at = (at + 1) % candidates.shape[0]
        since += 1
        if is_chosen[site]:
            continue
        saved, out = _gain(cost, site, first, best, second, alone, loss)
        if saved > 0.5:
            is_chosen[chosen[out]], is_chosen[site] = False, True
            gone, chosen[out] = chosen[out], site
            since = 0
            for i in range(clients):
                _exchanged(cost, chosen, i, gone, out, first, best, second, alone)
    total = 0.0
    for i in range(clients):
        total += best[i]
    return total


@compiled
def _exchanged(cost: Floats, chosen: Ints, i: int, gone: int, out: int, first: Ints, best: Floats, second: Floats, alone: Floats) -> None:
    """Bring one client up to date after the site at place `out` was exchanged."""
    d = cost[chosen[out], i]
    lost = cost[gone, i] <= second[i]
    if not lost and d >= second[i]:
        return
    alone[first[i]] -= second[i] - best[i]
    if lost:
        _two_nearest(cost, chosen, i, first, best, second)
    elif d < best[i]:
        second[i], best[i], first[i] = best[i], d, out
    else:
        second[i] = d
    alone[first[i]] += second[i] - best[i]


@compiled
def _rank(values: Floats, many: int) -> float:
    """Return the many-th smallest of the values, whose order it disturbs (Hoare 1961)."""
    low, high, k = 0, values.shape[0] - 1, many - 1
    while low < high:
        pivot, i, j = values[k], low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while pivot < values[j]:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        low, high = (i, high) if j < k else (low, high)
        high = j if k < i and j >= k else high
        if j < k < i:
            break
    return float(values[k])


@compiled
def _worths(start: Ints, near: Sites, way: Floats, price: Floats, worth: Floats) -> float:
    """Return the sum of prices; worth: (sites,) becomes what opening a site would save at these prices, 0 or less."""
    total = 0.0
    for j in range(worth.shape[0]):
        worth[j] = 0.0
    for i in range(price.shape[0]):
        v = price[i]
        total += v
        for t in range(start[i], start[i + 1]):
            if way[t] >= v:
                break
            worth[near[t]] += way[t] - v
    return total


@compiled
def _pick(worth: Floats, status: Status, p: int, picked: Floats, buffer: Floats) -> float:
    """Mark the open sites and as many free ones, worth most, as make p in all; return what they are worth together."""
    free, many, total = 0, p, 0.0
    for j in range(status.shape[0]):
        picked[j] = 0.0
        if status[j] == OPEN:
            picked[j] = 1.0
            total += worth[j]
            many -= 1
        elif status[j] == FREE:
            buffer[free] = worth[j]
            free += 1
    if many <= 0:
        return total
    last = _rank(buffer[:free], many)
    for turn in range(2):  # first those worth more than the last one picked, then as many of its equals as are wanted
        for j in range(status.shape[0]):
            if many > 0 and status[j] == FREE and (worth[j] < last if turn == 0 else worth[j] == last):
                picked[j] = 1.0
                total += worth[j]
                many -= 1
    return total


@compiled
def _slopes(start: Ints, near: Sites, way: Floats, price: Floats, picked: Floats, keep: float, slope: Floats) -> float:
    """Bring the direction of every client's price up to date: 1 less the picked sites within it; return its squared length."""
    size = 0.0
    for i in range(price.shape[0]):
        served = 0.0
        for t in range(start[i], start[i + 1]):
            if way[t] >= price[i]:
                break
            served += picked[near[t]]
        slope[i] = keep * slope[i] + (1.0 - keep) * (1.0 - served)
        size += slope[i] * slope[i]
    return size


@compiled
def _copy(source: Floats, into: Floats) -> None:
    for k in range(source.shape[0]):
        into[k] = source[k]


@compiled
def ascend(
    start: Ints,
    near: Sites,
    way: Floats,
    most: Floats,
    status: Status,
    p: int,
    target: float,
    rounds: int,
    step: float,
    patience: int,
    price: Floats,
    share: Floats,
    worth: Floats,
) -> float:
    """Raise the prices of clients so that the bound they give grows; return the best bound. Stops when it reaches `target`.

    start, near, way: for client i the sites that are not closed, start[i] to start[i + 1], by growing cost; most: (clients,) no price
    rises above it; status: (sites,); step: of the first round, longer after progress, shorter after `patience` rounds of little;
    price: (clients,) the start, becomes the prices of the best bound; share: (sites,) becomes how often a site was picked lately, an
    estimate of the linear relaxation; worth: (sites,) becomes the worths at the best prices.
    Subgradient method with averaged direction (volume algorithm, Barahona and Anbil 2000).
    """
    trial, slope = price.copy(), np.zeros(price.shape[0])
    now, picked, buffer = np.empty(status.shape[0]), np.empty(status.shape[0]), np.empty(status.shape[0])
    best, idle = -_FAR, 0
    for turn in range(rounds):
        bound = _worths(start, near, way, trial, now)
        bound += _pick(now, status, p, picked, buffer)
        idle += 1
        if bound > best:
            idle = 0 if bound > best + _LITTLE * abs(target - best) else idle
            best, step = bound, min(step * _LONGER, _LONGEST)
            _copy(trial, price)
            _copy(now, worth)
        if idle > patience:
            step, idle = step * _SHORTER, 0
            _copy(price, trial)
        keep = 0.0 if turn == 0 else 1.0 - _NEW
        for j in range(status.shape[0]):
            share[j] = keep * share[j] + (1.0 - keep) * picked[j]
        size = _slopes(start, near, way, trial, picked, 0.0 if turn == 0 else _STEADY, slope)
        if best >= target or size < _FLAT or step < _SHORTEST:
            break
        length = step * (target - bound) / size
        for i in range(trial.shape[0]):
            trial[i] = min(max(trial[i] + length * slope[i], way[start[i]]), most[i])
    return best


@compiled
def shortened(start: Ints, near: Sites, way: Floats, most: Floats, status: Status) -> tuple[Ints, Sites, Floats, Floats]:
    """Return the lists without closed sites, and cut behind each client's nearest open site and its `most`, with the new `most`."""
    clients = most.shape[0]
    begin, highest = np.zeros(clients + 1, np.int64), most.copy()
    site, cost = np.empty(near.shape[0], np.int32), np.empty(near.shape[0])
    at = 0
    for i in range(clients):
        for t in range(start[i], start[i + 1]):
            if way[t] > most[i]:
                break
            if status[near[t]] != CLOSED:
                site[at], cost[at] = near[t], way[t]
                at += 1
                if status[near[t]] == OPEN:
                    highest[i] = way[t]
                    break
        begin[i + 1] = at
    return begin, site[:at], cost[:at], highest
