"""Bases and buses of a season: places and wishes as lists in, a calendar shared fairly out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.documents.chinese_text import fold
from junheng.errors import DataError, Finding, Text
from junheng.ledgers.bookings import Booking, Slot, Wish, share
from junheng.store.ledgers import ListRow, read_list_file
from junheng.store.ledgers.list_file import ListCell
from junheng.store.returns import scalars
from junheng.workflow.ledger_room import Room
from junheng.workflow.views.ledgers import BookingLine, BookingSchedule, BookingSchool, BookingSlot

_PLACES = ("基地", "日期", "可接待人数")
_WISHES = ("学校", "班级", "人数", "可选日期")


def booking_schedule(folder: Path, places: Path, wishes: Path, *, seed: str = "", at: datetime | None = None) -> BookingSchedule:
    """Return which class goes where on which day. places: 基地 日期 可接待人数; wishes: 学校 班级 人数 可选日期 (any when empty).

    Schools that have had least for their size come first: what trips they had stands in the ledger `trip`.
    Raises StoreError when a file cannot be read, DataError with every cell that does not fit.
    """
    room = Room(folder, at)
    findings: list[Finding] = []
    names = {one.code: one.name for one in room.subjects("schools")}
    codes = {fold(word): code for code, name in names.items() for word in (code, name)}
    rows = read_list_file(places, _PLACES, findings)
    slots = [_slot(row, findings) for row in rows]
    for place, (row, slot) in enumerate(zip(rows, slots, strict=True)):
        if any((one.base, one.day) == (slot.base, slot.day) for one in slots[:place]):
            _refuse(row.cells.get(_PLACES[0]), row, Text("每个基地每天一行", "one row a base and day"), findings)
    wanted = [_wish(row, codes, findings) for row in read_list_file(wishes, _WISHES, findings)]
    if any(one.severity == "error" for one in findings):
        raise DataError(findings)
    had, sizes, drawn = _had(room), _sizes(room), seed or str(room.today.year)
    found, without = share(slots, wanted, had, sizes, drawn)
    lines = [(one.wish, one.slot.day, one.slot.base) for one in found] + [(wish, None, "") for wish in without]
    return BookingSchedule(
        name=room.office.name,
        day=room.today,
        seed=drawn,
        schools=tuple(_school(code, names[code], (found, without), had, sizes) for code in names if code in {one.school for one in wanted}),
        slots=tuple(_used(slot, found) for slot in sorted(slots, key=lambda one: (one.day, one.base))),
        lines=tuple(
            BookingLine(school=names.get(wish.school, wish.school), group=wish.group, pupils=wish.pupils, day=day, base=base)
            for wish, day, base in lines
        ),
        booked=len(found),
        without=len(without),
        findings=tuple(findings),
    )


def _school(
    code: str, name: str, shared: tuple[list[Booking], list[Wish]], had: Mapping[str, int], sizes: Mapping[str, int]
) -> BookingSchool:
    booked, without = shared
    before, now = had.get(code, 0), sum(one.wish.pupils for one in booked if one.wish.school == code)
    size = sizes.get(code) or 0
    return BookingSchool(
        school=name,
        pupils=size,
        before=before,
        now=now,
        share_before=f"{100 * before / size:.1f}%" if size else "—",
        share_after=f"{100 * (before + now) / size:.1f}%" if size else "—",
        waiting=sum(one.school == code for one in without),
    )


def _used(slot: Slot, found: Sequence[Booking]) -> BookingSlot:
    used = sum(one.wish.pupils for one in found if one.slot == slot)
    return BookingSlot(base=slot.base, day=slot.day, places=slot.places, used=used, left=slot.places - used)


def _had(room: Room) -> dict[str, int]:
    """Return how many children of each school have gone before, by the ledger of trips."""
    kind = room.ledgers.kinds["trip"]
    found: dict[str, int] = {}
    for record in room.records(kind):
        pupils = record.values.get("pupils_going")
        if isinstance(pupils, int) and record.state in ("approved", "back", "closed"):
            school = str(record.values.get("school"))
            found[school] = found.get(school, 0) + pupils
    return found


def _sizes(room: Room) -> dict[str, int]:
    if room.county is None:
        return {}
    return dict(room.county.tables["enrolment"].group_by("school").agg(pl.col("pupils").sum()).iter_rows())


def _slot(row: ListRow, findings: list[Finding]) -> Slot:
    base, day, number = (row.cells.get(heading) for heading in _PLACES)
    return Slot(_text(base), _day(day, row, findings), _count(number, row, findings))


def _wish(row: ListRow, codes: dict[str, str], findings: list[Finding]) -> Wish:
    school, group, number, days = (row.cells.get(heading) for heading in _WISHES)
    code = codes.get(fold(_text(school)), "")
    if not code:
        _refuse(school, row, Text("在册的学校", "a registered school"), findings)
    given = days.value if days else None
    parts: list[ListCell] = []
    if days is not None and given is not None:
        texts = str(given).replace("；", "、").replace(";", "、").split("、") if isinstance(given, str) else [given]
        parts = [ListCell(part, days.place) for part in texts]
    return Wish(code, _text(group), _count(number, row, findings), frozenset(_day(part, row, findings) for part in parts))


def _text(cell: ListCell | None) -> str:
    value = cell.value if cell else None
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


def _day(cell: ListCell | None, row: ListRow, findings: list[Finding]) -> date:
    value = cell.value if cell else None
    if isinstance(value, date):
        return value
    found = scalars.day_of_number(value, False) if isinstance(value, float) else scalars.day(str(value or ""))
    if found.outcome == "value":
        return date.fromordinal(int(found.value))
    _refuse(cell, row, Text("日期，如2026-04-10", "a date such as 2026-04-10"), findings)
    return date.min


def _count(cell: ListCell | None, row: ListRow, findings: list[Finding]) -> int:
    text = _text(cell)
    if text.isdecimal() and int(text):
        return int(text)
    _refuse(cell, row, Text("正整数", "a whole number above 0"), findings)
    return 0


def _refuse(cell: ListCell | None, row: ListRow, form: Text, findings: list[Finding]) -> None:
    place = cell.place if cell else next(one.place for one in row.cells.values())
    findings.append(finding("ledgers.value_unfit", place, _text(cell) or Text("空", "nothing"), form=form))
