"""What a row points at must be there, and what is there should be told about."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.data import frame as data
from junheng.model.checks.data import rows as data_rows
from junheng.model.checks.gather import gather
from junheng.model.county import County
from junheng.model.schema import Column, Table, schema


def check_references(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find codes that point at no school, campus, village or township of the county."""
    for table in schema().tables.values():
        for column in table.columns:
            if column.reference and county.tables[table.name].height:
                yield from _dangling(county, table, column)


def _dangling(county: County, table: Table, column: Column) -> Iterator[Finding]:
    target, target_column = column.reference.split(".")
    known = county.tables[target][target_column]
    campus = {"table": table.name, "column": column.name} in data_rows("campus_columns")
    if campus:
        known = pl.concat([known, county.tables["campuses"]["campus"]])
    value = pl.col(column.name)
    bad = county.tables[table.name].filter(value.is_not_null() & ~value.is_in(known.unique().implode()))
    if not bad.height:
        return
    causes = bad.group_by(column.name).agg(pl.len().alias("rows"), *(pl.col(key).first() for key in table.key if key != column.name))
    found = Text(f"{{{column.name}}}（{{rows}}行）", f"{{{column.name}}} in {{rows}} row(s)")
    title = schema().tables[target].title
    rule = "model.unknown_school" if target == "schools" else "model.unknown_reference"
    yield from gather(rule, table.name, column.name, causes, found, title=title)


def check_presence(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find schools that no table tells anything about, two schools of one name, and points without their central school."""
    schools = county.tables["schools"]
    named = [
        county.tables[table.name]["school"]
        for table in schema().tables.values()
        if table.group == "school" and table.name not in ("schools", "campuses")
    ]
    if any(len(series) for series in named):
        heard = pl.concat([*named, _schools_of_campuses(county, named)]).drop_nulls().unique()
        silent = schools.filter(~pl.col("school").is_in(heard.implode()))
        yield from gather("model.school_in_no_table", "schools", "school", silent, Text("{name}没有任何数据", "{name} without any data"))
    same = schools.filter(pl.col("name").is_not_null()).group_by("name").agg(pl.col("school").sort(), pl.len().alias("rows"))
    twins = same.filter(pl.col("school").list.n_unique() > 1).with_columns(
        pl.col("school").list.join("、").alias("codes"), pl.col("school").list.first().alias("school")
    )
    yield from gather("model.two_schools_with_one_name", "schools", "name", twins, Text("{name}：{codes}", "{name}: {codes}"))


def _schools_of_campuses(county: County, named: list[pl.Series]) -> pl.Series:
    campuses = county.tables["campuses"]
    return campuses.filter(pl.col("campus").is_in(pl.concat(named).implode()))["school"]


def check_stages(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find stages that a school of its kind does not have, and grades that a stage does not have."""
    kinds = school_kinds(county)
    allowed = data("kind_stages").with_columns(pl.lit(value=True).alias("fits"))
    grades = data("stage_grades").with_columns(pl.lit(value=True).alias("fits"))
    for table in schema().tables.values():
        frame = county.tables[table.name]
        if table.group != "school" or "stage" not in table.names or not frame.height:
            continue
        bad = frame.join(kinds, on="school").join(allowed, on=["kind", "stage"], how="left").filter(pl.col("fits").is_null())
        found = Text("{kind}学校有学段{stage}", "stage {stage} at a school of kind {kind}")
        yield from gather("model.stage_of_another_kind", table.name, "stage", bad, found)
        if "grade" in table.names:
            odd = frame.filter(pl.col("grade").is_not_null()).join(grades, on=["stage", "grade"], how="left")
            found = Text("学段{stage}有年级{grade}", "grade {grade} in stage {stage}")
            yield from gather("model.grade_of_another_stage", table.name, "grade", odd.filter(pl.col("fits").is_null()), found)


def school_kinds(county: County) -> pl.DataFrame:
    """Return site (a school's or campus's own code, as `school`), its counted school (`main`) and kind, each code once."""
    schools = county.tables["schools"].select("school", pl.col("school").alias("main"), "kind")
    campuses = county.tables["campuses"].select(pl.col("campus").alias("school"), pl.col("school").alias("main"))
    joined = campuses.join(schools.select("main", "kind").unique("main"), on="main", how="left")
    return pl.concat([schools, joined.select("school", "main", "kind")]).drop_nulls("school").unique("school", keep="first")
