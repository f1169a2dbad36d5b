"""What the planner says beside its steps: the bill, every item and condition before and after, what cannot be and what is not decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import polars as pl

from junheng.errors import Text
from junheng.model import units
from junheng.planning.declaration import EVERYWHERE
from junheng.planning.planners.path_to_inclusive.choose import Chosen, met
from junheng.planning.planners.path_to_inclusive.measures import MOVE, NEW_CLASS
from junheng.planning.planners.path_to_inclusive.others import WORDS as FRONT
from junheng.planning.planners.path_to_inclusive.question import Question
from junheng.planning.planners.path_to_inclusive.rest import WORDS as OPEN
from junheng.planning.planners.path_to_inclusive.rest import Rest
from junheng.planning.planners.path_to_inclusive.steps import Made
from junheng.planning.planners.path_to_inclusive.unable import Unable

_BILL = {
    "measure": pl.String,
    "school": pl.String,
    "amount": pl.Int64,
    "unit": pl.String,
    "yuan": pl.Float64,
    "lead_years": pl.Int64,
    "begins": pl.Int64,
    "assumed": pl.String,
}
_ITEMS = {"item": pl.String, "before": pl.Float64, "after": pl.Float64, "limit": pl.Float64, "met": pl.String}
_REST = {"item": pl.String, "met": pl.String, "why": pl.String}
_SHARES = {"item": pl.String, "asked": pl.Int64, "before": pl.Int64, "after": pl.Int64, "of": pl.Int64}
_TOWNS = {"district": pl.String, "today": pl.Int64, "children": pl.Int64, "pupils": pl.Int64, "lacking": pl.Int64, "new": pl.Int64}
_MONEY = {"year": pl.Int64, "given": pl.Float64, "spent": pl.Float64, "left": pl.Float64}
_GARDENS = {"school": pl.String, "item": pl.String, "before": pl.String, "after": pl.String}
_CANNOT = {"school": pl.String, "item": pl.String, "why": pl.String}
_OPEN = {"school": pl.String, "item": pl.String}
_WORDS = {
    EVERYWHERE: Text("全县", "everywhere"),
    "assumed": Text("假设", "assumed"),
    "of_the_county": Text("本县单价", "the county's price"),
    "of_the_programme": Text("项目库投资", "the programme's money"),
    "of_the_plot": Text("备选用地造价", "the plot's price"),
    "met": Text("达标", "met"),
    "missed": Text("未达标", "missed"),
}


def tables(question: Question, chosen: Chosen, made: Made, unable: Sequence[Unable], left: Rest) -> dict[str, pl.DataFrame]:
    """Return the result tables by the names of planner.yaml."""
    bill = [
        (
            line.action.measure.id,
            _code(question, line.action.garden),
            line.many,
            line.action.measure.unit,
            float(line.yuan),
            line.action.lead_years,
            line.start,
            line.action.source or ("assumed" if line.action.measure.assumed else line.action.measure.source or "of_the_county"),
        )
        for line in made.lines
        if line.yuan
    ]
    nothing = Chosen(portions={}, objective=0.0, bound=0.0, amounts=())
    shares = [
        (each.id, each.needed, met(question, nothing, each), met(question, chosen, each), len(each.among)) for each in question.shares
    ]
    return {
        "bill": pl.DataFrame(bill, schema=_BILL, orient="row"),
        "items": pl.DataFrame(list(_items(question, chosen, left)), schema=_ITEMS, orient="row"),
        "rest": pl.DataFrame([(one.item, one.word, f"why.{k + 1}") for k, one in enumerate(left.items)], schema=_REST, orient="row"),
        "shares": pl.DataFrame(shares, schema=_SHARES, orient="row"),
        "towns": pl.DataFrame(list(_towns(question, chosen)), schema=_TOWNS, orient="row"),
        "money": pl.DataFrame(list(_money(question, made)), schema=_MONEY, orient="row"),
        "gardens": pl.DataFrame(list(_gardens(question, chosen)), schema=_GARDENS, orient="row"),
        "cannot": pl.DataFrame(
            [(one.school or None, one.item, f"cannot.{k + 1}") for k, one in enumerate(unable)], schema=_CANNOT, orient="row"
        ),
        "undecided": pl.DataFrame([(school or None, item) for item, school in question.undecided], schema=_OPEN, orient="row"),
    }


def _items(question: Question, chosen: Chosen, left: Rest) -> Iterator[tuple[str, float | None, float | None, float | None, str]]:
    """Yield the items that have a number, then what else the judge holds open when the plan is done."""
    for item in question.items:
        more = chosen.more(question, item)
        word = "met" if item.left(more) >= 0 else "missed"
        yield item.id, float(item.value()), float(item.value(more)), float(item.limit), word
    told = {item.id for item in question.items}
    yield from ((one.item, None, None, None, one.word) for one in left.items if one.item not in told)


def _code(question: Question, place: int) -> str | None:
    return None if place < 0 else question.gardens[place].school


def _towns(question: Question, chosen: Chosen) -> Iterator[tuple[str, int, int, int, int, int]]:
    """Yield for each township: children of the ages today and in the year asked for, those enrolled there, those at home, new classes."""
    told, year = question.outlook, question.county.year + question.limits.years
    held: dict[str, int] = {}
    for each in question.gardens:
        town = told.township.get(each.school, "")
        held[town] = held.get(town, 0) + int(each.known("pupils"))
    classes: dict[str, int] = {}
    for k, many in chosen.portions.items():
        site = question.gardens[question.actions[k].garden].site
        if question.actions[k].measure.id == NEW_CLASS and site is not None:
            classes[site.district] = classes.get(site.district, 0) + many
    for town in sorted({town for town, _ in told.children if town}):
        now, then = told.children.get((town, question.county.year)), told.children.get((town, year))
        if now is not None and then is not None:
            pupils = held.get(town, 0)
            yield town, now, then, pupils, max(0, then - pupils), classes.get(town, 0)


def _money(question: Question, made: Made) -> Iterator[tuple[int, float, float, float]]:
    """Yield the money of each year, what begins in it, and what is left for the next; nothing where no years or no money were named."""
    left = Decimal(0)
    for ahead in range(question.limits.years if question.has_budget else 0):
        year = question.county.year + ahead
        spent = sum((line.yuan for line in made.lines if line.start == year and line.action.measure.id != MOVE), Decimal(0))
        left += question.budget - spent
        yield year, float(question.budget), float(spent), float(left)


def _gardens(question: Question, chosen: Chosen) -> Iterator[tuple[str, str, str, str]]:
    """Yield the conditions of kindergartens that change or are missed."""
    words = {True: "met", False: "missed"}
    for place, garden in enumerate(question.gardens):
        after = chosen.has(question, place)
        for condition in question.conditions:
            was, becomes = condition.holds(garden.has), condition.holds(after)
            if was is not None and becomes is not None and not (was and becomes):
                yield garden.school, condition.id, words[was], words[becomes]


def words(question: Question, unable: Sequence[Unable], left: Rest) -> Mapping[str, Text]:
    """Return what the codes in the tables are called."""
    made = (
        {one.item: one.title for one in left.items}
        | dict(question.titles)
        | {measure.id: measure.title for measure in question.measures}
        | _WORDS
    )
    made |= {garden.school: Text(garden.name, garden.name) for garden in question.gardens if garden.site}
    made |= OPEN | {f"why.{k + 1}": one.why for k, one in enumerate(left.items)}
    made |= FRONT | {measure.unit: units()[measure.unit].label for measure in question.measures}
    return made | {f"cannot.{k + 1}": one.why for k, one in enumerate(unable)}
