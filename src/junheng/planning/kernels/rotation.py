"""Prices of a rotation: what a teacher of a subject, a place and a backbone teacher are worth at each school, found by ascent.

With prices on the rows that join teachers (need, size, backbone, couples) the question falls apart: each teacher has one best way to go,
each subject group lets its best few go, and the county the best of these (Held, Wolfe, Crowder 1974). What is left too high or too low
moves the prices, by steps whose length falls by the same share in each round: so the work is known beforehand.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NONE = 1e18
_KEEP = 0.75  # of the last direction, that goes on


class Flow(NamedTuple):
    """A rotation as arrays: n teachers whose ways stand one after the other, g groups (unit × subjects + subject), u units, c couples."""

    start: Ints  # (n + 1,) where the ways of each teacher begin
    unit_to: Ints  # (ways,)
    group_to: Ints  # (ways,)
    cost: Floats  # (ways,)
    unit: Ints  # (n,)
    group: Ints  # (n,)
    is_backbone: Mask  # (n,)
    couple: Ints  # (n,) -1: none
    group_start: Ints  # (g + 1,) where the teachers of each group begin in `members`
    members: Ints  # (n,)
    may_leave: Ints  # (g,)
    lacks: Floats  # (g,) whole teachers lacking: less than 0 for those to spare
    part: Floats  # (g,) of one teacher: what the last would fill, 0: all of one
    least: Floats  # (u,) in less out
    most: Floats  # (u,)
    short: Floats  # (u,) backbone teachers below an even share


class Prices(NamedTuple):
    """What one more is worth."""

    need: Floats  # (g,) 0 to the weight of a shortage
    net: Floats  # (u,) more than 0: the unit may not lose more; less: may not gain more
    backbone: Floats  # (u,)
    couple: Floats  # (c,)
    share: Floats  # (1,) of backbone teachers among those who go, counted in `Shares.scale`


class Shares(NamedTuple):
    """How many go, and how many of them are backbone teachers."""

    fewest: int
    largest: int
    backbone: float  # the least share of those who go
    owed: float  # backbone teachers that are to go beyond that share for what is settled already
    scale: float  # what one step of the price of the share means


@compiled
def _best_ways(flow: Flow, prices: Prices, shares: Shares, worth: Floats, way: Ints) -> None:
    """Write for each teacher the way of least cost under the prices, and that cost."""
    of_share = prices.share[0] * shares.scale
    for t in range(flow.unit.shape[0]):
        strong, here = flow.is_backbone[t], flow.unit[t]
        best, found = _NONE, -1
        for a in range(flow.start[t], flow.start[t + 1]):
            to = flow.unit_to[a]
            cost = flow.cost[a] - prices.need[flow.group_to[a]] - prices.net[to]
            if strong:
                cost -= prices.backbone[to]
            if cost < best:
                best, found = cost, a
        best += prices.need[flow.group[t]] + prices.net[here]
        if strong:
            best += prices.backbone[here] - of_share
        best += of_share * shares.backbone
        if flow.couple[t] >= 0:
            best += prices.couple[flow.couple[t]]
        worth[t], way[t] = best, found


@compiled
def _of_groups(flow: Flow, worth: Floats, goes: Mask) -> None:
    """Mark of each group those who gain most, as many as may leave."""
    for g in range(flow.may_leave.shape[0]):
        first, last = flow.group_start[g], flow.group_start[g + 1]
        for k in range(first, last):
            goes[flow.members[k]] = False
        for _ in range(min(flow.may_leave[g], last - first)):
            best, found = _NONE, -1
            for k in range(first, last):
                t = flow.members[k]
                if not goes[t] and worth[t] < best:
                    best, found = worth[t], t
            if found < 0:
                break
            goes[found] = True


@compiled
def _of_county(worth: Floats, goes: Mask, fewest: int, largest: int) -> float:
    """Leave of those marked the ones who gain, no fewer than `fewest` and no more than `largest`; return what they gain."""
    chosen = np.flatnonzero(goes)
    order = chosen[np.argsort(worth[chosen], kind="mergesort")]
    total = 0.0
    for place in range(order.shape[0]):
        t = order[place]
        goes[t] = place < largest and (worth[t] < 0.0 or place < fewest)
        if goes[t]:
            total += worth[t]
    return total


@compiled
def _asked(flow: Flow, prices: Prices, shares: Shares, shortage: float, left: Prices) -> float:
    """Write what each priced row asks for before anybody goes, and return what that brings."""
    value = prices.share[0] * shares.scale * shares.owed
    for g in range(flow.lacks.shape[0]):
        price = prices.need[g]
        left.need[g] = flow.lacks[g]
        value += price * flow.lacks[g]
        if flow.part[g] > 0.0 and price > shortage * flow.part[g]:
            value += shortage * flow.part[g] - price
            left.need[g] -= 1.0
    left.net[:], left.backbone[:], left.couple[:] = 0.0, flow.short, -1.0
    left.share[0] = shares.owed
    for u in range(flow.least.shape[0]):
        value += prices.backbone[u] * flow.short[u]
        value += prices.net[u] * (flow.least[u] if prices.net[u] > 0.0 else flow.most[u])
    return float(value - prices.couple.sum())


@compiled
def _go(flow: Flow, shares: Shares, way: Ints, goes: Mask, left: Prices) -> None:
    """Take off what those who go bring."""
    for t in np.flatnonzero(goes):
        to, here = flow.unit_to[way[t]], flow.unit[t]
        left.need[flow.group_to[way[t]]] -= 1.0
        left.need[flow.group[t]] += 1.0
        left.net[to] -= 1.0
        left.net[here] += 1.0
        left.share[0] += shares.backbone
        if flow.is_backbone[t]:
            left.backbone[to] -= 1.0
            left.backbone[here] += 1.0
            left.share[0] -= 1.0
        if flow.couple[t] >= 0:
            left.couple[flow.couple[t]] += 1.0
    left.share[0] *= shares.scale


@compiled
def _left_of_sizes(flow: Flow, prices: Prices, left: Prices) -> None:
    """Write by how much each unit's size is missed: 0 between its bounds, unless its price says that one of them binds."""
    for u in range(flow.least.shape[0]):
        net = -left.net[u]
        if prices.net[u] > 0.0 or (prices.net[u] == 0.0 and net < flow.least[u]):
            left.net[u] = flow.least[u] - net
        elif prices.net[u] < 0.0 or net > flow.most[u]:
            left.net[u] = flow.most[u] - net
        else:
            left.net[u] = 0.0


@compiled
def _direction(price: Floats, left: Floats, going: Floats, high: float) -> float:
    """Turn the direction towards what is left, 0 where a price is at its end; return its square."""
    total = 0.0
    for k in range(price.shape[0]):
        step = left[k]
        if (price[k] <= 0.0 and step < 0.0) or (price[k] >= high and step > 0.0):
            step = 0.0
        going[k] = step + _KEEP * going[k]
        total += going[k] * going[k]
    return total


@compiled
def _step(price: Floats, going: Floats, length: float, high: float) -> None:
    for k in range(price.shape[0]):
        price[k] = min(high, max(0.0, price[k] + length * going[k]))


@compiled
def _step_net(price: Floats, going: Floats, length: float) -> None:
    for k in range(price.shape[0]):
        moved = price[k] + length * going[k]
        price[k] = 0.0 if moved * price[k] < 0.0 else moved


@compiled
def _moved(flow: Flow, prices: Prices, left: Prices, going: Prices, most: tuple[float, float], length: float) -> None:
    """Move all prices in the direction of what is left, by a length in all."""
    square = _direction(prices.need, left.need, going.need, most[0]) + _direction(prices.backbone, left.backbone, going.backbone, most[1])
    square += _direction(prices.couple, left.couple, going.couple, _NONE) + _direction(prices.share, left.share, going.share, _NONE)
    for u in range(flow.least.shape[0]):
        going.net[u] = left.net[u] + _KEEP * going.net[u]
        square += going.net[u] * going.net[u]
    if square < 1e-9:
        return
    step = length / np.sqrt(square)
    _step(prices.need, going.need, step, most[0])
    _step(prices.backbone, going.backbone, step, most[1])
    _step(prices.couple, going.couple, step, _NONE)
    _step(prices.share, going.share, step, _NONE)
    _step_net(prices.net, going.net, step)


@compiled
def _ascent(
    flow: Flow,
    prices: Prices,
    best: Prices,
    most: tuple[float, float],
    shares: Shares,
    lengths: Floats,
    worth: Floats,
    goes: Mask,
) -> float:
    left = Prices(np.copy(best[0]), np.copy(best[1]), np.copy(best[2]), np.copy(best[3]), np.copy(best[4]))
    zero = (np.zeros_like(best[0]), np.zeros_like(best[1]), np.zeros_like(best[2]), np.zeros_like(best[3]), np.zeros_like(best[4]))
    going = Prices(zero[0], zero[1], zero[2], zero[3], zero[4])
    way = np.empty(worth.shape[0], np.int64)
    highest = -_NONE
    for k in range(lengths.shape[0]):
        _best_ways(flow, prices, shares, worth, way)
        _of_groups(flow, worth, goes)
        value = _of_county(worth, goes, shares.fewest, shares.largest)
        value += _asked(flow, prices, shares, most[0], left)
        _go(flow, shares, way, goes, left)
        _left_of_sizes(flow, prices, left)
        if value > highest:
            highest = value
            best.need[:], best.net[:], best.backbone[:] = prices.need, prices.net, prices.backbone
            best.couple[:], best.share[:] = prices.couple, prices.share
        _moved(flow, prices, left, going, most, lengths[k])
    return highest


class Climbed(NamedTuple):
    """The best prices that were met, the value that they prove, and what the last round of prices looked like."""

    prices: Prices
    value: float  # no rotation comes to less
    worth: Floats  # (n,) what each teacher's best way costs under the prices of the last round
    goes: Mask  # (n,) who would go under them


def ascent(flow: Flow, prices: Prices, most: tuple[float, float], shares: Shares, lengths: Floats) -> Climbed:
    """Return better prices than those to begin with, after one round for each of `lengths`: by how much they move, in all.

    most: the weights of one teacher lacking and of one backbone teacher, above which no price goes. Every teacher has one way at least.
    """
    begun, best = (Prices(*(part.copy() for part in prices)) for _ in range(2))
    worth, goes = np.empty(len(flow.unit)), np.zeros(len(flow.unit), dtype=np.bool_)
    value = _ascent(flow, begun, best, most, shares, lengths, worth, goes)
    return Climbed(best, float(value), worth, goes)
