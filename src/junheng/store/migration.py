"""Bring the tables of a record up to date, a step at a time, each in one transaction. The only file that knows Alembic.

It is loaded when a step is taken, not when a record is opened: it costs more time than opening.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text
from junheng.store.sql import Sql

STEPS = Path(__file__).parent / "migrations"

__all__ = ["STEPS", "current_step", "migrate", "newest_step", "steps"]


def __getattr__(name: str) -> Any:
    """Give the steps what they write with: `from junheng.store.migration import op`."""
    if name == "op":
        from alembic import op

        return op
    raise AttributeError(name)


def newest_step(folder: Path = STEPS) -> str:
    """Return the name of the last step this program knows."""
    return next(reversed(steps(folder)), "")


def steps(folder: Path = STEPS) -> list[str]:
    """Return the names of all steps, first to last: what the names of their files begin with."""
    return sorted(path.stem.partition("_")[0] for path in folder.glob("m*_*.py"))


def current_step(sql: Sql) -> str:
    """Return the step at which a record stands, "" for one without tables."""
    with sql.reading() as rows:
        return rows.step()


def migrate(sql: Sql, to: str = "head", folder: Path = STEPS) -> list[str]:
    """Take the steps that are missing, up to `to`; return their names. Each is one transaction.

    Raises StoreError (store.record_newer) when the record was made by a newer program.
    """
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    before = current_step(sql)
    known = steps(folder)
    if before and before not in known:
        raise StoreError(finding("store.record_newer", Place(file=sql.place), Text(f"结构{before}", f"tables of {before}")))
    script = ScriptDirectory(folder.as_posix(), version_locations=[folder.as_posix()])

    def wanted(revision: Any, _: Any) -> Any:
        return script._upgrade_revs(to, revision)

    with sql.connected() as connection, EnvironmentContext(Config(), script, fn=wanted) as environment:
        environment.configure(connection=connection, transactional_ddl=True, transaction_per_migration=True)
        environment.run_migrations()
    after = current_step(sql)
    return known[known.index(before) + 1 if before else 0 : known.index(after) + 1 if after else 0]
