"""Boundaries, rivers and railways as they were entered: shapes that can be read, in the county, and crossings that lie on theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Finding, Text
from junheng.model.checks.data import limit
from junheng.model.checks.gather import gather
from junheng.model.county import County
from junheng.model.geometry import Kind, far_from, parts_of
from junheng.model.schema import schema

Floats = NDArray[np.float64]

_SHAPES: dict[str, Kind] = {"barriers": "line", "villages": "area", "districts": "area"}
_WORDS: dict[Kind, Text] = {"line": Text("GeoJSON折线", "GeoJSON line"), "area": Text("GeoJSON多边形", "GeoJSON polygon")}
_METRES_A_DEGREE = 111_195.0  # of a meridian, on a sphere of 6,371 km
_SHOWN = 40  # letters of a shape that cannot be read


@dataclass(frozen=True, slots=True)
class _Middle:
    """The middle of the county's places."""

    lon: float
    lat: float


def check_shapes(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find shapes that cannot be read or lie elsewhere, and crossings far from the barrier that they cross."""
    middle = _middle(county)
    for table, kind in _SHAPES.items():
        key = schema().tables[table].key[0]
        rows = county.tables[table].select(key, "geometry").drop_nulls()
        if rows.height:
            yield from _of_table(table, rows, kind, middle)
    yield from _crossings(county)


def _of_table(table: str, rows: pl.DataFrame, kind: Kind, middle: _Middle | None) -> Iterator[Finding]:
    shapes = [parts_of(text, kind) for text in rows["geometry"]]
    broken = rows.filter(pl.Series([shape is None for shape in shapes])).with_columns(pl.col("geometry").str.slice(0, _SHOWN))
    cut = Text("读不出的图形{geometry}…", "a shape that cannot be read: {geometry}…")
    yield from gather("model.shape_unreadable", table, "geometry", broken, cut, shape=_WORDS[kind])
    read = rows.filter(pl.Series([shape is not None for shape in shapes])).drop("geometry")
    means = [np.concatenate(shape).mean(axis=0) for shape in shapes if shape is not None]
    at = read.with_columns(
        pl.Series("lon", [float(mean[0]) for mean in means], pl.Float64), pl.Series("lat", [float(mean[1]) for mean in means], pl.Float64)
    )
    lon, lat, reach = pl.col("lon"), pl.col("lat"), float(limit("near_degrees"))
    fits = _is(lon, "lon") & _is(lat, "lat")
    turned = ~fits & _is(lon, "lat") & _is(lat, "lon")
    found = Text("线或边界的中部在经度{lon}，纬度{lat}", "a shape whose middle is at longitude {lon}, latitude {lat}")
    yield from gather("model.coordinates_exchanged", table, "geometry", at.filter(turned), found)
    yield from gather("model.coordinates_nowhere", table, "geometry", at.filter(~fits & ~turned), found)
    if middle is not None:
        far = fits & (((lon - middle.lon).abs() > reach) | ((lat - middle.lat).abs() > reach))
        yield from gather("model.coordinates_far_off", table, "geometry", at.filter(far), found, reach=limit("near_degrees"))


def _is(value: pl.Expr, column: str) -> pl.Expr:
    known = schema().tables["villages"].column(column)
    return (value >= known.least) & (value <= known.most)


def _middle(county: County) -> _Middle | None:
    """Return the middle of villages and schools; None where none has a place."""
    places = pl.concat([county.tables[name].select(pl.col("lon", "lat").cast(pl.Float64)) for name in ("villages", "schools")]).drop_nulls()
    places = places.filter(_is(pl.col("lon"), "lon") & _is(pl.col("lat"), "lat"))
    lon, lat = places.select(pl.median("lon", "lat")).row(0)
    return None if lon is None or lat is None else _Middle(lon, lat)


def _crossings(county: County) -> Iterator[Finding]:
    lines = {code: parts_of(text, "line") for code, text in county.tables["barriers"].select("barrier", "geometry").iter_rows()}
    rows, off = county.tables["crossings"].drop_nulls(["barrier", "lon", "lat"]), []
    for barrier, lon, lat in rows.select("barrier", "lon", "lat").iter_rows():
        line = lines.get(barrier)
        off.append(0.0 if line is None else _metres_off(line, float(lon), float(lat)))
    reach = float(limit("crossing_metres"))
    far = rows.with_columns(pl.Series("off", off, pl.Float64).round(0)).filter(pl.col("off") > reach)
    words = Text("距阻隔{barrier} {off}米", "{off} m from barrier {barrier}")
    yield from gather("model.crossing_off_its_barrier", "crossings", "lon", far, words, reach=limit("crossing_metres"))


def _metres_off(lines: list[Floats], lon: float, lat: float) -> float:
    """Return how many metres a place lies from lines of degrees, (points, 2) each, on a plane around the place."""
    flat = [(line - (lon, lat)) * (np.cos(np.radians(lat)), 1.0) * _METRES_A_DEGREE for line in lines]
    return far_from(flat, np.zeros(2))
