"""Ledgers as lists: a template with drop-downs and what is known, and the same list read back as an update."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Finding, Place
from junheng.ledgers import Field, Hand, Kind, Record, correct
from junheng.store.database import Database
from junheng.store.entry import MASKED
from junheng.store.ledgers import SheetColumn, write_list
from junheng.workflow.ledger_entries import entry_of, record_of
from junheng.workflow.ledger_reading import KEY, SINCE, STATE, Reading, headings, read_records, same_matter
from junheng.workflow.ledger_room import Room, purpose_of
from junheng.workflow.ledger_views import shown
from junheng.workflow.ledgers import Doer, next_key
from junheng.workflow.views.ledgers import LedgerImport

_MOST_CHOICES = 1000


def export_ledger(folder: Path, kind: str, out: Path, doer: Doer | None = None, *, blank: bool = False, at: datetime | None = None) -> Path:
    """Write a kind's list to `out` (.xlsx): its records, or none (a blank template); return the path. Raises StoreError."""
    room = Room(folder, at)
    known = room.ledgers.kind(kind)
    seen_by = purpose_of(doer.actor, f"导出{known.title.zh}", room.at, approved_by=doer.approved) if doer else None
    records = [] if blank else room.records(known, seen_by)
    titles = headings(known)
    columns = [
        SheetColumn(KEY, "text", given=True),
        SheetColumn(STATE, "text", tuple(one.label.zh for one in known.states.values()), given=True),
        SheetColumn(SINCE, "date", given=True),
        *(_column(room, field, titles[name]) for name, field in known.fields.items()),
    ]
    rows = [_row(room, known, record) for record in records]
    path = out / f"{known.title.zh}.xlsx" if out.suffix != ".xlsx" else out
    write_list(path, known.title.zh, columns, rows, room.today)
    return path


def _column(room: Room, field: Field, heading: str) -> SheetColumn:
    choices = tuple(one.zh for one in field.allowed.values())
    if field.link:
        choices = tuple(sorted({one.name for one in room.subjects(field.link)}))[:_MOST_CHOICES]
    says = "；".join(part for part in (f"供{field.needed_by.zh}使用", field.note.zh if field.note else "") if part)
    return SheetColumn(heading, field.type, choices, says, field.required)


def _row(room: Room, kind: Kind, record: Record) -> list[object]:
    values: list[object] = [record.key, kind.states[record.state].label.zh, record.entered()]
    for name, field in kind.fields.items():
        value = record.values.get(name)
        values.append(shown(room, kind, name, value) if field.type in ("choice", "link") and value is not None else value)
    return values


def import_ledger(folder: Path, kind: str, file: Path, doer: Doer, *, write: bool = True, at: datetime | None = None) -> LedgerImport:
    """Read a list into the record: new rows are opened, known ones corrected, the rest left; all of it or nothing.

    A row is known by its number, or by what it is about, its name and its days. States are taken from a list only when a row is new.
    Raises StoreError when the file cannot be read; what is wrong in it is among the findings, and then nothing is written.
    """
    room = Room(folder, at)
    known = room.ledgers.kind(kind)
    findings: list[Finding] = []
    reading = read_records(known, file, room.links(known), room.at, doer.hand, findings)
    broken = any(one.severity == "error" for one in findings)
    if broken or not write:
        return _result(known, file, reading, (0, 0, 0), findings, 0)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    with room.database() as database:
        counts, batch = _write(database, room, known, reading, doer, file.name, digest, findings)
    return _result(known, file, reading, counts, findings, batch, written=True)


def _result(
    kind: Kind,
    file: Path,
    reading: Reading,
    counts: tuple[int, int, int],
    findings: Sequence[Finding],
    batch: int,
    *,
    written: bool = False,
) -> LedgerImport:
    return LedgerImport(
        title=kind.title,
        file=file.name,
        rows=reading.rows,
        new=counts[0],
        changed=counts[1],
        same=counts[2],
        written=written,
        batch=batch,
        findings=tuple(findings),
    )


def _write(
    database: Database, room: Room, kind: Kind, reading: Reading, doer: Doer, file: str, digest: str, findings: list[Finding]
) -> tuple[tuple[int, int, int], int]:
    seen_by = purpose_of(doer.actor, f"导入{file}时核对", room.at, shown=False)
    entries = {entry.key: entry for entry in database.entries(kind.id, unmask=seen_by)}
    held = {key: record_of(kind, entry) for key, entry in entries.items()}
    matters = {same_matter(kind, record): key for key, record in held.items()}
    keys = list(held)
    new = changed = same = 0
    with database.batch(actor=doer.actor, purpose=f"导入{kind.title.zh}：{file}", at=room.at, once=digest) as batch:
        for record in reading.records:
            key = record.key if record.key in held else matters.get(same_matter(kind, record), "")
            if not key:
                key = record.key if record.key in reading.stated else next_key(kind, keys, room.today)
                keys.append(key)
                batch.put(entry_of(kind, replace(record, key=key)))
                new += 1
                continue
            after = _corrected(kind, held[key], record, doer.hand, room.at, file, findings)
            if after is held[key]:
                same += 1
                continue
            files = {one.digest: one for one in entries[key].evidence}
            batch.put(entry_of(kind, after, entries[key].version, files))
            changed += 1
    if batch.repeated:
        return (0, 0, len(reading.records)), 0
    return (new, changed, same), batch.number


def _corrected(kind: Kind, held: Record, listed: Record, hand: Hand, at: datetime, file: str, findings: list[Finding]) -> Record:
    """Return the held record with the values of the list; an empty cell and a masked one say nothing, a state is not moved."""
    record = held
    for name, value in listed.values.items():
        if value not in (None, MASKED) and value != held.values.get(name):
            record = correct(kind, record, name, value, hand, at, f"重新导入{file}")
    if listed.state not in (held.state, kind.start):
        place = Place(table=kind.id, title=kind.title, key=(held.key,))
        found = kind.states[listed.state].label
        findings.append(finding("ledgers.state_not_moved", place, found, state=kind.states[held.state].label))
    return record
