"""How fast one goes, and what else is assumed of ways: from the standards shelf, where an authority sets its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from junheng.standards.rulebook import Rulebook

Mode = Literal["walk", "bus", "drive"]

STRAIGHT = "straight"
_METRES_A_MINUTE = 1000 / 60  # of one km/h


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What is assumed of one way of going."""

    metres_a_minute: Mapping[str, float]  # by kind of road; kinds that are not in it are not used; "straight": off the roads
    detour: float  # way by road ÷ straight line, where there are no roads
    access: float  # metres: farther from the nearest road than this a point is told
    crossing_reach: float  # metres from where a piece of road meets a barrier to a crossing of it

    @property
    def off_road(self) -> float:
        """Return metres a minute off the roads."""
        return self.metres_a_minute[STRAIGHT]


def pace(rules: Rulebook, mode: Mode, detour: float | None = None) -> Pace:
    """Return what the rules assume of a mode; a detour given goes before the assumed one."""
    speeds = rules.standings(f"assumed.travel.speed.{mode}")
    return Pace(
        metres_a_minute={kind: float(one.value) * _METRES_A_MINUTE for kind, one in speeds.items()},
        detour=float(rules.number("assumed.travel.detour", unit="1")) if detour is None else detour,
        access=float(rules.number("assumed.travel.access.maximum", unit="m")),
        crossing_reach=float(rules.number("assumed.travel.crossing_reach.maximum", unit="m")),
    )
