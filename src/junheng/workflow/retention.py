"""What has been kept long enough: records that ended more years ago than their kind says, and taking them out by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.ledgers import Kind, Record
from junheng.ledgers.recurrence import months_later
from junheng.store.database import Database
from junheng.store.entry import Purpose
from junheng.workflow.ledger_room import Room
from junheng.workflow.records import Acting
from junheng.workflow.views.records import Purged, PurgeLine


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
