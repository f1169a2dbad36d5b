"""The tables of the record on SQLite or PostgreSQL. The only file that knows SQLAlchemy and the SQLite library.

about         what this record is: its id
entries       what stands now, a row for each entry
audit         what happened, a row for each change, in one chain (store.audit)
lookups       keyed tags of sealed fields, to find an entry by them
sealing_keys  data keys, each wrapped by a master key that lies elsewhere (store.sealing)

All texts are kept exactly as written, on both systems, because digests are taken of them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text

try:  # built with the wheel where the system's own is older
    import pysqlite3
except ImportError:
    pysqlite3 = None

OLDEST_SQLITE = (3, 51, 3)  # older ones may lose a commit when a WAL file is started anew under several connections
PRAGMAS = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
)
_UNCONFIRMED: set[sa.URL] = set()  # by record: what memory holds of it may never reach the disk, whoever opens it anew in this process
ONE_WRITER = 0x6A756E68  # "junh": the number of the lock on PostgreSQL
_CHUNK = 2000

Row = Mapping[str, Any]

_META = sa.MetaData()
ABOUT = sa.Table("about", _META, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text))
ENTRIES = sa.Table(
    "entries",
    _META,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    *(sa.Column(name, sa.BigInteger if name in {"version", "sequence"} else sa.Text) for name in ("version", "state", "clear", "sealed")),
    *(sa.Column(name, sa.BigInteger if name in {"version", "sequence"} else sa.Text) for name in ("levels", "evidence", "sequence")),
)
AUDIT = sa.Table(
    "audit",
    _META,
    sa.Column("sequence", sa.BigInteger, primary_key=True),
    sa.Column("batch", sa.BigInteger),
    *(sa.Column(name, sa.Text) for name in ("at", "office", "person", "purpose", "verb", "kind", "key")),
    sa.Column("version", sa.BigInteger),
    *(sa.Column(name, sa.Text) for name in ("before", "after", "hash", "replaced")),
)
LOOKUPS = sa.Table("lookups", _META, *(sa.Column(name, sa.Text, primary_key=True) for name in ("kind", "field", "tag", "key")))
SEALING_KEYS = sa.Table(
    "sealing_keys",
    _META,
    sa.Column("id", sa.BigInteger, primary_key=True),
    *(sa.Column(name, sa.Text) for name in ("use", "master", "wrapped")),
    sa.Column("year", sa.BigInteger),  # 0 for none
)
TABLES: Mapping[str, sa.Table] = _META.tables


def sqlite_library(older: tuple[int, ...] = OLDEST_SQLITE) -> ModuleType:
    """Return the SQLite library to use: the one bundled with the project, or the system's where that is new enough.

    Raises StoreError (store.sqlite_old) when both are older than `older`.
    """
    libraries: list[ModuleType] = [library for library in (pysqlite3, sqlite3) if library is not None]
    for library in libraries:
        if library.sqlite_version_info >= older:
            return library
    found = ", ".join(library.sqlite_version for library in libraries)
    oldest = ".".join(map(str, older))
    raise StoreError(finding("store.sqlite_old", Place(), f"SQLite {found}", oldest=oldest))


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"sqlite:///{path.as_posix()}"


class Sql:
    """One record database; transactions on it give `Rows`. Close it when done."""

    def __init__(self, url: str, *, who: str = "", pragmas: Sequence[str] = PRAGMAS) -> None:
        """Open lazily. url: sqlite:///FILE or postgresql://…; who: shown to others who wait for this writer."""
        self.url = sa.make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))
        self.on_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = self._sqlite(pragmas) if self.on_sqlite else self._postgres(who)

    @property
    def broken(self) -> bool:
        """Return whether the disk refused to confirm a write of this program: then it is done with this record until it is started anew."""
        return self.url in _UNCONFIRMED

    @property
    def place(self) -> str:
        """Return where it is, without a password."""
        return Path(self.url.database or "").name if self.on_sqlite else self.url.render_as_string(hide_password=True)

    @property
    def file(self) -> Path | None:
        """Return the SQLite file, None on PostgreSQL."""
        return Path(self.url.database or "") if self.on_sqlite else None

    def _sqlite(self, pragmas: Sequence[str]) -> sa.Engine:
        engine = sa.create_engine(self.url, module=sqlite_library(), connect_args={"timeout": 5.0})

        @event.listens_for(engine, "connect")
        def opened(connection: Any, _: object) -> None:
            connection.isolation_level = None  # BEGIN is ours, or reading would start none and DDL would commit
            for pragma in pragmas:
                connection.execute(pragma)

        @event.listens_for(engine, "begin")
        def begun(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

        return engine

    def _postgres(self, who: str) -> sa.Engine:
        name = f"junheng {who} {os.getpid()}"
        try:
            return sa.create_engine(self.url, connect_args={"application_name": name, "connect_timeout": 10})
        except ImportError as error:
            raise StoreError(finding("store.no_postgres", Place(), str(error))) from error

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Rows]:
        """Give one consistent state to read."""
        level = {} if self.on_sqlite else {"isolation_level": "REPEATABLE READ"}
        with self._told(), self._engine.connect().execution_options(**level) as connection, connection.begin():
            yield Rows(connection, on_sqlite=self.on_sqlite)

    @contextmanager
    def writing(self) -> Iterator[Rows]:
        """Give the one transaction that writes; it is kept when the block ends without an exception, as a whole or not at all."""
        with self._told(), self._confirmed(), self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            if not self.on_sqlite:
                _alone(connection, self.place)
            yield Rows(connection, on_sqlite=self.on_sqlite)

    @contextmanager
    def _confirmed(self) -> Iterator[None]:
        """See on the disk that the folder knows its files: SQLite makes new ones, and does not say when the disk refuses their names.

        The folder is held open from before the write, so that an error that SQLite met and kept to itself is told here once more.
        """
        if self.file is None or os.name != "posix":
            yield
            return
        handle = os.open(self.file.parent, os.O_RDONLY)
        try:
            yield
            try:
                os.fsync(handle)
            except OSError as error:
                raise self._unconfirmed(str(error)) from error
        finally:
            os.close(handle)

    def _unconfirmed(self, said: str | Text) -> StoreError:
        _UNCONFIRMED.add(self.url)
        return StoreError(finding("store.record_broken", Place(file=self.place), said))

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        """Give a bare connection, for migrations."""
        with self._told(), self._engine.connect().execution_options(writes=True) as connection:
            yield connection

    def copy_to(self, path: Path) -> None:
        """Copy a SQLite record as it stands at one moment, by the library's own way of copying a file in use."""
        self._copy(path, into=False)

    def copy_from(self, path: Path) -> None:
        """Replace a SQLite record by another one, as a whole or not at all."""
        self._copy(path, into=True)

    def _copy(self, path: Path, *, into: bool) -> None:
        library = sqlite_library()
        with self._told():
            raw = self._engine.raw_connection()
            other = library.connect(path.as_posix())
            try:
                here: Any = raw.driver_connection
                (other if into else here).backup(here if into else other)
                if not into:
                    other.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
            finally:
                other.close()
                raw.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        if self.broken:
            raise self._unconfirmed(Text("写入没有得到磁盘确认", "a write the disk did not confirm"))
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise self._refusal(error) from error
        except (sqlite_library().DatabaseError, OSError) as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> StoreError:
        said = str(getattr(error, "orig", None) or error)
        place = Place(file=self.place)
        for words, rule in _REFUSALS:
            if words in said:
                if rule == "store.record_broken":
                    return self._unconfirmed(said.strip())
                return StoreError(finding(rule, place, said.strip()))
        return StoreError(finding("store.record_refused", place, said.strip()))


_REFUSALS = (
    ("disk is full", "store.disk_full"),
    ("No space left", "store.disk_full"),
    ("disk I/O error", "store.record_broken"),
    ("database is locked", "store.record_busy"),
    ("lock timeout", "store.record_busy"),
    ("malformed", "store.record_damaged"),
    ("not a database", "store.record_damaged"),
)


def _alone(connection: sa.Connection, place: str) -> None:
    """Wait at most five seconds to be the only writer on PostgreSQL; say who is, if not."""
    connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
    try:
        with connection.begin_nested():
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_WRITER})
    except sa.exc.OperationalError as error:
        holder = connection.execute(
            sa.text(
                "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) "
                "WHERE locktype = 'advisory' AND granted AND objid = :number"
            ),
            {"number": ONE_WRITER},
        ).scalar()
        raise StoreError(finding("store.record_busy", Place(file=place), holder or "")) from error


class Rows:
    """The rows of the record within one transaction. Everything goes in and out as plain mappings."""

    def __init__(self, connection: sa.Connection, *, on_sqlite: bool) -> None:
        """Work on an open transaction."""
        self.connection = connection
        self.on_sqlite = on_sqlite

    def about(self) -> dict[str, str]:
        """Return what the record says of itself."""
        return {row.name: row.value for row in self.connection.execute(sa.select(ABOUT))}

    def tables(self) -> set[str]:
        """Return the names of the tables that exist."""
        return set(sa.inspect(self.connection).get_table_names())

    def step(self) -> str:
        """Return the step at which the tables stand, "" where there are none."""
        if "alembic_version" not in self.tables():
            return ""
        return str(self.connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")

    def head(self) -> Row | None:
        """Return the last row of the audit."""
        return self._one(sa.select(AUDIT).order_by(AUDIT.c.sequence.desc()).limit(1))

    def entries(self, kind: str, state: str | None = None) -> list[Row]:
        """Return the entries of a kind by key."""
        asked = sa.select(ENTRIES).where(ENTRIES.c.kind == kind)
        return self._all((asked if state is None else asked.where(ENTRIES.c.state == state)).order_by(ENTRIES.c.key))

    def entries_at(self, kind: str, keys: Sequence[str]) -> list[Row]:
        """Return those entries of a kind that have one of the keys, by key."""
        if len(keys) > _CHUNK and self._many(kind) <= len(keys):  # a large import: to name each key costs more than to read them all
            wanted = set(keys)
            return [row for row in self.entries(kind) if row["key"] in wanted]
        found: list[Row] = []
        ordered = sorted(keys)
        for start in range(0, len(ordered), _CHUNK):
            part = ordered[start : start + _CHUNK]
            found += self._all(sa.select(ENTRIES).where(ENTRIES.c.kind == kind, ENTRIES.c.key.in_(part)))
        return sorted(found, key=lambda row: str(row["key"]))

    def _many(self, kind: str) -> int:
        return int(self.connection.execute(sa.select(sa.func.count()).where(ENTRIES.c.kind == kind)).scalar_one())

    def keys_tagged(self, kind: str, field: str, tag: str) -> list[str]:
        """Return the keys of the entries whose sealed field has this tag."""
        asked = sa.select(LOOKUPS.c.key).where(LOOKUPS.c.kind == kind, LOOKUPS.c.field == field, LOOKUPS.c.tag == tag)
        return sorted(self.connection.execute(asked).scalars())

    def audit(self, **where: str | int) -> list[Row]:
        """Return the rows of the audit whose columns have these values, oldest first; without values all of them."""
        asked = sa.select(AUDIT).where(*(AUDIT.c[name] == value for name, value in where.items()))
        return self._all(asked.order_by(AUDIT.c.sequence))

    def unmasked(self, office: str, day: str) -> int:
        """Return how many sealed entries an office was shown on a day."""
        asked = sa.select(sa.func.count()).where(AUDIT.c.verb == "unmask", AUDIT.c.office == office, AUDIT.c.at.startswith(day))
        return int(self.connection.execute(asked).scalar_one())

    def removed(self, kind: str) -> dict[str, int]:
        """Return the last version of each entry of a kind that was once removed, by key: a new one goes on counting."""
        asked = sa.select(AUDIT.c.key, sa.func.max(AUDIT.c.version).label("version")).where(AUDIT.c.kind == kind, AUDIT.c.verb == "remove")
        return {row.key: row.version for row in self.connection.execute(asked.group_by(AUDIT.c.key))}

    def kinds(self) -> dict[str, int]:
        """Return how many entries there are of each kind."""
        asked = sa.select(ENTRIES.c.kind, sa.func.count().label("many")).group_by(ENTRIES.c.kind).order_by(ENTRIES.c.kind)
        return {row.kind: row.many for row in self.connection.execute(asked)}

    def rows(self, table: str) -> Iterator[list[Row]]:
        """Yield all rows of a table in the order of its key, some thousands at a time."""
        ordered = sa.select(TABLES[table]).order_by(*TABLES[table].primary_key.columns)
        with self.connection.execute(ordered.execution_options(yield_per=_CHUNK)) as found:
            for part in found.mappings().partitions(_CHUNK):
                yield [dict(row) for row in part]

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows to a table."""
        if rows:
            made = TABLES[table].insert().compile(dialect=self.connection.dialect)
            names = made.positiontup
            values = list(map(itemgetter(*names), rows)) if names else list(rows)
            self.connection.exec_driver_sql(str(made), values)  # as it is: a hundred thousand rows, each with the same columns

    def replace_entries(self, rows: Sequence[Row]) -> None:
        """Write entries over those with the same kind and key."""
        if rows:
            changed: dict[str, sa.BindParameter[Any]] = {
                column.name: sa.bindparam(f"new_{column.name}") for column in ENTRIES.c if not column.primary_key
            }
            same = (ENTRIES.c.kind == sa.bindparam("at_kind"), ENTRIES.c.key == sa.bindparam("at_key"))
            values = [{"at_kind": row["kind"], "at_key": row["key"], **{f"new_{name}": row[name] for name in changed}} for row in rows]
            self.connection.execute(ENTRIES.update().where(*same).values(changed), values)

    def delete_at(self, table: str, places: Sequence[tuple[str, str]]) -> None:
        """Delete what a table holds of these (kind, key)."""
        if places:
            columns = TABLES[table].c
            same = (columns.kind == sa.bindparam("at_kind"), columns.key == sa.bindparam("at_key"))
            values = [{"at_kind": kind, "at_key": key} for kind, key in places]
            self.connection.execute(TABLES[table].delete().where(*same), values)

    def sealing_keys(self) -> list[Row]:
        """Return the wrapped data keys by number."""
        return self._all(sa.select(SEALING_KEYS).order_by(SEALING_KEYS.c.id))

    def rewrap(self, rows: Sequence[Row]) -> None:
        """Replace the wrapped data keys."""
        self.connection.execute(SEALING_KEYS.delete())
        self.insert("sealing_keys", rows)

    def empty(self) -> None:
        """Take everything out, to be filled from a backup in the same transaction; only PostgreSQL needs it."""
        self.connection.exec_driver_sql(f"TRUNCATE {', '.join(TABLES)}")

    def _all(self, asked: sa.Select[Any]) -> list[Row]:
        return [dict(row) for row in self.connection.execute(asked).mappings()]

    def _one(self, asked: sa.Select[Any]) -> Row | None:
        row = self.connection.execute(asked).mappings().first()
        return dict(row) if row is not None else None
