"""What was sent, laid over the county as it was: a corrected file is an update, and what nobody sent again stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from junheng.model import ORIGIN_SCHEMA, County, county, empty_table, key_text, schema
from junheng.store.returns.corrections import without_superseded
from junheng.store.returns.gather import Gathered
from junheng.store.returns.granularity import without_sums
from junheng.store.returns.report import Report
from junheng.store.returns.subjects import Subject, corrected
from junheng.store.returns.taken_back import TakenBack, say_taken_back

_KEY = "key"


def lay_over(
    tables: Mapping[str, Gathered], files: Mapping[str, set[Subject]], code: str, year: int, base: County | None, report: Report
) -> County:
    """Return the county of `base` with the values that were sent.

    files: names of the files read now, and of whom each speaks. A value of `base` that came from one of them, and that the file no longer
    gives, is gone and is named; a value from elsewhere stays until something else is sent for it.
    """
    again = corrected(files, base, report)
    lost: list[TakenBack] = []
    frames: dict[str, pl.DataFrame] = {}
    origins: dict[str, pl.DataFrame] = {}
    for table in schema().tables:
        sent = tables.get(table)
        old = base.tables[table] if base else empty_table(table)
        old_origins = _origins(base, table)
        frame, kept = _without(table, old, old_origins, again)
        lost += _lost(table, old, frame, old_origins.join(kept, on=["key", "column"], how="anti"), sent)
        if sent is not None:
            now = Gathered(*without_superseded(table, (frame, kept), (sent.frame, sent.origins), report))
            frame, kept = without_sums(table, *_updated(table, frame, kept, now), report)
        if frame.height:
            frames[table] = frame
        if kept.height:
            origins[table] = kept
    say_taken_back(lost, base, report)
    return county(code, year, frames, origins)


def _origins(base: County | None, table: str) -> pl.DataFrame:
    empty = pl.DataFrame(schema=dict(ORIGIN_SCHEMA))
    return base.origins.get(table, empty).select(*ORIGIN_SCHEMA) if base else empty


def _without(table: str, frame: pl.DataFrame, origins: pl.DataFrame, files: Collection[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Take back what a file gave that is read again: its values first, then rows of which nothing is left."""
    again = origins.filter(pl.col("file").is_in(list(files)))
    if not again.height:
        return frame, origins
    keys = schema().tables[table].key
    keyed = frame.with_columns(key_text(table))
    values = [name for name in frame.columns if name not in keys]
    for column, group in again.group_by("column"):
        name = str(column[0])
        if name in values:
            keyed = keyed.with_columns(pl.when(pl.col(_KEY).is_in(group[_KEY].implode())).then(None).otherwise(pl.col(name)).alias(name))
    empty = pl.all_horizontal(pl.col(values).is_null()) if values else pl.lit(True)
    gone = keyed.filter(empty & pl.col(_KEY).is_in(again[_KEY].implode()))
    return keyed.join(gone, on=_KEY, how="anti").drop(_KEY), origins.join(again, on=["key", "column"], how="anti")


def _lost(table: str, old: pl.DataFrame, left: pl.DataFrame, origins: pl.DataFrame, sent: Gathered | None) -> list[TakenBack]:
    """Return what was taken back and is not given again."""
    if not origins.height:
        return []
    values = origins.join(sent.origins, on=["key", "column"], how="anti") if sent else origins
    if not values.height:
        return []
    keys = set(old.select(key_text(table))[_KEY]) - set(left.select(key_text(table))[_KEY])
    given = set(sent.frame.select(key_text(table))[_KEY]) if sent else set()
    return [TakenBack(table, values, frozenset(keys - given))]


def _updated(table: str, frame: pl.DataFrame, origins: pl.DataFrame, sent: Gathered) -> tuple[pl.DataFrame, pl.DataFrame]:
    keys = list(schema().tables[table].key)
    if not frame.height:
        return sent.frame, sent.origins
    values = [name for name in sent.frame.columns if name not in keys]
    joined = frame.join(sent.frame, on=keys, how="full", coalesce=True, suffix="#new", maintain_order="left_right")
    updated = joined.with_columns(pl.coalesce(f"{name}#new", name).alias(name) for name in values).select(frame.columns)
    kept = origins.join(sent.origins.select("key", "column"), on=["key", "column"], how="anti")
    return updated, pl.concat([kept, sent.origins])
