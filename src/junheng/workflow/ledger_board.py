"""The board of ledgers: every kind that is kept, how much is open and owed, what re-checks found, and its records without names."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from junheng.errors import Text
from junheng.ledgers import Kind
from junheng.ledgers.recheck import relapse
from junheng.ledgers.recurrence import months_later
from junheng.workflow.ledger_room import Room
from junheng.workflow.ledger_views import line_of, owed_of
from junheng.workflow.views.ledgers import BoardKind, LedgerBoard

_MONTHS = 12  # of re-checks that are looked back on


def ledger_board(folder: Path, at: datetime | None = None) -> LedgerBoard:
    """Return the board of an authority's ledgers; kinds without a record are left out. Raises StoreError or DataError."""
    room = Room(folder, at)
    kinds = [made for kind in room.ledgers.kinds.values() if (made := _kind(room, kind))]
    return LedgerBoard(name=room.office.name, day=room.today, kinds=tuple(kinds), from_lists=not room.has_record)


def _kind(room: Room, kind: Kind) -> BoardKind | None:
    records = room.records(kind)
    if not records:
        return None
    owed = owed_of(room, kind, records)
    lines = [line_of(room, kind, record, [one for one in owed if one.key == record.key]) for record in records]
    states = tuple((state.label, sum(record.state == name for record in records)) for name, state in kind.states.items())
    found = relapse(kind, records, months_later(room.today, -_MONTHS), room.today)
    rate = "—" if found.rate is None else f"{found.rate:.0f}%"
    return BoardKind(
        id=kind.id,
        title=kind.title,
        about=kind.about,
        states=tuple((label, count) for label, count in states if count),
        owed=sum(one.standing != "due" for one in owed),
        rechecks=Text(f"{found.looked_at}件，反弹{found.relapsed}件（{rate}）", f"{found.looked_at}, relapsed {found.relapsed} ({rate})")
        if kind.recheck
        else Text("", ""),
        lines=tuple(line for line in sorted(lines, key=lambda one: (one.standing is None, one.key)) if not line.ended),
    )
