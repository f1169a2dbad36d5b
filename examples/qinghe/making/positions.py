"""Who leads the schools of Qinghe: titles since, heads, deputies, middle leaders with their years, and those on the reserve list.

Drawn by names of their own, so that nothing else of the register changes. Planted: some heads are near retirement and have nobody on
the reserve list of their school; a few have led it for more than two terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .draw import between, draw

YEAR = 2025
HELD = {
    "full_senior": (24, 4),
    "senior": (16, 12),
    "middle": (7, 14),
    "junior": (1, 8),
}  # years after 22 at the earliest, and how many vary
FEW = 12  # teachers below which a school has no deputy
EACH = 18  # teachers for each middle leader


def give(persons: Sequence[dict[str, Any]]) -> None:
    """Add title_since, position, position_since and reserve to the persons of the register."""
    schools: dict[str, list[dict[str, Any]]] = {}
    for person in persons:
        person["title_since"] = _title_since(person)
        person["position"], person["position_since"], person["reserve"] = "none", None, "none"
        schools.setdefault(person["school"], []).append(person)
    for school, staff in schools.items():
        _lead(school, [person for person in staff if person["established"] and not person.get("origin")])


def _title_since(person: dict[str, Any]) -> int | None:
    if person["title"] not in HELD:
        return None
    first, spread = HELD[person["title"]]
    year = int(person["born"][:4]) + 22 + first + int(draw("title since", person["teacher"]) * spread)
    return min(YEAR, year)


def _lead(school: str, staff: list[dict[str, Any]]) -> None:
    """Choose a head, deputies and middle leaders of a school, then who stands ready for them."""
    size = len(staff)
    wanted = [("head", 1, 41), ("deputy_head", 0 if size < FEW else 1 + (size > 4 * FEW), 37), ("middle_leader", size // EACH, 30)]
    for position, many, least in wanted:
        about = between(least + 3, least + 16, position, school)
        free = [person for person in staff if person["position"] == "none" and YEAR - int(person["born"][:4]) >= least]
        for person in sorted(free, key=lambda one: (abs(YEAR - int(one["born"][:4]) - about), one["teacher"]))[:many]:
            person["position"] = position
            person["position_since"] = max(int(person["since"]), YEAR - int(draw("led", person["teacher"]) * 13))
    if draw("reserve", school) < 0.72:
        for below, above, most in (("deputy_head", "head", 50), ("middle_leader", "deputy_head", 46), ("none", "middle_leader", 38)):
            able = [one for one in staff if one["position"] == below and 28 <= YEAR - int(one["born"][:4]) <= most]
            for person in sorted(able, key=lambda one: (one["backbone"] == "none", draw("ready", one["teacher"])))[:1]:
                person["reserve"] = above
