"""The reference page on assumptions about what is coming: what may be assumed, and what each shipped scenario assumes."""

from __future__ import annotations

from collections.abc import Mapping

from junheng.errors import Text
from junheng.model import allowed
from junheng.projection.assumptions import ALL, ONE, Assumption, Assumptions, kinds
from junheng.projection.assumptions_file import shipped_assumptions
from junheng.projection.two_counts import census_assumptions
from junheng.workflow.limits import unit_label
from junheng.workflow.views import ReferencePage, Section

_BY = {
    "none": "",
    "sex": "sex",
    "stage": "stage",
    "type": "housing_type",
    "zone": "zone / all",
    "pair": "from>to",
}


def assumptions_page() -> ReferencePage:
    """Return the page on assumptions: kinds first, then each scenario with what it says itself."""
    text = Text(
        "预测方案中可以假设的各项，以及随软件附带的低、中、高方案。各项都有出处和可信度：O 官方文本，O* 官方但只见于转载，L 地方做法，"
        "M 凭记忆或未经证实，A 本软件或本地自行假设。均未与原文核对；请把本地的数写入文件夹 assumptions/。方案是假设，不是误差范围。",
        "Everything that a scenario may assume, and the low, middle and high scenarios that ship. Each has a source and a confidence: "
        "O official, O* official but seen in copies only, L local, M from memory or unconfirmed, A assumed by us or locally. None was "
        "compared with an original; write local figures into the folder assumptions/. A scenario is an assumption, not an error band.",
    )
    every = (*shipped_assumptions().values(), census_assumptions())
    sections = (_kinds(), *(_scenario(scenario) for scenario in every))
    return ReferencePage(name="assumptions", title=Text("预测假设", "Assumptions"), text=text, sections=sections)


def _kinds() -> Section:
    rows = tuple(
        (
            f"`{kind.id}`",
            f"{kind.label.zh} {kind.label.en}",
            unit_label(kind.unit).zh,
            _BY[kind.by],
            kind.key,
            kind.between,
            f"{kind.description.zh} / {kind.description.en}",
        )
        for kind in kinds().values()
    )
    columns = (
        Text("编号", "Key"),
        Text("名称", "Label"),
        Text("单位", "Unit"),
        Text("分类", "By"),
        Text("随……变化", "Over"),
        Text("两值之间", "Between"),
        Text("说明", "Description"),
    )
    text = Text(
        "between 一栏：line 为两个年份之间按直线变化，step 为保持到下一个值；最后一个值一直有效。",
        "Between two values: line moves straight, step holds until the next; the last one holds on.",
    )
    return Section(title=Text("可以假设的各项", "What may be assumed"), text=text, columns=columns, rows=rows)


def _scenario(scenario: Assumptions) -> Section:
    columns = (
        Text("编号", "Key"),
        Text("取值", "Value"),
        Text("单位", "Unit"),
        Text("出处", "Source"),
        Text("可信度", "Confidence"),
        Text("核对", "Checked"),
        Text("说明", "Note"),
    )
    rows = tuple(_assumption(one) for one in scenario.items.values() if one.scenario == scenario.scenario)
    title = Text(f"{scenario.title.zh}（{scenario.scenario}）", scenario.title.en)
    return Section(title=title, text=scenario.note, columns=columns, rows=rows)


def _assumption(one: Assumption) -> tuple[str, ...]:
    note = f"{one.note.zh} / {one.note.en}" if one.note else ""
    reviewed = one.reviewed.on.isoformat() if one.reviewed else "—"
    source = f"{one.document.title.zh}（`{one.source}`）"
    return (f"`{one.id}` {one.title.zh} {one.title.en}", values_text(one), unit_label(one.unit).zh, source, one.confidence, reviewed, note)


def values_text(one: Assumption) -> str:
    """Return an assumption's values as one line: "2026: 7710000, 2027: …", or by selector in words."""
    names = allowed(_BY[kinds()[one.id].by]) if kinds()[one.id].by in ("sex", "stage", "type") else {}
    parts = []
    for selector, values in one.values.items():
        label = "" if selector == ALL else f"{names[selector].zh if selector in names else selector} "
        parts.append(label + _numbers(values))
    return "; ".join(parts)


def _numbers(values: Mapping[int, float]) -> str:
    return ", ".join(f"{value:.10g}" if key == ONE and len(values) == 1 else f"{key}: {value:.10g}" for key, value in values.items())
