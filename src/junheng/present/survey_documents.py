"""The files of a survey's result: a page, a Word report, a workbook. Schools stand in the order of the register."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.grid import filled, listing
from junheng.present.report.survey_word import write_survey_report
from junheng.present.report.workbook import write_sheets
from junheng.present.web.plain_page import plain_page
from junheng.present.web.template import asset
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.surveys import SurveyResult


def write_survey(result: SurveyResult, out: Path, lang: str = "zh") -> list[tuple[Path, Text]]:
    """Write <survey>.html, .docx and .xlsx; return each path with what it is."""
    out.mkdir(parents=True, exist_ok=True)
    page, word, book = (out / f"{result.id}{ending}" for ending in (".html", ".docx", ".xlsx"))
    page.write_text(survey_page(result, lang), encoding="utf-8", newline="\n")
    write_survey_report(result, word)
    write_sheets(_sheets(result, lang), book, result.day, lang)
    title = result.title
    return [
        (page, Text(f"{title.zh}：结果", f"{title.en}: results")),
        (word, Text(f"{title.zh}：报告", f"{title.en}: report")),
        (book, Text(f"{title.zh}：明细", f"{title.en}: details")),
    ]


def survey_page(result: SurveyResult, lang: str = "zh") -> str:
    """Return the result as one HTML file that needs nothing else."""
    return plain_page(lang, "ledger/survey.html", asset("score.css", "ledger_assets"), r=result)


def _sheets(result: SurveyResult, lang: str) -> list[Sheet]:
    made = [_shares(result, lang)]
    made += [_over(result, lang)] if result.over else []
    made += [_places(result, lang)] if result.places else []
    made += [_doubts(result, lang)] if result.doubts else []
    return made


def _subtitle(result: SurveyResult) -> Text:
    return Text(f"{result.name.zh}　{result.day}　{result.answers}份答卷", f"{result.name.en}, {result.day}, {result.answers} answers")


def _shares(result: SurveyResult, lang: str) -> Sheet:
    columns = (
        (Text("问题", "Question"), 34),
        (Text("年级", "Grade"), 10),
        (Text("结果", "Result"), 10),
        (Text("95%区间", "95 % band"), 16),
        (Text("答卷", "Answers"), 8),
        (Text("标准", "Limit"), 8),
        (Text("超过标准的", "Above"), 12),
        (Text("与标准", "Standard"), 24),
    )
    rows = [(one.label, one.part, one.shown, one.band, one.answers, one.limit, one.above, one.stands) for one in result.shares]
    notes = (Text("按学校规模加权；误差范围内的写“不能判定”。", "Weighted by the size of schools; within the error nothing is decided."),)
    return listing(Text("结果", "Results"), result.title, _subtitle(result), *filled(columns, rows), lang, notes)


def _over(result: SurveyResult, lang: str) -> Sheet:
    columns = (
        (Text("周（周一）", "Week from Monday"), 13),
        (Text("学校", "School"), 28),
        (Text("年级", "Grade"), 8),
        (Text("班级", "Class"), 12),
        (Text("超过天数", "Days above"), 10),
        (Text("最多分钟", "Most"), 10),
        (Text("上限分钟", "Limit"), 10),
    )
    rows = [(Cell(value=one.week), one.school, one.grade, one.group, one.days, one.most, one.limit) for one in result.over]
    title = Text(f"{result.board.zh}：超过上限的班级", f"{result.board.en}: above the limit")
    return listing(Text("超限周清单", "Above the limit"), title, _subtitle(result), columns, rows, lang)


def _places(result: SurveyResult, lang: str) -> Sheet:
    columns = (
        (Text("学校", "School"), 28),
        (Text("在校生", "Pupils"), 9),
        (Text("需要", "Need"), 9),
        (Text("95%区间", "Band"), 13),
        (Text("依据", "By"), 12),
        *((label, 12) for label in result.supplies),
        (Text("开放教室", "Rooms"), 10),
        (Text("缺位置", "Places lacking"), 10),
        (Text("缺看护", "Staff lacking"), 10),
        (Text("安排", "Plan"), 46),
    )
    rows: list[tuple[str | Text | int | Cell, ...]] = [
        (
            one.school,
            one.pupils,
            one.need,
            one.band,
            one.own,
            *(Cell(value=count, verdict="no_data" if count is None else None) for count in one.by),
            one.rooms,
            _lacking(one.seats_missing),
            _lacking(one.staff_missing),
            one.plan,
        )
        for one in result.places
    ]
    notes = (result.lacking, Text("灰色为条件没有填，不作零。", "Grey: not stated, which is not zero."))
    return listing(Text("安排与缺口", "Plan and gaps"), result.supply, _subtitle(result), columns, rows, lang, notes)


def _lacking(count: int | None) -> Cell:
    if count is None:
        return Cell(value=None, verdict="no_data")
    return Cell(value=count, verdict="missed" if count else None)


def _doubts(result: SurveyResult, lang: str) -> Sheet:
    columns = (
        (Text("学校", "School"), 28),
        (Text("疑点", "Test"), 14),
        (Text("份数", "Answers"), 10),
        (Text("共", "Of"), 8),
        (Text("情况", "What"), 60),
    )
    rows = [(one.school, one.test, one.count, one.of, one.said) for one in result.doubts]
    notes = (Text("供了解情况，不作为对学校的评价。", "To be looked into; no verdict on a school."),)
    return listing(Text("疑点", "Doubts"), Text("需要了解的情况", "To be looked into"), _subtitle(result), columns, rows, lang, notes)
