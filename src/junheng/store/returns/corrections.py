"""A file whose name says that it corrects another (更正, 补报 …) stands above the others, in whatever order they are read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath

import polars as pl

from junheng.documents.chinese_text import fold
from junheng.errors import Place, Text
from junheng.model import key_text, schema
from junheng.store.returns.report import Report
from junheng.store.returns.words import words

Sourced = tuple[pl.DataFrame, pl.DataFrame]  # a table's rows, and the origins of their values

_KEY = "key"


@lru_cache(maxsize=10_000)
def is_correction(file: str) -> bool:
    """Return whether a file's own name holds a word for a correction (store/forms/words.yaml)."""
    stem = fold(PurePath(file).stem)
    return any(word in stem for word in words().correction)


def without_superseded(table: str, held: Sourced, sent: Sourced, report: Report) -> Sourced:
    """Return what is sent now without the values for which the county holds those of a correction.

    Otherwise the first version, read again after its correction, would undo it. Values that differ are named in a note.
    """
    (old, old_origins), (frame, origins) = held, sent
    corrections = [file for file in old_origins["file"].unique().to_list() if is_correction(file)]
    if not corrections:
        return frame, origins
    others = [file for file in origins["file"].unique().to_list() if not is_correction(file)]
    firm = old_origins.filter(pl.col("file").is_in(corrections))
    given_up = origins.filter(pl.col("file").is_in(others)).join(firm, on=["key", "column"], suffix="_held")
    if not given_up.height:
        return frame, origins
    keyed, kept = frame.with_columns(key_text(table)), old.with_columns(key_text(table))
    for (column,), group in given_up.group_by("column", maintain_order=True):
        name = str(column)
        _say(
            table, name, group.join(keyed.select(_KEY, pl.col(name).alias("#new")), on=_KEY).join(kept.select(_KEY, name), on=_KEY), report
        )
        gone = pl.col(_KEY).is_in(group[_KEY].implode())
        keyed = keyed.with_columns(pl.when(gone).then(None).otherwise(pl.col(name)).alias(name))
    return keyed.drop(_KEY), origins.join(given_up, on=["key", "column"], how="anti")


def _say(table: str, column: str, cells: pl.DataFrame, report: Report) -> None:
    different = cells.filter(pl.col("#new").ne_missing(pl.col(column)))
    if not different.height:
        return
    first = different.row(0, named=True)
    held = Place(file=first["file_held"], sheet=first["sheet_held"], cell=first["cell_held"])
    key = tuple(str(first[_KEY]).split("|"))
    label = schema().tables[table].column(column).label.zh
    place = Place(file=first["file"], sheet=first["sheet"], cell=first["cell"], table=table, column=label, key=key)
    zh = f"{held.of('zh')}为{first[column]}；{place.of('zh')}为{first['#new']}"
    en = f"{held.of('en')}: {first[column]}; {place.of('en')}: {first['#new']}"
    report.say("returns.corrected", place, Text(zh, en), count=different.height)
