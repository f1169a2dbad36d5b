"""Bring the tables of a record up to date, a step at a time, each in one transaction. The only file that knows Alembic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import op
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text
from junheng.store.sql import Sql

STEPS = Path(__file__).parent / "migrations"

__all__ = ["STEPS", "current_step", "migrate", "newest_step", "op", "steps"]


def newest_step(folder: Path = STEPS) -> str:
    """Return the name of the last step this program knows."""
    return _script(folder).get_current_head() or ""


def steps(folder: Path = STEPS) -> list[str]:
    """Return the names of all steps, first to last."""
    return [step.revision for step in reversed(list(_script(folder).walk_revisions()))]


def current_step(sql: Sql) -> str:
    """Return the step at which a record stands, "" for one without tables."""
    with sql.connected() as connection, connection.begin():
        return MigrationContext.configure(connection).get_current_revision() or ""


def migrate(sql: Sql, to: str = "head", folder: Path = STEPS) -> list[str]:
    """Take the steps that are missing, up to `to`; return their names. Each is one transaction.

    Raises StoreError (store.record_newer) when the record was made by a newer program.
    """
    before = current_step(sql)
    known = steps(folder)
    if before and before not in known:
        raise StoreError(finding("store.record_newer", Place(file=sql.place), Text(f"结构{before}", f"tables of {before}")))
    script = _script(folder)

    def wanted(revision: Any, _: MigrationContext) -> Any:
        return script._upgrade_revs(to, revision)

    with sql.connected() as connection, EnvironmentContext(Config(), script, fn=wanted) as environment:
        environment.configure(connection=connection, transactional_ddl=True, transaction_per_migration=True)
        environment.run_migrations()
    after = current_step(sql)
    return known[known.index(before) + 1 if before else 0 : known.index(after) + 1 if after else 0]


def _script(folder: Path) -> ScriptDirectory:
    return ScriptDirectory(folder.as_posix(), version_locations=[folder.as_posix()])
