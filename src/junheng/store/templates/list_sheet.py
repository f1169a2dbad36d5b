"""A sheet with one record a row: given keys first, last year's value beside each number of given rows, spare rows below."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.model import Column
from junheng.store.returns.words import label
from junheng.store.returns.workbook_xml import column_letters
from junheng.store.templates.drawing import HEADER, Sheet, unit_of
from junheng.store.templates.forms import given, last_label
from junheng.store.templates.plan import asks, example, grades_of
from junheng.store.templates.subject import Row, has_any, records

_HELP = (
    "1. 只填浅黄色单元格，一行一条。没有统计的留空，确实没有的填0；留空表示“不知道”，两者不能互相代替。",
    "2. 有下拉箭头的单元格请从列表中选择；代码按文本填写。请不要改动表头；填好后仍存为.xlsx交回。",
)
_FIXED = "灰色的行首和“上年”列不必改动。"
_SHOWN = "已按上年数列出，请逐行核对：有变化的改，没有了的删去该行内容，新增的填在空行。"
_LEAST_WIDTH = 100  # in characters, on landscape A4


def draw_list(sheet: Sheet) -> None:
    """Draw the sheet."""
    subject, plan = sheet.subject, sheet.plan
    block = plan.blocks[0]
    stages = subject.stages
    columns = [
        column
        for column in plan.table.columns
        if not given(plan, column) and (column.key or asks(plan.table.name, column, stages)) and column.type != "geometry"
    ]
    rows = records(subject, block)
    fixed = block.rows in ("grades", "keys")
    beside = _with_last(columns, rows) if fixed else []
    places = _places(columns, beside)
    widths = _widened(_widths(places, beside))
    sheet.head(widths, [*_HELP, *_extra(fixed, bool(rows)), f"示例：{_example(plan.table.name, columns, stages)}"])
    _header(sheet, places, beside)
    last = HEADER + len(rows) + block.spare
    for number, (row, before) in enumerate(rows, HEADER + 1):
        _record(sheet, places, beside, number, (row, before), fixed)
    for number in range(HEADER + 1 + len(rows), last + 1):
        for column, at in places:
            sheet.cell(number, at, column, None, "input")
    for column, at in places:
        first = HEADER + 1 + (len(rows) if fixed and column.key else 0)
        if first <= last:
            sheet.choices(first, last, at, column)
    if block.rows == "grades" and rows:
        last = _totals(sheet, places, beside, rows, last)
    sheet.finish(last, sum(column.key for column in columns), widths)


def _extra(fixed: bool, started: bool) -> list[str]:
    return [f"3. {_FIXED if fixed else _SHOWN}"] if started else []


def _with_last(columns: Sequence[Column], rows: Sequence[tuple[Row, Row]]) -> list[str]:
    before = [last for _, last in rows]
    return [column.name for column in columns if not column.key and has_any(before, column.name)]


def _places(columns: Sequence[Column], beside: Sequence[str]) -> list[tuple[Column, int]]:
    places, at = [], 0
    for column in columns:
        places.append((column, at))
        at += 2 if column.name in beside else 1
    return places


def _header(sheet: Sheet, places: Sequence[tuple[Column, int]], beside: Sequence[str]) -> None:
    sheet.out.set_row(HEADER, 34)
    for column, at in places:
        sheet.out.write_string(HEADER, at, _title(column), sheet.look("header"))
        if column.name in beside:
            sheet.out.write_string(HEADER, at + 1, last_label(column.label.zh), sheet.look("header"))


def _title(column: Column) -> str:
    """Return the label with its unit, where the reader of the sheet knows the unit by that word."""
    with_unit = f"{column.label.zh}（{unit_of(column)}）"
    return with_unit if unit_of(column) and label(with_unit).key == label(column.label.zh).key else column.label.zh


def _record(
    sheet: Sheet, places: Sequence[tuple[Column, int]], beside: Sequence[str], number: int, values: tuple[Row, Row], fixed: bool
) -> None:
    row, before = values
    for column, at in places:
        sheet.cell(number, at, column, row.get(column.name), "last" if fixed and column.key else "input")
        if column.name in beside:
            sheet.cell(number, at + 1, column, before.get(column.name), "last")


def _totals(sheet: Sheet, places: Sequence[tuple[Column, int]], beside: Sequence[str], rows: Sequence[tuple[Row, Row]], last: int) -> int:
    """Write the row of totals, as formulas with the sums that hold now."""
    row = last + 1
    for column, at in places:
        if column.key:
            sheet.out.write_blank(row, at, None, sheet.look("last"))
            continue
        _sum(sheet, row, at, [now.get(column.name) for now, _ in rows])
        if column.name in beside:
            _sum(sheet, row, at + 1, [before.get(column.name) for _, before in rows])
    sheet.out.write_string(row, places[0][1], "合计", sheet.look("last", bold=True, align="center"))
    return row


def _sum(sheet: Sheet, row: int, at: int, values: Sequence[object]) -> None:
    letter = column_letters(at + 1)
    known = sum(value for value in values if isinstance(value, int))
    sheet.out.write_formula(row, at, f"=SUM({letter}{HEADER + 2}:{letter}{row})", sheet.look("last", bold=True, num_format="0"), known)


def _widths(places: Sequence[tuple[Column, int]], beside: Sequence[str]) -> list[float]:
    widths = []
    for column, _ in places:
        widths.append(_width(column))
        if column.name in beside:
            widths.append(14.0)
    return widths


def _widened(widths: list[float]) -> list[float]:
    """Return the widths enlarged so that a list of few columns still fills a page in which the instructions can be read."""
    factor = max(1.0, _LEAST_WIDTH / sum(widths))
    return [round(width * factor, 1) for width in widths]


def _width(column: Column) -> float:
    if column.name in ("name", "document", "address", "office"):
        return 30
    longest = max([len(column.label.zh) + 2, *(len(text.zh) for text in column.allowed.values())])
    return max(11.0, min(20.0, longest * 1.9), 16.0 if column.type == "code" else 0.0)


def _example(table: str, columns: Sequence[Column], stages: Sequence[str]) -> str:
    words = {column.label.zh: example(table, column) for column in columns}
    if stages:
        own = {"stage": stages[0], "grade": grades_of(stages[0])[0]}
        words |= {column.label.zh: column.allowed[own[column.name]].zh for column in columns if column.name in own}
    return "；".join(f"{name} {value}" for name, value in words.items() if value)
