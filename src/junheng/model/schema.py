"""The tables of a County, as data: model/schema/*.csv is validation and documentation at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import polars as pl

from junheng.documents import package_files, parse_csv
from junheng.errors import Text

PACKAGE = "junheng.model"

DTYPES: Mapping[str, pl.DataType] = {
    "text": pl.String(),
    "code": pl.String(),
    "geometry": pl.String(),
    "integer": pl.Int64(),
    "year": pl.Int64(),
    "decimal": pl.Decimal(18, 4),
    "coordinate": pl.Decimal(9, 6),
    "date": pl.Date(),
    "boolean": pl.Boolean(),
}

TYPE_NAMES: Mapping[str, Text] = {
    "text": Text("文字", "text"),
    "code": Text("代码（文本格式）", "a code, kept as text"),
    "geometry": Text("GeoJSON", "GeoJSON"),
    "integer": Text("整数", "a whole number"),
    "year": Text("4位年份", "a four-digit year"),
    "decimal": Text("数字", "a number"),
    "coordinate": Text("十进制度数", "decimal degrees"),
    "date": Text("日期（如2025-09-01）", "a date such as 2025-09-01"),
    "boolean": Text("true或false", "true or false"),
}

SENSITIVITY: Mapping[str, Text] = {
    "L1": Text("公开", "public"),
    "L2": Text("内部", "internal"),
    "L3": Text("敏感", "sensitive"),
    "L4": Text("封存", "sealed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its type, unit, bounds and allowed values, with its label and description in Chinese and English."""

    name: str
    type: str
    unit: str
    key: bool
    required: bool
    allowed: Mapping[str, Text]  # value -> label; empty when any value is allowed
    reference: str  # "table.column" that must hold the value, or ""
    least: Decimal | None
    most: Decimal | None
    label: Text
    description: Text
    level: str  # of SENSITIVITY: who may see its values

    @property
    def dtype(self) -> pl.DataType:
        """Return the polars type in which the column is held."""
        return DTYPES[self.type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its columns in order, its key, and its title."""

    name: str
    group: str  # school, county or area
    title: Text
    description: Text
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Return the names of the key columns, in schema order."""
        return tuple(column.name for column in self.columns if column.key)

    def column(self, name: str) -> Column:
        """Return a column by name; KeyError when there is none."""
        return next((column for column in self.columns if column.name == name), None) or _no_column(self.name, name)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all columns, in schema order."""
        return tuple(column.name for column in self.columns)


def _no_column(table: str, column: str) -> Column:
    raise KeyError(f"{table} has no column {column}")


@dataclass(frozen=True, slots=True)
class Schema:
    """Every table of a County, in order."""

    tables: Mapping[str, Table]

    def dtypes(self, table: str) -> dict[str, pl.DataType]:
        """Return the polars types of a table's columns."""
        return {column.name: column.dtype for column in self.tables[table].columns}


class Unit(NamedTuple):
    """One unit of the closed list: label, dimension, and the factor to the dimension's first unit."""

    unit: str
    label: Text
    dimension: str
    factor: Decimal


@cache
def schema() -> Schema:
    """Return the schema that ships with the package."""
    lists = _allowed_lists()
    columns = {
        file.name[7:-4]: [row.values for row in parse_csv(file.text, file.name)]
        for file in package_files(PACKAGE, "schema/*.csv")
        if file.name != "schema/tables.csv"
    }
    tables = {}
    for row in parse_csv(package_files(PACKAGE, "schema/tables.csv")[0].text, "schema/tables.csv"):
        name = row.values["table"]
        tables[name] = Table(
            name=name,
            group=row.values["group"],
            title=_text(row.values, "label"),
            description=_text(row.values, "description"),
            columns=tuple(_column({"level": "", **values}, lists, row.values["level"]) for values in columns[name]),
        )
    return Schema(tables)


@cache
def units() -> Mapping[str, Unit]:
    """Return the closed list of units."""
    text = package_files(PACKAGE, "units.csv")[0].text
    rows = (row.values for row in parse_csv(text, "units.csv"))
    return {row["unit"]: Unit(row["unit"], _text(row, "label"), row["dimension"], Decimal(row["factor"])) for row in rows}


def allowed(name: str) -> Mapping[str, Text]:
    """Return a list of coded values with their labels: the list "stage" gives 小学 for "primary"."""
    return _allowed_lists()[name]


@cache
def _allowed_lists() -> Mapping[str, Mapping[str, Text]]:
    return {
        file.name[8:-4]: {row.values["value"]: _text(row.values, "label") for row in parse_csv(file.text, file.name)}
        for file in package_files(PACKAGE, "allowed/*.csv")
    }


def _column(row: dict[str, str], lists: Mapping[str, Mapping[str, Text]], level: str) -> Column:
    """Return a column; its level is that of its table where it has none of its own."""
    return Column(
        name=row["column"],
        type=row["type"],
        unit=row["unit"],
        key=row["key"] == "yes",
        required=row["required"] == "yes",
        allowed=lists[row["allowed"]] if row["allowed"] else {},
        reference=row["reference"],
        least=Decimal(row["least"]) if row["least"] else None,
        most=Decimal(row["most"]) if row["most"] else None,
        label=_text(row, "label"),
        description=_text(row, "description"),
        level=row["level"] or level,
    )


def _text(row: Mapping[str, str], name: str) -> Text:
    return Text(row[f"{name}_zh"], row[f"{name}_en"])
