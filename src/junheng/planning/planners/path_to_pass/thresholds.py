"""What each school must reach in a year: the lower limit of every item, the limit of those it meets, and how many these are.

A threshold that only whole things can reach is rounded up to what they reach; where nothing but things with a fixed cost can help, one of
them is done. Both cut nothing off and bring the bound near.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.amounts import Model, numerator, target_of
from junheng.planning.planners.path_to_pass.effects import Cell, Unit
from junheng.planning.planners.path_to_pass.question import Question, unit_name
from junheng.planning.solve import Terms, Variables
from junheng.standards.framework import Requirement

Floats = NDArray[np.float64]
Cells = list[tuple[Unit, Cell]]


class Met(NamedTuple):
    """Which schools meet one requirement, as columns by the units that have data."""

    units: tuple[Unit, ...]
    columns: Variables


def every_school_passes(made: Model, question: Question) -> None:
    """Add that every school that can pass in a year does."""
    _enough(made, question, [_threshold(made, question, item) for item in question.judged.schools.requirements])


def cells_of(question: Question, item: Requirement) -> Cells:
    """Return the schools that have data of a requirement."""
    return [(unit, question.judged.cells[unit, item.id]) for unit in question.judged.units if (unit, item.id) in question.judged.cells]


def _threshold(made: Model, question: Question, item: Requirement) -> Met:
    """Add that every unit reaches the lower limit, and the limit itself where the item counts as met."""
    cells = cells_of(question, item)
    names = np.array([unit_name(question, unit) for unit, _ in cells])
    met = made.program.variables(
        Text(f"{item.title.zh}：{{school}}达标", f"{item.title.en}: {{school}} meets it"), len(cells), upper=1.0, whole=True, school=names
    )
    levels = [_level(made, question, item, unit, cell) for unit, cell in cells]
    low, full = zip(*levels, strict=True) if levels else ((), ())
    lower, upper = np.array(low, dtype=np.float64), np.array(full, dtype=np.float64)
    has = numerator(made, question, cells, own=False)
    scale = 1.0 / np.maximum(upper, 1e-9)
    zh = f"{{school}}{item.title.zh}达到要求（至少{item.near}倍限值）" if item.near else f"{{school}}{item.title.zh}"
    sentence = Text(zh, f"{{school}}: {item.title.en}, at least {item.near} of the limit")
    made.program.rule(sentence, (has - met * (upper - lower)) * scale >= lower * scale, school=names)
    _switched_on(made, question, cells, (lower, upper), met)
    _moving_threshold(made, question, item, cells, met)
    return Met(tuple(unit for unit, _ in cells), met)


def _level(made: Model, question: Question, item: Requirement, unit: Unit, cell: Cell) -> tuple[Decimal, Decimal]:
    """Return what the numerator must reach in any case, and where the item is met; where pupils move, of the fewest pupils."""
    if unit in question.left_out:
        return _kept(cell, item)
    if unit in made.moving:
        need = cell.need * (1 + question.reserve) * Decimal(repr(_fewest(made, question, unit)))
        return need * (item.near or 0), need
    return _levels(cell, item, question)


def _fewest(made: Model, question: Question, unit: Unit) -> float:
    return float(made.program.arrays().lower[made.weight[question.at].columns[question.judged.units.index(unit)]])


def _moving_threshold(made: Model, question: Question, item: Requirement, cells: Cells, met: Variables) -> None:
    """Add that schools of which the pupils may become others reach the limit of the pupils that they then have."""
    which = [k for k, (unit, _) in enumerate(cells) if unit in made.moving and unit not in question.left_out]
    if not which:
        return
    some = [cells[k] for k in which]
    weight = made.weight[question.at][[question.judged.units.index(unit) for unit, _ in some]]
    need = np.array([float(cell.need * (1 + question.reserve)) for _, cell in some])
    names, near = np.array([unit_name(question, unit) for unit, _ in some]), float(item.near or 0)
    has = numerator(made, question, some, own=False) * (1.0 / np.maximum(need, 1e-9))
    sentence = Text(f"{{school}}{item.title.zh}随学生数达到要求", f"{{school}}: {item.title.en} for the pupils it then has")
    made.program.rule(sentence, has - weight * near >= 0.0, school=names)
    spare = (1.0 - near) * made.program.arrays().upper[weight.columns]
    made.program.rule(sentence, has - weight - met[which] * spare >= -spare, school=names)


def _kept(cell: Cell, item: Requirement) -> tuple[Decimal, Decimal]:
    """Return what an item of a school that cannot pass must keep: no verdict of it becomes worse."""
    near = cell.need * (item.near or 0)
    keep = min(cell.counted, cell.need if cell.counted >= cell.need else min(near, cell.counted))
    return keep, keep


def _levels(cell: Cell, item: Requirement, question: Question) -> tuple[Decimal, Decimal]:
    """Return what the numerator must reach in any case, and where the item is met; rounded up to what whole things reach."""
    need = cell.need * (1 + question.reserve)
    low = need * item.near if item.near is not None else Decimal(0)
    steps = [abs(value) for value in cell.adds.values()]
    if not steps or len(set(steps)) > 1:
        return low, need
    step = steps[0]
    return _reached(cell.counted, step, low), _reached(cell.counted, step, need)


def _reached(now: Decimal, step: Decimal, level: Decimal) -> Decimal:
    return level if level <= now else now + ((level - now) / step).to_integral_value(ROUND_CEILING) * step


def _switched_on(made: Model, question: Question, cells: Cells, levels: tuple[Floats, Floats], met: Variables) -> None:
    helping = sorted({key for _, cell in cells for key in cell.adds})
    if not helping or any(key not in made.switch for key in helping):
        return
    total = Terms(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(len(cells)))
    measures = {each.id: each for each in question.measures}
    for key in helping:
        place = {at: k for k, at in enumerate(question.targets[key])}
        rows = [(k, place[target_of(measures[key], unit)]) for k, (unit, cell) in enumerate(cells) if key in cell.adds]
        row, where = (np.array(each, dtype=np.int64) for each in zip(*rows, strict=True))
        total = total + made.switch[key][where].sum_by(row, len(cells))
    now = np.array([float(cell.counted) for _, cell in cells])
    must, may = (now < levels[0]).astype(np.float64), ((now < levels[1]) & (now >= levels[0])).astype(np.float64)
    made.program.definition(Text("缺的只能靠施工补上", "what lacks takes a measure"), total - met * may >= must)


def _enough(made: Model, question: Question, items: Sequence[Met]) -> None:
    """Add how many items each school must meet; an item without data counts as one that is not met."""
    passes = question.judged.schools.passes
    for unit in question.judged.units:
        rows = [item.columns[[item.units.index(unit)]] for item in items if unit in item.units]
        if not rows or unit in question.left_out:
            continue
        needed = min(passes.met or len(rows), len(rows))
        total = rows[0].terms()
        for each in rows[1:]:
            total = total + each
        name = unit_name(question, unit)
        made.program.rule(Text(f"{name}至少{needed}项达标", f"{name} meets at least {needed} items"), total >= float(needed), kind="items")
