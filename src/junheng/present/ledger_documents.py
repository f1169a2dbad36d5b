"""The files of a week: a page to open, a workbook to take away."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.grid import listing
from junheng.present.report.workbook import write_sheets
from junheng.present.web.ledger_page import board_page, week_page
from junheng.present.wording_ledger import STANDINGS
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.ledgers import Group, LedgerBoard, ThisWeek


def write_this_week(week: ThisWeek, out: Path, lang: str = "zh") -> tuple[Path, ...]:
    """Write this-week.html and this-week.xlsx to a folder; return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    page, book = out / "this-week.html", out / "this-week.xlsx"
    page.write_text(week_page(week, lang), encoding="utf-8", newline="\n")
    write_sheets((_counts(week, lang), _items(week, lang)), book, week.day, lang)
    return (page, book)


def write_board(board: LedgerBoard, out: Path, lang: str = "zh") -> Path:
    """Write ledgers.html to a folder; return its path."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "ledgers.html"
    path.write_text(board_page(board, lang), encoding="utf-8", newline="\n")
    return path


def _subtitle(week: ThisWeek) -> Text:
    return Text(f"{week.name.zh}　{week.day}—{week.until}　{week.term.zh}", f"{week.name.en}, {week.day} to {week.until}")


def _counts(week: ThisWeek, lang: str) -> Sheet:
    columns = ((Text("科室或学校", "Office or school"), 30), *((label, 10) for label in STANDINGS.values()))
    rows = [(group.name, group.overdue, group.missing, group.stale, group.due) for group in week.offices]
    return listing(Text("汇总", "Counts"), Text("本周事项汇总", "This week"), _subtitle(week), columns, rows, lang)


def _items(week: ThisWeek, lang: str) -> Sheet:
    columns = (
        (Text("科室或学校", "Office or school"), 22),
        (Text("情况", "Standing"), 10),
        (Text("台账", "Ledger"), 14),
        (Text("编号", "Number"), 16),
        (Text("事项", "Matter"), 34),
        (Text("对象", "About"), 22),
        (Text("期限", "Clock"), 26),
        (Text("日期", "Day"), 12),
        (Text("天数", "Days"), 8),
        (Text("已报", "Told"), 18),
    )
    rows = [row for group in week.offices for row in _rows(group, lang)]
    return listing(Text("清单", "List"), Text("本周事项清单", "What is owed this week"), _subtitle(week), columns, rows, lang)


def _rows(group: Group, lang: str) -> list[tuple[str | Text | int | Cell, ...]]:
    return [
        (
            group.name,
            STANDINGS[one.standing],
            one.title,
            one.key,
            one.named,
            one.subject,
            one.label,
            Cell(value=one.due),
            one.days,
            "、".join(role.of(lang) for role in one.told),
        )
        for one in group.items
    ]
