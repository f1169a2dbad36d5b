"""How many children there will be: of the ages of preschool by village and township, and in each kindergarten, in a year ahead.

Children of a village are its residents by single age, who are older then; those not yet born are counted as the youngest who are: an
assumption. A kindergarten has the children of the forecast (school_pupils_ahead); one that it does not hold keeps its part of its township.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.model.change import AddRow, Change, RemoveRow, SetValue
from junheng.model.county import County
from junheng.planning.planners.path_to_inclusive.gardens import KIND, STAGE
from junheng.projection.ages import largest_remainder
from junheng.projection.assumptions_file import shipped_assumptions
from junheng.projection.school_age import STAGES, stage_ages

FURTHEST = 5
WHOLE = ""  # the township that stands for the county


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """Children by township and kindergarten, today and ahead."""

    year: int  # today's
    children: Mapping[tuple[str, int], int]  # by township (WHOLE: the county) and year; what is not known is not there
    villages: Mapping[str, int]  # children today by village
    pupils: Mapping[tuple[str, int], int]  # by kindergarten and year: today's, and those of the forecast
    township: Mapping[str, str]  # of a kindergarten

    def factor(self, school: str, since: int, year: int) -> float | None:
        """Return the children of a kindergarten in a year for one in the year `since`; None where nothing tells."""
        own = (self.pupils.get((school, since)), self.pupils.get((school, year)))
        if all(own):
            return float(own[1] or 0) / float(own[0] or 1)
        return self.town_factor(self.township.get(school, WHOLE), since, year)

    def town_factor(self, town: str, since: int, year: int) -> float | None:
        """Return the children of a township in a year for one in the year `since`, of the county where its own are not known."""
        for each in (town, WHOLE):
            before, after = self.children.get((each, since)), self.children.get((each, year))
            if before and after is not None:
                return after / before
        return None

    def at_home(self, town: str, year: int, enrolled: int) -> int | None:
        """Return the children of a township who are in none of its kindergartens; None where its children are not known."""
        known = self.children.get((town, year)) if town else None
        return None if known is None else max(0, known - enrolled)


def outlook(county: County) -> Outlook:
    """Return what the County tells of the years ahead."""
    first, last = stage_ages(shipped_assumptions()["middle"])[STAGES.index(STAGE)]
    persons = (
        county.tables["village_population"]
        .group_by("village", "age")
        .agg(pl.when(pl.col("persons").null_count() == 0).then(pl.col("persons").sum()))
    )
    homes = county.tables["villages"].select("village", pl.col("district").fill_null(WHOLE)).unique("village", keep="first")
    children: dict[tuple[str, int], int] = {}
    here: dict[str, int] = {}
    for ahead in range(FURTHEST + 1):
        ages = pl.DataFrame({"age": [max(0, age - ahead) for age in range(first, last + 1)]}, schema={"age": persons.schema["age"]})
        rows = homes.join(ages, how="cross").join(persons, on=["village", "age"], how="left")
        summed = rows.group_by("village", "district").agg(pl.when(pl.col("persons").null_count() == 0).then(pl.col("persons").sum()))
        if not ahead:
            here = {village: int(many) for village, many in summed.select("village", "persons").iter_rows() if many is not None}
        by_town = summed.group_by("district").agg(pl.when(pl.col("persons").null_count() == 0).then(pl.col("persons").sum()))
        towns = [(town, many) for town, many in by_town.iter_rows() if many is not None]
        children |= {(town, county.year + ahead): int(many) for town, many in towns if town}
        if towns and len(towns) == by_town.height:
            children[WHOLE, county.year + ahead] = sum(int(many) for _, many in towns)
    schools = county.tables["schools"].filter(pl.col("kind") == KIND)
    return Outlook(
        year=county.year,
        children=children,
        villages=here,
        pupils=_pupils(county),
        township={school: town or WHOLE for school, town in schools.select("school", "district").iter_rows()},
    )


def _pupils(county: County) -> dict[tuple[str, int], int]:
    ahead = county.tables["school_pupils_ahead"].filter(pl.col("stage") == STAGE)
    told = {(school, int(year)): int(many) for school, year, many in ahead.select("school", "year", "pupils").iter_rows()}
    return {(school, county.year): many for school, many in enrolled(county).items() if many is not None} | told


def enrolled(county: County) -> dict[str, int | None]:
    """Return the children of each kindergarten; None where one number of it is not known."""
    rows = county.tables["enrolment"].filter(pl.col("stage") == STAGE).group_by("school")
    summed = rows.agg(pl.col("pupils").sum(), pl.col("pupils").is_null().any().alias("lacking"))
    return {school: None if lacking else int(many) for school, many, lacking in summed.select("school", "pupils", "lacking").iter_rows()}


def foreseen(county: County, told: Outlook, since: int, year: int) -> tuple[Change, ...]:
    """Return what makes a County of the year `since` one of a later year: children of its kindergartens and classes, and of their age.

    A kindergarten keeps its classes and the parts of its grades; the children of a grade are spread evenly over its classes.
    Raises DataError where nothing tells of the year.
    """
    if year == since:
        return ()
    changes: list[Change] = []
    classes = county.tables["classes"].filter(pl.col("stage") == STAGE).partition_by("school", as_dict=True)
    rows = county.tables["enrolment"].filter(pl.col("stage") == STAGE).partition_by("school", as_dict=True)
    for school, many in sorted(enrolled(county).items()):
        factor = told.factor(school, since, year)
        if factor is None:
            found = Text(f"{year}学年没有预测，也没有村居单岁人口", f"no forecast for {year}, and no residents by age")
            place = Place(table="school_pupils_ahead", key=(school, STAGE, str(year)))
            raise DataError(finding("planning.no_pupils_ahead_by_school", place, found, year=year))
        if many:
            changes += _enrolment(rows[(school,)], school, round(many * factor))
            changes += _classes(classes.get((school,)), school, factor)
    facts = county.tables["county_facts"]
    whole = told.town_factor(WHOLE, since, year)
    if facts.height and facts["children_3_5"][0] is not None and whole is not None:
        changes.append(SetValue("county_facts", (facts["county"][0],), "children_3_5", round(facts["children_3_5"][0] * whole)))
    return tuple(changes)


def _enrolment(rows: pl.DataFrame, school: str, many: int) -> Iterator[Change]:
    grades = rows.group_by("grade").agg(pl.col("pupils").sum()).sort("grade")
    for key in rows.select("school", "stage", "grade", "sex").iter_rows():
        yield RemoveRow("enrolment", tuple(key))
    for grade, part in zip(grades["grade"].to_list(), apportioned(grades["pupils"].to_list(), many), strict=True):
        row: dict[str, Any] = {"school": school, "stage": STAGE, "grade": grade, "sex": "all", "pupils": part}
        yield AddRow("enrolment", row)


def _classes(rows: pl.DataFrame | None, school: str, factor: float) -> Iterator[Change]:
    if rows is None or rows["pupils"].null_count():
        return
    grades = rows.with_columns(pl.col("grade").fill_null("")).sort("grade", "class").partition_by("grade", maintain_order=True)
    sums = [int(each["pupils"].sum()) for each in grades]
    for each, many in zip(grades, apportioned(sums, round(sum(sums) * factor)), strict=True):
        for name, was, size in zip(each["class"].to_list(), each["pupils"].to_list(), evened(many, each.height), strict=True):
            if was != size:
                yield SetValue("classes", (school, STAGE, name), "pupils", size)


def apportioned(parts: list[int], many: int) -> list[int]:
    """Return whole numbers in proportion to parts, by largest remainder."""
    if not sum(parts):
        return [many if not place else 0 for place in range(len(parts))]
    return [int(each) for each in largest_remainder(np.array([parts], dtype=np.float64), np.array([float(many)]))[0]]


def evened(children: int, classes: int) -> list[int]:
    """Return the sizes of classes over which children are spread as evenly as can be, the larger first."""
    small, more = divmod(children, classes)
    return [small + 1] * more + [small] * (classes - more)
