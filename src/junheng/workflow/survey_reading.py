"""Answers, boards and supplies as lists: every cell that does not fit is a finding at its cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.documents.chinese_text import fold
from junheng.errors import Finding, Place, Text
from junheng.ledgers.boards import Posted
from junheng.ledgers.kind import Field
from junheng.ledgers.places_for_need import Means
from junheng.ledgers.survey import Question, Supply, Survey
from junheng.store.ledgers import ListRow, read_list_file
from junheng.store.ledgers.cells import value_of
from junheng.workflow.survey_desk import BY, CLASS, DAY, GRADE, GROUP, SCHOOL, SECONDS, SurveyDesk

MINUTES = "分钟"
_WORDS = {"是": 2, "否": 1, "有": 2, "无": 1, "yes": 2, "no": 1}
_SCALE = Text("在册的学校、人群、年级，或该题的答案", "a known school, group or grade, or an answer to the question")
_DATE = Field(name="day", label=Text(DAY, "Day"), type="date", allowed={}, needed_by=Text("公示", "the board"))


def read_answers(desk: SurveyDesk, file: Path, findings: list[Finding]) -> pl.DataFrame:
    """Return the answers: columns school, group, seconds, what the survey tells apart by, and one for each question."""
    survey = desk.survey
    by = {BY[name]: name for name in survey.by}
    columns = {SCHOOL: "school", GROUP: "group", **by, SECONDS: "seconds"} | {one.label.zh: one.name for one in survey.questions.values()}
    lists = {
        "school": {fold(word): code for code, name in desk.names.items() for word in (code, name)},
        "group": {fold(word): key for key, (label, _) in survey.groups.items() for word in (key, label.zh, label.en)},
        "grade": {word: grade for grade in desk.grades for word in (grade, f"{grade}年级")},
    }
    rows = [_answer(row, columns, lists, survey, findings) for row in read_list_file(file, list(columns), findings)]
    types: dict[str, pl.DataType] = {"school": pl.String(), "group": pl.String(), "seconds": pl.Float64()}
    types |= dict.fromkeys(by.values(), pl.String()) | dict.fromkeys(survey.questions, pl.Int64())
    return pl.DataFrame(rows, schema=types)


def _answer(
    row: ListRow, columns: Mapping[str, str], lists: Mapping[str, Mapping[str, str]], survey: Survey, findings: list[Finding]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for heading, column in columns.items():
        text = text_of(row, heading)
        if column in lists:
            found[column] = lists[column].get(fold(text))
            wrong = found[column] is None
        elif column in survey.questions:
            found[column] = answer_of(survey.questions[column], text)
            wrong = bool(text) and found[column] is None
        else:
            found[column] = _plain(column, text)
            wrong = bool(text) and found[column] is None
        if wrong:
            findings.append(finding("ledgers.value_unfit", _place(row, heading), text or Text("空", "nothing"), form=_SCALE))
    return found


def _plain(column: str, text: str) -> object:
    return _number(text) if column == "seconds" else text or None


def answer_of(question: Question, text: str) -> int | None:
    """Return an answer as a whole number: of the scale, 2 and 1 for yes and no, or the number itself; None where it fits none."""
    if question.answers == 2 and fold(text) in _WORDS:
        return _WORDS[fold(text)]
    value = _number(text)
    if value is None or not value.is_integer():
        return None
    least, most = (0, question.most) if question.most else (1, question.answers) if question.answers else (0, 10**6)
    return int(value) if least <= value <= most else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def text_of(row: ListRow, heading: str) -> str:
    """Return what a cell says, "" for nothing."""
    cell = row.cells.get(heading)
    value = cell.value if cell else None
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value).strip()


def _place(row: ListRow, heading: str) -> Place:
    cell = row.cells.get(heading)
    if cell:
        return cell.place
    other = next(iter(row.cells.values())).place
    return Place(file=other.file, sheet=other.sheet, row=row.number, column=heading, label=Text(heading, heading))


def read_board(desk: SurveyDesk, file: Path, findings: list[Finding]) -> list[Posted]:
    """Return what schools put up: 学校 年级 班级 日期 分钟."""
    schools = {fold(word): code for code, name in desk.names.items() for word in (code, name)}
    grades = {word: grade for grade in desk.grades for word in (grade, f"{grade}年级")}
    found = []
    for row in read_list_file(file, (SCHOOL, GRADE, CLASS, DAY, MINUTES), findings):
        school, grade = schools.get(fold(text_of(row, SCHOOL)), ""), grades.get(fold(text_of(row, GRADE)), "")
        cell = row.cells.get(DAY)
        day = value_of(_DATE, cell, {}, findings) if cell and cell.value is not None else None
        number = _number(text_of(row, MINUTES))
        for heading, fits in ((SCHOOL, school), (GRADE, grade), (DAY, day), (MINUTES, number is not None)):
            if not fits and not (heading == DAY and cell is not None and cell.value is not None):
                findings.append(
                    finding("ledgers.value_unfit", _place(row, heading), text_of(row, heading) or Text("空", "nothing"), form=_SCALE)
                )
        if school and grade and isinstance(day, date) and number is not None:
            found.append(Posted(school, grade, text_of(row, CLASS), day, number))
    return found


def read_supply(desk: SurveyDesk, supply: Supply, file: Path, findings: list[Finding]) -> dict[str, Means]:
    """Return what each school has; an empty cell is not zero."""
    schools = {fold(word): code for code, name in desk.names.items() for word in (code, name)}
    headings = (SCHOOL, *(one.zh for one in supply.places.values()), supply.rooms.zh, supply.staff.zh)
    found: dict[str, Means] = {}
    for row in read_list_file(file, headings, findings):
        school = schools.get(fold(text_of(row, SCHOOL)), "")
        numbers = {heading: _count(row, heading, findings) for heading in headings[1:]}
        if not school or school in found:
            findings.append(finding("ledgers.value_unfit", _place(row, SCHOOL), text_of(row, SCHOOL) or Text("空", "nothing"), form=_SCALE))
            continue
        places = {name: numbers[label.zh] for name, label in supply.places.items()}
        found[school] = Means(places=places, rooms=numbers[supply.rooms.zh], staff=numbers[supply.staff.zh])
    return found


def _count(row: ListRow, heading: str, findings: list[Finding]) -> int | None:
    text = text_of(row, heading)
    if text and not text.isdecimal():
        findings.append(
            finding("ledgers.value_unfit", _place(row, heading), text, form=Text("0或正整数；没有统计的留空", "a whole number, or nothing"))
        )
    return int(text) if text.isdecimal() else None
