"""Code formats, which belong to the jurisdiction: a Taiwanese school code is not a wrong mainland one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model.checks.data import frame as data
from junheng.model.checks.data import rows as data_rows
from junheng.model.checks.gather import gather
from junheng.model.county import County


def jurisdiction(code: str) -> str:
    """Return the jurisdiction whose county codes look like this one ("cn", "tw"), or "" when none is known."""
    return next((row["jurisdiction"] for row in data_rows("jurisdictions") if re.fullmatch(row["county_code"], code)), "")


def check_codes(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find codes that do not have their jurisdiction's format or do not belong to this county, and type digits of another kind."""
    where = jurisdiction(county.code)
    if not where:
        place = Place(table="county_facts", column="county")
        yield finding("model.unknown_jurisdiction", place, county.code, forms=county_code_forms())
        return
    for rule in data_rows("codes"):
        if rule["jurisdiction"] == where and county.tables[rule["table"]].height:
            yield from _formats(county, rule)
    yield from _types(county, where)


def county_code_forms() -> Text:
    """Return in words the forms of county codes that are known."""
    known = data_rows("jurisdictions")
    return Text("；".join(row["label_zh"] for row in known), "; ".join(row["label_en"] for row in known))


def _formats(county: County, rule: Mapping[str, str]) -> Iterator[Finding]:
    table, column = rule["table"], rule["column"]
    form = Text(rule["form_zh"], rule["form_en"])
    value = pl.col(column)
    frame = county.tables[table]
    fits = value.str.contains(f"^(?:{rule['pattern']})$")
    wrong = frame.filter(~fits)
    yield from _wrong(table, column, wrong, form)
    if rule["starts_with"]:
        start = pl.lit(county.code) if rule["starts_with"] == "county" else pl.col(rule["starts_with"])
        elsewhere = frame.filter(fits & ~value.str.starts_with(start)).with_columns(start.alias("start"))
        found = Text(f"{{{column}}}", f"{{{column}}}")
        yield from gather("model.code_of_another_area", table, column, elsewhere, found)


def _wrong(table: str, column: str, wrong: pl.DataFrame, form: Text) -> Iterator[Finding]:
    """Tell codes apart that lost their leading zeros or their last digits in a spreadsheet from other misfits."""
    value = pl.col(column)
    scientific = value.str.contains(r"^\d(\.\d+)?[eE]\+?\d+$|\.0$")
    found = Text(f"{{{column}}}", f"{{{column}}}")
    yield from gather("model.code_destroyed", table, column, wrong.filter(scientific), found, form=form)
    yield from gather("model.code_format", table, column, wrong.filter(~scientific), found, form=form)


def _types(county: County, where: str) -> Iterator[Finding]:
    types = data("school_types").filter(pl.col("jurisdiction") == where)
    if not types.height:
        return
    known = types.group_by("kind").agg(pl.col("type").alias("types"))
    form = next(rule["pattern"] for rule in data_rows("codes") if (rule["jurisdiction"], rule["table"]) == (where, "schools"))
    schools = county.tables["schools"].filter(pl.col("school").str.contains(f"^(?:{form})$")).join(known, on="kind")
    digits = schools.with_columns(pl.col("school").str.slice(0, 2).alias("digits"), pl.col("school").str.slice(2, 2).alias("province"))
    bad = digits.filter(~pl.col("digits").is_in(pl.col("types"))).with_columns(pl.col("types").list.sort().list.join("、").alias("types"))
    found = Text("类型码{digits}，类别{kind}", "type digits {digits}, kind {kind}")
    yield from gather("model.code_of_another_kind", "schools", "school", bad, found)
    elsewhere = digits.filter(pl.col("province") != county.code[:2])
    found = Text("省码{province}", "province digits {province}")
    yield from gather("model.code_of_another_province", "schools", "school", elsewhere, found, home=county.code[:2])
