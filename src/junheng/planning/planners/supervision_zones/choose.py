"""Which zones: plans from annealing, a bound from prices that rules out pairs, and a search over whole zones for the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.zones import anneal
from junheng.planning.planners.supervision_zones import prices
from junheng.planning.planners.supervision_zones.explain import explained, pairs_cut_off
from junheng.planning.planners.supervision_zones.master import Couples, Zones
from junheng.planning.planners.supervision_zones.model import MOVED, WAY, model, totals
from junheng.planning.planners.supervision_zones.question import Question
from junheng.planning.planners.supervision_zones.tree import Tree
from junheng.planning.solve import Amount, Impossible, Limits, Progress, Unproven, Watch, solve
from junheng.planning.solve.engine import NOBODY
from junheng.planning.solve.timer import Timer

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_STARTS, _SCHOOLS_A_START = 6, 25  # so many plans are begun, or one for so many schools
_STEPS = (20, 100, 400)  # of annealing, times schools squared: more while no plan is near the bound
_NEAR = 0.05
_KEYS = 2**31 - 1
_USUAL, _STRICT = (1.0, 0.05), (12.0, 40.0)  # price of what is out of balance, and the share of steps that draw two zones anew
_REDRAWS = 2_500.0  # by schools squared: the share in a strict start, a half at most
_STRICT_MORE = 6  # strict starts where no other found a plan
_ROUNDING = 1e-6
_LARGE = 16  # schools of a zone: from then on the search for the best zone of a seat takes longer than the engine
_MOST_RULES = 12
_NO_PLAN = 1e8  # a bound above every way proves that there is none


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zoned:
    """The seat of each school, and how far from the best possible that may be."""

    seats: Ints  # (schools,)
    objective: float
    bound: float
    bound_by_prices: float
    amounts: tuple[Amount, ...]


def choose(question: Question, zones: int, limits: Limits, seed: int, watch: Watch) -> Zoned | Impossible | Unproven:
    """Return the zones that cost least. The same question, seed and limits of work give the same answer."""
    possible = solve(totals(question, zones))
    if isinstance(possible, Impossible):
        return possible
    cut_off = pairs_cut_off(question, zones)
    if cut_off:
        return cut_off
    timer = Timer(limits)
    watch = timer.watched(watch)
    seats, best, priced = _begun(question, zones, seed, watch)
    if priced.bound > _NO_PLAN:
        return explained(question, zones, timer.left, seed, watch)
    keep = np.ones(question.allowed.shape, dtype=np.bool_) if seats is None else priced.forced <= best + _ROUNDING
    if question.size(zones)[1] > _LARGE or question.source != "straight":  # prices of whole zones say little of ways by road
        return _by_engine(question, zones, (timer.left, seed, watch), keep, seats, priced.bound)
    lawful = Zones(question, zones, keep)
    tree = Tree(lawful, limits, watch, seats, best)
    if seats is not None:
        seat = np.unique(seats)
        inside = seats[None, :] == seat[:, None]
        lawful.pool.add(inside, seat, (question.cost[seat] * inside).sum(axis=1))
    bound = tree.run(_couples(question), priced.school, priced.bound)
    if tree.seats is None:
        return explained(question, zones, timer.left, seed, watch) if bound == np.inf else Unproven(bound=bound, nodes=tree.nodes)
    return _zoned(question, tree.seats, bound, priced.bound)


def _by_engine(
    question: Question, zones: int, how: tuple[Limits, int, Watch], keep: Mask, seats: Ints | None, by_prices: float
) -> Zoned | Impossible | Unproven:
    """Return what the engine finds over the pairs kept; those left out are in no plan better than `seats`."""
    limits, seed, watch = how
    cost = np.inf if seats is None else float(question.cost[seats, np.arange(len(seats))].sum())
    if seats is not None and cost - by_prices <= limits.gap * cost:
        return _zoned(question, seats, by_prices, by_prices)
    if seats is not None:
        keep[seats, np.arange(len(seats))] = True
    made = model(question, zones, keep)
    answer = solve(made.program, limits, seed=seed, start=None if seats is None else made.values(question, seats), watch=watch)
    if isinstance(answer, Impossible):
        return explained(question, zones, limits, seed, watch) if len(answer.conflict) > _MOST_RULES else answer
    found = seats if answer.values is None else made.seats(answer.values)
    if found is None:
        return Unproven(bound=max(answer.bound, by_prices), nodes=answer.nodes)
    return _zoned(question, found, max(answer.bound, by_prices), by_prices)


def _begun(question: Question, zones: int, seed: int, watch: Watch) -> tuple[Ints | None, float, prices.Prices]:
    """Return a plan to begin with, what it costs (inf: none was found), and prices."""
    within = prices.Limits(zones, question.size(zones), question.load(zones))
    seats, best = None, np.inf
    for steps in _STEPS:
        again = plan(question, zones, seed, steps, watch)
        if again is not None and (value := float(question.cost[again, np.arange(len(again))].sum())) < best:
            seats, best = again, value
        priced = prices.ascend(question.cost, question.pupils.astype(np.float64), within, None if seats is None else best)
        if watch.progress:
            watch.progress(Progress(None if seats is None else best, priced.bound, 0))
        by_road = question.source != "straight" and steps >= _STEPS[1]  # the engine needs the time more than annealing does
        is_near = seats is not None and (by_road or best - priced.bound <= _NEAR * best)
        if priced.bound > _NO_PLAN or is_near or (watch.cancelled and watch.cancelled()):
            break
    return seats, best, priced


def _couples(question: Question) -> Couples:
    pairs = [(*pair, 1) for pair in question.together] + [(*pair, -1) for pair in question.apart]
    one, other, kind = np.array(pairs, dtype=np.int64).reshape(-1, 3).T.copy()
    return Couples(one, other, kind)


def _partners(question: Question) -> tuple[Ints, Ints, Ints]:
    """Return for each school where its partners begin, the partners, and whether they belong together or apart."""
    one, other, kind = _couples(question)
    school = np.concatenate((one, other))
    order = np.argsort(school, kind="stable")
    start = np.searchsorted(school[order], np.arange(len(question.codes) + 1)).astype(np.int64)
    return start, np.concatenate((other, one))[order], np.concatenate((kind, kind))[order]


def plan(question: Question, zones: int, seed: int, steps: int = _STEPS[0], watch: Watch = NOBODY) -> Ints | None:
    """Return the seat of each school in the best plan that annealing finds; None where it finds none that keeps every rule.

    steps: of each start, times schools squared.
    """
    schools = len(question.codes)
    cost, far = question.cost, question.metres.astype(np.float64)
    school, neighbour = np.nonzero(question.edges)
    start = np.searchsorted(school, np.arange(schools + 1)).astype(np.int64)
    room = np.array([*question.size(zones), *question.load(zones)], dtype=np.float64)
    told = np.inf if question.inspectors is None else float(question.inspectors)
    staff = np.array([0.0, *(float(question.staff(many)) for many in range(1, schools + 1)), told])
    draw, couples = np.random.default_rng(seed), _partners(question)
    found: list[tuple[float, int, Ints]] = []
    starts, many = max(_STARTS, schools // _SCHOOLS_A_START), steps * schools * schools
    for number in range(starts + _STRICT_MORE):
        is_stopped = number and watch.cancelled and watch.cancelled()  # who says stop at once still gets a plan
        if is_stopped or (found and number >= starts):
            break
        seats, zone = _spread(question, far, zones, draw)
        best = np.zeros(schools, dtype=np.int64)
        pupils, key = question.pupils.astype(np.float64), int(draw.integers(1, _KEYS))
        value = anneal(
            cost, far, start, neighbour, pupils, room, staff, zone, seats, many, key, *_manner(number, starts, schools), best, couples
        )
        if np.isfinite(value) and _keeps_the_rest(question, best):
            found.append((value, len(found), best))
    return min(found)[2] if found else None


def _manner(number: int, starts: int, schools: int) -> tuple[float, float]:
    """Return how dear balance is in a start, and how often two zones are drawn anew: every third start is strict, those added are."""
    if number < starts and number % 3 != 2:
        return _USUAL
    return _STRICT[number % 2], min(0.5, _REDRAWS / schools**2)


def _spread(question: Question, far: Floats, zones: int, draw: np.random.Generator) -> tuple[Ints, Ints]:
    """Return seats far from each other, and the zone of each school: that of the nearest seat.

    Schools pinned together begin with a seat between them, which reaches as far as they are; the next seats are drawn where the way to
    the others is longest. Zones of nearest seats are joined even where some seats reach farther than others.
    """
    seats: list[int] = []
    reach: list[float] = []
    for group in question.groups[:zones]:
        widest = far[:, group].max(axis=1)
        middle = int(widest.argmin())
        if middle not in seats and widest[middle] < _NO_PLAN:
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


def amounts_of(question: Question, seats: Ints) -> tuple[Amount, ...]:
    """Return the parts of the objective at a plan."""
    school = np.arange(len(seats))
    ways, moved = float(question.way[seats, school].sum()), float(question.moved[seats, school].sum())
    return (Amount(WAY, ways, "school-metres", 1.0), Amount(MOVED, moved, "schools", float(question.change)))


def _zoned(question: Question, seats: Ints, bound: float, by_prices: float) -> Zoned:
    objective = float(question.cost[seats, np.arange(len(seats))].sum())
    low = (min(bound, objective), min(by_prices, objective))
    return Zoned(seats=seats, objective=objective, bound=low[0], bound_by_prices=low[1], amounts=amounts_of(question, seats))
