"""Which measures: the cheapest amounts that keep every rule, checked in fractions, and what limits that bind would save by giving way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.effects import Unit
from junheng.planning.planners.path_to_pass.model import Model, late, model
from junheng.planning.planners.path_to_pass.question import STAGES, Question, Target, yuan_words
from junheng.planning.proposal import Price
from junheng.planning.solve import Amount, Impossible, Limits, Solved, Unproven, Variables, Watch
from junheng.planning.spread import squared
from junheng.planning.spread_search import solve_spread

_TIGHTER, _AGAIN = 2e-6, 6  # of a limit, when rounding broke it
_NEARLY = 0.93  # of a saving is proven: then it counts as proven
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
        answer = solve_spread(made.program, made.spreads, limits, late=late_columns(made), seed=seed, watch=watch)
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


def prices(question: Question, chosen: Chosen, step: float, limits: Limits, watch: Watch) -> tuple[Price, ...]:
    """Return what is saved where a coefficient that binds gives way by a step.

    What is told is what the two plans differ by; it is proven where the bound of this plan says nearly as much.
    """
    part = question.judged.spread
    if not step or part is None or not chosen.objective:
        return ()
    found = []
    for stage, item in binding(question, chosen):
        limit = float(question.judged.spreads[stage, item][0] or 0)
        made = model(question, {(stage, item): limit + step})
        answer = solve_spread(made.program, made.spreads, limits, late=late_columns(made), watch=watch)
        if isinstance(answer, Impossible) or answer.objective is None:
            continue
        saves, sure = max(0.0, chosen.objective - answer.objective), max(0.0, chosen.bound - answer.objective)
        rule = _price_words(question, (stage, item), (limit, limit + step), saves)
        most = max(0.0, chosen.objective - answer.bound)
        proven = sure >= _NEARLY * saves and (saves > 0 or most <= limits.gap * chosen.objective)
        found.append(Price(rule=rule, saves=saves, by=step, unit="1", proven=proven))
    return tuple(found)


def binding(question: Question, chosen: Chosen) -> list[tuple[str, str]]:
    """Return the coefficients, by stage and requirement, that are at their limit or next to it in a plan."""
    return [
        key
        for key, (limit, verdict, _) in sorted(question.judged.spreads.items())
        if limit is not None and verdict != "no_data" and key not in question.spreads_out
        if coefficient(question, chosen, *key) >= (Fraction(limit) * Fraction(1 - _BINDS)) ** 2
    ]


def _price_words(question: Question, which: tuple[str, str], limits: tuple[float, float], saves: float) -> Text:
    part = question.judged.spread
    item = next(each for each in (part.requirements if part else ()) if each.id == which[1])
    stage, money = STAGES.get(which[0], Text(which[0], which[0])), yuan_words(saves)
    from_, to = limits
    gain = Text(f"可省{money.zh}", f"saves {money.en}") if saves else Text("不省钱", "saves nothing")
    zh = f"{stage.zh}第{item.number}项“{item.title.zh}”上限从{from_:.2f}放宽到{to:.2f}，{gain.zh}"
    en = f"{stage.en}, {item.number}: {item.title.en}, limit from {from_:.2f} to {to:.2f} {gain.en}"
    return Text(zh, en)
