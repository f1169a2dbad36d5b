"""What the planner says beside its steps: the bill, the moves, every item and coefficient before and after, and what cannot be decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import polars as pl

from junheng.planning.planners.path_to_pass.choose import Chosen, coefficient, numerator
from junheng.planning.planners.path_to_pass.question import Question
from junheng.planning.planners.path_to_pass.steps import Made

_BILL = {
    "measure": pl.String,
    "school": pl.String,
    "stage": pl.String,
    "amount": pl.Int64,
    "unit": pl.String,
    "yuan": pl.Float64,
    "start": pl.Int64,
    "assumed": pl.String,
}
_MOVES = {"measure": pl.String, "from": pl.String, "to": pl.String, "stage": pl.String, "teachers": pl.Int64}
_VALUES = {
    "school": pl.String,
    "stage": pl.String,
    "item": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "limit": pl.Float64,
    "met": pl.String,
}
_SPREADS = {"stage": pl.String, "item": pl.String, "before": pl.Float64, "after": pl.Float64, "limit": pl.Float64}
_OPEN = {"school": pl.String, "stage": pl.String, "item": pl.String}


def tables(question: Question, chosen: Chosen, made: Made) -> Mapping[str, pl.DataFrame]:
    """Return the result tables by the names of planner.yaml."""
    bill = [
        (
            line.measure.title.zh,
            line.at[0],
            line.at[1] if len(line.at) > 1 else "",
            line.portions * line.measure.grain,
            line.measure.unit,
            float(line.yuan),
            line.start,
            "假设 assumed" if line.measure.assumed else line.measure.source or "本县 county",
        )
        for line in made.lines
    ]
    moves = [(move.measure.title.zh, move.giver[0], move.taker[0], move.giver[1], move.teachers) for move in made.moves]
    undecided = [
        (*unit, item.id)
        for unit in question.judged.units
        for item in question.judged.schools.requirements
        if (unit, item.id) not in question.judged.cells
    ]
    return {
        "bill": pl.DataFrame(bill, schema=_BILL, orient="row"),
        "moves": pl.DataFrame(moves, schema=_MOVES, orient="row"),
        "values": pl.DataFrame(list(_values(question, chosen)), schema=_VALUES, orient="row"),
        "spreads": pl.DataFrame(list(_spreads(question, chosen)), schema=_SPREADS, orient="row"),
        "undecided": pl.DataFrame(undecided, schema=_OPEN, orient="row"),
    }


def _values(question: Question, chosen: Chosen) -> Iterator[tuple[object, ...]]:
    for unit in question.judged.units:
        for item in question.judged.schools.requirements:
            cell = question.judged.cells.get((unit, item.id))
            if cell is None:
                continue
            after = numerator(question, chosen, unit, item.id, own=False)
            per = Decimal(1) / (cell.need / cell.limit) if cell.need and cell.limit else Decimal(0)
            met = "达标 met" if after >= cell.need else "不低于下限 near"
            yield (*unit, item.id, float(cell.counted * per), float(after * per), float(cell.limit), met)


def _spreads(question: Question, chosen: Chosen) -> Iterator[tuple[object, ...]]:
    for (stage, item), (limit, verdict, value) in sorted(question.judged.spreads.items()):
        if limit is not None and verdict != "no_data":
            yield (stage, item, value, float(coefficient(question, chosen, stage, item)) ** 0.5, float(limit))
