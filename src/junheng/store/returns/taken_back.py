"""What a corrected file no longer gives: every row and value that goes with it is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from junheng.errors import Place
from junheng.model import County, schema
from junheng.store.returns.report import Report
from junheng.store.returns.subjects import listed, named, names_of


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Of one table, the origins (key, column, file) of values that are gone, and the keys of rows that are gone."""

    table: str
    values: pl.DataFrame
    rows: frozenset[str]


def say_taken_back(lost: Sequence[TakenBack], base: County | None, report: Report) -> None:
    """Name rows in a warning for each file and table, and single values in a note.

    The rows of a school that is gone altogether are said once, with the school.
    """
    gone = {key for one in lost if one.table == "schools" for key in one.rows}
    names = names_of(base)
    for one in lost:
        table = schema().tables[one.table]
        for (file,), cells in one.values.sort("key", "column").group_by("file", maintain_order=True):
            keys = [tuple(key.split("|")) for key in cells["key"].unique(maintain_order=True) if key in one.rows]
            rows = [key for key in keys if one.table == "schools" or table.key[0] != "school" or key[0] not in gone]
            if rows:
                place = Place(file=str(file), table=table.title.zh)
                report.say("returns.rows_taken_back", place, listed([named(key, names) for key in rows]), len(rows), table=table.title)
            for (column,), group in cells.filter(~pl.col("key").is_in(list(one.rows))).group_by("column", maintain_order=True):
                label = table.column(str(column)).label
                place = Place(file=str(file), table=table.title.zh, column=label.zh)
                found = listed([named(tuple(key.split("|")), names) for key in group["key"]])
                report.say("returns.values_taken_back", place, found, group.height, label=label)
