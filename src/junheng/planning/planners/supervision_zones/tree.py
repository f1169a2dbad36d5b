"""The search for the best zones: where the best mixture puts two schools half together, one part has them together and one apart."""

from __future__ import annotations

import heapq
from copy import copy
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from junheng.planning.planners.supervision_zones.ascent import Mixture, Part, mixture, over_known
from junheng.planning.planners.supervision_zones.master import NO_COUPLES, Couples, Pool, Prices, Zones, broken_threes, has_two
from junheng.planning.planners.supervision_zones.start import Begun
from junheng.planning.solve import ENGINES, Limits, Progress, Watch
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.sparse import compressed

Ints = NDArray[np.int64]

_WHOLE = 1e-5
_NEAR = 2e-4  # a mixture as near as this to its bound is not looked at further
_MIXED_NODES = 20  # of the engine where known zones are put together
_MIXED_EVERY = 16  # parts of the search
_MIXED_ROWS = 1000
_ROOM, _LISTING = 300_000, 100_000_000  # zones written down at once, and the work for it
_ROUNDS_OF_FEW, _FEW = 60, 1_000  # rules over three schools are added while there are more zones than these
_THREES_A_ROUND = 40
_LISTED_NODES, _MANY = 500, 2_000  # of the engine, and the zones that it is asked to put together at the most
_SLOW, _SLOW_ROUNDS = 0.03, 1  # of the room between bound and goal, what a round of rules must bring, and how many may bring less
_LESS = 0.8  # of the room at which zones were too many: only with less are they written down again

_Open = tuple[float, int, Couples, Prices]  # a part of the search: bound, number, pairs, prices to begin with


@dataclass
class Tree:
    """What is known: the best plan, the parts of the search still open, the bound of each."""

    zones: Zones
    limits: Limits
    watch: Watch
    seats: Ints | None  # of each school in the best plan
    objective: float  # inf: no plan
    begun: Begun  # zones met by annealing: prices do without them, plans are put together from them, too
    nodes: int = 0
    _parts: list[_Open] = field(default_factory=list)
    _left: float = np.inf
    _too_much: float = np.inf
    _number: count[int] = field(default_factory=count)

    @property
    def goal(self) -> float:
        """Return what a part must be able to go below; costs are whole numbers."""
        return max(self.objective * (1 - self.limits.gap), 0.0) if self.limits.gap * self.objective >= 1 else self.objective - 1 + _WHOLE

    def run(self, couples: Couples, prices: Prices, bound: float) -> float:
        """Search; return the bound of all plans. prices: to begin with; bound: what is known already."""
        known, self._parts = bound, []
        part: _Open | None = (bound, next(self._number), couples, prices)
        while part or self._parts:
            if part is None:
                part = heapq.heappop(self._parts)
            lowest = min([self._left, part[0], *[each[0] for each in self._parts[:1]]])
            known = max(known, min(lowest, self.objective))
            if lowest >= self.goal or self._must_stop():
                break
            part = self._divided(part)
            if self.watch.progress:
                self.watch.progress(Progress(self.objective if self.seats is not None else None, known, self.nodes))
        else:
            known = max(known, min(self.goal, self.objective, self._left))
        return min(known, self.objective)

    def _must_stop(self) -> bool:
        is_spent = self.limits.nodes is not None and self.nodes >= self.limits.nodes
        return is_spent or bool(self.watch.cancelled and self.watch.cancelled())

    def _divided(self, part: _Open) -> _Open | None:
        """Look at one part of the search; return the more promising half of it, and put the other aside."""
        bound, _, couples, prices = part
        if bound >= self.goal:
            return None
        mixed, bound = self._bounded(couples, prices, bound)
        if bound >= self.goal or mixed is None:
            self._left = min(self._left, bound)
            return None
        pair = self._half_together(mixed)
        if pair is None:
            rows = mixed.rows[mixed.share > 0.5]
            total = self.zones.pool.cost[rows].sum()
            is_plan = self._offer(self.zones.pool, rows)
            if not is_plan or self._must_stop() or not bound > total - max(self.limits.gap * total, 1 - _WHOLE):
                self._left = min(self._left, bound)  # the bound did not come up to a plan: no more is proven of this part
            return None
        one, other, share = pair
        prices = mixed.prices or prices
        apart, together = ((bound, next(self._number), couples.and_also(one, other, kind), prices) for kind in (-1, 1))
        first, second = (together, apart) if share >= 0.5 else (apart, together)
        heapq.heappush(self._parts, second)
        return first

    def _bounded(self, couples: Couples, prices: Prices, bound: float) -> tuple[Mixture | None, float]:
        """Return the best mixture of a part and its bound; no mixture where all of its zones could be listed and the bound is for good.

        Rules over three schools that the mixture breaks are added, until all zones that a plan below the goal can have are few enough to be
        written down, or the bound hardly rises any more.
        """
        dearest = 2 * (self.objective if np.isfinite(self.objective) else 3 * abs(prices.school).sum()) / self.zones.zones
        lists, slow, number = self.zones.lists(couples), 0, 0
        self.nodes += 1
        while True:
            part = Part(couples, lists, self.goal, min(_NEAR, self.limits.gap / 2), dearest)
            mixed, before = mixture(self.zones, part, prices.with_threes(len(self.zones.threes)), self.watch), bound
            prices, bound = mixed.prices or prices, max(bound, mixed.bound)
            if not number and self.nodes % _MIXED_EVERY == 1 and not self._must_stop():
                self._put_together(couples, mixed)
            told = self._listed(part, mixed, bound)
            bound = max(bound, told)
            if bound >= self.goal or self._must_stop():
                return None, bound
            if told > -np.inf:
                return mixed, bound
            slow = 0 if bound - before > _SLOW * (self.goal - bound) else slow + 1
            threes = broken_threes(self.zones.pool.inside[mixed.rows], mixed.share, _THREES_A_ROUND)
            if slow > _SLOW_ROUNDS or not len(threes):
                return mixed, bound
            self.zones.threes, number = np.concatenate((self.zones.threes, threes)), number + 1

    def _listed(self, part: Part, mixed: Mixture, bound: float) -> float:
        """Write down all zones that a plan below the goal can have; return the bound that follows, -inf where they are too many."""
        spare = self.goal - bound
        if mixed.known is None or not 0 < spare < _LESS * self._too_much or self._must_stop():
            return -np.inf
        found = self.zones.listed(part.lists, part.couples, mixed.known, self.goal, _ROOM, _LISTING)
        if found is None:
            self._too_much = spare
            return -np.inf
        few = copy(self.zones)
        few.pool = Pool(few.pool.schools)
        few.take(*found)
        return self._best_listed(few, part, mixed.known.prices, self.goal)

    def _best_listed(self, few: Zones, part: Part, prices: Prices, mark: float) -> float:
        """Find the best plan of listed zones, and take it; return its bound. Zones that mattered and rules are kept for later."""
        bound = -np.inf
        for _ in range(_ROUNDS_OF_FEW):
            over = over_known(few, part._replace(couples=NO_COUPLES), prices, self.watch)
            bound = max(bound, over.bound)
            if over.bound >= mark or over.known is None or self._must_stop():
                break
            prices, pool = over.known.prices, few.pool
            used = over.rows[over.share > _WHOLE]
            self.zones.threes = few.threes
            self.zones.take(pool.inside[used], pool.seat[used])
            threes = broken_threes(pool.inside[over.rows], over.share, _THREES_A_ROUND)
            few.pool = few.left(over.known, self.goal + _WHOLE)
            if few.pool.count < _FEW or not len(threes):
                break
            few.threes = np.concatenate((few.threes, threes))
            prices = prices.with_threes(len(few.threes))
        if bound >= self.goal or self._must_stop():
            return bound
        lost = few.pool.cost[: few.pool.count] - few.pool.inside[: few.pool.count] @ prices.school
        rows = np.argsort(lost, kind="stable")[:_MANY]
        if len(rows) < few.pool.count:
            self._best_of(few, rows, _MIXED_NODES, "highs")
            return bound
        return max(bound, self._best_of(few, rows, _LISTED_NODES))

    def _half_together(self, mixed: Mixture) -> tuple[int, int, float] | None:
        used = mixed.share > _WHOLE
        inside, share = self.zones.pool.inside[mixed.rows[used]].astype(np.float64), mixed.share[used]
        both = inside.T @ (inside * share[:, None])
        doubt = np.triu(np.minimum(both, 1 - both), 1)
        one, other = divmod(int(doubt.argmax()), len(both))
        return (one, other, float(both[one, other])) if doubt[one, other] > _WHOLE else None

    def _offer(self, pool: Pool, rows: Ints) -> bool:
        """Take the zones as the best plan if they are one and cost less; return whether they are one."""
        inside = pool.inside[rows]
        if len(rows) != self.zones.zones or not (inside.sum(axis=0) == 1).all():
            return False
        if self.zones.inspectors is not None and self.zones.staff[inside.sum(axis=1)].sum() > self.zones.inspectors:
            return False
        total = float(np.rint(pool.cost[rows].sum()))
        if total < self.objective:
            seats = np.zeros(pool.schools, dtype=np.int64)
            for row, members in zip(rows, inside, strict=True):
                seats[members] = pool.seat[row]
            self.seats, self.objective = seats, total
        return True

    def _put_together(self, couples: Couples, mixed: Mixture) -> None:
        """Let the engine put known zones together to a plan."""
        if mixed.known is None:
            return
        both, prices = copy(self.zones), mixed.known.prices
        both.pool = Pool(both.pool.schools)
        rows = self.zones.lawful(couples)
        for inside, seat in ((self.zones.pool.inside[rows], self.zones.pool.seat[rows]), (self.begun.inside, self.begun.seat)):
            both.take(inside, seat)
        rows, pool = both.lawful(couples), both.pool
        lost = pool.cost[rows] + both.besides(pool.inside[rows], prices) - pool.inside[rows] @ prices.school - mixed.known.last
        near = (lost < self.objective - mixed.bound) & (np.argsort(np.argsort(lost, kind="stable")) < _MIXED_ROWS)
        self._best_of(both, rows[near], _MIXED_NODES, "highs")

    def _best_of(self, zones: Zones, rows: Ints, nodes: int, engine: str = "highs_proof") -> float:
        """Let the engine find the best plan of zones, and take it; return the bound of all of them, inf where there is none."""
        pool, many, threes = zones.pool, len(rows), len(zones.threes)
        inside, schools = pool.inside[rows], pool.schools
        place, school = np.nonzero(inside)
        with_two, three = np.nonzero(has_two(inside, zones.threes))
        every = np.arange(many)
        entries = compressed(
            np.concatenate((school, np.full(many, schools), np.full(many, schools + 1), schools + 2 + three)),
            np.concatenate((place, every, every, with_two)),
            np.concatenate((np.ones(len(place)), np.ones(many), zones.staff[inside.sum(axis=1)], np.ones(len(three)))),
            (schools + 2 + threes, many),
        )
        most = np.inf if zones.inspectors is None else zones.inspectors
        lower = np.concatenate((np.ones(schools), [zones.zones, -np.inf], np.full(threes, -np.inf)))
        upper = np.concatenate((np.ones(schools), [zones.zones, most], np.ones(threes)))
        arrays = Arrays(pool.cost[rows], 0.0, np.zeros(many), np.ones(many), np.ones(many, dtype=np.bool_), Rows(lower, upper, entries))
        limits = Limits(gap=min(1e-4, self.limits.gap / 2), nodes=nodes)
        outcome = ENGINES[engine](arrays).run(limits, Watch(cancelled=self.watch.cancelled))
        if outcome.values is not None:
            self._offer(pool, rows[outcome.values > 0.5])
        return np.inf if outcome.status == "infeasible" else outcome.bound
