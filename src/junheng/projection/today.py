"""What schools are today, in the order of a forecast: pupils, largest classes, and the stages that they have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from junheng.model import County
from junheng.model.checks.data import frame as data
from junheng.projection.forecast import Floats, Forecast


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Today:
    """The school year from which the forecast starts; nan: not known, or there is none."""

    pupils: Floats  # (U, S)
    entering: Floats  # (U, S) in the lowest grade of the stage that the forecast has
    largest: Floats  # (U, S) pupils of the largest class; of classes returned by size band the top of the highest band
    oversized: Floats  # (U, S) 1 where a class is above the limit given, 0 where none is


def today(forecast: Forecast, county: County, units: Mapping[str, int], limits: Floats) -> Today:
    """Return today's schools; units: index of the forecast's school for every code that stands with it; limits: (S,) pupils/class."""
    shape = (len(forecast.schools), len(forecast.stages))
    first = dict(reversed([(stage, grade) for stage, grade in forecast.grades]))
    whole = _pupils(county)
    entry = whole.filter(pl.concat_str("stage", "grade", separator=" ").is_in([f"{stage} {grade}" for stage, grade in first.items()]))
    largest = _classes(county).group_by("school", "stage").agg(pl.col("top").max(), pl.col("least").max())
    over = _array(largest, "least", forecast, units, shape, np.fmax)
    return Today(
        pupils=_array(_summed(whole), "pupils", forecast, units, shape, np.add),
        entering=_array(_summed(entry), "pupils", forecast, units, shape, np.add),
        largest=_array(largest, "top", forecast, units, shape, np.fmax),
        oversized=np.where(np.isnan(over) | np.isnan(limits), np.nan, (over > limits).astype(np.float64)),
    )


def _pupils(county: County) -> pl.DataFrame:
    """Return school, stage, grade, pupils (null when a part is not known); grades count once, whether split by sex or not."""
    table = county.tables["enrolment"]
    key = ["school", "stage", "grade"]
    whole = table.filter(pl.col("sex") == "all")
    split = table.filter(pl.col("sex") != "all").join(whole, on=key, how="anti")
    known = pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum()).alias("pupils")
    every = pl.concat([whole.select(*key, "pupils"), split.group_by(key).agg(known).select(*key, "pupils")])
    graded = every.filter(pl.col("grade") != "all")
    return pl.concat([graded, every.filter(pl.col("grade") == "all").join(graded, on=["school", "stage"], how="anti")])


def _summed(frame: pl.DataFrame) -> pl.DataFrame:
    known = pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum()).alias("pupils")
    return frame.group_by("school", "stage").agg(known)


def _classes(county: County) -> pl.DataFrame:
    """Return school, stage, least, top of every class, or of every size band with classes in it."""
    single = county.tables["classes"].filter(pl.col("pupils").is_not_null())
    bounds = data("class_bands").with_columns(pl.col("least", "most").cast(pl.Int64, strict=False))
    banded = county.tables["class_sizes"].filter(pl.col("classes") > 0).join(bounds, on="band")
    columns = ["school", "stage", "least", "top"]
    return pl.concat(
        [
            single.with_columns(pl.col("pupils").alias("least"), pl.col("pupils").alias("top")).select(columns),
            banded.with_columns(pl.col("most").alias("top")).select(columns),
        ]
    )


def _array(
    frame: pl.DataFrame, column: str, forecast: Forecast, units: Mapping[str, int], shape: tuple[int, int], join: np.ufunc
) -> Floats:
    """Return (U, S) of a column; rows of several codes that stand with one school are joined, and unknown as soon as one is."""
    found = np.full(shape, np.nan)
    for school, stage, value in frame.select("school", "stage", column).iter_rows():
        if school in units and stage in forecast.stages:
            at = (units[school], forecast.stages.index(stage))
            number = np.nan if value is None else float(value)
            found[at] = number if np.isnan(found[at]) else join(found[at], number)
    return found
