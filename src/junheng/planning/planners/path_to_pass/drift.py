"""The County as it will be in a year: with the pupils foreseen, and without the teachers who will have retired by then.

A school that opens by then, and of which nothing is known but its pupils, is left out: what it lacks is not nothing.

Who retires is told by the register, person by person, under the dated reform of the retirement age. A share of them is replaced at the same
school by new teachers with a bachelor's degree who teach the same subject and are nobody's backbone teacher yet.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from junheng.model.change import AddRow, Change, RemoveRow, SetValue, apply
from junheng.model.county import County
from junheng.model.period import statistics_day
from junheng.planning.teaching_people import retirement_months
from junheng.projection.retirement import month_of
from junheng.standards.rulebook import Rulebook

Losses = dict[tuple[str, tuple[str, str], str], int]  # table, key and column -> how many fewer
_DEGREES = {"doctor": "doctors", "master": "masters", "bachelor": "bachelors", "college": "colleges", "below_college": "below_college"}
_NEW = ("staff", "teachers", "established", "certified", "bachelors")


def losses(county: County, rules: Rulebook, year: int, replaced: Decimal) -> Losses:
    """Return how many fewer each school has of each column by the statistics day of a year; nobody leaves whom the returns do not count.

    replaced: the share of those who retire for whom a new teacher comes, in whole teachers, rounded down.
    """
    register = county.tables["teachers"].filter(pl.col("full_time").fill_null(value=True) & pl.col("school").is_not_null())
    if year <= county.year or not register.height:
        return {}
    last = replace(rules, day=max(rules.day, statistics_day(year)))
    gone = retirement_months(last, register["born"], register["sex"]) < month_of(statistics_day(year))
    gone &= ~(retirement_months(last, register["born"], register["sex"]) < month_of(statistics_day(county.year)))  # who is past it is here
    made: Losses = {}
    for (school, stage), rows in register.filter(pl.Series(gone & np.isfinite(gone))).sort("teacher").group_by("school", "stage"):
        people = rows.to_dicts()
        new = math.floor(len(people) * replaced)
        for place, person in enumerate(people):
            for where, many in _left(person, comes=place < new):
                key = (where[0], (str(school), str(stage)), where[1])
                made[key] = made.get(key, 0) + many
    return dict(_held(county, made))


def _left(person: dict[str, Any], *, comes: bool) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield what a school has less of when one person leaves, and a new one comes."""
    has = {"staff", "teachers"}
    has |= {column for column, key in (("established", "established"), ("certified", "certificate"), ("trained", "trained")) if person[key]}
    has |= {_DEGREES[person["degree"]]} if person["degree"] in _DEGREES else set()
    has |= {"backbone"} if person["backbone"] not in (None, "none") else set()
    for column in sorted(has | (set(_NEW) if comes else set())):
        less = (column in has) - (comes and column in _NEW)
        if less:
            yield ("staff", column), less
    if person["subject"] and not comes:
        yield ("staff_subjects", person["subject"]), 1


def _held(county: County, made: Losses) -> Iterator[tuple[tuple[str, tuple[str, str], str], int]]:
    """Yield the losses of cells that are there, no more than they hold."""
    for name in ("staff", "staff_subjects"):
        frame = county.tables[name]
        rows = {(row["school"], row["stage"]): row for row in frame.iter_rows(named=True)}
        for (table, key, column), many in sorted(made.items()):
            if table == name and rows.get(key, {}).get(column) is not None:
                yield (table, key, column), min(many, rows[key][column])


def then(county: County, year: int, fewer: Losses) -> County:
    """Return a county in a year: the pupils foreseen, and what is lost by then taken off what its schools have."""
    rows: dict[str, dict[tuple[str, str], dict[str, Any]]] = {
        name: {(row["school"], row["stage"]): row for row in county.tables[name].iter_rows(named=True)}
        for name in ("staff", "staff_subjects")
    }
    changes: list[Change] = []
    for (table, key, column), many in fewer.items():
        has = rows[table].get(key, {}).get(column)
        if has is not None and many:
            changes.append(SetValue(table, key, column, has - many))
    return in_year(apply(county, changes) if changes else county, year)


def in_year(county: County, year: int) -> County:
    """Return the county with the pupils foreseen for a year; schools and stages without a forecast keep today's."""
    new = {school for school, _ in opening(county, year)}
    ahead = county.tables["school_pupils_ahead"].filter((pl.col("year") == year) & ~pl.col("school").is_in(list(new)))
    changes: list[Change] = []
    enrolment = county.tables["enrolment"]
    for school, stage, pupils in ahead.select("school", "stage", "pupils").iter_rows():
        held = enrolment.filter((pl.col("school") == school) & (pl.col("stage") == stage))
        changes += [RemoveRow("enrolment", tuple(key)) for key in held.select("school", "stage", "grade", "sex").iter_rows()]
        changes.append(AddRow("enrolment", {"school": school, "stage": stage, "grade": "all", "sex": "all", "pupils": pupils}))
    return apply(county, changes)


def opening(county: County, year: int) -> tuple[tuple[str, str], ...]:
    """Return the schools by stage that have pupils in a year and stand in no return of today: nothing else is known of them yet."""
    known = {school for table in ("enrolment", "staff", "premises") for school in county.tables[table]["school"].to_list()}
    ahead = county.tables["school_pupils_ahead"].filter((pl.col("year") == year) & (pl.col("pupils") > 0))
    return tuple(sorted(unit for unit in ahead.select("school", "stage").iter_rows() if unit[0] not in known))
