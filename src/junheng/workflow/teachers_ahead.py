"""Retirements of the next years, and the teachers to hire as the foreseen pupils make classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from junheng.errors import DataError, Finding, StoreError, Text
from junheng.model import County
from junheng.model.period import statistics_day
from junheng.planning.teaching import STAGES, beside, without_teachers_told
from junheng.planning.teaching_ahead import hiring
from junheng.planning.teaching_people import retirement_months
from junheng.projection.predict import SEED
from junheng.projection.programme import programme
from junheng.projection.retirement import month_of
from junheng.standards import Rulebook
from junheng.workflow.foresee_forecast import outlook
from junheng.workflow.foresee_inputs import gather
from junheng.workflow.foresee_series import whole
from junheng.workflow.numbers import shown
from junheng.workflow.teachers_lists import STAGE, SUBJECT, Column, in_order, made, number, people, stage_word, subject_word
from junheng.workflow.views.teaching import NeedPoint, NeedSeries, TeachingList, TeachingSection

DRAWS = 500
_MOST_NAMED = 5
_YEAR: Column = (Text("学年", "Year"), 10)
_NOTE = Text(
    "需要＝预测的各校各年级学生数折成班数（按本校现在的平均班额，不超过班额上限）×课时÷教师周课时；80%区间来自在校生预测的区间。"
    "留任＝现有专任教师减去到当年9月1日应退休的，再减去辞职、调出等其他离岗的（按默认假设的比例估计，取整；各地可在本级标准目录改写），不计新进。"
    "需补充＝各学科需要减留任，不足0按0；“当年招聘”取整，前几年已招的不再重复。",
    "Needed: pupils foreseen by school and grade as classes of today's size (the class limit at most) × lessons ÷ load; the 80 % band is "
    "that of the pupils. Staying: today's less those retired by 1 September and those who leave otherwise, by an assumed share; nobody "
    "comes. To hire: needed less staying by subject, no less than 0; posts of a year are whole and leave out what was filled before.",
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ahead:
    """What must be hired: the frame of planning.teaching_ahead (no rows where nothing could be foreseen), and what was doubtful."""

    frame: pl.DataFrame
    scenario: Text
    findings: tuple[Finding, ...]


def hiring_ahead(folder: Path, county: County, rules: Rulebook, *, years: int, as_of: date | None) -> Ahead:
    """Return the teachers to hire in the next years, in the authority's first scenario; deterministic.

    What stops a forecast (no pupils, a table that cannot be read) comes back as findings, with no rows.
    """
    try:
        inputs = gather(folder, county.year, as_of)
        assumptions = next(iter(inputs.scenarios.values()))
        plan = programme(inputs.county, inputs.rules, inputs.as_of)
        worked = outlook(inputs, assumptions, plan, horizon=years, draws=DRAWS, seed=SEED)
    except (StoreError, DataError) as error:
        return Ahead(frame=hiring(county, rules, ()), scenario=Text("", ""), findings=error.findings)
    return Ahead(frame=hiring(county, rules, worked.forecasts), scenario=assumptions.title, findings=worked.findings)


def hiring_section(county: County, rules: Rulebook, ahead: Ahead, years: Sequence[int]) -> TeachingSection:
    """Return the section on retirements and hiring."""
    lists = [_hiring_by_stage(ahead), _by_year(ahead), _hiring(ahead), _retirements(county, rules, years)]
    return TeachingSection(
        title=Text("退休与补充需求", "Retirements and hiring"),
        sentences=tuple(_sentences(ahead, years)),
        lists=tuple(one for one in lists if one.rows),
    )


_COLUMNS: tuple[Column, ...] = (
    *(number("需要", "Needed"), (Text("80%区间", "80 % band"), 13), number("按班额上限", "Least", 11), number("留任", "Staying")),
    *(
        number("上年退休", "Retired", 10),
        number("其他离岗", "Left", 10),
        number("需补充", "To hire", 10),
        (Text("80%区间", "80 % band"), 13),
    ),
    *(number("当年招聘", "Posts", 10), number("富余", "Spare")),
)


def _shown_rows(frame: pl.DataFrame, decimals: int) -> pl.DataFrame:
    """Return the numbers as they are printed, bands as one text."""
    bands = [
        pl.Series(name, [_band(ends[0], ends[1], decimals) for ends in frame.select(low, high).iter_rows()], dtype=pl.String)
        for name, low, high in (("band", "low", "high"), ("hire_band", "hire_low", "hire_high"))
    ]
    one = ("need", "least", "staying", "retiring", "leaving", "to_hire", "spare")
    kind = pl.Float64 if decimals else pl.Int64
    return frame.with_columns(*bands, *(pl.col(name).round(decimals).cast(kind) for name in one))


def _band(low: float | None, high: float | None, decimals: int) -> str | None:
    return None if low is None or high is None else f"{shown(low, decimals)}–{shown(high, decimals)}"


_ORDER = ("need", "band", "least", "staying", "retiring", "leaving", "to_hire", "hire_band", "hire", "spare")


def _hiring_by_stage(ahead: Ahead) -> TeachingList:
    """List whole stages; the posts of a year are the sum of those by subject: a spare teacher of one subject does not teach another."""
    posts = ahead.frame.filter(pl.col("subject") != "").group_by("stage", "year")
    known = posts.agg(pl.when(pl.col("hire").is_null().any()).then(None).otherwise(pl.col("hire").sum()).alias("posts"))
    rows = ahead.frame.filter(pl.col("subject") == "").join(known, on=["stage", "year"], how="left")
    frame = _shown_rows(rows.with_columns(pl.col("posts").alias("hire")), 0)
    title = (Text("补充需求", "Hiring by stage"), Text("各学段教师需要与补充（人）", "Teachers needed and to hire by stage"))
    return made("hiring_by_stage", title, (STAGE, _YEAR, *_COLUMNS), in_order(frame, "year").select("stage", "year", *_ORDER), _NOTE)


def _hiring(ahead: Ahead) -> TeachingList:
    frame = _shown_rows(ahead.frame.filter(pl.col("subject") != ""), 1)
    title = (Text("分学科补充", "Hiring by subject"), Text("各学科教师需要与补充（人）", "Teachers needed and to hire by subject"))
    rows = in_order(frame, "subject", "year").select("stage", "subject", "year", *_ORDER)
    return made("hiring", title, (STAGE, SUBJECT, _YEAR, *_COLUMNS), rows, _NOTE, "workbook")


def _by_year(ahead: Ahead) -> TeachingList:
    """List the posts to fill by subject, a column a year: the plan of recruitment."""
    frame = ahead.frame.filter(pl.col("subject") != "")
    years = sorted(frame["year"].unique())
    wide = frame.pivot(on="year", index=["stage", "subject"], values="hire", sort_columns=True)
    if not wide.height:
        return made("plan", (Text("招聘安排", "Posts"), Text("", "")), (STAGE, SUBJECT), frame.select("stage", "subject"), _NOTE)
    named = [str(year) for year in years]
    known = pl.all_horizontal(pl.col(named).is_not_null())
    lasting = frame.filter(pl.col("year") == years[-1]).select("stage", "subject", "lasting")
    told = wide.with_columns(pl.when(known).then(pl.sum_horizontal(named)).alias("all")).join(lasting, on=["stage", "subject"])
    told = told.filter(pl.col("all").is_null() | (pl.col("all") > 0))
    heads = tuple(number(f"{year}", f"{year}", 8) for year in years)
    title = (Text("招聘安排", "Posts to fill"), Text("各学科今后各年招聘数（人）", "Posts to fill by subject and year"))
    note = Text(
        "只列要招的学科；在校内兼教、跨校调剂之前。“末年仍需”少于合计的，多出的缺口会随学生减少而消失。"
        "调剂办法见 propose teacher_posts、teacher_rotation。",
        "Subjects with posts to fill alone, before second subjects and moves between schools (propose teacher_posts, teacher_rotation). "
        "Lasting: still needed in the last year.",
    )
    columns = (STAGE, SUBJECT, *heads, number("合计", "All"), number("末年仍需", "Lasting", 10))
    return made("plan", title, columns, in_order(told, "subject").select("stage", "subject", *named, "all", "lasting"), note)


def _retirements(county: County, rules: Rulebook, years: Sequence[int]) -> TeachingList:
    """List by subject how many of the register retire before each 1 September; who is past the age already counts in the first year."""
    counted = pl.col("full_time").fill_null(value=True) & pl.col("stage").is_in(list(STAGES)) & pl.col("subject").is_not_null()
    register = county.tables["teachers"].filter(counted)
    last = replace(rules, day=max(rules.day, statistics_day(years[-1])))
    leaves = pl.Series("leaves", retirement_months(last, register["born"], register["sex"])).fill_nan(None)
    ends = [None, *(month_of(statistics_day(year)) for year in years)]
    told = register.with_columns(leaves)
    each = [_between(start, end).sum().cast(pl.Int64).alias(str(year)) for year, start, end in zip(years, ends, ends[1:], strict=False)]
    sums = told.group_by("stage", "subject").agg(
        pl.len().cast(pl.Int64).alias("held"), *each, pl.col("leaves").is_null().sum().cast(pl.Int64).alias("unknown")
    )
    frame = sums.with_columns(pl.sum_horizontal(str(year) for year in years).alias("all")).select(
        "stage", "subject", "held", *(str(year) for year in years), "all", "unknown"
    )
    heads = tuple(number(f"{year}年9月前", f"By {year}", 12) for year in years)
    columns = (STAGE, SUBJECT, number("现有", "Held", 8), *heads, number("合计", "All"), number("生日或性别不明", "Birth unknown", 14))
    note = Text(
        "按名册的出生年月、性别和渐进式延迟退休逐人推算，不含提前和弹性延迟退休；已过退休年龄的计入第一年。",
        "Person by person, with the reform of the retirement age; who is past it already counts in the first year.",
    )
    title = (Text("退休", "Retirements"), Text("今后各年退休教师（人）", "Retirements of the years ahead"))
    return made("retirements", title, columns, in_order(frame, "subject"), note)


def _between(start: int | None, end: int | None) -> pl.Expr:
    before = pl.col("leaves") < end
    return before if start is None else before & (pl.col("leaves") >= start)


def _sentences(ahead: Ahead, years: Sequence[int]) -> Iterator[Text]:
    if not ahead.frame.height:
        yield Text(
            "在校生无法预测，补充需求没有测算；原因见“数据问题”。",
            "Pupils could not be foreseen, so hiring was not worked out: see the findings.",
        )
    last = ahead.frame.filter(pl.col("year") == years[-1])
    for row in in_order(last.filter(pl.col("subject") == "")).iter_rows(named=True):
        yield _of_stage(row, last.filter((pl.col("stage") == row["stage"]) & (pl.col("subject") != "")), years)
        yield from _posts_said(row["stage"], ahead.frame, years)


def _of_stage(row: dict[str, float | str | None], subjects: pl.DataFrame, years: Sequence[int]) -> Text:
    """Return what one stage needs by the last year, and which subjects most of it."""
    name = stage_word(str(row["stage"]))
    if row["to_hire"] is None:
        return Text(
            f"{name.zh}的班额、学生数或教师年龄不全，补充需求无法测算。",
            f"{name.en}: class sizes, pupils or ages of teachers are not whole.",
        )
    hire, need, stays, spare = (people(float(row[one] or 0)) for one in ("to_hire", "need", "staying", "spare"))
    band = "–".join(people(float(row[one] or 0)) for one in ("hire_low", "hire_high"))
    most = subjects.filter(pl.col("to_hire") >= 1).sort("to_hire", "subject", descending=[True, False]).head(_MOST_NAMED)
    named = list(most.select("subject", "to_hire").iter_rows())
    zh = "、".join(f"{subject_word(subject).zh}{people(hire)}人" for subject, hire in named)
    en = ", ".join(f"{subject_word(subject).en} {people(hire)}" for subject, hire in named)
    return Text(
        f"到{years[-1]}学年，{name.zh}按预测的学生数需要教师{need}人，现有教师留任{stays}人；各学科合计需补充{hire}人（80%区间{band}），"
        f"另有{spare}人富余。{f'补充最多的学科是{zh}。' if zh else ''}",
        f"{name.en} by {years[-1]}: {need} needed, {stays} stay; to hire {hire} over all subjects (80 % band {band}), {spare} spare."
        f"{f' Most: {en}.' if en else ''}",
    )


def _posts_said(stage: str, frame: pl.DataFrame, years: Sequence[int]) -> Iterator[Text]:
    """Yield how many posts the years ahead ask for, and how many of them are still needed at their end."""
    of = frame.filter((pl.col("stage") == stage) & (pl.col("subject") != ""))
    if not of.height or of["hire"].is_null().any():
        return
    name, posts, lasting = stage_word(stage), int(of["hire"].sum()), int(of.filter(pl.col("year") == years[-1])["lasting"].sum())
    passing = posts - lasting
    if passing:
        yield Text(
            f"{name.zh}逐年补齐要招{posts:,}人，其中到{years[-1]}学年仍需要的{lasting:,}人；其余{passing:,}人的缺口会随学生减少而消失，"
            "宜先用兼教和跨校调剂解决，不宜都按编制招聘。",
            f"{name.en}: filling every lack takes {posts:,} posts, {lasting:,} of them still needed by {years[-1]}; the other {passing:,} "
            "pass as pupils fall: second subjects and moves between schools come before hiring.",
        )
    elif posts:
        yield Text(
            f"{name.zh}逐年补齐要招{posts:,}人，到{years[-1]}学年都仍需要。",
            f"{name.en}: {posts:,} posts, all still needed by {years[-1]}.",
        )


def need_series(county: County, rules: Rulebook, ahead: Ahead) -> tuple[NeedSeries, ...]:
    """Return need and those who stay of each stage: today, then the years ahead."""
    told = beside(county, rules).join(without_teachers_told(county), on=["school", "stage"], how="anti")
    today = told.group_by("stage").agg(pl.col("need").sum(), pl.col("held").sum())
    found = []
    for stage, need, held in in_order(today).iter_rows():
        rows = ahead.frame.filter((pl.col("stage") == stage) & (pl.col("subject") == "")).sort("year")
        points = [_point(county.year, need, None, None, float(held))]
        points += [_point(*row) for row in rows.select("year", "need", "low", "high", "staying").iter_rows()]
        name = stage_word(stage)
        title = Text(f"{name.zh}教师需要与留任", f"{name.en}: teachers needed and staying")
        found.append(NeedSeries(stage=stage, title=title, points=tuple(points)))
    return tuple(one for one in found if len(one.points) > 1)


def _point(year: int, need: float | None, low: float | None, high: float | None, staying: float | None) -> NeedPoint:
    return NeedPoint(
        year=year,
        need=need,
        low80=low,
        high80=high,
        staying=staying,
        need_shown="" if need is None else whole(need),
        staying_shown="" if staying is None else whole(staying),
    )
