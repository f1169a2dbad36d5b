"""From bad rows to findings: one by one while they are few, the first place and the number of places when they are many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Severity, Text
from junheng.model.checks.data import limit
from junheng.model.county import County
from junheng.model.schema import allowed, schema


def gather(
    rule: str,
    table: str,
    column: str,
    bad: pl.DataFrame,
    found: Text,
    *,
    severity: Severity | None = None,
    **values: Any,
) -> list[Finding]:
    """Return the findings of one cause.

    bad: the rows at fault, with the table's key columns (or those of them that name the place) and every column that the
    {placeholders} of `found` and of the rule's sentences use; `values` are placeholders that are the same for all rows.
    """
    if not bad.height:
        return []
    many = bad.height > int(limit("singly"))
    keys = [name for name in schema().tables[table].key if name in bad.columns]
    ordered = bad.sort(keys, nulls_last=False) if keys else bad
    findings = []
    for row in ordered.head(1 if many else bad.height).iter_rows(named=True):
        words: dict[str, Any] = {name: _word(name, value) for name, value in row.items()}
        key = tuple("" if row[name] is None else str(row[name]) for name in keys)
        findings.append(
            finding(
                rule,
                place_of(table, key, column),
                _filled(found, words),
                severity=severity,
                count=bad.height if many else 1,
                **{**words, **values},
            )
        )
    return findings


def place_of(table: str, key: tuple[str, ...], column: str) -> Place:
    """Return the place of one cell of the county, with its table and column in words."""
    known = schema().tables[table]
    return Place(table=table, column=column, key=key, title=known.title, label=known.column(column).label)


def _word(name: str, value: object) -> object:
    lists = {"kind": "school_kind", "stage": "stage", "grade": "grade", "sex": "sex", "band": "class_band"}
    label = allowed(lists[name]).get(str(value)) if name in lists else None
    return label or shown(value)


def shown(value: object) -> object:
    """Return a value as a sentence shows it: a missing one in words, a number without trailing zeros."""
    if value is None:
        return Text("空", "nothing")
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1 else f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return str(value)


def labelled(table: str, column: str) -> Text:
    """Return a column's label, for a sentence."""
    return schema().tables[table].column(column).label


def _filled(text: Text, words: Mapping[str, object]) -> Text:
    def of(lang: str) -> dict[str, object]:
        return {name: word.of(lang) if isinstance(word, Text) else word for name, word in words.items()}

    return Text(text.zh.format(**of("zh")), text.en.format(**of("en")))


def with_sources(county: County, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with the name of their school, and with file, sheet and cell where the county's origins know them."""
    findings = list(findings)
    names = _names(county)
    cells = {
        (table, key, column): place
        for table, origins in county.origins.items()
        for key, column, place in _cells(origins, [one.place for one in findings if one.place.table == table])
    }
    return [replace(one, place=_sourced(one.place, cells, names)) for one in findings]


def _names(county: County) -> dict[str, str]:
    sites = [
        county.tables[table].select(pl.col(key).alias("key"), "name")
        for table, key in (("schools", "school"), ("campuses", "campus"), ("villages", "village"), ("districts", "district"))
    ]
    named = pl.concat(sites).drop_nulls().unique("key", keep="first", maintain_order=True)
    return dict(named.iter_rows())


def _cells(origins: pl.DataFrame, places: list[Place]) -> Iterator[tuple[str, str, Place]]:
    wanted = origins.filter(pl.col("key").is_in(list({"|".join(place.key) for place in places})))
    for row in wanted.iter_rows(named=True):
        yield row["key"], row["column"], Place(file=row["file"] or "", sheet=row["sheet"] or "", cell=row["cell"] or "")


def _sourced(place: Place, cells: Mapping[tuple[str, str, str], Place], names: Mapping[str, str]) -> Place:
    named = replace(place, name=names.get(place.key[0], "") if place.key else "")
    source = cells.get((place.table, "|".join(place.key), place.column))
    if source is None:
        return named
    line = int(source.cell[1:]) if source.file.endswith(".csv") and source.cell[1:].isdecimal() else None
    return replace(named, file=source.file, sheet=source.sheet, cell="" if line else source.cell, row=line)
