"""Kill, fill the disk or fail it at the n-th system call of an import or a migration; then look what is left.

Everything runs below one strace: a process that has loaded the program forks a child for each point. strace counts the calls of each
child on its own and strikes at number STRIKE; so the child first makes STRIKE - n idle calls, and the n-th of the import is struck.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from junheng.errors import StoreError
from junheng.store import migration, verifier
from junheng.store.database import open_database
from junheng.store.entry import Actor, Entry
from junheng.store.sql import Sql, sqlite_library, sqlite_url

CALLS = {"pwrite64": 250, "fsync": 60, "write": 60, "ftruncate": 60, "rename": 60, "unlink": 60}  # name -> STRIKE
KINDS = {"kill": "signal=KILL", "full": "error=ENOSPC", "fail": "error=EIO"}
ROWS = 60
ACTOR = Actor("罗文静", "督导室")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DONE, TOLD = 0, 3


@dataclass
class Faults:
    """How many points were struck by call and kind, how they ended, and every rule that was broken."""

    points: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def do_import(folder: Path) -> None:
    """Import a batch with a file of evidence, as an officer would."""
    with open_database(folder / "county", folder / "keys") as database:
        kept = database.add_evidence("整改说明".encode(), "整改")
        with database.batch(actor=ACTOR, purpose="导入", at=AT, once="digest") as batch:
            for n in range(ROWS):
                values = {"name": f"欧阳{n}", "school": f"{n}", "note": "记录" * 60}
                batch.put(Entry(kind="pupil", key=f"p{n}", values=values, levels={"name": "L3"}, evidence=(kept,)))
    if batch.changes != ROWS and not batch.repeated:
        raise StoreError([])


def do_migrate(folder: Path) -> None:
    """Bring the tables of an old record up to date."""
    sql = Sql(sqlite_url(folder / "county" / "records" / "record.db"))
    try:
        migration.migrate(sql)
    finally:
        sql.close()


def left_after_import(folder: Path, *, acknowledged: bool) -> list[str]:
    """Return the rules that what is left breaks: sound, all or nothing, what was acknowledged is there, once more makes exactly one."""
    found = _unsound(folder, anchored=True)
    there = _count(folder)
    if there not in {0, ROWS}:
        found.append(f"partial: {there} rows")
    if acknowledged and there != ROWS:
        found.append("acknowledged and lost")
    do_import(folder)
    if _count(folder) != ROWS or _count(folder, "audit WHERE verb = 'import'") != 1:
        found.append("once more does not make exactly one")
    return found + _unsound(folder, anchored=True)


def left_after_migration(folder: Path, *, acknowledged: bool) -> list[str]:
    """Return the rules that what is left breaks: an old step or a new one, with its tables and no others; once more makes it new."""
    sql = Sql(sqlite_url(folder / "county" / "records" / "record.db"))
    try:
        step = migration.current_step(sql)
        with sql.reading() as rows:
            tables = rows.tables() - {"alembic_version"}
        known = dict(zip(("", *migration.steps()), _TABLES, strict=True))
        found = [] if tables == known.get(step) else [f"{step} with {sorted(tables)}"]
        if acknowledged and step != migration.newest_step():
            found.append("acknowledged and not done")
        migration.migrate(sql)
        return found if migration.current_step(sql) == migration.newest_step() else [*found, "once more does not finish"]
    finally:
        sql.close()


_FIRST = {"about", "entries", "audit"}
_ALL = _FIRST | {"lookups", "sealing_keys"}
_TABLES: Sequence[set[str]] = (set(), _FIRST, _ALL, _ALL, _ALL)
WORK: dict[str, tuple[Callable[[Path], None], Callable[..., list[str]]]] = {
    "import": (do_import, left_after_import),
    "migrate": (do_migrate, left_after_migration),
}


def _unsound(folder: Path, *, anchored: bool) -> list[str]:
    file = folder / "county" / "records" / "record.db"
    lines = [line for path in (folder / "keys").glob("*.anchors") for line in path.read_text(encoding="utf-8").splitlines()]
    connection = sqlite_library().connect(file)
    try:
        checked = connection.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        connection.close()
    return ([] if checked == "ok" else [str(checked)]) + verifier.check(file, lines if anchored else [])[0]


def _count(folder: Path, what: str = "entries WHERE kind = 'pupil'") -> int:
    connection = sqlite_library().connect(folder / "county" / "records" / "record.db")
    try:
        return int(connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
    finally:
        connection.close()


def prepare(folder: Path, work: str) -> None:
    """Make what the work starts from."""
    (folder / "county" / "records").mkdir(parents=True)
    if work == "import":
        with open_database(folder / "county", folder / "keys") as database, database.batch(actor=ACTOR, purpose="x", at=AT) as batch:
            batch.put(Entry(kind="visit", key="v1", values={"a": 1}))


def serve(folder: Path, work: str, call: str, first: int, step: int, most: int) -> Faults:
    """Strike at points first, first + step … up to `most` (or, with 0, until a point lies behind the end); runs below strace."""
    act, left = WORK[work]
    forked(lambda: prepare(folder / "start", work))
    result = Faults()
    point = first
    while not most or point <= most:
        scratch = folder / f"{point}"
        shutil.copytree(folder / "start", scratch)
        ended = forked(lambda: (_idle(call, CALLS[call] - point, scratch), act(scratch)))  # noqa: B023 — run before the next turn
        if not most and ended == DONE:
            break
        if ended not in {DONE, TOLD, -9}:
            result.broken.append(f"{call} {point}: ended with {ended}")
        answer = scratch / "answer"
        forked(lambda: answer.write_text(json.dumps(left(scratch, acknowledged=ended == DONE))))  # noqa: B023 — as above
        wrong = json.loads(answer.read_text()) if answer.exists() else ["could not be looked at"]
        result.broken += [f"{call} {point}: {one}" for one in wrong]
        result.ended[{DONE: "done", TOLD: "told", -9: "killed"}.get(ended, "other")] += 1
        result.points[call] += 1
        point += step
    return result


def killed(folder: Path, work: str, count: int, seed: int) -> Faults:
    """Kill the work `count` times at moments spread over its length; needs no strace. The rest is as in `serve`."""
    act, left = WORK[work]
    prepare(folder / "start", work)
    chance, result, longest = random.Random(seed), Faults(), 0.0
    for number in range(count):
        scratch = folder / f"{number}"
        shutil.copytree(folder / "start", scratch)
        begun = time.perf_counter()
        wait = chance.uniform(0, longest) if number >= _TIMED else None
        ended = forked(lambda: act(scratch), wait)  # noqa: B023 — run before the next turn
        longest = max(longest, time.perf_counter() - begun) if wait is None else longest
        try:
            wrong = left(scratch, acknowledged=ended == DONE)
        except Exception as error:  # what cannot even be opened is the worst of what a gate looks for
            wrong = [f"could not be looked at: {error}"]
        result.broken += [f"kill {number}: {one}" for one in wrong]
        result.ended[{DONE: "done", TOLD: "told", -9: "killed"}.get(ended, "other")] += 1
        result.points["kill"] += 1
        shutil.rmtree(scratch)
    return result


_TIMED = 3  # runs that are not killed: how long the work takes


def forked(act: Callable[[], object], wait: float | None = None) -> int:
    """Run something in a child, kill it after `wait` seconds when that is given, and return how it ended."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except (StoreError, OSError):
            os._exit(TOLD)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(7)
        os._exit(DONE)
    if wait is not None:
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _idle(call: str, times: int, folder: Path) -> None:
    """Make harmless calls of the same name."""
    null = os.open("/dev/null", os.O_RDWR)
    missing = folder / "no such file"
    acts: dict[str, Callable[[], object]] = {
        "pwrite64": lambda: os.pwrite(null, b"", 0),
        "write": lambda: os.write(null, b""),
        "fsync": lambda: os.fsync(null),
        "ftruncate": lambda: os.ftruncate(null, 0),
        "rename": lambda: missing.rename(missing),
        "unlink": missing.unlink,
    }
    for _ in range(times):
        with contextlib.suppress(OSError):
            acts[call]()


def struck(folder: Path, strace: str, work: str, call: str, kind: str, most: int = 0, step: int = 1, first: int = 1) -> Faults:
    """Run `serve` below strace and return what it found."""
    place = Path(tempfile.mkdtemp(dir=folder))
    inject = f"inject={call}:{KINDS[kind]}:when={CALLS[call]}"
    quick = [] if kind == "kill" else ["--seccomp-bpf"]  # with it strace stops only at the call, but sends no signal
    command = [strace, "-f", "-qq", "-o", "/dev/null", *quick, "-e", f"trace={call}", "-e", inject]
    server = [sys.executable, "-m", "tests.store.gates.faults", place, work, call, first, step, most]
    answer = subprocess.run([*command, *map(str, server)], capture_output=True, text=True, check=False)
    shutil.rmtree(place)
    if answer.returncode or not answer.stdout:
        raise RuntimeError(answer.stderr)
    said = json.loads(answer.stdout)
    if answer.stderr:
        said["broken"].append(answer.stderr)
    return Faults(Counter(said["points"]), Counter(said["ended"]), said["broken"])


if __name__ == "__main__":
    found = serve(Path(sys.argv[1]), sys.argv[2], sys.argv[3], *map(int, sys.argv[4:]))
    sys.stdout.write(json.dumps({"points": found.points, "ended": found.ended, "broken": found.broken}))
