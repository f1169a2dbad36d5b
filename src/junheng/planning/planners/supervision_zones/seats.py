"""Prices of zones, seat by seat: what the best zone of each costs, good zones, or all zones below a mark.

A seat is tried with the multipliers that its table has from before; where that takes long they are bettered first (see zone_bounds).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.zone_bounds import NEVER, bettered
from junheng.planning.kernels.zone_search import bundle, search, tables

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

_STEPS = 32  # into which the pupils of the largest zone are cut
_EVEN = 1e-7
_ROUNDS = 20  # of multipliers
_TRIAL = 20_000  # items looked at before multipliers are bettered


class Tolls:
    """The multipliers of each seat, from one question to the next."""

    def __init__(self, schools: int) -> None:
        """Begin with none."""
        self.joint, self.even = np.zeros((schools, schools)), np.zeros((schools, 0))

    def of(self, seat: int, own: Ints, threes: int) -> tuple[Floats, Floats]:
        """Return those of the schools of a seat, and of so many rules over three schools."""
        if threes > self.even.shape[1]:
            self.even = np.concatenate((self.even, np.zeros((len(self.joint), threes - self.even.shape[1]))), axis=1)
        return self.joint[seat, own], self.even[seat, :threes].copy()

    def keep(self, seat: int, own: Ints, tolls: tuple[Floats, Floats]) -> None:
        """Keep them for the next question."""
        self.joint[seat, own], self.even[seat, : len(tolls[1])] = tolls


class Asked(NamedTuple):
    """A question to every seat.

    lists: first item of each seat (seats + 1,), items, first neighbour of each item (items + 1,), places of nearer neighbours in the seat's
    list; cost: (items,); school: (schools,) prices; size: least and most schools and pupils; last: (most + 1,) what a zone of so many
    schools costs besides; couples: (pairs,) two schools and +1 for together, -1 for apart; three: (threes, 3) schools, and what a zone with
    two of them or all costs besides.
    """

    lists: tuple[Ints, Ints, Ints, Ints]
    cost: Floats
    school: Floats
    pupils: Floats
    size: tuple[int, int, float, float]
    last: Floats
    couples: tuple[Ints, Ints, Ints]
    three: tuple[Ints, Floats]
    tolls: Tolls


class _Seat:
    """One seat: its schools in the order of their way, at prices."""

    def __init__(self, asked: Asked, seat: int) -> None:
        first, item, first_near, near = asked.lists
        self.asked, self.seat = asked, seat
        begin, end = first[seat], first[seat + 1]
        self.own = item[begin:end]
        least, most, few, many = asked.size
        step = many / _STEPS
        args = (asked.cost[begin:end], asked.school, asked.pupils, step, asked.couples, asked.three)
        self.bundle, self.apart, self.threes = bundle(self.own, *args)
        self.near = (first_near[begin : end + 1] - first_near[begin], near[first_near[begin] : first_near[end]])
        self.fewest = np.maximum(0, np.ceil(few / step - np.arange(most + 1) - _EVEN)).astype(np.int64)
        self.size = (least, few, many)
        self.ahead = np.empty((len(self.own) + 1, most + 1, _STEPS + 1))
        self.tolls = asked.tolls.of(seat, self.own, len(asked.three[1]))
        self.is_too_large = bool(self.bundle[2][0] > most or self.bundle[1][0] > _STEPS or self.bundle[3][0] > many)
        self.made: tuple[float, Floats] = (0.0, self.bundle[0])

    def better(self, limit: float, rounds: int) -> float:
        """Return what no zone costs less than; the multipliers are bettered for as many rounds, or until that comes up to a limit."""
        args = (self.bundle, self.near, self.threes, self.fewest, self.asked.last, self.tolls, limit, rounds, self.ahead)
        value, fixed, dear = bettered(*args)
        self.made = (fixed, dear)
        if rounds:
            self.asked.tolls.keep(self.seat, self.own, self.tolls)
        return value

    def search(self, work: int, limit: float, found: Words, value: Floats, begun: int = 0, *, lowers: bool) -> tuple[int, int, float]:
        """Write zones below a limit: see zone_search.search."""
        fixed, dear = self.made
        made = tables(self.bundle, dear, self.near, self.apart, self.threes, self.tolls)
        asked = (*made, np.ascontiguousarray(self.ahead.transpose(1, 2, 0)))
        told: tuple[int, int, float] = search(asked, fixed, self.size, self.asked.last, work, limit, lowers, self.own, begun, found, value)
        return told


def price(asked: Asked, place: int, work: int, below: float, found: Words, of: Floats) -> float:
    """Return what the best zone of one seat costs at the prices, `below` at the most; what none costs less than if the search did not end.

    work: of the search; below: zones that cost more at the prices are of no use. Written: found (kept, words), schools as bits, and of
    (kept,) good zones, NEVER without one.
    """
    of[:] = NEVER
    if asked.lists[0][place] == asked.lists[0][place + 1]:
        return below
    seat = _Seat(asked, place)
    if seat.is_too_large:
        return below
    least = seat.better(below, 0)
    if least >= below:
        return below
    times, rest, limit = seat.search(min(work, _TRIAL), below, found, of, lowers=True)
    if rest < 0 and work > _TRIAL:
        least = max(least, seat.better(limit, _ROUNDS))
        _, rest, limit = seat.search(work, limit, found, of, times, lowers=True)
    return min(below, float(of.min())) if rest >= 0 else min(below, least, float(of.min()))


def listed(asked: Asked, place: int, work: int, below: float, found: Words, of: Floats, begun: int) -> tuple[int, int]:
    """Write every zone of one seat that costs less at the prices than `below`, behind those that have begun.

    Returned: how many there are with those, and the work left, -1 where it ran out or there are too many. Written: found (room, words),
    of (room,).
    """
    times = begun
    if asked.lists[0][place] < asked.lists[0][place + 1]:
        seat = _Seat(asked, place)
        if not seat.is_too_large and seat.better(below, _ROUNDS) < below:
            times, work, _ = seat.search(work, below, found, of, begun, lowers=False)
    return times, work if times <= len(of) else -1
