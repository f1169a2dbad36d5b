"""Power cuts, kills, full and failing disks: nothing acknowledged is lost, no batch is kept in part, and each gate is seen red once.

Here run slices; the whole numbers by `benchmarks/store_gates.py`.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.store.database import Database, open_database
from junheng.store.soundness import verify
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


def test_after_a_sync_that_failed_the_program_is_done_with_the_record_and_a_new_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What memory shows may never reach the disk: no second try, no reading, also not through another door of this process."""
    county, keys = tmp_path / "county", tmp_path / "keys"
    with open_database(county, keys) as database:
        with monkeypatch.context() as failing:
            failing.setattr(os, "fsync", _no_folder)
            assert _put(database, "v1") == "store.record_broken"
        assert _put(database, "v2") == "store.record_broken"
        with pytest.raises(StoreError, match="that the disk confirmed"):
            database.entries("visit")
    with pytest.raises(StoreError, match="that the disk confirmed"):
        open_database(county, keys)
    again = subprocess.run([sys.executable, "-c", _AGAIN, county, keys], capture_output=True, text=True, check=True)
    assert again.stdout in {"['v2']\n", "['v1', 'v2']\n"}  # v1 was not acknowledged: it may be there or not


def _no_folder(handle: int, sync: Callable[[int], None] = os.fsync) -> None:
    if stat.S_ISDIR(os.fstat(handle).st_mode):
        raise OSError(errno.EIO, "the disk does not say that the name is kept")
    sync(handle)


def _put(database: Database, key: str) -> str:
    try:
        with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
            batch.put(visit(key))
    except StoreError as error:
        return error.findings[0].rule
    return ""


_AGAIN = """
import sys, pathlib
from junheng.store.database import Database, open_database
from junheng.store.soundness import verify
from tests.store.conftest import ACTOR, at, visit
with open_database(*map(pathlib.Path, sys.argv[1:])) as database:
    with database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
        batch.put(visit("v2"))
    print([entry.key for entry in database.entries("visit")])
"""


def test_on_a_full_disk_reading_goes_on_and_writing_too_when_there_is_room_again(tmp_path: Path) -> None:
    """A disk of two megabytes, filled to the last byte by another file."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = (
        shutil.which("mount")
        and not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False).returncode
    )
    if not mounted:
        pytest.skip("may not mount a small disk; a disk full at each call is tried above")
    try:
        with open_database(disk / "county", tmp_path / "keys") as database:
            assert _put(database, "v1") == ""
            with (disk / "other").open("wb", buffering=0) as other, suppress(OSError):
                while other.write(b"x" * 512):
                    pass
            large = [visit(f"w{n}", note="记录" * 500) for n in range(200)]
            with pytest.raises(StoreError, match="full"), database.batch(actor=ACTOR, purpose="x", at=at()) as batch:
                list(map(batch.put, large))
            assert [entry.key for entry in database.entries("visit")] == ["v1"]
            (disk / "other").unlink()
            assert _put(database, "v2") == ""
            assert [entry.key for entry in database.entries("visit")] == ["v1", "v2"]
            assert verify(database, at().date()).findings == ()
    finally:
        subprocess.run(["umount", disk], check=True)
