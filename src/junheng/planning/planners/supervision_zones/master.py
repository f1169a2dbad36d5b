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
_WORK = 300_000  # of the search of one seat
_KEPT = 3  # good zones of a seat in one round
_ROUNDS = 80
_BESIDE = 0.5  # how near prices stay to those of the best bound
_FINEST = 1e-9
_ROUNDING = 1e-6
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
        return _Ascent(self, couples, school, goal, dearest, near, watch).run()


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
        ends = np.concatenate((np.full(schools, dearest), [free, free if zones.inspectors is not None else 0.0]))
        cost = np.concatenate((-np.ones(schools), [-float(zones.zones), zones.inspectors or 0.0]))
        lower = np.concatenate((-ends[:-1], [0.0]))
        arrays = Arrays(cost, 0.0, lower, ends, np.zeros(schools + 2, dtype=np.bool_), self._as_rows(rows))
        self.session = ENGINES["highs"](arrays, presolve=False)

    def _as_rows(self, rows: Ints) -> Rows:
        """Return: the prices of its schools and that of a zone do not exceed what a zone costs."""
        pool, schools = self.zones.pool, self.zones.pool.schools
        row, school = np.nonzero(pool.inside[rows])
        many = np.arange(len(rows))
        staff = -self.zones.staff[pool.inside[rows].sum(axis=1)] if len(rows) else np.zeros(0)
        entries = compressed(
            np.concatenate((row, many, many)),
            np.concatenate((school, np.full(len(rows), schools), np.full(len(rows), schools + 1))),
            np.concatenate((np.ones(len(row)), np.ones(len(rows)), staff)),
            (len(rows), schools + 2),
        )
        return Rows(np.full(len(rows), -np.inf), pool.cost[rows], entries)

    def run(self) -> Mixture:
        schools, share, beside = len(self.centre), np.zeros(len(self.rows)), _BESIDE
        for _ in range(_ROUNDS):
            outcome = self.session.run(Limits(), Watch())
            if outcome.values is None or outcome.prices is None or outcome.objective is None:
                break  # numbers too large for the engine; the bound so far stands
            share, known, dual = np.abs(outcome.prices), -outcome.objective, outcome.values
            if self.bound >= self.goal or known - self.bound <= max(self.near, _FINEST) * abs(known) or self._is_told_to_stop():
                break
            better = self._priced(beside * self.centre + (1 - beside) * dual[:schools], dual)
            if better == 0 and beside == 0:
                break
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

    def _priced(self, school: Floats, dual: Floats) -> int:
        """Price every seat; keep the bound that follows; add the zones that the known prices miss, and return how many those are."""
        zones, schools = self.zones, len(school)
        value, inside = np.zeros(schools), np.zeros((schools, _KEPT, schools), dtype=np.bool_)
        of = np.zeros((schools, _KEPT))
        staffed = float(dual[schools + 1])
        last = zones.last + staffed * zones.staff
        price(
            self.lists,
            self.cost,
            school,
            zones.pupils,
            zones.size,
            last,
            (self.couples.one, self.couples.other, self.couples.kind),
            _STEPS,
            _WORK,
            value,
            inside,
            of,
        )
        least = np.sort(value)[: zones.zones]
        bound = np.inf if least[-1] >= NEVER / 2 else float(school.sum() + least.sum() - staffed * (zones.inspectors or 0.0))
        if bound > self.bound:
            self.bound, self.centre = bound, school.copy()
        seat, kept = np.nonzero(of < NEVER / 2)
        inside = inside[seat, kept]
        cost = of[seat, kept] - staffed * zones.staff[inside.sum(axis=1)] + inside @ school
        missed = cost - inside @ dual[:schools] - dual[schools] + staffed * zones.staff[inside.sum(axis=1)] < -_ROUNDING
        if missed.any():
            rows = zones.pool.add(inside[missed], seat[missed], cost[missed])
            self.rows = np.concatenate((self.rows, rows))
            self.session.add_rows(self._as_rows(rows))
        return int(missed.sum())
