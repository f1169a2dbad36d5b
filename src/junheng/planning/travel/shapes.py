"""The one wrapper of shapely: lines that may not be crossed, and who sees whom past them. All in metres on a plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from junheng.model.geometry import parts_of
from junheng.planning.kernels.sight import meets
from junheng.planning.travel.points import Floats

Mask = NDArray[np.bool_]

_BESIDE = 1.0  # metres: how close to a barrier one walks along it


def line_of(text: str | None, flat: Callable[[Floats, Floats], Floats]) -> list[Floats] | None:
    """Return the lines of a GeoJSON geometry, each (points, 2), laid flat; None when it is not a line of two points or more."""
    lines = parts_of(text, "line")
    return None if lines is None else [flat(line[:, 0], line[:, 1]) for line in lines]


class Walls:
    """Lines that may not be crossed but at their gates."""

    def __init__(self, lines: Sequence[Sequence[Floats]], gates: Sequence[tuple[int, Floats]], width: float) -> None:
        """Open each barrier around its gates. lines: those of each barrier; gates: (barrier, (2,) place); width: metres to each side."""
        whole = [_joined(parts) for parts in lines]
        opened = []
        for barrier, wall in enumerate(whole):
            places = [shapely.Point(at) for of, at in gates if of == barrier]
            holes = [shapely.Point(shapely.shortest_line(wall, place).coords[0]).buffer(width) for place in places]
            opened.append(wall.difference(shapely.union_all(holes)) if holes else wall)
        self._walls = [part for wall in opened for part in shapely.get_parts(wall) if not part.is_empty]
        self._pieces = _pieces(self._walls)

    def blocked(self, start: Floats, end: Floats) -> Mask:
        """Return which straight lines from start to end meet a wall: (k,). start, end: (k, 2)."""
        return np.asarray(meets(np.ascontiguousarray(start), np.ascontiguousarray(end), *self._pieces))

    def corners(self) -> Floats:
        """Return the places, a step beside each bend, end and gate, over which the shortest ways past the walls lead: (c, 2)."""
        rings = [shapely.get_coordinates(wall.buffer(_BESIDE, cap_style="square", join_style="mitre")) for wall in self._walls]
        places = np.unique(np.round(np.concatenate(rings), 3), axis=0) if rings else np.zeros((0, 2))
        return np.asarray(places, dtype=np.float64)


def _pieces(walls: Sequence[shapely.LineString]) -> tuple[Floats, Floats]:
    """Return the starts and the ends of the straight pieces of walls: (pieces, 2) each."""
    lines = [shapely.get_coordinates(wall) for wall in walls]
    starts, ends = ([line[part] for line in lines] for part in (slice(None, -1), slice(1, None)))
    empty = np.zeros((0, 2))
    return np.ascontiguousarray(np.concatenate([empty, *starts])), np.ascontiguousarray(np.concatenate([empty, *ends]))


def _joined(lines: Sequence[Floats]) -> shapely.MultiLineString:
    return shapely.MultiLineString([shapely.LineString(line) for line in lines])
