"""Posts due by stage and by school: ratios, the floor of small schools, boarding, beside what is approved and held."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Text
from junheng.model import County
from junheng.planning.teaching import sites
from junheng.planning.teaching_posts import posts_due
from junheng.standards import Rulebook
from junheng.workflow.teachers_lists import CODE, SCHOOL, STAGE, in_order, made, number
from junheng.workflow.views.teaching import TeachingList, TeachingSection

_NOTE = Text(
    "应配＝取生师比与班师比（仅小规模小学）较大者，逐校进位，加寄宿附加；特殊教育学校用自己的比例；民办学校没有编制，不在内。"
    "没有适用比例的学段为空，不是0。",
    "Due: the larger of ratios by pupils and by classes (small primary schools), rounded up by school, with boarding; special schools "
    "by their own ratio, private schools left out; empty where no ratio is known.",
)
_SUMS = ("pupils", "classes", "by_pupils", "floor", "boarding", "due")


def posts_section(county: County, rules: Rulebook) -> TeachingSection:
    """Return the section on posts."""
    due = posts_due(county, rules).with_columns(
        (pl.max_horizontal("by_pupils", "by_classes") - pl.col("by_pupils")).alias("floor"),
    )
    lists = (_by_stage(county, due), _by_school(county, due))
    return TeachingSection(title=Text("应配编制", "Posts due"), sentences=tuple(_sentences(county, due)), lists=lists)


def _by_stage(county: County, due: pl.DataFrame) -> TeachingList:
    """Add up by stage; a stage with a school of which it is not known is not known."""
    whole = [pl.when(pl.col(name).is_null().any()).then(None).otherwise(pl.col(name).sum()).alias(name) for name in _SUMS]
    sums = due.group_by("stage").agg(pl.len().cast(pl.Int64).alias("units"), *whole)
    register = county.tables["teachers"].join(sites(county).select("school", "private"), on="school", how="left")
    public = register.filter(~pl.col("private").fill_null(value=False))
    held = public.group_by("stage").agg(
        pl.len().cast(pl.Int64).alias("listed"), pl.col("established").fill_null(value=True).sum().cast(pl.Int64).alias("established")
    )
    frame = in_order(sums.join(held, on="stage", how="left")).select("stage", "units", *_SUMS, "listed", "established")
    columns = (
        *(STAGE, number("学校（部）", "Schools", 10), number("学生", "Pupils"), number("班数", "Classes")),
        *(number("按生师比", "By pupils", 10), number("小规模补足", "Small schools", 11), number("寄宿附加", "Boarding", 10)),
        *(number("应配教职工", "Due", 11), number("名册教师", "In register", 10), number("其中在编", "Established", 10)),
    )
    title = (Text("各学段应配", "Posts by stage"), Text("各学段应配教职工编制（人）", "Posts due by stage"))
    note = Text(
        f"{_NOTE.zh}应配数含职员和工勤，名册教师只是专任和兼任教师，两者不能直接相减。",
        f"{_NOTE.en} Posts due hold other staff too; the register holds teachers: they are not to be subtracted.",
    )
    return made("posts_by_stage", title, columns, frame, note)


def _by_school(county: County, due: pl.DataFrame) -> TeachingList:
    names = county.tables["schools"].select(pl.col("school").alias("main"), "name")
    approved = county.tables["posts"].select(pl.col("school").alias("main"), "approved", "held")
    units = due.group_by("main").agg(pl.len().alias("units"))
    joined = due.join(names, on="main", how="left").join(approved, on="main", how="left").join(units, on="main")
    one = pl.col("units") == 1  # posts are approved for a school, not for its stages
    frame = in_order(joined, "school").select(
        *("school", "name", "stage", "pupils", "classes", "by_pupils", "floor", "boarding", "due"),
        *(pl.when(one).then(name).alias(name) for name in ("approved", "held")),
        pl.when(one).then(pl.col("approved") - pl.col("due")).alias("beside"),
    )
    columns = (
        *(CODE, SCHOOL, STAGE, number("学生", "Pupils", 8), number("班数", "Classes", 8), number("按生师比", "By pupils")),
        *(number("小规模补足", "Small school", 11), number("寄宿附加", "Boarding"), number("应配", "Due", 8)),
        *(number("核定", "Approved", 8), number("实有在编", "Held"), number("核定减应配", "Approved less due", 11)),
    )
    title = (Text("应配编制", "Posts due"), Text("各校应配教职工编制（人）", "Posts due to schools"))
    note = Text(
        f"{_NOTE.zh}一校多学段的，核定数不分学段，不列。", f"{_NOTE.en} Where a school has several stages its approved posts are not split."
    )
    return made("posts", title, columns, frame, note, "annex")


def _sentences(county: County, due: pl.DataFrame) -> Iterator[Text]:
    known = due.filter(pl.col("due").is_not_null())
    told = county.tables["posts"].join(sites(county).filter(~pl.col("private")).select("school"), on="school", how="semi")
    if known.height:
        total, floor, boarding = (int(known[name].sum()) for name in ("due", "floor", "boarding"))
        yield Text(
            f"按编制标准应配教职工{total:,}人，其中小规模小学按班师比补足{floor:,}人，寄宿附加{boarding:,}人。",
            f"{total:,} posts are due, {floor:,} of them by the floor of small primary schools, {boarding:,} for boarding.",
        )
    if told.height and not told["approved"].is_null().any() and not told["held"].is_null().any():
        approved, held = int(told["approved"].sum()), int(told["held"].sum())
        yield Text(
            f"公办学校核定编制{approved:,}个，实有在编{held:,}人，空编{max(0, approved - held):,}个。",
            f"{approved:,} posts are approved for public schools, {held:,} held, {max(0, approved - held):,} vacant.",
        )
