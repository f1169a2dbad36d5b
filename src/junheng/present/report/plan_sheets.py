"""Plans as sheets of a workbook: the dispatch table, and what each measure lacks."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.present.report.grid import listing
from junheng.present.wording_plan import FORMS, STANDINGS
from junheng.workflow import Text
from junheng.workflow.views import Cell, Sheet
from junheng.workflow.views.plans_of_action import MeasureLine, PlanLine, PlansStatus

_COLUMNS = (
    (Text("计划", "Plan"), 22),
    (Text("编号", "Id"), 8),
    (Text("措施", "Measure"), 36),
    (Text("牵头科室", "Office"), 12),
    (Text("协办", "Helpers"), 14),
    (Text("期限原文", "Phrase"), 14),
    (Text("期限", "Due"), 12),
    (Text("由谁确定", "Fixed by"), 14),
    (Text("情况", "Standing"), 10),
    (Text("形式", "Form"), 7),
    (Text("分子", "Numerator"), 22),
    (Text("分母", "Denominator"), 22),
    (Text("核实", "Verified"), 9),
    (Text("报告", "Claimed"), 9),
    (Text("总数", "Of"), 9),
    (Text("数据说明", "Fact"), 46),
    (Text("缺项", "Lacking"), 8),
    (Text("绑定", "Bound to"), 24),
)
_GAPS = (
    (Text("计划", "Plan"), 22),
    (Text("编号", "Id"), 8),
    (Text("措施", "Measure"), 30),
    (Text("缺什么", "Lacking"), 34),
    (Text("哪里", "Where"), 26),
    (Text("责任科室", "Office"), 14),
    (Text("期限", "Due"), 12),
    (Text("说明", "Note"), 30),
)


def dispatch_sheets(status: PlansStatus, lang: str) -> tuple[Sheet, ...]:
    """Return the dispatch table, and the list of everything that is lacking."""
    subtitle = Text(f"{status.name.zh}　截至{status.day}　{status.sentence.zh}", f"{status.name.en}, {status.day}: {status.sentence.en}")
    rows = [_row(plan, line, lang) for plan in status.plans for line in plan.measures]
    gaps = [row for plan in status.plans for line in plan.measures for row in _gap_rows(plan, line, lang)]
    return (
        listing(Text("调度表", "Dispatch"), Text("重点工作月度调度表", "Monthly dispatch table"), subtitle, _COLUMNS, rows, lang),
        listing(Text("缺项", "Lacking"), Text("缺项清单", "What is lacking"), subtitle, _GAPS, gaps, lang),
    )


def _row(plan: PlanLine, line: MeasureLine, lang: str) -> Sequence[str | Text | int | Cell]:
    return (
        plan.title,
        line.id,
        line.title,
        line.owner,
        "、".join(line.helpers),
        line.phrase,
        line.due,
        line.fixed_by,
        STANDINGS[line.standing],
        FORMS[line.form],
        line.numerator,
        line.denominator,
        _number(line.verified),
        _number(line.claimed),
        _number(line.whole),
        line.sentence.of(lang),
        line.gaps_all,
        line.bound,
    )


def _number(text: str) -> Cell:
    """Return a count as a number that can be summed, an empty cell where there is none."""
    return Cell(value=int(text) if text.isdecimal() else text or None)


def _gap_rows(plan: PlanLine, line: MeasureLine, lang: str) -> list[Sequence[str | Text | int | Cell]]:
    rows: list[Sequence[str | Text | int | Cell]] = [
        (plan.title, line.id, line.title, gap.what, gap.where, gap.owner, gap.due, gap.note.of(lang)) for gap in line.gaps
    ]
    if line.gaps_left_out:
        rows.append((plan.title, line.id, line.title, Text(f"另有{line.gaps_left_out}项", f"{line.gaps_left_out} more"), "", "", "", ""))
    return rows
