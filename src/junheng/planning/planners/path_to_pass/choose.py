"""Which measures: the cheapest amounts that keep every rule in every year, with every coefficient checked in fractions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from junheng.planning.planners.path_to_pass.amounts import Model, late
from junheng.planning.planners.path_to_pass.effects import Unit
from junheng.planning.planners.path_to_pass.model import model
from junheng.planning.planners.path_to_pass.question import Question, Target
from junheng.planning.solve import Amount, Impossible, Limits, Solved, Unproven, Variables, Watch
from junheng.planning.spread import squared
from junheng.planning.spread_search import solve_spread

_TIGHTER, _AGAIN = 2e-6, 6  # of a limit, when rounding broke it


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Amounts in portions, and how far from the best possible they may be."""

    adds: dict[tuple[str, Target], int]
    leaves: dict[tuple[str, Target], int]
    objective: float
    bound: float
    amounts: tuple[Amount, ...]


def choose(question: Question, limits: Limits, seed: int, watch: Watch) -> Chosen | Impossible | Unproven:
    """Return the cheapest amounts. Every coefficient is at most its limit in fractions, without tolerance."""
    eased: dict[tuple[str, str], float] = {}
    bound = -np.inf
    for again in range(_AGAIN):
        made = model(question, eased)
        answer = solve_spread(made.program, made.spreads, limits, late=late_columns(made), seed=seed, watch=watch)
        if isinstance(answer, Impossible) or answer.values is None or answer.objective is None:
            return answer if not isinstance(answer, Solved) else Unproven(bound=answer.bound)
        bound = max(bound, answer.bound) if again == 0 else bound
        chosen = _chosen(question, made, answer, min(bound, answer.objective))
        broken = {key for year, key in made.spread_of if not is_kept(year, chosen, *key)}
        if not broken:
            return chosen
        for stage, item in sorted(broken):
            limit = question.judged.spreads[stage, item][0]
            eased[stage, item] = float(limit or 0) * (1 - _TIGHTER * 4**again)
    return Unproven(bound=bound)


def late_columns(made: Model) -> Variables | None:
    """Return the whole numbers of which a fraction changes the cost little; None for none."""
    columns = np.array(list(late(made)), dtype=np.int64)
    return Variables(columns) if len(columns) else None


def _chosen(question: Question, made: Model, answer: Solved | Unproven, bound: float) -> Chosen:
    adds, leaves = {}, {}
    for name, variables in made.amount.items():
        into = np.rint(answer.of(variables)).astype(int).tolist()
        out = np.rint(answer.of(made.leaves[name])).astype(int).tolist() if name in made.leaves else [0] * len(into)
        for at, came, left in zip(question.targets[name], into, out, strict=True):
            both = min(came, left)
            if came - both:
                adds[name, at] = came - both
            if left - both:
                leaves[name, at] = left - both
    return Chosen(adds=adds, leaves=leaves, objective=answer.objective or 0.0, bound=bound, amounts=answer.amounts)


def numerator(question: Question, chosen: Chosen, unit: Unit, item: str, *, own: bool) -> Decimal:
    """Return exactly what a unit has of one requirement when the measures are done."""
    cell = question.judged.cells[unit, item]
    total = cell.own if own else cell.counted
    for name, each in (cell.adds_own if own else cell.adds).items():
        measure = next(one for one in question.measures if one.id == name)
        at = unit if measure.per == "stage" else unit[:1]
        total += each * (chosen.adds.get((name, at), 0) - chosen.leaves.get((name, at), 0))
    return total


def coefficient(question: Question, chosen: Chosen, stage: str, item: str) -> Fraction:
    """Return the squared coefficient of variation when the measures are done, exactly."""
    parts = list(spread_parts(question, chosen, stage, item))
    return squared([amount for _, amount, _ in parts], [weight for _, _, weight in parts])


def spread_parts(question: Question, chosen: Chosen, stage: str, item: str) -> Iterator[tuple[Unit, Fraction, Fraction]]:
    """Yield the schools over which a coefficient goes, each with its amount (weight times value) and its weight, exactly."""
    part = question.judged.spread
    assert part is not None
    requirement = next(each for each in part.requirements if each.id == item)
    member = next(each for each in question.judged.schools.requirements if f"{each.indicator}.cv" == requirement.indicator)
    for unit in question.judged.units:
        cell = question.judged.cells.get((unit, member.id))
        if cell is not None and unit[1] == stage:
            has = Fraction(numerator(question, chosen, unit, member.id, own=True))
            yield unit, has * Fraction(cell.weight) / Fraction(cell.denominator), Fraction(cell.weight)


def is_kept(question: Question, chosen: Chosen, stage: str, item: str) -> bool:
    """Return whether a coefficient is at most its limit, in fractions."""
    limit = question.judged.spreads[stage, item][0]
    return limit is None or coefficient(question, chosen, stage, item) <= Fraction(limit) ** 2
