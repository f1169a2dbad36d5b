"""One county in one school year: typed tables, where each value came from, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.cast import fit
from junheng.model.schema import TYPE_NAMES, Column, Table, schema

ORIGIN_SCHEMA: Mapping[str, pl.DataType] = {
    "key": pl.String(),  # the key's values joined by "|", in schema order
    "column": pl.String(),
    "file": pl.String(),
    "sheet": pl.String(),
    "cell": pl.String(),  # A1 address, or "L14" for line 14 of a text file
}


@dataclass(frozen=True, slots=True, eq=False)  # compare with digest(): frames have no single truth
class County:
    """One county (or district) in one school year.

    It holds data and nothing else: it cannot save, draw, score or optimise itself. A projection, a proposal's outcome and last
    year's return are all counties. It holds codes and counts, never names of persons.
    """

    code: str  # six digits, GB/T 2260
    year: int  # calendar year in which the school year starts
    tables: Mapping[str, pl.DataFrame]  # every table of the schema, with the schema's columns and types
    origins: Mapping[str, pl.DataFrame] = field(default_factory=dict)  # table -> ORIGIN_SCHEMA; outside the digest


def county(
    code: str,
    year: int,
    tables: Mapping[str, pl.DataFrame] | None = None,
    origins: Mapping[str, pl.DataFrame] | None = None,
) -> County:
    """Return a County with every table of the schema: those given, typed and in schema order, and empty ones for the rest.

    Raises DataError, with all findings, for an unknown table or column or a value that does not fit its type.
    """
    given = dict(tables or {})
    known = schema().tables
    findings = [finding("model.unknown_table", Place(table=name), name, tables=", ".join(known)) for name in given if name not in known]
    frames = {}
    for name, table in known.items():
        try:
            frames[name] = typed(table, given[name]) if name in given else empty_table(name)
        except DataError as error:
            findings += error.findings
    if findings:
        raise DataError(findings)
    return County(code, year, frames, dict(origins or {}))


@cache
def empty_table(name: str) -> pl.DataFrame:
    """Return a table of the schema without rows; frames are never changed in place, so one serves every county."""
    return pl.DataFrame(schema=schema().dtypes(name))


def typed(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the schema's columns, order and types; absent columns are all null.

    Raises DataError with one finding a column for columns the schema does not know and for values that do not fit the type.
    """
    findings = [_unknown(table, name) for name in frame.columns if name not in table.names]
    columns = []
    for column in table.columns:
        if column.name not in frame.columns:
            columns.append(pl.Series(column.name, [None] * frame.height, dtype=column.dtype))
            continue
        series, misfit = fit(frame[column.name], column)
        if misfit.any():
            findings.append(_unfit(table, column, frame[column.name], misfit))
        columns.append(series)
    if findings:
        raise DataError(findings)
    return pl.DataFrame(columns)


def _unknown(table: Table, column: str) -> Finding:
    place = Place(table=table.name, column=column)
    return finding("model.unknown_column", place, column, columns=", ".join(table.names))


def _unfit(table: Table, column: Column, series: pl.Series, misfit: pl.Series) -> Finding:
    rows = misfit.arg_true()
    place = Place(table=table.name, column=column.name, row=int(rows[0]) + 1)
    return finding("model.value_of_another_type", place, str(series[int(rows[0])]), kind=TYPE_NAMES[column.type], count=len(rows))


def key_text(table: str) -> pl.Expr:
    """Return an expression for a row's key as one text: the key's values joined by "|" in schema order."""
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in schema().tables[table].key]
    return pl.concat_str(parts, separator="|").alias("key")


def digest(county: County) -> str:
    """Return the SHA-256 of the county's content: code, year and every row in key order; origins do not count."""
    whole = hashlib.sha256(f"{county.code} {county.year}".encode())
    for name in schema().tables:
        frame = county.tables[name]
        if frame.height:
            ordered = frame.sort(*schema().tables[name].key, *frame.columns)
            whole.update(f"\n{name}\n".encode())
            whole.update(ordered.write_csv().encode())
    return whole.hexdigest()


def stated(value: object) -> Text:
    """Return a cell's value as it is shown in a finding; a missing value in words."""
    return Text("空", "nothing") if value is None else Text(str(value), str(value))
