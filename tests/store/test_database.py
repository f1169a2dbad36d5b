"""The record: batches as a whole or not at all, masks, history, undoing. The same on SQLite and PostgreSQL."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from junheng.errors import DataError, StoreError
from junheng.store import database as module
from junheng.store.database import Database, open_database
from junheng.store.entry import MASKED, Actor, Entry, Purpose
from junheng.store.soundness import verify
from junheng.store.sql import sqlite_library
from junheng.store.writer import one_writer
from tests.store.conftest import ACTOR, at, filled, pupil, visit

DAY = at().date()


def rules(error: pytest.ExceptionInfo[StoreError] | pytest.ExceptionInfo[DataError]) -> list[str]:
    return [finding.rule for finding in error.value.findings]


def test_what_is_put_stands_and_each_change_is_a_row_of_the_audit(database: Database) -> None:
    with database.batch(actor=ACTOR, purpose="第一周督导", at=at()) as batch:
        batch.put(visit("v1", school="21", n=3, seen="江南校区"))
        batch.put(visit("v2", school="22"))
    assert (batch.number, batch.changes, batch.findings) == (1, 2, [])
    assert [entry.key for entry in database.entries("visit")] == ["v1", "v2"]
    assert database.entry("visit", "v1") == replace(visit("v1", school="21", n=3, seen="江南校区"), version=1)
    assert database.entries("visit", "closed") == []
    [change] = database.history("visit", "v1")
    assert (change.verb, change.office, change.purpose, change.at, change.person) == ("put", "督导室", "第一周督导", at(), MASKED)
    assert database.kinds() == {"visit": 2}


def test_nothing_is_written_when_the_block_fails(database: Database) -> None:
    def stumble() -> None:
        with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
            batch.put(visit("v1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert (database.entries("visit"), database.head()) == ([], None)


def test_an_equal_put_changes_nothing(database: Database) -> None:
    for number in range(2):
        with database.batch(actor=ACTOR, purpose="x", at=at(number)) as batch:
            batch.put(visit("v1", a=1))
            batch.put(pupil("p1", "陈小雨", "430302201501010012"))
    assert (batch.number, batch.changes) == (0, 0)
    assert len(database.history("pupil", "p1")) == 1


def test_sealed_fields_are_masked_until_a_purpose_is_named_and_that_is_one_row(database: Database) -> None:
    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(pupil("p1", "陈小雨", "430302201501010012"))
    assert database.entries("pupil")[0].values == {"name": MASKED, "id": MASKED, "school": "21"}
    head = database.head()
    assert head is not None
    assert head["sequence"] == 1
    seen = database.entry(
        "pupil", "p1", unmask=Purpose(actor=Actor("李主任", "资助中心"), reason="核对资助名单", at=at(1), approved_by="2026-3")
    )
    assert seen is not None
    assert seen.values["name"] == "陈小雨"
    last = database.history("pupil", "p1")[-1]
    assert (last.verb, last.office, last.purpose, last.person) == ("unmask", "资助中心", "核对资助名单 [2026-3]", MASKED)
    head = database.head()
    assert head is not None
    assert head["sequence"] == 2


def test_a_purpose_without_a_reason_shows_nothing(database: Database) -> None:
    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(pupil("p1", "陈小雨", "430302201501010012"))
    with pytest.raises(DataError) as error:
        database.entry("pupil", "p1", unmask=Purpose(actor=ACTOR, reason=" ", at=at(1)))
    assert rules(error) == ["store.act_unnamed"]


def test_an_entry_is_found_by_its_sealed_field(database: Database) -> None:
    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(pupil("p1", "陈小雨", "43030220150101001X"))
        batch.put(pupil("p2", "陈小雪", "430302201501010020"))
    assert [entry.key for entry in database.find("pupil", "id", " 43030220150101001x")] == ["p1"]
    assert database.find("pupil", "id", "43030220150101001") == []
    assert database.find("pupil", "name", "陈小雨") == []  # no look-up was asked for it
    with database.batch(actor=ACTOR, purpose="x", at=at(1)) as batch:
        batch.remove("pupil", "p1")
    assert database.find("pupil", "id", "43030220150101001X") == []


def test_what_was_read_masked_is_put_back_as_it_was(database: Database) -> None:
    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(pupil("p1", "陈小雨", "430302201501010012"))
    [read] = database.entries("pupil")
    with database.batch(actor=ACTOR, purpose="x", at=at(1)) as batch:
        batch.put(replace(read, state="placed"))
    seen = database.entry("pupil", "p1", unmask=Purpose(actor=ACTOR, reason="核对", at=at(2)))
    assert seen is not None
    assert (seen.state, seen.values["name"], seen.version) == ("placed", "陈小雨", 2)
    assert [entry.key for entry in database.find("pupil", "id", "430302201501010012")] == ["p1"]
    with pytest.raises(DataError) as error, database.batch(actor=ACTOR, purpose="x", at=at(3)) as batch:
        batch.put(replace(read, key="p9", version=0))
    assert rules(error) == ["store.masked_value"] * 2 or rules(error) == ["store.masked_value"]


def test_who_was_slower_does_not_write_over_the_faster(database: Database) -> None:
    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(visit("v1", a=1))
    [read] = database.entries("visit")
    with database.batch(actor=ACTOR, purpose="x", at=at(1)) as batch:
        batch.put(replace(read, values={"a": 2}))
    slower = database.batch(actor=ACTOR, purpose="x", at=at(2))
    batch = slower.__enter__()
    batch.put(replace(read, values={"a": 3}))
    batch.put(visit("v2"))
    with pytest.raises(StoreError) as error:
        slower.__exit__(None, None, None)
    assert rules(error) == ["store.record_changed"]
    assert [entry.values for entry in database.entries("visit")] == [{"a": 2}]


def test_history_tells_both_values(database: Database) -> None:
    for number, value in enumerate(("旧", "新")):
        with database.batch(actor=ACTOR, purpose=value, at=at(number)) as batch:
            batch.put(visit("v1", a=value))
    with database.batch(actor=ACTOR, purpose="删", at=at(2)) as batch:
        batch.remove("visit", "v1")
    with database.batch(actor=ACTOR, purpose="又", at=at(3)) as batch:
        batch.put(visit("v1", a="又"))
    history = database.history("visit", "v1")
    assert [change.verb for change in history] == ["put", "put", "remove", "put"]
    assert [change.entry and change.entry.values["a"] for change in history] == ["旧", "新", None, "又"]
    assert [change.version for change in history] == [1, 2, 3, 4]


def test_undo_is_a_batch_that_puts_everything_back(database: Database) -> None:
    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(visit("v1", a=1))
        batch.put(visit("v2", a=1))
        batch.put(pupil("p1", "陈小雨", "430302201501010012"))
    before = {kind: database.entries(kind) for kind in ("visit", "pupil")}
    with database.batch(actor=ACTOR, purpose="误导入", at=at(1), once="d1") as batch:
        batch.put(visit("v1", a=2))
        batch.remove("visit", "v2")
        batch.put(visit("v3", a=9))
        batch.remove("pupil", "p1")
    number = database.undo(batch.number, actor=ACTOR, purpose="撤销误导入", at=at(2))
    after = {kind: database.entries(kind) for kind in ("visit", "pupil")}
    assert {kind: [replace(entry, version=0) for entry in some] for kind, some in after.items()} == {
        kind: [replace(entry, version=0) for entry in some] for kind, some in before.items()
    }
    assert [entry.key for entry in database.find("pupil", "id", "430302201501010012")] == ["p1"]
    assert [line.undone for line in database.batches()] == [False, True, False]
    assert number == 3
    with database.batch(actor=ACTOR, purpose="再导入", at=at(3), once="d1") as batch:  # an undone import may come again
        batch.put(visit("v3", a=9))
    assert (batch.repeated, batch.changes) == (False, 1)


def test_undo_refuses_what_a_later_batch_changed(database: Database) -> None:
    for number in range(2):
        with database.batch(actor=ACTOR, purpose="x", at=at(number)) as batch:
            batch.put(visit("v1", a=number))
    with pytest.raises(StoreError) as error:
        database.undo(1, actor=ACTOR, purpose="x", at=at(2))
    assert rules(error) == ["store.undo_changed_since"]
    with pytest.raises(StoreError) as error:
        database.undo(7, actor=ACTOR, purpose="x", at=at(2))
    assert rules(error) == ["store.no_such_batch"]


def test_an_import_that_was_recorded_changes_nothing_when_it_runs_again(database: Database) -> None:
    for number in range(2):
        with database.batch(actor=ACTOR, purpose="导入", at=at(number), once="digest") as batch:
            batch.put(visit("v1", a=number))
        assert (batch.repeated, batch.changes) == ((False, 1), (True, 0))[number]
    assert [entry.values for entry in database.entries("visit")] == [{"a": 0}]


def test_a_clock_set_back_is_said_and_loses_nothing(database: Database) -> None:
    for minutes in (10, 0):
        with database.batch(actor=ACTOR, purpose="x", at=at(minutes)) as batch:
            batch.put(visit("v1", a=minutes))
    assert [finding.rule for finding in batch.findings] == ["store.clock_set_back"]
    assert database.entries("visit")[0].values == {"a": 0}
    assert [finding.rule for finding in verify(database, DAY).findings] == ["store.clock_set_back"]


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        (Entry(kind="", key="a"), "store.entry_unnamed"),
        (Entry(kind="a", key="x\ty"), "store.entry_unnamed"),
        (Entry(kind="a", key="x", state="a\nb"), "store.entry_unnamed"),
        (Entry(kind="a", key="x", values={"n": float("nan")}), "store.entry_value"),
        (Entry(kind="a", key="x", values={"n": {"a": 1}}), "store.entry_value"),  # type: ignore[dict-item]  # what a caller may try
        (Entry(kind="a", key="x", values={"n": "\ud800"}), "store.entry_value"),
        (Entry(kind="a", key="x", levels={"n": "L9"}), "store.entry_level"),  # type: ignore[dict-item]  # what a caller may try
        (Entry(kind="a", key="x", values={"n": 1}, lookups=("n",)), "store.entry_lookup"),
        (Entry(kind="a", key="x", values={"n": MASKED}), "store.masked_value"),
    ],
)
def test_what_cannot_be_kept_is_refused(record: Database, entry: Entry, rule: str) -> None:
    with pytest.raises(DataError) as error, record.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(entry)
    assert rules(error) == [rule]
    assert record.head() is None


def test_odd_text_comes_back_as_it_was(database: Database) -> None:
    odd = {"a": "㐂𠮷\u2028 \t\n\"'\\ ＝1+1", "b": ["x", 1, 2.5, None, True], "c": "", "d": None, "e": "\x07"}
    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(Entry(kind="odd", key="𠮷-1", values=odd, levels={"a": "L4"}))
    seen = database.entry("odd", "𠮷-1", unmask=Purpose(actor=ACTOR, reason="核对", at=at()))
    assert seen is not None
    assert seen.values == odd
    assert verify(database, DAY).findings == ()


def test_an_act_says_who_and_when(record: Database) -> None:
    with pytest.raises(DataError) as error, record.batch(actor=Actor("", " "), purpose="", at=at().replace(tzinfo=None)):
        pass
    assert sorted(rules(error)) == ["store.act_unnamed"] * 3 + ["store.act_without_zone"]


def test_one_writes_and_the_other_is_told_who(record: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("junheng.store.writer.PATIENCE", 0.1)
    monkeypatch.setattr(module, "one_writer", lambda folder, office: one_writer(folder, office, 0.1))
    with one_writer(record.folder, "资助中心"):
        with pytest.raises(StoreError) as error, record.batch(actor=ACTOR, purpose="x", at=at()) as batch:
            batch.put(visit("v1"))
        assert record.entries("visit") == []  # readers go on
    assert rules(error) == ["store.record_busy"]
    assert f"资助中心 ({os.uname().nodename}, {os.getpid()})" in error.value.findings[0].found.zh


def test_many_writers_take_turns_and_the_chain_holds(where: Path, keys: Path) -> None:
    open_database(where, keys).close()
    wrong: list[BaseException] = []

    def write(name: int) -> None:
        try:
            with open_database(where, keys) as database:
                for number in range(5):
                    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
                        batch.put(visit(f"v{name}-{number}"))
        except BaseException as error:  # shown by the assertion below
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    with open_database(where, keys) as database:
        assert database.kinds() == {"visit": 20}
        assert [finding.rule for finding in verify(database, DAY).findings] == []


def test_a_filled_record_is_sound(database: Database) -> None:
    filled(database)
    result = verify(database, DAY)
    assert (result.findings, result.notes) == ((), ())
    assert result.changes == 4 * 6 + 1 + 2


def test_an_older_sqlite_is_refused() -> None:
    with pytest.raises(StoreError) as error:
        sqlite_library((99, 0, 0))
    assert rules(error) == ["store.sqlite_old"]
    assert sqlite_library().sqlite_version_info >= (3, 51, 3)


def test_the_record_is_opened_as_safely_as_promised(record: Database) -> None:
    with record.sql.reading() as rows:
        said = {
            name: rows.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        more = {
            name: rows.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("secure_delete", "trusted_schema", "cell_size_check")
        }
    assert said == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert more == {"secure_delete": 1, "trusted_schema": 0, "cell_size_check": 1}
    assert record.sql.file is not None
    assert record.sql.file.stat().st_mode & 0o077 == 0


def test_the_database_itself_refuses_to_change_the_audit(database: Database) -> None:
    filled(database, 1)
    for statement in ("UPDATE audit SET office = 'x'", "DELETE FROM audit"):
        with pytest.raises(StoreError, match="never changed"), database.sql.writing() as rows:
            rows.connection.exec_driver_sql(statement)
