"""The draft of a year-end work report: every sentence rests on a fact, and none says more than the data.

That nobody is left out is said only over an empty list of exceptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from junheng.actions.claims import modest
from junheng.workflow.plan_desk import PlanDesk
from junheng.workflow.plan_status import chosen, status_at
from junheng.workflow.views.plans_of_action import Fact, MeasureLine, PlanLine, PlansStatus, ReportSection, ReportSentence, WorkReport

_SECTIONS = (
    ("verified", "已经核实达到的工作"),
    ("claimed", "报告完成、有待核实的工作"),
    ("under_way", "正在推进的工作"),
    ("behind", "滞后的工作"),
    ("unknown", "尚无数据的工作"),
)
_MOST = 3  # exceptions that a sentence names


def work_report(folder: Path, *, others: Sequence[Path] = (), plan: str = "", at: datetime | None = None) -> WorkReport:
    """Return the draft of a work report over the plans of a folder on a day. Raises StoreError or DataError as plan_status does."""
    desk = PlanDesk(folder, at)
    return report_of(status_at(desk, chosen(desk.plans(others), plan)))


def report_of(status: PlansStatus) -> WorkReport:
    """Return the report of plans as they stand."""
    writer = _Writer()
    lines = _distinct(status.plans)
    sections = [ReportSection(title="总体情况", sentences=tuple(_opening(writer, status)))]
    for standing, title in _SECTIONS:
        mine = [line for line in lines if line.standing == standing]
        if mine:
            sections.append(ReportSection(title=title, sentences=tuple(writer.measure(line) for line in mine)))
    return WorkReport(
        title=f"{status.name.zh}工作报告（数据草稿）",
        subtitle=f"（截至{status.day.year}年{status.day.month}月{status.day.day}日）",
        day=status.day,
        sections=tuple(sections),
        facts=tuple(writer.facts),
        findings=status.findings,
    )


def _distinct(plans: Iterable[PlanLine]) -> list[MeasureLine]:
    found: dict[str, MeasureLine] = {}
    for plan in plans:
        for line in plan.measures:
            found.setdefault(line.task, line)
    return list(found.values())


def _opening(writer: _Writer, status: PlansStatus) -> Iterable[ReportSentence]:
    number = writer.fact("", status.sentence.zh, f"{status.year}学年数据，{status.day}", "plan status")
    yield ReportSentence(text=f"{len(status.plans)}个计划共{status.sentence.zh}；几个计划共有的任务只计一次。", facts=(number,))
    for plan in status.plans:
        number = writer.fact(plan.id, plan.headline.zh, f"{status.day}", f"plan status --plan {plan.id}")
        yield ReportSentence(text=f"{modest(plan.title.zh)}：{modest(plan.headline.zh)}。", facts=(number,))


class _Writer:
    """Writes sentences, and numbers the facts that they rest on."""

    def __init__(self) -> None:
        """Begin with no fact."""
        self.facts: list[Fact] = []

    def fact(self, measure: str, says: str, basis: str, command: str) -> int:
        """Return the number of a fact."""
        self.facts.append(Fact(number=len(self.facts) + 1, measure=measure, says=says, basis=basis, command=command))
        return len(self.facts)

    def measure(self, line: MeasureLine) -> ReportSentence:
        """Return one measure as one sentence: what it is, what the data say, what is lacking, whose it is."""
        number = self.fact(line.task, line.sentence.zh, line.basis.zh, line.command)
        text = f"“{line.title.zh}”（{_who(line)}）：{line.sentence.zh}{_lacking(line)}{_when(line)}。"
        return ReportSentence(text=text if line.complete else modest(text), facts=(number,))


def _who(line: MeasureLine) -> str:
    due = line.due if line.due.startswith("期限") else f"期限{line.due}"
    return f"{line.owner or '牵头科室未定'}，{due}"


def _lacking(line: MeasureLine) -> str:
    if not line.gaps:
        return "；例外清单为空" if line.complete and line.form == "list" else ""
    named = "、".join(dict.fromkeys(_place(one.where, one.what) for one in line.gaps[:_MOST]))
    return f"；尚缺{line.gaps_all}项，如{named}" if line.gaps_all > _MOST else f"；尚缺{line.gaps_all}项：{named}"


def _place(where: str, what: str) -> str:
    return f"{where}{what}" if where and where not in what else what


def _when(line: MeasureLine) -> str:
    late = line.late if line.overdue else (f"低于上年末应达到的{line.path}" if line.path else "未按期")
    words = {"behind": f"，{late}", "claimed": "，有待承办人以外的人核实"}
    return words.get(line.standing, "")
