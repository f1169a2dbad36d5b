"""What can be begun tomorrow: the one measure at the one school that lifts one more school, or one more item, over its limit at least cost.

Every measure is tried at every school by counting, from today's numbers, without the plan and without an engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.effects import Unit
from junheng.planning.planners.path_to_pass.measures import Measure
from junheng.planning.planners.path_to_pass.question import Question, Target

_SHOWN = 5


class Single(NamedTuple):
    """One measure at one school."""

    measure: Measure
    at: Target
    portions: int
    yuan: Decimal
    school: Unit | None  # that passes by it
    item: str  # that is met by it
    unit: Unit
    before: float  # of the limit
    after: float


def singles(question: Question) -> tuple[Single, ...]:
    """Return the cheapest single measures: first those that make a school pass, then those that lift an item over its limit."""
    found = sorted(_all(question), key=lambda one: (one.yuan, one.portions, one.measure.id, one.at, one.item))
    passing = [one for one in found if one.school]
    return (*passing[:_SHOWN], *[one for one in found if not one.school][:_SHOWN])


def _all(question: Question) -> Iterator[Single]:
    for measure in question.measures:
        for at in question.targets[measure.id]:
            most = min(question.most[measure.id, at], _others_give(question, measure, at) if measure.kind == "move" else 1_000_000)
            for unit in (each for each in question.judged.units if each[: len(at)] == at):
                yield from _at_unit(question, measure, at, unit, most)


def _others_give(question: Question, measure: Measure, at: Target) -> int:
    return sum(question.gives[measure.id, one] for one in question.targets[measure.id] if one != at and one[1] == at[1])


def _at_unit(question: Question, measure: Measure, at: Target, unit: Unit, most: int) -> Iterator[Single]:
    for item in question.judged.schools.requirements:
        cell = question.judged.cells.get((unit, item.id))
        each = cell.adds.get(measure.id, Decimal(0)) if cell else Decimal(0)
        if cell is None or each <= 0 or cell.counted >= cell.need:
            continue
        for goal in sorted({cell.need, cell.need * (item.near or 1)}):
            if goal <= cell.counted:
                continue
            portions = max(int(((goal - cell.counted) / each).to_integral_value(ROUND_CEILING)), measure.least)
            if portions > most:
                continue
            has = {other: _has(question, unit, other, measure, portions) for other in question.judged.schools_items}
            school = unit if not passes(question, unit) and passes(question, unit, has) else None
            if not school and cell.counted + each * portions < cell.need:
                continue
            yuan = Decimal(0) if measure.kind == "move" else measure.yuan * portions + measure.fixed_yuan
            shares = [float(number / cell.need) for number in (cell.counted, cell.counted + each * portions)]
            yield Single(measure, at, portions, yuan, school, item.id, unit, *shares)


def _has(question: Question, unit: Unit, item: str, measure: Measure, portions: int) -> Decimal | None:
    cell = question.judged.cells.get((unit, item))
    return None if cell is None else cell.counted + cell.adds.get(measure.id, Decimal(0)) * portions


def passes(question: Question, unit: Unit, has: Mapping[str, Decimal | None] | None = None) -> bool:
    """Return whether a school passes; has: its numerators where they are not today's. An item without data is one that is not met."""
    met = known = 0
    for item in question.judged.schools.requirements:
        cell = question.judged.cells.get((unit, item.id))
        number = cell.counted if cell and has is None else (has or {}).get(item.id)
        if cell is None or number is None:
            continue
        known += 1
        met += number >= cell.need
        if number < cell.need * (item.near or 0):
            return False
    return known > 0 and met >= min(question.judged.schools.passes.met or known, known)


def effect(question: Question, one: Single) -> Text:
    """Return what a single measure does, in words."""
    title = next(item.title for item in question.judged.schools.requirements if item.id == one.item)
    zh, en = f"{title.zh}由限值的{one.before:.0%}到{one.after:.0%}", f"{title.en} from {one.before:.0%} of the limit to {one.after:.0%}"
    return Text(f"{zh}，该校即达标", f"{en}; the school then passes") if one.school else Text(zh, en)
