"""A batch of 100,000 rows in one transaction, with its audit, beside bare sqlite3 executemany of the same rows. One run.

python benchmarks/record_store.py [--rows 100000] [--sealed] [--times 3]

The peer writes the same values into one bare table in WAL with synchronous=FULL: no audit, no chain, no check, no seal.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import measure

from junheng.store.database import open_database
from junheng.store.entry import Actor, Entry
from junheng.store.sql import PRAGMAS, sqlite_library

ACTOR, AT = Actor("罗文静", "资助中心"), datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TARGET = 2.0  # seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--sealed", action="store_true", help="the names sealed (L3)")
    asked = parser.parse_args()
    print(measure.machine())
    levels = {"name": "L3"} if asked.sealed else {}
    entries = [
        Entry(kind="pupil", key=f"p{n:06}", state="open", values={"school": f"{n % 300}", "name": f"名{n}", "n": n}, levels=levels)
        for n in range(asked.rows)
    ]
    folder = Path(tempfile.mkdtemp())
    try:
        for number in range(asked.times):
            one(folder / f"{number}", entries)
    finally:
        shutil.rmtree(folder)


def one(folder: Path, entries: list[Entry]) -> None:
    """Measure one record."""
    folder.mkdir()
    bare, processor = timed(lambda: peer(folder / "bare.db", entries))
    print(f"bare executemany           {bare:6.2f} s  ({processor:.2f} s processor)")
    with open_database(folder / "county", folder / "keys") as database:
        made = database.batch(actor=ACTOR, purpose="导入", at=AT, once="digest")
        batch = made.__enter__()
        collected, processor = timed(lambda: [batch.put(entry) for entry in entries])
        print(f"collected and checked      {collected:6.2f} s  ({processor:.2f} s processor)")
        commit, processor = timed(lambda: made.__exit__(None, None, None))
        print(f"written, chained, committed{commit:6.2f} s  ({processor:.2f} s processor), {commit / bare:.1f} x bare")
        print(measure.verdict("commit of one transaction", min(commit, processor), TARGET, unit="s of processor"))
        for words, once in (("again by its digest", "digest"), ("again row by row", "")):
            seconds, processor = timed(lambda once=once: again(database, entries, once))
            print(f"{words:27}{seconds:6.2f} s  ({processor:.2f} s processor), 0 changes")
        seconds, processor = timed(lambda: database.undo(1, actor=ACTOR, purpose="撤销", at=AT))
        print(f"undone by a batch          {seconds:6.2f} s  ({processor:.2f} s processor), {database.kinds()} left", flush=True)


def again(database: object, entries: list[Entry], once: str) -> None:
    """Import the same once more; nothing may change."""
    with database.batch(actor=ACTOR, purpose="导入", at=AT, once=once) as batch:  # type: ignore[attr-defined]  # a Database
        for entry in entries:
            batch.put(entry)
    if batch.changes:
        raise SystemExit(f"{batch.changes} changes")


def peer(path: Path, entries: list[Entry]) -> None:
    """Write the rows and nothing else."""
    connection = sqlite_library().connect(path)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    connection.execute("CREATE TABLE entries (kind TEXT, key TEXT, state TEXT, data TEXT, PRIMARY KEY (kind, key))")
    rows = [(entry.kind, entry.key, entry.state, json.dumps(entry.values, ensure_ascii=False)) for entry in entries]
    connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()


def timed(act: object) -> tuple[float, float]:
    """Return seconds by the clock and of processor."""
    begun, processor = time.perf_counter(), time.process_time()
    act()  # type: ignore[operator]  # a call without arguments
    return time.perf_counter() - begun, time.process_time() - processor


if __name__ == "__main__":
    main()
