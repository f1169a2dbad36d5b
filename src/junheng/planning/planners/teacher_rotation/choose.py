"""Solving: a flow as a linear program, arcs that prices call for added until none is left, whole numbers only where needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from junheng.planning.planners.teacher_rotation.case import Case, Floats, Ints
from junheng.planning.planners.teacher_rotation.model import Model, model
from junheng.planning.solve import Amount, Impossible, Limits, Progress, Solved, Unproven, Watch, solve

_AT_FIRST = 12  # arcs of each teacher, by what they cost and fill, before prices are known
_SMALL = 12_000  # arcs up to which all are taken at once
_MANY = 100_000  # arcs up to which the interior point looks at all of them
_INTERIOR = 1  # programs solved roughly for prices
_DOUBT, _IN_DOUBT = 2.0, 12  # km of reduced cost up to which, and how many arcs of each teacher, then stay in question
_SPARE = 0.4  # of the gap asked for is left to arcs that were not looked at
_TINY = 1e-7
_NEAR = (0.2, 1.0, 5.0, 20.0)  # km of reduced cost within which arcs are tried in whole numbers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """Who goes where, and what a reader needs to check it."""

    arcs: Ints  # chosen, of the case
    objective: float
    bound: float
    amounts: tuple[Amount, ...]
    reduced: Floats  # (all arcs,) what each would add to the objective, by the prices
    prices: dict[str, tuple[Ints, Floats]]  # by family: the number of each row, and its price
    is_whole: bool  # the linear program came out in whole numbers
    rounds: int


def choose(case: Case, limits: Limits, seed: int, watch: Watch) -> Chosen | Impossible | Unproven:
    """Return the best moves with their proof; the bound holds over all arcs, also those that the program never saw."""
    every = np.arange(len(case.arc_teacher))
    arcs, rounds, bound = _first(case, limits, seed), 0, -np.inf
    while True:
        rounds += 1
        built = model(case, arcs, whole=False)
        answer = solve(built.program, replace(limits, nodes=None), seed=seed, watch=watch)
        if not isinstance(answer, Solved):
            if len(arcs) == len(every):
                return answer
            arcs = every  # what is missing may be an arc
            continue
        prices = _prices(built, answer)
        reduced = reduced_costs(case, prices)
        bound = max(bound, answer.objective + _below(case, arcs, reduced))
        if watch.progress:
            watch.progress(Progress(None, bound, rounds))
        better = np.setdiff1d(np.flatnonzero(reduced < -1e-6), arcs)
        if not len(better) or answer.objective - bound <= _SPARE * limits.gap * abs(answer.objective):
            return _whole(case, Priced(built, answer, prices, reduced, bound, rounds), limits, seed, watch)
        arcs = np.union1d(arcs, _ranked(case, better, reduced, 4))


def _below(case: Case, arcs: Ints, reduced: Floats) -> float:
    """Return how far below a program over some arcs that over all may lie: each teacher takes one arc, so one counts for each."""
    left_out = reduced.copy()
    left_out[arcs] = 0.0
    least = np.zeros(len(case.names))
    np.minimum.at(least, case.arc_teacher, left_out)
    return float(least.sum())


def _first(case: Case, limits: Limits, seed: int) -> Ints:
    """Return the arcs to begin with: all of a small county; else those that the prices of an interior point leave in question."""
    every = np.arange(len(case.arc_teacher))
    if len(every) <= _SMALL:
        return every
    lacks = case.need - case.held
    gain = case.weights.shortage * np.clip(lacks, 0.0, 1.0)
    arcs = every if len(every) <= _MANY else _ranked(case, every, case.arc_cost - gain[case.arc_into], _AT_FIRST)
    for _ in range(_INTERIOR):
        built = model(case, arcs, whole=False)
        answer = solve(built.program, replace(limits, nodes=None), seed=seed, engine="highs_interior")
        if not isinstance(answer, Solved):
            return arcs
        reduced = reduced_costs(case, _prices(built, answer))
        arcs = _ranked(case, np.flatnonzero(reduced <= _DOUBT), reduced, _IN_DOUBT)
    return arcs


def _ranked(case: Case, arcs: Ints, value: Floats, many: int) -> Ints:
    """Return the `many` arcs of least value of each teacher, with those that are pinned."""
    order = arcs[np.lexsort((arcs, value[arcs], case.arc_teacher[arcs]))]
    who = case.arc_teacher[order]
    start = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
    place = np.arange(len(order)) - np.repeat(start, np.diff(np.r_[start, len(order)]))
    return np.union1d(order[place < many], case.must)


def _prices(built: Model, answer: Solved) -> dict[str, tuple[Ints, Floats]]:
    """Return the price of each row by family: positive where a rule that holds from below binds."""
    if answer.prices is None:
        raise ValueError("a linear program has prices")
    return {name: (which, answer.prices[first : first + len(which)]) for name, (first, which) in built.rows.items()}


def reduced_costs(case: Case, prices: dict[str, tuple[Ints, Floats]]) -> Floats:
    """Return what each arc costs less what the prices of its rows pay for it: (all arcs,)."""

    def dense(name: str, size: int) -> Floats:
        found = np.zeros(size)
        which, value = prices[name]
        found[which] = value
        return found

    teacher, target = case.arc_teacher, case.arc_unit
    source = case.unit[teacher]
    need, leave = dense("need", len(case.need)), dense("leave", len(case.need))
    net = dense("least", len(case.units)) + dense("most", len(case.units))
    backbone = dense("backbone", len(case.units))
    couple = dense("couple", int(case.couple.max(initial=-1)) + 2)  # the last stays 0: no couple
    share = prices["share"][1][0] + prices["cap"][1][0]
    of_backbone = prices["backbone_share"][1][0]
    gain = dense("teacher", len(case.names))[teacher] + need[case.arc_into] - need[case.arc_from] + leave[case.arc_from]
    gain += net[target] - net[source] + case.is_backbone[teacher] * (backbone[target] - backbone[source])
    gain += np.where(case.couple[teacher] >= 0, couple[case.couple[teacher]], 0.0) + share
    gain += of_backbone * (case.is_backbone[teacher] - case.backbone_share)
    return np.asarray(case.arc_cost - gain)


class Priced(NamedTuple):
    """The linear program solved: what it was, its answer, prices, what each arc costs by them, and the bound over all arcs."""

    built: Model
    answer: Solved
    prices: dict[str, tuple[Ints, Floats]]
    reduced: Floats
    bound: float
    rounds: int

    def chosen(self, arcs: Ints, found: Solved | Unproven, *, is_whole: bool) -> Chosen:
        """Return a plan with this proof."""
        return Chosen(
            arcs=arcs,
            objective=float(found.objective or 0.0),
            bound=min(self.bound, float(found.objective or 0.0)),
            amounts=found.amounts,
            reduced=self.reduced,
            prices=self.prices,
            is_whole=is_whole,
            rounds=self.rounds,
        )


def _whole(case: Case, priced: Priced, limits: Limits, seed: int, watch: Watch) -> Chosen | Unproven:
    """Return the answer in whole numbers: as it is, or from a search among the arcs whose reduced cost is near 0."""
    going = priced.answer.of(priced.built.goes)
    if bool((np.abs(going - np.round(going)) < _TINY).all()):
        return priced.chosen(priced.built.arcs[going > 0.5], priced.answer, is_whole=True)
    best: Chosen | None = None
    used = priced.built.arcs[going > _TINY]
    for near in _NEAR:
        some = np.union1d(np.union1d(used, np.flatnonzero(priced.reduced <= near)), case.must)
        again = model(case, some, whole=True)
        found = solve(again.program, replace(limits, gap=limits.gap / 4), seed=seed, watch=watch)
        if isinstance(found, Solved | Unproven) and found.objective is not None:
            made = priced.chosen(some[found.of(again.goes) > 0.5], found, is_whole=False)
            best = made if best is None or made.objective < best.objective else best
        stop = len(some) == len(case.arc_teacher) or bool(watch.cancelled and watch.cancelled())
        if stop or (best and best.objective - best.bound <= max(limits.gap * abs(best.objective), limits.slack)):
            break
    return best or Unproven(bound=priced.bound)
