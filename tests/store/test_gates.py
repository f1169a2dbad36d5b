"""Power cuts, kills, full and failing disks: nothing acknowledged is lost, no batch is kept in part, and each gate is seen red once.

Here run slices; the whole numbers by `benchmarks/store_gates.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.store.database import open_database
from tests.store.conftest import ACTOR, at, visit
from tests.store.gates import faults, power

CUTS = 3000
KILLS = {"import": 210, "migrate": 60}
STRUCK = (("pwrite64", "full", 20, 9), ("fsync", "fail", 14, 1), ("write", "full", 6, 1))  # call, kind, points, step


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


@pytest.mark.parametrize("work", KILLS)
def test_a_kill_at_any_moment_leaves_all_or_nothing(work: str, scratch: Path) -> None:
    result = faults.killed(scratch, work, KILLS[work], seed=20260302)
    assert result.broken == []
    assert result.points["kill"] == KILLS[work]
    assert result.ended["killed"] > KILLS[work] // 4


@pytest.mark.parametrize(("call", "kind", "points", "step"), STRUCK)
def test_a_full_or_failing_disk_is_told_and_leaves_all_or_nothing(
    program: Callable[..., str], scratch: Path, call: str, kind: str, points: int, step: int
) -> None:
    result = faults.struck(scratch, program("strace"), "import", call, kind, most=1 + (points - 1) * step, step=step)
    assert result.broken == []
    assert result.points[call] == points
    assert result.ended["told"] > 0


def test_red_control_audit_in_a_second_file_parts_from_the_data(tmp_path: Path) -> None:
    """With the audit in a file of its own some kill leaves data without audit; this is why there is one file."""
    parted = 0
    for number in range(40):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        for name in ("data", "audit"):
            with sqlite3.connect(folder / name) as file:
                file.execute("PRAGMA journal_mode=WAL")
                file.execute("CREATE TABLE t (n INTEGER)")
            file.close()

        def both(folder: Path = folder) -> None:
            files = [sqlite3.connect(folder / name, isolation_level=None) for name in ("data", "audit")]
            for n in range(100000):
                for file in files:
                    file.execute("INSERT INTO t VALUES (?)", (n,))

        faults._forked(both, 0.02 + number / 2000)
        counts = []
        for name in ("data", "audit"):
            file = sqlite3.connect(folder / name)
            counts.append(file.execute("SELECT count(*) FROM t").fetchone()[0])
            file.close()
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
