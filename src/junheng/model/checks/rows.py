"""Each row by itself: its key, what it must hold, and the bounds and codes that the schema allows."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.gather import gather
from junheng.model.county import County
from junheng.model.schema import Column, Table, schema

_VALUE = Text("{value}", "{value}")


def check_rows(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find repeated keys, missing required values, values out of bounds and codes that no list knows, table by table."""
    for table in schema().tables.values():
        frame = county.tables[table.name]
        if frame.height:
            yield from _repeated(table, frame)
            for column in table.columns:
                yield from _column(table, column, frame)


def _repeated(table: Table, frame: pl.DataFrame) -> Iterator[Finding]:
    keys = frame.select(pl.struct(table.key).is_duplicated().alias("repeated")).to_series()
    if not keys.any():
        return
    names = [pl.col("name").drop_nulls().unique().sort().str.join(" / ").alias("names")] if "name" in table.names else []
    groups = frame.filter(keys).group_by(table.key).agg(pl.len().alias("rows"), *names)
    if table.name == "schools":
        found = Text("{rows}所学校共用此标识码：{names}", "{rows} schools with this code: {names}")
        yield from gather("model.two_schools_with_one_code", table.name, table.key[0], groups, found)
        return
    yield from gather("model.repeated_key", table.name, table.key[-1], groups, Text("{rows}行主键相同", "{rows} rows with the same key"))


def _column(table: Table, column: Column, frame: pl.DataFrame) -> Iterator[Finding]:
    values = frame[column.name]
    rows = frame.select(*table.key, pl.col(column.name).alias("value"))
    if column.required and values.null_count():
        bad = rows.filter(pl.col("value").is_null())
        yield from gather("model.missing_value", table.name, column.name, bad, _VALUE, label=column.label)
    if column.allowed:
        yield from _not_allowed(table, column, rows)
    if column.least is not None or column.most is not None:
        yield from _out_of_bounds(table, column, rows)
    if column.type in ("text", "code"):
        bad = rows.filter(pl.col("value").str.contains(r"^\s|\s$"))
        yield from gather("model.blanks_around", table.name, column.name, bad, Text("“{value}”", '"{value}"'))


def _not_allowed(table: Table, column: Column, rows: pl.DataFrame) -> Iterator[Finding]:
    bad = rows.filter(~pl.col("value").is_in(list(column.allowed)))
    if bad.height:
        values = Text("、".join(f"{value}（{text.zh}）" for value, text in column.allowed.items()), ", ".join(column.allowed))
        yield from gather("model.value_not_allowed", table.name, column.name, bad, _VALUE, values=values)


def _out_of_bounds(table: Table, column: Column, rows: pl.DataFrame) -> Iterator[Finding]:
    if column.type == "coordinate":  # told apart in coordinates.py: exchanged, zero, elsewhere
        return
    value = pl.col("value")
    below = value < column.least if column.least is not None else pl.lit(value=False)
    above = value > column.most if column.most is not None else pl.lit(value=False)
    bad = rows.filter(below | above)
    if bad.height:
        yield from gather("model.value_out_of_bounds", table.name, column.name, bad, _VALUE, bounds=bounds(column))


def bounds(column: Column) -> Text:
    """Return a column's bounds in words."""
    zh, en = ("整数", "a whole number") if column.type in ("integer", "year") else ("数字", "a number")
    if column.most is None:
        return Text(f"不小于{column.least}的{zh}", f"{en}, {column.least} or more")
    return Text(f"{column.least}至{column.most}之间的{zh}", f"{en} between {column.least} and {column.most}")
