"""The basic facts of a judged county: schools, pupils, classes and teachers by stage, and who lives there."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from junheng.errors import Text
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
    ("kindergarten", "幼儿园", "Kindergartens"),
)
_GROUPS = (("migrant", "随迁子女", "Migrant children"), ("boarders", "寄宿生", "Boarders"), ("disabled", "残疾学生", "Disabled pupils"))
_STAGES = (("primary", "小学", "Primary"), ("junior", "初中", "Junior"))


def _facts(judged: Judged) -> list[Fact]:
    tables = judged.county.tables
    facts: list[Fact] = [(Text("常住人口", "Residents"), _only(tables["county_facts"], "residents"), "persons")]
    kinds = tables["schools"]["kind"]
    facts += [(Text(f"{zh}数", en), int((kinds == kind).sum()) if kinds.len() else None, "schools") for kind, zh, en in _KINDS]
    for stage, zh, en in _STAGES:
        facts.append((Text(f"{zh}在校生", f"{en} pupils"), _sum(tables["enrolment"], "pupils", stage), "pupils"))
        facts.append((Text(f"{zh}班数", f"{en} classes"), _classes(judged, stage), "classes"))
        facts.append((Text(f"{zh}专任教师", f"{en} teachers"), _sum(tables["staff"], "teachers", stage), "teachers"))
    for column, zh, en in (
        ("migrant", "随迁子女", "Migrant children"),
        ("boarders", "寄宿生", "Boarders"),
        ("disabled", "残疾学生", "Disabled pupils"),
    ):
        facts.append((Text(f"义务教育{zh}", f"{en}, compulsory stages"), _sum(tables["enrolment"], column, "primary", "junior"), "pupils"))
    facts.append((Text("核定教职工编制", "Approved posts"), _only(tables["county_facts"], "approved_posts"), "posts"))
    facts.append((Text("实有在编教职工", "Posts held"), _only(tables["county_facts"], "held_posts"), "posts"))
    return facts


def basic_facts(judged: Judged) -> Sequence[tuple[Text, int | float | None]]:
    """Return the facts of 表Ⅰ, each with its unit in the label; None where any row is missing."""
    return [
        (Text(f"{label.zh}（{unit_label(unit).zh}）", f"{label.en} ({unit_label(unit).en})"), value)
        for label, value, unit in _facts(judged)
    ]


def fact_lines(judged: Judged) -> tuple[tuple[Text, str, Text], ...]:
    """Return the facts as (label, shown, unit); shown is "" for no data. Kinds of school that the county has none of are left out."""
    return tuple(
        (label, plainly(value), unit_label(unit)) for label, value, unit in _facts(judged) if not (unit == "schools" and value == 0)
    )


def _sum(table: pl.DataFrame, column: str, *stages: str) -> int | None:
    """Return a column's sum over stages; None without rows or with a single empty cell."""
    values = table.filter(pl.col("stage").is_in(stages))[column]
    return None if values.null_count() or not values.len() else int(values.sum())


def _only(table: pl.DataFrame, column: str) -> int | None:
    return table[column][0] if table.height else None


def _classes(judged: Judged, stage: str) -> int | None:
    """Return the number of classes: single classes where they were returned, else the classes by size band."""
    singles = judged.county.tables["classes"].filter(pl.col("stage") == stage)
    if singles.height:
        return singles.height
    return _sum(judged.county.tables["class_sizes"], "classes", stage)
