"""Rolls from the returns of several years: consecutive years, the same schools under the same codes, and what is not known as nan.

The rules. A year without a County is a row of nan. A school that merges into another, or closes with a successor, or takes a new code,
is counted with its successor in every year, so that the two are one line (`school_changes`). A school that is in no return of a
year in which others are is closed (or not yet open): 0. A school in the table of schools without a count is nan. A grade that a
school did not return beside others of the stage is 0: nobody is in it. A stage that it did not return beside another stage is 0 before
its first pupils and after its last, and nan between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model.county import County
from junheng.projection.forecast import Floats, Ints, Rolls

STAGES = ("primary", "junior")
_ORDER = ("k0", "k1", "k2", "k3", *map(str, range(1, 13)), "all")
_JOINED = ("merge", "recode", "close")


class _Cell(NamedTuple):
    year: int
    school: str
    stage: str
    grade: str
    pupils: float  # nan: returned without a number


def rolls(counties: Sequence[County], stages: Sequence[str] = STAGES) -> tuple[Rolls, tuple[Finding, ...]]:
    """Return the pupils by school and grade of all years from the first County to the last, and what had to be decided on the way.

    Zones are the townships of the schools' villages or of the schools themselves; the county's code where a township is not known.
    """
    ordered = sorted(counties, key=lambda county: county.year)
    found: list[Finding] = []
    successors = _successors(ordered, found)
    cells = [cell for county in ordered for cell in _cells(county, stages, successors)]
    years = tuple(range(ordered[0].year, ordered[-1].year + 1))
    schools = tuple(sorted({cell.school for cell in cells}))
    grades = _grades(cells, stages, found)
    pupils = _array(cells, years, schools, grades)
    _absences(pupils, ordered, years, schools, successors, grades)
    zones, zone = _zones(ordered, schools)
    result = Rolls(years=years, schools=schools, grades=grades, pupils=pupils, zones=zones, zone=zone)
    return result, (*found, *_remarks(result, {county.year for county in ordered}))


def _successors(counties: Sequence[County], found: list[Finding]) -> dict[str, str]:
    """Return the last successor of each code that went into another."""
    after: dict[str, str] = {}
    for county in counties:
        table = county.tables.get("school_changes")
        for row in table.iter_rows(named=True) if table is not None else ():
            if row["kind"] in _JOINED and row["successor"] and row["successor"] != row["school"]:
                after[row["school"]] = row["successor"]
    for school in sorted(after):
        last, passed = after[school], {school}
        while last in after and last not in passed:
            passed.add(last)
            last = after[last]
        if last in passed:
            found.append(finding("projection.successors_in_a_circle", _place("school_changes", school), school))
        after[school] = last
    return {school: last for school, last in after.items() if school != last}


def _place(table: str, school: str = "") -> Place:
    return Place(table=table, key=(school,) if school else ())


def _cells(county: County, stages: Sequence[str], successors: Mapping[str, str]) -> list[_Cell]:
    """Return the pupils of a year by school (its successor's code), stage and grade; a sum with an unknown part is not known."""
    frame = county.tables["enrolment"].filter(pl.col("stage").is_in(list(stages)))
    split = pl.col("sex") != "all"
    halves = frame.filter(split).group_by("school", "stage", "grade").agg(pl.len())
    whole = frame.filter(~split)
    parts = frame.filter(split).join(whole, on=["school", "stage", "grade"], how="anti") if halves.height else frame.clear()
    every = pl.concat([whole, parts])
    graded = every.filter(pl.col("grade") != "all")
    totals = every.filter(pl.col("grade") == "all").join(graded, on=["school", "stage"], how="anti")
    sums = (
        pl.concat([graded, totals])
        .with_columns(school=pl.col("school").replace(dict(successors)))
        .group_by("school", "stage", "grade")
        .agg(pupils=pl.when(pl.col("pupils").is_null().any()).then(None).otherwise(pl.col("pupils").sum()))
        .sort("school", "stage", "grade")
    )
    return [_Cell(county.year, row[0], row[1], row[2], float("nan") if row[3] is None else float(row[3])) for row in sums.iter_rows()]


def _grades(cells: Sequence[_Cell], stages: Sequence[str], found: list[Finding]) -> tuple[tuple[str, str], ...]:
    """Return stages and grades in the order in which a child passes them; a stage of which some years have no grades is taken whole."""
    grades: list[tuple[str, str]] = []
    for stage in stages:
        names = {cell.grade for cell in cells if cell.stage == stage}
        whole = {cell.year for cell in cells if cell.stage == stage and cell.grade == "all"}
        if whole:
            if len(names) > 1:
                years = "、".join(map(str, sorted(whole)))
                found.append(finding("projection.years_without_grades", _place("enrolment"), years, count=len(whole)))
            grades.append((stage, "all"))
        else:
            grades += [(stage, grade) for grade in _ORDER if grade in names]
    return tuple(grades)


def _array(cells: Sequence[_Cell], years: tuple[int, ...], schools: tuple[str, ...], grades: tuple[tuple[str, str], ...]) -> Floats:
    """Return (T, U, G); a grade that a school did not return beside others of the same stage is 0."""
    pupils = np.full((len(years), len(schools), len(grades)), np.nan)
    school_at = {school: index for index, school in enumerate(schools)}
    grade_at = {grade: index for index, grade in enumerate(grades)}
    stage_at: dict[str, list[int]] = {}
    for index, (stage, _) in enumerate(grades):
        stage_at.setdefault(stage, []).append(index)
    begun: set[tuple[int, str, str]] = set()
    for cell in cells:
        row = pupils[cell.year - years[0], school_at[cell.school]]
        own = stage_at[cell.stage]
        if (cell.year, cell.school, cell.stage) not in begun:
            begun.add((cell.year, cell.school, cell.stage))
            row[own] = 0.0
        row[grade_at.get((cell.stage, cell.grade), grade_at.get((cell.stage, "all"), 0))] += cell.pupils
    return pupils


def _absences(
    pupils: Floats,
    counties: Sequence[County],
    years: tuple[int, ...],
    schools: tuple[str, ...],
    successors: Mapping[str, str],
    grades: tuple[tuple[str, str], ...],
) -> None:
    """Write 0 in place where a school is not open, and in a stage before its first and after its last pupils; all else stays nan."""
    stages = np.array([stage for stage, _ in grades])
    for county in counties:
        row = pupils[county.year - years[0]]
        listed = {successors.get(school, school) for school in county.tables["schools"]["school"]}
        absent = np.array([school not in listed for school in schools], bool) & np.isnan(row).all(axis=1)
        row[absent] = 0.0
    known = np.asarray(np.isfinite(pupils).any(axis=2), bool)
    for stage in dict.fromkeys(stages):
        own = stages == stage
        has = np.nan_to_num(pupils[:, :, own]).sum(axis=2) > 0
        begun, over = np.maximum.accumulate(has, axis=0), ~np.maximum.accumulate(has[::-1], axis=0)[::-1]
        outside = np.expand_dims(known & (~begun | over), 2)
        pupils[:, :, own] = np.where(outside & np.isnan(pupils[:, :, own]), 0.0, pupils[:, :, own])


def _zones(counties: Sequence[County], schools: tuple[str, ...]) -> tuple[tuple[str, ...], Ints]:
    """Return the townships and each school's: the latest that is known of it."""
    home: dict[str, str] = {}
    for county in counties:
        villages = dict(county.tables["villages"].select("village", "district").iter_rows())
        for school, district, village in county.tables["schools"].select("school", "district", "village").iter_rows():
            home[school] = district or villages.get(village) or home.get(school, "")
        for campus, school, village in county.tables["campuses"].select("campus", "school", "village").iter_rows():
            home[campus] = villages.get(village) or home.get(campus) or home.get(school, "")
    code = counties[-1].code
    of_school = [home.get(school) or code for school in schools]
    zones = tuple(sorted(set(of_school)))
    return zones, np.array([zones.index(zone) for zone in of_school], np.intp)


def _remarks(result: Rolls, returned: set[int]) -> list[Finding]:
    """Return what a reader should know of gaps, openings, closings and grades that were empty and are not now."""
    found = [finding("projection.year_missing", _place("enrolment"), str(year)) for year in result.years if year not in returned]
    if len(returned) == 1:
        found.append(finding("projection.one_year_only", _place("enrolment"), str(result.years[-1])))
    there = np.asarray(np.nansum(result.pupils, axis=2) > 0, bool)
    known = np.asarray(np.isfinite(result.pupils).any(axis=2), bool)
    rules = {"opened": ~there[:-1] & known[:-1] & there[1:], "closed": there[:-1] & ~there[1:] & known[1:]}
    for kind, steps in rules.items():
        for step, school in np.argwhere(steps):
            text = f"{result.years[step + 1]}"
            found.append(finding(f"projection.school_{kind}", _place("enrolment", result.schools[school]), text))
    partly = np.isnan(result.pupils).any(axis=2) & np.asarray(np.isfinite(result.pupils).any(axis=(1, 2)), bool)[:, None]
    for year, school in np.argwhere(partly):
        found.append(finding("projection.school_not_counted", _place("enrolment", result.schools[school]), str(result.years[year])))
    return found + _empty_grades(result)


def _empty_grades(result: Rolls) -> list[Finding]:
    """Return a finding for each school with a grade that was empty although the grade before had pupils, and is not empty now."""
    found = []
    before, after = result.pupils[:-1, :, :-1], result.pupils[1:, :, 1:]
    same_stage = np.array([one[0] == two[0] for one, two in zip(result.grades, result.grades[1:], strict=False)], bool)
    gaps = ((after == 0) & (before > 0) & same_stage & (result.pupils[1:].sum(axis=2) > 0)[:, :, None]).any(axis=0)
    again = gaps & (result.pupils[-1, :, 1:] > 0)
    for school, grade in np.argwhere(again):
        name = result.grades[grade + 1][1]
        words = Text(f"{name}年级曾为空", f"grade {name} empty for a time")
        found.append(finding("projection.grade_empty_then_not", _place("enrolment", result.schools[school]), words))
    return found
