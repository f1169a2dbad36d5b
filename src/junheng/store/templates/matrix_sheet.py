"""A sheet with items down the page: unit, this year's cell, last year's value beside it, an example and what is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from junheng.model import Column
from junheng.model.checks import data
from junheng.store.returns.workbook_xml import column_letters
from junheng.store.templates.drawing import HEADER, Sheet, height, note_of, unit_of
from junheng.store.templates.forms import last_label, stage_label
from junheng.store.templates.plan import EXAMPLE, ITEM, LAST_YEAR, NOTE, THIS_YEAR, UNIT, Block, asked, asks, example
from junheng.store.templates.subject import cell_value, values

_HELP = (
    "1. 只填浅黄色单元格；灰色单元格为{year}学年上报数，供核对，不必改动。单位见“计量单位”列，金额一律为元，面积一律为平方米。",
    "2. 没有统计的留空；确实没有的填0。留空表示“不知道”，0表示“没有”，两者不能互相代替。",
    "3. 有下拉箭头的单元格请从列表中选择。请不要增删行列、改动项目名称；填好后仍存为.xlsx交回。",
)
_REGISTER = "4. “{title}”各项已按名册或上年数填好，请逐项核对：有变化的改。全本没有填写或改动的，不予载入。"
_VALUE = 15.0  # width of a cell to fill


@dataclass
class _Grid:
    """The columns of values: for each stage (or the whole school) this year's, and last year's when it is known."""

    stages: Sequence[str]  # "" for the whole school
    with_last: bool
    rows: dict[tuple[str, str], int] = field(default_factory=dict)  # (table, column) -> row

    def this(self, index: int) -> int:
        return 2 + index * (2 if self.with_last else 1)

    @property
    def example(self) -> int:
        return self.this(len(self.stages))

    @property
    def widths(self) -> list[float]:
        values = [_VALUE, 12.0] if self.with_last else [_VALUE]
        return [30, 9, *(values * len(self.stages)), 14, 44]


def draw_matrix(sheet: Sheet) -> None:
    """Draw the sheet."""
    subject = sheet.subject
    by_stage = sheet.plan.blocks[0].rows == "stages"
    grid = _Grid(subject.stages if by_stage else [""], subject.previous is not None)
    registers = [block.table.title.zh for block in sheet.plan.blocks if block.table.name == "schools"]
    lines = [*_HELP, *(_REGISTER.replace("{title}", title) for title in registers)]
    sheet.head(grid.widths, [line.format(year=subject.county.year - 1) for line in lines])
    _header(sheet, grid)
    row = HEADER + 1
    for block in sheet.plan.blocks:
        columns = asked(block.table, subject.stages)
        if columns:
            row = _block(sheet, grid, block, columns, row)
    for rule in data.rows("sums"):
        row = _check(sheet, grid, rule, row)
    sheet.finish(row - 1, 1, grid.widths)


def _header(sheet: Sheet, grid: _Grid) -> None:
    out, look = sheet.out, sheet.look("header")
    out.set_row(HEADER, 32)
    out.write_string(HEADER, 0, ITEM, look)
    out.write_string(HEADER, 1, UNIT, look)
    for index, stage in enumerate(grid.stages):
        at = grid.this(index)
        out.write_string(HEADER, at, stage_label(stage) if stage else THIS_YEAR, look)
        if grid.with_last:
            out.write_string(HEADER, at + 1, last_label(stage_label(stage)) if stage else LAST_YEAR, look)
    out.write_string(HEADER, grid.example, EXAMPLE, look)
    out.write_string(HEADER, grid.example + 1, NOTE, look)


def _block(sheet: Sheet, grid: _Grid, block: Block, columns: Sequence[Column], row: int) -> int:
    out, table = sheet.out, block.table
    out.set_row(row, 18)
    out.merge_range(row, 0, row, len(grid.widths) - 1, "", sheet.look("block"))
    out.write_string(row, 0, f"■ {table.title.zh}：{table.description.zh}", sheet.look("block"))
    for number, column in enumerate(columns, row + 1):
        grid.rows[table.name, column.name] = number
        note = note_of(column)
        out.set_row(number, max([height(note, 48), *(_tall(sheet, table.name, column, stage) for stage in grid.stages)]) + 2)
        out.write_string(number, 0, column.label.zh, sheet.look("label"))
        out.write_string(number, 1, unit_of(column), sheet.look("unit"))
        for index, stage in enumerate(grid.stages):
            _values(sheet, grid, block, column, (number, index), stage)
        out.write_string(number, grid.example, example(table.name, column), sheet.look("example"))
        out.write_string(number, grid.example + 1, note, sheet.look("note"))
    return row + 1 + len(columns)


def _tall(sheet: Sheet, table: str, column: Column, stage: str) -> float:
    """Return the height that a text known from last year needs."""
    known = values(sheet.subject.now(table), stage) or values(sheet.subject.before(table), stage)
    return height(str(cell_value(column, known.get(column.name)) or ""), _VALUE)


def _values(sheet: Sheet, grid: _Grid, block: Block, column: Column, place: tuple[int, int], stage: str) -> None:
    subject, table = sheet.subject, block.table.name
    row, at = place[0], grid.this(place[1])
    if stage and not asks(table, column, [stage]):
        sheet.out.write_blank(row, at, None, sheet.look("none"))
        if grid.with_last:
            sheet.out.write_blank(row, at + 1, None, sheet.look("none"))
        return
    known, last = values(subject.now(table), stage).get(column.name), values(subject.before(table), stage).get(column.name)
    start = last if known is None and (subject.prefilled or table == "schools") else known
    sheet.cell(row, at, column, start, "input")
    sheet.choices(row, row, at, column)
    if grid.with_last:
        sheet.cell(row, at + 1, column, last, "last")


def _check(sheet: Sheet, grid: _Grid, rule: Mapping[str, str], row: int) -> int:
    """Write a line that compares a total with its parts, where both stand on this sheet; return the next free row."""
    whole, parts = grid.rows.get((rule["table"], rule["whole"])), _parts(grid, rule)
    if rule["relation"] != "equals" or whole is None or not parts:
        return row
    out, text = sheet.out, _rule_text(sheet, rule)
    out.set_row(row, height(text, 39) + 2)
    out.merge_range(row, 0, row, 1, "", sheet.look("note"))
    out.write_string(row, 0, text, sheet.look("note"))
    for index in range(len(grid.stages)):
        at = grid.this(index)
        letter = column_letters(at + 1)
        summed = f"SUM({','.join(f'{letter}{first}:{letter}{last}' for first, last in _runs(parts))})"
        counted = summed.replace("SUM", "COUNT", 1)
        total = f"{letter}{whole + 1}"
        formula = f'=IF(OR({total}="",{counted}=0),"",IF({summed}={total},"相符","不符："&{summed}&"≠"&{total}))'
        out.write_formula(row, at, formula, sheet.look("check"), "")
        wrong = {"type": "text", "criteria": "begins with", "value": "不符", "format": sheet.look("wrong")}
        out.conditional_format(row, at, row, at, wrong)
    return row + 1


def _parts(grid: _Grid, rule: Mapping[str, str]) -> list[int]:
    own = {name: row for (table, name), row in grid.rows.items() if table == rule["parts_table"]}
    return list(own.values()) if rule["parts"] == "*" else [own[name] for name in rule["parts"].split() if name in own]


def _rule_text(sheet: Sheet, rule: Mapping[str, str]) -> str:
    tables = {block.table.name: block.table for block in sheet.plan.blocks}
    parts_table = tables[rule["parts_table"]]
    labels = [parts_table.column(name).label.zh for name in rule["parts"].split() if name != "*"]
    named = "、".join(labels) or parts_table.title.zh
    return f"核对：{tables[rule['table']].column(rule['whole']).label.zh} = {named}各项之和"


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of consecutive rows as 1-based first and last row."""
    runs: list[tuple[int, int]] = []
    for row in sorted(rows):
        if runs and runs[-1][1] == row:
            runs[-1] = (runs[-1][0], row + 1)
        else:
            runs.append((row + 1, row + 1))
    return runs
