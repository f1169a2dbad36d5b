"""A bound, and a plan to begin with, from a linear program in which every block has a way to its school (Validi et al. 2022).

Blocks may be divided. Where less of a block's share in a zone can flow to the school than the share is, a row asks that the block is in
the zone only as far as the narrowest blocks between are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.case import CLOSER, District
from junheng.planning.districting.residual import Known
from junheng.planning.kernels.districting import UNREACHABLE
from junheng.planning.kernels.districting_covers import cover
from junheng.planning.kernels.districting_cuts import separators, way_costs, within_reach
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.highs import HighsSession
from junheng.planning.sparse import compressed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_LEAST = 1e-9  # of a block in a zone that counts
_BROKEN = 1e-3  # by how much a row is broken before it is added
_DENSE = 5.0  # times that, a row for blocks that do not fit
_WORTH = 2e-6  # what some rounds together must add to the bound, as a share of it
_LATELY = 4
_ROUNDING = 1e-9  # of a sum
_NO_ROW = (*(np.zeros(0, dtype=np.int64) for _ in range(3)), np.zeros(0))


def pairs(district: District, plan: Ints) -> Mask:
    """Return the pairs of block and zone that can be in some plan: (blocks, zones). plan: where blocks that may not move are."""
    may: Mask = district.each < UNREACHABLE
    may[district.fixed] = False
    may[district.fixed, plan[district.fixed]] = True
    return reaching(district, may, district.rule)


def reaching(district: District, may: Mask, rule: str) -> Mask:
    """Return the pairs from which a way of such pairs leads to the school."""
    on = (district.order, *district.beside, *district.root_lists)
    reached = within_reach(may, on, rule == CLOSER)
    reached[district.fixed] = may[district.fixed]
    return reached


def with_ways(district: District, reduced: Floats, rule: str) -> Floats:
    """Return what a plan with a pair costs more at the least, the blocks of its way to school counted: (blocks, zones).

    A block in a zone has a way there all of whose blocks are in the zone, and each of them costs what its own pair does.
    reduced: (blocks, zones) by how much a pair costs more than the cheapest of its block; inf where it cannot be.
    """
    more = way_costs(reduced, (district.order, *district.beside, *district.root_lists), rule == CLOSER)
    more[district.fixed] = reduced[district.fixed]
    return more


def worthwhile(district: District, proven: tuple[float, Floats], goal: float, rule: str) -> Mask:
    """Return the pairs that a plan cheaper than the goal can have: (blocks, zones).

    proven: a bound, and by how much a plan with a pair costs more. Where a block's cheapest pair falls out all plans cost more, and
    ways lead elsewhere; so it is looked at again until nothing changes.
    """
    bound, reduced = proven
    left = reduced.size + 1
    while True:
        more = with_ways(district, reduced, rule)
        may: Mask = bound + more < goal
        if may.sum() == left or not may.any(axis=1).all():
            return may
        left = may.sum()
        reduced = np.where(may, reduced, np.inf)
        least = reduced.min(axis=1)
        bound, reduced = bound + float(least.sum()), reduced - least[:, None]


def cheapest(reduced: Floats, may: Mask, plan: Ints, many: int) -> Mask:
    """Return the cheapest `many` pairs of each block by reduced cost, and those of a plan."""
    blocks, zones = reduced.shape
    taken = np.ones(may.shape, dtype=np.bool_)
    if many < zones:
        taken[:] = False
        taken[np.arange(blocks)[:, None], np.argpartition(reduced, many - 1, axis=1)[:, :many]] = True
    taken[np.arange(blocks), plan] = True
    return taken & may


class Separating:
    """The linear program over some pairs of block and zone, and the rows found so far."""

    def __init__(self, district: District, may: Mask, taken: Mask) -> None:
        """may: the pairs of block and zone that can be in a plan; taken: those of them that are in the program."""
        self.district, self.may = district, may
        self.block, self.zone = (each.astype(np.int64) for each in np.nonzero(taken))
        self._column = np.full(taken.shape, -1, dtype=np.int32)
        self._column[self.block, self.zone] = np.arange(len(self.block))
        self._by_zone = np.argsort(self.zone, kind="stable")
        self._map = (district.order, *district.beside, *district.root_lists)
        self._rows: list[tuple[Ints, Ints, Ints, Floats]] = []  # number, blocks, zones, values of rows added
        self._most: list[Floats] = []  # the most that each of them allows
        self.cuts, self.objective = 0, -np.inf
        self.values, self.prices, self.reduced = np.zeros(0), np.zeros(0), np.zeros(0)
        self.session = HighsSession(self._arrays(), presolve=False)

    def _arrays(self) -> Arrays:
        district, columns = self.district, len(self.block)
        blocks, zones = district.each.shape
        row = np.r_[self.block, blocks + self.zone]
        value = np.r_[np.ones(columns), district.pupils[self.block]].astype(np.float64)
        entries = compressed(row, np.r_[np.arange(columns), np.arange(columns)], value, (blocks + zones, columns))
        lower, upper = np.r_[np.ones(blocks), district.low].astype(np.float64), np.r_[np.ones(blocks), district.high].astype(np.float64)
        cost = district.cost[self.block, self.zone].astype(np.float64)
        none = np.zeros(columns)
        return Arrays(cost, 0.0, none, np.full(columns, np.inf), none.astype(np.bool_), Rows(lower, upper, entries))

    def solve(self, rule: str, goal: float, rounds: int, broken: float = _BROKEN) -> bool:
        """Add rows while that raises the objective, up to a goal; return whether there is an answer: False where nothing is lawful."""
        found: list[float] = []
        for _ in range(rounds):
            status, self.objective = self.session.look()
            if status != "optimal":
                return False
            self.values, self.prices, self.reduced = self.session.answer()
            found.append(self.objective)
            slow = len(found) > _LATELY and found[-1] - found[-1 - _LATELY] < _WORTH * abs(found[-1])
            if self.objective >= goal or slow or not self.separate(rule, broken):
                break
        return True

    def separate(self, rule: str, least: float) -> int:
        """Add the rows that the values break by so much; return how many."""
        used = self._by_zone[self.values[self._by_zone] > _LEAST]
        begin = np.searchsorted(self.zone[used], np.arange(self.may.shape[1] + 1)).astype(np.int64)
        head, start, member = separators(self.block[used], self.values[used], begin, self.may, self._map, rule == CLOSER, least)
        if len(head):
            row = np.repeat(np.arange(len(head)), np.diff(start))
            of = np.r_[np.arange(len(head)), row]
            blocks, zones = np.r_[self.block[used[head]], member], np.r_[self.zone[used[head]], self.zone[used[head]][row]]
            self._add(of, blocks, zones, np.r_[np.ones(len(head)), np.full(len(row), -1.0)], np.zeros(len(head)))
        return len(head) + self._cover(_DENSE * least)

    def _cover(self, least: float) -> int:
        """Add rows for blocks that do not fit into a school together; return how many."""
        share = self.values[self._by_zone]
        begin = np.searchsorted(self.zone[self._by_zone], np.arange(self.may.shape[1] + 1))
        full = np.flatnonzero(self.prices[len(self.may) : len(self.may) + len(begin) - 1] < -_LEAST)
        pupils, found = self.district.pupils, 0
        for j in full.tolist():
            own = self._by_zone[begin[j] : begin[j + 1]]
            all_own = np.flatnonzero(self.may[:, j])
            values = np.zeros(len(self.may))
            values[self.block[own]] = share[begin[j] : begin[j + 1]]
            count, most, broken = cover(pupils[all_own], values[all_own], int(self.district.high[j]))
            if broken > least:
                some = np.flatnonzero(count > 0)
                self._add(np.zeros(len(some), dtype=np.int64), all_own[some], np.full(len(some), j), count[some], np.array([most]))
                found += 1
        return found

    def known(self) -> Known:
        """Return the rows that matter at the last answer."""
        price = self._row_prices()
        of, blocks, zones, values = (np.concatenate(part) for part in zip(_NO_ROW, *self._rows, strict=True))
        binding = price[of] != 0.0
        which, of = np.unique(of[binding], return_inverse=True)
        most = np.concatenate([np.zeros(0), *self._most])
        return Known(of, blocks[binding], zones[binding], values[binding], most[which])

    def of_pairs(self, may: Mask) -> Separating:
        """Return the program over fewer pairs, all of them taken, with the rows that matter at the last answer."""
        fewer, known = Separating(self.district, may, may), self.known()
        if len(known.most):
            fewer._add(*known)
        return fewer

    def _add(self, of: Ints, blocks: Ints, zones: Ints, values: Floats, most: Floats) -> None:
        """Add rows: what is in the zones, times the values, is at most so much. of: the number of the row of each entry."""
        self._rows.append((self.cuts + of, blocks, zones, values))
        self._most.append(most)
        self.cuts += len(most)
        column = self._column[blocks, zones]
        there = column >= 0
        entries = compressed(of[there], column[there], values[there], (len(most), len(self.block)))
        self.session.add_rows(Rows(np.full(len(most), -np.inf), most, entries))

    def costs(self) -> Floats:
        """Return what pairs cost with the rows paid for at their prices: (blocks, zones), places not counted. No plan costs more so."""
        costs, price = self.district.cost.astype(np.float64), self._row_prices()
        for number, block, zone, value in self._rows:
            binding = price[number] != 0.0
            np.subtract.at(costs, (block[binding], zone[binding]), price[number[binding]] * value[binding])
        return costs

    def paid_for_ways(self) -> Floats:
        """Return what the rows added pay for each pair, and charge it, at the last answer: (pairs,). Much where other blocks hang on it."""
        paid, price = np.zeros(len(self.block)), self._row_prices()
        for number, block, zone, value in self._rows:
            column = self._column[block, zone]
            there = (column >= 0) & (price[number] != 0.0)
            np.add.at(paid, column[there], np.abs(price[number[there]] * value[there]))
        return paid

    def more_with_ways(self, rule: str, may: Mask) -> Floats:
        """Return by how much the objective rises at the least with a pair, the blocks of its way counted: (pairs,). may: (pairs,)."""
        reduced = np.full(self.may.shape, np.inf)
        reduced[self.block[may], self.zone[may]] = np.maximum(self.reduced[may], 0.0)
        return with_ways(self.district, reduced, rule)[self.block, self.zone]

    def _row_prices(self) -> Floats:
        price, last = np.zeros(self.cuts), self.prices[sum(self.district.each.shape) :]
        price[: len(last)] = np.minimum(last, 0.0)  # rows that were added since have no price yet
        return price

    def proven(self) -> tuple[float, Floats]:
        """Return what no plan falls below, and by how much a plan with a pair costs more than that: (blocks, zones).

        Any prices prove a bound: what blocks pay, less what places cost, less what a block could save at the cheapest school it may go to.
        """
        district, (blocks, zones) = self.district, self.district.each.shape
        paid, place = self.prices[:blocks], self.prices[blocks : blocks + zones]
        reduced = self.costs() - paid[:, None] - district.pupils[:, None] * place[None]
        reduced[~self.may] = np.inf
        least = reduced.min(axis=1)
        band = np.where(place < 0, place * district.high, place * district.low)
        rows = float(self._row_prices() @ np.concatenate([np.zeros(0), *self._most]))
        bound = float(paid.sum() + band.sum() + least.sum()) + rows
        return bound - _ROUNDING * abs(bound), reduced - least[:, None]

    def plan(self) -> Ints:
        """Return where most of each block went: (blocks,), not always joined or within places."""
        zone = np.zeros(len(self.may), dtype=np.int64)
        order = np.argsort(self.values, kind="stable")
        zone[self.block[order]] = self.zone[order]
        return zone
