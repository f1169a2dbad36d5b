"""The cheapest mixture of zones in one part of the search, its prices, and zones that these prices miss.

The bound holds for all lawful zones: at any prices no plan costs less than the prices together with what the best zone of each seat adds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.zone_bounds import NEVER
from junheng.planning.planners.supervision_zones.master import Couples, Lists, Priced, Prices, Zones, has_two
from junheng.planning.solve import ENGINES, Limits, Watch
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.sparse import compressed, times

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WORK = (30_000, 1_000_000, 20_000_000)  # of the search of one seat: more when no zone is found with less
_FEW = 20  # zones added in one round: then seats are searched further
_KEPT = 5  # good zones of a seat in one round
_ROUNDS = 80
_BESIDE = 0.5  # how near prices stay to those of the best bound
_FINEST = 1e-9
_ROUNDING = 1e-6
_BEGUN = 1500  # zones that a new part of the search begins with
_MISSED = 300  # known zones added at once


class Mixture(NamedTuple):
    """The best mixture of zones in one part of the search."""

    bound: float  # inf: there is no plan in this part
    share: Floats  # (zones known,)
    rows: Ints  # which of the pool they are
    known: Priced | None  # the prices of the best bound; None: none were tried

    @property
    def prices(self) -> Prices | None:
        """Return the prices of the best bound."""
        return self.known.prices if self.known else None


class Part(NamedTuple):
    """A part of the search: pairs that it keeps, what its seats may hold, and how far it is to be looked at."""

    couples: Couples
    lists: Lists
    goal: float  # a bound of so much is enough
    near: float  # so is a gap between mixture and bound, as a share
    dearest: float  # above what a school can be worth in a plan that is of use


def mixture(zones: Zones, part: Part, prices: Prices, watch: Watch) -> Mixture:
    """Return the best mixture of zones of a part; prices: to begin with."""
    return _Ascent(zones, part, prices, watch).run()


def over_known(zones: Zones, part: Part, prices: Prices, watch: Watch) -> Mixture:
    """Return the best mixture of the zones known, as if there were no others: its bound is that of plans made of them."""
    return _Ascent(zones, part, prices, watch, others=False).run()


class _Ascent:
    """Prices that rise: known zones give them, zones that they miss are added, until none is missed."""

    def __init__(self, zones: Zones, part: Part, prices: Prices, watch: Watch, *, others: bool = True) -> None:
        self.zones, self.part, self.watch, self.others = zones, part, watch, others
        self.centre, self.bound = prices, -np.inf
        self.known: Priced | None = None
        self.most = float(np.where(zones.cost < NEVER, zones.cost, 0.0).max(axis=0).sum()) + 1.0  # above every plan
        self.goal, self.dearest = min(part.goal, self.most), part.dearest
        every = zones.lawful(part.couples)
        lost = zones.pool.cost[every] - zones.pool.inside[every] @ prices.school
        self.rows = every[np.sort(np.argsort(lost, kind="stable")[:_BEGUN])]
        self.rest = np.setdiff1d(every, self.rows)
        self.matrix = self._as_rows(self.rest)
        schools, threes, inspectors = len(prices.school), len(zones.threes), zones.inspectors
        free = self.dearest * schools
        ends = np.concatenate((np.full(schools, self.dearest), [free, free if inspectors is not None else 0.0], np.full(threes, free)))
        cost = np.concatenate((-np.ones(schools), [-float(zones.zones), inspectors or 0.0], np.ones(threes)))
        lower = np.concatenate((-ends[: schools + 1], np.zeros(1 + threes)))
        arrays = Arrays(cost, 0.0, lower, ends, np.zeros(len(cost), dtype=np.bool_), self._as_rows(self.rows))
        self.session = ENGINES["highs"](arrays, presolve=False)

    def _as_rows(self, rows: Ints) -> Rows:
        """Return: the prices of its schools and that of a zone do not exceed what a zone costs."""
        pool, schools = self.zones.pool, self.zones.pool.schools
        row, school = np.nonzero(pool.inside[rows])
        many = np.arange(len(rows))
        with_two, three = np.nonzero(has_two(pool.inside[rows], self.zones.threes))
        staff = -self.zones.staff[pool.inside[rows].sum(axis=1)] if len(rows) else np.zeros(0)
        entries = compressed(
            np.concatenate((row, many, many, with_two)),
            np.concatenate((school, np.full(len(rows), schools), np.full(len(rows), schools + 1), schools + 2 + three)),
            np.concatenate((np.ones(len(row)), np.ones(len(rows)), staff, -np.ones(len(with_two)))),
            (len(rows), schools + 2 + len(self.zones.threes)),
        )
        return Rows(np.full(len(rows), -np.inf), pool.cost[rows], entries)

    def run(self) -> Mixture:
        """Return the mixture; its bound is the best that any prices on the way proved."""
        share, beside, level, rounds = np.zeros(len(self.rows)), 1.0, 0, 0
        while rounds < _ROUNDS:
            outcome = self.session.run(Limits(), Watch())
            if outcome.values is None or outcome.prices is None or outcome.objective is None or self._is_told_to_stop():
                break  # or numbers were too large for the engine: the bound so far stands
            share, known, dual = np.abs(outcome.prices), -outcome.objective, outcome.values
            if self._known_missed(dual):
                continue
            if not self.others:
                self.bound, self.known = known, self._as_known(dual, known)
                break
            if self.bound >= self.goal or known - self.bound <= max(self.part.near, _FINEST) * abs(known):
                break
            rounds, before = rounds + 1, self.bound
            better = self._others_missed(dual, beside, _WORK[level])
            is_higher = self.bound > before + _ROUNDING * abs(known)
            if better == 0 and not is_higher and beside == 0 and level + 1 == len(_WORK):
                break
            level = min(level + (better < _FEW), len(_WORK) - 1)
            beside = _BESIDE if better or is_higher else 0.0
        is_short = len(share) == 0 or (share @ self.zones.pool.inside[self.rows[: len(share)]] < 1 - _ROUNDING).any()
        if is_short and not self._is_told_to_stop() and self.bound < self.goal and self.dearest < 10 * self.most:
            return self._dearer().run()
        return Mixture(np.inf if self.bound >= self.most else self.bound, share, self.rows[: len(share)], self.known)

    def _as_known(self, dual: Floats, bound: float) -> Priced:
        schools = len(self.centre.school)
        here = Prices(dual[:schools], float(dual[schools + 1]), np.maximum(dual[schools + 2 :], 0.0))
        return Priced(bound, np.full(schools, dual[schools]), float(dual[schools]), here)

    def _dearer(self) -> _Ascent:
        """Return the same with prices that may rise further: some school is in no zone."""
        raised = _Ascent(self.zones, self.part._replace(dearest=10 * self.dearest), self.centre, self.watch, others=self.others)
        raised.bound, raised.known = self.bound if self.others else -np.inf, self.known
        return raised

    def _is_told_to_stop(self) -> bool:
        return bool(self.watch.cancelled and self.watch.cancelled())

    def _known_missed(self, dual: Floats) -> int:
        """Add the known zones that prices miss most; return how many those are."""
        over = times(self.matrix.entries, dual) - self.matrix.upper
        worst = np.argsort(-over, kind="stable")[:_MISSED]
        worst = worst[over[worst] > _ROUNDING]
        if len(worst):
            self._add(self.rest[worst])
        return len(worst)

    def _add(self, rows: Ints) -> None:
        self.rows = np.concatenate((self.rows, rows))
        self.session.add_rows(self._as_rows(rows))

    def _of_use(self, prices: Prices) -> float:
        """Return what the dearest of the cheapest known zones costs at prices, one a seat, as many as there will be: more is of no use."""
        pool, zones = self.zones.pool, self.zones
        inside = pool.inside[self.rows]
        cost = pool.cost[self.rows] + zones.besides(inside, prices) - inside @ prices.school
        best = np.full(len(prices.school), NEVER / 2)
        np.minimum.at(best, pool.seat[self.rows], cost)
        return float(np.partition(best, zones.zones - 1)[zones.zones - 1]) + _ROUNDING

    def _others_missed(self, dual: Floats, beside: float, work: int) -> int:
        """Price every seat; keep the bound that follows; add the zones that the known prices miss, and return how many those are."""
        zones, schools = self.zones, len(self.centre.school)
        here = Prices(dual[:schools], float(dual[schools + 1]), np.maximum(dual[schools + 2 :], 0.0))
        prices = self.centre.beside(here, beside)
        known, inside, seat, cost = zones.priced(self.part.lists, self.part.couples, prices, self._of_use(prices), work, _KEPT)
        if known.bound > self.bound:
            self.bound, self.known, self.centre = known.bound, known, prices
        missed = cost - inside @ here.school - dual[schools] + zones.besides(inside, here) < -_ROUNDING
        if missed.any():
            self._add(zones.pool.add(inside[missed], seat[missed], cost[missed]))
        return int(missed.sum())
