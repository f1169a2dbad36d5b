"""Pupils by the village in which they live: as returned, as foreseen, or from residents by age scaled to those enrolled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.projection.ages import largest_remainder
from junheng.projection.assumptions import Assumptions
from junheng.projection.assumptions_file import shipped_assumptions
from junheng.projection.school_age import STAGES, stage_ages

_TABLE = Place(table="village_population")
_MIDDLE = "middle"  # of the three scenarios of a forecast


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demand:
    """Pupils by village and grade."""

    frame: pl.DataFrame  # village, grade, pupils (Int64; null where not known), every village of the county in code order
    source: Literal["returned", "foreseen", "derived"]
    findings: tuple[Finding, ...]


def pupils_by_village(
    county: County,
    stage: str,
    year: int | None = None,
    *,
    assumptions: Assumptions | None = None,
) -> Demand:
    """Return the pupils of a stage by the village in which they live, in a school year (the county's own when None).

    Where village_pupils has the stage and year, these are returned; a village without a row there has no known number, which is
    not 0. Else the middle of the forecast (future_pupils) is taken where it has the year. Else residents of the ages of the stage are
    taken (those of a later year are younger today), and their total is made that of the pupils enrolled; whole numbers by largest
    remainder keep it. The findings say which it was.
    Raises DataError when neither table can tell.
    """
    wanted = county.year if year is None else year
    returned = county.tables["village_pupils"].filter((pl.col("stage") == stage) & (pl.col("year") == wanted))
    if returned.height:
        return _returned(county, returned, stage, wanted)
    foreseen = county.tables["future_pupils"].filter(
        (pl.col("stage") == stage) & (pl.col("year") == wanted) & (pl.col("scenario") == _MIDDLE)
    )
    if foreseen.height and wanted != county.year:
        return _foreseen(county, foreseen, stage, wanted)
    return _derived(county, stage, wanted, assumptions or shipped_assumptions()["middle"])


def _villages(county: County) -> pl.DataFrame:
    return county.tables["villages"].select("village").unique().sort("village")


def _returned(county: County, rows: pl.DataFrame, stage: str, year: int) -> Demand:
    split = (pl.col("grade") != "all").any().over("village")
    rows = rows.filter((pl.col("grade") != "all") | ~split)  # model.counted_twice tells of a whole beside its parts
    grades = rows.select("grade").unique().sort("grade")
    every = _villages(county).join(grades, how="cross")
    told = rows.group_by("village", "grade").agg(pl.col("pupils").sum(), pl.col("pupils").null_count().alias("missing"))
    told = told.with_columns(pl.when(pl.col("missing") == 0).then(pl.col("pupils")).alias("pupils"))
    frame = every.join(told.select("village", "grade", "pupils"), on=["village", "grade"], how="left").sort("village", "grade")
    silent = frame.filter(pl.col("pupils").is_null())["village"].unique().sort().to_list()
    return Demand(frame=frame, source="returned", findings=_silent(silent, stage, year))


def _foreseen(county: County, rows: pl.DataFrame, stage: str, year: int) -> Demand:
    """Return whole pupils whose total is that of the forecast, rounded; a village that the forecast does not name is not known."""
    told = rows.group_by("village", "grade").agg(pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum()))
    every = _villages(county).join(told.select("grade").unique(), how="cross")
    frame = every.join(told, on=["village", "grade"], how="left").sort("village", "grade")
    frame = frame.with_columns(pl.col("pupils").cast(pl.Float64))
    silent = frame.filter(pl.col("pupils").is_null())["village"].unique().sort().to_list()
    return Demand(frame=_scaled(frame, 1.0), source="foreseen", findings=_silent(silent, stage, year))


def _silent(villages: list[str], stage: str, year: int) -> tuple[Finding, ...]:
    if not villages:
        return ()
    place = Place(table="village_pupils", key=(villages[0], stage, str(year)))
    named = "、".join(villages[:10])
    found = Text(f"{len(villages)}个村居没有人数：{named}", f"{len(villages)} villages without a number: {', '.join(villages[:10])}")
    return (finding("planning.village_without_pupils_known", place, found, count=len(villages)),)


def _derived(county: County, stage: str, year: int, assumptions: Assumptions) -> Demand:
    first, last = _ages(stage, county, year, assumptions)
    grades = _grades(stage, last - first + 1, assumptions)
    now = _residents(county, first, grades)
    later = now if year == county.year else _residents(county, first - (year - county.year), grades)
    unknown = later.group_by("village").agg(pl.col("pupils").null_count().alias("missing")).filter(pl.col("missing") > 0)
    findings = list(_silent(sorted(unknown["village"].to_list()), stage, year))
    enrolled, children = _enrolled(county, stage), int(now["pupils"].sum())
    if enrolled is None or not children or now["pupils"].null_count():
        findings.append(finding("planning.pupils_not_scaled", _TABLE, Text("居住人口按年龄推算", "residents by age")))
        return Demand(frame=later, source="derived", findings=tuple(findings))
    ratio = enrolled / children
    found = Text(
        f"按年龄有{children}人，在校{enrolled}人，系数{ratio:.3f}", f"{children} children by age, {enrolled} enrolled, factor {ratio:.3f}"
    )
    findings.append(finding("planning.pupils_scaled", _TABLE, found))
    return Demand(frame=_scaled(later, ratio), source="derived", findings=tuple(findings))


def _scaled(frame: pl.DataFrame, ratio: float) -> pl.DataFrame:
    """Return whole pupils in proportion to residents; their total is residents × ratio, rounded. Unknown numbers stay unknown."""
    known = frame["pupils"].is_not_null()
    parts = frame["pupils"].drop_nulls().to_numpy().astype(np.float64)
    whole = largest_remainder(parts[None], np.array([parts.sum() * ratio]))[0] if parts.size and parts.sum() > 0 else parts
    values = np.full(frame.height, np.nan)
    values[known.to_numpy()] = whole
    return frame.with_columns(pl.Series("pupils", values).fill_nan(None).cast(pl.Int64))


def _ages(stage: str, county: County, year: int, assumptions: Assumptions) -> tuple[int, int]:
    """Return the first and last age of a stage. Raises DataError for a stage without ages, and for years too far ahead."""
    ages = dict(zip(STAGES, stage_ages(assumptions), strict=True)).get(stage)
    if ages is None or not county.tables["village_population"].height or ages[0] - (year - county.year) < 0:
        place = Place(table="village_pupils", key=(stage, str(year)))
        raise DataError(finding("planning.no_pupils_by_village", place, Text("没有可用的数据", "nothing to go by")))
    return ages


def _grades(stage: str, many: int, assumptions: Assumptions) -> list[str]:
    """Return the grades of a stage by age: 小班 to 大班, then 1 to 12 counted from the age of entry to primary school."""
    if stage == "preschool":
        return [f"k{index + 1}" for index in range(many)]
    first = round(assumptions.number("entry_age", stage) - assumptions.number("entry_age", "primary")) + 1
    return [str(first + index) for index in range(many)]


def _residents(county: County, first: int, grades: list[str]) -> pl.DataFrame:
    """Return residents by village and grade, one age a grade; unknown as soon as one number of a village and age is not known."""
    ages = pl.DataFrame({"age": [first + index for index in range(len(grades))], "grade": grades, "order": range(len(grades))})
    persons = (
        county.tables["village_population"]
        .group_by("village", "age")
        .agg(pl.when(pl.col("persons").null_count() == 0).then(pl.col("persons").sum()).alias("pupils"))
    )
    every = _villages(county).join(ages, how="cross").join(persons, on=["village", "age"], how="left")
    return every.sort("village", "order").select("village", "grade", "pupils")


def _enrolled(county: County, stage: str) -> int | None:
    """Return the pupils enrolled in a stage; of a whole and its parts the whole counts. None when one number is not known."""
    rows = county.tables["enrolment"].filter(pl.col("stage") == stage)
    if not rows.height or rows["pupils"].null_count():
        return None
    for part, key in (("sex", ["school", "grade"]), ("grade", ["school"])):
        whole = pl.col("pupils").filter(pl.col(part) == "all").sum()
        told = (pl.col(part) == "all").any()
        rows = rows.group_by(key).agg(pl.when(told).then(whole).otherwise(pl.col("pupils").sum()).alias("pupils"))
    return int(rows["pupils"].sum())
