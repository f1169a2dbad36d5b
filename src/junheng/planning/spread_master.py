"""The linear program over packages of schools, its prices, and a bound from any prices (Dantzig and Wolfe 1960).

Packages (spread_packages.py) share pupils, what is pooled, and the limits. With square price a >= 0 and mean price b of a limit, every
plan whose mean is T costs at least

    the cheapest packages and the rest at these prices + b T - a (1 + c^2) T^2,

a concave parabola in T: the limit itself, neither chord nor tangent, so the least over a range of T is at one of its ends. Prices of the
program within chords are good ones; they are drawn to the best prices so far, which need fewer rounds (Wentges 1997).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import Outcome
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import compressed
from junheng.planning.spread_moving import Range
from junheng.planning.spread_packages import Chosen, Packages, Prices, Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Run = Callable[[HighsSession, float], Outcome]

_DRAWN = 0.6  # to the best prices so far
_ROUNDS = 150
_FIRST = 5  # numbers of pupils of each school in the first packages
_MARGIN = 4e-6  # of 1 + c^2, which plans leave to rounding
_DEAR = 10.0  # times what is dearest: what lacks
_EPS = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """Prices and what they tell: a bound but for what means of limits add."""

    prices: Prices
    rest: Floats  # (rows,) of the program without packages
    way: Floats  # (ways,) what a pupil along it costs, but for what pupils are worth at its two schools
    without: float  # the cheapest packages and the rest
    cost: Floats  # (table rows,) of the best package
    left: Mask  # (table rows, items) that it does not meet
    each: list[Floats]  # what each item costs: (2, table rows)


class Master:
    """The linear program of packages; ranges of means and lines for their squares can change."""

    def __init__(self, arrays: Arrays, of: Packages, run: Run, seed: int) -> None:
        """Leave in the program what packages do not hold, and add what they share."""
        self.of, self._run = of, run
        self._kept, self._columns = _rest(arrays, of)
        self.limited = [k for k, item in enumerate(of.items) if item.spread is not None]
        self.pooled = [k for k, item in enumerate(of.items) if item.own is None]
        schools = len(of.pupils)
        self._base, self._pupil = len(self._kept), len(self._kept)
        self._pool = self._pupil + schools
        self._square = self._pool + len(self.pooled) * schools
        self._mean = self._square + len(self.limited)
        self._unit = self._mean + len(self.limited)
        self.rows = self._unit + schools  # of the program, without the lines of squares
        self._arrays = self._program(arrays)
        self._ends = len(self._arrays.cost)
        self.table = Table(of, self._most(arrays), np.floor(arrays.upper[of.moved.columns] + _EPS))
        self.factor = np.array([1.0 + of.items[k].spread.limit ** 2 for k in self.limited])  # type: ignore[union-attr]
        self.ranges: list[Range] = [(0.0, np.inf)] * len(self.limited)
        self._held: set[tuple[int, bytes]] = set()
        self.best: Priced | None = None
        self.bound = -np.inf
        self._session = HighsSession(self._arrays, seed=seed, presolve=False, light=True, growing=True)
        self._lines = False
        self._seed()

    def _program(self, arrays: Arrays) -> Arrays:
        """Return the rest of the program, the rows that packages share, and columns for squares, means and what is short."""
        of, count, schools = self.of, len(self._columns), len(self.of.pupils)
        ways, place = np.arange(len(of.moved)), np.searchsorted(self._columns, of.moved.columns)
        start, column, value = arrays.rows.chosen(self._kept).entries
        limits, shared = len(self.limited), self._unit - self._pupil
        entries = [(np.repeat(np.arange(len(self._kept)), np.diff(start)), np.searchsorted(self._columns, column), value)]
        entries += [(self._pupil + of.taker[ways], place, np.ones(len(ways))), (self._pupil + of.giver[ways], place, -np.ones(len(ways)))]
        constant = np.zeros(shared)
        constant[:schools] = of.pupils
        for turn, k in enumerate(self.pooled):
            terms = of.items[k].amount
            first = self._pool + turn * schools
            entries.append((first + terms.row, np.searchsorted(self._columns, terms.column), terms.value))
            constant[first - self._pupil : first - self._pupil + schools] = terms.constant
        each = np.arange(2 * limits)
        entries.append((self._square + each, count + each, -np.ones(2 * limits)))
        lacks = np.arange(self._unit - self._pupil)
        for turn, sign in enumerate((1.0, -1.0)):
            entries.append((self._pupil + lacks, count + 2 * limits + turn * len(lacks) + lacks, np.full(len(lacks), sign)))
        row, columns, values = (np.concatenate(parts) for parts in zip(*entries, strict=True))
        more = 2 * limits + 2 * len(lacks)
        total = self._unit + schools
        ends = np.concatenate((-constant, np.ones(schools)))
        cost = arrays.cost[self._columns]
        dear = np.full(len(lacks), _DEAR * max(1.0, float(cost.max(initial=0.0))))
        dear[-2 * limits :] *= _DEAR * schools
        return Arrays(
            cost=np.concatenate((cost, np.zeros(2 * limits), dear, dear)),
            offset=arrays.offset,
            lower=np.concatenate((arrays.lower[self._columns], np.zeros(more))),
            upper=np.concatenate((arrays.upper[self._columns], np.full(more, np.inf))),
            whole=np.zeros(count + more, dtype=np.bool_),
            rows=Rows(
                np.concatenate((arrays.rows.lower[self._kept], ends)),
                np.concatenate((arrays.rows.upper[self._kept], ends)),
                compressed(row, columns, values, (total, count + more)),
            ),
        )

    def _most(self, arrays: Arrays) -> Floats:
        """Return the most of each pooled item that can be at each school, from the bounds of the columns."""
        self._upper = _implied(self._arrays, len(self._columns))
        made = np.zeros((len(self.of.items), len(self.of.pupils)))
        for k in self.pooled:
            terms = self.of.items[k].amount
            most = np.maximum(0.0, terms.value * self._upper[np.searchsorted(self._columns, terms.column)])
            made[k] = np.bincount(terms.row, most, len(self.of.pupils)) + terms.constant
        return made

    def _seed(self) -> None:
        """Add the first packages: a few numbers of pupils for each school, each item left once."""
        none = Prices(np.zeros(len(self.of.pupils)), *self._nothing())
        first, last = self.table.first[:-1], self.table.first[1:] - 1
        rows = np.unique(np.concatenate([first + (last - first) * k // (_FIRST - 1) for k in range(_FIRST)]))
        for item in range(len(self.of.items)):
            left = np.zeros((len(rows), len(self.of.items)), dtype=np.bool_)
            left[:, item] = self.of.misses > 0
            self._add(self.table.packages(rows, left, none))

    def _nothing(self) -> tuple[Floats, Floats, Floats]:
        items = len(self.of.items)
        return np.zeros((items, len(self.of.pupils))), np.zeros(items), np.zeros(items)

    def _add(self, found: Chosen) -> int:
        """Add packages that are not there yet; return how many."""
        new = [
            place
            for place, (row, amount) in enumerate(zip(found.row.tolist(), found.amount, strict=True))
            if np.isfinite(amount).all() and (row, np.round(amount, 6).tobytes()) not in self._held
        ]
        self._held |= {(int(found.row[place]), np.round(found.amount[place], 6).tobytes()) for place in new}
        row, amount = found.row[new], found.amount[new]
        school, schools = self.table.school[row], len(self.of.pupils)
        squares = [self.table.squares(k, row, amount[:, k]) for k in self.limited]
        rows = [self._pupil + school, *(self._pool + turn * schools + school for turn in range(len(self.pooled)))]
        rows += [np.full(len(row), self._square + turn) for turn in range(2 * len(self.limited))]
        values = [
            -self.table.pupils[row],
            *(-amount[:, k] for k in self.pooled),
            *(each for each, _ in squares),
            *(each for _, each in squares),
        ]
        rows, values = [*rows, self._unit + school], [*values, np.ones(len(row))]
        if len(row):
            self._session.add_columns(found.cost[new], np.stack(rows, axis=1), np.stack(values, axis=1))
        return len(row)

    def hold(self, ranges: list[Range]) -> None:
        """Keep means within ranges, and squares below the chords of these."""
        self.ranges = list(ranges)
        self._draw([(low + high, low * high, 1.0) if np.isfinite(high) else None for low, high in ranges])
        low, high = (np.array(ends) for ends in zip(*ranges, strict=True))
        self._session.bound_columns(len(self._columns) + len(self.limited) + np.arange(len(self.limited)), low, high)

    def near(self, means: Floats) -> None:
        """Keep squares below the tangents at means: whatever keeps these keeps the limits."""
        self.ranges = [(float(mean), float(mean)) for mean in means]
        self._draw([(2 * mean, mean**2, 1 - _MARGIN) for mean in means.tolist()])
        none = np.zeros(len(means))
        self._session.bound_columns(len(self._columns) + len(self.limited) + np.arange(len(means)), none, np.full(len(means), np.inf))

    def _draw(self, lines: list[tuple[float, float, float] | None]) -> None:
        """Give each square its line: at most slope times the mean less so much. Whoever is beyond it pays very much."""
        limits, first = len(self.limited), self._unit + len(self.of.pupils)
        if self._lines:
            self._session.drop_rows(first + np.arange(limits))
        self._lines = True
        self.best, self.bound = None, -np.inf
        lines = [(0.0, -np.inf, 1.0) if line is None else line for line in lines]
        slope, less, share = (np.array(each) for each in zip(*lines, strict=True))
        factor = self.factor * share
        each = np.arange(limits)
        column = np.concatenate((len(self._columns) + each, len(self._columns) + limits + each))
        entries = compressed(np.tile(each, 2), column, np.concatenate((np.ones(limits), -factor * slope)), (limits, self._ends))
        self._session.add_rows(Rows(np.full(limits, -np.inf), np.where(np.isfinite(less), -factor * less, np.inf), entries))

    def settle(self, near: float, enough: float = np.inf, rounds: int = _ROUNDS) -> Outcome:
        """Solve until the bound is within a share of the cost, or `enough`."""
        for _ in range(rounds):
            outcome = self._run(self._session, 0.0)
            if outcome.status != "optimal" or outcome.prices is None or outcome.objective is None:
                break
            told = np.asarray(outcome.prices)
            added = self._looked(told if self.best is None else self._between(told))
            if not added:
                added = self._looked(told)
            self.bound = -np.inf if self.best is None else self.within(self.best, self.ranges)
            if not added or self.bound >= enough or outcome.objective - self.bound <= near * abs(outcome.objective):
                break
        return outcome

    def _between(self, told: Floats) -> Floats:
        assert self.best is not None
        return _DRAWN * self.best.rest + (1 - _DRAWN) * told

    def _looked(self, told: Floats) -> int:
        """Ask for the best packages at the prices of rows; keep the prices where they are the best so far; return how many are new."""
        found = self.at(told)
        if self.best is None or self.within(found, self.ranges) > self.within(self.best, self.ranges):
            self.best = found
        rows = self._least_rows(found.cost)
        return self._add(self.table.packages(rows, found.left[rows], found.prices))

    def _least_rows(self, cost: Floats) -> Ints:
        ends = zip(self.table.first[:-1].tolist(), self.table.first[1:].tolist(), strict=True)
        return np.array([first + int(cost[first:last].argmin()) for first, last in ends], dtype=np.int64)

    def at(self, told: Floats) -> Priced:
        """Return what prices of rows tell."""
        schools, items = len(self.of.pupils), len(self.of.items)
        pooled, square, mean = self._nothing()
        for turn, k in enumerate(self.pooled):
            pooled[k] = told[self._pool + turn * schools : self._pool + (turn + 1) * schools]
        for turn, k in enumerate(self.limited):
            square[k], mean[k] = max(0.0, -told[self._square + turn]), told[self._mean + turn]
            if not np.isfinite(self.ranges[turn][1]):
                square[k], mean[k] = 0.0, max(0.0, mean[k])
        assert len(mean) == items
        prices = Prices(told[self._pupil : self._pool], pooled, square, mean)
        cost, left, each = self.table.priced(prices)
        rest, way = self._of_rest(told)
        return Priced(prices, told, way, rest + float(self.table.least(cost).sum()), cost, left, each)

    def _of_rest(self, told: Floats) -> tuple[float, Floats]:
        """Return the least of the rest of the program at prices of its rows and of what is shared, and what ways cost then."""
        rows, columns = self._arrays.rows, len(self._columns)
        price = np.zeros(len(rows))
        price[: self._square] = told[: self._square]
        kept = slice(0, len(self._kept))
        price[kept] = np.where(
            np.isfinite(np.where(price[kept] > 0, rows.lower[kept], rows.upper[kept])) | (price[kept] == 0), price[kept], 0.0
        )
        start, column, value = rows.entries
        used = np.bincount(column, value * np.repeat(price, np.diff(start)), self._ends)[:columns]
        reduced = self._arrays.cost[:columns] - used
        ends = np.where(reduced > 0, self._arrays.lower[:columns], self._upper)
        paid = np.where(np.abs(reduced) > _EPS, reduced * ends, np.where(np.isfinite(ends), reduced * ends, 0.0))
        side = np.where(price > 0, rows.lower, rows.upper)
        pays = np.where(price != 0, price * np.where(price != 0, side, 0.0), 0.0)
        pupil = told[self._pupil : self._pool]
        way = reduced[np.searchsorted(self._columns, self.of.moved.columns)] + pupil[self.of.taker] - pupil[self.of.giver]
        return self._arrays.offset + float(paid.sum() + pays.sum()), way

    def within(self, found: Priced, ranges: list[Range]) -> float:
        """Return what a plan costs at least whose means lie within ranges."""
        return found.without + float(sum(self.added(found.prices, turn, between) for turn, between in enumerate(ranges)))

    def added(self, prices: Prices, turn: int, between: Range) -> float:
        """Return the least that a mean within a range adds."""
        k = self.limited[turn]
        square, mean = float(prices.square[k]) * float(self.factor[turn]), float(prices.mean[k])
        low, high = between
        if not np.isfinite(high):
            return mean * low if not square and mean >= 0 else -np.inf
        return min(mean * low - square * low**2, mean * high - square * high**2)

    def alone(self, found: Priced, turn: int) -> Callable[[float, float], float]:
        """Return the function that tells what packages and the rest cost, when one limit has other prices of square and mean."""
        k = self.limited[turn]
        rest = found.without - float(self.table.least(found.cost).sum())

        def told(square: float, mean: float) -> float:
            squares, means = found.prices.square.copy(), found.prices.mean.copy()
            squares[k], means[k] = square, mean
            prices = found.prices._replace(square=squares, mean=means)
            costs = [self.table.best(k, prices)[0] if place == k else each for place, each in enumerate(found.each)]
            return rest + float(self.table.least(self.table.together(costs, prices)[0]).sum())

        return told

    def means(self, values: Floats) -> Floats:
        """Return the means of the limits at an answer of the program."""
        first = len(self._columns) + len(self.limited)
        return values[first : first + len(self.limited)]

    def short(self, values: Floats) -> float:
        """Return how much is lacking of what packages share; more than 0 where no packages fit together."""
        first = len(self._columns) + 2 * len(self.limited)
        return float(values[first : self._ends].sum())


def _rest(arrays: Arrays, of: Packages) -> tuple[Ints, Ints]:
    """Return the rows that touch nothing that packages hold, and all columns of these and of what packages share."""
    count = len(arrays.cost)
    mine = np.zeros(count, dtype=np.bool_)
    mine[of.weight.columns] = True
    for item in of.items:
        mine[item.met.columns] = True
        if item.own is not None:
            mine[item.amount.column] = True
            if item.own.begun is not None:
                mine[item.own.begun.columns] = True
        if item.spread is not None:
            for each in (item.spread.value, item.spread.part, item.spread.mean):
                mine[each.columns] = True
    start, column, _ = arrays.rows.entries
    row = np.repeat(np.arange(len(arrays.rows)), np.diff(start))
    touched = np.zeros(len(arrays.rows), dtype=np.bool_)
    touched[row[mine[column]]] = True
    return np.flatnonzero(~touched).astype(np.int64), np.flatnonzero(~mine).astype(np.int64)


def _implied(arrays: Arrays, count: int) -> Floats:
    """Return upper bounds of the first columns, from rows where they have none of their own and everything else has."""
    upper = arrays.upper[:count].copy()
    start, column, value = arrays.rows.entries
    row = np.repeat(np.arange(len(arrays.rows)), np.diff(start))
    inside = column < count
    for _ in range(2):
        high = np.where(inside, upper[np.minimum(column, count - 1)], arrays.upper[column])
        with np.errstate(invalid="ignore"):
            least = value * np.where(value > 0, arrays.lower[column], high)
        endless = ~np.isfinite(least)
        least = np.where(endless, 0.0, least)
        total = np.bincount(row, least, len(arrays.rows))
        many = np.bincount(row, endless, len(arrays.rows))
        open_ = inside & (value > 0) & (many[row] == 0) & np.isfinite(arrays.rows.upper[row])
        bound = (arrays.rows.upper[row] - total[row] + least) / np.where(open_, value, 1.0)
        np.minimum.at(upper, column[open_], bound[open_])
    return upper
