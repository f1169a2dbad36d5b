"""Sums beside their parts: a table that holds boys and girls of a grade does not hold the grade's total too, or all would count twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import polars as pl

from junheng.errors import Place, Text
from junheng.model import ORIGIN_SCHEMA, key_text, schema
from junheng.store.returns.convert_text import number_text
from junheng.store.returns.report import Report

ALL = "all"  # the value of sex, grade or band for "not split"
_SLACK = 0.005


def without_sums(table: str, frame: pl.DataFrame, origins: pl.DataFrame, report: Report) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows without those that sum up others of the table; sums that do not fit their parts are findings.

    The parts are kept because nothing can be said of them from their sum; the sum is only compared.
    """
    splits = [column.name for column in schema().tables[table].columns if column.key and ALL in column.allowed]
    if not splits or frame.is_empty():
        return frame, origins
    keyed = frame.with_columns(key_text(table))
    sums = {group: rows for group, rows in _sums(keyed, table, splits) if rows.height}
    if not sums:
        return frame, origins
    gone = pl.concat([rows.select("key") for rows in sums.values()]).unique()
    parts = keyed.join(gone, on="key", how="anti")
    for group, rows in sums.items():
        _compare(table, group, rows, parts, origins, report)
    return parts.drop("key"), origins.join(gone, on="key", how="anti").select(*ORIGIN_SCHEMA)


def _sums(keyed: pl.DataFrame, table: str, splits: list[str]) -> Iterator[tuple[tuple[str, ...], pl.DataFrame]]:
    """Yield, for each set of columns, the rows that say "all" in them while others with the same rest of the key do not."""
    keys = schema().tables[table].key
    for size in range(1, len(splits) + 1):
        for group in combinations(splits, size):
            rest = [name for name in keys if name not in group]
            whole = pl.all_horizontal(pl.col(name) == ALL for name in group)
            finer = keyed.filter(pl.all_horizontal(pl.col(name) != ALL for name in group))
            yield group, keyed.filter(whole).join(finer, on=rest, how="semi")


def _compare(table: str, group: tuple[str, ...], rows: pl.DataFrame, parts: pl.DataFrame, origins: pl.DataFrame, report: Report) -> None:
    keys = schema().tables[table].key
    rest = [name for name in keys if name not in group]
    for column in schema().tables[table].columns:
        if column.key or column.type not in ("integer", "decimal"):
            continue
        value = pl.col(column.name).cast(pl.Float64)
        summed = parts.group_by(rest).agg(pl.when(value.has_nulls()).then(None).otherwise(value.sum()).alias("#sum"))
        stated = rows.select(*rest, "key", value.alias("#stated")).join(summed, on=rest)
        different = stated.filter((pl.col("#stated") - pl.col("#sum")).abs() > _SLACK).sort("key")
        if different.height:
            first = different.row(0, named=True)
            amounts = number_text(first["#stated"]), number_text(first["#sum"])
            found = Text(f"{amounts[0]}，分项合计{amounts[1]}", f"{amounts[0]}, sum of the parts {amounts[1]}")
            place = _place(table, column.name, str(first["key"]), origins)
            report.say("returns.sum_of_parts_differs", place, found, count=different.height, label=column.label)


def _place(table: str, column: str, key: str, origins: pl.DataFrame) -> Place:
    label = schema().tables[table].column(column).label.zh
    known = origins.filter((pl.col("key") == key) & (pl.col("column") == column)).to_dicts()
    if not known:
        return Place(table=table, column=label, key=tuple(key.split("|")))
    return Place(
        file=known[0]["file"], sheet=known[0]["sheet"], cell=known[0]["cell"], table=table, column=label, key=tuple(key.split("|"))
    )
