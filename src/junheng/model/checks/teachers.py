"""The register of teachers: one person in one school, subjects and backbone that fit, couples that agree, schools without a teacher."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.data import limit
from junheng.model.checks.gather import gather
from junheng.model.county import County

_CODE = Text("{teacher}", "{teacher}")


def check_teachers(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find what a register says that cannot be, and what is missing in it; nothing where there is no register."""
    register = county.tables["teachers"]
    if not register.height:
        return
    yield from _of_one_teacher(register, county.year)
    yield from _couples(register)
    yield from _schools(county, register)


def _of_one_teacher(register: pl.DataFrame, year: int) -> Iterator[Finding]:
    schools = register.group_by("teacher").agg(pl.col("school").unique().sort(), pl.len().alias("rows"))
    twice = schools.filter(pl.col("school").list.len() > 1).with_columns(pl.col("school").list.join("、").alias("schools"))
    found = Text("{teacher}在{schools}", "{teacher} at {schools}")
    yield from gather("model.teacher_in_two_schools", "teachers", "school", twice, found)
    unknown = register.filter(pl.col("subject").is_null() & pl.col("full_time").fill_null(value=True))
    yield from gather("model.teacher_without_subject", "teachers", "subject", unknown, Text("空", "nothing"))
    is_backbone = pl.col("backbone").is_not_null() & (pl.col("backbone") != "none")
    part = register.filter(is_backbone & pl.col("full_time").eq(other=False))
    yield from gather("model.backbone_not_full_time", "teachers", "backbone", part, Text("{backbone}，非专任", "{backbone}, not full-time"))
    age = pl.lit(year) - pl.col("born").dt.year()
    young, old = int(limit("teacher_youngest")), int(limit("teacher_oldest"))
    odd = register.with_columns(age.alias("age")).filter((pl.col("age") < young) | (pl.col("age") > old))
    yield from gather("model.teacher_of_odd_age", "teachers", "born", odd, Text("{born}", "{born}"), youngest=young, oldest=old)
    began = register.filter((pl.col("since") > year + 1) | (pl.col("since") < pl.col("born").dt.year() + young))
    yield from gather("model.teacher_since_cannot_be", "teachers", "since", began, Text("{since}", "{since}"))
    same = register.filter(pl.col("second_subject") == pl.col("subject"))
    yield from gather("model.second_subject_is_the_first", "teachers", "second_subject", same, Text("{second_subject}", "{second_subject}"))
    yield from _since(register, year, young)
    outside = register.filter(pl.col("lessons_outside") > pl.col("lessons"))
    found = Text("{lessons_outside}多于{lessons}", "{lessons_outside} of {lessons}")
    yield from gather("model.more_lessons_outside_than_taught", "teachers", "lessons_outside", outside, found)


def _since(register: pl.DataFrame, year: int, young: int) -> Iterator[Finding]:
    """Find titles and positions held since a year that cannot be."""
    of_age = pl.col("born").dt.year() + young
    for rule, since in (("model.title_since_cannot_be", "title_since"), ("model.position_since_cannot_be", "position_since")):
        odd = register.filter((pl.col(since) > year) | (pl.col(since) < of_age))
        yield from gather(rule, "teachers", since, odd, Text(f"{{{since}}}", f"{{{since}}}"))


def _couples(register: pl.DataFrame) -> Iterator[Finding]:
    pairs = register.filter(pl.col("partner").is_not_null()).select("teacher", "partner")
    back = pairs.select(pl.col("teacher").alias("partner"), pl.col("partner").alias("says")).unique("partner")
    odd = pairs.join(back, on="partner", how="left").filter(pl.col("says").ne_missing(pl.col("teacher")))
    yield from gather("model.couple_at_odds", "teachers", "partner", odd, Text("{teacher}→{partner}", "{teacher} names {partner}"))


def _schools(county: County, register: pl.DataFrame) -> Iterator[Finding]:
    held = register.group_by("school", "stage").agg(
        pl.col("full_time").sum().alias("listed"),
        (pl.col("exemption").is_not_null() & (pl.col("exemption") != "none")).sum().alias("exempt"),
    )
    heads = register.filter((pl.col("position") == "head") & pl.struct("school", "position").is_duplicated())
    yield from gather("model.two_heads_in_a_school", "teachers", "position", heads, Text("{teacher}在{school}", "{teacher} at {school}"))
    stages = register["stage"].unique().implode()
    taught = county.tables["enrolment"].filter(pl.col("stage").is_in(stages)).group_by("school", "stage").agg(pl.col("pupils").sum())
    alone = taught.filter(pl.col("pupils") > 0).join(held, on=["school", "stage"], how="anti")
    found = Text("有学生、名册中没有教师（{stage}）", "pupils and no teacher in the register ({stage})")
    yield from gather("model.school_not_in_register", "schools", "school", alone, found)
    both = county.tables["staff"].select("school", "stage", "teachers").join(held, on=["school", "stage"])
    more = both.filter(pl.col("exempt") > pl.col("teachers"))
    found = Text("{exempt}人暂不交流，专任教师{teachers}人", "{exempt} exempt of {teachers} full-time teachers")
    yield from gather("model.more_exempt_than_teachers", "staff", "teachers", more, found)
    differ = both.filter(pl.col("listed") != pl.col("teachers"))
    found = Text("名册专任{listed}人，报表{teachers}人", "{listed} full-time in the register, {teachers} returned")
    yield from gather("model.register_differs_from_return", "staff", "teachers", differ, found)
