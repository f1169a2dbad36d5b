"""Zones as the things to choose from: the cheapest mixture of known zones, its prices, and zones that these prices miss.

The bound holds for all lawful zones: at any prices no plan costs less than the prices together with what the best zone of each seat adds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.zone_prices import NEVER, price
from junheng.planning.planners.supervision_zones.question import Question
from junheng.planning.solve import ENGINES, Limits, Watch
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.sparse import compressed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_STEPS = 256  # into which the pupils of the largest zone are cut where a search is cut short
_WORK = (5_000, 300_000, 1_500_000)  # of the search of one seat: more when no zone is found with less
_KEPT = 3  # good zones of a seat in one round
_ROUNDS = 80
_BESIDE = 0.5  # how near prices stay to those of the best bound
_FINEST = 1e-9
_ROUNDING = 1e-6
_BROKEN = 0.02
_ROUNDS_OF_THREES = 6
_THREES_A_ROUND = 20
_LISTED = 1500  # zones that a new part of the search begins with


class Couples(NamedTuple):
    """Pairs of schools that belong together (1) or apart (-1)."""

    one: Ints
    other: Ints
    kind: Ints

    def and_also(self, one: int, other: int, kind: int) -> Couples:
        """Return these and one more."""
        return Couples(*(np.append(old, new) for old, new in zip(self, (one, other, kind), strict=True)))


class Mixture(NamedTuple):
    """The best mixture of zones in one part of the search."""

    bound: float  # inf: there is no plan in this part
    share: Floats  # (zones known,)
    rows: Ints  # which of the pool they are
    school: Floats  # (schools,) prices of the best bound


@dataclass
class Pool:
    """Every lawful zone met so far, each with its seat and cost."""

    schools: int
    inside: Mask = field(init=False)  # (room, schools)
    seat: Ints = field(init=False)
    cost: Floats = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        """Begin with none."""
        self.inside = np.zeros((1024, self.schools), dtype=np.bool_)
        self.seat, self.cost = np.zeros(1024, dtype=np.int64), np.zeros(1024)

    def add(self, inside: Mask, seat: Ints, cost: Floats) -> Ints:
        """Add zones; return where they stand."""
        room = self.count + len(seat)
        while room > len(self.seat):
            self.inside = np.concatenate((self.inside, np.zeros_like(self.inside)))
            self.seat = np.concatenate((self.seat, np.zeros_like(self.seat)))
            self.cost = np.concatenate((self.cost, np.zeros_like(self.cost)))
        where = np.arange(self.count, room)
        self.inside[where], self.seat[where], self.cost[where] = inside, seat, cost
        self.count = room
        return where


class Zones:
    """The lawful zones of a question: what a seat may hold, priced seat by seat."""

    def __init__(self, question: Question, zones: int, keep: Mask) -> None:
        """Keep: (seats, schools) pairs that are looked at."""
        self.question, self.zones = question, zones
        self.cost = np.where(keep & question.allowed, question.cost, NEVER)
        self.pupils = question.pupils.astype(np.float64)
        (least, most), (few, many_pupils) = question.size(zones), question.load(zones)
        self.size = (least, most, float(few), float(many_pupils))
        self.staff = np.array([float(question.staff(many)) for many in range(most + 1)])
        told = question.inspectors
        self.inspectors = None if told is None or told >= zones * self.staff[-1] else float(told)
        self.threes = np.zeros((0, 3), dtype=np.int64)  # schools of which at most one zone has two or more
        self.last = np.where(np.arange(most + 1) >= self.size[0], 0.0, NEVER)
        self.pool = Pool(len(question.codes))

    def lists(self, couples: Couples) -> tuple[tuple[Ints, Ints, Ints, Ints], Floats]:
        """Return what each seat may hold, in the order of the way, its nearer neighbours, and the costs: see kernels.zone_prices.price."""
        keep = self.cost < NEVER
        for one, other, kind in zip(*couples, strict=True):
            both = keep[:, one] & keep[:, other]
            if kind > 0:
                keep[:, one] = keep[:, other] = both
            else:
                keep[one, other] = keep[other, one] = False
        keep &= keep.diagonal()[:, None]
        metres, edges = self.question.metres, self.question.edges
        schools = len(metres)
        first, items, first_near, near = [0], [], [0], []
        for seat in range(schools):
            own = np.flatnonzero(keep[seat])
            own = own[np.lexsort((own, metres[seat, own]))]
            nearer = edges[np.ix_(own, own)] & (metres[seat, own][None, :] < metres[seat, own][:, None])
            row, place = np.nonzero(nearer)
            items.append(own)
            near.append(place)
            first_near.extend((first_near[-1] + np.cumsum(np.bincount(row, minlength=len(own)))).tolist())
            first.append(first[-1] + len(own))
        item = np.concatenate(items)
        owner = np.repeat(np.arange(schools), np.diff(first))
        return (np.array(first), item, np.array(first_near), np.concatenate(near)), self.cost[owner, item]

    def lawful(self, couples: Couples) -> Ints:
        """Return the zones of the pool that keep every pair."""
        inside = self.pool.inside[: self.pool.count]
        keeps = np.ones(self.pool.count, dtype=np.bool_)
        for one, other, kind in zip(*couples, strict=True):
            keeps &= (inside[:, one] == inside[:, other]) if kind > 0 else ~(inside[:, one] & inside[:, other])
        keeps &= self.cost[self.pool.seat[: self.pool.count], self.pool.seat[: self.pool.count]] < NEVER
        return np.flatnonzero(keeps)

    def mixture(self, couples: Couples, school: Floats, goal: float, dearest: float, near: float, watch: Watch) -> Mixture:
        """Return the best mixture of zones that keep the pairs; it may stop as soon as its bound reaches the goal.

        school: prices to begin with; dearest: above what a school can be worth in a plan that is of use; near: the gap that is enough.
        """
        mixed = _Ascent(self, couples, school, goal, dearest, near, watch).run()
        for _ in range(_ROUNDS_OF_THREES):
            if mixed.bound >= goal or (watch.cancelled and watch.cancelled()):
                break
            found = broken_threes(self.pool.inside[mixed.rows], mixed.share)
            if not len(found):
                break
            self.threes = np.unique(np.concatenate((self.threes, found)), axis=0)
            again = _Ascent(self, couples, mixed.school, goal, dearest, near, watch).run()
            mixed = again._replace(bound=max(mixed.bound, again.bound))
        return mixed


def broken_threes(inside: Mask, share: Floats) -> Ints:
    """Return three schools at a time of which zones that add up to more than one have two or more, the worst first: (threes, 3).

    inside: (zones, schools); share: (zones,) of a mixture. No plan has more than one such zone, whichever three one takes.
    """
    used = share > _ROUNDING
    members, part = inside[used].astype(np.float64), share[used]
    both = members.T @ (members * part[:, None])
    schools, found, excess = len(both), [], []
    for one in range(schools - 2):
        its = members[:, one] > 0
        all_three = members[its].T @ (members[its] * part[its, None])
        over = both + both[one][None, :] + both[one][:, None] - 2 * all_three - 1.0
        second, third = np.nonzero(np.triu(over[one + 1 :, one + 1 :] > _BROKEN, 1))
        found.append(np.column_stack((np.full(len(second), one), second + one + 1, third + one + 1)))
        excess.append(over[second + one + 1, third + one + 1])
    threes, by = np.concatenate(found), np.concatenate(excess)
    return threes[np.argsort(-by, kind="stable")[:_THREES_A_ROUND]]


class _Ascent:
    """Prices that rise: known zones give them, zones that they miss are added, until none is missed."""

    def __init__(self, zones: Zones, couples: Couples, school: Floats, goal: float, dearest: float, near: float, watch: Watch) -> None:
        self.zones, self.couples, self.centre, self.near, self.watch = zones, couples, school, near, watch
        self.lists, self.cost = zones.lists(couples)
        self.most = float(np.where(zones.cost < NEVER, zones.cost, 0.0).max(axis=0).sum()) + 1.0  # above every plan
        self.goal = min(goal, self.most)
        self.bound, self.dearest, self.staffed = -np.inf, dearest, 0.0
        rows = zones.lawful(couples)
        if len(rows) > _LISTED:
            pool = zones.pool
            lost = pool.cost[rows] - pool.inside[rows] @ school
            rows = np.sort(rows[np.argsort(lost, kind="stable")[:_LISTED]])
        self.rows = rows
        schools = len(school)
        free = dearest * schools
        self.threes = zones.threes
        of_threes = np.full(len(self.threes), free)
        ends = np.concatenate((np.full(schools, dearest), [free, free if zones.inspectors is not None else 0.0], of_threes))
        cost = np.concatenate((-np.ones(schools), [-float(zones.zones), zones.inspectors or 0.0], np.ones(len(self.threes))))
        lower = np.concatenate((-ends[: schools + 1], np.zeros(1 + len(self.threes))))
        arrays = Arrays(cost, 0.0, lower, ends, np.zeros(len(cost), dtype=np.bool_), self._as_rows(rows))
        self.session = ENGINES["highs"](arrays, presolve=False)

    def _as_rows(self, rows: Ints) -> Rows:
        """Return: the prices of its schools and that of a zone do not exceed what a zone costs."""
        pool, schools = self.zones.pool, self.zones.pool.schools
        row, school = np.nonzero(pool.inside[rows])
        many = np.arange(len(rows))
        with_two, three = np.nonzero(self._has_two(pool.inside[rows]))
        staff = -self.zones.staff[pool.inside[rows].sum(axis=1)] if len(rows) else np.zeros(0)
        entries = compressed(
            np.concatenate((row, many, many, with_two)),
            np.concatenate((school, np.full(len(rows), schools), np.full(len(rows), schools + 1), schools + 2 + three)),
            np.concatenate((np.ones(len(row)), np.ones(len(rows)), staff, -np.ones(len(with_two)))),
            (len(rows), schools + 2 + len(self.threes)),
        )
        return Rows(np.full(len(rows), -np.inf), pool.cost[rows], entries)

    def _has_two(self, inside: Mask) -> Mask:
        """Return which zones have two or more of which threes: (zones, threes)."""
        two: Mask = inside[:, self.threes].sum(axis=2) >= 2
        return two

    def run(self) -> Mixture:
        schools, share, beside, level = len(self.centre), np.zeros(len(self.rows)), _BESIDE, 0
        for _ in range(_ROUNDS):
            outcome = self.session.run(Limits(), Watch())
            if outcome.values is None or outcome.prices is None or outcome.objective is None:
                break  # numbers too large for the engine; the bound so far stands
            share, known, dual = np.abs(outcome.prices), -outcome.objective, outcome.values
            if self.bound >= self.goal or known - self.bound <= max(self.near, _FINEST) * abs(known) or self._is_told_to_stop():
                break
            better = self._priced(beside * self.centre + (1 - beside) * dual[:schools], dual, _WORK[level])
            if better == 0 and beside == 0 and level + 1 == len(_WORK):
                break
            level = 0 if better else min(level + (beside == 0), len(_WORK) - 1)
            beside = _BESIDE if better else 0.0
        is_short = len(share) == 0 or (share @ self.zones.pool.inside[self.rows[: len(share)]] < 1 - _ROUNDING).any()
        if is_short and not self._is_told_to_stop() and self.bound < self.goal and self.dearest < 10 * self.most:
            self.dearest *= 10  # some school is in no zone: its price must be free to rise
            raised = _Ascent(self.zones, self.couples, self.centre, self.goal, self.dearest, self.near, self.watch)
            raised.bound = self.bound
            return raised.run()
        return Mixture(np.inf if self.bound >= self.most else self.bound, share, self.rows[: len(share)], self.centre)

    def _is_told_to_stop(self) -> bool:
        return bool(self.watch.cancelled and self.watch.cancelled())

    def _of_use(self, school: Floats, staffed: float, dear: Floats) -> float:
        """Return what the dearest of the cheapest known zones costs at prices, one a seat, as many as there will be: more is of no use."""
        pool, zones = self.zones.pool, self.zones
        inside = pool.inside[self.rows]
        cost = pool.cost[self.rows] + staffed * zones.staff[inside.sum(axis=1)] + self._has_two(inside) @ dear - inside @ school
        best = np.full(len(school), NEVER / 2)
        np.minimum.at(best, pool.seat[self.rows], cost)
        return float(np.partition(best, zones.zones - 1)[zones.zones - 1]) + _ROUNDING

    def _priced(self, school: Floats, dual: Floats, work: int) -> int:
        """Price every seat; keep the bound that follows; add the zones that the known prices miss, and return how many those are."""
        zones, schools = self.zones, len(school)
        value, inside = np.zeros(schools), np.zeros((schools, _KEPT, schools), dtype=np.bool_)
        of = np.zeros((schools, _KEPT))
        staffed, dear = float(dual[schools + 1]), np.maximum(dual[schools + 2 :], 0.0)
        last = zones.last + staffed * zones.staff
        below = self._of_use(school, staffed, dear)
        price(
            self.lists,
            self.cost,
            school,
            zones.pupils,
            zones.size,
            last,
            (self.couples.one, self.couples.other, self.couples.kind),
            (self.threes, dear),
            _STEPS,
            work,
            below,
            value,
            inside,
            of,
        )
        least = np.sort(value)[: zones.zones]
        bound = np.inf if least[-1] >= NEVER / 2 else float(school.sum() + least.sum() - staffed * (zones.inspectors or 0.0) - dear.sum())
        if bound > self.bound:
            self.bound, self.centre = bound, school.copy()
        seat, kept = np.nonzero(of < NEVER / 2)
        inside = inside[seat, kept]
        besides = staffed * zones.staff[inside.sum(axis=1)] + self._has_two(inside) @ dear
        cost = of[seat, kept] - besides + inside @ school
        missed = cost - inside @ dual[:schools] - dual[schools] + besides < -_ROUNDING
        if missed.any():
            rows = zones.pool.add(inside[missed], seat[missed], cost[missed])
            self.rows = np.concatenate((self.rows, rows))
            self.session.add_rows(self._as_rows(rows))
        return int(missed.sum())
