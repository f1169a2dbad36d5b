"""Who lives where in the years ahead: the forecast by village where there is one, else today's pupils of each school, unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.planning.planners.school_places.question import SCENARIOS, Floats

_NO_ROWS = Text("没有该学段的学生", "no pupils of this stage")
_EQUAL = (0.25, 0.5, 0.25)  # how likely the lower end, the middle and the upper end of a band are taken to be


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """Pupils by place, stage and grade: K rows, S scenarios, T years."""

    places: tuple[tuple[str, str, float, float], ...]  # code, name, lon, lat
    rows: tuple[tuple[int, str, str], ...]  # place, stage, grade
    pupils: Floats  # (S, T, K)
    scenarios: tuple[str, ...]
    chance: Floats
    notes: tuple[Text, ...]


def demand(county: County, stages: Sequence[str], years: Sequence[int]) -> Demand:
    """Return the pupils of every year. Raises DataError where the forecast leaves out a year, or a place has no coordinates."""
    if county.tables["future_pupils"].filter(pl.col("stage").is_in(list(stages))).height:
        return _foreseen(county, stages, years)
    return _today(county, stages, years)


def _foreseen(county: County, stages: Sequence[str], years: Sequence[int]) -> Demand:
    rows = county.tables["future_pupils"].filter(pl.col("stage").is_in(list(stages)) & pl.col("year").is_in(list(years)))
    findings = [*_missing_years(rows, stages, years), *_unknown_pupils(rows)]
    if findings:
        raise DataError(findings)
    scenarios = tuple(name for name in SCENARIOS if name in set(rows["scenario"]))
    wide = rows.with_columns(pl.concat_str("scenario", pl.lit("|"), pl.col("year").cast(pl.String)).alias("at"))
    wide = wide.pivot(on="at", index=["village", "stage", "grade"], values="pupils").sort("village", "stage", "grade")
    names = [f"{scenario}|{year}" for scenario in scenarios for year in years]
    numbers = wide.select(pl.col(name).cast(pl.Float64).fill_null(0.0) for name in names).to_numpy().T
    villages = county.tables["villages"].select("village", "name", pl.col("lon", "lat").cast(pl.Float64)).unique("village").sort("village")
    places = _placed(villages.join(wide.select("village").unique(), on="village").sort("village"), "villages", "village")
    index = {place[0]: k for k, place in enumerate(places)}
    unknown = sorted(set(wide["village"]) - set(index))
    if unknown:
        raise DataError(
            [finding("planning.forecast_of_unknown_village", Place(table="future_pupils", key=(code,)), code) for code in unknown]
        )
    chance = np.array(_EQUAL if len(scenarios) == len(SCENARIOS) else [1 / len(scenarios)] * len(scenarios))
    keys = tuple((index[village], stage, grade) for village, stage, grade in wide.select("village", "stage", "grade").iter_rows())
    return Demand(
        places=places,
        rows=keys,
        pupils=numbers.reshape(len(scenarios), len(years), len(keys)),
        scenarios=scenarios,
        chance=chance,
        notes=(),
    )


def _missing_years(rows: pl.DataFrame, stages: Sequence[str], years: Sequence[int]) -> Iterator[Finding]:
    for stage in stages:
        known = set(rows.filter(pl.col("stage") == stage)["year"])
        missing = [str(year) for year in years if year not in known]
        if not known:
            yield finding(
                "planning.forecast_lacks_stage", Place(table="future_pupils", column="stage", key=(stage,)), _NO_ROWS, stage=stage
            )
        elif missing:
            yield finding("planning.forecast_lacks_years", Place(table="future_pupils", column="year", key=(stage,)), ", ".join(missing))


def _unknown_pupils(rows: pl.DataFrame) -> Iterator[Finding]:
    for village, stage, year in (
        rows.filter(pl.col("pupils").is_null()).select("village", "stage", "year").unique().sort("village").iter_rows()
    ):
        place = Place(table="future_pupils", column="pupils", key=(village, stage, str(year)))
        yield finding("planning.forecast_without_pupils", place, Text("未填学生数", "no pupils given"))


def _today(county: County, stages: Sequence[str], years: Sequence[int]) -> Demand:
    """Return today's pupils of each school, living at their school, for every year: the county says nothing better."""
    rows = county.tables["enrolment"].filter(pl.col("stage").is_in(list(stages)))
    findings = [
        finding("planning.school_without_pupils", Place(table="enrolment", key=(school,)), Text("没有在校生数", "no pupils returned"))
        for school in rows.filter(pl.col("pupils").is_null())["school"].unique().sort()
    ]
    if findings:
        raise DataError(findings)
    counted = rows.group_by("school", "stage", "grade").agg(pl.col("pupils").sum()).sort("school", "stage", "grade")
    schools = county.tables["schools"].select("school", "name", pl.col("lon", "lat").cast(pl.Float64))
    campuses = county.tables["campuses"].select(pl.col("campus").alias("school"), "name", pl.col("lon", "lat").cast(pl.Float64))
    known = pl.concat([schools, campuses]).unique("school").join(counted.select("school").unique(), on="school").sort("school")
    places = _placed(known, "schools", "school")
    index = {place[0]: k for k, place in enumerate(places)}
    counted = counted.filter(pl.col("school").is_in(list(index)))
    keys = tuple((index[school], stage, grade) for school, stage, grade in counted.select("school", "stage", "grade").iter_rows())
    pupils = np.broadcast_to(counted["pupils"].cast(pl.Float64).to_numpy(), (1, len(years), len(keys)))
    zh = "没有分村居的学生预测：按各校现有学生不变、住在学校所在地计算"
    note = Text(f"{zh}。", "No forecast by village: today's pupils of each school are taken to stay as many and to live where it stands.")
    return Demand(
        places=places, rows=keys, pupils=np.array(pupils), scenarios=("middle",), chance=np.ones(1), notes=(note,) if keys else ()
    )


def _placed(frame: pl.DataFrame, table: str, key: str) -> tuple[tuple[str, str, float, float], ...]:
    lost = frame.filter(pl.col("lon").is_null() | pl.col("lat").is_null())
    if lost.height:
        none = Text("没有经纬度", "no longitude and latitude")
        raise DataError(
            [
                finding("planning.place_without_coordinates", Place(table=table, key=(code,), name=name or ""), none)
                for code, name in lost.select(key, "name").iter_rows()
            ]
        )
    return tuple((code, name or code, lon, lat) for code, name, lon, lat in frame.select(key, "name", "lon", "lat").iter_rows())
