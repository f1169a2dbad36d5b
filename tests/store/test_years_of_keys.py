"""A year can be destroyed: what was sealed in it and stands no more is read nowhere, and the chain still holds. On both systems."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.store.backup import bring_up_to_date, make_backup, restore
from junheng.store.batch import Act, Batch
from junheng.store.database import Database, open_database
from junheng.store.entry import MASKED, Purpose
from junheng.store.migration import migrate
from junheng.store.sealing import KeyFile, Seals, lend_key_file, new_data_keys
from junheng.store.soundness import verify
from junheng.store.sql import Sql, sqlite_url
from tests.store.conftest import ACTOR, pupil

THEN, LATER, NOW = (datetime(year, 3, 2, 9, tzinfo=UTC) for year in (2022, 2024, 2026))
SEE = Purpose(actor=ACTOR, reason="核对", at=NOW)
NAMES = ("欧阳雨桐", "诸葛子涵", "司徒浩然")


def put(database: Database, at: datetime, *keys: str) -> None:
    with database.batch(actor=ACTOR, purpose="登记", at=at) as batch:
        for n, key in enumerate(keys):
            batch.put(pupil(key, NAMES[n % 3], f"43030220150101{at.year}{n}"))


def take_out(database: Database, *keys: str) -> int:
    with database.batch(actor=ACTOR, purpose="保存期满", at=NOW) as batch:
        for key in keys:
            batch.remove("pupil", key)
    return batch.number


def said(database: Database, key: str) -> list[object]:
    return [one.entry.values["name"] for one in database.history("pupil", key, unmask=SEE) if one.entry]


def destroy(database: Database, year: int = 2022) -> int:
    return database.destroy_year(year, actor=ACTOR, purpose="保存期满", at=NOW)


def test_after_a_year_is_destroyed_nothing_of_it_is_read_and_the_chain_holds(database: Database, where: Path, keys: Path) -> None:
    put(database, THEN, "a", "b")
    put(database, LATER, "c")
    removed = take_out(database, "a", "b")
    assert said(database, "a") == [NAMES[0]] * 1  # red control: taking out alone leaves it in the audit
    assert destroy(database)
    assert said(database, "a") == [MASKED]
    assert database.history("pupil", "a", unmask=SEE)[0].person == ACTOR.person  # who acted stays known
    assert said(database, "c")[0] == NAMES[0]
    assert verify(database, NOW.date()).findings == ()
    database.close()
    with open_database(where, keys) as again:
        assert said(again, "b") == [MASKED]
        assert [entry.key for entry in again.find("pupil", "id", "4303022015010120240")] == ["c"]
        assert [(one.year, one.lost) for one in again.years()] == [(2022, True), (2024, False), (2026, False)]
        assert destroy(again) == 0  # said again: nothing is written
        with pytest.raises(StoreError) as error:
            again.undo(removed, actor=ACTOR, purpose="撤销", at=NOW)
        assert error.value.findings[0].rule == "store.year_destroyed"
        with pytest.raises(StoreError):
            put(again, THEN, "late")  # a clock set back into that year
        assert verify(again, NOW.date()).findings == ()
        assert again.change_keys(actor=ACTOR, purpose="更换", at=NOW) == 1
        assert (said(again, "b"), said(again, "c")[0]) == ([MASKED], NAMES[0])
        assert "y2022" not in again.keys.path.read_text(encoding="utf-8")


def test_a_backup_made_before_tells_nothing_of_a_year_destroyed_since(record: Database, keys: Path, tmp_path: Path) -> None:
    put(record, THEN, "a")
    put(record, LATER, "c")
    backup = make_backup(record, tmp_path / "usb", office="x", at=LATER)
    take_out(record, "a")
    lend_key_file(keys, tmp_path / "safe", record.record)  # a copy that nobody replaces
    destroy(record)
    lend_key_file(keys, tmp_path / "elsewhere", record.record)
    record.close()
    for folder, names in (("elsewhere", [MASKED, NAMES[0]]), ("safe", [NAMES[0], NAMES[0]])):  # the old copy is the red control
        with restore(tmp_path / f"{folder}-county", backup, keys=tmp_path / folder, actor=ACTOR, purpose="x", at=NOW) as old:
            assert [entry.values["name"] for entry in old.entries("pupil", unmask=SEE)] == names


def test_what_still_stands_is_never_destroyed_with_its_year(database: Database) -> None:
    put(database, THEN, "a", "b")
    with pytest.raises(StoreError) as error:
        destroy(database)
    assert (error.value.findings[0].rule, error.value.findings[0].found.zh) == ("store.year_still_used", "仍在用的记录：pupil 2")
    take_out(database, "b")
    assert database.carry_over(2022, actor=ACTOR, purpose="仍需使用", at=NOW) == 1
    destroy(database)
    assert [entry.values["name"] for entry in database.entries("pupil", unmask=SEE)] == [NAMES[0]]
    assert [entry.key for entry in database.find("pupil", "id", "4303022015010120220")] == ["a"]
    assert said(database, "b") == [MASKED]
    assert said(database, "a")[0] == MASKED  # as it stood under the year's keys
    assert verify(database, NOW.date()).findings == ()


def test_a_year_that_is_not_over_or_unknown_is_refused(database: Database) -> None:
    put(database, THEN, "a")
    for year, rule in ((2026, "store.year_not_over"), (2019, "store.year_unknown")):
        with pytest.raises(StoreError) as error:
            destroy(database, year)
        assert error.value.findings[0].rule == rule


def test_a_value_that_stays_the_same_stays_of_its_year(database: Database) -> None:
    put(database, THEN, "a")
    with database.batch(actor=ACTOR, purpose="转学", at=NOW) as batch:
        (entry,) = database.entries("pupil")
        batch.put(replace(entry, values={**entry.values, "school": "22"}))
    assert [dict(one.standing) for one in database.years() if one.year == 2022] == [{"pupil": 1}]
    with database.batch(actor=ACTOR, purpose="更名", at=NOW) as batch:
        (entry,) = database.entries("pupil")
        batch.put(replace(entry, values={**entry.values, "name": "上官雨", "id": "43030220150101777X"}))
    assert [dict(one.standing) for one in database.years() if one.year == 2022] == [{}]


def test_two_programs_meet_a_new_year_at_once(database: Database, where: Path, keys: Path) -> None:
    with open_database(where, keys) as other:
        put(database, THEN, "a")
        put(other, THEN, "b")
        put(database, LATER, "c")
        names = {entry.key: entry.values["name"] for entry in other.entries("pupil", unmask=SEE)}
        assert names == {"a": NAMES[0], "b": NAMES[0], "c": NAMES[0]}
        assert verify(other, NOW.date()).findings == ()


def test_a_record_of_before_goes_on_and_its_old_boxes_open(tmp_path: Path, keys: Path) -> None:
    room = tmp_path / "county" / "records"
    room.mkdir(parents=True)
    keys.mkdir()
    sql = Sql(sqlite_url(room / "record.db"))
    migrate(sql, "m0003")
    masters = {"m1": b"1" * 32}
    (keys / "abc.keys").write_text(json.dumps({"masters": {"m1": base64.b64encode(masters["m1"]).decode()}}), encoding="utf-8")
    file = KeyFile(keys / "abc.keys", masters)
    made = new_data_keys(file)
    with sql.writing() as rows:
        rows.insert("about", [{"name": "record", "value": "abc"}])
        for row in made:
            rows.connection.exec_driver_sql(
                "INSERT INTO sealing_keys VALUES (?, ?, ?, ?)", (row["id"], row["use"], row["master"], row["wrapped"])
            )
        old = Batch(Act(ACTOR, "登记", THEN))
        old.put(pupil("a", NAMES[0], "430302201501012022"))
        of_then = [{**row, "year": THEN.year} if row["use"] != "index" else row for row in made]
        old.write(rows, _both(of_then, made, file), "abc")
    sql.close()
    with pytest.raises(StoreError):
        open_database(tmp_path / "county", keys)  # of an older step: to be migrated first
    assert bring_up_to_date(tmp_path / "county", keys)[0] == ["m0004"]
    with open_database(tmp_path / "county", keys) as again:
        assert again.keys.by_year
        assert [entry.values["name"] for entry in again.entries("pupil", unmask=SEE)] == [NAMES[0]]
        assert [entry.key for entry in again.find("pupil", "id", "430302201501012022")] == ["a"]
        put(again, NOW, "b")
        assert [one.year for one in again.years()] == [2026]
        assert verify(again, NOW.date()).findings == ()


def _both(of_then: list[dict[str, object]], made: list[dict[str, object]], file: KeyFile) -> Seals:
    """Return seals that seal under the old keys as a program of before did: its keys knew no year."""
    seals = Seals(made, file)
    seals._current |= {(str(row["use"]), THEN.year): int(str(row["id"])) for row in of_then}
    return seals
