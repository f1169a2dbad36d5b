"""What a school can have, package by package, while pupils move: at given prices the best package of every school is a closed form.

A package says how many pupils a school has, which items it does not meet, and how much of each item it holds. Once pupils and what is not
met are known, items no longer see each other, and the best amount of each minimises p x + q x^2, among whole numbers where it is whole,
between what must be there and the most that can be. So every number of pupils of every school is looked at in one go, all whole numbers
together, which no linear program of amounts can see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve import Terms, Variables
from junheng.planning.spread_moving import MovingSpread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

NEVER = 1e15  # the cost of what cannot be
_EPS = 1e-9
_MANY = 4.0  # times the least: an amount for a package where prices ask for more without end


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Own:
    """How a school gets more of an item for itself: `base` is there, more comes at `unit` each, begun at a cost, in one piece."""

    base: Floats  # (schools,)
    unit: float
    most: float = np.inf  # that can be added
    begin: float = 0.0  # the cost of adding anything
    least: float = 0.0  # that is added once begun
    begun: Variables | None = None  # (schools,) whether it is begun


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """One item at every school. amount, need: by school, need with today's pupils; own: None where schools get it from a common pool."""

    amount: Terms
    need: Floats  # (schools,)
    near: float  # the share of the need that must be there in any case
    met: Variables  # (schools,)
    is_whole: bool
    own: Own | None
    spread: MovingSpread | None = None
    typical: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packages:
    """What `solve_spread` must know to see a school as a whole; the program says the same in rows."""

    items: tuple[Item, ...]
    misses: int  # items that a school need not meet
    pupils: Ints  # (schools,) today
    weight: Variables  # (schools,) pupils over today's
    share: float  # by which a school's pupils may change
    moved: Variables  # (ways,) pupils
    giver: Ints  # (ways,)
    taker: Ints  # (ways,)


class Prices(NamedTuple):
    """What a package pays: for a pupil, for a unit of a pooled item, for the squares of an item; and what it is given for its mean."""

    pupil: Floats  # (schools,)
    pooled: Floats  # (items, schools) 0 where the school gets the item for itself
    square: Floats  # (items,) 0 or more
    mean: Floats  # (items,)


class Chosen(NamedTuple):
    """Packages: one row of the table each."""

    row: Ints  # (packages,)
    amount: Floats  # (packages, items)
    cost: Floats  # (packages,) without what is pooled


class Table:
    """All numbers of pupils that each school may have, one row each, and what its items cost there at prices."""

    def __init__(self, of: Packages, most: Floats, ways: Floats) -> None:
        """Lay out the rows. most: (items, schools) of pooled items that can be at a school; ways: (ways,) the most pupils along each."""
        self.of = of
        pupils = of.pupils.astype(np.float64)
        low, high = self._ends(pupils, ways)
        many = (high - low + 1).astype(np.int64)
        self.first = np.concatenate(([0], np.cumsum(many)))
        self.school = np.repeat(np.arange(len(pupils)), many)
        self.pupils = low[self.school] + np.arange(len(self.school)) - self.first[self.school]
        self._total = float(pupils.sum())
        self._needs = [self._levels(item) for item in of.items]
        self._most = most

    def _ends(self, pupils: Floats, ways: Floats) -> tuple[Floats, Floats]:
        gone, came = (np.bincount(side, ways, len(pupils)) for side in (self.of.giver, self.of.taker))
        share = self.of.share
        return np.maximum(np.ceil((1 - share) * pupils - _EPS), pupils - gone), np.minimum(
            np.floor((1 + share) * pupils + _EPS), pupils + came
        )

    def _levels(self, item: Item) -> tuple[Floats, Floats]:
        full = item.need[self.school] * self.pupils / self.of.pupils[self.school]
        low = item.near * full
        return (np.ceil(low - _EPS), np.ceil(full - _EPS)) if item.is_whole else (low, full)

    def squares(self, item: int, rows: Ints, amount: Floats) -> tuple[Floats, Floats]:
        """Return what amounts bring to the squares of a limit, and to its mean."""
        relative = amount / self.of.items[item].typical
        return relative**2 / (self.pupils[rows] * self._total), relative / self._total

    def best(self, place: int, prices: Prices, rows: slice | Ints = slice(None)) -> tuple[Floats, Floats]:
        """Return the least cost of an item at its prices, where it is near and where it is met, and the amounts: (2, rows) each."""
        item = self.of.items[place]
        school, pupils = self.school[rows], self.pupils[rows]
        square = prices.square[place] / (self._total * item.typical**2) / pupils
        linear = np.full(len(school), -prices.mean[place] / (self._total * item.typical))
        found = []
        for level in self._needs[place]:
            if item.own is None:
                linear_here = linear + prices.pooled[place][school]
                found.append(_cheapest((linear_here, square), level[rows], self._most[place][school], item.is_whole))
            else:
                found.append(_bought(item, item.own, (linear, square), level[rows], school))
        return np.stack([cost for cost, _ in found]), np.stack([amount for _, amount in found])

    def least(self, cost: Floats) -> Floats:
        """Return the least of each school. cost: (rows,)."""
        found: Floats = np.minimum.reduceat(cost, self.first[:-1])
        return found

    def priced(self, prices: Prices) -> tuple[Floats, Mask, list[Floats]]:
        """Return what the best package of each row costs, which items it does not meet, and what each item costs there: (2, rows) each."""
        costs = [self.best(place, prices)[0] for place in range(len(self.of.items))]
        return *self.together(costs, prices), costs

    def together(self, costs: Sequence[Floats], prices: Prices) -> tuple[Floats, Mask]:
        """Return what the best package of each row costs, and which items it does not meet. costs: (2, rows) of each item."""
        near, met = (np.stack([each[which] for each in costs], axis=1) for which in (0, 1))
        never = met >= NEVER
        total = np.where(never, 0.0, met).sum(axis=1) + prices.pupil[self.school] * self.pupils
        with np.errstate(invalid="ignore"):
            spared = np.where(never | np.isneginf(met), -np.inf, near - met)
        paid = np.where(never, near, np.where(np.isneginf(met), 0.0, spared))
        left = np.zeros(met.shape, dtype=np.bool_)
        for _ in range(self.of.misses):
            item = np.where(left, np.inf, spared).argmin(axis=1)[:, None]
            is_spared = np.take_along_axis(np.where(left, np.inf, spared), item, axis=1) < 0
            total = total + np.where(is_spared, np.take_along_axis(paid, item, axis=1), 0.0)[:, 0]
            np.put_along_axis(left, item, np.take_along_axis(left, item, axis=1) | is_spared, axis=1)
        return total + np.where(never & ~left, NEVER, 0.0).sum(axis=1), left

    def packages(self, rows: Ints, left: Mask, prices: Prices) -> Chosen:
        """Return the best packages of some rows that do not meet some items. left: (packages, items)."""
        amount = np.zeros((len(rows), len(self.of.items)))
        cost = np.zeros(len(rows))
        for place, item in enumerate(self.of.items):
            least, amounts = self.best(place, prices, rows)
            which = np.where(left[:, place], 0, 1)
            amount[:, place] = np.take_along_axis(amounts, which[None], axis=0)[0]
            cost += np.where(np.take_along_axis(least, which[None], axis=0)[0] >= NEVER, NEVER, 0.0)
            if item.own is not None:
                more = amount[:, place] - item.own.base[self.school[rows]]
                cost += item.own.unit * more + item.own.begin * (more > _EPS)
        possible = cost < NEVER
        return Chosen(rows[possible], amount[possible], cost[possible])


def _cheapest(price: tuple[Floats, Floats], least: Floats, most: Floats, is_whole: bool) -> tuple[Floats, Floats]:
    """Return the least of p x + q x^2 between two ends, and where it is."""
    linear, square = price
    with np.errstate(divide="ignore", invalid="ignore"):
        free = np.where(square > 0, -linear / (2 * square), np.where(linear < 0, np.inf, -np.inf))
    at = np.clip(free, least, np.maximum(least, most))
    if is_whole:
        below, above = np.maximum(np.floor(at), np.ceil(least - _EPS)), np.minimum(np.ceil(at), np.floor(most + _EPS))
        above = np.maximum(above, below)
        at = np.where(linear * below + square * below**2 <= linear * above + square * above**2, below, above)
    with np.errstate(invalid="ignore"):
        cost = np.where(np.isinf(at), -np.inf, linear * at + square * at**2)
    return np.where(least > most + _EPS, NEVER, cost), np.where(np.isinf(at), _MANY * np.maximum(least, 1.0), at)


def _bought(item: Item, own: Own, price: tuple[Floats, Floats], level: Floats, school: Ints) -> tuple[Floats, Floats]:
    base = own.base[school]
    linear, square = price
    now = np.where(base >= level - _EPS, linear * base + square * base**2, NEVER)
    more, at = _cheapest((linear + own.unit, square), np.maximum(level, base + own.least), base + own.most, item.is_whole)
    more = np.where(more >= NEVER, NEVER, more + own.begin - own.unit * base)
    return np.minimum(now, more), np.where(now <= more, base, at)
