"""The three changes of a County, and the difference of two Counties as changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place
from junheng.model.county import County, stated, typed
from junheng.model.schema import Table, schema

Value = object  # text, int, Decimal, date, bool or None, as the column's type asks
Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AddRow:
    """A new row; columns left out are null."""

    table: str
    row: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class RemoveRow:
    """The row of this key is gone."""

    table: str
    key: Key


@dataclass(frozen=True, slots=True)
class SetValue:
    """One cell of the row of this key has another value."""

    table: str
    key: Key
    column: str
    value: Value


Change = AddRow | RemoveRow | SetValue


def apply(county: County, changes: Iterable[Change]) -> County:
    """Return a new County after the changes, in their order; `county` is untouched.

    Raises DataError with every change that cannot be made: unknown table or column, a key that is not there, or is there already.
    """
    by_table: dict[str, list[Change]] = {}
    for change in changes:
        by_table.setdefault(change.table, []).append(change)
    tables = dict(county.tables)
    findings: list[Finding] = []
    for name, its_changes in by_table.items():
        table = schema().tables.get(name)
        if table is None:
            findings.append(finding("model.unknown_table", Place(table=name), name, tables=", ".join(schema().tables)))
            continue
        try:
            tables[name] = _changed(table, tables[name], its_changes)
        except DataError as error:
            findings += error.findings
    if findings:
        raise DataError(findings)
    return County(county.code, county.year, tables, county.origins)


def _changed(table: Table, frame: pl.DataFrame, changes: list[Change]) -> pl.DataFrame:
    rows: dict[Key, dict[str, Value]] = {_key(table, row): row for row in frame.to_dicts()}
    findings: list[Finding] = []
    for change in changes:
        if isinstance(change, AddRow):
            findings += _add(table, rows, change)
        elif change.key not in rows:
            findings.append(finding("model.no_such_row", _place(table, change.key), "|".join(map(str, change.key)), table=table.name))
        elif isinstance(change, RemoveRow):
            del rows[change.key]
        else:
            findings += _set(table, rows, change)
    if findings:
        raise DataError(findings)
    return typed(table, pl.DataFrame(list(rows.values()), schema=schema().dtypes(table.name), strict=False))


def _add(table: Table, rows: dict[Key, dict[str, Value]], change: AddRow) -> list[Finding]:
    unknown = [name for name in change.row if name not in table.names]
    if unknown:
        place = Place(table=table.name, column=unknown[0])
        return [finding("model.unknown_column", place, ", ".join(unknown), columns=", ".join(table.names))]
    row = {name: change.row.get(name) for name in table.names}
    key = _key(table, row)
    if key in rows:
        return [finding("model.row_already_there", _place(table, key), "|".join(map(str, key)), table=table.name)]
    rows[key] = row
    return []


def _set(table: Table, rows: dict[Key, dict[str, Value]], change: SetValue) -> list[Finding]:
    if change.column not in table.names:
        place = Place(table=table.name, column=change.column)
        return [finding("model.unknown_column", place, change.column, columns=", ".join(table.names))]
    row = {**rows[change.key], change.column: change.value}
    key = _key(table, row)
    if key != change.key and key in rows:
        return [finding("model.row_already_there", _place(table, key), stated(change.value), table=table.name)]
    del rows[change.key]
    rows[key] = row
    return []


def _key(table: Table, row: Mapping[str, Value]) -> Key:
    return tuple(row[name] for name in table.key)


def _place(table: Table, key: Key) -> Place:
    return Place(table=table.name, key=tuple(str(part) for part in key))


def diff(before: County, after: County) -> tuple[Change, ...]:
    """Return the changes that make `before` into `after`, in table and key order: removals, then additions, then values."""
    changes: list[Change] = []
    for name, table in schema().tables.items():
        old = {_key(table, row): row for row in before.tables[name].to_dicts()}
        new = {_key(table, row): row for row in after.tables[name].to_dicts()}
        changes += [RemoveRow(name, key) for key in old if key not in new]
        changes += [AddRow(name, row) for key, row in new.items() if key not in old]
        changes += [
            SetValue(name, key, column, row[column])
            for key, row in new.items()
            if key in old
            for column in table.names
            if old[key][column] != row[column]
        ]
    return tuple(changes)
