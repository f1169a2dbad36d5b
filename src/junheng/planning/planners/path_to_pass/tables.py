"""What the planner says beside its steps: the bill, the moves, every item and coefficient before and after, and what cannot be decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import polars as pl

from junheng.errors import Text
from junheng.planning.declaration import EVERYWHERE
from junheng.planning.planners.path_to_pass.choose import Chosen, coefficient, numerator
from junheng.planning.planners.path_to_pass.others import WORDS as FRONT
from junheng.planning.planners.path_to_pass.proof import WORDS, order
from junheng.planning.planners.path_to_pass.question import STAGES, Question
from junheng.planning.planners.path_to_pass.steps import Made
from junheng.planning.planners.path_to_pass.tomorrow import effect, singles
from junheng.planning.planners.path_to_pass.unable import Unable
from junheng.planning.planners.path_to_pass.undone import lacking

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
_CANNOT = {"school": pl.String, "stage": pl.String, "item": pl.String, "most": pl.Float64, "asked": pl.Float64, "why": pl.String}
_TOMORROW = {
    "measure": pl.String,
    "school": pl.String,
    "stage": pl.String,
    "amount": pl.Int64,
    "unit": pl.String,
    "yuan": pl.Float64,
    "lead_years": pl.Int64,
    "passes": pl.String,
    "effect": pl.String,
}
_OPEN = {"school": pl.String, "stage": pl.String, "item": pl.String}


def tables(question: Question, chosen: Chosen, made: Made, unable: Sequence[Unable]) -> dict[str, pl.DataFrame]:
    """Return the result tables by the names of planner.yaml."""
    bill = [
        (
            line.measure.id,
            line.at[0],
            line.at[1] if len(line.at) > 1 else "",
            line.portions * line.measure.grain,
            line.measure.unit,
            float(line.yuan),
            line.start,
            "assumed" if line.measure.assumed else line.measure.source or "of_the_county",
        )
        for line in made.lines
    ]
    moves = [(move.measure.id, move.giver[0], move.taker[0], move.giver[1], move.teachers) for move in made.moves]
    return {
        "bill": pl.DataFrame(bill, schema=_BILL, orient="row"),
        "moves": pl.DataFrame(moves, schema=_MOVES, orient="row"),
        "values": pl.DataFrame(list(_values(question, chosen)), schema=_VALUES, orient="row"),
        "spreads": pl.DataFrame(list(_spreads(question, chosen)), schema=_SPREADS, orient="row"),
        "order": order(question, chosen, made),
        "tomorrow": pl.DataFrame(list(_tomorrow(question)), schema=_TOMORROW, orient="row"),
        "cannot": pl.DataFrame(
            [(one.school or None, one.stage, one.item, one.most, one.asked, _why(number)) for number, one in enumerate(unable)],
            schema=_CANNOT,
            orient="row",
        ),
        "undecided": pl.DataFrame(list(lacking(question)), schema=_OPEN, orient="row"),
    }


def _why(number: int) -> str:
    return f"cannot.{number + 1}"


def _does(number: int) -> str:
    return f"tomorrow.{number + 1}"


def _tomorrow(question: Question) -> Iterator[tuple[object, ...]]:
    for number, one in enumerate(singles(question)):
        measure, many = one.measure, one.portions * one.measure.grain
        lifts = "school" if one.school else "item"
        yield (measure.id, one.at[0], one.unit[1], many, measure.unit, float(one.yuan), measure.lead_years, lifts, _does(number))


def words(question: Question, unable: Sequence[Unable]) -> Mapping[str, Text]:
    """Return what the codes in the tables are called."""
    judged = question.judged
    items = (*judged.schools.requirements, *(judged.spread.requirements if judged.spread else ()))
    made = {item.id: item.title for item in items} | {measure.id: measure.title for measure in question.measures}
    made |= {measure.unit: measure.unit_words for measure in question.measures} | STAGES | _WORDS | WORDS | FRONT
    made |= {_does(number): effect(question, one) for number, one in enumerate(singles(question))}
    return made | {_why(number): one.why for number, one in enumerate(unable)}


_WORDS = {
    EVERYWHERE: Text("全县", "everywhere"),
    "year.asked": Text("任务书要求的学年", "the year of the brief"),
    "year.asked_nearest": Text("任务书要求的学年，也是最近的可达标学年", "the year of the brief, and the nearest"),
    "year.nearest_stays": Text(
        "最近的可达标学年（学区不动，费用为估算）", "the nearest year in which it can pass (catchments stay; an estimate)"
    ),
    "year.nearest": Text("最近的可达标学年（费用为估算）", "the nearest year in which it can pass (an estimate)"),
    "order.today": Text("现在", "Today"),
    "assumed": Text("假设", "assumed"),
    "of_the_county": Text("本县单价", "the county's price"),
    "met": Text("达标", "met"),
    "near": Text("未达标但不低于底线", "missed, not below the lower limit"),
    "missed": Text("未达标", "missed"),
    "school": Text("该校达标", "the school passes"),
    "item": Text("该项达标", "the item is met"),
}


def _values(question: Question, chosen: Chosen) -> Iterator[tuple[object, ...]]:
    for unit in question.judged.units:
        for item in question.judged.schools.requirements:
            cell = question.judged.cells.get((unit, item.id))
            if cell is None:
                continue
            after = numerator(question, chosen, unit, item.id, own=False)
            per = Decimal(1) / (cell.need / cell.limit) if cell.need and cell.limit else Decimal(0)
            met = "met" if after >= cell.need else "near" if after >= cell.need * (item.near or 0) else "missed"
            if met == "met" and after == cell.counted:
                continue
            yield (*unit, item.id, float(cell.counted * per), float(after * per), float(cell.limit), met)


def _spreads(question: Question, chosen: Chosen) -> Iterator[tuple[object, ...]]:
    for (stage, item), (limit, verdict, value) in sorted(question.judged.spreads.items()):
        if limit is not None and verdict != "no_data":
            yield (stage, item, value, float(coefficient(question, chosen, stage, item)) ** 0.5, float(limit))
