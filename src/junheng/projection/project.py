"""A projected school year as a County: the forecast's pupils in today's schools, so that every indicator and framework can judge it.

What is projected: enrolment by school, stage, grade and sex, and the classes in which those pupils sit. What is unknown for the year
ahead and speaks of its children (population by age, retention of a cohort) becomes unknown, or is taken from the population path.
Everything else (teachers, rooms, money, evidence) stays as it is today: the question is what happens when nothing but the pupils
changes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from junheng.model import County, apply, diff, schema
from junheng.model.county import typed
from junheng.projection.apart import joined, shared_out
from junheng.projection.classes import seated
from junheng.projection.forecast import Floats, Forecast

_KEY = ("school", "stage", "grade")
_GROUPS = ("boarders", "migrant", "left_behind", "disabled")
# County facts that count this year's children or follow a cohort to this year: unknown in another year unless they are projected.
_OF_THE_YEAR = (
    *("residents", "registered", "children_3_5", "grade9_pupils"),
    *("grade9_transferred_in", "grade9_transferred_out", "grade7_pupils_then", "grade7_deaths"),
)
_CHILDREN = ("population", "age_groups", "village_population")  # tables of who lives there, by age

Row = Mapping[str, object]


def project(
    county: County,
    forecast: Forecast,
    year: int,
    *,
    closed: Collection[str] = (),
    opened: Mapping[str, Row] | None = None,
    children: Mapping[str, int] | None = None,
) -> County:
    """Return the County of a year ahead: `county` (the forecast's origin) with the middle path's pupils.

    closed: schools that are gone by then, with all their rows; their pupils are already elsewhere in the forecast. opened: rows of
    the table of schools for schools that are in the forecast and not yet in the county. children: of the age of each stage, from
    the population path; without them what is measured per child of the age has no data.
    A site that the forecast counts with another school (a campus, or a school that merges) keeps its share of that school's pupils
    while it stands, and is gone with all its rows from the year of the merger.
    Whole pupils: each grade's total over the county is the rounded total of the forecast, shared out by largest remainders. Sexes
    and groups (boarders, migrant children …) keep the shares that the school's stage has today. Classes: as many as today in each
    school and stage, spread over its grades by their pupils. A stage that has one grade of its own today (the mixed class of a small
    kindergarten) keeps it, with the pupils of all grades of the forecast. Stages that the forecast does not hold stay as they are.
    Every changed cell has the forecast as its origin.
    Raises ValueError for a year that the forecast does not reach.
    """
    if year not in forecast.years:
        raise ValueError(f"the forecast reaches from {forecast.years[0]} to {forecast.years[-1]}, not {year}")
    sites = joined(county, forecast, year)
    closed = {*closed, *sites.filter(~pl.col("open"))["site"]}
    tables = {name: _without(name, frame, closed) for name, frame in county.tables.items()}
    pupils = shared_out(whole_pupils(forecast, year), county, sites).filter(~pl.col("school").is_in(list(closed)))
    before = tables["enrolment"]
    pupils = _folded(pupils, before)
    tables["enrolment"] = typed(schema().tables["enrolment"], _enrolment(before, pupils))
    tables["schools"] = _opened(tables["schools"], opened or {})
    tables |= seated(tables, before)
    tables["county_facts"] = _county_facts(tables["county_facts"], children or {})
    tables["stage_facts"] = _stage_facts(tables["stage_facts"], children or {})
    tables |= {name: tables[name].clear() for name in _CHILDREN if name in tables}
    target = County(county.code, county.year, tables)
    changed = apply(county, diff(county, target), origin=f"forecast {forecast.origin} → {year}")
    return replace(changed, year=year)


def whole_pupils(forecast: Forecast, year: int) -> pl.DataFrame:
    """Return school, stage, grade and whole pupils of the middle path; each grade's total is kept. Pupils not known are null."""
    middle = np.asarray(forecast.middle[forecast.years.index(year)], dtype=np.float64)  # (U, G)
    whole = _by_largest_remainder(middle)
    stages, grades = zip(*forecast.grades, strict=True) if forecast.grades else ((), ())
    count = len(forecast.schools)
    return pl.DataFrame(
        {
            "school": np.repeat(np.array(forecast.schools, dtype=object), len(grades)).tolist(),
            "stage": list(stages) * count,
            "grade": list(grades) * count,
            "pupils": whole.ravel(),
        },
        schema={"school": pl.String, "stage": pl.String, "grade": pl.String, "pupils": pl.Float64},
    ).with_columns(pl.col("pupils").fill_nan(None).cast(pl.Int64))


def _by_largest_remainder(middle: Floats) -> Floats:
    """Return whole numbers (U, G) whose column sums are the rounded sums of the columns; nan stays nan."""
    known = np.nan_to_num(middle, nan=0.0)
    floor = np.floor(known + 1e-6)
    left = np.round(known.sum(axis=0)) - floor.sum(axis=0)
    rank = np.argsort(np.argsort(-(known - floor), axis=0, kind="stable"), axis=0, kind="stable")
    return np.where(np.isnan(middle), np.nan, floor + (rank < left))


def _without(name: str, frame: pl.DataFrame, closed: Collection[str]) -> pl.DataFrame:
    if not closed or name in ("school_changes", "projects"):  # what has happened to a school outlives it
        return frame
    columns = [column for column in ("school", "campus") if column in frame.columns]
    for column in columns:
        frame = frame.filter(~pl.col(column).is_in(list(closed)))
    return frame


def _folded(pupils: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return the pupils with all grades of a stage under the one grade that a school has today, where that is none of the forecast's."""
    foreign = before.select(_KEY).unique().join(pupils.select("stage", "grade").unique(), on=["stage", "grade"], how="anti")
    lone = before.group_by("school", "stage").agg(pl.col("grade").n_unique().alias("grades"), pl.col("grade").first().alias("own"))
    lone = lone.filter(pl.col("grades") == 1).join(foreign, on=["school", "stage"], how="semi").select("school", "stage", "own")
    joined = pupils.join(lone, on=["school", "stage"], how="left", maintain_order="left")
    known = pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum())
    own = pl.coalesce("own", "grade").alias("grade")
    return joined.group_by("school", "stage", own, maintain_order=True).agg(known.alias("pupils")).select(pupils.columns)


def _enrolment(before: pl.DataFrame, pupils: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of enrolment: today's grades and those that the forecast adds, by today's split into sexes and groups."""
    grades = before.select(_KEY).unique()
    kept = before.filter(~pl.col("stage").is_in(pupils["stage"].unique().to_list()))
    ahead = pupils.join(grades.with_columns(there=pl.lit(value=True)), on=_KEY, how="left")
    ahead = ahead.filter(pl.col("there").fill_null(value=False) | (pl.col("pupils") != 0)).drop("there")
    if not ahead.height:
        return kept
    rows = _split(ahead, before)
    return pl.concat([kept.select(rows.columns), rows], how="vertical_relaxed").sort(*_KEY, "sex")


def _split(ahead: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return the pupils ahead by sex and group, by the shares of the school's stage today, or of the whole stage for a new school."""
    own, whole = _shares(before, ["school", "stage"]), _shares(before, ["stage"])
    by_own = ahead.join(own, on=["school", "stage"], how="inner")
    by_stage = ahead.join(own.select("school", "stage").unique(), on=["school", "stage"], how="anti").join(whole, on="stage", how="left")
    joined = pl.concat([by_own, by_stage.select(by_own.columns)]).with_columns(
        pl.col("sex").fill_null("all"), pl.col("share").fill_null(1.0)
    )
    exact = pl.col("pupils") * pl.col("share")
    ordered = joined.sort(*_KEY, "sex")
    first = pl.col("sex").cum_count().over(_KEY) < pl.len().over(_KEY)
    rounded = ordered.with_columns(pl.when(first).then((exact + 0.5).floor()).otherwise(0).alias("part"))
    rest = pl.col("pupils") - pl.col("part").sum().over(_KEY)
    rows = rounded.with_columns(pl.when(first).then(pl.col("part")).otherwise(rest).cast(pl.Int64).alias("number"))
    groups = [pl.min_horizontal((pl.col("number") * pl.col(f"of_{name}") + 0.5).floor(), "number").alias(name) for name in _GROUPS]
    return rows.select(*_KEY, "sex", pl.col("number").alias("pupils"), *groups).cast(dict.fromkeys(_GROUPS, pl.Int64))


def _shares(before: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Return for each group and sex its share of the pupils, and of these the shares of boarders, migrant children and others."""
    known = before.filter(pl.col("pupils").is_not_null())
    sums = known.group_by(*by, "sex").agg(
        pl.col("pupils").sum(),
        *(pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(f"of_{name}") for name in _GROUPS),
    )
    share = (
        pl.when(pl.col("pupils").sum().over(by) > 0)
        .then(pl.col("pupils") / pl.col("pupils").sum().over(by))
        .otherwise(1 / pl.len().over(by))
    )
    parts = [(pl.col(f"of_{name}") / pl.max_horizontal("pupils", pl.lit(1))).alias(f"of_{name}") for name in _GROUPS]
    return sums.with_columns(share.alias("share"), *parts).drop("pupils")


def _opened(schools: pl.DataFrame, opened: Mapping[str, Row]) -> pl.DataFrame:
    there = set(schools["school"])
    rows = [{**row, "school": code} for code, row in opened.items() if code not in there]
    if not rows:
        return schools
    return pl.concat([schools, typed(schema().tables["schools"], pl.DataFrame(rows, infer_schema_length=None))])


def _county_facts(facts: pl.DataFrame, children: Mapping[str, int]) -> pl.DataFrame:
    emptied = facts.with_columns(pl.lit(None, dtype=facts.schema[name]).alias(name) for name in _OF_THE_YEAR)
    if "preschool" not in children:
        return emptied
    return emptied.with_columns(pl.lit(children["preschool"], dtype=facts.schema["children_3_5"]).alias("children_3_5"))


def _stage_facts(facts: pl.DataFrame, children: Mapping[str, int]) -> pl.DataFrame:
    known = pl.DataFrame({"stage": list(children), "ahead": list(children.values())}, schema={"stage": pl.String, "ahead": pl.Int64})
    return facts.join(known, on="stage", how="left", maintain_order="left").with_columns(pl.col("ahead").alias("school_age")).drop("ahead")
