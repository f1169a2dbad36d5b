"""Look after the record: how it stands, whether it is sound, backups and the way back, what a batch did undone, keys changed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text
from junheng.store.audit import head_in_words
from junheng.store.authority import read_authority
from junheng.store.backup import Backup, backups_in, bring_up_to_date, check_backup, make_backup, read_backup, record_exists, restore
from junheng.store.database import Database, open_database
from junheng.store.entry import Actor, Purpose
from junheng.store.sealing import keys_folder, lend_key_file
from junheng.store.soundness import verify
from junheng.workflow.views.records import BackupView, BatchView, Migrated, RecordSoundness, RecordState

_LAST = 20  # batches shown


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, for which office, why and when."""

    person: str
    office: str
    purpose: str
    at: datetime

    @property
    def actor(self) -> Actor:
        """Return the person and the office."""
        return Actor(self.person, self.office)


def open_record(folder: Path) -> Database:
    """Open the record of an authority's folder. Raises StoreError when there is none yet: looking after it makes none."""
    read_authority(folder)
    if not record_exists(folder):
        raise StoreError(finding("store.no_record", Place(file=folder.as_posix()), Text("没有记录库", "no record")))
    return open_database(folder)


def record_state(folder: Path) -> RecordState:
    """Return how the record stands."""
    with open_record(folder) as record:
        return _state(record)


def _state(record: Database) -> RecordState:
    head = record.head()
    words = head_in_words(record.record, head) if head else Text("还没有变更", "no changes yet")
    lines = reversed(record.batches()[-_LAST:])
    batches = tuple(BatchView(one.number, one.at.isoformat(), one.office, one.purpose, one.changes, one.kinds, one.undone) for one in lines)
    return RecordState(record.sql.place, record.keys.path.as_posix(), record.kinds(), words, batches)


def verify_record(folder: Path, today: date) -> RecordSoundness:
    """Check the whole record; today: by which evidence has expired."""
    with open_record(folder) as record:
        seen = verify(record, today)
    return RecordSoundness(seen.changes, seen.entries, seen.files, seen.head, seen.notes, seen.findings)


def back_up(folder: Path, target: Path, acting: Acting, keep: int = 0) -> BackupView:
    """Make a backup in `target` and check it; keep: how many stay there, 0 for all."""
    with open_record(folder) as record:
        made = make_backup(record, target, office=acting.office, at=acting.at, keep=keep)
    return _backup(made)


def backups(target: Path) -> tuple[BackupView, ...]:
    """Return the backups in a folder, each checked, oldest first. Raises StoreError when there is none."""
    found = backups_in(target)
    if not found:
        raise StoreError(finding("store.no_backup", Place(file=target.as_posix()), Text("没有备份", "no backup")))
    return tuple(map(_backup, found))


def _backup(one: Backup) -> BackupView:
    changes = one.sequence
    return BackupView(one.folder.as_posix(), one.at, one.office, changes, sum(one.kinds.values()), len(one.evidence), check_backup(one))


def restore_record(folder: Path, backup: Path, acting: Acting, over: int = -1) -> RecordState:
    """Put a backup in the place of the record; over: the number of the last change that is knowingly given up."""
    read_authority(folder)
    with restore(folder, _named(backup), actor=acting.actor, purpose=acting.purpose, at=acting.at, over=over) as record:
        return _state(record)


def restore_drill(backup: Path, acting: Acting) -> RecordSoundness:
    """Restore a backup into a folder that is thrown away, open it with the keys of this machine, and check it whole."""
    one = _named(backup)
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as keys:
        lend_key_file(keys_folder(None, None), Path(keys), one.record)  # without the anchors, which know more than an older backup
        place = Path(scratch) / "county"
        with restore(place, one, keys=Path(keys), actor=acting.actor, purpose=acting.purpose, at=acting.at) as record:
            seen = verify(record, acting.at.date())
    return RecordSoundness(seen.changes, seen.entries, seen.files, seen.head, seen.notes, seen.findings)


def _named(backup: Path) -> Backup:
    """Return the backup of a folder, the latest one when the folder holds several."""
    several = backups_in(backup)
    return several[-1] if several else read_backup(backup)


def migrate_record(folder: Path) -> Migrated:
    """Bring the tables of the record up to date; the record as it was is kept beside."""
    read_authority(folder)
    steps, kept = bring_up_to_date(folder)
    return Migrated(tuple(steps), kept.as_posix() if kept else "")


def undo_batch(folder: Path, number: int, acting: Acting) -> int:
    """Put back what a batch changed, in a batch of its own; return its number."""
    with open_record(folder) as record:
        return record.undo(number, actor=acting.actor, purpose=acting.purpose, at=acting.at)


def change_record_keys(folder: Path, acting: Acting) -> tuple[int, str]:
    """Change the keys; return how many entries were sealed anew, and the key file of which a copy is to be kept elsewhere."""
    with open_record(folder) as record:
        return record.change_keys(actor=acting.actor, purpose=acting.purpose, at=acting.at), record.keys.path.as_posix()


def anchor_record(folder: Path, acting: Acting) -> Text:
    """Write the head once more to every anchor file, noting who did it, and return it for the duty sheet."""
    with open_record(folder) as record:
        record.mark("anchor", "", ["head"], Purpose(actor=acting.actor, reason=acting.purpose, at=acting.at))
        return _state(record).head
