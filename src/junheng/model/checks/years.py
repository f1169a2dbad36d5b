"""One year against the year before: jumps, schools that came, went or changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.counts import total
from junheng.model.checks.data import rows as data_rows
from junheng.model.checks.gather import gather, labelled
from junheng.model.county import County


def check_years(county: County, previous: County | None) -> Iterator[Finding]:
    """Find values that jumped since the year before (jumps.csv), and schools that came, went, or changed name or kind."""
    if previous is None:
        return
    for rule in data_rows("jumps"):
        if county.tables[rule["table"]].height and previous.tables[rule["table"]].height:
            yield from _jumps(county, previous, rule)
    yield from _schools(county, previous)
    yield from _unchanged(county, previous)


def _jumps(county: County, previous: County, rule: Mapping[str, str]) -> Iterator[Finding]:
    by = rule["by"].split()
    joined = _grouped(county, rule, by, "now").join(_grouped(previous, rule, by, "then"), on=by)
    now, then = pl.col("now").cast(pl.Float64), pl.col("then").cast(pl.Float64)
    times, difference = float(rule["times"]), float(rule["difference"])
    far = (now > then * times) | (now * times < then)
    bad = joined.filter(far & ((now - then).abs() >= difference))
    label = labelled(rule["table"], rule["column"]) if rule["column"] != "class" else Text("班数", "classes")
    found = Text(f"{label.zh}上年{{then}}，本年{{now}}", f"{label.en} {{then}} a year before, {{now}} now")
    yield from gather("model.jump_since_last_year", rule["table"], rule["column"], bad, found, times=rule["times"])


def _grouped(county: County, rule: Mapping[str, str], by: list[str], name: str) -> pl.DataFrame:
    frame = county.tables[rule["table"]]
    value = pl.len().cast(pl.Int64) if rule["column"] == "class" else total(rule["column"])
    return frame.group_by(by).agg(value.alias(name)).filter(pl.col(name).is_not_null())


def _schools(county: County, previous: County) -> Iterator[Finding]:
    now, then = county.tables["schools"].unique("school"), previous.tables["schools"].unique("school")
    if not now.height or not then.height:
        return
    gone = then.join(now, on="school", how="anti")
    yield from gather("model.school_gone", "schools", "school", gone, Text("上年有{name}，本年没有", "{name} a year before, and not now"))
    new = now.join(then, on="school", how="anti")
    yield from gather("model.school_new", "schools", "school", new, Text("本年新增{name}", "{name} now, and not a year before"))
    both = now.join(then.select("school", pl.col("name").alias("old_name"), pl.col("kind").alias("old_kind")), on="school")
    renamed = both.filter(pl.col("name") != pl.col("old_name"))
    yield from gather("model.school_renamed", "schools", "name", renamed, Text("上年{old_name}，本年{name}", "{old_name}, now {name}"))
    changed = both.filter(pl.col("kind") != pl.col("old_kind"))
    found = Text("上年类别{old_kind}，本年{kind}", "kind {old_kind} a year before, now {kind}")
    yield from gather("model.school_of_another_kind", "schools", "kind", changed, found)


def _unchanged(county: County, previous: County) -> Iterator[Finding]:
    """Find schools whose enrolment is the same in every grade as a year before: last year's return, sent again."""
    by = ["school", "stage", "grade"]
    now = county.tables["enrolment"].group_by(by).agg(total("pupils"))
    then = previous.tables["enrolment"].group_by(by).agg(total("pupils").alias("then"))
    joined = now.join(then, on=by).filter(pl.col("pupils").is_not_null() & (pl.col("pupils") > 0))
    schools = joined.group_by("school").agg((pl.col("pupils") == pl.col("then")).all().alias("same"), pl.len().alias("grades"))
    same = schools.filter(pl.col("same") & (pl.col("grades") > 2))
    found = Text("{grades}个年级人数与上年完全相同", "{grades} grades with exactly the pupils of a year before")
    yield from gather("model.same_as_last_year", "enrolment", "pupils", same, found)
