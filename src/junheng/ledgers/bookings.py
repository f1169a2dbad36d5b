"""Bases and buses shared fairly: those who have had least for their size come first; what could not be given is named."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Slot:
    """A day on which a base (or a bus) takes so many children."""

    base: str
    day: date
    places: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A class that is to go once: its school, its children, and the days on which it can (any, when empty)."""

    school: str
    group: str
    pupils: int
    days: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Booking:
    """A class on a slot."""

    wish: Wish
    slot: Slot


def share(
    slots: Sequence[Slot], wishes: Sequence[Wish], had: Mapping[str, int], sizes: Mapping[str, int], seed: str
) -> tuple[list[Booking], list[Wish]]:
    """Return the bookings, and the wishes for which no place was left.

    had: children of each school that have gone before; sizes: children of each school. One class at a time, always of the school with
    the smallest share of its children gone; ties by sha256(seed:school), so that anybody can repeat it. A class takes the
    day that fewest others are bound to, and there the fullest slot that still holds it whole: small gaps are used up first.
    """
    gone = {wish.school: had.get(wish.school, 0) for wish in wishes}
    left = {slot: slot.places for slot in slots}
    waiting = list(wishes)
    found: list[Booking] = []
    without: list[Wish] = []
    while waiting:
        wish = min(waiting, key=lambda one: (gone[one.school] / max(sizes.get(one.school, 0), 1), _draw(seed, one.school), one.group))
        waiting.remove(wish)
        fitting = [slot for slot, places in left.items() if places >= wish.pupils and (not wish.days or slot.day in wish.days)]
        if not fitting:
            without.append(wish)
            continue
        bound = [day for other in waiting for day in other.days]
        slot = min(fitting, key=lambda one: (bound.count(one.day), left[one], one.day, one.base))
        left[slot] -= wish.pupils
        gone[wish.school] += wish.pupils
        found.append(Booking(wish, slot))
    return sorted(found, key=lambda one: (one.slot.day, one.slot.base, one.wish.school, one.wish.group)), without


def _draw(seed: str, school: str) -> str:
    return hashlib.sha256(f"{seed}:{school}".encode()).hexdigest()
