"""Improbable values: outside what any school has, or far from the schools of similar kind and size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.counts import total
from junheng.model.checks.data import limit, number
from junheng.model.checks.data import rows as data_rows
from junheng.model.checks.gather import gather, labelled
from junheng.model.checks.references import school_kinds
from junheng.model.county import County
from junheng.model.schema import schema, units

_MAD = 1.4826  # median absolute deviation -> standard deviation of a normal distribution


def check_values(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find values outside what a school can plausibly have (values.csv), and years after this school year."""
    for rule in data_rows("values"):
        table, column = rule["table"], rule["column"]
        value = pl.col(column).cast(pl.Float64)
        least, most = number(rule["least"]), number(rule["most"])
        bad = county.tables[table].filter(_outside(value, least, most) & (value >= 0))
        unit = units()[schema().tables[table].column(column).unit].label
        found = Text(f"{{{column}}}{unit.zh}", f"{{{column}}} {unit.en}")
        yield from gather("model.improbable_value", table, column, bad, found, band=_band(rule["least"], rule["most"]))
    yield from _later(county)


def _later(county: County) -> Iterator[Finding]:
    for table in schema().tables.values():
        for column in table.columns:
            if column.name in ("built_year", "in_use_since", "basic_balance_year"):
                bad = county.tables[table.name].filter(pl.col(column.name) > county.year + 1)
                found = Text(f"{{{column.name}}}", f"{{{column.name}}}")
                yield from gather("model.year_to_come", table.name, column.name, bad, found, year=county.year)


def check_pupils_and_teachers(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find stages of a school with pupils and no teachers, or with teachers and no pupils, once both tables were returned."""
    stage = ["school", "stage"]
    if not county.tables["enrolment"].height or not county.tables["staff"].height:
        return
    pupils = _merged(county, "enrolment").group_by(stage).agg(total("pupils"))
    teachers = _merged(county, "staff").group_by(stage).agg(total("teachers"))
    joined = pupils.join(teachers, on=stage, how="full", coalesce=True)
    alone = joined.filter((pl.col("pupils") > 0) & (pl.col("teachers").is_null() | (pl.col("teachers") == 0)))
    found = Text("{stage}学生{pupils}人，专任教师{teachers}", "{stage}: {pupils} pupils, full-time teachers: {teachers}")
    yield from gather("model.pupils_without_teachers", "staff", "teachers", alone, found)
    empty = joined.filter((pl.col("teachers") > 0) & (pl.col("pupils").is_null() | (pl.col("pupils") == 0)))
    found = Text("{stage}专任教师{teachers}人，学生{pupils}", "{stage}: {teachers} full-time teachers, pupils: {pupils}")
    yield from gather("model.teachers_without_pupils", "enrolment", "pupils", empty, found)


def check_ratios(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find quantities per pupil (or teacher) outside every plausible band, or far from schools of similar kind and size."""
    schools = _school_totals(county)
    if not schools.height:
        return
    for rule in data_rows("ratios"):
        if county.tables[rule["table"]].height:
            yield from _ratio(county, schools, rule)


def _school_totals(county: County) -> pl.DataFrame:
    """Return school, kind, pupils and teachers of each counted school that has pupils."""
    pupils = _merged(county, "enrolment").group_by("school").agg(total("pupils"))
    teachers = _merged(county, "staff").group_by("school").agg(total("teachers"))
    kinds = school_kinds(county).select("school", "kind")
    return pupils.join(teachers, on="school", how="left").join(kinds, on="school").filter(pl.col("pupils") > 0)


def _merged(county: County, table: str) -> pl.DataFrame:
    """Return a school-level table with the codes of campuses replaced by the school to which they belong."""
    sites = school_kinds(county).select("school", "main")
    return county.tables[table].join(sites, on="school").with_columns(pl.col("main").alias("school")).drop("main")


def _ratio(county: County, schools: pl.DataFrame, rule: Mapping[str, str]) -> Iterator[Finding]:
    table, column, per = rule["table"], rule["column"], rule["per"]
    value = _merged(county, table).group_by("school").agg(total(column).cast(pl.Float64).alias("value"))
    base = pl.col(per).cast(pl.Float64)
    joined = value.join(schools, on="school").filter(pl.col("value").is_not_null() & (base > 0))
    ratios = joined.with_columns((pl.col("value") / base).alias("ratio"), base.alias("base"))
    outside = _outside(pl.col("ratio"), number(rule["least"]), number(rule["most"]))
    words: dict[str, Any] = {"label": labelled(table, column), "per_label": _PER[per]}
    unit = units()[schema().tables[table].column(column).unit].label
    rule_band = _band(rule["least"], rule["most"])
    yield from gather("model.improbable_ratio", table, column, ratios.filter(outside), _found(words, unit), band=rule_band, **words)
    within = ratios.filter(~outside & (pl.col("ratio") > 0))
    outliers = _far_from_peers(within, float(rule["times"]), float(rule["spread"]))
    yield from gather("model.unlike_similar_schools", table, column, outliers, _found(words, unit), **words)


_PER: Mapping[str, Text] = {"pupils": Text("学生", "pupils"), "teachers": Text("专任教师", "full-time teachers")}


def _found(words: Mapping[str, Text], unit: Text) -> Text:
    label, per = words["label"], words["per_label"]
    return Text(
        f"{label.zh}{{value}}{unit.zh}（{per.zh}{{base}}人，人均{{ratio}}）",
        f"{label.en} {{value}} {unit.en} ({{base}} {per.en}, {{ratio}} each)",
    )


def _far_from_peers(ratios: pl.DataFrame, times: float, spread: float) -> pl.DataFrame:
    """Return the schools whose ratio is far from the schools of their stage group nearest in size.

    Two medians are taken, of the `window` schools that are smaller and of those that are larger, so that a school beside a
    gap in size is like one of them; the nearer counts. Far is both: more than `times` times (or less than one part in `times`
    of) that median, and more than `spread` robust standard deviations of the logarithm away. Medians bear up to half of the
    schools being wrong.
    """
    window, fewest = int(limit("window")), int(limit("peers"))
    log = pl.col("log")
    sized = ratios.with_columns(pl.col("kind").replace(_GROUPS).alias("group"), pl.col("ratio").log().alias("log"))
    ordered = sized.sort("group", "pupils", "school").with_columns(
        log.rolling_median(window, min_samples=fewest).over("group").alias("smaller"),
        log.reverse().rolling_median(window, min_samples=fewest).reverse().over("group").alias("larger"),
    )
    smaller, larger = (log - pl.col("smaller")).abs(), (log - pl.col("larger")).abs()
    nearer = pl.when(larger.is_null() | (smaller <= larger)).then(pl.col("smaller")).otherwise(pl.col("larger"))
    apart = ordered.with_columns(nearer.exp().alias("median"), pl.min_horizontal(smaller, larger).alias("apart"))
    deviation = pl.col("apart").rolling_median(window, min_samples=1, center=True).over("group") * _MAD
    return apart.filter((pl.col("apart") > pl.lit(times).log()) & (pl.col("apart") > spread * deviation))


_GROUPS: Mapping[str, str] = {"teaching_point": "primary", "nine_year": "junior", "twelve_year": "senior", "complete_secondary": "senior"}


def _outside(value: pl.Expr, least: float | None, most: float | None) -> pl.Expr:
    below = value < least if least is not None else pl.lit(value=False)
    above = value > most if most is not None else pl.lit(value=False)
    return below | above


def _band(least: str, most: str) -> Text:
    if not least:
        return Text(f"不超过{most}", f"at most {most}")
    if not most:
        return Text(f"不低于{least}", f"at least {least}")
    return Text(f"{least}至{most}", f"between {least} and {most}")
