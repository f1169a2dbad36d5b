"""What school places are planned with: plots, options of schools, and pupils ahead."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.gather import gather
from junheng.model.county import County

_AT_SCHOOLS = ("extend", "shrink", "point", "close")
_CELL = ("village", "stage", "grade", "year")


def check_sites(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find plots that nothing is decided of and that no way can be measured to."""
    free = county.tables["sites"].filter(pl.col("project").is_null())
    lost = free.filter(pl.col("lon").is_null() | pl.col("lat").is_null())
    yield from gather("model.site_without_coordinates", "sites", "lon", lost, Text("没有经纬度", "no coordinates"))
    homeless = free.join(county.tables["villages"].select("village").unique(), on="village", how="anti")
    nowhere = homeless.filter(pl.col("district").is_null())
    neither = Text("没有村居，也没有乡镇", "neither village nor township")
    yield from gather("model.site_without_township", "sites", "district", nowhere, neither)


def check_place_options(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find options that cannot be of a school: of a stage that it does not have, or what only a plot has."""
    options = county.tables["place_options"].drop_nulls(["school", "stage", "fate"])
    strange = options.filter(~pl.col("fate").is_in(_AT_SCHOOLS))
    yield from gather("model.option_not_of_a_school", "place_options", "fate", strange, Text("{fate}", "{fate}"))
    keys = ["school", "stage"]
    taught = pl.concat([county.tables[name].select(keys) for name in ("places", "enrolment")]).unique()
    idle = options.join(taught, on=keys, how="anti").join(taught.select("school").unique(), on="school", how="semi")
    yield from gather("model.option_of_another_stage", "place_options", "stage", idle, Text("{stage}", "{stage}"))


def check_future_pupils(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find bands that are upside down, and years that are not ahead."""
    rows = county.tables["future_pupils"].drop_nulls(["scenario", "year"])
    past = rows.filter(pl.col("year") <= county.year)
    yield from gather("model.forecast_of_the_past", "future_pupils", "year", past, Text("{year}学年", "{year}"), year_now=county.year)
    ends = {
        name: rows.filter(pl.col("scenario") == name).unique(_CELL).select(*_CELL, pl.col("pupils").alias(name)) for name in ("low", "high")
    }
    middle = rows.filter(pl.col("scenario") == "middle").unique([*_CELL])
    both = middle.join(ends["low"], on=_CELL, how="left").join(ends["high"], on=_CELL, how="left")
    turned = both.filter((pl.col("low") > pl.col("pupils")) | (pl.col("high") < pl.col("pupils")) | (pl.col("low") > pl.col("high")))
    found = Text("低{low}、中{pupils}、高{high}", "low {low}, middle {pupils}, high {high}")
    yield from gather("model.forecast_band_turned", "future_pupils", "pupils", turned, found)
