"""A sheet with one record a row: given keys first, last year's value beside each value of given rows, spare rows below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from junheng.model import Column
from junheng.store.returns.words import label
from junheng.store.returns.workbook_xml import column_letters
from junheng.store.templates.drawing import HEADER, Sheet, height, unit_of
from junheng.store.templates.forms import given, last_label
from junheng.store.templates.plan import asks, example, grades_of
from junheng.store.templates.subject import Row, cell_value, has_any, records

_HELP = (
    "1. 只填浅黄色单元格，一行一条。没有统计的留空，确实没有的填0；留空表示“不知道”，0表示“没有”，两者不能互相代替。",
    "2. 有下拉箭头的单元格请从列表中选择；代码按文本填写。请不要改动表头；填好后仍存为.xlsx交回。",
)
_FIXED = "3. 灰色的行首和“上年”列不必改动。"
_SHOWN = "3. 已按上年数列出，请逐行核对：有变化的改，没有了的删去该行内容，新增的填在空行。全本没有填写或改动的，不予载入。"
_LEAST_WIDTH = 100  # in characters, on landscape A4
_TEXT_WIDTH = 34  # a longer text is wrapped


@dataclass(frozen=True)
class _Plan:
    """The columns of the sheet, those with last year's values beside them, and the rows it starts with."""

    columns: Sequence[Column]
    beside: frozenset[str]
    rows: Sequence[tuple[Row, Row]]  # what stands in a row, and last year's values
    fixed: bool  # the keys of these rows are given
    spare: int
    totals: bool

    @property
    def places(self) -> Iterator[tuple[Column, int]]:
        """Yield each column with its 0-based place; last year's stands one further."""
        at = 0
        for column in self.columns:
            yield column, at
            at += 2 if column.name in self.beside else 1

    @property
    def last(self) -> int:
        """Return the last row for records."""
        return HEADER + len(self.rows) + self.spare

    def widths(self) -> list[float]:
        """Return the width of each sheet column, by what stands in it, enlarged to fill a page."""
        widths = []
        for column in self.columns:
            width = self._width(column)
            widths += [width, max(width, 14.0)] if column.name in self.beside else [width]
        factor = max(1.0, _LEAST_WIDTH / sum(widths))
        return [round(width * factor, 1) for width in widths]

    def _width(self, column: Column) -> float:
        texts = [f"{column.label.zh}（）", *(text.zh for text in column.allowed.values())]
        texts += [str(cell_value(column, value)) for pair in self.rows for row in pair if (value := row.get(column.name)) is not None]
        longest = max(sum(1 if character.isascii() else 2 for character in text) for text in texts)
        free = {"text": 26.0, "code": 15.0}.get(column.type, 0.0) if self.spare and not column.allowed and not column.key else 0.0
        return min(max(11.0, longest + 2.0, free), _TEXT_WIDTH)


def draw_list(sheet: Sheet) -> None:
    """Draw the sheet."""
    plan = _plan(sheet)
    widths = plan.widths()
    help_lines = [*_HELP, *([_FIXED if plan.fixed else _SHOWN] if plan.rows else []), f"示例：{_example(sheet, plan)}"]
    sheet.head(widths, help_lines)
    _header(sheet, plan)
    for number, values in enumerate(plan.rows, HEADER + 1):
        _record(sheet, plan, number, values, widths)
    for number in range(HEADER + 1 + len(plan.rows), plan.last + 1):
        _spare(sheet, plan, number)
    for column, at in plan.places:
        first = HEADER + 1 + (len(plan.rows) if plan.fixed and column.key else 0)
        if first <= plan.last:
            sheet.choices(first, plan.last, at, column)
    last = _totals(sheet, plan) if plan.totals else plan.last
    sheet.finish(last, sum(column.key for column in plan.columns), widths)


def _plan(sheet: Sheet) -> _Plan:
    subject, block = sheet.subject, sheet.plan.blocks[0]
    columns = [
        column
        for column in block.table.columns
        if not given(sheet.plan, column) and column.type != "geometry" and (column.key or asks(block.table.name, column, subject.stages))
    ]
    rows = records(subject, block)
    fixed = block.rows in ("grades", "keys")
    before = [last for _, last in rows] if fixed else []
    beside = frozenset(column.name for column in columns if not column.key and has_any(before, column.name))
    return _Plan(columns, beside, rows, fixed, block.spare, totals=block.rows == "grades" and bool(rows))


def _header(sheet: Sheet, plan: _Plan) -> None:
    sheet.out.set_row(HEADER, 34)
    for column, at in plan.places:
        sheet.out.write_string(HEADER, at, _title(column), sheet.look("header"))
        if column.name in plan.beside:
            sheet.out.write_string(HEADER, at + 1, last_label(column.label.zh), sheet.look("header"))


def _title(column: Column) -> str:
    """Return the label with its unit, where the reader of the sheet knows the unit by that word."""
    with_unit = f"{column.label.zh}（{unit_of(column)}）"
    return with_unit if unit_of(column) and label(with_unit).key == label(column.label.zh).key else column.label.zh


def _record(sheet: Sheet, plan: _Plan, number: int, values: tuple[Row, Row], widths: Sequence[float]) -> None:
    row, before = values
    tallest = 14.0
    for column, at in plan.places:
        sheet.cell(number, at, column, row.get(column.name), "last" if plan.fixed and column.key else "input")
        if column.name in plan.beside:
            sheet.cell(number, at + 1, column, before.get(column.name), "last")
        for value in (row.get(column.name), before.get(column.name)):
            tallest = max(tallest, height(str(cell_value(column, value) or ""), widths[at]))
    sheet.out.set_row(number, tallest + 2)


def _spare(sheet: Sheet, plan: _Plan, number: int) -> None:
    for column, at in plan.places:
        sheet.cell(number, at, column, None, "input")
        if column.name in plan.beside:
            sheet.cell(number, at + 1, column, None, "last")


def _totals(sheet: Sheet, plan: _Plan) -> int:
    """Write the row of totals, as formulas with the sums that hold now; return its number."""
    row = plan.last + 1
    for column, at in plan.places:
        if column.key:
            sheet.out.write_blank(row, at, None, sheet.look("last"))
            continue
        _sum(sheet, row, at, [now.get(column.name) for now, _ in plan.rows])
        if column.name in plan.beside:
            _sum(sheet, row, at + 1, [before.get(column.name) for _, before in plan.rows])
    sheet.out.write_string(row, 0, "合计", sheet.look("last", bold=True, align="center"))
    return row


def _sum(sheet: Sheet, row: int, at: int, values: Sequence[object]) -> None:
    letter = column_letters(at + 1)
    known = sum(value for value in values if isinstance(value, int))
    sheet.out.write_formula(row, at, f"=SUM({letter}{HEADER + 2}:{letter}{row})", sheet.look("last", bold=True, num_format="0"), known)


def _example(sheet: Sheet, plan: _Plan) -> str:
    stages = sheet.subject.stages
    words = {column.label.zh: example(sheet.plan.table.name, column) for column in plan.columns}
    if stages:
        own = {"stage": stages[0], "grade": grades_of(stages[0])[0]}
        words |= {column.label.zh: column.allowed[own[column.name]].zh for column in plan.columns if column.name in own}
    return "；".join(f"{name} {value}" for name, value in words.items() if value)
