"""Lines and areas as a County keeps them: a GeoJSON geometry in text, read into arrays of degrees."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["line", "area"]

_SINGLE: dict[Kind, str] = {"line": "LineString", "area": "Polygon"}
_FEWEST: dict[Kind, int] = {"line": 2, "area": 3}  # points of a line, and of a ring, which need not say its first one again


def parts_of(text: str | None, kind: Kind) -> list[Floats] | None:
    """Return the lines, or the rings, of a geometry: (points, 2) each, longitude and latitude in degrees.

    None for what is no GeoJSON of that kind, single or multiple (RFC 7946), or has a line or ring of too few points.
    """
    try:
        geometry = json.loads(text or "")
        made = [np.asarray(part, dtype=np.float64) for part in _parts(geometry, kind)]
    except (ValueError, TypeError, KeyError):
        return None
    if not made or any(part.ndim != 2 or len(part) < _FEWEST[kind] or part.shape[1] < 2 or not np.isfinite(part).all() for part in made):
        return None
    return [part[:, :2] for part in made]


def _parts(geometry: Any, kind: Kind) -> Iterable[Any]:
    """Return the coordinates of each line or ring. Raises KeyError or TypeError for a geometry of another kind."""
    several = {_SINGLE[kind]: False, f"Multi{_SINGLE[kind]}": True}[geometry["type"]]
    each = geometry["coordinates"] if several else [geometry["coordinates"]]
    return each if kind == "line" else [ring for polygon in each for ring in polygon]


def far_from(lines: Sequence[Floats], at: Floats) -> float:
    """Return how far a place (2,) lies from lines, (points, 2) each, on a plane, in the unit of the plane."""
    return min(_from_line(line - at) for line in lines)


def _from_line(line: Floats) -> float:
    start, way = line[:-1], np.diff(line, axis=0)
    length = np.maximum((way**2).sum(axis=1), 1e-9)
    along = np.clip(-(start * way).sum(axis=1) / length, 0.0, 1.0)
    return float(np.hypot(*(start + along[:, None] * way).T).min())
