"""Which measures: the cheapest amounts that keep every rule, checked in fractions, and what limits that bind would save by giving way."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.effects import Unit
from junheng.planning.planners.path_to_pass.model import Model, late, model
from junheng.planning.planners.path_to_pass.question import Question, Target
from junheng.planning.proposal import Price
from junheng.planning.solve import Amount, Impossible, Limits, Solved, Unproven, Variables, Watch
from junheng.planning.spread import squared
from junheng.planning.spread_search import solve_spread

_TIGHTER, _AGAIN = 2e-6, 6  # of a limit, when rounding broke it
_BINDS = 0.02  # a coefficient within this share of its limit is asked for its price


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
        answer = solve_spread(made.program, made.spreads, limits, late=_late(made), seed=seed, watch=watch)
        if isinstance(answer, Impossible) or answer.values is None or answer.objective is None:
            return answer if not isinstance(answer, Solved) else Unproven(bound=answer.bound)
        bound = max(bound, answer.bound) if again == 0 else bound
        chosen = _chosen(question, made, answer, min(bound, answer.objective))
        broken = [key for key in made.spread_of if not is_kept(question, chosen, *key)]
        if not broken:
            return chosen
        for stage, item in broken:
            limit = question.judged.spreads[stage, item][0]
            eased[stage, item] = float(limit or 0) * (1 - _TIGHTER * 4**again)
    return Unproven(bound=bound)


def _late(made: Model) -> Variables | None:
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
    part = question.judged.spread
    assert part is not None
    requirement = next(each for each in part.requirements if each.id == item)
    member = next(each for each in question.judged.schools.requirements if f"{each.indicator}.cv" == requirement.indicator)
    units = [unit for unit in question.judged.units if unit[1] == stage and (unit, member.id) in question.judged.cells]
    cells = [question.judged.cells[unit, member.id] for unit in units]
    amounts = [
        Fraction(numerator(question, chosen, unit, member.id, own=True)) * Fraction(cell.weight) / Fraction(cell.denominator)
        for unit, cell in zip(units, cells, strict=True)
    ]
    return squared(amounts, [Fraction(cell.weight) for cell in cells])


def is_kept(question: Question, chosen: Chosen, stage: str, item: str) -> bool:
    """Return whether a coefficient is at most its limit, in fractions."""
    limit = question.judged.spreads[stage, item][0]
    return limit is None or coefficient(question, chosen, stage, item) <= Fraction(limit) ** 2


def prices(question: Question, chosen: Chosen, step: float, limits: Limits, watch: Watch) -> tuple[Price, ...]:
    """Return what is saved where a coefficient that binds gives way by a step."""
    found = []
    part = question.judged.spread
    for (stage, item), (limit, verdict, _) in sorted(question.judged.spreads.items()):
        if not step or limit is None or verdict == "no_data" or part is None or not chosen.objective:
            continue
        if coefficient(question, chosen, stage, item) < (Fraction(limit) * Fraction(1 - _BINDS)) ** 2:
            continue
        made = model(question, {(stage, item): float(limit) + step})
        answer = solve_spread(made.program, made.spreads, limits, late=_late(made), watch=watch)
        if answer is None or isinstance(answer, Impossible) or answer.objective is None:
            continue
        title = next(each.title for each in part.requirements if each.id == item)
        words = {"primary": "小学", "junior": "初中"}.get(stage, stage)
        rule = Text(
            f"{words}{title.zh}由{limit:.2f}放宽到{float(limit) + step:.2f}",
            f"{stage}: {title.en}, from {limit:.2f} to {float(limit) + step:.2f}",
        )
        saves = max(0.0, chosen.objective - answer.objective)
        found.append(Price(rule=rule, saves=saves, by=step, unit="1", proven=False))
    return tuple(found)
