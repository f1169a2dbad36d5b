"""What the sheets of a template have in common: title, identity, instructions, the look of cells, drop-downs and printing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from junheng.documents.spreadsheet import NewWorkbook
from junheng.model import Column, allowed, units
from junheng.store.templates.plan import TITLE, SheetPlan
from junheng.store.templates.subject import Subject, cell_value

HEADER = 3  # 0-based row of the header on every sheet
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_BOX = {**_FONT, "border": 1, "border_color": "#A6A6A6"}
LOOKS: dict[str, dict[str, object]] = {
    "title": {"font_name": "黑体", "font_size": 15, "align": "center", "valign": "vcenter"},
    "identity": {**_FONT, "bold": True},
    "help": {**_FONT, "text_wrap": True, "valign": "top", "bg_color": "#F2F2F2", "border": 1, "border_color": "#D9D9D9"},
    "header": {**_BOX, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#D9E2F3"},
    "block": {**_BOX, "font_name": "黑体", "bg_color": "#EDEDED"},
    "label": {**_BOX, "text_wrap": True},
    "unit": {**_BOX, "align": "center", "font_color": "#595959"},
    "note": {**_BOX, "text_wrap": True, "font_size": 9, "font_color": "#595959"},
    "example": {**_BOX, "align": "center", "italic": True, "font_color": "#7F7F7F"},
    "input": {**_BOX, "locked": False, "bg_color": "#FFFBE6"},
    "last": {**_BOX, "bg_color": "#F2F2F2", "font_color": "#595959"},
    "none": {**_BOX, "bg_color": "#D9D9D9"},
    "check": {**_BOX, "align": "center", "font_color": "#595959"},
    "wrong": {"bold": True, "font_color": "#C00000", "bg_color": "#F8CBAD"},
}
_CODES = ("code", "text", "geometry")
_PROMPT_TITLE, _PROMPT = 32, 255  # Excel's limits


@dataclass
class Sheet:
    """One sheet while it is drawn."""

    book: NewWorkbook
    plan: SheetPlan
    subject: Subject

    @cached_property
    def out(self) -> Any:
        """Return the worksheet (made on first use)."""
        return self.book.sheet(self.plan.name)

    def look(self, name: str, **more: object) -> Any:
        """Return the format of a kind of cell."""
        return self.book.style(**{**LOOKS[name], **more})

    def head(self, widths: Sequence[float], help_lines: Sequence[str]) -> None:
        """Write title, identity and instructions over columns of these widths."""
        subject, out, width = self.subject, self.out, len(widths)
        out.set_row(0, 30)
        out.merge_range(0, 0, 0, width - 1, "", self.look("title"))
        out.write_string(0, 0, f"{subject.county.year}学年{TITLE}{self.plan.name}", self.look("title"))
        whose = "学校" if subject.book != "county" else ""
        out.set_row(1, 20)
        out.write_string(1, 0, f"{whose}标识码：{subject.code}", self.look("identity"))
        kind = allowed("school_kind").get(subject.kind)
        out.write_string(1, 2, f"{whose or '单位'}名称：{subject.name}" + (f"  （{kind.zh}）" if kind else ""), self.look("identity"))
        out.set_row(2, sum(height(line, sum(widths)) for line in help_lines) + 4)
        out.merge_range(2, 0, 2, width - 1, "", self.look("help"))
        out.write_string(2, 0, "\n".join(help_lines), self.look("help"))

    def cell(self, row: int, at: int, column: Column, value: object, look: str) -> None:
        """Write one value of a column, or an empty cell that takes one."""
        shown = cell_value(column, value)
        style = self.look(look, **self._format(column))
        if shown is None:
            self.out.write_blank(row, at, None, style)
        elif isinstance(shown, date):
            self.out.write_datetime(row, at, shown, style)
        elif isinstance(shown, str):
            self.out.write_string(row, at, shown, style)
        else:
            self.out.write_number(row, at, shown, style)

    def _format(self, column: Column) -> dict[str, object]:
        if column.type == "date":
            return {"num_format": "yyyy-mm-dd", "align": "center"}
        if column.allowed or column.type == "boolean":
            return {"align": "center"}
        if column.type in _CODES:
            return {"num_format": "@", "text_wrap": column.type == "text"}
        return {"num_format": "0" if column.type in ("integer", "year") else "General", "align": "right"}

    def choices(self, first: int, last: int, at: int, column: Column) -> None:
        """Set the drop-down or the bounds of the cells of one column, and the words shown when one is chosen."""
        own = self.subject.book != "county" and column.name == "school"
        rule = {"validate": "list", "source": [self.subject.code]} if own else _validation(column)
        note = note_of(column)
        rule |= {"input_title": column.label.zh[:_PROMPT_TITLE], "input_message": (note or _said(column))[:_PROMPT]}
        self.out.data_validation(first, at, last, at, rule)

    def finish(self, last_row: int, frozen_columns: int, widths: Sequence[float]) -> None:
        """Set widths, frozen panes, protection and printing."""
        out = self.out
        for at, width in enumerate(widths):
            out.set_column(at, at, width)
        out.freeze_panes(HEADER + 1, frozen_columns)
        # no password: the lock keeps labels from being overwritten by mistake and nothing more
        out.protect("", {"format_columns": True, "format_rows": True, "sort": True, "select_locked_cells": True})
        out.ignore_errors({"number_stored_as_text": f"A1:ZZ{last_row + 1}"})
        out.set_paper(9)
        out.set_landscape()
        out.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        out.fit_to_pages(1, 0)
        out.repeat_rows(HEADER)
        out.print_area(0, 0, last_row, len(widths) - 1)
        out.set_footer(f"&L{self.subject.name}&C第 &P 页  共 &N 页&R{self.plan.name}")


def height(text: str, width: float) -> float:
    """Return the height in points that a text needs in a column of this width; a Chinese character takes two of its units."""
    units_wide = sum(1 if character.isascii() else 2 for character in text)
    return 14.0 * max(1, math.ceil(units_wide / max(width - 1, 1)))


def note_of(column: Column) -> str:
    """Return what is said beside a column: its description where that says more than its label, and that its values are sensitive."""
    notes = [column.description.zh] if column.description.zh != column.label.zh else []
    return "；".join([*notes, "敏感信息，不出现在网页和对外材料中"] if column.level > "L2" else notes)


def unit_of(column: Column) -> str:
    """Return the unit of a column as a form writes it, "" for a pure number or a text."""
    return units()[column.unit].label.zh if column.unit and column.unit != "1" else ""


def _said(column: Column) -> str:
    if column.allowed:
        return "请从下拉列表中选择。"
    if column.type == "boolean":
        return "请选“是”或“否”；不清楚时留空。"
    if column.type in ("integer", "decimal"):
        number = "整数" if column.type == "integer" else "数字"
        unit = f"，单位：{unit_of(column)}" if unit_of(column) else ""
        return f"请填{number}{unit}；没有统计时留空。"
    return {"code": "请按文本填写代码。", "date": "例如 2025-09-01。", "year": "请填4位年份。"}.get(column.type, "请填文字。")


def _validation(column: Column) -> dict[str, Any]:
    choices = ["是", "否"] if column.type == "boolean" else [text.zh for text in column.allowed.values()]
    if choices:
        wrong = {"error_title": "请从列表中选择", "error_message": "该值不在列表中，请从下拉列表中选择。"}
        return {"validate": "list", "source": choices, **wrong}
    least, most = column.least, column.most
    if column.type in ("integer", "decimal", "year", "coordinate") and least is not None:
        kind = "integer" if column.type in ("integer", "year") else "decimal"
        limits: dict[str, Any] = {"criteria": ">=", "value": least}
        if most is not None:
            limits = {"criteria": "between", "minimum": least, "maximum": most}
        between = f"{least}至{most}之间" if most is not None else f"不小于{least}"
        number = "整数" if kind == "integer" else "数字"
        return {"validate": kind, **limits, "error_title": "请核对", "error_message": f"应为{between}的{number}；没有统计时请留空。"}
    return {"validate": "any"}
