"""The files of scores: a page, a Word report, a public notice and a workbook. Units stand in the order of the register."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.grid import filled, listing
from junheng.present.report.score_word import write_notice, write_score_report
from junheng.present.report.workbook import write_sheets
from junheng.present.web.score_page import score_page
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.scoring import ScoreLine, ScoreReport

_NO_ORDER = Text(
    "按在册顺序排列，不排名；空格为不适用，“未评”不是零分。",
    "In the order of the register, no ranks; “未评” is not scored, which is not zero.",
)


def write_scores(report: ScoreReport, out: Path, lang: str = "zh") -> list[tuple[Path, Text]]:
    """Write <form>.html, .docx and .xlsx, and the public notice where the form may be put up; return each path with what it is."""
    out.mkdir(parents=True, exist_ok=True)
    page, word, book = (out / f"{report.id}{ending}" for ending in (".html", ".docx", ".xlsx"))
    page.write_text(score_page(report, lang), encoding="utf-8", newline="\n")
    write_score_report(report, word)
    write_sheets(_sheets(report, lang), book, report.day, lang)
    title = report.title
    written = [
        (page, Text(f"{title.zh}：结果", f"{title.en}: results")),
        (word, Text(f"{title.zh}：报告", f"{title.en}: report")),
        (book, Text(f"{title.zh}：明细", f"{title.en}: details")),
    ]
    if report.public:
        notice = out / f"{report.id}-notice.docx"
        write_notice(report, notice)
        written.append((notice, Text(f"{title.zh}：公示", f"{title.en}: public notice")))
    return written


def _sheets(report: ScoreReport, lang: str) -> list[Sheet]:
    made = [*([_results(report, lang)] if report.lines else []), _weights(report, lang)]
    made += [_agreement(report, lang)] if report.agreement else []
    made += [_subjects(report, lang)] if report.subjects else []
    return made


def _subtitle(report: ScoreReport) -> Text:
    return Text(f"{report.name.zh}　{report.day}　{report.weights.zh}", f"{report.name.en}, {report.day}; {report.weights.en}")


def _results(report: ScoreReport, lang: str) -> Sheet:
    items = [Text(f"{one.label.zh}（{one.weight}）", f"{one.label.en} ({one.weight})") for one in report.items]
    columns = (
        (Text("单位", "Unit"), 26),
        (Text("轮次", "Round"), 12),
        *((label, 9) for label in items),
        (Text("结果", "Result"), 13),
        (Text(f"权重±{report.change}", f"Weights ±{report.change}"), 13),
        *(((Text("试算权重", "Other weights"), 13),) if report.what_if.zh else ()),
        *((label, 11) for label in report.beside),
        (Text("等级", "Grade"), 12),
        (Text("等级与权重", "Grade and weights"), 16),
        (Text("与上次比", "Since the last"), 28),
        (Text("说明", "Notes"), 28),
    )
    rows = [_row(report, line) for line in report.lines]
    return listing(Text("结果", "Results"), report.title, _subtitle(report), *filled(columns, rows), lang, (_NO_ORDER, report.scale))


def _row(report: ScoreReport, line: ScoreLine) -> tuple[str | Text | Cell, ...]:
    cells = (Cell(value=one.shown if one.value is None else one.value, decimals=2, verdict=one.verdict) for one in line.cells)
    result = line.result if line.value is None else Cell(value=line.value, decimals=2)
    other = (line.other,) if report.what_if.zh else ()
    own = (one.result for one in line.beside)
    return (line.name, line.round, *cells, result, line.changed, *other, *own, line.grade, line.firm, line.change, "；".join(line.notes))


def _weights(report: ScoreReport, lang: str) -> Sheet:
    columns = (
        (Text("项目", "Item"), 30),
        (Text("部分", "Part"), 16),
        (Text("权重", "Weight"), 10),
        (Text("占比", "Share"), 10),
        (Text("试算权重", "Other weight"), 12),
        (Text("取自", "Taken from"), 40),
    )
    whence = dict(report.held)
    notes = [one for one in (report.weights, report.too_few) if one.zh]
    rows = [
        (one.label, one.group, one.weight, one.share, one.other, whence.get(one.label, Text("评分表", "sheets"))) for one in report.items
    ]
    return listing(Text("权重", "Weights"), Text("项目与权重", "Items and weights"), _subtitle(report), *filled(columns, rows), lang, notes)


def _agreement(report: ScoreReport, lang: str) -> Sheet:
    columns = (
        (Text("项目", "Item"), 30),
        (Text("两人同评", "Rated twice"), 10),
        (Text("α", "alpha"), 10),
        (Text("能否使用", "Stands"), 30),
    )
    rows = [(one.label, one.rated_twice, one.alpha, one.stands) for one in report.agreement]
    title = Text("评分人一致程度", "Agreement of raters")
    return listing(Text("一致程度", "Agreement"), title, _subtitle(report), columns, rows, lang)


def _subjects(report: ScoreReport, lang: str) -> Sheet:
    columns = (
        (Text("学科", "Subject"), 16),
        (Text("课节", "Lessons"), 8),
        *((one.label, 12) for one in report.items),
        *((label, 10) for label in report.marks),
    )
    rows: list[tuple[str | Text | int, ...]] = [(one.label, one.things, *one.means, *one.marks) for one in report.subjects]
    return listing(Text("学科反馈", "Subjects"), Text("按学科反馈", "By subject"), _subtitle(report), columns, rows, lang)
