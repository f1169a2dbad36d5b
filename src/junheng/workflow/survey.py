"""A survey of the county: whom to ask at which school, and what the answers say, with their error and what is doubtful in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.documents.chinese_text import fold
from junheng.errors import DataError, Finding, Place, Text
from junheng.ledgers.integrity import Doubt, against_register, alike, too_fast
from junheng.ledgers.survey import Estimate, Survey, by_group, quotas, read_surveys, sample_size, satisfaction
from junheng.store import own_files
from junheng.store.ledgers import ListRow, SheetColumn, read_list_file, write_list
from junheng.workflow.ledger_room import Room
from junheng.workflow.views.ledgers import SurveyDoubt, SurveyPlan, SurveyQuota, SurveyResult, SurveyShare

SCHOOL, GROUP, SECONDS = "学校", "人群", "用时秒"
_KINDS = ("teaching_point", "primary", "junior", "nine_year", "twelve_year", "complete_secondary")


def survey_plan(folder: Path, name: str, at: datetime | None = None) -> SurveyPlan:
    """Return how many are asked by the standard and how many at each school. Raises DataError when residents are not known."""
    room = Room(folder, at)
    survey = _survey(room, name)
    rules = room.office.rules_on(room.today)
    residents = _residents(room)
    share = float(rules.number(survey.share, unit="‰"))
    wanted = sample_size(residents, share, survey.least)
    sizes, names = _sizes(room)
    each = quotas(wanted, sizes)
    parents = {key: float(rules.number(standard, unit="%")) for key, (_, standard) in survey.groups.items() if standard}
    return SurveyPlan(
        title=survey.title,
        name=room.office.name,
        residents=residents,
        wanted=wanted,
        why=Text(
            f"常住人口{residents}人的{share:g}‰，且不少于{survey.least}人", f"{share:g}‰ of {residents} residents, at least {survey.least}"
        ),
        groups=tuple((survey.groups[key][0], f"{least:g}%") for key, least in parents.items()),
        quotas=tuple(SurveyQuota(school=names[code], code=code, pupils=sizes[code], asked=count) for code, count in each.items() if count),
    )


def survey_form(folder: Path, name: str, out: Path, at: datetime | None = None) -> Path:
    """Write the sheet on which answers are collected, one person a row; return its path. Raises StoreError."""
    room = Room(folder, at)
    survey = _survey(room, name)
    _, names = _sizes(room)
    columns = [
        SheetColumn(SCHOOL, "text", tuple(sorted(names.values())), required=True),
        SheetColumn(GROUP, "text", tuple(label.zh for label, _ in survey.groups.values()), required=True),
        SheetColumn(SECONDS, "integer", says="作答用时，由填写工具给出；纸质问卷留空"),
    ]
    for one in survey.questions.values():
        choices = tuple(str(answer) for answer in range(one.answers, 0, -1))
        columns.append(SheetColumn(one.label.zh, "integer", choices, "5为非常满意，1为非常不满意" if choices else ""))
    path = out / f"{survey.title.zh}.xlsx"
    write_list(path, survey.title.zh, columns, [], room.today)
    return path


def survey_result(folder: Path, name: str, file: Path, at: datetime | None = None) -> SurveyResult:
    """Return what the answers of a file say. Raises StoreError when it cannot be read, DataError with every cell that does not fit."""
    room = Room(folder, at)
    survey = _survey(room, name)
    sizes, names = _sizes(room)
    findings: list[Finding] = []
    answers = _answers(survey, file, names, findings)
    if any(one.severity == "error" for one in findings):
        raise DataError(findings)
    limit = float(room.office.rules_on(room.today).number(survey.passes, unit="%"))
    scaled = [one for one in survey.questions.values() if one.answers]
    shares = tuple(_share(one.label, satisfaction(answers, one, sizes), limit) for one in scaled)
    labels = {key: label for key, (label, _) in survey.groups.items()}
    counted = by_group(answers, list(labels))
    return SurveyResult(
        title=survey.title,
        name=room.office.name,
        answers=answers.height,
        schools=answers["school"].n_unique(),
        limit=f"{limit:g}%",
        groups=tuple((labels[key], count) for key, count in counted.items()),
        shares=shares,
        doubts=tuple(_doubt(one, names) for one in _doubts(room, survey, answers)),
        findings=tuple(findings),
    )


def _survey(room: Room, name: str) -> Survey:
    known = read_surveys(own_files(room.office.authority, "ledgers", "surveys/*.yaml"))
    found = known.get(name) or next((one for one in known.values() if one.title.zh == name), None)
    if found is None:
        words = "、".join(f"{one.name}（{one.title.zh}）" for one in known.values())
        raise DataError(finding("workflow.no_such_survey", Place(), name, known=words))
    return found


def _residents(room: Room) -> int:
    facts = room.county.tables["county_facts"] if room.county else pl.DataFrame()
    value = facts["residents"][0] if facts.height else None
    if value is None:
        raise DataError(finding("workflow.no_residents", Place(table="county_facts", column="residents"), Text("空", "nothing")))
    return int(value)


def _sizes(room: Room) -> tuple[dict[str, int], dict[str, str]]:
    """Return pupils and names of the schools whose people are asked, by code."""
    if room.county is None:
        return {}, {}
    schools = room.county.tables["schools"].filter(pl.col("kind").is_in(list(_KINDS))).sort("school")
    names = dict(schools.select("school", "name").iter_rows())
    pupils = room.county.tables["enrolment"].group_by("school").agg(pl.col("pupils").sum())
    counted = dict(pupils.iter_rows())
    return {code: int(counted.get(code) or 0) for code in names}, names


def _answers(survey: Survey, file: Path, names: Mapping[str, str], findings: list[Finding]) -> pl.DataFrame:
    columns = {SCHOOL: "school", GROUP: "group", SECONDS: "seconds"} | {one.label.zh: one.name for one in survey.questions.values()}
    codes = {fold(word): code for code, name in names.items() for word in (code, name)}
    groups = {fold(word): key for key, (label, _) in survey.groups.items() for word in (key, label.zh, label.en)}
    rows = [_answer(row, columns, (codes, groups), survey, findings) for row in read_list_file(file, list(columns), findings)]
    types = {"school": pl.String(), "group": pl.String(), "seconds": pl.Float64()} | dict.fromkeys(survey.questions, pl.Int64())
    return pl.DataFrame(rows, schema=types)


def _answer(
    row: ListRow, columns: Mapping[str, str], lists: tuple[dict[str, str], dict[str, str]], survey: Survey, findings: list[Finding]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for heading, column in columns.items():
        cell = row.cells.get(heading)
        raw = cell.value if cell else None
        if column in ("school", "group"):
            found[column] = lists[column == "group"].get(fold(f"{raw:.15g}" if isinstance(raw, float) else str(raw)))
            wrong = found[column] is None
        else:
            found[column] = _number(raw)
            most = survey.questions[column].answers if column in survey.questions else 0
            wrong = (raw is not None and found[column] is None) or (bool(most) and not _on_scale(found[column], most))
        if wrong:
            place = cell.place if cell else Place(row=row.number, column=heading)
            form = Text("在册的学校、人群，或1到最高分的整数", "a known school or group, or a whole number on the scale")
            findings.append(finding("ledgers.value_unfit", place, str(raw), form=form))
    return found


def _number(raw: object) -> int | float | None:
    text = str(raw).strip() if raw is not None else ""
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if value.is_integer() else value


def _on_scale(value: object, most: int) -> bool:
    return value is None or (isinstance(value, int) and 1 <= value <= most)


def _doubts(room: Room, survey: Survey, answers: pl.DataFrame) -> list[Doubt]:
    scaled = [one.name for one in survey.questions.values() if one.answers]
    found = [*alike(answers, scaled), *too_fast(answers, survey.seconds_a_question * len(survey.questions))]
    for one in survey.questions.values():
        if one.fact == "class_size" and room.county is not None:
            held = room.county.tables["classes"].drop_nulls("pupils").group_by("school")
            sizes = held.agg(pl.col("pupils").min().alias("least"), pl.col("pupils").max().alias("most"))
            register = {school: (float(least), float(most)) for school, least, most in sizes.iter_rows()}
            found += against_register(answers, one.name, register, one.label)
    return found


def _share(label: Text, estimate: Estimate, limit: float) -> SurveyShare:
    if estimate.percent is None:
        return SurveyShare(label=label, shown="—", band="", answers=0, stands=Text("无人作答", "nobody answered"))
    half = estimate.half_width
    band = f"{max(0.0, estimate.percent - half):.1f}–{min(100.0, estimate.percent + half):.1f}%" if half is not None else "—"
    if half is None:
        stands = Text("答卷太少，误差未知", "too few answers to know the error")
    elif estimate.percent - half >= limit:
        stands = Text("达到", "reached")
    elif estimate.percent + half < limit:
        stands = Text("未达到", "not reached")
    else:
        stands = Text("误差范围内，不能判定", "within the error: not decided")
    return SurveyShare(label=label, shown=f"{estimate.percent:.1f}%", band=band, answers=estimate.answers, stands=stands)


_TESTS = {
    "alike": Text("答案雷同", "answers alike"),
    "too_fast": Text("作答过快", "too fast"),
    "against_register": Text("与在册数不符", "against the register"),
}


def _doubt(one: Doubt, names: Mapping[str, str]) -> SurveyDoubt:
    return SurveyDoubt(school=names.get(one.school, one.school), test=_TESTS[one.test], count=one.count, of=one.of, said=one.said)
