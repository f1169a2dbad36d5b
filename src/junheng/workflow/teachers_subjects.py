"""Need and supply by subject, what a second subject mends, structure of the staff, lessons and overload."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Text
from junheng.model import County, allowed
from junheng.planning.teaching import beside, loads, without_teachers_told
from junheng.planning.teaching_second import mended, outside
from junheng.standards import Rulebook
from junheng.workflow.numbers import shown
from junheng.workflow.teachers_lists import (
    CODE,
    SCHOOL,
    STAGE,
    SUBJECT,
    in_order,
    made,
    number,
    of_the_two_stages,
    people,
    stage_word,
    subject_word,
    with_names,
)
from junheng.workflow.views.teaching import TeachingList, TeachingSection

_AGES = ((0, 29), (30, 39), (40, 49), (50, 54), (55, 99))
_MOST_NAMED = 5
_PLAN = Text(
    "需要＝课时计划×班数÷教师周课时；没有本县课时计划的年级用全国方案的假设分配，周课时标准也是假设，均可改写。",
    "Needed: lessons of the plan × classes ÷ lessons of a teacher. Grades without a plan of the county take the assumed split.",
)
_SECOND = Text(
    "“兼教可补”：本校富余教师按名册的兼教学科最多可补的人数；缺额、富余是各校分别合计，不相抵。",
    "Mended: what spare teachers of the same school can teach as their second subject. Lacking and spare are added up apart.",
)


def subjects_section(county: County, rules: Rulebook) -> TeachingSection:
    """Return the section on need and supply by subject."""
    silent = without_teachers_told(county)
    every, second = beside(county, rules), mended(county, rules)
    gaps = every.join(silent, on=["school", "stage"], how="anti")
    lists = (_subjects(gaps, second), _schools(county, gaps, second), _helpers(county, second))
    return TeachingSection(
        title=Text("学科供需", "Need and supply by subject"),
        sentences=(*_sentences(gaps, second), *_silent(county, every, silent)),
        lists=tuple(one for one in lists if one.rows),
    )


def _subjects(gaps: pl.DataFrame, second: pl.DataFrame) -> TeachingList:
    short, spare = pl.col("gap").clip(upper_bound=0).abs().sum(), pl.col("gap").clip(lower_bound=0).sum()
    sums = gaps.group_by("stage", "subject").agg(
        pl.col("need").sum(),
        pl.col("held").sum(),
        short.alias("lacking"),
        spare.alias("spare"),
        (pl.col("gap") < -0.05).sum().alias("schools"),
    )
    helped = second.group_by("stage", "subject").agg(pl.col("mended").sum())
    joined = sums.join(helped, on=["stage", "subject"], how="left").with_columns(pl.col("mended").fill_null(0.0))
    told = joined.with_columns((pl.col("lacking") - pl.col("mended")).alias("left"))
    frame = in_order(told, "subject").select(
        *("stage", "subject", pl.col("need").round(1), "held", pl.col("lacking").round(1), pl.col("schools").cast(pl.Int64)),
        *(pl.col(name).round(1) for name in ("mended", "left", "spare")),
    )
    columns = (
        *(STAGE, SUBJECT, number("需要", "Needed"), number("现有", "Held")),
        *(number("缺额", "Lacking"), number("缺的校数", "Schools", 10), number("兼教可补", "Mended", 10)),
        *(number("仍缺", "Left"), number("富余", "Spare")),
    )
    note = Text(f"{_PLAN.zh}{_SECOND.zh}", f"{_PLAN.en} {_SECOND.en}")
    return made(
        "subjects", (Text("学科供需", "Subjects"), Text("各学科教师供需（人）", "Need and supply by subject")), columns, frame, note
    )


def _schools(county: County, gaps: pl.DataFrame, second: pl.DataFrame) -> TeachingList:
    helped = second.group_by("school", "stage", "subject").agg(pl.col("mended").sum())
    lacking = gaps.filter(pl.col("gap") < -0.05).join(helped, on=["school", "stage", "subject"], how="left")
    told = with_names(lacking.with_columns(pl.col("mended").fill_null(0.0), pl.col("gap").abs().alias("lacking")), county)
    frame = in_order(told, "school", "gap").select(
        *("school", "name", "stage", "subject", pl.col("need").round(1), "held", pl.col("lacking").round(1), pl.col("mended").round(1)),
        (pl.col("lacking") - pl.col("mended")).round(1).alias("left"),
    )
    columns = (
        *(CODE, SCHOOL, STAGE, SUBJECT, number("需要", "Needed"), number("现有", "Held")),
        *(number("缺", "Lacking"), number("兼教可补", "Mended", 10), number("仍缺", "Left")),
    )
    title = (Text("各校缺额", "Schools"), Text("各校各学科缺额（人）", "Teachers lacking by school and subject"))
    return made("schools", title, columns, frame, _PLAN, "annex")


def _helpers(county: County, second: pl.DataFrame) -> TeachingList:
    told = in_order(with_names(second, county), "school", "subject").select(
        "school", "name", "stage", "subject", "first", pl.col("lacking").round(1), pl.col("mended").round(1)
    )
    columns = (
        *(CODE, SCHOOL, STAGE, (Text("缺的学科", "Lacking"), 12), (Text("由谁兼教（任教学科）", "Whose second subject"), 20)),
        *(number("缺", "Lacking"), number("可补", "Mended")),
    )
    title = (
        Text("校内兼教", "Second subjects"),
        Text("校内由第二学科教师兼教可补的缺额（人）", "What second subjects mend inside a school"),
    )
    return made("second", title, columns, told, _SECOND, "workbook")


def _sentences(gaps: pl.DataFrame, second: pl.DataFrame) -> Iterator[Text]:
    for (stage,), rows in in_order(gaps).group_by("stage", maintain_order=True):
        name, lacking = stage_word(str(stage)), float(rows.filter(pl.col("gap") < 0)["gap"].abs().sum())
        spare, need, held = float(rows.filter(pl.col("gap") > 0)["gap"].sum()), float(rows["need"].sum()), int(rows["held"].sum())
        helped = float(second.filter(pl.col("stage") == stage)["mended"].sum())
        by = (
            rows.filter(pl.col("gap") < 0)
            .group_by("subject")
            .agg(pl.col("gap").sum().abs())
            .sort("gap", "subject", descending=[True, False])
        )
        worst = [(subject, gap) for subject, gap in by.head(_MOST_NAMED).iter_rows() if gap >= 1]
        zh = "、".join(f"{subject_word(subject).zh}{people(gap)}人" for subject, gap in worst)
        en = ", ".join(f"{subject_word(subject).en} {people(gap)}" for subject, gap in worst)
        yield Text(
            f"{name.zh}现有教师{held:,}人，按课时需要{people(need)}人；各校缺额合计{people(lacking)}人，富余合计{people(spare)}人"
            f"，校内兼教最多可补{people(helped)}人。{f'缺得最多的是{zh}。' if zh else ''}",
            f"{name.en}: {held:,} teachers for lessons of {people(need)}; lacking {people(lacking)}, spare {people(spare)}, "
            f"mended by second subjects inside schools {people(helped)}.{f' Most: {en}.' if en else ''}",
        )


def _silent(county: County, every: pl.DataFrame, silent: pl.DataFrame) -> Iterator[Text]:
    """Yield which schools have pupils and no teacher that is known: their need is told and left out of every sum."""
    if not silent.height:
        return
    need = people(float(every.join(silent, on=["school", "stage"], how="semi")["need"].sum()))
    names = with_names(silent.unique("school", keep="first", maintain_order=True), county)["name"].to_list()
    zh, en = "、".join(names[:_MOST_NAMED]), ", ".join(names[:_MOST_NAMED])
    et, dots = ("等", " …") if len(names) > _MOST_NAMED else ("", "")
    yield Text(
        f"{len(names)}所有学生的学校既没有教师名册、也没有分学科报表（{zh}{et}），其按课时需要的{need}人没有计入供需和补充。",
        f"{len(names)} schools with pupils have neither register nor return of subjects ({en}{dots}): the {need} teachers whom their "
        "lessons need are left out of these sums.",
    )


def structure_section(county: County) -> TeachingSection:
    """Return the section on subjects, degrees, certificates, ages and titles."""
    return TeachingSection(title=Text("队伍结构", "Structure of the staff"), sentences=(), lists=(_structure(county), _ages(county)))


def _structure(county: County) -> TeachingList:
    degrees = tuple(allowed("degree"))
    own = pl.col("certificate_subject") == pl.col("subject")
    counts = [
        *((pl.col("degree") == degree).sum().cast(pl.Int64).alias(degree) for degree in degrees),
        pl.col("certificate").eq(other=True).sum().cast(pl.Int64).alias("certified"),
        (pl.col("certificate").eq(other=True) & own).sum().cast(pl.Int64).alias("own_subject"),
        pl.col("second_subject").is_not_null().sum().cast(pl.Int64).alias("second"),
        (pl.col("backbone").fill_null("none") != "none").sum().cast(pl.Int64).alias("is_backbone"),
    ]
    register = of_the_two_stages(county.tables["teachers"])
    sums = register.group_by("stage", "subject").agg(pl.len().cast(pl.Int64).alias("all"), *counts)
    columns = (
        *(STAGE, SUBJECT, number("教师", "Teachers"), *(number(text.zh, text.en, 10) for text in allowed("degree").values())),
        *(number("持证", "Certified"), number("证书与学科一致", "Of own subject", 13), number("有兼教学科", "Second subject", 11)),
        number("骨干", "Backbone"),
    )
    title = (Text("学科结构", "By subject"), Text("各学科教师的学历、资格证与骨干（人）", "Degrees, certificates and backbone by subject"))
    note = Text(
        "学历、资格证未填的教师只计入“教师”一列。", "Who has no degree or certificate filled in counts in the column Teachers alone."
    )
    return made("structure", title, columns, in_order(sums, "subject"), note)


def _ages(county: County) -> TeachingList:
    age = pl.lit(county.year) - pl.col("born").dt.year()
    bands = [age.is_between(low, high).sum().cast(pl.Int64).alias(f"a{low}") for low, high in _AGES]
    titled = (
        county.tables["teachers"]
        .group_by("stage", "title")
        .agg(pl.len().cast(pl.Int64).alias("all"), *bands, (pl.col("sex") == "female").sum().cast(pl.Int64).alias("women"))
    )
    heads = tuple(number("55岁以上" if high > 90 else f"{low}–{high}岁", f"{low}-{high}") for low, high in _AGES[1:])
    columns = (
        *(
            STAGE,
            (Text("职称", "Title"), 10),
            number("合计", "All", 8),
            number("29岁以下", "29 and under", 10),
            *heads,
            number("女", "Women", 8),
        ),
    )
    title = (Text("年龄职称", "Ages"), Text("各学段教师的年龄与职称（人）", "Ages and titles"))
    order = in_order(titled, pl.col("title").replace_strict({one: k for k, one in enumerate(allowed("teacher_title"))}, default=9))
    note = Text(
        "名册中的全部教师；出生年月未填的只计入合计。", "All teachers of the register; who has no birth filled in counts in All alone."
    )
    return made("ages", title, columns, order, note)


def lessons_section(county: County, rules: Rulebook) -> TeachingSection:
    """Return the section on lessons: outside one's subject, and more of them than the load."""
    told = outside(county)
    lists = tuple(one for one in (_overload(county, rules), _outside_by_stage(told), _outside(county, told)) if one.rows)
    return TeachingSection(
        title=Text("课时负担与非本学科任教", "Lessons, and those outside one's subject"), sentences=tuple(_said(told)), lists=lists
    )


def _said(told: pl.DataFrame) -> Iterator[Text]:
    sums = of_the_two_stages(told).group_by("stage").agg(pl.col("lessons", "outside", "neither").sum())
    for stage, lessons, beyond, neither in in_order(sums).select("stage", "lessons", "outside", "neither").iter_rows():
        if lessons and beyond:
            name, share, alone = stage_word(stage), shown(100 * beyond / lessons, 1), shown(100 * neither / beyond, 1)
            yield Text(
                f"{name.zh}有{share}%的课时不属于任课教师的任教学科，其中由没有兼教学科的教师承担的占{alone}%。",
                f"{name.en}: {share} % of lessons lie outside their teachers' subject, {alone} % of these by teachers with no second one.",
            )


def _outside_by_stage(told: pl.DataFrame) -> TeachingList:
    sums = told.group_by("stage").agg(pl.col("teachers", "lessons", "outside", "second", "neither").sum())
    share = pl.when(pl.col("lessons") > 0).then((100 * pl.col("outside") / pl.col("lessons")).round(1)).alias("share")
    frame = in_order(sums).select("stage", "teachers", "lessons", "outside", share, "second", "neither")
    title = (Text("非本学科", "Outside"), Text("非本学科任教的周课时（节）", "Lessons a week outside one's subject"))
    return made("outside_by_stage", title, (STAGE, *_COLUMNS), frame, _LESSONS)


_LESSONS = Text(
    "按名册的周课时，没有填的教师不计入。有兼教学科的教师在任教学科以外的课，可能正是其兼教学科；没有的，是真正的教非所学。",
    "By the lessons of the register; teachers without are left out. Outside the first may mean the second.",
)
_COLUMNS = (
    *(number("教师", "Teachers", 8), number("周课时", "Lessons"), number("非本学科课时", "Outside", 12), number("占比%", "Share %")),
    *(number("教师有兼教学科", "With a second", 13), number("教师无兼教学科", "With none", 13)),
)


def _outside(county: County, told: pl.DataFrame) -> TeachingList:
    share = pl.when(pl.col("lessons") > 0).then((100 * pl.col("outside") / pl.col("lessons")).round(1)).alias("share")
    frame = in_order(with_names(told, county), "school").select(
        "school", "name", "stage", "teachers", "lessons", "outside", share, "second", "neither"
    )
    title = (Text("课时", "Lessons"), Text("各校非本学科任教的周课时（节）", "Lessons outside one's subject by school"))
    return made("lessons", title, (CODE, SCHOOL, STAGE, *_COLUMNS), frame, _LESSONS, "annex")


def _overload(county: County, rules: Rulebook) -> TeachingList:
    told = county.tables["teachers"].filter(pl.col("lessons").is_not_null()).with_columns(pl.col("lessons").cast(pl.Float64))
    joined = told.join(loads(rules), on=["stage", "subject"])
    beyond = pl.col("lessons") > pl.col("load")
    sums = joined.group_by("stage", "subject").agg(
        pl.len().cast(pl.Int64).alias("teachers"),
        pl.col("load").first(),
        pl.col("lessons").mean().round(1).alias("mean"),
        beyond.sum().cast(pl.Int64).alias("over"),
        (100 * beyond.mean()).round(1).alias("share"),
        pl.col("lessons").max().alias("most"),
    )
    columns = (
        *(STAGE, SUBJECT, number("教师", "Teachers"), number("标准周课时", "Load", 11), number("人均周课时", "Mean", 11)),
        *(number("超标准的人", "Over", 11), number("占比%", "Share %"), number("最多", "Most")),
    )
    title = (Text("课时负担", "Overload"), Text("各学科教师的周课时与超负荷（节）", "Lessons a week and overload by subject"))
    note = Text("标准周课时多为默认假设，各地应按本地规定改写。", "The load is mostly an assumption: an authority sets its own.")
    return made("overload", title, columns, in_order(sums, "subject"), note)
