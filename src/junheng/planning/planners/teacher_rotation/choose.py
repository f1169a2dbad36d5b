"""Solving: prices prove a bound over every way to go; whole numbers are sought among the ways that the prices leave in question."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from junheng.planning.planners.teacher_rotation.case import Case, Floats, Ints
from junheng.planning.planners.teacher_rotation.model import Model, model
from junheng.planning.planners.teacher_rotation.prices import Priced, priced
from junheng.planning.solve import Amount, Impossible, Limits, Progress, Solved, Unproven, Watch, solve
from junheng.planning.solve.engine import gap

_SMALL = 1_500  # ways up to which all are looked at at once
_NEAR = (0.5, 2.0)  # km beyond the bound within which ways are looked at, first and then
_LARGE = 4_000  # ways from which a flow that need not be whole says first which are in question
_PARTED, _TINY = 2.0, 1e-6  # km within which the ways of those whom it parts stay in question
_PART = 0.3  # of the gap asked for that the search itself may leave


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """Who goes where, and what a reader needs to check it."""

    arcs: Ints  # chosen, of the case
    objective: float
    bound: float
    amounts: tuple[Amount, ...]
    priced: Priced
    searched: int  # ways among which whole numbers were sought last

    @property
    def reduced(self) -> Floats:
        """Return what each way adds to the bound at least: (all arcs,)."""
        return self.priced.extra


def choose(case: Case, limits: Limits, seed: int, watch: Watch) -> Chosen | Impossible | Unproven:
    """Return the best moves with their proof; the bound holds over all ways, also those that no program saw."""
    prices = priced(case)
    if watch.progress:
        watch.progress(Progress(None, prices.bound, 0))
    every, best = len(case.arc_teacher), None
    for turn in range(len(_NEAR) + 2):
        within = _within(case, prices, turn, best)
        found, many = _searched(case, prices, within, (limits, seed, watch)), len(within)
        if isinstance(found, Impossible):
            if many == every:
                return found
            continue
        best = _better(best, found)
        is_cancelled = bool(watch.cancelled and watch.cancelled())
        if many == every or is_cancelled or (best and gap(best.objective, best.bound) <= limits.gap):
            break
    return best or Unproven(bound=prices.bound)


def _within(case: Case, prices: Priced, turn: int, best: Chosen | None) -> Ints:
    """Return the ways to look at in a turn: a few, then more, then all that could be in a better plan, then all."""
    every = np.arange(len(case.arc_teacher))
    if len(every) <= _SMALL or turn > len(_NEAR) or (turn == len(_NEAR) and best is None):
        return every
    near = _NEAR[turn] if turn < len(_NEAR) or best is None else best.objective - prices.bound
    needed = np.flatnonzero(case.arc_owed.any(axis=0) & np.isfinite(prices.extra)) if len(case.owed) else case.must
    return np.union1d(np.union1d(np.flatnonzero(prices.extra <= near), case.must), needed)


def _searched(case: Case, prices: Priced, within: Ints, how: tuple[Limits, int, Watch]) -> Chosen | Impossible | None:
    """Return the best plan of some ways; None where the limits were reached without one.

    A plan with another way comes to the bound and what that way adds to it; so no plan comes to less than the lesser of that and of
    what the search proves.
    """
    limits, seed, watch = how
    near, least, is_all = within, -np.inf, len(within) == len(case.arc_teacher)
    if len(within) > _LARGE:
        rough = model(case, within, whole=False)
        flow = solve(rough.program, limits, seed=seed, watch=watch, engine="highs_corner", explained=is_all)
        if isinstance(flow, Impossible):
            return flow
        if isinstance(flow, Solved):
            near, least = _in_question(case, prices, rough, flow), flow.objective
    built = model(case, near, whole=True)
    found = solve(built.program, replace(limits, gap=_PART * limits.gap), seed=seed, watch=watch, explained=is_all)
    if isinstance(found, Impossible):
        return found if len(near) == len(within) else None
    if found.objective is None:
        return None
    proven = found.bound if len(near) == len(within) else least
    others = prices.extra.copy()
    others[within] = np.inf
    beyond = prices.bound + float(others.min(initial=np.inf))
    bound = min(found.objective, max(prices.bound, min(proven, beyond)))
    arcs = built.arcs[found.of(built.goes) > 0.5]
    return Chosen(arcs=arcs, objective=found.objective, bound=bound, amounts=found.amounts, priced=prices, searched=len(within))


def _in_question(case: Case, prices: Priced, rough: Model, flow: Solved) -> Ints:
    """Return the ways that a flow takes, and of those who are parted between several all that are nearly as good."""
    goes = flow.of(rough.goes)
    is_parted = np.zeros(len(case.names), dtype=np.bool_)
    is_parted[case.arc_teacher[rough.arcs[np.abs(goes - np.round(goes)) > _TINY]]] = True
    others = np.flatnonzero(is_parted[case.arc_teacher] & (prices.extra <= _PARTED))
    if len(case.owed):
        others = np.union1d(others, np.flatnonzero(case.arc_owed.any(axis=0) & (prices.extra <= _PARTED)))
    return np.union1d(rough.arcs[goes > _TINY], np.union1d(others, case.must))


def _better(best: Chosen | None, found: Chosen | None) -> Chosen | None:
    """Return the cheaper of two plans with the higher of their bounds."""
    if best is None or found is None:
        return best or found
    cheaper = found if found.objective < best.objective else best
    return replace(cheaper, bound=min(cheaper.objective, max(best.bound, found.bound)), searched=found.searched)
