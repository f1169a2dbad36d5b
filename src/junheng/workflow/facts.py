"""The basic facts of a judged county: schools, pupils, classes and teachers by stage, and who lives there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from junheng.errors import Text
from junheng.standards import Part
from junheng.workflow.judged import Judged
from junheng.workflow.limits import unit_label
from junheng.workflow.numbers import plainly

Fact = tuple[Text, int | float | None, str]  # label, value (None: no data), unit

_KINDS = (
    ("primary", "小学", "Primary schools"),
    ("teaching_point", "教学点", "Teaching points"),
    ("junior", "初级中学", "Junior schools"),
    ("nine_year", "九年一贯制学校", "Nine-year schools"),
    ("complete_secondary", "完全中学", "Complete secondary schools"),
    ("twelve_year", "十二年一贯制学校", "Twelve-year schools"),
    ("special", "特殊教育学校", "Special schools"),
)
_GROUPS = (("migrant", "随迁子女", "Migrant children"), ("boarders", "寄宿生", "Boarders"), ("disabled", "残疾学生", "Disabled pupils"))
_STAGES = (("primary", "小学", "Primary"), ("junior", "初中", "Junior"))


def _facts(judged: Judged) -> list[Fact]:
    """Return the facts of compulsory education, or of preschool where a framework judges no stage of schools."""
    named = {stage for part in judged.framework.all_parts for stage in (*part.stages, *_named(part))}
    residents: Fact = (Text("常住人口", "Residents"), _only(judged.county.tables["county_facts"], "residents"), "persons")
    return [residents, *(_compulsory(judged) if named else _preschool(judged))]


def _named(part: Part) -> Iterator[str]:
    return (stage for requirement in part.requirements for stage in requirement.stages)


def _compulsory(judged: Judged) -> Iterator[Fact]:
    tables = judged.county.tables
    yield from _kinds(judged, _KINDS)
    for stage, zh, en in _STAGES:
        yield Text(f"{zh}在校生", f"{en} pupils"), _sum(tables["enrolment"], "pupils", stage), "pupils"
        yield Text(f"{zh}班数", f"{en} classes"), _classes(judged, stage), "classes"
        yield Text(f"{zh}专任教师", f"{en} teachers"), _sum(tables["staff"], "teachers", stage), "teachers"
    for column, zh, en in _GROUPS:
        yield Text(f"义务教育{zh}", f"{en}, compulsory stages"), _sum(tables["enrolment"], column, "primary", "junior"), "pupils"
    yield Text("核定教职工编制", "Approved posts"), _only(tables["county_facts"], "approved_posts"), "posts"
    yield Text("实有在编教职工", "Posts held"), _only(tables["county_facts"], "held_posts"), "posts"


def _preschool(judged: Judged) -> Iterator[Fact]:
    tables = judged.county.tables
    gardens = tables["schools"].filter(pl.col("kind") == "kindergarten")
    known = tables["schools"].height > 0
    public, inclusive = gardens["ownership"] == "public", gardens["inclusive"].fill_null(False)
    yield Text("3–5岁常住儿童", "Resident children aged 3-5"), _only(tables["county_facts"], "children_3_5"), "persons"
    yield Text("幼儿园数", "Kindergartens"), gardens.height if known else None, "schools"
    yield Text("其中公办园", "Of these public"), int(public.sum()) if known else None, "schools"
    yield Text("其中普惠性民办园", "Of these inclusive private"), int(inclusive.sum()) if known else None, "schools"
    yield Text("在园幼儿", "Children enrolled"), _sum(tables["enrolment"], "pupils", "preschool"), "children"
    yield Text("班数", "Classes"), _classes(judged, "preschool"), "classes"
    yield Text("教职工", "Staff"), _sum(tables["staff"], "staff", "preschool"), "staff"
    yield Text("专任教师", "Full-time teachers"), _sum(tables["staff"], "teachers", "preschool"), "teachers"


def _kinds(judged: Judged, kinds: Sequence[tuple[str, str, str]]) -> Iterator[Fact]:
    held = judged.county.tables["schools"]["kind"]
    units = {"teaching_point": "teaching_points"}
    return ((Text(f"{zh}数", en), int((held == kind).sum()) if held.len() else None, units.get(kind, "schools")) for kind, zh, en in kinds)


def basic_facts(judged: Judged) -> Sequence[tuple[Text, int | float | None]]:
    """Return the facts of 表Ⅰ, each with its unit in the label; None where any row is missing."""
    return [
        (Text(f"{label.zh}（{unit_label(unit).zh}）", f"{label.en} ({unit_label(unit).en})"), value)
        for label, value, unit in _facts(judged)
    ]


def fact_lines(judged: Judged) -> tuple[tuple[Text, str, Text], ...]:
    """Return the facts as (label, shown, unit); shown is "" for no data. Kinds of school that the county has none of are left out."""
    return tuple(
        (label, plainly(value), unit_label(unit))
        for label, value, unit in _facts(judged)
        if not (unit in ("schools", "teaching_points") and value == 0)
    )


def _sum(table: pl.DataFrame, column: str, *stages: str) -> int | None:
    """Return a column's sum over stages; None without rows or with a single empty cell."""
    values = table.filter(pl.col("stage").is_in(stages))[column]
    return None if values.null_count() or not values.len() else int(values.sum())


def _teachers(judged: Judged, stage: str) -> int | None:
    """Return a stage's teachers; None as soon as one site with pupils has no row, or an empty one: its teachers are unknown, not none."""
    taught = judged.county.tables["enrolment"].filter((pl.col("stage") == stage) & (pl.col("pupils") > 0))["school"]
    held = judged.county.tables["staff"].filter(pl.col("stage") == stage)
    owner = {campus["campus"]: campus["school"] for campus in judged.county.tables["campuses"].to_dicts()}
    sent = set(held["school"])
    whole = all(site in sent or owner.get(site) in sent for site in set(taught))
    return _sum(held, "teachers", stage) if whole else None


def _only(table: pl.DataFrame, column: str) -> int | None:
    return table[column][0] if table.height else None


def _classes(judged: Judged, stage: str) -> int | None:
    """Return the number of classes: single classes where they were returned, else the classes by size band."""
    singles = judged.county.tables["classes"].filter(pl.col("stage") == stage)
    if singles.height:
        return singles.height
    return _sum(judged.county.tables["class_sizes"], "classes", stage)
