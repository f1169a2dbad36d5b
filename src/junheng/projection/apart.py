"""Sites that a forecast counts with another school and that still stand in a year ahead: their share of its pupils."""

from __future__ import annotations

import polars as pl

from junheng.model import County
from junheng.projection.forecast import Forecast
from junheng.projection.seats import successors

_GRADE = ["stage", "grade"]


def joined(county: County, forecast: Forecast, year: int) -> pl.DataFrame:
    """Return site, school, open: sites with pupils today that are not in the forecast, the school that has their pupils there.

    A site that merges later than `year` is still open in it, and so is one that stays as a campus.
    """
    taught = county.tables["enrolment"].filter(pl.col("stage").is_in(list(forecast.stages)))["school"].unique()
    follows = successors(county).filter(
        pl.col("school").is_in(taught.implode()) & ~pl.col("school").is_in(list(forecast.schools)),
        pl.col("successor").is_in(list(forecast.schools)),
    )
    last = (
        county.tables["school_changes"].filter(pl.col("successor").is_not_null()).group_by("school").agg(pl.col("year").max().alias("from"))
    )
    campuses = county.tables["campuses"]["campus"].implode()
    return (
        follows.join(last, on="school")
        .select(
            pl.col("school").alias("site"),
            pl.col("successor").alias("school"),
            (pl.col("school").is_in(campuses) | (pl.col("from") > year)).alias("open"),
        )
        .sort("site")
    )


def shared_out(pupils: pl.DataFrame, county: County, sites: pl.DataFrame) -> pl.DataFrame:
    """Return the pupils (school, stage, grade, pupils) with rows of their own for open sites, by each grade's shares today.

    Totals are kept; a grade that has nobody today stays with the school.
    """
    standing = sites.filter(pl.col("open")).select("site", "school")
    if not standing.height:
        return pupils
    known = pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum()).alias("today")
    today = county.tables["enrolment"].group_by("school", *_GRADE).agg(known)
    own = standing.select("school").unique().with_columns(pl.col("school").alias("site"))
    members = pl.concat([standing.with_columns(rank=pl.lit(0)), own.select("site", "school").with_columns(rank=pl.lit(1))])
    split = members.join(pupils, on="school").join(today.rename({"school": "site"}), on=["site", *_GRADE], how="left")
    over = ["school", *_GRADE]
    part = pl.col("today").fill_null(0)
    share = pl.when(part.sum().over(over) > 0).then(part / part.sum().over(over)).otherwise(pl.col("rank"))
    sofar = (share.cum_sum().over(over) * pl.col("pupils") + 0.5).floor()
    before = sofar.shift(1, fill_value=0).over(over)
    # the school itself comes last and takes what rounding leaves
    parts = pl.when(pl.col("rank") == 1).then(pl.col("pupils") - before).otherwise(sofar - before).cast(pl.Int64)
    rows = (
        split.sort("school", *_GRADE, "rank", "site")
        .with_columns(parts.alias("pupils"))
        .select(pl.col("site").alias("school"), *_GRADE, "pupils")
    )
    rest = pupils.join(own.select("school"), on="school", how="anti")
    return pl.concat([rest, rows.select(pupils.columns)])
