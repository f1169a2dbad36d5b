"""Plans to begin with, by annealing from seats far from each other, and the balanced zones met on the way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.zones import anneal
from junheng.planning.planners.supervision_zones.master import Couples, spread
from junheng.planning.planners.supervision_zones.question import Question
from junheng.planning.solve import Watch
from junheng.planning.solve.engine import NOBODY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

STEPS = (20, 400)  # of annealing, times schools squared: more while no plan is near the bound
_STARTS, _SCHOOLS_A_START = 6, 25  # so many plans are begun, or one for so many schools
_KEYS = 2**31 - 1
_USUAL, _STRICT = (1.0, 0.05), (12.0, 40.0)  # price of what is out of balance, and the share of steps that draw two zones anew
_REDRAWS = 2_500.0  # by schools squared: the share in a strict start, a half at most
_STRICT_MORE = 6  # strict starts where no other found a plan
_MET = 4_000  # zones that are kept
_NO_WAY = 1e8


def couples_of(question: Question) -> Couples:
    """Return the pairs of schools that pins and forbids hold together or apart."""
    pairs = [(*pair, 1) for pair in question.together] + [(*pair, -1) for pair in question.apart]
    one, other, kind = np.array(pairs, dtype=np.int64).reshape(-1, 3).T.copy()
    return Couples(one, other, kind)


def _partners(question: Question) -> tuple[Ints, Ints, Ints]:
    """Return for each school where its partners begin, the partners, and whether they belong together or apart."""
    one, other, kind = couples_of(question)
    school = np.concatenate((one, other))
    order = np.argsort(school, kind="stable")
    start = np.searchsorted(school[order], np.arange(len(question.codes) + 1)).astype(np.int64)
    return start, np.concatenate((other, one))[order], np.concatenate((kind, kind))[order]


class Begun(NamedTuple):
    """The best plan of annealing, and the balanced zones that it met on the way."""

    seats: Ints | None  # of each school; None: no plan was found
    cost: float  # inf: likewise
    inside: Mask  # (zones, schools)
    seat: Ints  # (zones,)

    @classmethod
    def nothing(cls, schools: int) -> Begun:
        """Return: nothing is known."""
        return cls(None, np.inf, np.zeros((0, schools), dtype=np.bool_), np.zeros(0, dtype=np.int64))

    def and_also(self, more: Begun) -> Begun:
        """Return both; the better plan of the two."""
        best = min(self, more, key=lambda begun: begun.cost)
        return Begun(best.seats, best.cost, np.concatenate((self.inside, more.inside)), np.concatenate((self.seat, more.seat)))


def plan(question: Question, zones: int, seed: int, steps: int = STEPS[0], watch: Watch = NOBODY, near: Ints | None = None) -> Begun:
    """Return what annealing finds. steps: of each start, times schools squared; near: seats of a plan from which the first start goes."""
    schools = len(question.codes)
    cost, far = question.cost, question.metres.astype(np.float64)
    school, neighbour = np.nonzero(question.edges)
    start = np.searchsorted(school, np.arange(schools + 1)).astype(np.int64)
    room = np.array([*question.size(zones), *question.load(zones)], dtype=np.float64)
    told = np.inf if question.inspectors is None else float(question.inspectors)
    staff = np.array([0.0, *(float(question.staff(many)) for many in range(1, schools + 1)), told])
    draw, couples = np.random.default_rng(seed), _partners(question)
    words = -(-schools // 64)
    met = (
        np.zeros((_MET, words), dtype=np.uint64),
        np.zeros(_MET, dtype=np.int64),
        np.zeros(4 * _MET, dtype=np.uint64),
        np.random.default_rng(0).integers(1, 2**63, schools).astype(np.uint64),
        np.zeros(1, dtype=np.int64),
    )
    found: list[tuple[float, int, Ints]] = []
    starts, many = max(_STARTS, schools // _SCHOOLS_A_START), steps * schools * schools
    for number in range(starts + _STRICT_MORE):
        is_stopped = number and watch.cancelled and watch.cancelled()  # who says stop at once still gets a plan
        if is_stopped or (found and number >= starts):
            break
        seats, zone = _spread(question, far, zones, draw) if number or near is None else np.unique(near, return_inverse=True)
        best = np.zeros(schools, dtype=np.int64)
        pupils, key = question.pupils.astype(np.float64), int(draw.integers(1, _KEYS))
        manner = _manner(number, starts, schools, enough=bool(found) and steps == STEPS[0])
        value = anneal(cost, far, start, neighbour, pupils, room, staff, zone, seats, many, key, *manner, best, couples, met)
        if np.isfinite(value) and _keeps_the_rest(question, best):
            found.append((value, len(found), best))
    plan_found = min(found) if found else None
    times = min(int(met[4][0]), _MET)
    inside, seat = spread(met[0][:times], schools), met[1][:times]
    if plan_found is None:
        return Begun(None, np.inf, inside, seat)
    of_plan = np.unique(plan_found[2])
    inside, seat = np.concatenate((inside, plan_found[2][None, :] == of_plan[:, None])), np.concatenate((seat, of_plan))
    return Begun(plan_found[2], plan_found[0], inside, seat)


def _manner(number: int, starts: int, schools: int, *, enough: bool) -> tuple[float, float]:
    """Return how dear balance is in a start, and how often two zones are drawn anew: strict are those added, and some of the first."""
    if number < starts and (enough or number % 3 != 2):
        return _USUAL
    return _STRICT[number % 2], min(0.5, _REDRAWS / schools**2)


def _spread(question: Question, far: Floats, zones: int, draw: np.random.Generator) -> tuple[Ints, Ints]:
    """Return seats far from each other, and the zone of each school: that of the nearest seat.

    Schools pinned together begin with a seat between them, which reaches as far as they are; the next seats are drawn where the way to
    the others is longest. Zones of nearest seats are joined even where some seats reach farther than others.
    """
    seats: list[int] = []
    reach: list[float] = []
    for pinned in question.seats[:zones]:
        seats.append(pinned)
        reach.append(0.0)
    free = [group for group in question.groups if not set(group) & set(seats)]
    for group in free[: zones - len(seats)]:
        widest = far[:, group].max(axis=1)
        middle = int(widest.argmin())
        if middle not in seats and widest[middle] < _NO_WAY:
            seats.append(middle)
            reach.append(float(widest[middle]) + 1.0)
    if not seats:
        seats, reach = [int(draw.integers(len(far)))], [0.0]
    while len(seats) < zones:
        nearest = (far[seats] - np.array(reach)[:, None]).min(axis=0) * draw.uniform(0.5, 1.0, len(far))
        nearest[seats] = -np.inf
        seats.append(int(nearest.argmax()))
        reach.append(0.0)
    chosen = np.array(seats, dtype=np.int64)
    zone = np.argmin(far[chosen] - np.array(reach)[:, None], axis=0).astype(np.int64)
    zone[chosen] = np.arange(zones)
    return chosen, zone


def _keeps_the_rest(question: Question, seats: Ints) -> bool:
    """Return whether a balanced and connected plan keeps the rules that annealing does not know."""
    sizes = np.bincount(seats)
    staff = sum(question.staff(int(size)) for size in sizes if size)
    return (
        bool(question.allowed[seats, np.arange(len(seats))].all())
        and (question.inspectors is None or staff <= question.inspectors)
        and all(seats[a] == seats[b] for a, b in question.together)
        and all(seats[a] != seats[b] for a, b in question.apart)
    )
