"""A record copied row by row, between SQLite and PostgreSQL, in one consistent state; on SQLite alone the library copies the file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from junheng.store.migration import current_step, migrate
from junheng.store.sql import Rows, Sql, sqlite_url

# the order in which they are filled; the audit last, so that an interrupted copy looks unfinished and not sound
TABLES = ("about", "sealing_keys", "entries", "lookups", "audit")


def copy_record(sql: Sql, file: Path) -> Path:
    """Copy a record into a new SQLite file, complete in itself; return the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if sql.on_sqlite:
        sql.copy_to(file)
        return file
    copy = Sql(sqlite_url(file), pragmas=("PRAGMA journal_mode=DELETE", "PRAGMA synchronous=FULL"))
    try:
        migrate(copy, current_step(sql))
        with sql.reading() as source, copy.writing() as target:
            _rows(source, target)
    finally:
        copy.close()
    return file


def put_record(file: Path, sql: Sql) -> None:
    """Replace a record by the one in a SQLite file, as a whole or not at all; its tables are brought up to date afterwards."""
    if sql.on_sqlite:
        sql.copy_from(file)
        migrate(sql)
        return
    with tempfile.TemporaryDirectory() as scratch:  # of an older program: its tables are brought up to date first, in a copy
        copy = Path(shutil.copy(file, scratch))
        source = Sql(sqlite_url(copy), pragmas=())
        try:
            migrate(sql)
            migrate(source)
            with source.reading() as rows, sql.writing() as target:
                target.empty()
                _rows(rows, target)
        finally:
            source.close()


def _rows(source: Rows, target: Rows) -> None:
    for table in TABLES:
        for part in source.rows(table):
            target.insert(table, part)
