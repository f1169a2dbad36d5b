"""Which zones: a bound from prices, plans from annealing, and the engine over the pairs that prices cannot rule out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.zones import anneal
from junheng.planning.planners.supervision_zones import prices
from junheng.planning.planners.supervision_zones.model import Model, model, totals
from junheng.planning.planners.supervision_zones.question import Question
from junheng.planning.solve import Amount, Impossible, Limits, Progress, Unproven, Watch, solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_STARTS, _SCHOOLS_A_START = 3, 25  # so many plans are begun, or one for so many schools
_STEPS = (20, 100, 400)  # of annealing, times schools squared: more while no plan is near the bound
_NEAR = 0.05
_ROUNDING = 1e-6
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
    cost = question.cost
    within = prices.Limits(zones, question.size(zones), question.load(zones))
    for steps in _STEPS:
        seats = plan(question, zones, seed, steps)
        best = None if seats is None else float(cost[seats, np.arange(len(seats))].sum())
        priced = prices.ascend(cost, question.pupils.astype(np.float64), within, best)
        if watch.progress:
            watch.progress(Progress(best, priced.bound, 0))
        if priced.bound > _NO_PLAN or (best is not None and best - priced.bound <= _NEAR * best) or (watch.cancelled and watch.cancelled()):
            break
    if seats is None or best is None:
        return _searched(question, zones, (limits, seed, watch), np.ones(question.allowed.shape, dtype=np.bool_), None, priced.bound)
    keep = priced.forced <= best + _ROUNDING
    keep[seats, np.arange(len(seats))] = True
    if best - priced.bound > limits.gap * best:
        return _searched(question, zones, (limits, seed, watch), keep, seats, priced.bound)
    made = model(question, zones, keep)
    return _zoned(question, made, made.values(question, seats), priced.bound, priced.bound)


def plan(question: Question, zones: int, seed: int, steps: int = _STEPS[0]) -> Ints | None:
    """Return the seat of each school in the best plan that annealing finds; None where it finds none that keeps every rule.

    steps: of each start, times schools squared.
    """
    schools = len(question.codes)
    cost, far = question.cost, question.metres.astype(np.float64)
    school, neighbour = np.nonzero(question.edges)
    start = np.searchsorted(school, np.arange(schools + 1)).astype(np.int64)
    room = np.array([*question.size(zones), *question.load(zones)], dtype=np.float64)
    draw = np.random.default_rng(seed)
    found: list[tuple[float, int, Ints]] = []
    for _ in range(max(_STARTS, schools // _SCHOOLS_A_START)):
        seats = _spread(far, zones, draw)
        zone, best = np.argmin(far[seats], axis=0).astype(np.int64), np.zeros(schools, dtype=np.int64)
        pupils = question.pupils.astype(np.float64)
        value = anneal(cost, far, start, neighbour, pupils, room, zone, seats, draw.random((steps * schools * schools, 3)), best)
        if np.isfinite(value) and _keeps_the_rest(question, best):
            found.append((value, len(found), best))
    return min(found)[2] if found else None


def _spread(far: Floats, zones: int, draw: np.random.Generator) -> Ints:
    """Return seats far from each other: the first drawn, each next one where the way to the others is longest."""
    seats = [int(draw.integers(len(far)))]
    for _ in range(zones - 1):
        nearest = far[seats].min(axis=0) * draw.uniform(0.5, 1.0, len(far))
        nearest[seats] = -1.0
        seats.append(int(nearest.argmax()))
    return np.array(seats, dtype=np.int64)


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


def _searched(
    question: Question, zones: int, how: tuple[Limits, int, Watch], keep: Mask, seats: Ints | None, by_prices: float
) -> Zoned | Impossible | Unproven:
    """Return what the engine finds over the pairs kept; those left out are in no plan better than `seats`."""
    limits, seed, watch = how
    made = model(question, zones, keep)
    start = None if seats is None else made.values(question, seats)
    answer = solve(made.program, limits, seed=seed, start=start, watch=watch)
    if isinstance(answer, Impossible):
        return answer
    values = start if answer.values is None else answer.values
    if values is None:
        return Unproven(bound=max(answer.bound, by_prices), nodes=answer.nodes)
    return _zoned(question, made, values, max(answer.bound, by_prices), by_prices)


def _zoned(question: Question, made: Model, values: Floats, bound: float, by_prices: float) -> Zoned:
    seats = made.seats(values)
    objective = float(question.cost[seats, np.arange(len(seats))].sum())
    amounts = tuple(Amount(each.title, each.amount(values), each.unit, each.weight) for each in made.program.costs)
    low = (min(bound, objective), min(by_prices, objective))
    return Zoned(seats=seats, objective=objective, bound=low[0], bound_by_prices=low[1], amounts=amounts)
