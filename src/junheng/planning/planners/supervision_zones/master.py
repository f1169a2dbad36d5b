"""Zones as the things to choose from: those met so far, what a seat may hold, and rules over three schools at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.zone_bounds import NEVER
from junheng.planning.planners.supervision_zones.question import Question
from junheng.planning.planners.supervision_zones.seats import Asked, Tolls, listed, price
from junheng.planning.solve import Watch
from junheng.planning.solve.engine import NOBODY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Words = NDArray[np.uint64]
Lists = tuple[tuple[Ints, Ints, Ints, Ints], Floats]  # see Zones.lists

_ROUNDING = 1e-6
_BROKEN = 0.02
_THREES_A_ROUND = 20


class Prices(NamedTuple):
    """What a school pays to be in a zone, and what a zone pays for an inspector and for each rule over three schools that counts it."""

    school: Floats  # (schools,)
    staffed: float
    threes: Floats  # (threes,)

    def beside(self, others: Prices, share: float) -> Prices:
        """Return prices between these and others; `share` of these."""
        own, rest = self.with_threes(len(others.threes)), 1 - share
        return Prices(
            share * own.school + rest * others.school,
            share * own.staffed + rest * others.staffed,
            share * own.threes + rest * others.threes,
        )

    def with_threes(self, many: int) -> Prices:
        """Return the same where there are more rules over three schools by now; those added cost nothing."""
        return self._replace(threes=np.concatenate((self.threes, np.zeros(many - len(self.threes)))))


class Priced(NamedTuple):
    """What prices prove: no plan costs less than the bound."""

    bound: float
    value: Floats  # (seats,) what the best zone of each costs at the prices, a little more than the dearest of use at the most
    last: float  # what the dearest of as many seats as there are zones costs
    prices: Prices


class Couples(NamedTuple):
    """Pairs of schools that belong together (1) or apart (-1)."""

    one: Ints
    other: Ints
    kind: Ints

    def and_also(self, one: int, other: int, kind: int) -> Couples:
        """Return these and one more."""
        return Couples(*(np.append(old, new) for old, new in zip(self, (one, other, kind), strict=True)))


NO_COUPLES = Couples(*(np.zeros(0, dtype=np.int64),) * 3)


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

    def __init__(self, question: Question, zones: int, keep: Mask, watch: Watch = NOBODY) -> None:
        """Keep: (seats, schools) pairs that are looked at; watch: asked between two seats whether to stop."""
        self.question, self.zones, self.watch = question, zones, watch
        self.cost = np.where(keep & question.allowed, question.cost, NEVER)
        self.pupils = question.pupils.astype(np.float64)
        (least, most), (few, many_pupils) = question.size(zones), question.load(zones)
        self.size = (least, most, float(few), float(many_pupils))
        self.staff = np.array([float(question.staff(many)) for many in range(most + 1)])
        told = question.inspectors
        self.inspectors = None if told is None or told >= zones * self.staff[-1] else float(told)
        self.threes = np.zeros((0, 3), dtype=np.int64)  # schools of which at most one zone has two or more
        self.last = np.where(np.arange(most + 1) >= self.size[0], 0.0, NEVER)
        self.pool, self.tolls = Pool(len(question.codes)), Tolls(len(question.codes))

    def lists(self, couples: Couples) -> Lists:
        """Return what each seat may hold, in the order of the way, its nearer neighbours, and the costs: see seats.Asked."""
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

    def take(self, inside: Mask, seat: Ints) -> None:
        """Add zones met elsewhere, but those with a pair that is not looked at."""
        row, school = np.nonzero(inside)
        cost = np.bincount(row, self.cost[seat[row], school], len(seat)).astype(np.float64)
        kept = cost < NEVER
        self.pool.add(inside[kept], seat[kept], cost[kept])

    def left(self, known: Priced, goal: float) -> Pool:
        """Return the zones of the pool that a plan below the goal can have. known: what prices prove of plans made of the pool."""
        pool, left = self.pool, Pool(self.pool.schools)
        inside, seat, cost = pool.inside[: pool.count], pool.seat[: pool.count], pool.cost[: pool.count]
        lost = cost + self.besides(inside, known.prices) - inside @ known.prices.school - known.last
        kept = lost + known.bound < goal
        left.add(inside[kept], seat[kept], cost[kept])
        return left

    def besides(self, inside: Mask, prices: Prices) -> Floats:
        """Return what inspectors and rules over three schools add to zones at prices. inside: (zones, schools)."""
        added: Floats = prices.staffed * self.staff[inside.sum(axis=1)] + has_two(inside, self.threes[: len(prices.threes)]) @ prices.threes
        return added

    def priced(
        self, lists: Lists, couples: Couples, prices: Prices, below: float, work: int, kept: int
    ) -> tuple[Priced, Mask, Ints, Floats]:
        """Search the best zones of each seat at prices; return what they prove, and zones: schools inside, seat, cost.

        below: what costs more at the prices is of no use; work: of each seat; kept: the most zones of each.
        """
        schools = len(prices.school)
        value, of = np.zeros(schools), np.zeros((schools, kept))
        found = np.zeros((schools, kept, -(-schools // 64)), dtype=np.uint64)
        asked = self._asked(lists, couples, prices)
        for seat in range(schools):
            if self.watch.cancelled and self.watch.cancelled():  # seats that were not priced prove nothing
                value[seat:], of[seat:] = -NEVER, NEVER
                break
            value[seat] = price(asked, seat, work, below, found[seat], of[seat])
        least = np.sort(value)[: self.zones]
        paid = float(prices.school.sum()) - prices.staffed * (self.inspectors or 0.0) - float(prices.threes.sum())
        bound = np.inf if least[-1] >= NEVER / 2 else paid + float(least.sum())
        seats, place = np.nonzero(of < NEVER / 2)
        inside = spread(found[seats, place], schools)
        cost = of[seats, place] - self.besides(inside, prices) + inside @ prices.school
        return Priced(bound, value, float(least[-1]), prices), inside, seats, cost

    def listed(self, lists: Lists, couples: Couples, known: Priced, goal: float, room: int, work: int) -> tuple[Mask, Ints] | None:
        """Return every zone that a plan below the goal can have, and their seats; None where there are too many."""
        schools, spare = len(known.value), goal - known.bound
        below = np.where(known.value <= known.last, known.value, known.last) + spare
        found, of = np.zeros((room, -(-schools // 64)), dtype=np.uint64), np.zeros(room)
        first = np.zeros(schools + 1, dtype=np.int64)
        asked = self._asked(lists, couples, known.prices)
        for seat in range(schools):
            if self.watch.cancelled and self.watch.cancelled():
                return None
            first[seat + 1], work = listed(asked, seat, work, below[seat], found, of, first[seat])
            if work < 0:
                return None
        return spread(found[: first[-1]], schools), np.repeat(np.arange(schools), np.diff(first))

    def _asked(self, lists: Lists, couples: Couples, prices: Prices) -> Asked:
        last, pairs = self.last + prices.staffed * self.staff, (couples.one, couples.other, couples.kind)
        three = (self.threes[: len(prices.threes)], prices.threes)
        return Asked(*lists, prices.school, self.pupils, self.size, last, pairs, three, self.tolls)


def has_two(inside: Mask, threes: Ints) -> Mask:
    """Return which zones have two or more of which threes: (zones, threes)."""
    two: Mask = inside[:, threes].sum(axis=2) >= 2
    return two


def spread(found: Words, schools: int) -> Mask:
    """Return bits of schools as a mask: (zones, schools)."""
    octets = found.astype("<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, bitorder="little", count=schools).astype(np.bool_)


def broken_threes(inside: Mask, share: Floats, many: int = _THREES_A_ROUND) -> Ints:
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
    return threes[np.argsort(-by, kind="stable")[:many]]
