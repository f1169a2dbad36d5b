"""GCJ-02 and BD-09, in which maps sold in China are drawn, and WGS 84, in which a County keeps its places.

GCJ-02 moves a place by 50 to 700 m with a smooth function; BD-09 moves it a little further. The functions are not published officially:
these are the ones in general use since 2010 (eviltransform; Krasovsky 1940 ellipsoid), which agree with map services to about a
metre. There is no closed inverse: it is found by repeated correction, to far less than 0.1 m.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_AXIS = 6_378_245.0  # of the Krasovsky 1940 ellipsoid, metres
_SQUARED_ECCENTRICITY = 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271  # outside nothing is moved
_ROUNDS = 8  # each brings the error down to about a thousandth
_BAIDU = 3000.0 / 180.0
_BAIDU_EAST, _BAIDU_NORTH = 0.0065, 0.006


class Degrees(NamedTuple):
    """Longitudes and latitudes, arrays of one shape."""

    lon: Floats
    lat: Floats


def gcj02_of_wgs84(lon: Floats, lat: Floats) -> Degrees:
    """Return where GCJ-02 draws places given in WGS 84; places outside its box stay."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20.0 * (np.sin(6 * x * np.pi) + np.sin(2 * x * np.pi))
    north = -100.0 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (
        (wave + 20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi) + 160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    )
    east = 300.0 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (
        (wave + 20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi) + 150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    )
    radians = np.radians(lat)
    flat = 1 - _SQUARED_ECCENTRICITY * np.sin(radians) ** 2
    lat_moved = np.degrees(north / (_AXIS * (1 - _SQUARED_ECCENTRICITY) / (flat * np.sqrt(flat))))
    lon_moved = np.degrees(east / (_AXIS / np.sqrt(flat) * np.cos(radians)))
    inside = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    return Degrees(np.where(inside, lon + lon_moved, lon), np.where(inside, lat + lat_moved, lat))


def wgs84_of_gcj02(lon: Floats, lat: Floats) -> Degrees:
    """Return the WGS 84 places that GCJ-02 draws there."""
    found = Degrees(lon, lat)
    for _ in range(_ROUNDS):
        drawn = gcj02_of_wgs84(*found)
        found = Degrees(found.lon - (drawn.lon - lon), found.lat - (drawn.lat - lat))
    return found


def bd09_of_gcj02(lon: Floats, lat: Floats) -> Degrees:
    """Return where BD-09 draws places given in GCJ-02."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * np.pi * _BAIDU)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * np.pi * _BAIDU)
    return Degrees(radius * np.cos(angle) + _BAIDU_EAST, radius * np.sin(angle) + _BAIDU_NORTH)


def gcj02_of_bd09(lon: Floats, lat: Floats) -> Degrees:
    """Return the GCJ-02 places that BD-09 draws there."""
    found = Degrees(lon - _BAIDU_EAST, lat - _BAIDU_NORTH)
    for _ in range(_ROUNDS):
        drawn = bd09_of_gcj02(*found)
        found = Degrees(found.lon - (drawn.lon - lon), found.lat - (drawn.lat - lat))
    return found


def bd09_of_wgs84(lon: Floats, lat: Floats) -> Degrees:
    """Return where BD-09 draws places given in WGS 84."""
    return bd09_of_gcj02(*gcj02_of_wgs84(lon, lat))


def wgs84_of_bd09(lon: Floats, lat: Floats) -> Degrees:
    """Return the WGS 84 places that BD-09 draws there."""
    return wgs84_of_gcj02(*gcj02_of_bd09(lon, lat))


def metres_moved(start: Degrees, end: Degrees) -> tuple[Floats, Floats]:
    """Return how far east and how far north each place has moved, in metres."""
    per_degree = _AXIS * np.pi / 180
    return (end.lon - start.lon) * per_degree * np.cos(np.radians(start.lat)), (end.lat - start.lat) * per_degree
