"""Backups: a copy of the record at one moment, its evidence and its anchors, in a folder elsewhere; and the way back.

    USB/qinghe/20260302T173000/record.db  anchors.jsonl  backup.json
    USB/qinghe/evidence/3f/3f9a…          shared by all backups of the folder: a file is copied once

The keys are not in it: who takes the disk reads no names. Keep a copy of the key file in another place.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from junheng.documents import finding
from junheng.errors import Finding, Place, StoreError, Text
from junheng.store.atomic import replaced, write_file
from junheng.store.audit import anchor, anchor_line
from junheng.store.batch import evidence_of
from junheng.store.database import Database, RecordPlace, open_database, place_of
from junheng.store.entry import Actor, Purpose
from junheng.store.evidence import EvidenceRoom
from junheng.store.logical import copy_record, put_record
from junheng.store.migration import current_step, migrate, newest_step
from junheng.store.sealing import AHEAD, read_key_file
from junheng.store.soundness import anchors_of, checked_chain, lines_of
from junheng.store.sql import Row, Sql, sqlite_url
from junheng.store.verifier import Anchors

MANIFEST = "backup.json"
RECORD = "record.db"
ANCHORS = "anchors.jsonl"


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup as its manifest describes it."""

    folder: Path
    record: str
    at: str
    office: str
    step: str
    sequence: int
    hash: str
    kinds: dict[str, int]
    files: dict[str, str]  # name -> SHA-256
    evidence: tuple[str, ...]


def make_backup(database: Database, target: Path, *, office: str, at: datetime, keep: int = 0) -> Backup:
    """Copy the record with its evidence and anchors into a new folder of `target`; return it.

    keep: how many backups of this record stay in `target`, 0 for all. Raises StoreError when `target` lies with the data, or the backup
    exists already.
    """
    if target.resolve().is_relative_to(database.folder.parent.resolve()) and database.sql.on_sqlite:
        raise StoreError(
            finding("store.backup_inside", Place(file=target.as_posix()), Text("位于数据文件夹内", "a place inside the data folder"))
        )
    made = _copied(database, target, office, at)
    if keep:
        for old in backups_in(target, database.record)[:-keep]:
            shutil.rmtree(old.folder)
    return made


def _copied(database: Database, target: Path, office: str, at: datetime) -> Backup:
    name = at.strftime("%Y%m%dT%H%M%S")
    if (target / name).exists():
        raise StoreError(finding("store.backup_exists", Place(file=(target / name).as_posix()), name))
    with replaced(target, name) as folder:
        file = copy_record(database.sql, folder / RECORD)
        copy = Sql(sqlite_url(file), pragmas=())
        try:
            with copy.reading() as rows:
                head, kinds = rows.head(), rows.kinds()
                named = _named(list(rows.audit()), [row for part in rows.rows("entries") for row in part])
        finally:
            copy.close()
        lines = [line for line in anchors_of(database) if json.loads(line)["sequence"] <= (head["sequence"] if head else 0)]
        (folder / ANCHORS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        kept = _evidence(database.files, EvidenceRoom(target / "evidence"), named)
        manifest = {
            "format": 1,
            "record": database.record,
            "at": at.isoformat(timespec="seconds"),
            "office": office,
            "step": current_step(database.sql),
            "sequence": head["sequence"] if head else 0,
            "hash": head["hash"] if head else "",
            "kinds": kinds,
            "files": {one: _digest(folder / one) for one in (RECORD, ANCHORS)},
            "evidence": kept,
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    return read_backup(target / name)


def _named(audit: list[Row], entries: list[Row]) -> list[str]:
    texts = [row["evidence"] for row in entries] + [row["replaced"].split("\t")[-1] for row in audit if row["replaced"]]
    return sorted({one.digest for text in texts for one in evidence_of(text)})


def _evidence(source: EvidenceRoom, target: EvidenceRoom, named: list[str]) -> list[str]:
    """Copy the files that are there and sound; what is missing is found by `verify`, not hidden by a backup."""
    kept = []
    for digest in named:
        if source.fault(digest) is None:
            kept.append(digest)
            if target.fault(digest) is not None:
                write_file(target.path(digest), source.path(digest).read_bytes())
    return kept


def read_backup(folder: Path) -> Backup:
    """Return what a backup says of itself. Raises StoreError (store.no_backup) when it is none."""
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = ("record", "at", "office", "step", "sequence", "hash", "kinds", "files")
        return Backup(folder, **{name: said[name] for name in names}, evidence=tuple(said["evidence"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(finding("store.no_backup", Place(file=folder.as_posix()), type(error).__name__)) from error


def backups_in(target: Path, record: str = "") -> list[Backup]:
    """Return the backups in a folder, oldest first; of one record when it is named."""
    found = [read_backup(path.parent) for path in sorted(target.glob(f"*/{MANIFEST}")) if not path.parent.name.startswith(".")]
    return [one for one in found if record in {"", one.record}]


def check_backup(backup: Backup) -> tuple[Finding, ...]:
    """Return all that is wrong with a backup: files altered or missing, a chain that does not hold."""
    found: list[Finding] = []
    for name, digest in backup.files.items():
        path = backup.folder / name
        seen = _digest(path) if path.is_file() else ""
        if seen != digest:
            words = Text("内容已改变", "other content") if seen else Text("没有该文件", "no such file")
            found.append(finding("store.backup_damaged", Place(file=path.as_posix()), words))
    if found:
        return tuple(found)
    lines = (backup.folder / ANCHORS).read_text(encoding="utf-8").splitlines()
    wrong, _, head = checked_chain(backup.folder / RECORD, lines, Place(file=backup.folder.name))
    found += wrong
    if not wrong and backup.sequence and head != f"{backup.sequence}:{backup.hash}":
        found.append(finding("store.backup_damaged", Place(file=backup.folder.as_posix()), head))
    room = EvidenceRoom(backup.folder.parent / "evidence")
    found += [fault for digest in backup.evidence if (fault := room.fault(digest))]
    return tuple(found)


def restore(
    where: Path | str, backup: Backup, *, keys: Path | None = None, actor: Actor, purpose: str, at: datetime, over: int = -1
) -> Database:
    """Put a backup in the place of the record at `where`, and return it opened; that it was done is a row of its audit.

    over: the number of the last change that stands there now, to give up what came after the backup. What is replaced is kept in
    records/replaced. Raises StoreError when the backup is damaged, and when it is older than or other than what stands there unless
    `over` names it.
    """
    if found := [one for one in check_backup(backup) if one.severity == "error"]:
        raise StoreError(found)
    place = place_of(where, keys)
    place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    last = _last_known(place, backup)
    given_up = last if last > backup.sequence else 0
    stands = _stands(place, backup)
    if stands.other or stands.apart or given_up:
        last = max(last, stands.sequence)
        if over != last:
            rule = "store.backup_other" if stands.other else "store.backup_older"
            words = Text(
                f"现有记录到第{last}条，备份到第{backup.sequence}条", f"a record up to change {last}, a backup up to {backup.sequence}"
            )
            raise StoreError(finding(rule, Place(file=backup.folder.name), words, head=last))
        if stands.record:
            with open_database(where, keys) as database:
                _copied(database, database.folder / "replaced", "-", at)
        given_up = 0 if stands.other else last
    sql = Sql(place.url)
    try:
        put_record(backup.folder / RECORD, sql)
    finally:
        sql.close()
    _evidence(EvidenceRoom(backup.folder.parent / "evidence"), EvidenceRoom(place.folder / "evidence"), list(backup.evidence))
    database = open_database(where, keys)
    if given_up:
        line = anchor_line(backup.record, {"sequence": backup.sequence, "hash": backup.hash, "at": backup.at}, restored=given_up)
        for path in database.anchors:
            anchor(path, line)
    said = Purpose(actor=actor, reason=purpose, at=at)
    database.mark("restore", "", [f"{backup.at} {backup.sequence}:{backup.hash}"], said)
    return database


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands where a backup is to be put."""

    record: str = ""  # its id, "" for none
    sequence: int = 0
    other: bool = False  # another record than that of the backup
    apart: bool = False  # its last change is not in the backup


def _stands(place: RecordPlace, backup: Backup) -> _Standing:
    sql = Sql(place.url)
    try:
        if not current_step(sql):
            return _Standing()
        with sql.reading() as rows:
            record, head = rows.about().get("record", ""), rows.head()
    finally:
        sql.close()
    other = record not in {"", backup.record}
    return _Standing(record, int(head["sequence"]) if head else 0, other, head is not None and not _within(backup, head))


def _last_known(place: RecordPlace, backup: Backup) -> int:
    """Return the last change that the anchors know to be safe; the record itself may be lost."""
    known = Anchors(lines_of((place.keys / f"{backup.record}.anchors", *place.anchors)), backup.record)
    return max(known.safe, default=0)


def _within(backup: Backup, head: Row) -> bool:
    """Return whether the backup holds the last change of the record that stands there."""
    copy = Sql(sqlite_url(backup.folder / RECORD), pragmas=())
    try:
        with copy.reading() as rows:
            found = rows.audit(sequence=int(head["sequence"]))
    finally:
        copy.close()
    return bool(found) and found[0]["hash"] == head["hash"]


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return file_digest(handle, sha256).hexdigest()


def record_exists(where: Path | str, keys: Path | None = None) -> bool:
    """Return whether there is a record at a place; asking makes none."""
    place = place_of(where, keys)
    sql = Sql(place.url)
    try:
        if sql.file is not None and not sql.file.is_file():
            return False
        return bool(current_step(sql))
    finally:
        sql.close()


def bring_up_to_date(where: Path | str, keys: Path | None = None) -> tuple[list[str], Path | None]:
    """Take the steps that a record's tables lack, each as a whole or not at all; return them and where the record as it was is kept."""
    place = place_of(where, keys)
    sql = Sql(place.url)
    try:
        before = current_step(sql)
        if before == newest_step():
            return [], None
        kept = copy_record(sql, place.folder / "replaced" / f"{before}.db")
        taken = migrate(sql)
        with sql.reading() as rows:
            record = rows.about().get("record", "")
        if record:
            read_key_file(place.keys, record).with_years(AHEAD)
        return taken, kept
    finally:
        sql.close()
