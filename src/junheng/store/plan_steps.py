"""The steps of a plan as a list that opens in a spreadsheet: steps.csv, one line for every cell that a step changes.

    proposal,step,title_zh,title_en,reason_zh,reason_en,yuan,pupils,teachers,year,change,table,key,column,value
    0,1,责任区1,Zone 1,…,…,,120,,,set,zone_schools,2162000001,zone,1

`proposal` 0 is the proposal itself, 1, 2 … its alternatives. A new row is a line "add" for each of its cells; a step that changes
nothing (a hearing, a notice) has one line without a change. Title, reason and amounts stand on the first line of a step only; there an
empty cell is what is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import groupby

import polars as pl

from junheng.documents import CsvRow, finding, parse_csv, write_csv
from junheng.errors import DataError, Finding, Place, Text
from junheng.model import TYPE_NAMES, AddRow, Change, RemoveRow, SetValue, fit, schema
from junheng.planning.proposal import Step

FILE = "steps.csv"
_TEXTS = ("title_zh", "title_en", "reason_zh", "reason_en")
_NUMBERS = ("yuan", "pupils", "teachers", "year")
_CHANGE = ("change", "table", "key", "column", "value")
_HEADER = ("proposal", "step", *_TEXTS, *_NUMBERS, *_CHANGE)
_SEPARATOR = "|"


def write_steps(proposals: Iterable[Iterable[Step]]) -> str:
    """Return steps.csv: the proposal's steps, then those of each alternative."""
    return write_csv(_HEADER, _lines(proposals))


def _lines(proposals: Iterable[Iterable[Step]]) -> Iterator[tuple[object, ...]]:
    for number, steps in enumerate(proposals):
        for place, step in enumerate(steps, start=1):
            said = (number, place, *step.title, *step.reason, step.yuan, step.pupils, step.teachers, step.year)
            cells = [cell for change in step.changes for cell in _cells(change)] or [("", "", "", "", "")]
            told = (number, place, *[""] * (len(said) - 2))  # a reason of a page is not said again for each of a thousand changes
            yield from ((*(told if again else said), *cell) for again, cell in enumerate(cells))


def _cells(change: Change) -> list[tuple[str, ...]]:
    if isinstance(change, SetValue):
        return [("set", change.table, _joined(change.key), change.column, _text(change.value))]
    if isinstance(change, RemoveRow):
        return [("remove", change.table, _joined(change.key), "", "")]
    key = _joined(tuple(change.row.get(name) for name in schema().tables[change.table].key))
    return [("add", change.table, key, column, _text(value)) for column, value in change.row.items()]


def _joined(key: tuple[object, ...]) -> str:
    return _SEPARATOR.join(map(_text, key))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def read_steps(text: str, file: str) -> list[tuple[Step, ...]]:
    """Return the steps of the proposal and of each alternative. Raises DataError with every line that cannot be read."""
    rows = parse_csv(text, file)
    lacking = [column for column in _HEADER if rows and column not in rows[0].values]
    if lacking:
        raise DataError([finding("store.plan_column_lacking", Place(file=file, row=1, column=name), name) for name in lacking])
    findings: list[Finding] = []
    for row in rows:
        findings += _faults(row, file)
    if findings:
        raise DataError(findings)
    proposals: list[tuple[Step, ...]] = []
    for number, group in groupby(rows, key=lambda row: int(row.values["proposal"])):
        proposals += [()] * (number - len(proposals))
        proposals.append(tuple(_step(list(lines)) for _, lines in groupby(group, key=lambda row: row.values["step"])))
    return proposals


def _faults(row: CsvRow, file: str) -> Iterator[Finding]:
    values = row.values
    for name in ("proposal", "step", *_NUMBERS):
        if not _is_number(values[name], may_lack=name in _NUMBERS, whole=name != "yuan"):
            yield _of_another_type(file, row.line, name, values[name], Text("整数或数", "a number"))
    if values["change"] not in ("", "set", "add", "remove"):
        yield finding("store.plan_unknown_change", Place(file=file, row=row.line, column="change"), values["change"])
    elif values["change"]:
        yield from _change_faults(row, file)


def _change_faults(row: CsvRow, file: str) -> Iterator[Finding]:
    values, tables = row.values, schema().tables
    table = tables.get(values["table"])
    if table is None:
        place = Place(file=file, row=row.line, column="table")
        yield finding("model.unknown_table", place, values["table"], tables=", ".join(tables))
        return
    parts = values["key"].split(_SEPARATOR)
    cells = list(zip(table.key, parts, strict=False))
    if len(parts) != len(table.key):
        place = Place(file=file, row=row.line, column="key")
        yield finding("store.plan_key", place, values["key"], columns=_SEPARATOR.join(table.key))
    if values["change"] != "remove":
        if values["column"] not in table.names:
            place = Place(file=file, row=row.line, column="column")
            yield finding("model.unknown_column", place, values["column"], columns=", ".join(table.names))
            return
        cells.append((values["column"], values["value"]))
    for name, cell in cells:
        column = table.column(name)
        if fit(pl.Series([cell], dtype=pl.String), column)[1].any():
            yield _of_another_type(file, row.line, name, cell, TYPE_NAMES[column.type])


def _of_another_type(file: str, line: int, column: str, found: str, kind: Text) -> Finding:
    return finding("model.value_of_another_type", Place(file=file, row=line, column=column), found, kind=kind)


def _is_number(cell: str, *, may_lack: bool, whole: bool) -> bool:
    if cell == "":
        return may_lack
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return False
    return number.is_finite() and (not whole or number == int(number))


def _step(rows: list[CsvRow]) -> Step:
    said = rows[0].values
    pupils, teachers, year = (int(said[name]) if said[name] else None for name in _NUMBERS[1:])
    changes: list[Change] = []
    for (kind, table, key), lines in groupby(rows, key=lambda row: tuple(row.values[name] for name in _CHANGE[:3])):
        changes += _changes(kind, table, key, [line.values for line in lines])
    return Step(
        title=Text(said["title_zh"], said["title_en"]),
        reason=Text(said["reason_zh"], said["reason_en"]),
        changes=tuple(changes),
        yuan=Decimal(said["yuan"]) if said["yuan"] else None,
        pupils=pupils,
        teachers=teachers,
        year=year,
    )


def _changes(kind: str, table: str, key: str, lines: list[dict[str, str]]) -> Iterator[Change]:
    if not kind:
        return
    parts = tuple(_value(table, name, part) for name, part in zip(schema().tables[table].key, key.split(_SEPARATOR), strict=True))
    if kind == "remove":
        yield RemoveRow(table, parts)
    elif kind == "add":
        yield AddRow(table, _row(table, lines))
    else:
        yield from (SetValue(table, parts, line["column"], _value(table, line["column"], line["value"])) for line in lines)


def _row(table: str, lines: list[dict[str, str]]) -> Mapping[str, object]:
    return {line["column"]: _value(table, line["column"], line["value"]) for line in lines}


def _value(table: str, column: str, text: str) -> object:
    return fit(pl.Series([text], dtype=pl.String), schema().tables[table].column(column))[0][0]
