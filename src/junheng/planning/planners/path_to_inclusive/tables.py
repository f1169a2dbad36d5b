"""What the planner says beside its steps: the bill, every item and condition before and after, what cannot be and what is not decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from junheng.errors import Text
from junheng.model import units
from junheng.planning.declaration import EVERYWHERE
from junheng.planning.planners.path_to_inclusive.choose import Chosen, met
from junheng.planning.planners.path_to_inclusive.others import WORDS as FRONT
from junheng.planning.planners.path_to_inclusive.question import Question
from junheng.planning.planners.path_to_inclusive.steps import Made
from junheng.planning.planners.path_to_inclusive.unable import Unable

_BILL = {
    "measure": pl.String,
    "school": pl.String,
    "amount": pl.Int64,
    "unit": pl.String,
    "yuan": pl.Float64,
    "lead_years": pl.Int64,
    "assumed": pl.String,
}
_ITEMS = {"item": pl.String, "before": pl.Float64, "after": pl.Float64, "limit": pl.Float64, "met": pl.String}
_SHARES = {"item": pl.String, "asked": pl.Int64, "before": pl.Int64, "after": pl.Int64, "of": pl.Int64}
_GARDENS = {"school": pl.String, "item": pl.String, "before": pl.String, "after": pl.String}
_CANNOT = {"school": pl.String, "item": pl.String, "why": pl.String}
_OPEN = {"school": pl.String, "item": pl.String}
_WORDS = {
    EVERYWHERE: Text("全县", "everywhere"),
    "assumed": Text("假设", "assumed"),
    "of_the_county": Text("本县单价", "the county's price"),
    "met": Text("达标", "met"),
    "missed": Text("未达标", "missed"),
}


def tables(question: Question, chosen: Chosen, made: Made, unable: Sequence[Unable]) -> dict[str, pl.DataFrame]:
    """Return the result tables by the names of planner.yaml."""
    bill = [
        (
            line.action.measure.id,
            question.gardens[line.action.garden].school if line.action.garden >= 0 else None,
            line.many,
            line.action.measure.unit,
            float(line.yuan),
            line.action.measure.lead_years,
            "assumed" if line.action.measure.assumed else line.action.measure.source or "of_the_county",
        )
        for line in made.lines
        if line.yuan
    ]
    items = [
        (item.id, float(item.value()), float(item.value(more)), float(item.limit), "met" if item.left(more) >= 0 else "missed")
        for item in question.items
        for more in [chosen.more(question, item)]
    ]
    nothing = Chosen(portions={}, objective=0.0, bound=0.0, amounts=())
    shares = [
        (each.id, each.needed, met(question, nothing, each), met(question, chosen, each), len(each.among)) for each in question.shares
    ]
    return {
        "bill": pl.DataFrame(bill, schema=_BILL, orient="row"),
        "items": pl.DataFrame(items, schema=_ITEMS, orient="row"),
        "shares": pl.DataFrame(shares, schema=_SHARES, orient="row"),
        "gardens": pl.DataFrame(list(_gardens(question, chosen)), schema=_GARDENS, orient="row"),
        "cannot": pl.DataFrame(
            [(one.school or None, one.item, f"cannot.{k + 1}") for k, one in enumerate(unable)], schema=_CANNOT, orient="row"
        ),
        "undecided": pl.DataFrame([(school or None, item) for item, school in question.undecided], schema=_OPEN, orient="row"),
    }


def _gardens(question: Question, chosen: Chosen) -> Iterator[tuple[str, str, str, str]]:
    """Yield the conditions of kindergartens that change or are missed."""
    words = {True: "met", False: "missed"}
    for place, garden in enumerate(question.gardens):
        after = chosen.has(question, place)
        for condition in question.conditions:
            was, becomes = condition.holds(garden.has), condition.holds(after)
            if was is not None and becomes is not None and not (was and becomes):
                yield garden.school, condition.id, words[was], words[becomes]


def words(question: Question, unable: Sequence[Unable]) -> Mapping[str, Text]:
    """Return what the codes in the tables are called."""
    made = dict(question.titles) | {measure.id: measure.title for measure in question.measures} | _WORDS
    made |= FRONT | {measure.unit: units()[measure.unit].label for measure in question.measures}
    return made | {f"cannot.{k + 1}": one.why for k, one in enumerate(unable)}
