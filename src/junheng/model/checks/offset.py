"""Schools that all lie off their villages by the same few hundred metres, in the direction in which GCJ-02 or BD-09 moves places."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Text
from junheng.model.checks.data import limit
from junheng.model.checks.gather import place_of
from junheng.model.chinese_coordinates import Degrees, Floats, bd09_of_wgs84, gcj02_of_wgs84, metres_moved
from junheng.model.county import County

_SYSTEMS: dict[str, Callable[[Floats, Floats], Degrees]] = {"GCJ-02": gcj02_of_wgs84, "BD-09": bd09_of_wgs84}
_OF_A_MEDIAN = 1.2533 * 1.4826  # its standard error ÷ (median absolute deviation ÷ √n), for normal errors


def check_offset(county: County) -> Iterator[Finding]:
    """Find schools whose common distance from their villages is that of another coordinate system; one school alone tells nothing."""
    schools = _beside_villages(county)
    if schools.height < int(limit("offset_schools")):
        return
    here, lon, lat, village_lon, village_lat = (schools[name].to_numpy() for name in ("school", "lon", "lat", "village_lon", "village_lat"))
    off = np.column_stack(metres_moved(Degrees(village_lon, village_lat), Degrees(lon, lat)))
    common = np.median(off, axis=0)
    error = _OF_A_MEDIAN * np.median(np.abs(off - common), axis=0).max() / np.sqrt(len(off))
    if np.hypot(*common) <= float(limit("offset_errors")) * error:
        return
    misfit = {}
    for system, moved in _SYSTEMS.items():
        move = np.median(np.column_stack(metres_moved(Degrees(village_lon, village_lat), moved(village_lon, village_lat))), axis=0)
        misfit[system] = float(np.hypot(*(common - move)) / np.hypot(*move)) if np.hypot(*move) > 0 else np.inf
    system = min(misfit, key=lambda name: misfit[name])
    if misfit[system] <= float(limit("offset_share")):
        place = place_of("schools", (str(here[0]),), "coordinates")
        east, north = common
        zh = f"{len(off)}所学校普遍偏离所在村居（中位数：向东{east:.0f}米、向北{north:.0f}米），与{system}的偏移一致"
        en = f"{len(off)} schools off their villages by a median of {east:.0f} m east and {north:.0f} m north, as {system} is"
        yield finding("model.coordinates_offset", place, Text(zh, en), count=len(off), system=system)


def _beside_villages(county: County) -> pl.DataFrame:
    """Return schools with a surveyed place and a village with a place."""
    places = ("lon", "lat")
    villages = county.tables["villages"].select("village", *(pl.col(name).alias(f"village_{name}") for name in places)).unique("village")
    schools = county.tables["schools"].filter(pl.col("coordinates").is_null() | (pl.col("coordinates") == "wgs84"))
    both = schools.join(villages, on="village").select("school", *places, *(f"village_{name}" for name in places)).drop_nulls()
    fits = pl.all_horizontal(pl.col(name).is_between(-180, 180) & (pl.col(name) != 0) for name in both.columns[1:])
    return both.filter(fits).select("school", pl.exclude("school").cast(pl.Float64)).sort("school")
