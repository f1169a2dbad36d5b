"""Ledgers: what kinds there are, their records, and every act on a record, in the name of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.ledgers import Evidence, Hand, Kind, Record, Value, attach, correct, move, open_record
from junheng.ledgers.recurrence import months_later
from junheng.store.database import Database
from junheng.store.entry import Actor, Level
from junheng.store.entry import Evidence as KeptEvidence
from junheng.store.ledgers.list_file import ListCell
from junheng.workflow.ledger_entries import entry_of
from junheng.workflow.ledger_phrases import value_or_phrase
from junheng.workflow.ledger_room import Room, purpose_of
from junheng.workflow.ledger_views import line_of, owed_of, record_view
from junheng.workflow.views.ledgers import LedgerKind, LedgerLine, LedgerRecord


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts: a person, the office for which he acts, and his role."""

    person: str
    office: str
    role: str = "office"
    approved: str = ""  # the number of another person's approval, to be shown many sealed records

    @property
    def actor(self) -> Actor:
        """Return the actor as the audit names him."""
        return Actor(self.person, self.office)

    @property
    def hand(self) -> Hand:
        """Return whose act it is."""
        return Hand(self.person, self.office, self.role)


def ledger_kinds(folder: Path, at: datetime | None = None) -> tuple[LedgerKind, ...]:
    """Return every kind of record with how many are open and owed. Raises StoreError, DataError or StandardsError."""
    room = Room(folder, at)
    return tuple(_kind(room, kind) for kind in room.ledgers.kinds.values())


def _kind(room: Room, kind: Kind) -> LedgerKind:
    records = room.records(kind)
    ended = sum(kind.states[record.state].end for record in records)
    return LedgerKind(
        id=kind.id,
        title=kind.title,
        about=kind.about,
        prefix=kind.prefix,
        open=len(records) - ended,
        ended=ended,
        owed=sum(one.standing != "due" for one in owed_of(room, kind, records)),
        minutes=kind.minutes,
        fields=len(kind.fields),
        serves=kind.serves,
    )


def ledger_records(
    folder: Path, kind: str, *, state: str = "", doer: Doer | None = None, at: datetime | None = None
) -> tuple[LedgerLine, ...]:
    """Return the records of a kind, those that owe something first; sealed names only for a named person, which is noted."""
    room = Room(folder, at)
    known = room.ledgers.kind(kind)
    seen_by = purpose_of(doer.actor, Text(f"查看台账：{known.title.zh}", ""), room.at, approved_by=doer.approved) if doer else None
    records = [
        record for record in room.records(known, seen_by) if not state or state in (record.state, known.states[record.state].label.zh)
    ]
    owed = owed_of(room, known, records)
    lines = [line_of(room, known, record, [one for one in owed if one.key == record.key]) for record in records]
    return tuple(sorted(lines, key=lambda line: (line.ended, line.standing is None, line.key)))


def ledger_record(folder: Path, kind: str, key: str, *, doer: Doer | None = None, at: datetime | None = None) -> LedgerRecord:
    """Return one record opened. Raises DataError when there is none."""
    room = Room(folder, at)
    known = room.ledgers.kind(kind)
    if not room.has_record:
        found = next((record for record in room.records(known) if record.key == key), None)
        if found is None:
            raise DataError(finding("ledgers.no_such_record", Place(table=known.id, title=known.title, key=(key,)), key))
        return record_view(room, known, found)
    with room.database() as database:
        seen_by = purpose_of(doer.actor, f"查看{key}", room.at) if doer else None
        record, _ = room.record(database, known, key, seen_by)
    return record_view(room, known, record)


# -- acts -------------------------------------------------------------------------------------------------------------


def open_ledger_record(folder: Path, kind: str, given: Mapping[str, str], doer: Doer, at: datetime | None = None) -> LedgerRecord:
    """Open a record with the values given as text, by a field's name or label. Raises DataError with every finding."""
    room = Room(folder, at)
    known = room.ledgers.kind(kind)
    values = _values(room, known, given)
    with room.database() as database:
        key = next_key(known, [entry.key for entry in database.entries(known.id)], room.today)
        record = open_record(known, key, values, doer.hand, room.at)
        _put(database, room, known, doer, [(record, 0)], Text(f"登记{known.title.zh}", "").zh)
    return record_view(room, known, record)


def move_ledger_record(
    folder: Path,
    kind: str,
    key: str,
    name: str,
    given: Mapping[str, str],
    doer: Doer,
    *,
    proofs: Sequence[Path] = (),
    note: str = "",
    at: datetime | None = None,
) -> LedgerRecord:
    """Move a record on, with values and proofs that the move brings; all of it or nothing. Raises DataError with every finding."""
    room = Room(folder, at)
    known = room.ledgers.kind(kind)
    values = _values(room, known, given)
    with room.database() as database:
        label = known.moves[name].label.zh if name in known.moves else name
        record, version = room.record(database, known, key, purpose_of(doer.actor, f"{label}{key}", room.at))
        files = {one.digest: one for one in _kept(database, known, key)}
        tried = _with_proofs(record, proofs, {path: path.name for path in proofs}, known, doer, room.at)
        move(known, tried, name, doer.hand, room.at, values, note)  # refused before a file is kept
        kept = {path: database.add_evidence(path.read_bytes(), path.name, _evidence_level(known)) for path in proofs}
        files |= {one.digest: one for one in kept.values()}
        proven = _with_proofs(record, proofs, {path: one.digest for path, one in kept.items()}, known, doer, room.at)
        moved = move(known, proven, name, doer.hand, room.at, values, note)
        _put(database, room, known, doer, [(moved, version)], f"{label}{key}", files)
    return record_view(room, known, moved)


def _evidence_level(kind: Kind) -> Level:
    return "L4" if "L4" in kind.levels().values() else "L3"


def _kept(database: Database, kind: Kind, key: str) -> tuple[KeptEvidence, ...]:
    entry = database.entry(kind.id, key)
    return entry.evidence if entry else ()


def _with_proofs(record: Record, paths: Sequence[Path], digests: Mapping[Path, str], kind: Kind, doer: Doer, at: datetime) -> Record:
    until = months_later(at.date(), kind.evidence_months) if kind.evidence_months else None
    for path in paths:
        record = attach(record, Evidence(path.name, digests[path], at.date(), until), doer.hand, at)
    return record


def correct_ledger_record(
    folder: Path, kind: str, key: str, given: Mapping[str, str], doer: Doer, reason: str, at: datetime | None = None
) -> LedgerRecord:
    """Correct values of a record; the old ones are kept beside them. Raises DataError with every finding."""
    room = Room(folder, at)
    known = room.ledgers.kind(kind)
    values = _values(room, known, given)
    with room.database() as database:
        record, version = room.record(database, known, key, purpose_of(doer.actor, f"更正{key}：{reason}", room.at))
        files = {one.digest: one for one in _kept(database, known, key)}
        for field, value in values.items():
            record = correct(known, record, field, value, doer.hand, room.at, reason)
        _put(database, room, known, doer, [(record, version)], f"更正{key}：{reason}", files)
    return record_view(room, known, record)


def next_key(kind: Kind, keys: Sequence[str], day: date) -> str:
    """Return the next free number of a kind: 督改-2025-0008."""
    head = f"{kind.prefix}-{day.year}-"
    taken = [int(key.removeprefix(head)) for key in keys if key.startswith(head) and key.removeprefix(head).isdecimal()]
    return f"{head}{max(taken, default=0) + 1:04d}"


def _put(
    database: Database,
    room: Room,
    kind: Kind,
    doer: Doer,
    records: Sequence[tuple[Record, int]],
    purpose: str,
    files: Mapping[str, KeptEvidence] | None = None,
) -> int:
    with database.batch(actor=doer.actor, purpose=purpose, at=room.at) as batch:
        for record, version in records:
            batch.put(entry_of(kind, record, version, files))
    room.findings += batch.findings
    return batch.number


def _values(room: Room, kind: Kind, given: Mapping[str, str]) -> dict[str, Value]:
    """Return texts as values of fields, named by name or by label. Raises DataError with every one that does not fit."""
    labels = {field.label.zh: name for name, field in kind.fields.items()}
    findings: list[Finding] = []
    values: dict[str, Value] = {}
    for word, text in given.items():
        name = word if word in kind.fields else labels.get(word, "")
        place = Place(table=kind.id, title=kind.title, column=word)
        if not name:
            findings.append(finding("ledgers.no_such_value", place, word, known="、".join(labels)))
            continue
        field = kind.fields[name]
        cell = ListCell(text.strip() or None, replace(place, label=field.label))
        values[name] = value_or_phrase(field, cell, room.links(kind), findings)
    if findings:
        raise DataError(findings)
    return values


def settings(words: Sequence[str]) -> dict[str, str]:
    """Return words such as "result=已完成" by name. Raises DataError for one without "="."""
    wrong = [finding("ledgers.bad_setting", Place(), word) for word in words if "=" not in word]
    if wrong:
        raise DataError(wrong)
    return {name.strip(): text for name, _, text in (word.partition("=") for word in words)}


def moment(day: date | None) -> datetime | None:
    """Return noon of a day in the local zone, None for now: what a command does on a given day happened then."""
    return datetime.combine(day, time(12)).astimezone() if day else None
