"""Bases shared fairly: who has had least comes first, nobody is split, and who is left out is named."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from junheng.errors import DataError
from junheng.ledgers.bookings import Slot, Wish, share
from junheng.workflow.booking_schedule import booking_schedule
from tests.qinghe import QINGHE

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


def test_two_lists_become_a_calendar_and_a_wrong_cell_is_named(tmp_path: Path) -> None:
    places, wishes = tmp_path / "场次.csv", tmp_path / "申请.csv"
    places.write_text("基地,日期,可接待人数\n柳沟河农场,2026-04-10,80\n柳沟河农场,2026-04-11,40\n", encoding="gb18030")
    head = "学校,班级,人数,可选日期\n清河县第一小学,四(1),40,\n清河县第二小学,四(1),40,2026-04-11\n石桥镇二坝小学,四(1),30,\n"
    wishes.write_text(head, encoding="utf-8")
    at = datetime(2026, 3, 11, tzinfo=UTC)
    made = booking_schedule(QINGHE, places, wishes, seed="x", at=at)
    assert (made.booked, made.without) == (3, 0)
    assert next(one.day for one in made.lines if one.school == "清河县第二小学") == date(2026, 4, 11)
    shares = {one.school: (one.pupils, one.now) for one in made.schools}
    assert shares["清河县第一小学"][1] == 40
    assert sum(one.used for one in made.slots) == 110
    assert all(one.left == one.places - one.used >= 0 for one in made.slots)
    twice = tmp_path / "两次.csv"
    twice.write_text("基地,日期,可接待人数\n柳沟河农场,2026-04-10,80\n柳沟河农场,2026-04-10,80\n", encoding="utf-8")
    with pytest.raises(DataError) as refused:
        booking_schedule(QINGHE, twice, wishes, at=at)
    assert [one.place.cell for one in refused.value.findings] == ["A3"]
    wishes.write_text(head.replace("2026-04-11", "下个月"), encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        booking_schedule(QINGHE, places, wishes, at=at)
    assert [one.place.cell for one in refusal.value.findings] == ["D3"]
