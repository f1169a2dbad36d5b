"""From a County and a brief to the numbers of the question: what the judge measures, what kindergartens have, what could be done."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.indicators import Scorecard, evaluate
from junheng.model.change import Change, apply
from junheng.model.county import County
from junheng.planning.declaration import EVERYWHERE, Declaration
from junheng.planning.measure_names import known_measures
from junheng.planning.planners.path_to_inclusive.gardens import STAGE, Condition, Garden, conditions, gardens
from junheng.planning.planners.path_to_inclusive.measures import ENROLLED, Action, Limits, Measure, actions, read_measures
from junheng.planning.planners.path_to_inclusive.outlook import Outlook, foreseen, outlook
from junheng.planning.planners.path_to_inclusive.places import candidates
from junheng.planning.proposal import Brief
from junheng.standards.framework import Framework
from junheng.standards.rulebook import Rulebook

NEW = "garden.new_building"
_NEW_SHARE, _NEW_FROM = "preschool.new_building_share", "preschool.building_standard.from_year"
_AREAS = ("garden.outdoor", "garden.activity", "garden.floor")


class Item(NamedTuple):
    """A requirement of the framework that has a number: numerator over denominator times scale, against its limit."""

    id: str  # of the indicator
    number: str
    title: Text
    numerator: Decimal
    denominator: Decimal
    scale: int
    limit: Decimal
    at_least: bool

    def value(self, more: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))) -> Decimal:
        """Return the value, with more of the numerator and of the denominator."""
        below = self.denominator + more[1]
        return (self.numerator + more[0]) * self.scale / below if below else Decimal(0)

    def left(self, more: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))) -> Decimal:
        """Return how far it is on the right side of its limit (negative: missed), in scaled units of the numerator."""
        side = (self.numerator + more[0]) * self.scale - self.limit * (self.denominator + more[1])
        return side if self.at_least else -side


class Share(NamedTuple):
    """How many kindergartens must meet one condition."""

    id: str
    title: Text
    among: tuple[int, ...]  # places of kindergartens
    of: tuple[str, ...]  # the conditions that each must meet, all of them
    needed: int
    asked: Decimal  # %


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """What the planner is asked, in numbers."""

    county: County  # as it is in the year asked for if nothing is done
    today: County
    foreseen: tuple[Change, ...]  # what makes today's County that of the year asked for
    outlook: Outlook
    gardens: tuple[Garden, ...]  # those that stand, then those that could be built
    measures: tuple[Measure, ...]
    actions: tuple[Action, ...]
    conditions: tuple[Condition, ...]
    items: tuple[Item, ...]
    shares: tuple[Share, ...]
    at_home: int  # children who are in no kindergarten
    limits: Limits
    budget: Decimal  # yuan; of each year where years were asked for
    has_budget: bool  # whether the brief said so
    most_new: int  # kindergartens that are built
    filled: float  # share of the places of their classes, at least
    undecided: tuple[tuple[str, str], ...]  # item or condition, kindergarten ("" for an item)
    titles: Mapping[str, Text]
    pinned: Mapping[tuple[str, str], bool]  # school and measure: must it be done, or must it not
    everywhere: frozenset[str] = frozenset()  # measures that are not done at all
    left_out: frozenset[str] = frozenset()  # items that no measure brings to their limit
    unable: frozenset[tuple[str, int]] = frozenset()  # conditions that a kindergarten cannot come to
    by_garden: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # places of actions, by the place of the kindergarten


def ask(county: County, rules: Rulebook, brief: Brief, declaration: Declaration) -> Question:
    """Return the question. Raises DataError for prices, ceilings or stocks that cannot be used."""
    findings = [*_unknown(county), *_stock(county)]
    if findings:
        raise DataError(findings)

    def said(name: str) -> Decimal:
        return Decimal(str(declaration.value(brief, name)))

    framework = rules.framework(str(declaration.value(brief, "framework")))
    years, today, told = int(said("years")), county, outlook(county)
    changes = foreseen(county, told, county.year, county.year + years)
    county = apply(county, changes)
    stand, asked = gardens(county), conditions(rules)
    card = evaluate(county, counted(framework), rules, also=[each.indicator for each in asked])
    sizes = {grade: int(each.value) for grade, each in rules.standings("kindergarten.class_size.maximum").items()}
    most = {(row["measure"], row["school"]): row["most"] for row in county.tables["site_limits"].iter_rows(named=True)}
    largest = int(rules.standing("kindergarten.size.maximum").value)
    limits = Limits(class_size=sizes, size=largest, leave=said("leave") / 100, most=most, years=years)
    home = {town: told.at_home(town, today.year + years, many) for town, many in _by_town(stand, told).items()}
    new = candidates(today, rules, told, home, sizes["k1"], {each.school for each in stand}) if said("new") else ()
    found = (*stand, *new)
    measures = read_measures(county)
    items, lacking = _items(card, framework)
    titles = {each.id: each.title for each in items} | {each.id: card.catalogue[each.indicator].title for each in asked}
    titles |= {key: card.catalogue[key].title for key in lacking} | {NEW: card.catalogue[_NEW_SHARE].title}
    shares = tuple(_shares(stand, asked, titles, {"premises": said("premises"), "staffed": said("staffed")}, rules))
    undecided = [(key, "") for key in lacking]
    undecided += [(each.id, garden.school) for each in asked for garden in found if each.holds(garden.has) is None]
    rate = next((each for each in items if each.id == ENROLLED), None)
    done = actions(measures, found, limits)
    return Question(
        county=county,
        today=today,
        foreseen=changes,
        outlook=told,
        gardens=found,
        measures=measures,
        actions=done,
        by_garden={at: tuple(k for k, each in enumerate(done) if each.garden == at) for at in range(len(found))},
        conditions=asked,
        items=items,
        shares=shares,
        at_home=max(0, int(rate.denominator - rate.numerator)) if rate else 0,
        limits=limits,
        budget=said("budget") * 10_000,
        has_budget="budget" in brief.options,
        most_new=int(said("new")),
        filled=float(said("filled")) / 100,
        undecided=tuple(undecided),
        titles=titles,
        pinned={
            **{(pin.what[1], pin.to): True for pin in brief.pins},
            **{(pin.what[1], pin.to): False for pin in brief.forbids if pin.what[0] != EVERYWHERE},
        },
        everywhere=frozenset(pin.to for pin in brief.forbids if pin.what[0] == EVERYWHERE),
    )


def _by_town(stand: Iterable[Garden], told: Outlook) -> dict[str, int]:
    """Return the children of the kindergartens of each township; one whose children are not known leaves its township out."""
    made = dict.fromkeys((town for town, _ in told.children if town), 0)
    for each in stand:
        town = told.township.get(each.school, "")
        if town in made:
            made[town] += int(each.known("pupils"))
    return made


def counted(framework: Framework) -> Framework:
    """Return the framework with nothing but the requirements that have a number."""
    parts = [
        replace(part, requirements=tuple(each for each in part.requirements if each.indicator and each.parameter))
        for part in framework.parts
        if part.each == ()
    ]
    kept = tuple(part for part in parts if part.requirements)
    if not kept:
        raise DataError(finding("planning.framework_counts_no_items", Place(key=(framework.id,)), framework.title))
    return replace(framework, parts=kept, eligibility=None, vetoes=())


def _items(card: Scorecard, framework: Framework) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """Return the items with numbers, and those whose numbers are not there."""
    titles = {each.indicator: each.title for part in framework.parts for each in part.requirements if each.indicator}
    made, lacking = [], []
    for row in card.items.filter(pl.col("requirement").is_not_null() & pl.col("limit").is_not_null()).iter_rows(named=True):
        if row["verdict"] == "not_applicable":
            continue
        if row["numerator"] is None or not row["denominator"]:
            lacking.append(row["indicator"])
            continue
        scale = int(card.catalogue[row["indicator"]].scale)
        at_least = row["comparator"] == "at_least"
        numbers = (row["numerator"], row["denominator"], scale, row["limit"], at_least)
        made.append(Item(row["indicator"], row["number"], titles[row["indicator"]], *numbers))
    return tuple(made), tuple(lacking)


def _shares(
    found: tuple[Garden, ...], asked: Iterable[Condition], titles: Mapping[str, Text], share: Mapping[str, Decimal], rules: Rulebook
) -> Iterator[Share]:
    for each in asked:
        among = tuple(k for k, garden in enumerate(found) if each.holds(garden.has) is not None)
        if among and share[each.kind]:
            yield Share(each.id, titles[each.id], among, (each.id,), math.ceil(len(among) * share[each.kind] / 100), share[each.kind])
    year, limit = rules.standing(_NEW_FROM).value, rules.standing(f"{_NEW_SHARE}.minimum").value
    areas = [each for each in asked if each.id in _AREAS]
    new = [
        k for k, garden in enumerate(found) if garden.built and garden.built > year and all(c.holds(garden.has) is not None for c in areas)
    ]
    if new and share["premises"]:
        yield Share(NEW, titles[NEW], tuple(new), _AREAS, math.ceil(len(new) * limit / 100), limit)


def _unknown(county: County) -> Iterator[Finding]:
    known = known_measures()
    for table, key in (("measure_costs", ("measure",)), ("site_limits", ("school", "measure"))):
        for row in county.tables[table].iter_rows(named=True):
            place = Place(table=table, key=tuple(row[name] for name in key))
            if row["measure"] not in known:
                yield finding("planning.unknown_measure", place, row["measure"], measures=", ".join(sorted(known)))
            elif table == "measure_costs" and row["yuan"] is None:
                yield finding("planning.measure_without_price", place, Text("没有单价", "no price"))


def _stock(county: County) -> Iterator[Finding]:
    for name in ("staff", "premises", "equipment", "places"):
        frame = county.tables[name]
        if "stage" in frame.columns:
            frame = frame.filter(pl.col("stage") == STAGE)
        counted = [column for column, kind in frame.schema.items() if kind.is_numeric()]
        for row in frame.filter(pl.any_horizontal(pl.col(column) < 0 for column in counted)).iter_rows(named=True):
            yield _negative(name, row, counted)


def _negative(table: str, row: Mapping[str, Any], counted: list[str]) -> Finding:
    below = next(column for column in counted if row[column] is not None and row[column] < 0)
    key = (row["school"], row["stage"]) if "stage" in row else (row["school"],)
    return finding("planning.negative_stock", Place(table=table, key=key, column=below), str(row[below]))
