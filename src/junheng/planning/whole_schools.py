"""Blocks to schools, each whole, at least travel: near the plan that divides blocks, whose prices say what any plan costs more.

Travel of a plan is that of divided blocks, plus what each pair costs above the least at the prices of places, plus the price of every
place left empty where places are full. So a pair that costs more than a plan known is in no better plan. Plans are made by annealing over
the pairs that cost little, then bettered by groups of neighbouring schools, whose blocks the engine places anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.kernels.whole_blocks_plans import anneal
from junheng.planning.pupils_to_schools import Sent
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import NOBODY, Limits, Outcome
from junheng.planning.solve.search import ENGINES
from junheng.planning.sparse import compressed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_WIDTHS = (3e-4, 3e-3, np.inf)  # of the travel: pairs that cost more above the least are left aside, at first
_PROPOSALS, _HOT, _COLD = 16_000_000, 1e-4, 1e-6  # of the travel
_SEEDS = 2
_GROUPS = ((5, 100), (6, 200), (7, 300))  # schools placed together, and the engine's nodes
_NEAR = 2e-4  # of the travel: pairs dearer than that are left aside when groups are placed anew
_FINE = 3e-6  # of the travel: the engine need not do better
_NODES = 2000
_HALF, _FAR = 0.5, 1e299


@dataclass(eq=False)
class WholePlaces:
    """One question at given schools: what divided blocks prove, and the best plan so far."""

    way: Ints  # (blocks, schools) for one pupil
    pupils: Ints
    places: Ints
    sent: Sent  # blocks divided
    seed: int = 0
    above: float = np.inf  # what the plan costs more than divided blocks
    goes: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    extra: Floats = field(init=False)
    price: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Work out what pairs cost above the least."""
        self.price = self.sent.school_price.astype(np.float64)
        dear = np.where(self.way < UNREACHABLE, self.way + self.price, np.inf)
        some = self.pupils > 0  # a block without pupils goes anywhere
        least = np.where(some, dear.min(axis=1, initial=np.inf), 0.0)
        self.extra = np.zeros(self.way.shape)
        self.extra[some] = self.pupils[some, None] * (dear[some] - least[some, None])

    def improve(self, enough: float, stop: Callable[[], bool]) -> None:
        """Look for plans until one costs no more than `enough` above divided blocks, or nothing helps."""
        for width in _WIDTHS:
            self._annealed(width)
            if np.isfinite(self.above):
                break
        if not np.isfinite(self.above):
            self._all(max(_FINE * self.sent.travel, enough))
        for size, nodes in _GROUPS:
            if self.above <= enough or not np.isfinite(self.above) or stop():
                return
            self._by_groups(size, nodes, enough, stop)

    def bound(self, most: float) -> float:
        """Return what no plan with blocks whole costs less, above divided ones; looks no farther than `most`, at one node."""
        if most <= 0.0:
            return 0.0
        outcome = self._solved(np.arange(len(self.places)), self.extra <= most, 1, 1.0, None)
        if outcome.status == "infeasible":
            return most
        return min(most, max(0.0, outcome.bound))

    def _annealed(self, width: float) -> None:
        pairs = self.extra <= width * self.sent.travel if np.isfinite(width) else np.isfinite(self.extra)
        block, school = np.nonzero(pairs & (pairs.sum(axis=1) > 1)[:, None])
        travel = max(float(self.sent.travel), 1.0)
        for seed in range(_SEEDS):
            goes = np.where(np.isfinite(self.extra), self.extra, _FAR).argmin(axis=1)
            more = np.bincount(goes, self.pupils, len(self.places)).astype(np.int64) - self.places
            if not len(block):
                above = float(-(self.price * more).sum()) if (more <= 0).all() else _FAR
            else:
                proposals = min(_PROPOSALS, 20_000 * len(block))
                heat = (_HOT * travel, _COLD * travel)
                above = anneal(self.extra, self.pupils, more, self.price, block, school, goes, proposals, *heat, self.seed + seed + 1)
            if above < min(self.above, _FAR):
                self.above, self.goes = above, goes

    def _all(self, enough: float) -> None:
        """Ask the engine for any plan, where annealing found none."""
        every = np.arange(len(self.places))
        outcome = self._solved(every, np.isfinite(self.extra), _NODES, enough, None)
        if outcome.values is not None:
            self._keep(every, np.isfinite(self.extra), outcome)

    def _by_groups(self, size: int, nodes: int, enough: float, stop: Callable[[], bool]) -> None:
        limit = max(_NEAR * self.sent.travel, 1.0)
        near = self.extra <= limit
        shared = near.T.astype(np.float64) @ near.astype(np.float64)
        np.fill_diagonal(shared, np.inf)
        for school in range(len(self.places)):
            if self.above <= enough or stop():
                return
            group = np.sort(np.argsort(-shared[school], kind="stable")[:size])
            allowed = near.copy()
            allowed[np.arange(len(self.goes)), self.goes] = True
            outcome = self._solved(group, allowed, nodes, max(_FINE * self.sent.travel, 1.0), self.goes)
            if outcome.values is not None:
                self._keep(group, allowed, outcome)

    def _pairs(self, group: Ints, allowed: Mask, goes: Ints | None) -> tuple[Ints, Ints, Ints]:
        """Return the blocks at a group of schools, and the pairs of their place in that list and the school's in the group."""
        blocks = np.arange(len(self.pupils)) if goes is None else np.flatnonzero(np.isin(goes, group))
        row, school = np.nonzero(allowed[np.ix_(blocks, group)])
        return blocks, row, school

    def _solved(self, group: Ints, allowed: Mask, nodes: int, enough: float, goes: Ints | None) -> Outcome:
        """Place the blocks of a group of schools by the engine, from where they go now."""
        blocks, row, school = self._pairs(group, allowed, goes)
        pairs, weight = len(row), self.pupils[blocks[row]].astype(np.float64)
        arrays = Arrays(
            cost=self.extra[blocks[row], group[school]] - weight * self.price[group[school]],
            offset=float((self.price[group] * self.places[group]).sum()),
            lower=np.zeros(pairs),
            upper=np.ones(pairs),
            whole=np.ones(pairs, dtype=np.bool_),
            rows=Rows(
                np.concatenate((np.ones(len(blocks)), np.full(len(group), -np.inf))),
                np.concatenate((np.ones(len(blocks)), self.places[group].astype(np.float64))),
                compressed(
                    np.concatenate((row, len(blocks) + school)),
                    np.tile(np.arange(pairs), 2),
                    np.concatenate((np.ones(pairs), weight)),
                    (len(blocks) + len(group), pairs),
                ),
            ),
        )
        session = ENGINES["highs"](arrays, seed=self.seed)
        if goes is not None:
            session.start_from((goes[blocks[row]] == group[school]).astype(np.float64))
        return session.run(Limits(gap=0.0, slack=enough, nodes=nodes), NOBODY)

    def _keep(self, group: Ints, allowed: Mask, outcome: Outcome) -> None:
        """Keep the engine's plan where it is better."""
        blocks, row, school = self._pairs(group, allowed, self.goes if len(self.goes) else None)
        goes = self.goes.copy() if len(self.goes) else np.zeros(len(self.pupils), dtype=np.int64)
        chosen = np.flatnonzero((outcome.values if outcome.values is not None else np.zeros(0)) > _HALF)
        goes[blocks[row[chosen]]] = group[school[chosen]]
        load = np.bincount(goes, self.pupils, len(self.places))
        above = float(self.extra[np.arange(len(goes)), goes].sum() + (self.price * (self.places - load)).sum())
        if above < self.above and (load <= self.places).all():
            self.above, self.goes = above, goes
