"""The reference pages on standards, their documents, indicators, frameworks and forms."""

from __future__ import annotations

from datetime import date

from junheng.errors import Text
from junheng.indicators import Indicator, shipped_catalogue
from junheng.standards import Framework, Library, Requirement, Rulebook, shipped, shipped_jurisdictions, value_text
from junheng.standards.listing import Row, history_rows
from junheng.store.returns.forms import shipped_forms
from junheng.workflow.limits import unit_label
from junheng.workflow.trails import words
from junheng.workflow.views import ReferencePage, Section

_NO_TEXT = Text("", "")
_SIGNS = {"at_least": "≥", "at_most": "≤", "above": ">", "below": "<", "equals": "="}
_LAST_DAY = date(9999, 12, 31)  # every dated value is listed, whatever day the page is made on


def rules_pages() -> tuple[ReferencePage, ...]:
    """Return the pages on standards, sources, indicators, frameworks and forms."""
    return (_standards(), _sources(), _indicators(), _frameworks(), _forms())


def _standards() -> ReferencePage:
    columns = (
        Text("标准", "Standard"),
        Text("适用", "For"),
        Text("取值", "Value"),
        Text("自", "Since"),
        Text("出处", "Source"),
        Text("可信度", "Confidence"),
        Text("核对", "Checked"),
    )
    sections = []
    for library in (shipped(name) for name in shipped_jurisdictions()):
        rules = Rulebook((library,), _LAST_DAY)
        areas: dict[str, list[tuple[str, ...]]] = {}
        for name in library.parameters:
            areas.setdefault(name.partition(".")[0], []).extend(_value(row) for row in history_rows(rules, name))
        sections += [
            Section(title=Text(f"{library.jurisdiction} · {area}", ""), text=_NO_TEXT, columns=columns, rows=tuple(rows))
            for area, rows in sorted(areas.items())
        ]
    text = Text(
        "随软件附带的全部标准值。所有取值都来自转载文本，尚未与原文核对。"
        "可信度：O 官方文本，O* 官方但只见于转载，L 地方做法，M 未经证实，S 为独立来源数。",
        "Every value that ships. All were seen in secondary copies and none has been compared with the original yet. "
        "Confidence: O official, O* official but seen in copies only, L local practice, M unconfirmed; S counts independent sources.",
    )
    return ReferencePage(name="standards", title=Text("标准", "Standards"), text=text, sections=tuple(sections))


def _value(row: Row) -> tuple[str, ...]:
    value = f"{_SIGNS[row.comparator]} {row.shown} {row.unit.zh}".strip()
    names = f"`{row.parameter}` {row.title.zh} {row.title.en}"
    return (names, row.label.zh, value, row.since.isoformat(), row.source, row.confidence, row.reviewed or "—")


def _sources() -> ReferencePage:
    columns = (
        Text("编号", "Key"),
        Text("文件", "Document"),
        Text("文号", "Number"),
        Text("发文机关", "Issuer"),
        Text("印发", "Issued"),
        Text("凭记忆", "From memory"),
    )
    sections = tuple(
        Section(title=Text(name, name), text=_NO_TEXT, columns=columns, rows=_documents(shipped(name))) for name in shipped_jurisdictions()
    )
    text = Text(
        "标准所引文件。“凭记忆”一栏列出尚待证实的著录项。",
        "The documents that are cited. The last column names what is still to be confirmed.",
    )
    return ReferencePage(name="sources", title=Text("文件", "Documents"), text=text, sections=sections)


def _documents(library: Library) -> tuple[tuple[str, ...], ...]:
    used = {value.source.partition("#")[0] for item in library.parameters.values() for by in item.values.values() for value in by.values()}
    return tuple(
        (
            f"`{key}`",
            f"{one.title.zh} {one.title.en}",
            one.number,
            one.issuer.zh,
            one.issued.isoformat() if one.issued else "",
            ", ".join(one.remembered),
        )
        for key, one in library.sources.items()
        if key in used or library.jurisdiction == "cn"
    )


def _indicators() -> ReferencePage:
    columns = (
        Text("指标", "Indicator"),
        Text("单位", "Unit"),
        Text("按", "Per"),
        Text("公式", "Formula"),
        Text("公式的文字", "In words"),
        Text("出处", "Source"),
    )
    groups: dict[str, list[tuple[str, ...]]] = {}
    for indicator in shipped_catalogue().values():
        groups.setdefault(indicator.id.partition(".")[0], []).append(_indicator(indicator))
    sections = tuple(Section(title=Text(name, ""), text=_NO_TEXT, columns=columns, rows=tuple(rows)) for name, rows in groups.items())
    text = Text(
        "运行的就是下面的公式；花括号内是当日标准的取值。任何一个输入为空，结果就是无数据，另有说明的除外。",
        "The text that is run is the formula shown; braces stand for a standard's value on the day. "
        "One empty input makes the figure unknown, unless said.",
    )
    return ReferencePage(name="indicators", title=Text("指标", "Indicators"), text=text, sections=sections)


def _indicator(indicator: Indicator) -> tuple[str, ...]:
    unit = unit_label(indicator.unit)
    per = "、".join({"school": "学校", "stage": "学段"}[level] for level in indicator.per) or "县"
    return (
        f"`{indicator.id}` {indicator.title.zh} {indicator.title.en}",
        unit.zh,
        per,
        f"`{indicator.formula}`",
        words(indicator, shipped_catalogue()).zh,
        indicator.source,
    )


def _frameworks() -> ReferencePage:
    every = [(name, framework) for name in shipped_jurisdictions() for framework in shipped(name).frameworks.values()]
    sections = tuple(section for name, framework in every for section in _framework(name, framework))
    text = Text("认定体系：各部分的条目、指标和限值。", "Frameworks: the items of each part with their indicators and limits.")
    return ReferencePage(name="frameworks", title=Text("认定体系", "Frameworks"), text=text, sections=sections)


def _framework(jurisdiction: str, framework: Framework) -> list[Section]:
    columns = (Text("序号", "No."), Text("条目", "Item"), Text("指标", "Indicator"), Text("限值", "Limit"), Text("出处", "Source"))
    return [
        Section(
            title=Text(f"{framework.title.zh}（{jurisdiction}）· {part.title.zh}", f"{framework.id}: {part.title.en}"),
            text=_NO_TEXT,
            columns=columns,
            rows=tuple(_requirement(item) for item in part.requirements),
        )
        for part in framework.all_parts
    ]


def _requirement(item: Requirement) -> tuple[str, ...]:
    limit = f"{_SIGNS[item.comparator]} `{item.parameter}`" if item.comparator and item.parameter else _evidence(item)
    near = f"，不低于 {value_text(item.near * 100, '%')}% near" if item.near is not None else ""
    return (item.number, f"{item.title.zh} {item.title.en}", f"`{item.indicator}`" if item.indicator else "", limit + near, item.source)


def _forms() -> ReferencePage:
    columns = (Text("表", "Form"), Text("名称", "Title"), Text("版式", "Layout"), Text("出处", "Source"))
    rows = tuple((f"`{form.id}`", f"{form.title.zh} {form.title.en}", form.layout, form.source) for form in shipped_forms())
    text = Text(
        "能按表头识别的报表。另有由数据表生成的填报模板。",
        "Returns that are recognised by their labels, besides the templates made from the tables.",
    )
    section = Section(title=Text("报表", "Returns"), text=_NO_TEXT, columns=columns, rows=rows)
    return ReferencePage(name="forms", title=Text("报表", "Returns"), text=text, sections=(section,))


def _evidence(item: Requirement) -> str:
    shown = "、".join(f"`{name}`" for name in item.shows)
    return f"佐证 evidence（参考 shown beside: {shown}）" if shown else "佐证 evidence"
