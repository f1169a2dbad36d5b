"""What is missing, as a Word document in official layout: one part an office, one table a roster; persons as counts only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from junheng.present.report.prose import Inset, Paragraph, Picture, Report, Table
from junheng.present.report.word import write_report
from junheng.present.report.wording import chinese_numeral
from junheng.workflow.views.coverage import RosterBoard, RosterLine, RosterResult

_MOST = 40


def write_missing_list(board: RosterBoard, path: Path) -> None:
    """Write the list of what is missing to `path` (.docx)."""
    body: list[Paragraph | Picture | Inset] = []
    numbers = iter(range(1, 100))
    for office in board.offices:
        results = [one for one in board.results if one.standing.owner == office]
        if results:
            body.append(Paragraph("one", f"{chinese_numeral(next(numbers))}、{office}"))
            body += [block for number, result in enumerate(results, start=1) for block in _result(number, result)]
    absent = [one.title.zh for one in board.standings if one.should is None]
    if absent:
        body.append(Paragraph("one", f"{chinese_numeral(next(numbers))}、不能下结论的事项"))
        body.append(Paragraph("body", f"以下事项缺少名单或数据，不能判断有无缺项：{'、'.join(absent)}。"))
    day = f"截至{board.day.year}年{board.day.month}月{board.day.day}日"
    report = Report(
        title=f"{board.name.zh}名单比对缺项清单",
        subtitle=f"（{day}）",
        body=tuple(body),
        annexes=(),
        signed=("（编制单位盖章）", "年　月　日"),
    )
    write_report(report, board.day, path)


def _result(number: int, result: RosterResult) -> Iterator[Paragraph | Inset]:
    one = result.standing
    yield Paragraph("two", f"（{chinese_numeral(number)}）{one.title.zh}")
    amounts = "，".join(f"{label.zh}{value}" for label, value in one.amounts)
    yield Paragraph("body", f"{one.sentence.zh}。" + (f"其中{amounts}。" if amounts else ""))
    if result.hidden:
        yield Paragraph("body", "涉及个人，本清单只列数字，名单由承办科室另取。")
    lines = [line for line in (*result.lines, *result.doubled, *result.wrong) if line.standing != "claimed"]
    if lines:
        heads = ("情况", "学校", *(head.zh for head in result.heads), "说明", "期限")
        widths = (11, 26, *(14 for _ in result.heads), 22, 14)
        table = Table(heads, tuple(_row(line) for line in lines[:_MOST]), widths, frozenset((0, len(widths[1:]))))
        yield Inset(one.title.zh, table)
    if lines[_MOST:]:
        yield Paragraph("body", f"另有{len(lines[_MOST:])}行，见工作簿。")


def _row(line: RosterLine) -> tuple[str, ...]:
    told = "；".join(part for part in (line.detail.zh, line.reason) if part)
    return (line.word.zh, line.subject, *line.shown, told, line.due.isoformat() if line.due else "")
