"""Solving: a flow as a linear program over near arcs, arcs that prices call for added until none is left, whole numbers only where needed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from junheng.planning.planners.teacher_rotation.case import Case, Floats, Ints
from junheng.planning.planners.teacher_rotation.model import Model, model
from junheng.planning.solve import Amount, Impossible, Limits, Progress, Solved, Unproven, Watch, solve

_AT_FIRST = 12  # arcs of each teacher, by what they cost and fill, before prices are known
_SMALL = 40_000  # arcs up to which all are taken at once
_TINY = 1e-7
_NEAR = (1.0, 5.0, 20.0)  # km of reduced cost within which arcs are tried in whole numbers


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
    arcs = _first(case)
    rounds = 0
    while True:
        rounds += 1
        built = model(case, arcs, whole=False)
        answer = solve(built.program, replace(limits, nodes=None), seed=seed, watch=watch)
        if not isinstance(answer, Solved):
            if len(arcs) < len(case.arc_teacher):  # what is missing may be an arc
                arcs = np.arange(len(case.arc_teacher))
                continue
            return answer
        prices = _prices(built, answer)
        reduced = reduced_costs(case, prices)
        better = np.setdiff1d(np.flatnonzero(reduced < -1e-6), arcs)
        if watch.progress:
            watch.progress(Progress(None, answer.objective + float(np.minimum(reduced, 0).sum()), rounds))
        if not len(better):
            break
        arcs = np.union1d(arcs, _best_of_each(case, better, reduced))
    return _whole(case, built, answer, (prices, reduced, rounds), (limits, seed, watch))


def _first(case: Case) -> Ints:
    """Return the arcs to begin with: all of a small county; else those of each teacher that cost least, what they fill taken off."""
    count = len(case.arc_teacher)
    if count <= _SMALL:
        return np.arange(count)
    lacks = case.need - case.held
    gain = case.weights.shortage * np.clip(lacks, 0.0, 1.0)
    return _ranked(case, np.arange(count), case.arc_cost - gain[case.arc_into], _AT_FIRST)


def _ranked(case: Case, arcs: Ints, value: Floats, many: int) -> Ints:
    """Return the `many` arcs of least value of each teacher, with those that are pinned."""
    order = arcs[np.lexsort((arcs, value[arcs], case.arc_teacher[arcs]))]
    who = case.arc_teacher[order]
    start = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
    place = np.arange(len(order)) - np.repeat(start, np.diff(np.r_[start, len(order)]))
    return np.union1d(order[place < many], case.must)


def _best_of_each(case: Case, better: Ints, reduced: Floats) -> Ints:
    return _ranked(case, better, reduced, 4)


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


def _whole(
    case: Case,
    built: Model,
    answer: Solved,
    priced: tuple[dict[str, tuple[Ints, Floats]], Floats, int],
    asked: tuple[Limits, int, Watch],
) -> Chosen | Unproven:
    """Return the answer in whole numbers: as it is, or from a search among the arcs whose reduced cost is near 0."""
    prices, reduced, rounds = priced
    limits, seed, watch = asked
    going = answer.of(built.goes)
    given = {"bound": answer.objective, "reduced": reduced, "prices": prices, "rounds": rounds}
    if bool((np.abs(going - np.round(going)) < _TINY).all()):
        arcs = built.arcs[going > 0.5]
        return Chosen(arcs=arcs, objective=answer.objective, amounts=answer.amounts, is_whole=True, **given)
    best: Solved | Unproven | None = None
    used = built.arcs[going > _TINY]
    for near in _NEAR:
        some = np.union1d(np.union1d(used, np.flatnonzero(reduced <= near)), case.must)
        if watch.cancelled and watch.cancelled():
            break
        again = model(case, some, whole=True)
        found = solve(again.program, replace(limits, gap=limits.gap / 2), seed=seed, watch=watch)
        if isinstance(found, Impossible) or found.objective is None:
            continue
        if best is None or best.objective is None or found.objective < best.objective - 1e-9:
            best, arcs = found, some[found.of(again.goes) > 0.5]
        if best.objective is not None and best.objective - answer.objective <= max(limits.gap * abs(best.objective), limits.slack):
            break
        if len(some) == len(case.arc_teacher):
            break
    if best is None or best.objective is None:
        return Unproven(bound=answer.objective)
    return Chosen(arcs=arcs, objective=best.objective, amounts=best.amounts, is_whole=False, **given)
