"""A need that a survey asks for, met by what a school has: places as they are, rooms that take more, staff; what is lacking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from junheng.ledgers.estimate import wilson
from junheng.ledgers.survey import Supply


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What one school has; None where it did not say."""

    places: Mapping[str, int | None]
    rooms: int | None
    staff: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """How one school's need is met, and what is lacking; None where it cannot be told."""

    need: int
    low: int
    high: int
    own: bool  # by the school's own answers; else by the county's share
    by: Mapping[str, int | None]  # places used, by sort; None: not stated
    rooms: int | None  # rooms opened for the rest
    seats_missing: int | None
    staff_needed: int
    staff_missing: int | None


def met(supply: Supply, pupils: int, said: tuple[int, int], county: float, means: Means) -> Met:
    """Return how a school's need is met: the places that there are first, in the order of the form, then rooms, then it is lacking.

    said: (yes, answers) of the school; county: the county's share (0..1), used where too few answered. A sort of place that the school
    did not state is not zero: what is missing then cannot be told.
    """
    yes, number = said
    own = number >= supply.fewest
    share = yes / number if own else county
    low, high = wilson(yes, number) if own else (county, county)
    need = ceil(round(pupils * share, 6))
    left = need
    by: dict[str, int | None] = {}
    for name in supply.places:
        there = means.places.get(name)
        by[name] = None if there is None else min(left, there)
        left -= by[name] or 0
    told = all(means.places.get(name) is not None for name in supply.places) and means.rooms is not None
    rooms = min(means.rooms, ceil(left / supply.room_holds)) if means.rooms is not None and supply.room_holds else None
    missing = max(0, left - (rooms or 0) * supply.room_holds)
    staff = ceil(need / supply.staff_each)
    return Met(
        need=need,
        low=ceil(round(pupils * low, 6)),
        high=ceil(round(pupils * high, 6)),
        own=own,
        by=by,
        rooms=rooms,
        seats_missing=missing if told or not left else None,
        staff_needed=staff,
        staff_missing=None if means.staff is None else max(0, staff - means.staff),
    )
