"""Is the record sound: the file, the chain against its anchors, what is sealed, the files that entries rest on."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Finding, Place, StoreError, Text
from junheng.store import verifier
from junheng.store.batch import entry_of, evidence_of
from junheng.store.database import Database
from junheng.store.entry import Entry
from junheng.store.logical import copy_record
from junheng.store.sql import Row


@dataclass(frozen=True, slots=True)
class Soundness:
    """What was looked at, and everything that is wrong or worth knowing."""

    changes: int  # rows of the audit
    entries: int
    files: int
    head: str  # number:hash
    findings: tuple[Finding, ...]
    notes: tuple[Text, ...]


def verify(database: Database, today: date) -> Soundness:
    """Check the whole record. today: by which evidence has expired."""
    with tempfile.TemporaryDirectory(dir=database.folder) as scratch, database.writing("verify"):  # nobody writes meanwhile
        file = database.sql.file or copy_record(database.sql, Path(scratch) / "record.db")
        found, notes, head = checked_chain(file, anchors_of(database), Place(file=database.sql.place))
    entries = list(_entries(database))
    with database.sql.reading() as rows:
        audit = rows.audit()
    named = {one.digest: one for row in entries for one in evidence_of(row["evidence"])}
    before = {one.digest for row in audit if row["replaced"] for one in evidence_of(row["replaced"].split("\t")[-1])}
    discarded = {row["key"] for row in audit if row["verb"] == "discard"}
    found += database.files.check([*named, *sorted(before - named.keys() - discarded)])
    found += [
        finding("store.evidence_expired", Place(file=one.title), one.digest, day=one.expires)
        for one in named.values()
        if _past(one.expires, today)
    ]
    found += [fault for row in entries if (fault := _unopened(row, database))]
    found += _clocks(audit)
    return Soundness(len(audit), len(entries), len(list(database.files.kept())), head, tuple(found), tuple(notes))


def checked_chain(file: Path, anchors: Sequence[str], place: Place) -> tuple[list[Finding], list[Text], str]:
    """Return what the verifier finds wrong with a file, what it says beside, and the head."""
    try:
        wrong, said, head = verifier.check(file, anchors)
    except Exception as error:  # whatever a damaged file makes the reader stumble over
        return [finding("store.record_damaged", place, str(error))], [], ""
    return [finding("store.record_at_odds", place, _both(line)) for line in wrong], [_both(line) for line in said], head


def anchors_of(database: Database) -> list[str]:
    """Return the lines of all anchor files that can be read."""
    return lines_of(database.anchors)


def lines_of(paths: Sequence[Path]) -> list[str]:
    """Return the lines of anchor files, each line once: every file should hold all of them, and may lack some."""
    lines: dict[str, None] = {}
    for path in paths:
        if path.is_file():
            lines |= dict.fromkeys(line for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return list(lines)


def _both(line: str) -> Text:
    """Return the two halves of a line of the verifier: where: Chinese / English."""
    where, colon, words = line.rpartition(": ")
    zh, _, en = (words if colon else line).partition(" / ")
    return Text(f"{where}：{zh}" if colon else zh, f"{where}, which {en}" if colon else en)


def _entries(database: Database) -> Iterator[Row]:
    with database.sql.reading() as rows:
        for part in rows.rows("entries"):
            yield from part


def _past(expires: date | None, today: date) -> bool:
    return expires is not None and expires < today


def _unopened(row: Row, database: Database) -> Finding | None:
    """Return what is wrong with the sealed fields of a row, without showing them."""
    try:
        entry: Entry = entry_of(row, database.seals)
    except StoreError as error:
        return error.findings[0]
    tags = {name: tag for name, (_, tag) in json.loads(row["sealed"]).items() if tag}
    wrong = [name for name, tag in tags.items() if database.seals.tag(entry.kind, name, entry.values[name]) != tag]
    place = Place(table=entry.kind, key=(entry.key,))
    return finding("store.box_damaged", place, Text("索引与内容不符", "an index that is not its content's")) if wrong else None


def _clocks(audit: Sequence[Row]) -> list[Finding]:
    """Return where a change bears an earlier time than the one before it."""
    found = []
    for last, row in pairwise(audit):
        if datetime.fromisoformat(row["at"]) < datetime.fromisoformat(last["at"]):
            found.append(finding("store.clock_set_back", Place(table="audit", key=(str(row["sequence"]),)), row["at"], last=last["at"]))
    return found
