"""Places given in GCJ-02 or BD-09, turned into WGS 84 once, as they come in, and marked so."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from junheng.errors import Place, Text
from junheng.model import schema
from junheng.model.chinese_coordinates import Degrees, Floats, wgs84_of_bd09, wgs84_of_gcj02
from junheng.store.returns.gather import Gathered
from junheng.store.returns.report import Report

_BACK: Mapping[str, Callable[[Floats, Floats], Degrees]] = {"gcj02": wgs84_of_gcj02, "bd09": wgs84_of_bd09}
_NEEDED = ("lon", "lat", "coordinates")
_DECIMALS = 6  # of a degree, a tenth of a metre: what the tables hold


def in_wgs84(tables: Mapping[str, Gathered], report: Report) -> dict[str, Gathered]:
    """Return the tables with the places of rows marked gcj02 or bd09 in WGS 84 and the mark from_gcj02 or from_bd09.

    A row whose longitude and latitude are not of the country is left as it is, mark included: the checks tell it.
    """
    return {name: Gathered(_converted(name, one.frame, report), one.origins) for name, one in tables.items()}


def _converted(table: str, frame: pl.DataFrame, report: Report) -> pl.DataFrame:
    if not set(_NEEDED) <= set(frame.columns):
        return frame
    for mark, back in _BACK.items():
        rows = frame["coordinates"].eq_missing(mark) & _in_the_country(table, frame)
        if not rows.any():
            continue
        lon, lat = (frame[name].filter(rows).cast(pl.Float64).to_numpy() for name in ("lon", "lat"))
        there = back(lon, lat)
        at = rows.arg_true()
        values = {name: pl.Series(axis.round(_DECIMALS)).cast(frame[name].dtype) for name, axis in zip(("lon", "lat"), there, strict=True)}
        moved = {name: frame[name].scatter(at, series) for name, series in values.items()}
        frame = frame.with_columns(**moved, coordinates=frame["coordinates"].scatter(at, f"from_{mark}"))
        known = schema().tables[table]
        place = Place(table=table, column="coordinates", title=known.title, label=known.column("coordinates").label)
        count = len(at)
        report.say(
            "returns.coordinates_converted", place, Text(f"{count}处为{mark.upper()}坐标", f"{count} in {mark.upper()}"), count=count
        )
    return frame


def _in_the_country(table: str, frame: pl.DataFrame) -> pl.Series:
    bounds = {name: schema().tables[table].column(name) for name in ("lon", "lat")}
    inside = pl.all_horizontal(pl.col(name).is_between(one.least, one.most) for name, one in bounds.items())
    return frame.select(inside.fill_null(value=False)).to_series()
