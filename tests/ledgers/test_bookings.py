"""Bases shared fairly: who has had least comes first, nobody is split, and who is left out is named."""

from __future__ import annotations

from datetime import date

from junheng.ledgers.bookings import Slot, Wish, share

DAY = date(2026, 4, 10)
SIZES = {"A": 400, "B": 40}


def test_the_school_that_had_least_for_its_size_comes_first() -> None:
    # A: 100 of 400 gone (25 %), B: 20 of 40 (50 %): A goes first, though more of its children went
    found, without = share([Slot("农场", DAY, 45)], [Wish("B", "3(1)", 40), Wish("A", "3(1)", 40)], {"A": 100, "B": 20}, SIZES, "x")
    assert [one.wish.school for one in found] == ["A"]
    assert [one.school for one in without] == ["B"]


def test_places_are_not_oversold_and_small_gaps_are_used_first() -> None:
    slots = [Slot("农场", DAY, 100), Slot("农场", date(2026, 4, 11), 40)]
    wishes = [Wish("A", f"3({n})", 40) for n in range(3)] + [Wish("B", "3(1)", 40, frozenset({DAY}))]
    found, without = share(slots, wishes, {}, SIZES, "x")
    used: dict[Slot, int] = {}
    for one in found:
        used[one.slot] = used.get(one.slot, 0) + one.wish.pupils
    assert all(count <= slot.places for slot, count in used.items())
    assert len(found) == 3
    assert len(without) == 1
    assert share(slots, list(reversed(wishes)), {}, SIZES, "x") == (found, without)
