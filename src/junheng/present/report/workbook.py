"""Sheets as an Excel workbook that can be computed with, filtered and printed.

A cell holds the exact value and shows it at the form's own decimals. No text of a user becomes a formula, a link or a number.
The same sheets and the same day give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count, islice, repeat
from pathlib import Path
from typing import Any

from junheng.present.report.lists import all_sheets
from junheng.present.report.wording import heading_lines, row_points, total_width
from junheng.present.wording import VERDICTS
from junheng.workflow import Text
from junheng.workflow.spreadsheet import NewWorkbook, new_workbook
from junheng.workflow.views import Assessment, Cell, Heading, Sheet

_A3, _A4 = 8, 9
_A4_CHARACTERS = {True: 150, False: 120}  # what an A4 page holds at a readable size, landscape or not
_ONE_PAGE = 30  # a sheet of no more rows is printed on one page
_NARROW = 10  # columns of short words are centred
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_BOX = {**_FONT, "border": 1, "border_color": "#808080"}
_FILLS: dict[str, dict[str, object]] = {
    "met": {},
    "met_by_concession": {"bg_color": "#DDEBF7"},
    "near": {"bg_color": "#FFF2CC"},
    "partly": {"bg_color": "#FFF2CC"},
    "missed": {"bg_color": "#F8CBAD", "bold": True},
    "no_data": {"bg_color": "#E7E6E6", "font_color": "#595959"},
    "needs_evidence": {"bg_color": "#E7E6E6", "font_color": "#595959"},
    "not_applicable": {"font_color": "#595959"},
}
_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")  # what a spreadsheet may take for the start of a formula
_FOOTER = Text("&C第 &P 页  共 &N 页", "&CPage &P of &N")
_YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


def write_workbook(assessment: Assessment, path: Path, lang: str = "zh") -> None:
    """Write forms 表Ⅰ–Ⅵ and the lists behind them to `path` (.xlsx)."""
    write_sheets(all_sheets(assessment, lang), path, assessment.day, lang)


def write_sheets(sheets: Sequence[Sheet], path: Path, day: date, lang: str = "zh") -> None:
    """Write each sheet to a worksheet of `path`; `day` is what the file says of its making, so that its bytes can be made again."""
    with new_workbook(path, day) as book:
        for sheet in map(_with_every_width, sheets):
            _write(book.sheet(sheet.name.of(lang)), sheet, book, lang)


def _with_every_width(sheet: Sheet) -> Sheet:
    """Return a sheet with a width for each column that its headings span: a form of which nothing is known may come without."""
    columns = {column for _, across, _ in placed(sheet.headings, 0) for column in across}
    lacking = len(columns.difference(range(len(sheet.widths))))
    return replace(sheet, widths=(*sheet.widths, *repeat(_NARROW, lacking)))


def _write(out: Any, sheet: Sheet, styles: NewWorkbook, lang: str) -> None:
    rows = count()
    last = max(range(len(sheet.widths)), default=0)
    _line(out, next(rows), last, sheet.title.of(lang), styles.style(font_name="黑体", font_size=16, align="center", valign="vcenter"), 30)
    _line(out, next(rows), last, sheet.subtitle.of(lang), styles.style(**_FONT, align="left"), 20)
    heading_rows = list(islice(rows, len(sheet.headings)))
    if heading_rows:  # a form of which nothing is known may have none
        _headings(out, heading_rows[0], sheet, styles, lang)
    body = list(zip(rows, sheet.rows, strict=False)) if sheet.rows else []
    for row, cells in body:
        out.set_row(
            row,
            row_points([(cell.value, width, 1) for cell, width in zip(cells, sheet.widths, strict=True) if isinstance(cell.value, str)]),
        )
        for column, cell in enumerate(cells):
            _cell(out, row, column, cell, sheet.widths[column] <= _NARROW, styles, lang)
    last_heading = max(heading_rows, default=1)
    end = max((row for row, _ in body), default=last_heading)
    _notes(out, end, last, sheet, styles, lang)
    for column, width in enumerate(sheet.widths):
        out.set_column(column, column, width)
    _reading(out, sheet, last_heading, end, last)
    _printing(out, sheet, last_heading, lang)


def _line(out: Any, row: int, last: int, text: str, style: Any, height: float) -> None:
    """Write one line over the whole width of the table."""
    out.set_row(row, height)
    if last:
        out.merge_range(row, 0, row, last, "", style)
    out.write_string(row, 0, text, style)


def placed(headings: Sequence[Sequence[Heading]], first_row: int) -> Iterator[tuple[list[int], list[int], Heading]]:
    """Yield (rows, columns, heading) for spanning headings: each takes the next free cells of its row, to the right and downwards."""
    taken: set[tuple[int, int]] = set()
    for row, line in zip(count(first_row), headings, strict=False):
        for heading in line:
            free = (column for column in count() if (row, column) not in taken)
            columns, rows = list(islice(free, heading.across)), list(islice(count(row), heading.down))
            taken.update((down, across) for down in rows for across in columns)
            yield rows, columns, heading


def _headings(out: Any, first_row: int, sheet: Sheet, styles: NewWorkbook, lang: str) -> None:
    style = styles.style(**_BOX, bold=True, align="center", text_wrap=True, bg_color="#F2F2F2")
    cells = []
    for rows, columns, heading in placed(sheet.headings, first_row):
        width = total_width(sheet.widths[column] for column in columns)
        cells.append((rows, columns, heading_lines(heading.text.of(lang), width), width))
    for row, _ in zip(count(first_row), sheet.headings, strict=False):
        out.set_row(row, row_points([(text, width, len(rows)) for rows, _, text, width in cells if row in rows]))
    for rows, columns, text, _ in cells:
        if [*rows[1:], *columns[1:]]:
            out.merge_range(rows[0], columns[0], rows[-1], columns[-1], "", style)
        out.write_string(rows[0], columns[0], text, style)


def _cell(out: Any, row: int, column: int, cell: Cell, narrow: bool, styles: NewWorkbook, lang: str) -> None:
    look = {**_BOX, **_FILLS[cell.verdict or "met"]}
    match cell.value:
        case None if cell.verdict in ("no_data", "not_applicable"):
            out.write_string(row, column, VERDICTS[cell.verdict].of(lang), styles.style(**look, align="center"))
        case None:
            out.write_blank(row, column, None, styles.style(**look))
        case bool():
            out.write_string(row, column, _YES_NO[cell.value].of(lang), styles.style(**look, align="center"))
        case date():
            out.write_datetime(row, column, cell.value, styles.style(**look, num_format="yyyy-mm-dd", align="center"))
        case int() | float() if not cell.text:
            decimals = 0 if cell.decimals is None and isinstance(cell.value, int) else cell.decimals
            out.write_number(row, column, cell.value, styles.style(**look, num_format=number_format(decimals)))
        case value:
            centre = {"align": "center"} if narrow or value == "—" else {}
            out.write_string(row, column, str(value), styles.style(**look, **centre, **_text_look(str(value), cell.text)))
    if cell.note:
        out.write_comment(row, column, cell.note)


def number_format(decimals: int | None) -> str:
    """Return Excel's format for a number of decimals: 2 is "0.00" and a space of the width of a blank; None leaves the number as it is."""
    return "General" if decimals is None else f"0{'.' if decimals else ''}{'0' * decimals}_ "


def _text_look(text: str, code: bool) -> dict[str, object]:
    """Text wraps; a code is marked as text; what looks like a formula keeps Excel's quote, so that editing the cell does not start one."""
    look: dict[str, object] = {"num_format": "@"} if code else {"text_wrap": True}
    return {**look, "quote_prefix": True} if text.startswith(_DANGEROUS) else look


def _notes(out: Any, end: int, last: int, sheet: Sheet, styles: NewWorkbook, lang: str) -> None:
    style = styles.style(font_name="宋体", font_size=9, text_wrap=True, valign="top")
    rows = islice(count(end), 1, None)
    for row, note in zip(rows, sheet.notes, strict=False):
        text = note.of(lang)
        _line(out, row, last, text, style, row_points([(text, total_width(sheet.widths), 1)]))


def _reading(out: Any, sheet: Sheet, heading: int, end: int, last: int) -> None:
    """Freeze headings and the leading names of a wide table, filter its rows, and do not complain of codes stored as text."""
    below = next(islice(count(heading), 1, None))
    out.freeze_panes(below, _leading_names(sheet))
    if len(sheet.rows) > 1:
        out.autofilter(heading, 0, end, last)
    out.ignore_errors({"number_stored_as_text": f"A1:XFD{len(range(-1, end))}"})


def _leading_names(sheet: Sheet) -> int:
    """Return how many of the first columns are frozen: codes and names, at most two, and none of a table that fits a screen."""
    if len(sheet.widths) < 9 or not sheet.rows:
        return 0
    kinds = [isinstance(cell.value, str) for cell in sheet.rows[0]]
    return len(kinds[: min(2, [*kinds, False].index(False))])


def _printing(out: Any, sheet: Sheet, heading: int, lang: str) -> None:
    small = total_width(sheet.widths) <= _A4_CHARACTERS[sheet.landscape]
    out.set_paper(_A4 if small else _A3)
    out.set_landscape() if sheet.landscape else out.set_portrait()
    out.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
    out.fit_to_pages(1, 0 if sheet.rows[_ONE_PAGE:] else 1)
    out.repeat_rows(0, heading)
    if sheet.prints is not None and sheet.rows[sheet.prints :]:
        out.print_area(0, 0, next(islice(count(heading), sheet.prints, None)), max(range(len(sheet.widths)), default=0))
    out.center_horizontally()
    out.set_footer(_FOOTER.of(lang))
