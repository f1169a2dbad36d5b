"""Totals against their parts, within a row and between tables that hold the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import polars as pl

from junheng.errors import Finding, Severity, Text
from junheng.model.checks.data import rows as data_rows
from junheng.model.checks.gather import gather, labelled
from junheng.model.county import County
from junheng.model.schema import schema

_FOUND = Text("{label}为{whole}，{parts_label}合计{sum}", "{label} {whole}, {parts_label} add up to {sum}")


def check_sums(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find wholes that are not the sum of their parts, or are smaller than one of them (sums.csv).

    A part that was not counted makes no difference certain: then only parts that already exceed the whole are found. Parts of which
    none was counted have no sum: missing is not zero.
    """
    for rule in data_rows("sums"):
        table, parts_table = rule["table"], rule["parts_table"]
        if county.tables[table].height and county.tables[parts_table].height:
            yield from _compared(county, rule)


def _compared(county: County, rule: Mapping[str, str]) -> Iterator[Finding]:
    table, parts_table = rule["table"], rule["parts_table"]
    key = schema().tables[table].key
    parts = _parts(parts_table, rule["parts"])
    total = county.tables[table].select(*key, pl.col(rule["whole"]).alias("whole"))
    summed = county.tables[parts_table].select(
        *key,
        pl.when(pl.any_horizontal(pl.col(parts).is_not_null())).then(pl.sum_horizontal(parts)).alias("sum"),
        pl.any_horizontal(pl.col(parts).is_null()).alias("partial"),
    )
    joined = total.with_columns(summed.select("sum", "partial")) if table == parts_table else _matched(total, summed, key)
    more = pl.col("sum") > pl.col("whole")
    differs = more | ((pl.col("sum") != pl.col("whole")) & ~pl.col("partial")) if rule["relation"] == "equals" else more
    words = {"label": labelled(table, rule["whole"]), "parts_label": _parts_label(parts_table, rule["parts"], parts)}
    found = Text(_with(_FOUND.zh, words, "zh"), _with(_FOUND.en, words, "en"))
    name = "model.sum_differs" if rule["relation"] == "equals" else "model.part_exceeds_whole"
    severity = cast("Severity", rule["severity"])
    column = parts[0] if rule["relation"] == "at_most" else (rule["whole"] if table == parts_table else parts[0])
    yield from gather(name, parts_table, column, joined.filter(differs), found, severity=severity, **words)


def _matched(total: pl.DataFrame, summed: pl.DataFrame, key: tuple[str, ...]) -> pl.DataFrame:
    """Join by key, each key once: a repeated key is another finding and must not multiply."""
    return total.unique(key, keep="first").join(summed.unique(key, keep="first"), on=key)


def _parts(table: str, written: str) -> list[str]:
    if written != "*":
        return written.split()
    return [column.name for column in schema().tables[table].columns if column.type == "integer" and not column.key]


def _parts_label(table: str, written: str, parts: list[str]) -> Text:
    if written == "*":
        return schema().tables[table].title
    labels = [labelled(table, part) for part in parts]
    return Text("、".join(label.zh for label in labels), ", ".join(label.en for label in labels))


def _with(text: str, words: Mapping[str, Text], lang: str) -> str:
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word.of(lang))
    return text
