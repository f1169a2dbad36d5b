"""A list as a workbook: instructions, one column a field with its drop-down, what is known already, and spare rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from junheng.documents import finding
from junheng.documents.spreadsheet import NewWorkbook, new_workbook
from junheng.errors import Place, StoreError
from junheng.store.returns.workbook_xml import column_letters
from junheng.store.templates.drawing import HEADER, LOOKS, height

_SPARE = 40
_HELP = (
    "1. 只填浅黄色单元格，一行一条；红色表头为必填。没有的留空，不要写“无”或0。",
    "2. 有下拉箭头的请从列表中选择；“编号”由系统给出，新增的行留空；改正后的表再次导入即为更新，原值保留。",
)
_FORMATS = {"date": "yyyy-mm-dd", "integer": "0", "decimal": "General"}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: its heading, type, choices, instruction, whether it must be filled, and whether it is given."""

    heading: str
    type: str
    choices: tuple[str, ...] = ()
    says: str = ""
    required: bool = False
    given: bool = False


def write_list(
    path: Path, title: str, columns: Sequence[SheetColumn], rows: Sequence[Sequence[object]], day: date, says: tuple[str, ...] = _HELP
) -> None:
    """Write a list to `path` (.xlsx): rows of values in the order of the columns; `day` is the file's date of making.

    says: the two lines that tell how it is filled in.

    Raises StoreError when the system refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with new_workbook(path, day) as book:
            _draw(book, title, columns, rows, says)
    except OSError as error:
        raise StoreError(finding("store.not_written", Place(file=path.as_posix()), str(error))) from error


def _draw(book: NewWorkbook, title: str, columns: Sequence[SheetColumn], rows: Sequence[Sequence[object]], says: tuple[str, ...]) -> None:
    out = book.sheet(title[:31])
    last = len(columns) - 1
    widths = [_width(column, [row[at] for row in rows]) for at, column in enumerate(columns)]
    for row, text in enumerate((title, *says)):
        look = book.style(**LOOKS["title" if not row else "help"])
        out.merge_range(row, 0, row, last, "", look)
        out.write_string(row, 0, text, look)
        out.set_row(row, 30 if not row else max(16.0, height(text, sum(widths)) + 2))
    lists = _lists(book, columns)
    out.set_row(HEADER, 32)
    for at, column in enumerate(columns):
        colour = {"font_color": "#C00000"} if column.required else {}
        out.write_string(HEADER, at, column.heading, book.style(**{**LOOKS["header"], **colour}))
        out.set_column(at, at, widths[at])
        _validate(out, at, HEADER + len(rows) + _SPARE, column, lists)
    for number in range(len(rows) + _SPARE):
        values = rows[number] if number < len(rows) else [None] * len(columns)
        for at, column in enumerate(columns):
            _cell(book, out, HEADER + 1 + number, at, column, values[at])
    _finish(out, HEADER + len(rows) + _SPARE, last)


def _width(column: SheetColumn, values: Sequence[object]) -> float:
    texts = [column.heading, *column.choices[:20], *(str(value) for value in values if value is not None)]
    longest = max(sum(1 if character.isascii() else 2 for character in text) for text in texts)
    return min(max(11.0, longest + 2.0, 24.0 if column.type == "long_text" else 0.0), 34.0)


def _lists(book: NewWorkbook, columns: Sequence[SheetColumn]) -> Mapping[int, str]:
    """Write the choices on a sheet of their own (a rule holds at most 255 characters) and return the range of each column."""
    chosen = [(at, column.choices) for at, column in enumerate(columns) if column.choices]
    if not chosen:
        return {}
    sheet, ranges = book.sheet("选项"), {}
    for place, (at, choices) in enumerate(chosen):
        for row, choice in enumerate(choices):
            sheet.write_string(row, place, choice)
        letters = column_letters(place + 1)
        ranges[at] = f"=选项!${letters}$1:${letters}${len(choices)}"
    sheet.hide()
    return ranges


def _validate(out: Any, at: int, last: int, column: SheetColumn, lists: Mapping[int, str]) -> None:
    rule: dict[str, Any] = {"validate": "any"}
    if at in lists:
        rule = {"validate": "list", "source": lists[at], "error_title": "请从列表中选择", "error_message": "该值不在列表中。"}
    elif column.type == "boolean":
        rule = {"validate": "list", "source": ["是", "否"]}
    elif column.type == "date":
        rule = {"validate": "date", "criteria": ">", "value": date(1990, 1, 1), "error_message": "请填日期，如2025-09-01。"}
    elif column.type in ("integer", "decimal"):
        rule = {"validate": column.type, "criteria": ">=", "value": 0, "error_message": "请填数字。"}
    if column.says and not column.given:
        rule |= {"input_title": column.heading[:32], "input_message": column.says[:255]}
    if len(rule) > 1:
        out.data_validation(HEADER + 1, at, last, at, rule)


def _cell(book: NewWorkbook, out: Any, row: int, at: int, column: SheetColumn, value: object) -> None:
    look = book.style(**{**LOOKS["last" if column.given else "input"], "text_wrap": True, "num_format": _FORMATS.get(column.type, "@")})
    if value is None:
        out.write_blank(row, at, None, look)
    elif isinstance(value, bool):
        out.write_string(row, at, "是" if value else "否", look)
    elif isinstance(value, int | float):
        out.write_number(row, at, value, look)
    elif isinstance(value, date):
        out.write_datetime(row, at, value, look)
    else:
        out.write_string(row, at, str(value), look)


def _finish(out: Any, last_row: int, last: int) -> None:
    out.freeze_panes(HEADER + 1, 1)
    out.autofilter(HEADER, 0, last_row, last)
    out.ignore_errors({"number_stored_as_text": f"A1:ZZ{last_row + 1}"})
    out.set_paper(9)
    out.set_landscape()
    out.fit_to_pages(1, 0)
    out.repeat_rows(HEADER)
    out.print_area(0, 0, last_row, last)
    out.set_footer("&C第 &P 页  共 &N 页")
