"""Power cuts, kills, full and failing disks: nothing acknowledged is lost, no batch is kept in part, and each gate is seen red once.

Here run slices; the whole numbers by `benchmarks/store_gates.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.store.database import open_database
from junheng.store.sql import sqlite_library
from tests.store.conftest import ACTOR, at, visit
from tests.store.gates import faults, nth_call, power

CUTS = 3000
EVERY = {"kill": 1, "full": 2, "fail": 2}  # call in turn: more than 300 points together
SYNCS = 9  # that an import asks for


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[power.Statement]]:
    """Return an empty record and what the store says when it takes twelve batches."""
    folder = tmp_path_factory.mktemp("said")
    start = power.start_of(folder)
    return start, power.recorded_statements(folder, batches=12, rows=25)


def test_no_power_cut_damages_the_record_or_loses_a_batch(said: tuple[Path, list[power.Statement]], scratch: Path) -> None:
    log = power.replayed(said[0], scratch, said[1], "FULL")
    assert sum(step[0] == power.COMMITTED for step in log.steps) >= 12
    result = power.cuts(log, scratch, CUTS, seed=20260302)
    assert (result.cut, result.damaged, result.lost, result.between) == (CUTS, 0, 0, 0)


def test_red_control_without_a_sync_at_each_commit_power_cuts_lose_batches(said: tuple[Path, list[power.Statement]], scratch: Path) -> None:
    normal = power.cuts(power.replayed(said[0], scratch, said[1], "NORMAL"), scratch, 100, seed=1)
    assert normal.lost > 10
    assert normal.damaged == 0
    off = power.cuts(power.replayed(said[0], scratch, said[1], "OFF"), scratch, 100, seed=1)
    assert off.damaged > 10


@pytest.mark.parametrize("kind", nth_call.KINDS)
@pytest.mark.parametrize("work", faults.WORK)
def test_struck_at_each_call_in_turn_all_or_nothing_is_left(work: str, kind: str, scratch: Path) -> None:
    result = nth_call.struck(scratch, work, kind, EVERY[kind])
    assert result.broken == []
    assert len(result.points) >= 80 // EVERY[kind]  # each another call
    assert result.ended["killed" if kind == "kill" else "told"] >= 50 // EVERY[kind]


def test_a_sync_that_fails_is_told_and_leaves_all_or_nothing(program: Callable[..., str], scratch: Path) -> None:
    result = faults.struck(scratch, program("strace"), "import", "fsync", "fail", most=SYNCS)
    assert result.broken == []
    assert result.points["fsync"] == SYNCS
    assert result.ended["told"] > 0


def test_red_control_audit_in_a_second_file_parts_from_the_data(scratch: Path) -> None:
    """With the audit in a file of its own some kill leaves data without audit; this is why there is one file."""
    library, parted = sqlite_library(), 0
    for number in range(1, 25):
        folder = scratch / f"{number}"
        folder.mkdir()
        for name in ("data", "audit"):
            with closing(library.connect(folder / name)) as file:
                file.execute("PRAGMA journal_mode=WAL")
                file.execute("CREATE TABLE t (n INTEGER)")

        def both(folder: Path = folder) -> None:
            files = [library.connect(folder / name, isolation_level=None) for name in ("data", "audit")]
            for n in range(100):
                for file in files:
                    file.execute("INSERT INTO t VALUES (?)", (n,))

        faults.forked(lambda: (nth_call.Calls(number).watch(), both()))  # noqa: B023 — run before the next turn
        counts = []
        for name in ("data", "audit"):
            with closing(library.connect(folder / name)) as file:
                counts.append(file.execute("SELECT count(*) FROM t").fetchone()[0])
        parted += counts[0] != counts[1]
    assert parted > 0


def test_a_disk_that_did_not_confirm_a_write_is_not_written_to_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_database(tmp_path / "county", tmp_path / "keys") as database:
        error = sqlite3.OperationalError("disk I/O error")
        assert database.sql._refusal(error).findings[0].rule == "store.record_broken"
        with pytest.raises(StoreError) as refused, database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
            batch.put(visit("v1"))
        assert refused.value.findings[0].rule == "store.record_broken"
        assert database.entries("visit") == []  # readers go on
    with open_database(tmp_path / "county", tmp_path / "keys") as again, again.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(visit("v1"))
    assert batch.changes == 1
