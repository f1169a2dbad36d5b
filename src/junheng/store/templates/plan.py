"""What stands on which sheet (layout.csv) of which workbook (books.csv), and what is asked of which stage (relevance.csv)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from junheng.documents import package_files, parse_csv
from junheng.model import Column, Table, schema

TITLE = "填报表："  # in the first row of every sheet, before the sheet's name: by this it is recognised when it comes back
THIS_YEAR, LAST_YEAR = "本年数", "上年数"
ITEM, UNIT, EXAMPLE, NOTE = "项目", "计量单位", "示例", "填写说明"


@dataclass(frozen=True, slots=True)
class Block:
    """One table on a sheet, which rows it starts with, and how many spare ones.

    rows: "one" or "stages" (matrix); "grades" (every grade and sex), "keys" (last year's keys, to be filled in anew), "previous"
    (what stood there last year and as a rule still stands), "new" (none).
    """

    table: Table
    rows: str
    spare: int


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One sheet: items down the page ("matrix"), or a list with one record a row."""

    name: str
    scope: str  # "school": one school's or campus's, whose code stands above; "county": the county's own
    layout: str
    blocks: tuple[Block, ...]

    @property
    def table(self) -> Table:
        """Return the table of a list."""
        return self.blocks[0].table


@cache
def _rows(name: str) -> Sequence[Mapping[str, str]]:
    file = package_files("junheng.store", f"templates/{name}.csv")[0]
    return [row.values for row in parse_csv(file.text, file.name)]


@cache
def sheets() -> Mapping[str, SheetPlan]:
    """Return every sheet by name."""
    plans = {}
    for (scope, name, layout), rows in groupby(_rows("layout"), key=lambda row: (row["scope"], row["sheet"], row["layout"])):
        blocks = tuple(Block(schema().tables[row["table"]], row["rows"], int(row["spare"])) for row in rows)
        plans[name] = SheetPlan(name, scope, layout, blocks)
    return plans


def book(kind: str) -> tuple[SheetPlan, ...]:
    """Return the sheets of a workbook: "school", "campus", or "county" for the bureau."""
    names = next(row["sheets"].split() for row in _rows("books") if row["book"] == kind)
    return tuple(sheets()[name] for name in names)


def stages_of(kind: str) -> tuple[str, ...]:
    """Return the stages that a school of this kind has as a rule; every stage of the county where the kind is not known."""
    known = {row["kind"]: tuple(row["stages"].split()) for row in _rows("kinds")}
    return known.get(kind, known["county"])


def grades_of(stage: str) -> tuple[str, ...]:
    """Return the usual grades of a stage."""
    return next((tuple(row["grades"].split()) for row in _rows("grades") if row["stage"] == stage), ())


def example(table: str, column: Column) -> str:
    """Return an example of a value as a clerk would write it."""
    written = next((row["example"] for row in _rows("examples") if (row["table"], row["column"]) == (table, column.name)), "")
    if written:
        return written
    if column.allowed:
        return next(text.zh for value, text in column.allowed.items() if value != "all")
    return {"boolean": "是", "date": "2025-09-01", "year": "2012"}.get(column.type, "")


def asked(table: Table, stages: Sequence[str]) -> list[Column]:
    """Return the columns that are asked of a school with these stages: all but the given keys and what only other stages have."""
    return [column for column in table.columns if asks(table.name, column, stages)]


def asks(table: str, column: Column, stages: Sequence[str]) -> bool:
    """Return whether a column is asked for any of the stages."""
    if column.type == "geometry" or (column.key and column.name in ("school", "stage", "county")):
        return False
    limited = next((row["stages"].split() for row in _rows("relevance") if (row["table"], row["column"]) == (table, column.name)), None)
    return limited is None or bool(set(limited) & set(stages))
