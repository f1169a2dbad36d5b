"""The three changes of a County, and the difference of two Counties as changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place
from junheng.model.county import ORIGIN_SCHEMA, County, typed
from junheng.model.schema import TYPE_NAMES, Table, schema

Value = object  # text, int, Decimal, date, bool or None, as the column's type asks
Key = tuple[Value, ...]

_PYTHON: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "code": str,
    "geometry": str,
    "integer": int,
    "year": int,
    "decimal": (int, float, Decimal),
    "coordinate": (int, float, Decimal),
    "date": date,
    "boolean": bool,
}


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


def apply(county: County, changes: Iterable[Change], origin: str = "") -> County:
    """Return a new County after the changes, in their order; `county` is untouched.

    A changed cell no longer comes from the file it was read from: its origin becomes `origin` (a proposal and its step,
    e.g. "plans/2026-places step 3"), or is unknown when none is given.
    Raises DataError with every change that cannot be made: unknown table or column, a key that is not there, or is there
    already, a value of another type, a table in which two rows already share a key.
    """
    by_table: dict[str, list[Change]] = {}
    for change in changes:
        by_table.setdefault(change.table, []).append(change)
    tables, origins = dict(county.tables), dict(county.origins)
    findings: list[Finding] = []
    for name, its_changes in by_table.items():
        table = schema().tables.get(name)
        if table is None:
            findings.append(finding("model.unknown_table", Place(table=name), name, tables=", ".join(schema().tables)))
            continue
        try:
            tables[name] = _changed(table, tables[name], its_changes)
            origins[name] = _moved(table, origins.get(name), its_changes, origin)
        except DataError as error:
            findings += error.findings
    if findings:
        raise DataError(findings)
    return County(county.code, county.year, tables, {name: frame for name, frame in origins.items() if frame.height})


def _changed(table: Table, frame: pl.DataFrame, changes: list[Change]) -> pl.DataFrame:
    rows = _rows(table, frame)
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


def _rows(table: Table, frame: pl.DataFrame) -> dict[Key, dict[str, Value]]:
    rows = {_key(table, row): row for row in frame.to_dicts()}
    if len(rows) < frame.height:
        repeated = frame.filter(pl.struct(table.key).is_duplicated()).row(0, named=True)
        place = _place(table, _key(table, repeated))
        raise DataError(finding("model.repeated_key", place, "|".join(place.key), count=frame.height - len(rows) + 1))
    return rows


def _moved(table: Table, origins: pl.DataFrame | None, changes: list[Change], origin: str) -> pl.DataFrame:
    """Return a table's origins after its changes: gone for what was replaced, `origin` for what came."""
    before = pl.DataFrame(schema=ORIGIN_SCHEMA) if origins is None else origins
    gone: set[str] = set()
    cells: dict[tuple[str, str], None] = {}  # a set in the order of the changes
    for change in changes:
        if isinstance(change, RemoveRow):
            gone.add(_key_text(change.key))
            cells = {cell: None for cell in cells if cell[0] != _key_text(change.key)}
        elif isinstance(change, SetValue):
            cells[_key_text(change.key), change.column] = None
        else:
            cells |= {(_key_text(_key(table, change.row)), name): None for name, value in change.row.items() if value is not None}
    new = pl.DataFrame(
        [{"key": key, "column": column, "file": origin, "sheet": "", "cell": ""} for key, column in cells],
        schema=ORIGIN_SCHEMA,
    )
    kept = before.filter(~pl.col("key").is_in(list(gone))).join(new, on=["key", "column"], how="anti")
    return pl.concat([kept, new]) if origin else kept


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
    return [found for name, value in row.items() for found in _misfit(table, key, name, value)]


def _set(table: Table, rows: dict[Key, dict[str, Value]], change: SetValue) -> list[Finding]:
    if change.column not in table.names:
        place = Place(table=table.name, column=change.column)
        return [finding("model.unknown_column", place, change.column, columns=", ".join(table.names))]
    if change.column in table.key:
        return [finding("model.key_is_not_set", _place(table, change.key), change.column)]
    rows[change.key] = {**rows[change.key], change.column: change.value}
    return _misfit(table, change.key, change.column, change.value)


def _misfit(table: Table, key: Key, name: str, value: Value) -> list[Finding]:
    column = table.column(name)
    if value is None or (isinstance(value, _PYTHON[column.type]) and (column.type == "boolean") == isinstance(value, bool)):
        return []
    place = replace(_place(table, key), column=name)
    return [finding("model.value_of_another_type", place, str(value), kind=TYPE_NAMES[column.type])]


def _key(table: Table, row: Mapping[str, Value]) -> Key:
    return tuple(row.get(name) for name in table.key)


def _key_text(key: Key) -> str:
    return "|".join("" if part is None else str(part) for part in key)


def _place(table: Table, key: Key) -> Place:
    return Place(table=table.name, key=tuple(str(part) for part in key))


def diff(before: County, after: County) -> tuple[Change, ...]:
    """Return the changes that make `before` into `after`, in table order: removals, then additions, then values.

    Raises DataError when two rows of a table share a key: such rows cannot be told apart.
    """
    changes: list[Change] = []
    for name, table in schema().tables.items():
        if not before.tables[name].equals(after.tables[name]):
            changes += _difference(table, _rows(table, before.tables[name]), _rows(table, after.tables[name]))
    return tuple(changes)


def _difference(table: Table, old: dict[Key, dict[str, Value]], new: dict[Key, dict[str, Value]]) -> list[Change]:
    changes: list[Change] = [RemoveRow(table.name, key) for key in old if key not in new]
    changes += [AddRow(table.name, row) for key, row in new.items() if key not in old]
    changes += [
        SetValue(table.name, key, column, row[column])
        for key, row in new.items()
        if key in old
        for column in table.names
        if old[key][column] != row[column]
    ]
    return changes
