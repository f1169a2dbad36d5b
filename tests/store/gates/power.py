"""Cut the power: what the store wrote is replayed on a file system that keeps a log of every write and forgets what was not synced.

The statements are those that the store itself issued, taken down as they ran. A cut at step k keeps every write covered by a later sync
before k; of the others a random part, torn at sectors of 512 bytes. Then the file is opened and looked at.
Limits: content of files, not folder entries; a disk that lies about a sync is not modelled.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw
from sqlalchemy import event

from junheng.store import verifier
from junheng.store.database import open_database
from junheng.store.entry import Actor, Entry
from junheng.store.sql import PRAGMAS, sqlite_library

ACTOR = Actor("罗文静", "督导室")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECTOR = 512
COMMITTED = "acknowledged"
FIRST = 2  # the first two steps put the empty record there

Statement = tuple[str, Any, bool]  # text, values, many
Step = tuple[str, str, int, bytes]  # what, file, offset or size, content


@dataclass
class Cuts:
    """How many cuts were made, and what they did."""

    cut: int = 0
    damaged: int = 0
    lost: int = 0  # acknowledged, and gone
    between: int = 0  # a state that no batch left


@dataclass
class Log:
    """Every write, in order; `steps` says when the store was told that a batch is safe."""

    steps: list[Step] = field(default_factory=list)


def recorded_statements(folder: Path, batches: int, rows: int) -> list[Statement]:
    """Return what the store says to the database while it is made and takes some batches."""
    said: list[Statement] = []
    with open_database(folder / "county", folder / "keys") as database:
        _listen(database.sql._engine, said)  # the store's own door is not open to listeners
        for number in range(batches):
            with database.batch(actor=ACTOR, purpose=f"{number}", at=AT) as batch:
                for n in range(rows):
                    values = {"name": f"欧阳{number}-{n}", "note": f"{number}" * 90}
                    batch.put(Entry(kind="pupil", key=f"p{(n * 7 + number * 3) % (rows * 2)}", values=values, levels={"name": "L3"}))
    return said


def _listen(engine: Any, said: list[Statement]) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def executed(_c: Any, _k: Any, statement: str, values: Any, _x: Any, many: bool) -> None:
        said.append((statement, values, many))

    @event.listens_for(engine, "commit")
    def committed(_: Any) -> None:
        said.append(("COMMIT", (), False))

    @event.listens_for(engine, "rollback")
    def taken_back(_: Any) -> None:
        said.append(("ROLLBACK", (), False))


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], log: Log) -> None:
        self.name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "").name
        self.log = log
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 — SQLite's name
        self.log.steps.append(("write", self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802 — SQLite's name
        self.log.steps.append(("truncate", self.name, size, b""))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802 — SQLite's name
        self.log.steps.append(("sync", self.name, 0, b""))
        super().xSync(flags)


class _Disk(apsw.VFS):
    def __init__(self, log: Log) -> None:
        self.log = log
        super().__init__("junheng-log", "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 — SQLite's name
        return _File(name, flags, self.log)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802 — SQLite's name
        self.log.steps.append(("delete", Path(name).name, 0, b""))
        super().xDelete(name, sync)


def replayed(start: Path, folder: Path, said: Sequence[Statement], synchronous: str) -> Log:
    """Say the statements again to a database on the logging disk, beginning with a copy of `start`; return the log."""
    log = Log()
    disk = _Disk(log)
    file = folder / "record.db"
    file.write_bytes(start.read_bytes())
    log.steps += [("write", file.name, 0, file.read_bytes()), ("sync", file.name, 0, b"")]
    connection = apsw.Connection(str(file), vfs="junheng-log")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")  # no shared memory, which would be no file
    connection.execute("PRAGMA wal_autocheckpoint=20")  # copy back often: that is where order matters most
    for pragma in PRAGMAS:
        connection.execute(pragma.replace("synchronous=FULL", f"synchronous={synchronous}"))
    for text, values, many in said:
        if text == "ROLLBACK" and not connection.in_transaction:
            continue
        for one in values if many else [values]:
            connection.execute(text, one)
        if text == "COMMIT":
            log.steps.append((COMMITTED, "", _rows(connection), b""))
    connection.close()
    disk.unregister()
    return log


def _rows(connection: apsw.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(sequence), 0) FROM audit").get)


def cuts(log: Log, folder: Path, count: int, seed: int) -> Cuts:
    """Cut the power `count` times at steps spread over the log, and look each time."""
    chance, result = random.Random(seed), Cuts()
    states = {step[2] for step in log.steps if step[0] == COMMITTED} | {0}
    points = sorted(chance.randrange(FIRST, len(log.steps)) for _ in range(count))
    for (files, acknowledged), _ in zip(_images(log, points, chance), points, strict=True):
        result.cut += 1
        for name in ("record.db", "record.db-wal"):
            (folder / name).unlink(missing_ok=True)
            if name in files:
                (folder / name).write_bytes(files[name])
        there = _looked_at(folder / "record.db")
        result.damaged += there < 0
        result.lost += 0 <= there < acknowledged
        result.between += there >= 0 and there not in states
    return result


def _looked_at(file: Path) -> int:
    """Return the number of the last change, -1 for a file that is damaged or at odds with its audit."""
    library = sqlite_library()
    connection = library.connect(file)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            return -1
        last = int(connection.execute("SELECT coalesce(max(sequence), 0) FROM audit").fetchone()[0])
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except library.DatabaseError:
        return -1
    finally:
        connection.close()
    return -1 if verifier.check(file, [])[0] else last


def _images(log: Log, points: Sequence[int], chance: random.Random) -> Iterator[tuple[dict[str, bytes], int]]:
    """Yield for each point what lies on the disk after a cut there, and the last change that was acknowledged before."""
    disk = _Kept()
    at = 0
    for point in points:
        for step in log.steps[at:point]:
            disk.take(step)
        at = point
        yield disk.cut(chance), disk.acknowledged


class _Kept:
    """What lies safely on the disk, and what was written since."""

    def __init__(self) -> None:
        self.safe: dict[str, bytearray] = {}
        self.unsynced: dict[str, list[Step]] = {}
        self.acknowledged = 0

    def take(self, step: Step) -> None:
        what, name, number, _ = step
        if what == COMMITTED:
            self.acknowledged = number
        elif what == "sync":
            for one in self.unsynced.pop(name, []):
                _apply(self.safe.setdefault(name, bytearray()), one)
        elif what == "delete":
            self.safe.pop(name, None)
            self.unsynced.pop(name, None)
        else:
            self.unsynced.setdefault(name, []).append(step)

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        image = {name: bytearray(content) for name, content in self.safe.items()}
        for name, steps in self.unsynced.items():
            for step in steps:
                if chance.random() < 0.5:
                    _apply(image.setdefault(name, bytearray()), step, chance)
        return {name: bytes(content) for name, content in image.items()}


def _apply(content: bytearray, step: Step, chance: random.Random | None = None) -> None:
    what, _, number, data = step
    if what == "truncate":
        del content[number:]
        return
    if len(content) < number + len(data):
        content.extend(bytes(number + len(data) - len(content)))
    if chance is None or chance.random() < 0.5:
        content[number : number + len(data)] = data
        return
    for start in range(0, len(data), SECTOR):  # torn: some sectors only
        if chance.random() < 0.5:
            content[number + start : number + min(start + SECTOR, len(data))] = data[start : start + SECTOR]


def start_of(folder: Path) -> Path:
    """Return an empty record in one file, from which the statements begin."""
    with open_database(folder / "county", folder / "keys") as database:
        database.sql.copy_to(folder / "start.db")
    return folder / "start.db"
