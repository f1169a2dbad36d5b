"""DuckDB: runs a statement on the frames of one County, of many, or on a folder of Parquet. The one wrapper of duckdb.

The connection cannot read or write files (or only the folder it was given), load extensions, see Python variables, or be reconfigured.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import duckdb
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Place
from junheng.indicators.relation import base_columns
from junheng.indicators.statement import Statement
from junheng.model import County, schema

_SQL_TYPES: Mapping[str, str] = {
    "text": "varchar",
    "code": "varchar",
    "geometry": "varchar",
    "integer": "bigint",
    "year": "bigint",
    "decimal": "decimal(18, 4)",
    "coordinate": "decimal(9, 6)",
    "date": "date",
    "boolean": "boolean",
}

EVERY_COUNTY = Statement((), "select distinct county from returned_schools order by county", ("schools",), ())


class Engine(Protocol):
    """What runs statements: on which counties' tables, it knows itself."""

    def run(self, statement: Statement, limits: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Return the rows of a statement over the County's tables (as returned_<table>) and these tables of limits."""
        ...

    def counties(self) -> tuple[str, ...]:
        """Return the codes of all counties that have any school or county facts, in order."""
        ...


class DuckDB:
    """DuckDB over counties in memory, or over `<folder>/<table>/*.parquet` with a county column.

    threads: 1 makes sums of doubles reproducible to the last digit; None takes all there are.
    """

    def __init__(self, source: County | Sequence[County] | Path, *, threads: int | None = 1) -> None:
        """Keep the source; nothing is read yet."""
        self.source: Sequence[County] | Path = (source,) if isinstance(source, County) else source
        self.threads = threads

    def counties(self) -> tuple[str, ...]:
        """Return the codes of the counties, in order."""
        if not isinstance(self.source, Path):
            return tuple(county.code for county in self.source)
        rows = self.run(EVERY_COUNTY, {})
        return tuple(rows["county"])

    def run(self, statement: Statement, limits: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Return the rows of a statement."""
        connection = self._connection()
        try:
            for name in statement.tables:
                self._offer(connection, name)
            for name, frame in limits.items():
                connection.register(name, frame.to_arrow())
            return _frame(connection.sql(_once(statement)))
        finally:
            connection.close()

    def _connection(self) -> duckdb.DuckDBPyConnection:
        return _confined((self.source,) if isinstance(self.source, Path) else (), self.threads)

    def _offer(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        if isinstance(self.source, Path):
            connection.execute(f"create view returned_{name} as {_parquet(connection, self.source, name)}")
        else:
            connection.register(f"returned_{name}", united(self.source, name).to_arrow())


def _confined(folders: Sequence[Path], threads: int | None, **further: str) -> duckdb.DuckDBPyConnection:
    """Return a connection that reads and writes files in these folders only, and cannot be told otherwise."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
        "produce_arrow_string_view": "true",  # as polars holds texts: nothing is copied when rows are handed over
        "arrow_output_version": "1.4",
        **further,
    }
    if threads is not None:
        settings["threads"] = threads
    connection = duckdb.connect(":memory:", config=settings)
    if folders:
        named = ", ".join(f"'{_quoted(folder)}'" for folder in folders)
        connection.execute(f"set allowed_directories = [{named}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def write_tables(
    folder: Path, first: str, tables: Mapping[str, str], counts: str, *, reads: Path, threads: int | None, memory_mb: int
) -> tuple[int, ...]:
    """Run a first statement, write each select to `<folder>/<table>/part-0.parquet`, and return the one row of `counts`.

    Only `reads` and `folder` can be reached; what does not fit into memory goes to a temporary folder there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix="aside-") as aside:
        limits = {"memory_limit": f"{memory_mb}MB", "temp_directory": str(aside), "preserve_insertion_order": "false"}
        with _confined((reads if reads.is_dir() else reads.parent, folder), threads, **limits) as connection:
            connection.execute(first)
            for name, select in tables.items():
                (folder / name).mkdir(exist_ok=True)
                target = f"{_quoted(folder / name)}/part-0.parquet"
                connection.execute(f"copy ({select}) to '{target}' (format parquet, compression zstd)")
            row = connection.execute(counts).fetchone()
    assert row is not None
    return row


def parquet_files(source: Path) -> str:
    """Return the expression that reads a Parquet file, or every one in a folder."""
    return f"read_parquet('{_quoted(source)}{'/*.parquet' if source.is_dir() else ''}')"


def in_schema(name: str, given: Mapping[str, str]) -> str:
    """Return the columns of a County's table as a select list: expressions where given, unknown values elsewhere."""
    (columns,) = base_columns([name]).values()
    types = {"county": "varchar", **{column.name: _SQL_TYPES[column.type] for column in schema().tables[name].columns}}
    return ", ".join(f"{given.get(column, f'cast(null as {types[column]})')} as {column}" for column in columns)


def united(counties: Sequence[County], name: str) -> pl.DataFrame:
    """Return one table of all counties, `county` first."""
    frames = [county.tables[name].with_columns(pl.lit(county.code).alias("county")) for county in counties]
    (columns,) = base_columns([name]).values()
    return (
        pl.concat(frames).select(columns)
        if frames
        else pl.DataFrame(schema={"county": pl.String(), **schema().dtypes(name)}).select(columns)
    )


def given_columns(name: str, found: Collection[str], types: Mapping[str, str], where: str) -> tuple[str, ...]:
    """Return a table's columns as expressions: those of the files, and nulls for optional ones that older files do not have.

    types: the engine's name of each type of the schema. Raises DataError when a column is missing that every row must have.
    """
    (columns,) = base_columns([name]).values()
    table = {column.name: column for column in schema().tables[name].columns}
    must = [column for column in columns if column not in found and (column not in table or table[column].key or table[column].required)]
    if must:
        raise DataError([finding("indicators.parquet_lacks_a_column", Place(file=where, column=column), name) for column in must])
    return tuple(column if column in found else f"cast(null as {types[table[column].type]}) as {column}" for column in columns)


def _parquet(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> str:
    """Return the select over one table's Parquet files; a table without files is empty."""
    if any((folder / name).glob("*.parquet")):
        files = f"read_parquet('{_quoted(folder / name)}/*.parquet', union_by_name = true)"
        found = {row[0] for row in connection.execute(f"describe select * from {files}").fetchall()}  # noqa: S608
        return f"select {', '.join(given_columns(name, found, _SQL_TYPES, f'{name}/*.parquet'))} from {files}"  # noqa: S608
    return f"select {in_schema(name, {})} where false"


def _once(statement: Statement) -> str:
    """Return the statement's text, told to compute an expression once that is read more than once: DuckDB's own guess misses some."""
    if not statement.expressions:
        return statement.answer
    kept = statement.kept
    named = ",\n".join(f"{name} as {'' if name in kept else 'not '}materialized (\n{text}\n)" for name, text in statement.expressions)
    return f"with {named}\n{statement.answer}"


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")


def _frame(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    frame = pl.from_arrow(relation.to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame
