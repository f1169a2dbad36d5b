"""The reference page of planners: what each asks, offers, pins and changes, from its own declaration."""

from __future__ import annotations

from junheng.errors import Text
from junheng.workflow.propose import list_planners
from junheng.workflow.views import ReferencePage, Section
from junheng.workflow.views.proposals import PlannerLine

_COLUMNS = (Text("选项", "Option"), Text("含义", "Meaning"), Text("默认", "Default"), Text("单位", "Unit"), Text("范围", "Bounds"))


def planners_page() -> ReferencePage:
    """Return the page of all planners."""
    text = Text(
        "`junheng propose 文件夹 规划器 --option 名称=数值`；可以指定或禁止的写作 `--pin 表.列=代码:去向`。规划器只改动这里列出的表和列。",
        "`junheng propose FOLDER PLANNER --option name=value`; pins are written `--pin table.column=code:to`. "
        "A planner changes nothing but the tables and columns listed here.",
    )
    sections = tuple(_section(one) for one in list_planners())
    return ReferencePage(name="planners", title=Text("规划器", "Planners"), text=text, sections=sections)


def _section(one: PlannerLine) -> Section:
    pins = ", ".join(f"`{column}` → `{to}`" for column, to in one.pins) or "—"
    changes = ", ".join(f"`{name}`" for name in one.changes)
    tables_zh, tables_en = "、".join(title.zh for title in one.tables) or "—", ", ".join(title.en for title in one.tables) or "—"
    text = Text(
        f"{one.question.zh} 可以指定：{pins}。改动：{changes}。结果表：{tables_zh}。",
        f"{one.question.en} May be pinned: {pins}. Changes: {changes}. Tables: {tables_en}.",
    )
    rows = tuple((f"`{name}`", f"{title.zh} / {title.en}", default, unit.zh, bounds) for name, title, default, unit, bounds in one.options)
    return Section(title=Text(f"{one.name} · {one.title.zh}", one.title.en), text=text, columns=_COLUMNS, rows=rows)
