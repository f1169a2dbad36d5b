"""Plans as outlines of Word documents: the dispatch table, a plan on one page, the draft of the work report with its facts."""

from __future__ import annotations

from junheng.present.report.prose import Annex, Inset, Paragraph, Report, Table
from junheng.present.report.wording import chinese_numeral
from junheng.present.wording_plan import SIGNS, STANDINGS
from junheng.workflow.views.plans_of_action import MeasureLine, PartLine, PlanLine, PlansStatus, ReportSentence, WorkReport

_SIGNED = ("（办公室盖章）", "年　月　日")
_HEADS = ("编号", "措施", "牵头科室", "期限", "核实/报告/总数", "情况", "数据说明与缺项")
_WIDTHS = (14, 44, 18, 22, 22, 18, 87)
_MOST_LATE = 6
_CENTRED = frozenset({0, 2, 3, 4, 5})


def dispatch_report(status: PlansStatus) -> Report:
    """Return the monthly dispatch table: what it comes to in words, and a table of every plan on pages of its own."""
    lead = f"截至{status.day}，{status.sentence.zh}。几个计划共有的任务只计一次；报告完成与核实达到分开计数，没有数据的不作判断。"
    body = [Paragraph("body", lead)]
    for number, plan in enumerate(status.plans, start=1):
        body.append(Paragraph("one", f"{chinese_numeral(number)}、{plan.title.zh}"))
        body.append(Paragraph("body", f"{plan.headline.zh}。"))
        body += [Paragraph("body", _said(line)) for line in plan.measures if line.standing == "behind"]
    annexes = tuple(Annex(title=f"{plan.title.zh}调度表", table=_table(plan), notes=(_signs(),), landscape=True) for plan in status.plans)
    return Report(
        title=f"{status.name.zh}重点工作月度调度表", subtitle=f"（{status.day}）", body=tuple(body), annexes=annexes, signed=_SIGNED
    )


def _signs() -> str:
    return "注：" + "，".join(f"{sign}{STANDINGS[one].zh}" for one, sign in SIGNS.items()) + "。"


def _said(line: MeasureLine) -> str:
    return f"“{line.title.zh}”（{line.owner}，{line.late if line.overdue else line.due}）：{line.sentence.zh}。"


def _table(plan: PlanLine) -> Table:
    return Table(_HEADS, tuple(_row(line) for line in plan.measures), _WIDTHS, _CENTRED)


def _row(line: MeasureLine) -> tuple[str, ...]:
    owner = "、".join((line.owner, *line.helpers))
    due = f"{line.due}\n{line.phrase}" if line.phrase and line.phrase not in line.due else line.due
    return (line.id, line.title.zh, owner, due, counts(line), f"{SIGNS[line.standing]}{STANDINGS[line.standing].zh}", _facts(line))


def counts(line: MeasureLine) -> str:
    """Return verified, claimed and how many, where a measure is counted."""
    return f"{line.verified or '—'}/{line.claimed or '—'}/{line.whole}" if line.whole else "—"


def _facts(line: MeasureLine) -> str:
    lack = f"；缺{line.gaps_all}项" if line.gaps_all else ""
    return f"{line.sentence.zh}{lack}"


# -- one page ---------------------------------------------------------------------------------------------------------


def one_page_report(status: PlansStatus, plan: PlanLine) -> Report:
    """Return a plan on one page of Word: its structure, which part is behind, and how many measures of each part stand where."""
    heads = ("部分", "措施", *(word.zh for word in STANDINGS.values()))
    rows = tuple(_part_row(part) for part in plan.parts)
    table = Table(heads, rows, (66, 14, *(18 for _ in STANDINGS)), frozenset(range(1, len(heads))))
    lead = f"{plan.structure.zh}，{len(plan.measures)}项措施。{plan.headline.zh}。"
    late = [f"“{line.title.zh}”（{line.owner}）" for line in plan.measures if line.standing == "behind"]
    said = f"滞后的有{'、'.join(late[:_MOST_LATE])}{'等' if late[_MOST_LATE:] else ''}。" if late else "没有滞后的措施。"
    body = (Paragraph("body", lead), Inset(f"截至{status.day}的进展（项）", table, ()), Paragraph("body", said))
    return Report(title=plan.title.zh, subtitle=f"（{plan.document}）", body=body, annexes=(), signed=())


def _part_row(part: PartLine) -> tuple[str, ...]:
    return (f"【{part.level}】{part.title.zh}", str(part.all), *(str(part.counts[one]) for one in SIGNS))


# -- the work report --------------------------------------------------------------------------------------------------


def draft_report(report: WorkReport) -> Report:
    """Return the draft of the work report: every sentence with the numbers of its facts, the facts in an annex."""
    body: list[Paragraph | Inset] = []
    for number, section in enumerate(report.sections, start=1):
        body.append(Paragraph("one", f"{chinese_numeral(number)}、{section.title}"))
        body += [Paragraph("body", _numbered(sentence)) for sentence in section.sentences]
    rows = tuple((str(fact.number), fact.measure, fact.says, fact.basis, fact.command) for fact in report.facts)
    table = Table(("序号", "措施", "事实", "依据", "打开"), rows, (12, 30, 100, 38, 45), frozenset({0}))
    note = "注：正文每句话后的〔〕是本表序号。正文没有本表以外的内容，也不代替本表；“打开”是 junheng 命令。"
    return Report(
        title=report.title,
        subtitle=report.subtitle,
        body=tuple(body),
        annexes=(Annex(title="事实依据", table=table, notes=(note,), landscape=True),),
        signed=(),
    )


def _numbered(sentence: ReportSentence) -> str:
    return f"{sentence.text}〔{'、'.join(str(one) for one in sentence.facts)}〕"
