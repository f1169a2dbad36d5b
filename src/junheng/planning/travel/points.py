"""Points between which one travels: villages, schools and sites, with where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model.county import County

Floats = NDArray[np.float64]
Kind = Literal["village", "school", "site"]

EARTH = 6_371_008.8  # mean radius in metres (IUGG)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Points:
    """Points of one kind in the order in which they were asked for."""

    kind: Kind
    codes: tuple[str, ...]
    lon: Floats  # (n,) degrees, WGS 84; nan where not known
    lat: Floats  # (n,)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return which points have a place: (n,)."""
        return np.asarray(np.isfinite(self.lon) & np.isfinite(self.lat))


def village_points(county: County, codes: Sequence[str] | None = None) -> Points:
    """Return villages, all in code order when no codes are given; one that the county does not have has no place."""
    return _points("village", county.tables["villages"].select(pl.col("village").alias("code"), "lon", "lat"), codes)


def school_points(county: County, codes: Sequence[str] | None = None) -> Points:
    """Return schools and campuses, all schools in code order when no codes are given."""
    schools = county.tables["schools"].select(pl.col("school").alias("code"), "lon", "lat")
    if codes is None:
        return _points("school", schools, None)
    campuses = county.tables["campuses"].select(pl.col("campus").alias("code"), "lon", "lat")
    return _points("school", pl.concat([schools, campuses]), codes)


def site_points(codes: Sequence[str], lon: Sequence[float] | Floats, lat: Sequence[float] | Floats) -> Points:
    """Return points that are in no table, such as sites for a new school."""
    return Points(kind="site", codes=tuple(codes), lon=np.asarray(lon, dtype=np.float64), lat=np.asarray(lat, dtype=np.float64))


def _points(kind: Kind, frame: pl.DataFrame, codes: Sequence[str] | None) -> Points:
    every = frame.drop_nulls("code").unique("code", keep="first", maintain_order=True)
    if codes is None:
        chosen = every.sort("code")
    else:
        chosen = pl.DataFrame({"code": list(codes)}, schema={"code": pl.String}).join(every, on="code", how="left", maintain_order="left")
    lon, lat = (chosen[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in ("lon", "lat"))
    return Points(kind=kind, codes=tuple(chosen["code"].to_list()), lon=lon, lat=lat)


def metres_between(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Return great-circle distances in metres (haversine) of arrays that broadcast against each other, in degrees."""
    a, b = np.radians(lat_a), np.radians(lat_b)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


@dataclass(frozen=True, slots=True)
class Plane:
    """A county laid flat: metres east and north of its middle; a county is small enough for it."""

    lon: float
    lat: float

    def metres(self, lon: Floats, lat: Floats) -> Floats:
        """Return places in metres: (n, 2)."""
        per_degree = EARTH * np.pi / 180
        return np.column_stack(((lon - self.lon) * per_degree * np.cos(np.radians(self.lat)), (lat - self.lat) * per_degree))


def plane_of(*some: Points) -> Plane:
    """Return the plane around the middle of all points that have a place."""
    lon, lat = (np.concatenate([getattr(one, name)[one.known] for one in some]) for name in ("lon", "lat"))
    return Plane(float(lon.mean()) if lon.size else 0.0, float(lat.mean()) if lat.size else 0.0)
