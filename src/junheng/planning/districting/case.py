"""The question of zones in numbers, its answers, and the walk that tells whether zones are joined."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.districting import UNREACHABLE
from junheng.planning.pupils_to_schools import Overfull
from junheng.planning.solve.engine import gap
from junheng.planning.sparse import compressed, shortest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

CLOSER, EXACT = "closer", "exact"  # meanings of joined


@dataclass(frozen=True, kw_only=True, eq=False)
class District:
    """Blocks, zones with their schools' blocks, and what it costs to put a block in a zone."""

    each: Ints  # (blocks, zones) cost of one pupil of the block, UNREACHABLE where it may not be
    pupils: Ints  # (blocks,)
    high: Ints  # (zones,) places
    low: Ints  # (zones,) pupils at least
    edges: Ints  # (edges, 2) neighbouring blocks, each pair once
    metres: Floats  # (edges,) how far from one to the other, for what "nearer to the school" means
    roots: tuple[Ints, ...]  # for each zone the blocks of its schools
    rule: str = CLOSER
    kept: Mask = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))  # (blocks,) may not move: pinned; empty: none

    def __post_init__(self) -> None:
        """Refuse shapes that do not fit."""
        blocks, zones = self.each.shape
        if len(self.pupils) != blocks or len(self.high) != zones or len(self.low) != zones or len(self.roots) != zones:
            raise ValueError("each, pupils, low, high and roots do not fit")

    @cached_property
    def cost(self) -> Ints:
        """Return what a block in a zone costs: (blocks, zones). A block without pupils counts as one, so that it has a place, too."""
        heft = np.maximum(self.pupils, 1)[:, None]
        return np.where(self.each < UNREACHABLE, self.each * heft, UNREACHABLE)

    @cached_property
    def beside(self) -> tuple[Ints, Ints]:
        """Return neighbours: those of block i are the second, from the first's i to i + 1."""
        blocks, (one, other) = len(self.pupils), self.edges.T
        rows = compressed(np.r_[one, other], np.r_[other, one], np.ones(2 * len(one)), (blocks, blocks))
        return rows.start.astype(np.int64), rows.column.astype(np.int64)

    @cached_property
    def order(self) -> Ints:
        """Return how far blocks are from the schools of a zone along neighbours: (blocks, zones) whole millimetres."""
        blocks, (one, other) = len(self.pupils), self.edges.T
        far = np.rint(np.maximum(self.metres, 0.001) * 1000)
        begin, root = self.root_lists
        order = np.full((len(self.roots), blocks), UNREACHABLE, dtype=np.int64)
        for j in range(len(self.roots)):
            own = root[begin[j] : begin[j + 1]]
            if len(own):
                ways = shortest(np.r_[one, other], np.r_[other, one], np.r_[far, far], blocks, own).min(axis=0)
                order[j] = np.where(np.isfinite(ways), ways, UNREACHABLE).astype(np.int64)
        return np.ascontiguousarray(order.T)

    @cached_property
    def fixed(self) -> Mask:
        """Return which blocks do not move: those of schools, and those pinned: (blocks,)."""
        fixed = self.kept.copy() if len(self.kept) else np.zeros(len(self.pupils), dtype=np.bool_)
        for root in self.roots:
            fixed[root] = True
        return fixed

    @cached_property
    def root_lists(self) -> tuple[Ints, Ints]:
        """Return the blocks of schools, zone after zone, and where each zone's begin."""
        start = np.cumsum([0, *(len(root) for root in self.roots)]).astype(np.int64)
        return start, np.concatenate([np.zeros(0, dtype=np.int64), *self.roots]).astype(np.int64)

    def total(self, zone: Ints) -> int:
        """Return what a plan costs."""
        return int(self.cost[np.arange(len(zone)), zone].sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """A plan, what no plan can fall below, and the prices that say so."""

    zone: Ints  # (blocks,)
    objective: int
    bound: float  # no plan under the district's rule of being joined costs less
    bound_exact: float  # no plan costs less, whatever joined means
    bound_by_prices: float  # the part of it that school prices alone prove
    prices: Ints  # (zones,) of a place, in the cost of one pupil
    rounds: int

    @property
    def gap(self) -> float:
        """Return (objective - bound) / objective."""
        return gap(float(self.objective), self.bound)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TooFull:
    """No plan found that keeps the places: proven when `shortage` is given, else the best had `out` pupils too many."""

    shortage: Overfull | None
    out: int
    zone: Ints | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unconnected:
    """Proven: these blocks cannot be in any zone, for no way leads from them to a school that they may go to."""

    blocks: Ints


def loads(district: District, zone: Ints) -> Ints:
    """Return the pupils of each zone: (zones,)."""
    return np.bincount(zone, weights=district.pupils, minlength=len(district.high)).astype(np.int64)


def lost(district: District, zone: Ints) -> Ints:
    """Return the blocks from which no walk inside their zone leads to a school of it."""
    start, beside = district.beside
    seen = np.zeros(len(zone), dtype=np.bool_)
    front = np.concatenate([root[zone[root] == j] for j, root in enumerate(district.roots)]).astype(np.int64)
    seen[front] = True
    while len(front):
        count = start[front + 1] - start[front]
        origin = np.repeat(front, count)
        near = beside[np.arange(count.sum()) + np.repeat(start[front] - (np.cumsum(count) - count), count)]
        front = np.unique(near[(zone[near] == zone[origin]) & ~seen[near]])
        seen[front] = True
    return np.flatnonzero(~seen)


def wayless(district: District, zone: Ints) -> Ints:
    """Return the blocks, schools' apart, that have no neighbour in their zone nearer to its school."""
    one, other = district.edges.T
    order, blocks = district.order, len(zone)
    ok = np.zeros(blocks, dtype=np.bool_)
    for a, b in ((one, other), (other, one)):
        nearer = (zone[a] == zone[b]) & (order[b, zone[a]] < order[a, zone[a]])
        ok[a[nearer]] = True
    for j, root in enumerate(district.roots):
        ok[root[zone[root] == j]] = True
    return np.flatnonzero(~ok)


def broken(district: District, zone: Ints) -> Ints:
    """Return the blocks that break the district's rule of being joined."""
    return wayless(district, zone) if district.rule == CLOSER else lost(district, zone)
