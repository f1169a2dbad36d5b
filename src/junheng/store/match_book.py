"""The workbook of a comparison: what a person must decide, with a list to choose from, what was decided, and who was not found.

The only place in which names appear: the office asked for it. What comes back is read by the pair's number and its column, not by place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from junheng.documents import finding
from junheng.documents.spreadsheet import NewWorkbook, new_workbook
from junheng.errors import Finding, Place, StoreError, Text
from junheng.store.person_lists import read_person_list

ASK_SHEET, SAME_SHEET, ALONE_SHEET, ABOUT_SHEET = "待判", "同一人", "未找到", "说明"
PAIR, DECISION, BY, REASON = "编号", "判定", "判定人", "理由"
CHOICES = {"同一人": "same", "不是同一人": "different"}
_WIDEST, _NARROWEST = 44, 8
_LINE = 15  # points
_HEAD = {"bold": True, "bg_color": "#DDE7F0", "border": 1, "text_wrap": True, "valign": "vcenter"}
_CELL = {"border": 1, "valign": "vcenter", "text_wrap": True, "num_format": "@"}
_ASKED = {**_CELL, "bg_color": "#FFF8D6", "locked": False}


@dataclass(frozen=True, slots=True)
class BookSheet:
    """One sheet: a title, column headings, and rows of text. to_fill: the columns that a person fills in."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    to_fill: Sequence[str] = ()


def write_match_book(path: Path, sheets: Sequence[BookSheet], about: Sequence[str], day: date) -> None:
    """Write the workbook; raises StoreError when the system refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_workbook(path, day) as book:
            for sheet in sheets:
                _draw(book, sheet)
            page = book.sheet(ABOUT_SHEET)
            page.set_column(0, 0, 110)
            for row, line in enumerate(about):
                page.write_string(row, 0, line, book.style(text_wrap=True))
    except OSError as error:
        raise StoreError(finding("store.not_written", Place(file=path.as_posix()), str(error))) from error


def _draw(book: NewWorkbook, sheet: BookSheet) -> None:
    page = book.sheet(sheet.name)
    last = max(len(sheet.columns) - 1, 1)
    page.merge_range(0, 0, 0, last, sheet.title, book.style(bold=True, font_size=13))
    for column, heading in enumerate(sheet.columns):
        page.write_string(1, column, heading, book.style(**_HEAD))
        page.set_column(column, column, _width(sheet, column))
    widths = [_width(sheet, column) for column in range(len(sheet.columns))]
    for number, row in enumerate(sheet.rows):
        lines = max(-(-_cells(text) // width) for text, width in zip(row, widths, strict=True))
        page.set_row(number + 2, _LINE * max(lines, 1))
        for column, text in enumerate(row):
            asked = sheet.columns[column] in sheet.to_fill
            page.write_string(number + 2, column, text, book.style(**(_ASKED if asked else _CELL)))
    bottom = len(sheet.rows) + 1
    page.freeze_panes(2, 0)
    page.autofilter(1, 0, max(bottom, 1), last)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    if DECISION in sheet.to_fill and sheet.rows:
        _choices(page, sheet.columns.index(DECISION), bottom)


def _choices(page: Any, column: int, bottom: int) -> None:
    rule = {"validate": "list", "source": list(CHOICES), "error_title": "请从列表中选择", "error_message": "、".join(CHOICES)}
    page.data_validation(2, column, bottom, column, rule)


def _width(sheet: BookSheet, column: int) -> int:
    texts = [sheet.columns[column], *(row[column] for row in sheet.rows[:200])]
    return min(_WIDEST, max(_NARROWEST, *(_cells(text) + 2 for text in texts)))


def _cells(text: str) -> int:
    """Return how wide a text is, in narrow characters."""
    return sum(1 if one.isascii() else 2 for one in text)


@dataclass(frozen=True, slots=True)
class Answer:
    """One decision as it stands in a returned workbook."""

    pair: str
    decision: str  # same, different
    by: str
    reason: str
    place: Place


def read_answers(path: Path) -> tuple[list[Answer], list[Finding]]:
    """Return the decisions of a returned workbook, and what cannot be read; a blank cell is no decision yet."""
    headings = {"pair": [PAIR], "decision": [DECISION], "by": [BY], "reason": [REASON]}
    table = read_person_list(path, headings, ("pair", "decision"), sheet=ASK_SHEET)
    answers, findings = [], []
    for row, number in zip(table.frame.iter_rows(named=True), table.numbers, strict=True):
        said = row["decision"]
        place = Place(file=path.name, sheet=ASK_SHEET, row=number, column=DECISION)
        if said is None:
            continue
        if said not in CHOICES or row["pair"] is None:
            findings.append(finding("matching.decision_unknown", place, Text(str(said), str(said))))
            continue
        answers.append(Answer(row["pair"], CHOICES[said], row.get("by") or "", row.get("reason") or "", place))
    return answers, findings
