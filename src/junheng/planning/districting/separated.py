"""A bound, and a plan to begin with, from a linear program in which pieces without a school are cut off (Validi et al. 2022).

Blocks may be divided. Where blocks of a zone are apart from its school, a row asks that one of them is in the zone only as far as
blocks around the piece are; under the rule of the nearer neighbour, as far as its nearer neighbours are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.case import District
from junheng.planning.kernels.districting import UNREACHABLE
from junheng.planning.solve import Limits, Watch
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import compressed, pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAST = 1e-6  # of a block in a zone that counts
_BROKEN = 1e-3  # by how much a row is broken before it is added
_NAMED = 3  # blocks of a piece that get a row of their own
_WORTH = 5e-6  # what a round must add to the bound, as a share of it
_ROUNDING = 1.0 - 1e-7


class Separated(NamedTuple):
    """What no plan falls below, and where most of each block went."""

    bound: float
    zone: Ints  # (blocks,) not always joined or within places


class Separating:
    """The linear program over some pairs of block and zone, and the rows found so far."""

    def __init__(self, district: District, reduced: Floats, plan: Ints, many: int) -> None:
        """Take the cheapest `many` pairs of each block by reduced cost, and those of a plan."""
        blocks, zones = reduced.shape
        self._district, self._cuts = district, 0
        keep = np.zeros(reduced.shape, dtype=np.bool_)
        best = np.argpartition(reduced, min(many, zones) - 1, axis=1)[:, : min(many, zones)]
        keep[np.arange(blocks)[:, None], best] = True
        keep &= district.each < UNREACHABLE
        keep[district.fixed] = False
        keep[np.arange(blocks), plan] = True
        for j, root in enumerate(district.roots):
            keep[root] = False
            keep[root, j] = True
        self._keep: NDArray[np.bool_] = keep
        self._block, self._zone = np.nonzero(keep)
        self._column = np.full(keep.shape, -1, dtype=np.int32)
        self._column[self._block, self._zone] = np.arange(len(self._block))
        self._missing: list[tuple[Ints, Ints, Ints]] = []  # blocks, zones, rows of pairs that are left out
        self._session = HighsSession(self._arrays(), presolve=False)

    def _arrays(self) -> Arrays:
        district, columns = self._district, len(self._block)
        blocks, zones = district.each.shape
        row = np.r_[self._block, blocks + self._zone]
        value = np.r_[np.ones(columns), district.pupils[self._block]].astype(np.float64)
        entries = compressed(row, np.r_[np.arange(columns), np.arange(columns)], value, (blocks + zones, columns))
        lower, upper = np.r_[np.ones(blocks), district.low].astype(np.float64), np.r_[np.ones(blocks), district.high].astype(np.float64)
        cost = district.cost[self._block, self._zone].astype(np.float64)
        none = np.zeros(columns)
        return Arrays(cost, 0.0, none, np.full(columns, np.inf), none.astype(np.bool_), Rows(lower, upper, entries))

    def bound(self, rule_of_nearer: bool, goal: float, rounds: int, watch: Watch) -> Separated | None:
        """Add rows while that raises the bound; None where the program has no answer."""
        best, values = -np.inf, None
        for _ in range(rounds):
            outcome = self._session.run(Limits(), watch)
            if outcome.status != "optimal" or outcome.values is None or outcome.prices is None:
                break
            values, now = outcome.values, self._proven(outcome.objective or 0.0, outcome.prices)
            gained, best = now - best, max(best, now)
            if best >= goal or gained < _WORTH * abs(best):
                break
            rows = self._nearer(values) if rule_of_nearer else self._pieces(values)
            if not rows:
                break
            self._session.add_rows(rows)
        return None if values is None else Separated(best * _ROUNDING, self._plan(values))

    def _proven(self, objective: float, prices: Floats) -> float:
        """Return the bound over all pairs: what those left out could save at these prices is taken off."""
        district = self._district
        blocks, zones = district.each.shape
        costs = district.cost - prices[:blocks, None] - district.pupils[:, None] * prices[None, blocks : blocks + zones]
        for block, zone, row in self._missing:
            np.add.at(costs, (block, zone), prices[blocks + zones + row])
        out = ~self._keep & (district.each < UNREACHABLE)
        out[district.fixed] = False
        return objective + float(np.minimum(np.where(out, costs, 0.0).min(axis=1), 0.0).sum())

    def _plan(self, values: Floats) -> Ints:
        share = np.zeros(self._keep.shape)
        share[self._block, self._zone] = values
        zone: Ints = share.argmax(axis=1).astype(np.int64)
        return zone

    def _pieces(self, values: Floats) -> Rows | None:
        """Return rows for pieces of zones that hold no school."""
        used = np.flatnonzero(values > _LEAST)
        pair = np.full(len(values), -1, dtype=np.int64)
        pair[used] = np.arange(len(used))
        here, beside = self._touching(used)
        of = self._column[beside, self._zone[used[here]]]
        both = (of >= 0) & (pair[of] >= 0)
        piece = pieces(here[both], pair[of[both]], len(used)).astype(np.int64)
        safe = np.zeros(int(piece.max(initial=0)) + 1, dtype=np.bool_)
        safe[piece[self._is_root(used)]] = True
        bad = np.flatnonzero(~safe[piece])
        order = bad[np.lexsort((-values[used[bad]], piece[bad]))]
        first = np.r_[True, piece[order][1:] != piece[order][:-1]] if len(order) else np.zeros(0, dtype=np.bool_)
        rank = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0)) if len(order) else order
        named = order[rank < _NAMED]
        around = ~safe[piece[here]] & ~(both & (np.where(both, piece[pair[of]], -1) == piece[here]))
        edge = np.unique(np.column_stack([piece[here[around]], beside[around]]), axis=0)
        return self._rows(used[named], piece[named], edge)

    def _nearer(self, values: Floats) -> Rows | None:
        """Return rows for pairs that have more in a zone than their nearer neighbours have."""
        order = self._district.order
        used = np.flatnonzero(values > _BROKEN)
        used = used[~self._is_root(used)]
        here, beside = self._touching(used)
        zone = self._zone[used[here]]
        helps = order[beside, zone] < order[self._block[used[here]], zone]
        here, beside, zone = here[helps], beside[helps], zone[helps]
        of = self._column[beside, zone]
        held = np.bincount(here, weights=np.where(of >= 0, values[of], 0.0), minlength=len(used))
        broken = values[used] > held + _BROKEN
        name = np.cumsum(broken) - 1
        use = broken[here]
        return self._rows(used[broken], name[broken], np.column_stack([name[here[use]], beside[use]]))

    def _is_root(self, used: Ints) -> NDArray[np.bool_]:
        root = np.zeros(self._keep.shape, dtype=np.bool_)
        for j, own in enumerate(self._district.roots):
            root[own, j] = True
        found: NDArray[np.bool_] = root[self._block[used], self._zone[used]]
        return found

    def _touching(self, used: Ints) -> tuple[Ints, Ints]:
        """Return for pairs, by their place in `used`, the blocks beside: two arrays."""
        start, beside = self._district.beside
        block = self._block[used]
        count = start[block + 1] - start[block]
        here = np.repeat(np.arange(len(used)), count)
        return here, beside[np.arange(count.sum()) + np.repeat(start[block] - (np.cumsum(count) - count), count)]

    def _rows(self, heads: Ints, group: Ints, edge: Ints) -> Rows | None:
        """Return rows: a head (a pair) is no more than the blocks of its group's edge in its zone. edge: (entries, 2) group, block."""
        if not len(heads):
            return None
        edge = edge[np.argsort(edge[:, 0], kind="stable")]
        begin, end = np.searchsorted(edge[:, 0], group), np.searchsorted(edge[:, 0], group, side="right")
        count = end - begin
        row = np.repeat(np.arange(len(heads)), count)
        block = edge[np.arange(count.sum()) + np.repeat(begin - (np.cumsum(count) - count), count), 1]
        zone = self._zone[heads][row]
        column = self._column[block, zone]
        there = column >= 0
        self._missing.append((block[~there], zone[~there], self._cuts + row[~there]))
        entries = compressed(
            np.r_[np.arange(len(heads)), row[there]],
            np.r_[heads, column[there]],
            np.r_[np.ones(len(heads)), np.full(int(there.sum()), -1.0)],
            (len(heads), len(self._block)),
        )
        self._cuts += len(heads)
        return Rows(np.full(len(heads), -np.inf), np.zeros(len(heads)), entries)
