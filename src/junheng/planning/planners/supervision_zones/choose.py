"""Which zones: plans from annealing, a bound from prices that rules out pairs, and a search over whole zones for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.planners.supervision_zones import prices
from junheng.planning.planners.supervision_zones.explain import explained, pairs_cut_off
from junheng.planning.planners.supervision_zones.master import Prices, Zones
from junheng.planning.planners.supervision_zones.model import MOVED, WAY, model, totals
from junheng.planning.planners.supervision_zones.question import Question
from junheng.planning.planners.supervision_zones.start import STEPS, Begun, couples_of, plan
from junheng.planning.planners.supervision_zones.tree import Tree
from junheng.planning.solve import Amount, Impossible, Limits, Progress, Unproven, Watch, solve
from junheng.planning.solve.timer import Timer

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_ROUNDING = 1e-6
_LARGE_BY_ROAD = 13  # there prices of single pairs say less, so the search has more to look at
_LARGE = 16  # schools of a zone: from then on the search for the best zone of a seat takes longer than the engine
_MOST_RULES = 12
_NEAR = 0.05
_NO_PLAN = 1e8  # a bound above every way proves that there is none


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Zoned:
    """The seat of each school, and how far from the best possible that may be."""

    seats: Ints  # (schools,)
    objective: float
    bound: float
    bound_by_prices: float
    amounts: tuple[Amount, ...]


class Known(NamedTuple):
    """What another question that has fewer rules is known to come to."""

    seats: Ints  # of a plan with as many zones, where annealing begins
    bound: float  # of both


def choose(
    question: Question, zones: int, limits: Limits, seed: int, watch: Watch, known: Known | None = None
) -> Zoned | Impossible | Unproven:
    """Return the zones that cost least. The same question, seed and limits of work give the same answer."""
    possible = solve(totals(question, zones))
    if isinstance(possible, Impossible):
        return possible
    cut_off = pairs_cut_off(question, zones)
    if cut_off:
        return cut_off
    timer = Timer(limits)
    watch = timer.watched(watch)
    begun, priced = _begun(question, zones, seed, watch, None if known is None else known.seats)
    low = priced.bound if known is None else max(priced.bound, known.bound)
    if priced.bound > _NO_PLAN:
        return explained(question, zones, timer.left, seed, watch)
    seats = begun.seats
    keep = np.ones(question.allowed.shape, dtype=np.bool_) if seats is None else priced.forced <= begun.cost + _ROUNDING
    if question.size(zones)[1] > (_LARGE if question.source == "straight" else _LARGE_BY_ROAD):
        return _by_engine(question, zones, (timer.left, seed, watch), keep, seats, (low, priced.bound))
    lawful = Zones(question, zones, keep, watch)
    if seats is not None:
        seat = np.unique(seats)
        lawful.take(seats[None, :] == seat[:, None], seat)
    tree = Tree(lawful, limits, watch, seats, begun.cost, begun)
    bound = tree.run(couples_of(question), Prices(priced.school, 0.0, np.zeros(0)), low)
    if tree.seats is None:
        return explained(question, zones, timer.left, seed, watch) if bound == np.inf else Unproven(bound=bound, nodes=tree.nodes)
    return _zoned(question, tree.seats, bound, priced.bound)


def _by_engine(
    question: Question, zones: int, how: tuple[Limits, int, Watch], keep: Mask, seats: Ints | None, known: tuple[float, float]
) -> Zoned | Impossible | Unproven:
    """Return what the engine finds over the pairs kept; those left out are in no plan better than `seats`."""
    (limits, seed, watch), (low, by_prices) = how, known
    cost = np.inf if seats is None else float(question.cost[seats, np.arange(len(seats))].sum())
    if seats is not None and cost - low <= limits.gap * cost:
        return _zoned(question, seats, low, by_prices)
    if seats is not None:
        keep[seats, np.arange(len(seats))] = True
    made = model(question, zones, keep)
    answer = solve(made.program, limits, seed=seed, start=None if seats is None else made.values(question, seats), watch=watch)
    if isinstance(answer, Impossible):
        return explained(question, zones, limits, seed, watch) if len(answer.conflict) > _MOST_RULES else answer
    found = seats if answer.values is None else made.seats(answer.values)
    if found is None:
        return Unproven(bound=max(answer.bound, low), nodes=answer.nodes)
    return _zoned(question, found, max(answer.bound, low), by_prices)


def _begun(question: Question, zones: int, seed: int, watch: Watch, near: Ints | None) -> tuple[Begun, prices.Prices]:
    """Return plans to begin with, and prices. near: seats of a plan to begin from."""
    within = prices.Limits(zones, question.size(zones), question.load(zones))
    begun = Begun.nothing(len(question.codes))
    for steps in STEPS:
        begun = begun.and_also(plan(question, zones, seed, steps, watch, near))
        aim = None if begun.seats is None else begun.cost
        priced = prices.ascend(question.cost, question.pupils.astype(np.float64), within, aim, watch.cancelled)
        if watch.progress:
            watch.progress(Progress(aim, priced.bound, 0))
        is_near = begun.seats is not None and begun.cost - priced.bound <= _NEAR * begun.cost
        if priced.bound > _NO_PLAN or is_near or (watch.cancelled and watch.cancelled()):
            break
    return begun, priced


def amounts_of(question: Question, seats: Ints) -> tuple[Amount, ...]:
    """Return the parts of the objective at a plan."""
    school = np.arange(len(seats))
    ways, moved = float(question.way[seats, school].sum()), float(question.moved[seats, school].sum())
    return (Amount(WAY, ways, "school-metres", 1.0), Amount(MOVED, moved, "schools", float(question.change)))


def _zoned(question: Question, seats: Ints, bound: float, by_prices: float) -> Zoned:
    objective = float(question.cost[seats, np.arange(len(seats))].sum())
    low = (min(bound, objective), min(by_prices, objective))
    return Zoned(seats=seats, objective=objective, bound=low[0], bound_by_prices=low[1], amounts=amounts_of(question, seats))
