"""The files of rosters: a page, a Word list and a workbook for each office; with names, only the workbook of the office that asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from junheng.present.report.grid import listing
from junheng.present.report.workbook import write_sheets
from junheng.present.wording_coverage import COLUMNS, EXCEPTIONS, OTHER
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.coverage import RosterBoard, RosterLine, RosterResult

_LONGEST = 28  # characters of a worksheet's name


def write_board(board: RosterBoard, out: Path, lang: str = "zh") -> tuple[Path, ...]:
    """Write rosters.html, 缺项清单.docx and 缺项_<office>.xlsx; return their paths. A board with names gives the workbooks only."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    if not board.named:
        from junheng.present.report.coverage_word import write_missing_list
        from junheng.present.web.coverage_page import coverage_page

        page, word = out / "rosters.html", out / "缺项清单.docx"
        page.write_text(coverage_page(board, lang), encoding="utf-8", newline="\n")
        write_missing_list(board, word)
        written += [page, word]
    for office in board.offices:
        book = out / f"缺项_{office}{'_含姓名' if board.named else ''}.xlsx"
        write_sheets(_sheets(board, office, lang), book, board.day, lang)
        written.append(book)
    return tuple(written)


def _sheets(board: RosterBoard, office: str, lang: str) -> list[Sheet]:
    results = [one for one in board.results if one.standing.owner == office]
    sheets = [_summary(board, office, lang), *(_lines(board, one, lang) for one in results if one.lines or one.doubled or one.wrong)]
    return sheets + [_register(board, one, one.register_title, lang) for one in results if one.register and one.register_title]


def _subtitle(board: RosterBoard) -> Text:
    return Text(f"{board.name.zh}　{board.day}", f"{board.name.en}, {board.day}")


def _summary(board: RosterBoard, office: str, lang: str) -> Sheet:
    columns = ((Text("比对", "Roster"), 26), *((column, 9) for column in COLUMNS), (OTHER, 9), (Text("结论", "Said"), 60))
    rows = [
        (
            one.title,
            Cell(value=one.should),
            Cell(value=one.verified),
            Cell(value=one.claimed),
            Cell(value=one.missing),
            Cell(value=one.other if one.should is not None else None),
            one.sentence,
        )
        for one in board.standings
        if one.owner == office
    ]
    notes = (Text(f"“其他”包括{EXCEPTIONS.zh}。空格表示缺少名单，不能下结论。", f"Other: {EXCEPTIONS.en}. Empty: a list is absent."),)
    return listing(Text("汇总", "Counts"), Text(f"{office} 名单比对", f"{office}: rosters"), _subtitle(board), columns, rows, lang, notes)


def _register(board: RosterBoard, result: RosterResult, title: Text, lang: str) -> Sheet:
    name = Text(title.zh[:_LONGEST], title.en[:_LONGEST])
    return _listed(board, result, name, title, result.register, lang)


def _lines(board: RosterBoard, result: RosterResult, lang: str) -> Sheet:
    one = result.standing
    name = Text(one.title.zh[:_LONGEST], one.id[:_LONGEST])
    return _listed(board, result, name, one.title, (*result.lines, *result.doubled, *result.wrong), lang)


def _listed(board: RosterBoard, result: RosterResult, name: Text, title: Text, lines: Sequence[RosterLine], lang: str) -> Sheet:
    columns = (
        (Text("行", "Row"), 7),
        (Text("情况", "Standing"), 12),
        (Text("学校", "School"), 26),
        *((head, 16) for head in result.heads),
        (Text("说明", "Detail"), 30),
        (Text("记录编号", "Record"), 17),
        (Text("期限", "Due"), 12),
    )
    rows: list[tuple[str | Text | int | Cell, ...]] = [
        (
            line.number,
            line.word,
            line.subject,
            *(Cell(value=cell, text=True) for cell in line.shown),
            "；".join(part for part in (line.detail.of(lang), line.reason) if part),
            line.record,
            Cell(value=line.due),
        )
        for line in lines
    ]
    private = Text("含个人信息，只供承办科室办理本事项使用，用后按规定保管或销毁。", "Holds personal data: for the office in charge only.")
    notes = (result.standing.sentence, *((private,) if board.named else ()))
    return listing(name, title, _subtitle(board), columns, rows, lang, notes)
