"""Which p sites are open when each block goes whole to one of them and places are limited (capacitated p-median), proven.

Prices of blocks give a bound: each site takes the most valuable blocks that its places allow (a knapsack, solved exactly), and the p
best sites are picked. At good prices most pairs of a block and a site cost more than the best plan known when they are forced, and are
left out; what remains is a small program for the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from junheng.planning.kernels.whole_blocks import CLOSED, FREE, OPEN, ascend, improve, settle
from junheng.planning.pupils_to_schools import whole
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import NOBODY, USUAL, Limits, Progress, Watch, gap
from junheng.planning.solve.search import ENGINES
from junheng.planning.sparse import compressed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUNDING = 1e-4  # costs are whole numbers: a better plan is better by one
_ASCENTS = (300, 300, 300, 300)
_SEEN = 24  # choices of sites from which plans are made after each ascent
_TRIES, _SHORT = 2000, 4
_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WholeBlocks:
    """The open sites, where each block goes, and what none can fall below."""

    sites: Ints  # (p,) ascending
    goes: Ints  # (blocks,) the site of each
    objective: int
    bound: float
    bound_by_prices: float
    price: Floats  # (blocks,) proves `bound_by_prices`
    undecided: int  # pairs that prices left to the engine
    nodes: int

    @property
    def gap(self) -> float:
        """Return (objective - bound) / objective."""
        return gap(float(self.objective), self.bound)


def choose_whole(
    way: ArrayLike, pupils: ArrayLike, places: ArrayLike, p: int, *, seed: int = 0, limits: Limits = USUAL, watch: Watch = NOBODY
) -> WholeBlocks | None:
    """Return p sites and where each block goes, whole, at least cost; None when no plan was found.

    way: (blocks, sites) whole numbers, what it costs when the block goes there; pupils: (blocks,) whole; places: (sites,) whole. A site
    may be picked without taking anybody. limits: gap, nodes and seconds of the engine; deterministic for a seed and limits of work.
    Raises ValueError where shapes do not fit or p is not between 1 and the number of sites.
    """
    case = _Case(whole("way", way), whole("pupils", pupils), whole("places", places), p, seed)
    case.start()
    lower, price = case.rise(watch)
    if not np.isfinite(case.objective):
        return None
    bound, undecided = lower, int(case.allowed.sum())
    if lower < case.goal:
        bound = case.finish(limits, watch)
    return WholeBlocks(
        sites=np.sort(case.medians),
        goes=case.medians[case.goes],
        objective=round(case.objective),
        bound=case.objective if bound > case.objective - 1 + _ROUNDING else max(bound, lower),
        bound_by_prices=min(lower, case.objective),
        price=price,
        undecided=undecided if lower < case.goal else 0,
        nodes=case.nodes,
    )


class _Case:
    """One question, its best plan, and what is left of it."""

    def __init__(self, way: Ints, pupils: Ints, places: Ints, p: int, seed: int) -> None:
        if way.shape != (len(pupils), len(places)) or not 1 <= p <= len(places):
            raise ValueError("way, pupils and places do not fit, or p is not between 1 and the number of sites")
        self.way = np.ascontiguousarray(way.T, dtype=np.float64)
        self.pupils, self.places, self.p, self.seed = pupils, places, p, seed
        self.allowed = np.ones(self.way.shape, dtype=np.bool_)
        self.status = np.full(len(places), FREE, dtype=np.int8)
        self.objective, self.nodes = np.inf, 0
        self.medians, self.goes = np.zeros(p, dtype=np.int64), np.zeros(len(pupils), dtype=np.int64)

    @property
    def goal(self) -> float:
        """Return the bound that leaves no room for a better plan."""
        return self.objective - 1 + _ROUNDING

    def offer(self, medians: Ints, tries: int) -> None:
        """Make a plan of these sites, and keep it where it is better."""
        chosen, goes = medians.astype(np.int64), np.zeros(len(self.pupils), dtype=np.int64)
        cost = improve(self.way, self.pupils, self.places, chosen, goes, tries, self.seed + 1)
        if cost < self.objective and cost < 1e299:
            self.objective, self.medians, self.goes = cost, chosen, goes

    def start(self) -> None:
        """Make a first plan: of the sites that are nearest to all, spread out."""
        near = self.way.min(axis=0) + self.way.max()
        chosen: list[int] = []
        for _ in range(self.p):
            saved = np.maximum(near[None] - self.way, 0.0).sum(axis=1)
            saved[chosen] = -1.0
            chosen.append(int(saved.argmax()))
            near = np.minimum(near, self.way[chosen[-1]])
        self.offer(np.array(chosen), _TRIES)

    def rise(self, watch: Watch) -> tuple[float, Floats]:
        """Raise the prices, leave out what they rule out, and make plans of the sites that they like; return bound and prices."""
        price, step, best, found = np.partition(self.way, 1, axis=0)[1].copy(), 1.0, -np.inf, np.zeros(0)
        for rounds in _ASCENTS:
            seen = np.zeros((_SEEN, len(self.places)), dtype=np.bool_)
            target = self.objective if np.isfinite(self.objective) else 2.0 * abs(price.sum())
            bound, many = ascend(self.way, self.pupils, self.places, self.p, self.allowed, self.status, target, rounds, step, price, seen)
            for picked in seen[: min(many, _SEEN)]:
                self.offer(np.flatnonzero(picked), _SHORT)
            if bound > best:
                best, found = bound, price.copy()
            if np.isfinite(self.objective):
                settle(self.way, self.pupils, self.places, self.p, self.goal, price, self.allowed, self.status)
            if watch.progress:
                watch.progress(Progress(self.objective if np.isfinite(self.objective) else None, min(best, self.objective), 0))
            if best >= self.goal or (watch.cancelled and watch.cancelled()):
                break
            step = 0.5
        return best, found

    def finish(self, limits: Limits, watch: Watch) -> float:
        """Solve what is left; return a bound."""
        site, block = np.nonzero(self.allowed)
        kept = np.flatnonzero(self.status != CLOSED)
        place = np.full(len(self.places), -1)
        place[kept] = np.arange(len(kept))
        arrays = self._program(kept, place[site], site, block)
        session = ENGINES["highs"](arrays, seed=self.seed)
        values = np.zeros(len(arrays.cost))
        used = np.flatnonzero(self.medians[self.goes][block] == site)
        if len(used) == len(self.pupils) and (place[self.medians] >= 0).all():
            values[place[self.medians]] = 1.0
            values[len(kept) + used] = 1.0
            session.start_from(values)
        outcome = session.run(
            Limits(gap=limits.gap if limits is not USUAL else 0.0, slack=1 - 2 * _ROUNDING, seconds=limits.seconds, nodes=limits.nodes),
            watch,
        )
        self.nodes += outcome.nodes
        if outcome.values is not None and outcome.objective is not None and outcome.objective < self.objective - _HALF:
            medians = kept[outcome.values[: len(kept)] > _HALF]
            at = np.flatnonzero(outcome.values[len(kept) :] > _HALF)
            self.goes = np.searchsorted(medians, site[at][np.argsort(block[at])])
            self.medians, self.objective = medians, float(round(outcome.objective))
        is_done = outcome.status in ("optimal", "infeasible")
        return self.objective if is_done else min(outcome.bound, self.objective)

    def _program(self, kept: Ints, place: Ints, site: Ints, block: Ints) -> Arrays:
        """Return the program: each block goes to one open site, places suffice, p sites are open."""
        blocks, sites, pairs = len(self.pupils), len(kept), len(block)
        pair, column = np.arange(pairs), len(kept) + np.arange(pairs)
        full, nowhere = blocks + place, blocks + sites + pair
        row = np.concatenate((block, full, blocks + np.arange(sites), nowhere, nowhere, np.full(sites, blocks + sites + pairs)))
        columns = np.concatenate((column, column, np.arange(sites), column, place, np.arange(sites)))
        value = np.concatenate(
            (
                np.ones(pairs),
                self.pupils[block].astype(np.float64),
                -self.places[kept].astype(np.float64),
                np.ones(pairs),
                -np.ones(pairs),
                np.ones(sites),
            )
        )
        upper = np.concatenate((np.ones(blocks), np.zeros(sites + pairs), [float(self.p)]))
        lower = np.concatenate((np.ones(blocks), np.full(sites + pairs, -np.inf), [float(self.p)]))
        return Arrays(
            cost=np.concatenate((np.zeros(sites), self.way[site, block])),
            offset=0.0,
            lower=np.concatenate(((self.status[kept] == OPEN).astype(np.float64), np.zeros(pairs))),
            upper=np.ones(sites + pairs),
            whole=np.ones(sites + pairs, dtype=np.bool_),
            rows=Rows(lower, upper, compressed(row, columns, value, (blocks + sites + pairs + 1, sites + pairs))),
        )
