"""Which schools make the gap: each school's share of the squared coefficient of variation, and what it lacks to limit and floor."""

from __future__ import annotations

import polars as pl

from junheng.indicators.indicator import Indicator
from junheng.indicators.scorecard import Scorecard
from junheng.model import units

_SIDES = ("above", "below", "at")


def spread(card: Scorecard, indicator: str, county: str, stage: str) -> pl.DataFrame:
    """Return the schools behind a coefficient, the largest share first.

    school, value, weight (pupils), share (of the squared CV, 0 to 1, null when all are alike or one has no value), side (above, below, at
    the county mean), to_limit and to_floor (see `with_shortfall`), verdict. Shares add up to 1.
    """
    rows = with_shortfall(card.of(indicator, county, stage), card.catalogue[indicator])
    value, weight = pl.col("value"), pl.col("weight").cast(pl.Float64)
    mean = (weight * value).sum() / weight.sum()
    squared = weight * (value - mean) ** 2
    whole = squared.sum()
    known = (value.is_null().sum() == 0) & (whole > 0)
    side = pl.when(value > mean).then(pl.lit("above")).when(value < mean).then(pl.lit("below")).when(value == mean).then(pl.lit("at"))
    return (
        rows.with_columns(pl.when(known).then(squared / whole).alias("share"), side.alias("side"))
        .select("school", "value", "weight", "missing", "share", "side", "to_limit", "to_floor", "verdict")
        .sort(["share", "school"], descending=[True, False], nulls_last=True)
    )


def with_shortfall(items: pl.DataFrame, indicator: Indicator) -> pl.DataFrame:
    """Return items of one indicator with `to_limit` and `to_floor`: how much of the numerator is lacking, in `shortfall_unit`.

    "2.3 teachers short": (limit − value) × weight ÷ scale, the unit's own share where a school is split; for an upper limit it is what is
    too much. Null when nothing is lacking, nothing is known, or there is no limit.
    """
    weight = pl.col("weight").cast(pl.Float64)
    if indicator.scale != 1:
        weight = weight / indicator.scale
    limit = pl.col("limit").cast(pl.Float64)
    sign = pl.when(pl.col("comparator").is_in(["at_most", "below"])).then(-1.0).otherwise(1.0)
    failed = pl.col("verdict").cast(pl.String).is_in(["near", "partly", "missed", "met_by_concession"])
    to_limit = sign * (limit - pl.col("value")) * weight
    to_floor = sign * (pl.col("near_limit") - pl.col("value")) * weight
    return items.with_columns(
        pl.when(failed).then(to_limit).alias("to_limit"),
        pl.when(pl.col("verdict").cast(pl.String) == "missed").then(to_floor).alias("to_floor"),
    )


def shortfall_unit(indicator: Indicator) -> str:
    """Return the unit of what is lacking: teachers of teachers/100 pupils, m2 of m2/pupil."""
    unit = indicator.unit.partition("/")[0]
    return unit if unit in units() else indicator.unit
