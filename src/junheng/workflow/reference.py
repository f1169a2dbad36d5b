"""The reference pages, from the data that the program itself reads: they cannot say anything else than what it does."""

from __future__ import annotations

from junheng.documents import catalogue
from junheng.errors import Text
from junheng.model import SENSITIVITY, Column, schema, units
from junheng.workflow.reference_assumptions import assumptions_page
from junheng.workflow.reference_ledgers import ledgers_page
from junheng.workflow.reference_matching import matching_page
from junheng.workflow.reference_planners import planners_page
from junheng.workflow.reference_rosters import rosters_page
from junheng.workflow.reference_rules import rules_pages
from junheng.workflow.reference_scores import scores_page
from junheng.workflow.views import ReferencePage, Section

_NO_TEXT = Text("", "")
_GROUPS = {"school": Text("学校", "School"), "county": Text("县域", "County"), "area": Text("地区", "Area")}


def reference_pages() -> tuple[ReferencePage, ...]:
    """Return every generated page, those on commands excepted."""
    own = (_tables(), _codes(), _units(), _findings())
    return (*own, *rules_pages(), assumptions_page(), matching_page(), ledgers_page(), scores_page(), rosters_page(), planners_page())


def _tables() -> ReferencePage:
    columns = (
        Text("列", "Column"),
        Text("名称", "Label"),
        Text("类型", "Type"),
        Text("单位", "Unit"),
        Text("级别", "Level"),
        Text("规则", "Rules"),
        Text("说明", "Description"),
    )
    sections = tuple(
        Section(
            title=Text(f"{table.name} · {table.title.zh}", table.title.en),
            text=Text(f"{_GROUPS[table.group].zh}表。{table.description.zh}。", f"{table.description.en}."),
            columns=columns,
            rows=tuple(_column(column) for column in table.columns),
        )
        for table in schema().tables.values()
    )
    levels = list(SENSITIVITY.items())
    text = Text(
        "一个县（区）一个学年的全部数据表。每个学年一个文件夹，每张表一个 CSV 文件；空格表示没有统计，不等于零。"
        f"级别：{'、'.join(f'{level} {words.zh}' for level, words in levels)}；人数很少的格子公开前仍须处理。",
        "Every table of a county in a school year: one folder a year, one CSV file a table. An empty cell is not counted, never zero. "
        f"Levels: {', '.join(f'{level} {words.en}' for level, words in levels)}; treat small counts before anything is published.",
    )
    return ReferencePage(name="tables", title=Text("数据表", "Tables"), text=text, sections=sections)


def _column(column: Column) -> tuple[str, ...]:
    rules = [
        "主键 key" if column.key else "",
        "必填 required" if column.required and not column.key else "",
        f"≥ {column.least}" if column.least is not None else "",
        f"≤ {column.most}" if column.most is not None else "",
        f"→ {column.reference}" if column.reference else "",
        " ".join(column.allowed) if column.allowed else "",
    ]
    label = f"{column.label.zh} {column.label.en}"
    said = () if column.description == column.label else (column.description.zh, column.description.en)
    return (f"`{column.name}`", label, column.type, column.unit, column.level, "; ".join(rule for rule in rules if rule), " / ".join(said))


def _codes() -> ReferencePage:
    seen: dict[tuple[str, ...], str] = {}
    sections = []
    for table in schema().tables.values():
        for column in table.columns:
            values = tuple(column.allowed)
            if values and values not in seen:
                seen[values] = column.name
                rows = tuple((f"`{value}`", label.zh, label.en) for value, label in column.allowed.items())
                title = Text(f"{column.name} · {column.label.zh}", column.label.en)
                columns = (Text("代码", "Code"), Text("中文", "Chinese"), Text("英文", "English"))
                sections.append(Section(title=title, text=_NO_TEXT, columns=columns, rows=rows))
    text = Text("有固定取值的列。", "Columns with a fixed list of values.")
    return ReferencePage(name="codes", title=Text("代码", "Codes"), text=text, sections=tuple(sections))


def _units() -> ReferencePage:
    rows = tuple((f"`{unit.unit}`", unit.label.zh, unit.label.en, unit.dimension, str(unit.factor)) for unit in units().values())
    columns = (Text("单位", "Unit"), Text("中文", "Chinese"), Text("英文", "English"), Text("量纲", "Dimension"), Text("倍数", "Factor"))
    text = Text("标准和指标只能使用下列单位。", "Standards and indicators may use these units only.")
    section = Section(title=Text("单位", "Units"), text=_NO_TEXT, columns=columns, rows=rows)
    return ReferencePage(name="units", title=Text("单位", "Units"), text=text, sections=(section,))


def _findings() -> ReferencePage:
    rows: dict[str, list[tuple[str, ...]]] = {}
    for rule in catalogue().values():
        cells = (f"`{rule.rule}`", rule.severity, f"{rule.expected.zh} / {rule.expected.en}", f"{rule.remedy.zh} / {rule.remedy.en}")
        rows.setdefault(rule.rule.split(".")[0], []).append(cells)
    columns = (Text("编号", "Rule"), Text("轻重", "Severity"), Text("应为", "Expected"), Text("怎么办", "What to do"))
    sections = tuple(
        Section(title=Text(package, package), text=_NO_TEXT, columns=columns, rows=tuple(lines)) for package, lines in sorted(rows.items())
    )
    text = Text("程序可能报告的全部问题。", "Everything the program may report.")
    return ReferencePage(name="findings", title=Text("问题清单", "Findings"), text=text, sections=sections)
