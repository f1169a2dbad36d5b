"""What is saved where a rule that binds gives way: a coefficient, an item of schools, how many items, the lower limit of the others.

A price is the difference of two plans. It counts as proven where the bound of the first says nearly as much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.choose import Chosen, coefficient, numerator
from junheng.planning.planners.path_to_pass.question import STAGES, Question, percent, yuan_words
from junheng.planning.proposal import Price
from junheng.planning.solve import Limits, Watch
from junheng.standards.framework import Requirement

_CENT = 0.5  # yuan
_NEARLY = 0.93  # of a saving is proven: then it counts as proven
_BINDS = 0.02  # a coefficient within this share of its limit is asked for its price


class Cost(NamedTuple):
    """What a plan comes to, and what none comes to less than."""

    objective: float
    bound: float


class Eased(NamedTuple):
    """A rule that gives way: the question that then is asked."""

    ask: Callable[[Question], Question]
    rule: Text
    by: float
    unit: str
    option: str = ""


Find = Callable[[Eased], Cost | None]


def priced(cost: Cost, eased: Iterator[Eased], find: Find, limits: Limits, watch: Watch) -> Iterator[Price]:
    """Yield the price of each rule. cost: of the plan proposed; find: the plan of a rule that gave way, None where there is none."""
    for one in eased:
        if watch.cancelled is not None and watch.cancelled():
            return
        answer = find(one)
        if answer is None:
            continue
        saves, sure = _yuan(cost.objective - answer.objective), max(0.0, cost.bound - answer.objective)
        most = max(0.0, cost.objective - answer.bound)
        proven = sure >= _NEARLY * saves and (saves > 0 or most <= limits.gap * cost.objective)
        money = yuan_words(saves)
        gain = Text(f"可省{money.zh}", f"saves {money.en}") if saves else Text("不省钱", "saves nothing")
        rule = Text(f"{one.rule.zh}，{gain.zh}", f"{one.rule.en} {gain.en}")
        yield Price(rule=rule, saves=saves, by=one.by, unit=one.unit, option=one.option, proven=proven)


def _yuan(more: float) -> float:
    """Return a difference of two plans: less than half a yuan is the engine's rounding."""
    return more if more >= _CENT else 0.0


def rules_that_bind(question: Question, chosen: Chosen, step: Decimal) -> Iterator[Eased]:
    """Yield what may give way by a step, of a question with its plan; nothing for a step of 0, or a plan that costs nothing."""
    if step and chosen.objective:
        yield from _coefficients(question, chosen, step)
        yield from _items(question, chosen, step)
        yield from _enough(question)
        yield from _floor(question, step)


def _coefficients(question: Question, chosen: Chosen, step: Decimal) -> Iterator[Eased]:
    """Yield the coefficients that are at their limit or next to it in a plan, in any year."""
    part = question.judged.spread
    for key, (limit, verdict, _) in sorted(question.judged.spreads.items()):
        if limit is None or verdict == "no_data" or key in question.spreads_out:
            continue
        near = (Fraction(limit) * Fraction(1 - _BINDS)) ** 2
        if all(coefficient(year, chosen, *key) < near for year in question.every):
            continue
        item = next(each for each in (part.requirements if part else ()) if each.id == key[1])
        stage = STAGES.get(key[0], Text(key[0], key[0]))
        zh = f"{stage.zh}第{item.number}项“{item.title.zh}”上限从{limit:.2f}放宽到{limit + step:.2f}"
        en = f"{stage.en}, {item.number}: {item.title.en}, limit from {limit:.2f} to {limit + step:.2f}"
        yield Eased(_with_limit(key, limit + step), Text(zh, en), float(step), "1")


def _with_limit(key: tuple[str, str], limit: Decimal) -> Callable[[Question], Question]:
    def eased(year: Question) -> Question:
        _, verdict, value = year.judged.spreads[key]
        return replace(year, judged=replace(year.judged, spreads={**year.judged.spreads, key: (limit, verdict, value)}))

    return lambda question: question.changed(eased)


def _items(question: Question, chosen: Chosen, step: Decimal) -> Iterator[Eased]:
    """Yield the items that some school came to meet by the plan, each with its limit lower by a share."""
    for item in question.judged.schools.requirements:
        if not any(_is_lifted(year, chosen, item) for year in question.every):
            continue
        limits = sorted({cell.limit for (_, name), cell in question.judged.cells.items() if name == item.id})
        numbers = "、".join(f"{_plain(limit)}→{_plain(limit * (1 - step))}" for limit in limits)
        rule = Text(
            f"第{item.number}项“{item.title.zh}”限值降低{step:.0%}（{numbers}）", f"{item.number}: {item.title.en}, limit {step:.0%} lower"
        )
        yield Eased(_with_lower(item, step), rule, float(step * 100), "%")


def _is_lifted(year: Question, chosen: Chosen, item: Requirement) -> bool:
    return any(
        cell.counted < cell.need <= numerator(year, chosen, unit, item.id, own=False)
        for (unit, name), cell in year.judged.cells.items()
        if name == item.id
    )


def _with_lower(item: Requirement, step: Decimal) -> Callable[[Question], Question]:
    def eased(year: Question) -> Question:
        lower = {
            key: replace(cell, need=cell.need * (1 - step), limit=cell.limit * (1 - step))
            for key, cell in year.judged.cells.items()
            if key[1] == item.id
        }
        return replace(year, judged=replace(year.judged, cells={**year.judged.cells, **lower}))

    return lambda question: question.changed(eased)


def _plain(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.0001')).normalize():f}"


def _with_part(**changes: object) -> Callable[[Question], Question]:
    def eased(year: Question) -> Question:
        part = replace(year.judged.schools, **changes)  # type: ignore[arg-type]
        return replace(year, judged=replace(year.judged, schools=part))

    return lambda question: question.changed(eased)


def _enough(question: Question) -> Iterator[Eased]:
    passes = question.judged.schools.passes
    if passes.met is not None and passes.met > 1:
        rule = Text(
            f"每校达标项数从{passes.met}项放宽到{passes.met - 1}项", f"items that a school must meet from {passes.met} to {passes.met - 1}"
        )
        yield Eased(_with_part(passes=passes._replace(met=passes.met - 1)), rule, 1.0, "items")


def _floor(question: Question, step: Decimal) -> Iterator[Eased]:
    items = question.judged.schools.requirements
    now = {item.near for item in items if item.near is not None}
    if len(now) != 1:
        return
    near = now.pop()
    lower = tuple(item if item.near is None else replace(item, near=near - step) for item in items)
    rule = Text(
        f"其余项的底线从{percent(near)}放宽到{percent(near - step)}",
        f"lower limit of the other items from {percent(near)} to {percent(near - step)}",
    )
    yield Eased(_with_part(requirements=lower), rule, float(step * 100), "%")
