"""The record of what happened: entries that change only in batches, each change with its row in the audit, in one transaction.

    with open_database(folder) as database:
        with database.batch(actor=Actor("张三", "督导室"), purpose="第三周督导", at=now) as batch:
            batch.put(Entry(kind="visit", key="2025-0007", state="open", values={"school": "2162000001"}))
        database.entries("visit", state="open")

A batch is collected first and written when its block ends: all of it or nothing. What is sealed is masked unless a purpose is given,
which is itself a row of the audit. Nothing here looks at a clock: who acts says when.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from junheng.documents import finding
from junheng.errors import DataError, Place, StoreError, Text
from junheng.store.atomic import make_folder
from junheng.store.audit import anchor, anchor_line, row_of
from junheng.store.batch import Act, Batch, change_of, entry_of, evidence_of
from junheng.store.entry import MASKED, SEALED, Actor, Change, Entry, Evidence, Level, Purpose
from junheng.store.evidence import EvidenceRoom
from junheng.store.migration import current_step, migrate, newest_step, steps
from junheng.store.record_place import RecordPlace, place_of
from junheng.store.sealing import KeyFile, Seals, new_data_keys, new_key_file, read_key_file, rewrapped
from junheng.store.sql import Row, Rows, Sql
from junheng.store.writer import one_writer
from junheng.store.years_of_keys import KeyYear, carry_over, destroy_year, refuse_lost, seals_for, years_of

__all__ = ["BatchLine", "Database", "RecordPlace", "open_database", "place_of"]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch as the list of batches shows it."""

    number: int
    at: datetime
    office: str
    purpose: str
    changes: int
    kinds: tuple[str, ...]
    undone: bool


@dataclass(slots=True)
class Database:
    """An open record. `open_database` makes one; close it, or use it in a with statement."""

    sql: Sql
    folder: Path  # where the lock, the evidence and a SQLite file lie
    record: str  # the record's id
    keys: KeyFile
    seals: Seals
    anchors: tuple[Path, ...]
    files: EvidenceRoom
    alone: int  # sealed entries that an office is shown on a day without an approval
    _closing: list[Callable[[], None]] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.sql.close()

    # -- writing ------------------------------------------------------------------------------------------------------

    @contextmanager
    def batch(self, *, actor: Actor, purpose: str, at: datetime, once: str = "") -> Iterator[Batch]:
        """Collect changes and write them when the block ends without an exception, all of them or none.

        once: a digest of what is imported; a batch with one that was recorded and not undone changes nothing. at: with its zone.
        Raises DataError when actor, purpose or time are wanting, StoreError when another program writes, when an entry changed since
        it was read, or when the disk refuses.
        """
        act = Act(actor, purpose, at)
        if wanting := act.faults():
            raise DataError(wanting)
        batch = Batch(act, once)
        with self.sql.reading() as rows:
            batch.repeated = bool(once) and _standing(rows, once)
        yield batch
        self._write(batch)

    def undo(self, number: int, *, actor: Actor, purpose: str, at: datetime) -> int:
        """Put everything back as it was before a batch, in a batch of its own; return its number.

        Raises StoreError when there is no such batch, or when a later one changed what it wrote: then nothing is changed.
        """
        act = Act(actor, purpose, at)
        if wanting := act.faults():
            raise DataError(wanting)
        batch = Batch(act)
        with self.sql.reading() as rows:
            changes = [row for row in rows.audit(batch=number) if row["verb"] in {"put", "remove"}]
            if not changes:
                raise StoreError(finding("store.no_such_batch", Place(file=self.sql.place), str(number)))
            if later := _changed_since(rows, changes):
                raise StoreError([finding("store.undo_changed_since", place, found, batch=number) for place, found in later])
        for row in changes:
            image = row_of(row["replaced"]) if row["replaced"] else None
            refuse_lost(image, self.seals)
            batch.put_back(row["kind"], row["key"], image)
        self._write(batch, [("undo", "", str(number))])
        return batch.number

    def mark(self, verb: str, kind: str, keys: Sequence[str], purpose: Purpose) -> None:
        """Write rows of the audit that change no entry, one for each key."""
        act = Act(purpose.actor, f"{purpose.reason} [{purpose.approved_by}]" if purpose.approved_by else purpose.reason, purpose.at)
        if wanting := act.faults():
            raise DataError(wanting)
        self._write(Batch(act), [(verb, kind, key) for key in keys])

    def _write(self, batch: Batch, leading: Sequence[tuple[str, str, str]] = ()) -> None:
        with self.writing(batch.act.actor.office) as rows:
            batch.repeated = bool(batch.once) and _standing(rows, batch.once)
            seals = seals_for(rows, self, batch.act.at.year)
            head = None if batch.repeated else batch.write(rows, seals, self.record, leading)
            self.anchor_head(batch, head, writing=True)
        self.seals = seals
        self.anchor_head(batch, head)

    @contextmanager
    def writing(self, office: str) -> Iterator[Rows]:
        """Give the one transaction that writes, to the one program that may."""
        with ExitStack() as stack:
            if self.sql.on_sqlite:
                stack.enter_context(one_writer(self.folder, office))
            yield stack.enter_context(self.sql.writing())

    def anchor_head(self, batch: Batch, head: Row | None, *, writing: bool = False) -> None:
        """Write the head where others keep it, before it is kept and after; that it could not be written is a finding, no refusal."""
        if head is None:
            return
        for path in self.anchors:
            try:
                anchor(path, anchor_line(self.record, head, **({"writing": True} if writing else {})))
            except OSError as error:
                batch.findings.append(finding("store.anchor_not_written", Place(file=path.as_posix()), str(error)))

    # -- reading ------------------------------------------------------------------------------------------------------

    def entries(self, kind: str, state: str | None = None, *, unmask: Purpose | None = None) -> list[Entry]:
        """Return the entries of a kind, by key; with a purpose their sealed fields are shown, and each is a row of the audit."""
        with self.sql.reading() as rows:
            return self._shown(rows.entries(kind, state), unmask)

    def entry(self, kind: str, key: str, unmask: Purpose | None = None) -> Entry | None:
        """Return one entry, None when there is none."""
        with self.sql.reading() as rows:
            found = rows.entries_at(kind, [key])
        return next(iter(self._shown(found, unmask)), None)

    def find(self, kind: str, field: str, value: object, unmask: Purpose | None = None) -> list[Entry]:
        """Return the entries of a kind whose sealed field has exactly this value (width and case of letters aside)."""
        with self.sql.reading() as rows:
            found = rows.entries_at(kind, rows.keys_tagged(kind, field, self.seals.tag(kind, field, value)))
        return self._shown(found, unmask)

    def kinds(self) -> dict[str, int]:
        """Return how many entries there are of each kind."""
        with self.sql.reading() as rows:
            return rows.kinds()

    def history(self, kind: str, key: str, unmask: Purpose | None = None) -> list[Change]:
        """Return all that happened to an entry, oldest first, with what stood after each change."""
        with self.sql.reading() as rows:
            changes, now = rows.audit(kind=kind, key=key), rows.entries_at(kind, [key])
        if unmask is not None:
            self.mark("unmask", kind, [key], unmask)
        images: list[Row | None] = []
        after: Row | None = now[0] if now else None
        for row in reversed(changes):  # what a change replaced is what stood after the one before
            images.append(after if row["after"] else None)
            if row["verb"] in _CHANGING:
                after = row_of(row["replaced"]) if row["replaced"] else None
        opened = self.seals if unmask is not None else None
        return [change_of(row, image, opened) for row, image in zip(changes, reversed(images), strict=True)]

    def batches(self) -> list[BatchLine]:
        """Return the batches that changed something, oldest first."""
        with self.sql.reading() as rows:
            audit = rows.audit()
        undone = {row["key"] for row in audit if row["verb"] == "undo"}
        lines: dict[int, list[Row]] = {}
        for row in audit:
            if row["verb"] in _CHANGING:
                lines.setdefault(row["batch"], []).append(row)
        return [_line(number, some, undone) for number, some in lines.items()]

    def head(self) -> Row | None:
        """Return the last row of the audit."""
        with self.sql.reading() as rows:
            return rows.head()

    def _shown(self, found: list[Row], unmask: Purpose | None) -> list[Entry]:
        if unmask is None:
            return [entry_of(row) for row in found]
        sealed = [row for row in found if row["sealed"] != "{}"]
        self._refuse_many(len(sealed), unmask)
        for kind in dict.fromkeys(row["kind"] for row in sealed):
            self.mark("unmask", kind, [row["key"] for row in sealed if row["kind"] == kind], unmask)
        return [entry_of(row, self.seals) for row in found]

    def _refuse_many(self, count: int, unmask: Purpose) -> None:
        """Refuse to show one office more on a day than it may see without another person's approval. Raises StoreError."""
        if not unmask.shown or (unmask.approved_by and unmask.approved_by.strip() != unmask.actor.person.strip()):
            return
        with self.sql.reading() as rows:
            today = rows.unmasked(unmask.actor.office, unmask.at.date().isoformat())
        if today + count > self.alone:
            found = Text(f"今天已看{today}条，又要看{count}条", f"{today} today, and {count} more")
            raise StoreError(finding("store.unmask_many", Place(file=self.sql.place), found, alone=self.alone))

    # -- evidence -----------------------------------------------------------------------------------------------------

    def add_evidence(self, content: bytes, title: str, level: Level = "L3", expires: str | None = None) -> Evidence:
        """Keep a file and return what an entry names it by; see `EvidenceRoom.add`."""
        return self.files.add(content, title, level, expires, self.seals)

    def read_evidence(self, evidence: Evidence, unmask: Purpose | None = None) -> bytes:
        """Return the content of a file. A sealed one needs a purpose, which is a row of the audit.

        Raises StoreError when it is missing, altered, or sealed and no purpose is given.
        """
        if evidence.level in SEALED:
            if unmask is None:
                raise StoreError(finding("store.evidence_sealed", Place(file=evidence.digest), MASKED))
            self.mark("unmask", "evidence", [evidence.digest], unmask)
        return self.files.read(evidence, self.seals)

    def discard_evidence(self, digests: Sequence[str], purpose: Purpose) -> None:
        """Delete files that no entry names any more; each is a row of the audit first."""
        with self.sql.reading() as rows:
            named = {one.digest for kind in rows.kinds() for row in rows.entries(kind) for one in evidence_of(row["evidence"])}
        gone = sorted(set(digests) - named)
        if gone:
            self.mark("discard", "evidence", gone, purpose)
        for digest in gone:
            self.files.path(digest).unlink(missing_ok=True)

    # -- keys ---------------------------------------------------------------------------------------------------------

    def change_keys(self, *, actor: Actor, purpose: str, at: datetime) -> int:
        """Take a new master key and new data keys, and seal every entry anew, in one batch; return how many entries were sealed.

        The old master key stays in the key file, for backups and for evidence sealed before; the file's newest key wraps all data keys.
        """
        keys = self.keys.with_new()
        old = Seals(self.seals.rows, keys)
        rows_of_keys = [*rewrapped(old.rows, keys), *new_data_keys(keys, old.rows)]
        seals = Seals(rows_of_keys, keys)
        batch = Batch(Act(actor, purpose, at))
        if wanting := batch.act.faults():
            raise DataError(wanting)
        with self.writing(actor.office) as rows:
            for kind in rows.kinds():
                for row in rows.entries(kind):
                    if row["sealed"] != "{}":
                        batch.put(entry_of(row, old))
            rows.rewrap(rows_of_keys)
            head = batch.write(rows, seals, self.record, [("rekey", "", keys.current)])
            self.anchor_head(batch, head, writing=True)
        self.keys, self.seals = keys, seals
        self.anchor_head(batch, head)
        return batch.changes

    def years(self) -> tuple[KeyYear, ...]:
        """Return the years in which something was sealed."""
        with self.sql.reading() as rows:
            return years_of(rows, self.seals)

    def carry_over(self, year: int, *, actor: Actor, purpose: str, at: datetime) -> int:
        """Seal what still stands on the keys of a year anew, in the year of the act; return how many entries."""
        return carry_over(self, year, Batch(Act(actor, purpose, at)))

    def destroy_year(self, year: int, *, actor: Actor, purpose: str, at: datetime) -> int:
        """Destroy the keys of a year, so that what was sealed in it and stands no more is read by nobody; see `years_of_keys`."""
        return destroy_year(self, year, Batch(Act(actor, purpose, at)))


_CHANGING = {"put", "remove"}


def _standing(rows: Rows, once: str) -> bool:
    """Return whether an import was recorded and not undone."""
    undone = {row["key"] for row in rows.audit(verb="undo")}
    return any(str(row["batch"]) not in undone for row in rows.audit(kind="", key=once) if row["verb"] == "import")


def _changed_since(rows: Rows, changes: Sequence[Row]) -> list[tuple[Place, str]]:
    """Return where a later batch changed what this one wrote."""
    found: list[tuple[Place, str]] = []
    for kind in dict.fromkeys(row["kind"] for row in changes):
        wrote = {row["key"]: row for row in changes if row["kind"] == kind}
        now = {row["key"]: row["sequence"] for row in rows.entries_at(kind, list(wrote))}
        for key, row in wrote.items():
            if now.get(key) != (row["sequence"] if row["after"] else None):
                found.append((Place(table=kind, key=(key,)), str(now.get(key, "—"))))
    return found[:20]


def _line(number: int, rows: Sequence[Row], undone: set[str]) -> BatchLine:
    first = rows[0]
    kinds = tuple(dict.fromkeys(row["kind"] for row in rows))
    at = datetime.fromisoformat(first["at"])
    return BatchLine(number, at, first["office"], first["purpose"], len(rows), kinds, str(number) in undone)


def open_database(where: Path | str, keys: Path | None = None, *, who: str = "") -> Database:
    """Open the record of an authority's folder, or one at a URL; a new one is made where there is none.

    where: the authority's folder (the record is then records/record.db in it, or `records.url` of junheng.toml), or a URL, sqlite:///FILE
    or postgresql://…. keys: the folder of master keys, outside the authority's; by default $JUNHENG_KEYS or the user's settings.
    Raises StoreError when the SQLite library is too old, the tables are of another version, or the keys are missing, wrong or inside.
    """
    place = place_of(where, keys)
    make_folder(place.folder, mode=0o700)
    sql = Sql(place.url, who=who)
    try:
        return _opened(sql, place)
    except BaseException:
        sql.close()
        raise


def _opened(sql: Sql, place: RecordPlace) -> Database:
    step = current_step(sql)
    if not step:
        _made(sql, place.folder, place.keys)
    elif step != newest_step():
        rule = "store.record_older" if step in steps() else "store.record_newer"
        raise StoreError(finding(rule, Place(file=sql.place), Text(f"结构{step}", f"tables of {step}"), newest=newest_step()))
    with sql.reading() as rows:
        record = rows.about()["record"]
        wrapped = [row for part in rows.rows("sealing_keys") for row in part]
    keys = read_key_file(place.keys, record)
    return Database(
        sql=sql,
        folder=place.folder,
        record=record,
        keys=keys,
        seals=Seals(wrapped, keys),
        anchors=(place.keys / f"{record}.anchors", *place.anchors),
        files=EvidenceRoom(place.folder / "evidence"),
        alone=place.alone,
    )


def _made(sql: Sql, folder: Path, place: Path) -> None:
    """Make the tables and the keys of a new record; the keys first, so that no record is left without."""
    record = secrets.token_hex(16)
    with ExitStack() as stack:
        if sql.on_sqlite:
            stack.enter_context(one_writer(folder, "-"))
        migrate(sql)
        with sql.writing() as rows:
            if "record" in rows.about():  # another program was faster
                return
            keys = new_key_file(place, record)
            rows.insert("about", [{"name": "record", "value": record}])
            rows.insert("sealing_keys", new_data_keys(keys))
    if sql.file is not None and os.name == "posix":
        sql.file.chmod(0o600)
