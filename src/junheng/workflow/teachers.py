"""Which teachers are needed and there: by subject, school, age and title, who retires when; and letters to those who are moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.model import County, SetValue, allowed, check
from junheng.model.period import statistics_day
from junheng.planning.teaching import STAGES, beside, need_by_subject
from junheng.planning.teaching_people import retirement_months
from junheng.planning.teaching_posts import posts_due
from junheng.projection.retirement import month_of
from junheng.standards import Rulebook
from junheng.store.plans import read_plan
from junheng.store.teacher_names import read_teacher_names
from junheng.store.word_form import fill_form
from junheng.workflow.office import Office
from junheng.workflow.views.teaching import Letters, TeachingBoard, TeachingList

_AHEAD = 5  # school years of retirements and hiring that are listed
_AGES = ((0, 29), (30, 39), (40, 49), (50, 54), (55, 99))

Columns = tuple[tuple[Text, int], ...]


def teaching_board(folder: Path, year: int | None = None) -> TeachingBoard:
    """Return the lists of a county's teachers. Raises StoreError, DataError or StandardsError; DataError without register and return."""
    office = Office(folder)
    chosen = office.year(year)
    county, rules = office.county(chosen), office.rules(chosen)
    if not county.tables["teachers"].height and not county.tables["staff_subjects"].height:
        raise DataError(finding("planning.no_register", Place(table="teachers"), Text("没有教师名册", "no register of teachers")))
    lists = (
        _subjects(county, rules),
        _schools(county, rules),
        _posts(county, rules),
        _ahead(county, rules),
        _ages(county),
        _outside(county),
    )
    findings = tuple(one for one in check(county) if one.place.table in ("teachers", "teacher_wishes", "lesson_plan"))
    return TeachingBoard(name=office.name, year=chosen, day=statistics_day(chosen), lists=lists, findings=findings)


def _labels(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    lists = {"stage": "stage", "subject": "subject", "title": "teacher_title"}
    words = {name: {value: text.zh for value, text in allowed(lists[name]).items()} for name in columns}
    return frame.with_columns(pl.col(name).replace(words[name]) for name in columns)


def _made(name: Text, title: Text, columns: Columns, frame: pl.DataFrame, note: Text) -> TeachingList:
    return TeachingList(name=name, title=title, columns=columns, rows=tuple(frame.iter_rows()), note=note)


_STAGE, _SUBJECT = (Text("学段", "Stage"), 8), (Text("学科", "Subject"), 12)
_PLAN = Text(
    "需要＝课时计划×班数÷教师周课时；没有本县课时计划的年级用全国方案的假设分配，周课时标准也是假设，均可改写。",
    "Needed: lessons of the plan × classes ÷ lessons of a teacher. Grades without a plan of the county take the assumed split.",
)


def _subjects(county: County, rules: Rulebook) -> TeachingList:
    short, spare = pl.col("gap").clip(upper_bound=0).abs().sum().round(1), pl.col("gap").clip(lower_bound=0).sum().round(1)
    sums = (
        beside(county, rules)
        .group_by("stage", "subject")
        .agg(pl.col("need").sum().round(1), pl.col("held").sum(), short.alias("x"), spare.alias("y"))
    )
    columns = (
        *(_STAGE, _SUBJECT, (Text("需要", "Needed"), 9), (Text("现有", "Held"), 9)),
        *((Text("各校缺额合计", "Lacking"), 13), (Text("各校富余合计", "Spare"), 13)),
    )
    frame = _labels(sums.sort("stage", "subject"), "stage", "subject")
    return _made(Text("学科供需", "Subjects"), Text("各学科教师供需", "Need and supply by subject"), columns, frame, _PLAN)


def _schools(county: County, rules: Rulebook) -> TeachingList:
    names = county.tables["schools"].select("school", "name")
    lacking = beside(county, rules).filter(pl.col("gap") < -0.05).join(names, on="school", how="left")
    frame = _labels(lacking.sort("school", "stage", "gap"), "stage", "subject")
    frame = frame.select("school", "name", "stage", "subject", pl.col("need").round(1), "held", pl.col("gap").abs().round(1))
    columns = (
        *((Text("学校标识码", "Code"), 13), (Text("学校", "School"), 26), _STAGE, _SUBJECT),
        *((Text("需要", "Needed"), 9), (Text("现有", "Held"), 9), (Text("缺", "Lacking"), 9)),
    )
    return _made(Text("各校缺额", "Schools"), Text("各校各学科缺额", "Teachers lacking by school and subject"), columns, frame, _PLAN)


def _posts(county: County, rules: Rulebook) -> TeachingList:
    names = county.tables["schools"].select(pl.col("school").alias("main"), "name")
    due = posts_due(county, rules).join(names, on="main", how="left")
    frame = _labels(due.sort("school", "stage"), "stage").select(
        "school", "name", "stage", "pupils", "classes", "by_pupils", "by_classes", "boarding", "due"
    )
    columns = (
        *(
            (Text("学校标识码", "Code"), 13),
            (Text("学校", "School"), 26),
            _STAGE,
            (Text("学生", "Pupils"), 8),
            (Text("班数", "Classes"), 8),
        ),
        *(
            (Text("按生师比", "By pupils"), 9),
            (Text("按班师比", "By classes"), 9),
            (Text("寄宿附加", "Boarding"), 9),
            (Text("应配", "Due"), 8),
        ),
    )
    note = Text(
        "取生师比与班师比（仅小规模小学）较大者，加寄宿附加；没有适用比例的学段为空，不是0。",
        "The larger of ratios by pupils and by classes (small primary schools), with boarding; empty where no ratio is known.",
    )
    return _made(Text("应配编制", "Posts due"), Text("各校应配教职工编制", "Posts due to schools"), columns, frame, note)


def _ahead(county: County, rules: Rulebook) -> TeachingList:
    """List retirements and hiring by subject and year: what is needed today less those who stay, no fewer than 0."""
    register = county.tables["teachers"].filter(pl.col("full_time").fill_null(value=True) & pl.col("stage").is_in(list(STAGES)))
    leaves = retirement_months(rules, register["born"], register["sex"])
    need = need_by_subject(county, rules).group_by("stage", "subject").agg(pl.col("need").sum())
    needed: dict[tuple[str, str], float] = {(stage, subject): value for stage, subject, value in need.iter_rows()}
    rows: list[tuple[object, ...]] = []
    for (stage, subject), of in sorted(_groups(register).items()):
        gone = [int((leaves[of] < month_of(statistics_day(county.year + ahead))).sum()) for ahead in range(_AHEAD + 1)]
        unknown = int(np.isnan(leaves[of]).sum())
        want = [max(0.0, needed.get((stage, subject), 0.0) - (len(of) - each)) for each in gone]
        each_year = [gone[ahead] - gone[ahead - 1] for ahead in range(1, _AHEAD + 1)]
        rows.append((stage, subject, len(of), *each_year, round(want[-1], 1), unknown))
    years = tuple((Text(f"{county.year + ahead}年前退休", f"By {county.year + ahead}"), 13) for ahead in range(1, _AHEAD + 1))
    columns = (
        _STAGE,
        _SUBJECT,
        (Text("现有", "Held"), 8),
        *years,
        (Text("五年需补充", "To hire"), 11),
        (Text("生日不明", "Birth unknown"), 10),
    )
    frame = pl.DataFrame(rows, schema=["stage", "subject", *(f"c{k}" for k in range(len(columns) - 2))], orient="row")
    note = Text(
        "按名册的出生年月、性别和渐进式延迟退休逐人推算；“五年需补充”按现在的班数，学生数变化见 foresee 的教师表。",
        "Person by person, with the reform of the retirement age; hiring is for the classes of today, see foresee for pupils ahead.",
    )
    title = Text("五年退休与补充", "Retirements and hiring over five years")
    return _made(Text("退休与补充", "Retirements"), title, columns, _labels(frame, "stage", "subject"), note)


def _groups(register: pl.DataFrame) -> Mapping[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = {}
    for k, (stage, subject) in enumerate(register.select("stage", "subject").iter_rows()):
        if subject is not None:
            found.setdefault((stage, subject), []).append(k)
    return found


def _ages(county: County) -> TeachingList:
    age = pl.lit(county.year) - pl.col("born").dt.year()
    bands = [age.is_between(low, high).sum().alias(f"a{low}") for low, high in _AGES]
    titled = (
        county.tables["teachers"]
        .group_by("stage", "title")
        .agg(pl.len().alias("all"), *bands, (pl.col("sex") == "female").sum().alias("women"))
    )
    frame = _labels(titled.sort("stage", "title"), "stage", "title")
    heads = tuple((Text(f"{low}–{high}岁", f"{low}-{high}"), 9) for low, high in _AGES)
    columns = (_STAGE, (Text("职称", "Title"), 10), (Text("合计", "All"), 8), *heads, (Text("女", "Women"), 8))
    note = Text("名册中的全部教师。", "All teachers of the register.")
    return _made(Text("年龄职称", "Ages"), Text("年龄与职称结构", "Ages and titles"), columns, frame, note)


def _outside(county: County) -> TeachingList:
    told = county.tables["teachers"].filter(pl.col("lessons").is_not_null())
    sums = told.group_by("school", "stage").agg(
        pl.len(), pl.col("lessons").cast(pl.Float64).sum(), pl.col("lessons_outside").cast(pl.Float64).sum().alias("outside")
    )
    share = (100 * pl.col("outside") / pl.col("lessons")).round(1).alias("share")
    mean = (pl.col("lessons") / pl.col("len")).round(1).alias("mean")
    joined = sums.join(county.tables["schools"].select("school", "name"), on="school", how="left").sort("school", "stage")
    frame = _labels(joined.select("school", "name", "stage", "len", mean, "outside", share), "stage")
    columns = (
        *((Text("学校标识码", "Code"), 13), (Text("学校", "School"), 26), _STAGE, (Text("教师", "Teachers"), 8)),
        *((Text("人均周课时", "Lessons each"), 11), (Text("非本学科课时", "Outside"), 12), (Text("占比%", "Share %"), 9)),
    )
    note = Text("按名册的周课时；没有填的教师不计入。", "By the lessons of the register; teachers without are left out.")
    return _made(Text("课时", "Lessons"), Text("人均课时与非本学科任教", "Lessons, and those outside one's subject"), columns, frame, note)


def write_letters(place: Path, names: Path, template: Path, out: Path) -> Letters:
    """Write one letter for each teacher whom a plan moves; names stand in the letters and nowhere else.

    Raises StoreError for files that cannot be read, DataError for a plan that moves no teacher.
    """
    plan, known = read_plan(place), read_teacher_names(names)
    office = Office(place.parent.parent)
    county = office.county(plan.year)
    schools = dict(county.tables["schools"].select("school", "name").iter_rows())
    register = {row["teacher"]: row for row in county.tables["teachers"].iter_rows(named=True)}
    files, without = [], []
    for step in plan.proposal.steps:
        moved = [one for one in step.changes if isinstance(one, SetValue) and (one.table, one.column) == ("teachers", "school")]
        for change in moved:
            code, to = str(change.key[0]), str(change.value)
            if code not in known:
                without.append(code)
                continue
            row = register[code]
            values = _values(office.name.zh, known[code], code, (schools.get(row["school"]) or row["school"], schools.get(to) or to))
            subject = allowed("subject")[row["subject"]].zh if row["subject"] else ""
            file = out / f"调动通知-{code}.docx"
            fill_form(template, values | {"subject": subject, "reason": step.reason.zh, "year": str(plan.year + 1)}, file)
            files.append(file.as_posix())
    if not files and not without:
        raise DataError(finding("workflow.plan_moves_nobody", Place(file=place.name), plan.name))
    return Letters(files=tuple(files), without_name=tuple(without))


def _values(county: str, name: str, code: str, schools: Sequence[str]) -> dict[str, str]:
    return {"county": county, "name": name, "code": code, "from_school": schools[0], "to_school": schools[1]}
