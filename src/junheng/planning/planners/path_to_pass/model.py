"""The path as one program: amounts of measures, what each school then has in every year, what it meets, how far apart schools are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.amounts import Model, amounts, no_school_loses_too_many, numerator, the_money_suffices
from junheng.planning.planners.path_to_pass.question import STAGES, Question
from junheng.planning.planners.path_to_pass.thresholds import Cells, cells_of, every_school_passes
from junheng.planning.planners.path_to_pass.zone_rules import Going, villages_go
from junheng.planning.spread import limit_spread
from junheng.planning.spread_moving import limit_moving_spread
from junheng.standards.framework import Requirement

Key = tuple[str, str]  # stage, requirement


def model(question: Question, eased: Mapping[Key, float] | None = None, going: Going | None = None) -> Model:
    """Return the program. eased: other limits of coefficients; going: villages that may change their catchment."""
    made = amounts(question)
    if going is not None and going.ways:
        villages_go(made, question, going)
    no_school_loses_too_many(made, question)
    the_money_suffices(made, question)
    for year in question.every:
        every_school_passes(made, year)
        _spreads(made, year, eased or {})
    return made


def alone(question: Question, item: Requirement, stage: str, limit: float) -> Model:
    """Return the program of one coefficient in one year and nothing else."""
    made = amounts(question)
    cells = _spread_cells(question, item, stage)
    if len(cells) > 1:
        _spread(made, question, (item, stage), cells, limit)
    return made


def _spreads(made: Model, question: Question, eased: Mapping[Key, float]) -> None:
    part = question.judged.spread
    for item in part.requirements if part else ():
        for stage in question.judged.schools.stages:
            limit, verdict, _ = question.judged.spreads.get((stage, item.id), (None, "no_data", None))
            cells = _spread_cells(question, item, stage)
            if limit is None or verdict == "no_data" or len(cells) < 2 or (stage, item.id) in question.spreads_out:
                continue
            _spread(made, question, (item, stage), cells, eased.get((stage, item.id), float(limit)))


def _spread_cells(question: Question, item: Requirement, stage: str) -> Cells:
    """Return the schools over which a coefficient goes."""
    member = next((each for each in question.judged.schools.requirements if f"{each.indicator}.cv" == item.indicator), None)
    return [] if member is None else [(unit, cell) for unit, cell in cells_of(question, member) if unit[1] == stage]


def _spread(made: Model, question: Question, which: tuple[Requirement, str], cells: Cells, limit: float) -> None:
    item, stage = which
    weight = np.array([float(cell.weight) for _, cell in cells])
    factor = np.array([float(cell.weight / cell.denominator) for _, cell in cells])
    amount = numerator(made, question, cells, own=True) * factor
    typical = max(float(amount.constant.sum() / weight.sum()), 1e-9)
    title = Text(f"{STAGES[stage].zh}{item.title.zh}不超过{limit:g}", f"{STAGES[stage].en}: {item.title.en} at most {limit:g}")
    if any(unit in made.moving for unit, _ in cells):
        upper = made.program.arrays().upper[amount.column]
        most = float((np.maximum(amount.value, 0.0) * upper).sum() + amount.constant.sum()) / float(weight.sum()) / typical
        new = made.weight[question.at][[question.judged.units.index(unit) for unit, _ in cells]]
        made.spreads.append(limit_moving_spread(made.program, title, amount, (weight, new), limit, typical, (0.0, most)))
    else:
        made.spreads.append(limit_spread(made.program, title, amount, weight, limit, typical))
    made.spread_of.append((question, (stage, item.id)))
