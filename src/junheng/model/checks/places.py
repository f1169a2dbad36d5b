"""Where schools and villages lie: exchanged, zero, half given, shared or far-off coordinates."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.data import limit
from junheng.model.checks.gather import gather
from junheng.model.checks.offset import check_offset
from junheng.model.county import County
from junheng.model.schema import schema

_TABLES = ("schools", "campuses", "villages", "sites", "road_nodes", "crossings")
_TO_CONVERT = ("gcj02", "bd09")
_LON, _LAT = pl.col("lon"), pl.col("lat")
_BOTH = Text("经度{lon}，纬度{lat}", "longitude {lon}, latitude {lat}")


def check_coordinates(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find coordinates that are no place, are not in this county, or are shared by two schools."""
    for name in _TABLES:
        frame = county.tables[name]
        if frame.select(pl.any_horizontal(_LON.is_not_null(), _LAT.is_not_null()).any()).item():
            yield from _of_table(name, frame)
    for name in ("schools", "sites", "road_nodes", "crossings"):
        waiting = county.tables[name].filter(pl.col("coordinates").is_in(list(_TO_CONVERT)))
        yield from gather("model.coordinates_not_converted", name, "coordinates", waiting, Text("{coordinates}", "{coordinates}"))
    yield from _shared(county)
    yield from check_offset(county)


def _of_table(name: str, frame: pl.DataFrame) -> Iterator[Finding]:
    fits = _within(name, "lon", _LON) & _within(name, "lat", _LAT)
    exchanged = _within(name, "lon", _LAT) & _within(name, "lat", _LON)
    zero = (_LON == 0) & (_LAT == 0)
    half = _LON.is_null() != _LAT.is_null()
    yield from gather("model.half_a_coordinate", name, "lon", frame.filter(half), _BOTH)
    yield from gather("model.coordinates_zero", name, "lon", frame.filter(zero), _BOTH)
    yield from gather("model.coordinates_exchanged", name, "lon", frame.filter(~fits & exchanged), _BOTH)
    yield from gather("model.coordinates_nowhere", name, "lon", frame.filter(~fits & ~exchanged & ~zero), _BOTH)
    good = frame.filter(fits).with_columns(_LON.cast(pl.Float64), _LAT.cast(pl.Float64))
    reach = float(limit("near_degrees"))
    far = ((_LON - _LON.median()).abs() > reach) | ((_LAT - _LAT.median()).abs() > reach)
    yield from gather("model.coordinates_far_off", name, "lon", good.filter(far), _BOTH, reach=limit("near_degrees"))


def _within(table: str, column: str, value: pl.Expr) -> pl.Expr:
    known = schema().tables[table].column(column)
    return (value >= known.least) & (value <= known.most)


def _shared(county: County) -> Iterator[Finding]:
    """Find schools at one point; schools put at their village's representative point are not expected to differ."""
    schools = county.tables["schools"].filter(_LON.is_not_null() & _LAT.is_not_null() & (_LON != 0))
    surveyed = schools.filter(pl.col("coordinates").is_null() | (pl.col("coordinates") != "village_point"))
    groups = surveyed.group_by("lon", "lat").agg(pl.col("school").sort(), pl.col("name").sort().str.join(" / ").alias("names"))
    shared = groups.filter(pl.col("school").list.n_unique() > 1).with_columns(pl.col("school").list.first())
    found = Text("{names}坐标相同（{lon}，{lat}）", "{names} at one point ({lon}, {lat})")
    yield from gather("model.coordinates_shared", "schools", "lon", shared, found)
