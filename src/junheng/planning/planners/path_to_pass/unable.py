"""What cannot pass at any price: schools whose sites are full, coefficients that every measure at its most leaves above their limit.

Both are relaxed questions: a school is asked alone, as if every other gave it all the teachers it may; a coefficient alone, without
thresholds, budget or whole numbers of other items. What fails even so fails in every plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.effects import Cell, Unit
from junheng.planning.planners.path_to_pass.model import alone
from junheng.planning.planners.path_to_pass.question import STAGES, Question, Target, percent
from junheng.planning.solve import Impossible, Limits
from junheng.planning.spread_search import solve_spread
from junheng.standards.framework import Requirement

_LOOSE = Limits(gap=1.0, nodes=1)
_HALVINGS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Unable:
    """One item of a school, or one coefficient of a stage, that cannot come up to what is asked."""

    school: str  # "" for a coefficient
    stage: str
    item: str
    most: float  # as a share of the limit; of a coefficient the least that it can be
    asked: float
    why: Text


def without_the_unable(question: Question) -> tuple[Question, tuple[Unable, ...]]:
    """Return the question for the rest, and what was left out with its reasons."""
    schools: dict[Unit, tuple[Unable, ...]] = {}
    spreads: dict[tuple[str, str], Unable] = {}
    for year in question.every:  # the first year in which it cannot pass is the one that is told
        for unit in year.judged.units:
            schools[unit] = schools.get(unit) or tuple(_of_school(year, unit))
        for one in _of_spreads(year, frozenset(spreads)):
            spreads[one.stage, one.item] = one
    left, out = frozenset(unit for unit, found in schools.items() if found), frozenset(spreads)
    asked = question.changed(lambda year: replace(year, left_out=left, spreads_out=out))
    return asked, (*(one for found in schools.values() for one in found), *spreads.values())


def _of_school(question: Question, unit: Unit) -> Iterator[Unable]:
    """Yield the items for which a school cannot pass: those below the lower limit, or else those that keep it from the number asked."""
    items = [
        (item, question.judged.cells[unit, item.id])
        for item in question.judged.schools.requirements
        if (unit, item.id) in question.judged.cells
    ]
    reach = {item.id: reached(question, unit, cell) for item, cell in items}
    room = 1 + question.reserve
    near = [(item, cell, item.near or Decimal(0)) for item, cell in items if reach[item.id] < cell.need * (item.near or 0) * room]
    short = [(item, cell, Decimal(1)) for item, cell in items if reach[item.id] < cell.need * room]
    needed = min(question.judged.schools.passes.met or len(items), len(items))
    blamed = near or (short if len(items) - len(short) < needed else [])
    for item, cell, asked in blamed:
        most = float(reach[item.id] / cell.need / room)
        zh = f"{_said(item.title.zh, most, asked)}；{_ceilings(question, unit, cell).zh}"
        en = f"{item.title.en}: at most {percent(most)} of the limit, {percent(asked)} asked; {_ceilings(question, unit, cell).en}"
        yield Unable(school=unit[0], stage=unit[1], item=item.id, most=most, asked=float(asked), why=Text(zh, en))


def _said(title: str, most: float, asked: Decimal) -> str:
    return f"{title}最多做到限值的{percent(most)}，要求{percent(asked)}"


def reached(question: Question, unit: Unit, cell: Cell) -> Decimal:
    """Return the most that a school can have of an item when it takes every measure at its most, and every teacher that may come."""
    total = cell.counted
    for measure in question.measures:
        each = cell.adds.get(measure.id, Decimal(0))
        if each > 0:
            at = unit if measure.per == "stage" else unit[:1]
            total += each * (_may_come(question, measure.id, at) if measure.kind == "move" else question.most.get((measure.id, at), 0))
    return total


def _may_come(question: Question, name: str, at: Target) -> int:
    others = sum(question.gives[name, one] for one in question.targets[name] if one != at and one[1] == at[1])
    return min(question.most[name, at], others)


def _ceilings(question: Question, unit: Unit, cell: Cell) -> Text:
    """Return how much of each measure that would help a school can take."""
    zh, en = [], []
    for measure in question.measures:
        if cell.adds.get(measure.id, Decimal(0)) <= 0:
            continue
        at = unit if measure.per == "stage" else unit[:1]
        many = (_may_come(question, measure.id, at) if measure.kind == "move" else question.most.get((measure.id, at), 0)) * measure.grain
        word = measure.unit_words
        zh.append(f"{measure.title.zh}最多{many:,}{word.zh}")
        en.append(f"{measure.title.en}: at most {many:,} {word.en}")
    return Text("、".join(zh), ", ".join(en)) if zh else Text("没有能改变它的措施", "no measure changes it")


def _of_spreads(question: Question, known: frozenset[tuple[str, str]]) -> Iterator[Unable]:
    part = question.judged.spread
    for item in part.requirements if part else ():
        for stage in question.judged.schools.stages:
            limit, verdict, value = question.judged.spreads.get((stage, item.id), (None, "no_data", None))
            if (
                limit is None
                or verdict in ("no_data", "met")
                or value is None
                or (stage, item.id) in known
                or _can(question, stage, item, float(limit))
            ):
                continue
            least = _least(question, (stage, item), float(limit), value)
            words = STAGES.get(stage, Text(stage, stage))
            zh = f"{words.zh}{item.title.zh}：所有措施用到上限，约为{least:.3f}，要求不超过{limit:.2f}"
            en = f"{words.en}, {item.title.en}: about {least:.3f} with every measure at its most, {limit:.2f} asked"
            yield Unable(school="", stage=stage, item=item.id, most=least, asked=float(limit), why=Text(zh, en))


def _can(question: Question, stage: str, item: Requirement, limit: float) -> bool:
    """Return whether some amounts of measures bring a coefficient to a limit, all else left aside."""
    made = alone(question, item, stage, limit)
    return not made.spreads or not isinstance(solve_spread(made.program, made.spreads, _LOOSE), Impossible)


def _least(question: Question, which: tuple[str, Requirement], low: float, high: float) -> float:
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _can(question, *which, middle) else (middle, high)
    return high
