"""Prices for siting over several years: what each site is worth with its best course, and how high prices may rise.

A pupil of block i in year t pays price[t, i]. At these prices each site stands alone: a dynamic programme over years and modules finds its
best course, as in every year it takes those from whom most is left after the way. So the bound sees sites and modules as whole things.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Courses = NDArray[np.int8]

CLOSED, FREE, OPEN = -1, 0, 1
_FAR = 1e300
_LITTLE = 0.01  # of what is missing to the target: less is no progress
_SHORTER, _LONGER, _SHORTEST, _LONGEST, _FLAT, _PATIENCE = 0.66, 1.05, 1e-4, 2.0, 1e-9, 20
_NEW, _STEADY = 0.1, 0.7  # how much of the average is that of the last round, and how much of the direction stays


@compiled
def _gains(way: Floats, who: Ints, pupils: Floats, price: Floats, order: Ints, gain: Floats) -> int:
    """Put those who gain by going to a site first, the most gain first; return how many. way, who: (pairs,) of the site, in one year."""
    count = 0
    for q in range(who.shape[0]):
        left = price[who[q]] - way[q]
        if left > 0.0 and pupils[who[q]] > 0.0:
            order[count], gain[count] = q, left
            count += 1
    rank = np.argsort(-gain[:count])
    kept = order[:count].copy()
    value = gain[:count].copy()
    for q in range(count):
        order[q], gain[q] = kept[rank[q]], value[rank[q]]
    return count


@compiled
def _worths(count: int, who: Ints, pupils: Floats, order: Ints, gain: Floats, base: float, module: float, worth: Floats) -> None:
    """Find what a site gains with 0, 1, 2… modules: worth: (levels,)."""
    total, taken, q, room = 0.0, 0.0, 0, base
    for level in range(worth.shape[0]):
        while q < count:
            many = pupils[who[order[q]]]
            if taken + many > room:
                break
            taken += many
            total += many * gain[q]
            q += 1
        worth[level] = total + ((room - taken) * gain[q] if q < count else 0.0)
        room += module


@compiled
def _best_step(
    may_close: bool, may_open: bool, worth: Floats, fixed: float, module: float, m: int, most: int, ahead: Floats
) -> tuple[float, int]:
    """Return what a year and all later ones cost with m modules so far, and how many are best built in it (-1: it closes)."""
    best, at = (0.0 if may_close else _FAR), -1
    if may_open:
        for k in range(min(most, worth.shape[0] - 1 - m) + 1):
            cost = fixed + k * module - worth[m + k] + ahead[m + k]
            if cost < best:
                best, at = cost, k
    return best, at


@compiled
def _first_year(opening: Floats, status: Courses, ahead: Floats) -> tuple[float, int]:
    """Return what a new site costs, and when it opens: never is the number of years, and -1 that it may not do as it must."""
    years = opening.shape[0]
    best, first = 0.0, years
    for t in range(years):
        if status[t] == OPEN:
            best, first = _FAR, -1
    for t in range(years):
        if ahead[t, 0] < _FAR and opening[t] + ahead[t, 0] < best:
            best, first = opening[t] + ahead[t, 0], t
        if status[t] == OPEN:
            break
    return best, first


@compiled
def _course(
    exists: bool, worth: Floats, fixed: Floats, module: Floats, opening: Floats, most: int, status: Courses, level: Ints, ahead: Floats
) -> float:
    """Find the best course of one site; return its cost. level: (years,) becomes the modules in each year, -1 while closed.

    worth: (years, levels); status: (years,) of the branching; ahead: (years + 1, levels) room to work in.
    """
    years, levels = worth.shape
    ahead[years, :] = 0.0
    may_close = exists
    for t in range(years - 1, -1, -1):
        may_close = may_close and status[t] != OPEN
        for m in range(levels):
            ahead[t, m], _ = _best_step(may_close, status[t] != CLOSED, worth[t], fixed[t], module[t], m, most, ahead[t + 1])
    total, first = ahead[0, 0], 0
    if not exists:
        total, first = _first_year(opening, status, ahead)
    level[:] = -1
    m = 0
    for t in range(max(first, 0), years):
        may_close = exists
        for later in range(t, years):
            may_close = may_close and status[later] != OPEN
        _, built = _best_step(may_close, status[t] != CLOSED, worth[t], fixed[t], module[t], m, most, ahead[t + 1])
        if built < 0:
            break
        m += built
        level[t] = m
    return float(total)


@compiled
def _take(who: Ints, order: Ints, count: int, pupils: Floats, room: float, taken: Floats) -> None:
    """Count those whom a site takes in one year."""
    left = room
    for q in range(count):
        if left <= 0.0:
            break
        many = min(left, pupils[who[order[q]]])
        taken[who[order[q]]] += many
        left -= many


@compiled
def _sites(
    start: Ints,
    who: Ints,
    way: Floats,
    pupils: Floats,
    base: Floats,
    module_places: float,
    exists: NDArray[np.bool_],
    fixed: Floats,
    module: Floats,
    opening: Floats,
    most: int,
    status: Courses,
    price: Floats,
    level: Ints,
    taken: Floats,
    levels: int,
    alone: Floats,
) -> float:
    """Find the best course of every site, and whom it takes; return what all pay less what all gain.

    start: (sites + 1,) into who and way; taken: (years, blocks) becomes the pupils taken in all; alone: (sites,) becomes each cost.
    """
    years, sites = pupils.shape[0], base.shape[0]
    total = float(np.sum(price * pupils))
    taken[:, :] = 0.0
    worth, ahead = np.empty((years, levels)), np.empty((years + 1, levels))
    for j in range(sites):
        first, last = start[j], start[j + 1]
        size = last - first
        order, gain, counts = np.empty((years, size), np.int64), np.empty((years, size)), np.empty(years, np.int64)
        for t in range(years):
            counts[t] = _gains(way[first:last], who[first:last], pupils[t], price[t], order[t], gain[t])
            _worths(counts[t], who[first:last], pupils[t], order[t], gain[t], base[j], module_places, worth[t])
        alone[j] = _course(exists[j], worth, fixed[j], module[j], opening[j], most, status[j], level[j], ahead)
        if alone[j] >= _FAR:
            return _FAR
        total += alone[j]
        for t in range(years):
            if level[j, t] >= 0:
                _take(who[first:last], order[t], counts[t], pupils[t], base[j] + module_places * level[j, t], taken[t])
    return total


@compiled
def _average(level: Ints, keep: float, is_open: Floats, modules: Floats) -> None:
    """Bring up to date how often sites were open lately, and with how many modules."""
    for j in range(level.shape[0]):
        for t in range(level.shape[1]):
            is_open[j, t] = keep * is_open[j, t] + (1.0 - keep) * (1.0 if level[j, t] >= 0 else 0.0)
            modules[j, t] = keep * modules[j, t] + (1.0 - keep) * max(level[j, t], 0)


@compiled
def ascend(
    start: Ints,
    who: Ints,
    way: Floats,
    pupils: Floats,
    base: Floats,
    module_places: float,
    exists: NDArray[np.bool_],
    fixed: Floats,
    module: Floats,
    opening: Floats,
    most: int,
    status: Courses,
    target: float,
    rounds: int,
    step: float,
    levels: int,
    price: Floats,
    is_open: Floats,
    modules: Floats,
) -> float:
    """Raise the prices of pupils so that the bound they give grows; return the best bound. Stops when it reaches `target`.

    price: (years, blocks) the start, becomes that of the best bound; is_open, modules: (sites, years) become how often a site was open
    lately, and with how many modules. Volume algorithm (Barahona and Anbil 2000) on the assignment of pupils.
    """
    years, blocks = pupils.shape
    sites = base.shape[0]
    trial, slope, taken = price.copy(), np.zeros((years, blocks)), np.zeros((years, blocks))
    level, alone = np.empty((sites, years), np.int64), np.empty(sites)
    best, idle = -_FAR, 0
    for turn in range(rounds):
        bound = _sites(
            start, who, way, pupils, base, module_places, exists, fixed, module, opening, most, status, trial, level, taken, levels, alone
        )
        if bound >= _FAR:
            return _FAR
        idle += 1
        if bound > best:
            idle = 0 if bound > best + _LITTLE * abs(target - best) else idle
            best, step = bound, min(step * _LONGER, _LONGEST)
            price[:] = trial
        if idle > _PATIENCE:
            step, idle = step * _SHORTER, 0
            trial[:] = price
        keep = 0.0 if turn == 0 else 1.0 - _NEW
        _average(level, keep, is_open, modules)
        slope[:, :] = (pupils - taken) * (1.0 if turn == 0 else 1.0 - _STEADY) + slope * (0.0 if turn == 0 else _STEADY)
        size = float(np.sum(slope * slope))
        if best >= target or size < _FLAT or step < _SHORTEST:
            break
        trial += step * (target - bound) / size * slope
    return best
