"""Backups: taken while others write, checked, restored elsewhere; never over newer data unless that is named."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.store.backup import Backup, backups_in, check_backup, make_backup, read_backup, restore
from junheng.store.database import Database, open_database
from junheng.store.entry import Purpose
from junheng.store.evidence import EvidenceRoom
from junheng.store.soundness import verify
from tests.store.conftest import ACTOR, at, filled, pupil, visit

DAY = at().date()
UNDER_LOAD = 50


def rules(error: pytest.ExceptionInfo[StoreError]) -> set[str]:
    return {finding.rule for finding in error.value.findings}


def backed_up(database: Database, folder: Path, minutes: int = 10) -> Backup:
    return make_backup(database, folder / "usb", office="信息中心", at=at(minutes))


def test_the_restore_drill(database: Database, where: Path, keys: Path, tmp_path: Path) -> None:
    filled(database)
    kept = database.add_evidence("整改照片说明".encode(), "整改说明")
    with database.batch(actor=ACTOR, purpose="整改", at=at(8)) as batch:
        batch.put(replace(visit("v9"), evidence=(kept,)))
    backup = backed_up(database, tmp_path)
    assert check_backup(backup) == ()
    other = tmp_path / "other machine"  # another folder, the key file carried there separately
    shutil.copytree(keys, tmp_path / "keys2", ignore=lambda _, names: [name for name in names if name.endswith(".anchors")])
    with restore(other, backup, keys=tmp_path / "keys2", actor=ACTOR, purpose="演练", at=at(20)) as again:
        assert again.kinds() == database.kinds() == backup.kinds
        seen = Purpose(actor=ACTOR, reason="演练", at=at(21))
        for kind in database.kinds():
            assert again.entries(kind, unmask=seen) == database.entries(kind, unmask=seen)
        assert again.read_evidence(kept, unmask=seen).decode() == "整改照片说明"
        assert verify(again, DAY).findings == ()
        with again.sql.reading() as rows:
            assert [row["purpose"] for row in rows.audit(verb="restore")] == ["演练"]


def test_a_backup_of_either_system_restores_to_the_other(
    database: Database, where: Path, keys: Path, tmp_path: Path, postgres_url: object
) -> None:
    filled(database, 2, 2)
    backup = backed_up(database, tmp_path)
    shutil.copytree(keys, tmp_path / "keys2", ignore=lambda _, names: [name for name in names if name.endswith(".anchors")])
    target = tmp_path / "across"
    target.mkdir()
    if database.sql.on_sqlite:
        assert callable(postgres_url)
        (target / "junheng.toml").write_text(f'code = "1"\nname = "x"\nrecords.url = "{postgres_url()}"\n', encoding="utf-8")
    with restore(target, backup, keys=tmp_path / "keys2", actor=ACTOR, purpose="迁移", at=at(20)) as again:
        assert again.sql.on_sqlite != database.sql.on_sqlite
        assert verify(again, DAY).findings == ()
        assert again.history("visit", "v1") == database.history("visit", "v1")


def test_newer_data_are_not_restored_over_unless_named(database: Database, where: Path, keys: Path, tmp_path: Path) -> None:
    filled(database, 2, 2)
    backup = backed_up(database, tmp_path)
    with database.batch(actor=ACTOR, purpose="后来", at=at(30)) as batch:
        batch.put(visit("late"))
    head = database.head()
    assert head is not None
    last = head["sequence"]
    database.close()
    for over in (-1, last - 1):
        with pytest.raises(StoreError) as error:
            restore(where, backup, keys=keys, actor=ACTOR, purpose="恢复", at=at(31), over=over)
        assert rules(error) == {"store.backup_older"}
        assert f"--over {last}" in error.value.findings[0].remedy.zh
    with open_database(where, keys) as still:
        assert still.entry("visit", "late") is not None
    with restore(where, backup, keys=keys, actor=ACTOR, purpose="恢复", at=at(31), over=last) as again:
        assert again.entry("visit", "late") is None
        result = verify(again, DAY)
        assert result.findings == ()
        assert [note.zh for note in result.notes] == [f"恢复备份时放弃了第{backup.sequence + 1}至{last}条变更"]
        [kept] = backups_in(again.folder / "replaced")  # what was replaced is not lost
        assert kept.sequence == last
        assert check_backup(kept) == ()


def test_a_lost_record_is_known_to_have_been_longer(record: Database, keys: Path, tmp_path: Path) -> None:
    filled(record, 1, 2)
    backup = backed_up(record, tmp_path)
    with record.batch(actor=ACTOR, purpose="后来", at=at(30)) as batch:
        batch.put(visit("late"))
    record.close()
    shutil.rmtree(tmp_path / "county")
    with pytest.raises(StoreError) as error:
        restore(tmp_path / "county", backup, keys=keys, actor=ACTOR, purpose="x", at=at(31))
    assert rules(error) == {"store.backup_older"}
    with restore(tmp_path / "county", backup, keys=keys, actor=ACTOR, purpose="x", at=at(31), over=backup.sequence + 1) as again:
        assert verify(again, DAY).findings == ()


def test_another_record_is_not_restored_over(record: Database, keys: Path, tmp_path: Path) -> None:
    filled(record, 1, 2)
    with open_database(tmp_path / "neighbour", keys) as other:
        filled(other, 2, 2)
        backup = backed_up(other, tmp_path)
    with pytest.raises(StoreError) as error:
        restore(tmp_path / "county", backup, keys=keys, actor=ACTOR, purpose="x", at=at(31))
    assert rules(error) == {"store.backup_other"}


@pytest.mark.parametrize("fault", ["record", "anchors", "evidence", "manifest", "chain"])
def test_a_damaged_backup_is_not_restored(record: Database, keys: Path, tmp_path: Path, fault: str) -> None:
    kept = record.add_evidence(b"x" * 100, "x")
    with record.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(replace(visit("v1"), evidence=(kept,)))
    backup = backed_up(record, tmp_path)
    paths = {"record": backup.folder / "record.db", "anchors": backup.folder / "anchors.jsonl", "manifest": backup.folder / "backup.json"}
    path = paths.get(fault, EvidenceRoom(backup.folder.parent / "evidence").path(kept.digest))
    if fault == "chain":  # somebody altered the record and the manifest with it
        said = json.loads(paths["manifest"].read_text(encoding="utf-8"))
        paths["manifest"].write_text(json.dumps({**said, "hash": "0" * 64}), encoding="utf-8")
    else:
        path.write_bytes(path.read_bytes()[:-40] + b"y" * 20)
    with pytest.raises(StoreError):
        restore(tmp_path / "again", read_backup(backup.folder), keys=keys, actor=ACTOR, purpose="x", at=at(31))
    assert not (tmp_path / "again" / "records" / "record.db").exists()


def test_a_backup_lies_elsewhere_and_old_ones_make_room(record: Database, tmp_path: Path) -> None:
    filled(record, 1, 1)
    with pytest.raises(StoreError) as error:
        make_backup(record, record.folder / "backup", office="x", at=at())
    assert rules(error) == {"store.backup_inside"}
    for minutes in range(4):
        make_backup(record, tmp_path / "usb", office="x", at=at(minutes), keep=2)
    assert [one.folder.name for one in backups_in(tmp_path / "usb")] == ["20260302T090200", "20260302T090300"]
    with pytest.raises(StoreError) as error:
        make_backup(record, tmp_path / "usb", office="x", at=at(3))
    assert rules(error) == {"store.backup_exists"}
    with pytest.raises(StoreError) as error:
        read_backup(tmp_path)
    assert rules(error) == {"store.no_backup"}


def test_every_backup_taken_while_others_write_is_a_state_between_two_batches(record: Database, keys: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with open_database(tmp_path / "county", keys) as database:
            number = 0
            while not stop.is_set():
                number += 1
                with database.batch(actor=ACTOR, purpose="x", at=at(number)) as batch:
                    for n in range(3):  # three that always agree
                        batch.put(visit(f"v{n}", round=number))
                    batch.put(pupil(f"p{number}", "名", f"{number}"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups = [make_backup(record, tmp_path / "usb", office="x", at=at(number)) for number in range(UNDER_LOAD)]
    finally:
        stop.set()
        writer.join()
    for backup in backups:
        assert check_backup(backup) == ()
        assert backup.kinds.get("visit", 0) in {0, 3}
        assert backup.sequence == 4 * backup.kinds.get("pupil", 0)
    assert len({backup.sequence for backup in backups}) > 5  # it was written meanwhile


def test_keys_of_another_record_open_nothing(record: Database, keys: Path, tmp_path: Path) -> None:
    filled(record, 1, 1)
    record.close()
    file = keys / f"{record.record}.keys"
    kept = file.read_bytes()
    file.unlink()
    with pytest.raises(StoreError) as error:
        open_database(tmp_path / "county", keys)
    assert rules(error) == {"store.keys_missing"}
    with open_database(tmp_path / "neighbour", keys) as other:
        shutil.copy(keys / f"{other.record}.keys", file)
    with pytest.raises(StoreError) as error:
        open_database(tmp_path / "county", keys)
    assert rules(error) == {"store.keys_wrong"}
    file.write_bytes(kept)
    open_database(tmp_path / "county", keys).close()
    with pytest.raises(StoreError) as error:
        open_database(tmp_path / "county", tmp_path / "county" / "keys")
    assert rules(error) == {"store.keys_inside"}
