"""What has been kept long enough: records that ended more years ago than their kind says, and taking them out by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.errors import Text
from junheng.ledgers import Kind, Record
from junheng.ledgers.recurrence import months_later
from junheng.store.database import Database
from junheng.store.entry import Purpose
from junheng.workflow.ledger_room import Room
from junheng.workflow.records import Acting
from junheng.workflow.views.records import KeyYearView, Purged, PurgeLine, YearsPurged


@dataclass(frozen=True, slots=True)
class _Due:
    kind: Kind
    key: str
    ended: date


def purge(folder: Path, acting: Acting, *, really: bool) -> Purged:
    """Return what is due to be taken out on the day of the act, by kind; with `really`, take it out, in one batch by that person.

    Each record taken out is a row of the audit. What it said stays in the audit as what was replaced, sealed fields still sealed.
    Files of evidence that no other record names are deleted. A record that is open, or whose kind says no term, is never due.
    Raises StoreError or DataError.
    """
    room = Room(folder, acting.at)
    with room.database() as database:
        due = list(_due(room))
        number = _taken_out(database, due, acting) if really and due else 0
    many = Counter(one.kind.id for one in due)
    kept = [kind for kind in room.ledgers.kinds.values() if kind.keep is not None]
    lines = tuple(
        PurgeLine(kind.title, kind.keep.years, many[kind.id], min(one.ended for one in due if one.kind is kind))
        for kind in kept
        if kind.keep is not None and many[kind.id]
    )
    unsaid = tuple(kind.title for kind in room.ledgers.kinds.values() if kind.keep is None)
    return Purged(lines, unsaid, len(due), number)


def key_years(folder: Path, acting: Acting) -> YearsPurged:
    """Return the years in which something was sealed, and what stands on their keys."""
    room = Room(folder, acting.at)
    with room.database() as database:
        return _years(room, database, carried=0, destroyed=False)


def purge_year(folder: Path, year: int, acting: Acting, *, carry_over: bool) -> YearsPurged:
    """Destroy the keys of a year: nothing that was sealed in it and stands no more can be read again, here or in a backup.

    carry_over: what still stands is sealed anew in the year of the act first. Raises StoreError while something stands on the year, for a
    year that is not over or in which nothing was sealed; DataError when nobody is named.
    """
    room = Room(folder, acting.at)
    with room.database() as database:
        carried = database.carry_over(year, actor=acting.actor, purpose=acting.purpose, at=acting.at) if carry_over else 0
        database.destroy_year(year, actor=acting.actor, purpose=acting.purpose, at=acting.at)
        return _years(room, database, carried=carried, destroyed=True)


def _years(room: Room, database: Database, *, carried: int, destroyed: bool) -> YearsPurged:
    kinds = room.ledgers.kinds
    views = tuple(
        KeyYearView(
            one.year,
            tuple((kinds[kind].title if kind in kinds else Text(kind, kind), count) for kind, count in one.standing.items()),
            sum(one.standing.values()),
            one.lost,
        )
        for one in database.years()
    )
    return YearsPurged(views, carried, destroyed, database.keys.path.as_posix())


def _due(room: Room) -> Iterator[_Due]:
    for kind in room.ledgers.kinds.values():
        for record in room.records(kind) if kind.keep is not None else ():
            ended = ended_on(kind, record)
            if kind.keep is not None and ended is not None and months_later(ended, 12 * kind.keep.years) <= room.today:
                yield _Due(kind, record.key, ended)


def ended_on(kind: Kind, record: Record) -> date | None:
    """Return the day on which a record came to its end, None when it is open or was never moved."""
    return record.steps[-1].at.date() if kind.states[record.state].end and record.steps else None


def _taken_out(database: Database, due: list[_Due], acting: Acting) -> int:
    gone = {(one.kind.id, one.key) for one in due}
    files = {one.digest for kind in {kind for kind, _ in gone} for entry in database.entries(kind) for one in entry.evidence}
    with database.batch(actor=acting.actor, purpose=acting.purpose, at=acting.at) as batch:
        for kind, key in sorted(gone):
            batch.remove(kind, key)
    database.discard_evidence(sorted(files), Purpose(actor=acting.actor, reason=acting.purpose, at=acting.at))
    return batch.number
