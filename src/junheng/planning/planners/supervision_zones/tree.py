"""The search for the best zones: where the best mixture puts two schools half together, one part has them together and one apart."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count

import numpy as np
from numpy.typing import NDArray

from junheng.planning.planners.supervision_zones.master import Couples, Mixture, Zones
from junheng.planning.solve import ENGINES, Limits, Progress, Watch
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.sparse import compressed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


_WHOLE = 1e-5
_NEAR = 2e-4  # a mixture as near as this to its bound is not looked at further
_MIXED_NODES = 20  # of the engine where known zones are put together
_MIXED_EVERY = 16  # parts of the search
_MIXED_ROWS = 600


@dataclass
class Tree:
    """What is known: the best plan, the parts of the search still open, the bound of each."""

    zones: Zones
    limits: Limits
    watch: Watch
    seats: Ints | None  # of each school in the best plan
    objective: float  # inf: no plan
    nodes: int = 0
    _parts: list[tuple[float, int, Couples, Floats]] = field(default_factory=list)
    _left: float = np.inf
    _number: count[int] = field(default_factory=count)

    @property
    def goal(self) -> float:
        """Return what a part must be able to go below; costs are whole numbers."""
        return max(self.objective * (1 - self.limits.gap), 0.0) if self.limits.gap * self.objective >= 1 else self.objective - 1 + _WHOLE

    def run(self, couples: Couples, school: Floats, bound: float) -> float:
        """Search; return the bound of all plans. school: prices to begin with; bound: what is known already."""
        known, self._parts = bound, []
        part: tuple[float, int, Couples, Floats] | None = (bound, next(self._number), couples, school)
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

    def _divided(self, part: tuple[float, int, Couples, Floats]) -> tuple[float, int, Couples, Floats] | None:
        """Look at one part of the search; return the more promising half of it, and put the other aside."""
        bound, _, couples, school = part
        if bound >= self.goal:
            return None
        dearest = 2 * (self.objective if np.isfinite(self.objective) else 3 * abs(school).sum()) / self.zones.zones
        mixed = self.zones.mixture(couples, school, self.goal, dearest, min(_NEAR, self.limits.gap / 2), self.watch)
        self.nodes += 1
        bound = max(bound, mixed.bound)
        if self.nodes % _MIXED_EVERY == 1 and not self._must_stop():
            self._put_together(couples, mixed)
        if bound >= self.goal:
            return None
        pair = self._half_together(mixed)
        if pair is None:
            rows = mixed.rows[mixed.share > 0.5]
            total = self.zones.pool.cost[rows].sum()
            is_plan = self._offer(rows)
            if not is_plan or self._must_stop() or not bound > total - max(self.limits.gap * total, 1 - _WHOLE):
                self._left = min(self._left, bound)  # the bound did not come up to a plan: no more is proven of this part
            return None
        one, other, share = pair
        apart, together = ((bound, next(self._number), couples.and_also(one, other, kind), mixed.school) for kind in (-1, 1))
        first, second = (together, apart) if share >= 0.5 else (apart, together)
        heapq.heappush(self._parts, second)
        return first

    def _half_together(self, mixed: Mixture) -> tuple[int, int, float] | None:
        used = mixed.share > _WHOLE
        inside, share = self.zones.pool.inside[mixed.rows[used]].astype(np.float64), mixed.share[used]
        both = inside.T @ (inside * share[:, None])
        doubt = np.triu(np.minimum(both, 1 - both), 1)
        one, other = divmod(int(doubt.argmax()), len(both))
        return (one, other, float(both[one, other])) if doubt[one, other] > _WHOLE else None

    def _offer(self, rows: Ints) -> bool:
        """Take the zones as the best plan if they are one and cost less; return whether they are one."""
        pool = self.zones.pool
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
        pool = self.zones.pool
        rows = self.zones.lawful(couples)
        lost = pool.cost[rows] - pool.inside[rows] @ mixed.school
        rows = rows[np.argsort(lost, kind="stable")[:_MIXED_ROWS]]
        inside, many = pool.inside[rows], len(rows)
        place, school = np.nonzero(inside)
        schools = pool.schools
        staff = self.zones.staff[inside.sum(axis=1)] if many else np.zeros(0)
        entries = compressed(
            np.concatenate((school, np.full(many, schools), np.full(many, schools + 1))),
            np.concatenate((place, np.arange(many), np.arange(many))),
            np.concatenate((np.ones(len(place)), np.ones(many), staff)),
            (schools + 2, many),
        )
        lower = np.concatenate((np.ones(schools), [self.zones.zones, -np.inf]))
        most = np.inf if self.zones.inspectors is None else self.zones.inspectors
        upper = np.concatenate((np.ones(schools), [self.zones.zones, most]))
        arrays = Arrays(pool.cost[rows], 0.0, np.zeros(many), np.ones(many), np.ones(many, dtype=np.bool_), Rows(lower, upper, entries))
        outcome = ENGINES["highs"](arrays).run(Limits(gap=1e-4, nodes=_MIXED_NODES), Watch(cancelled=self.watch.cancelled))
        if outcome.values is not None:
            self._offer(rows[outcome.values > 0.5])
