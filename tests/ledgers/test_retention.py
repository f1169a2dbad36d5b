"""Records are kept as long as their kind says, then taken out by a named person; and nobody is shown many names alone."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.ledgers import shipped
from junheng.ledgers.recurrence import months_later
from junheng.store.database import open_database
from junheng.store.entry import Actor, Entry, Purpose
from junheng.workflow.ledger_lists import import_ledger
from junheng.workflow.ledger_room import Room
from junheng.workflow.ledgers import Doer
from junheng.workflow.records import Acting, verify_record
from junheng.workflow.retention import ended_on, purge
from tests.qinghe import QINGHE

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
DOER = Doer("李二", "督导室", "supervision")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Qinghe with an empty record, its keys elsewhere, and the list of its tasks imported."""
    monkeypatch.setenv("JUNHENG_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "qinghe"
    shutil.copytree(QINGHE / "2025", folder / "2025")
    shutil.copy(QINGHE / "junheng.toml", folder)
    assert import_ledger(folder, "task", QINGHE / "ledgers" / "lists" / "督办任务.csv", DOER, write=True, at=AT).written
    return folder


def acting(day: date) -> Acting:
    return Acting("罗文静", "办公室", "保存期满", datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def test_every_kind_that_ships_says_how_long() -> None:
    assert [kind.id for kind in shipped().kinds.values() if kind.keep is None] == []


def test_what_ended_long_enough_ago_is_taken_out_by_name_and_what_is_open_stays(own: Path) -> None:
    kind = shipped().kind("task")
    assert kind.keep is not None
    ends = {one.key: end for one in Room(own, AT).records(kind) if (end := ended_on(kind, one)) is not None}
    with open_database(own) as database, database.batch(actor=DOER.actor, purpose="材料", at=AT) as batch:
        proof = database.add_evidence("整改说明".encode(), "整改")
        for entry in database.entries("task"):
            batch.put(replace(entry, evidence=(proof,) if entry.key in ends else ()))
    term = 12 * kind.keep.years
    assert ends
    day_before = purge(own, acting(months_later(min(ends.values()), term) - timedelta(days=1)), really=True)
    assert (day_before.records, day_before.batch) == (0, 0)
    listed = purge(own, acting(months_later(max(ends.values()), term)), really=False)
    assert (listed.records, listed.batch) == (len(ends), 0)
    done = purge(own, acting(months_later(max(ends.values()), term)), really=True)
    assert done.records == len(ends)
    with open_database(own) as database:
        assert {entry.key for entry in database.entries("task")}.isdisjoint(ends)
        assert database.entries("task")
        changes = database.history("task", min(ends), unmask=Purpose(actor=Actor("督查", "纪检"), reason="查", at=AT))
    assert (changes[-1].verb, changes[-1].person, changes[-1].purpose) == ("remove", "罗文静", "保存期满")
    assert not database.files.path(proof.digest).exists()
    assert not [one for one in verify_record(own, AT.date()).findings if one.severity == "error"]


def test_many_sealed_records_are_shown_with_the_approval_of_another_person_only(own: Path) -> None:
    with open_database(own) as database, database.batch(actor=DOER.actor, purpose="x", at=AT) as batch:
        for n in range(4):
            batch.put(Entry(kind="pupil", key=f"p{n}", values={"name": f"欧阳{n}"}, levels={"name": "L3"}))
    with (own / "junheng.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[records]\nunmask_alone = 6\n")
    seen = Purpose(actor=DOER.actor, reason="核对", at=AT)
    with open_database(own) as database:
        assert len(database.entries("pupil", unmask=seen)) == 4
        for approved in ("", "李二"):
            with pytest.raises(StoreError) as refused:
                database.entries("pupil", unmask=replace(seen, approved_by=approved))
            assert refused.value.findings[0].rule == "store.unmask_many"
        assert database.entries("pupil", unmask=replace(seen, approved_by="批2026-7"))[0].values["name"] == "欧阳0"
        assert len(database.entries("pupil", unmask=replace(seen, at=AT.replace(day=12)))) == 4  # another day
