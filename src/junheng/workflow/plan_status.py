"""How do the plans stand? Every measure computed on returned data, with what is claimed, verified and behind; tasks count once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from junheng.actions.binding import KINDS
from junheng.actions.plan import Due, Measure, Part, Plan
from junheng.actions.progress import STANDINGS, Answer, Gap, Standing, Tally, distinct, expected_by, of_part, overdue, standing, tally
from junheng.errors import Text
from junheng.workflow.numbers import plainly
from junheng.workflow.plan_answers import answer_of
from junheng.workflow.plan_desk import PlanDesk
from junheng.workflow.views.plans_of_action import CheckedPlan, GapLine, MeasureLine, PartLine, PlanLine, PlansChecked, PlansStatus

WORDS: Mapping[Standing, Text] = {
    "verified": Text("核实达到", "verified"),
    "claimed": Text("报告完成待核实", "claimed"),
    "under_way": Text("推进中", "under way"),
    "behind": Text("滞后", "behind"),
    "unknown": Text("尚无数据", "not known"),
}
_MOST = 40  # exceptions of a measure that are named; the rest are counted
_COMPARED = {"at_least": "≥", "at_most": "≤", "equals": "="}
_RECURRENCES = (("DAILY", "每天"), ("WEEKLY", "每周"), ("MONTHLY", "每月"), ("YEARLY", "每年"), ("TERM", "每学期"))


def plan_status(folder: Path, *, others: Sequence[Path] = (), plan: str = "", at: datetime | None = None) -> PlansStatus:
    """Return how the plans of a folder stand on a day, or those of other files and folders computed on its data; `plan`: only this one.

    Raises StoreError or DataError with every finding when a plan cannot be used.
    """
    desk = PlanDesk(folder, at)
    return status_at(desk, chosen(desk.plans(others), plan))


def chosen(plans: Sequence[Plan], name: str) -> tuple[Plan, ...]:
    """Return the plan of a name (or part of its title), or all of them."""
    return tuple(one for one in plans if name in ("", one.id) or (name and name in one.title.zh))


def status_at(desk: PlanDesk, plans: Sequence[Plan]) -> PlansStatus:
    """Return how some plans stand; a task that several share is asked once."""
    answers = answers_of(desk, plans)
    tasks = distinct(plans)
    stands = {task: standing(found[0][1], answers[task], desk.today) for task, found in tasks.items()}
    counted = tally(stands.values())
    return PlansStatus(
        name=desk.office.name,
        day=desk.today,
        year=desk.year,
        plans=tuple(_plan(desk, plan, answers, plans) for plan in plans),
        tasks=len(tasks),
        counts=counted.counts,
        sentence=_counted(counted, Text("任务", "tasks")),
        findings=tuple(dict.fromkeys((*desk.findings, *desk.room.findings))),
    )


def answers_of(desk: PlanDesk, plans: Sequence[Plan]) -> Mapping[str, Answer]:
    """Return the answer of each distinct task."""
    return {task: answer_of(desk, found[0][1]) for task, found in distinct(plans).items()}


def _plan(desk: PlanDesk, plan: Plan, answers: Mapping[str, Answer], plans: Sequence[Plan]) -> PlanLine:
    measures = {one.id: measure_line(desk, plan, one, answers[plan.task_of(one)], plans) for one in plan.measures}
    parts = tuple(_part(plan, part, depth, measures) for part, depth in _in_order(plan))
    counted = tally(one.standing for one in measures.values())
    return PlanLine(
        id=plan.id,
        title=plan.title,
        document=plan.document,
        draft=plan.draft,
        structure=_structure(plan),
        headline=_headline(plan, parts),
        parts=parts,
        measures=tuple(measures.values()),
        counts=counted.counts,
        all=counted.all,
    )


def _in_order(plan: Plan, under: str = "", depth: int = 0) -> Iterator[tuple[Part, int]]:
    for part in plan.parts:
        if part.under == under:
            yield part, depth
            yield from _in_order(plan, part.id, depth + 1)


def _part(plan: Plan, part: Part, depth: int, measures: Mapping[str, MeasureLine]) -> PartLine:
    mine = [measures[one.id] for one in of_part(plan, part)]
    counted = tally(one.standing for one in mine)
    return PartLine(
        id=part.id,
        level=part.level,
        title=part.title,
        depth=depth,
        measures=tuple(one.id for one in plan.measures if part.id in one.under),
        counts=counted.counts,
        all=counted.all,
        behind=counted.behind > 0,
        sentence=_counted(counted, Text("措施", "measures")),
    )


def _counted(counted: Tally, what: Text) -> Text:
    zh = "，".join(f"{WORDS[one].zh}{counted.counts[one]}项" for one in STANDINGS if counted.counts[one])
    en = ", ".join(f"{counted.counts[one]} {WORDS[one].en}" for one in STANDINGS if counted.counts[one])
    return Text(f"{what.zh}{counted.all}项{'：' if zh else ''}{zh}", f"{counted.all} {what.en}{': ' if en else ''}{en}")


def _structure(plan: Plan) -> Text:
    counts = [(level, sum(part.level == level for part in plan.parts)) for level in plan.levels]
    there = [(level, count) for level, count in counts if count]
    return Text("、".join(f"{count}个{level}" for level, count in there), ", ".join(f"{level} {count}" for level, count in there))


def _headline(plan: Plan, parts: Sequence[PartLine]) -> Text:
    """Return which parts of the lowest level are behind: “which of the ten is behind”."""
    lowest = [one for one in parts if one.level == plan.levels[-1]] if plan.levels else []
    behind = sorted((one for one in lowest if one.behind), key=lambda one: -one.counts["behind"])
    if not behind:
        return Text(f"{len(lowest)}个{plan.levels[-1] if plan.levels else '部分'}中没有滞后的", f"none of {len(lowest)} is behind")
    names = "；".join(f"“{one.title.zh}”滞后{one.counts['behind']}项" for one in behind)
    english = "; ".join(f"{one.title.en}: {one.counts['behind']}" for one in behind)
    said = f"{len(lowest)}个{plan.levels[-1]}中{len(behind)}个有滞后：{names}"
    return Text(said, f"{len(behind)} of {len(lowest)} are behind: {english}")


def measure_line(desk: PlanDesk, plan: Plan, measure: Measure, answer: Answer, plans: Sequence[Plan]) -> MeasureLine:
    """Return one measure as it stands."""
    others = [one.title for one in plans if one.id != plan.id and any(one.task_of(m) == measure.task for m in one.measures if m.task)]
    others += [part.title for part in plan.parts if part.id in measure.under[1:]]
    asked = expected_by(measure, desk.today)
    gaps = tuple(_gap(one) for one in answer.exceptions[:_MOST])
    everything = len(answer.exceptions) + answer.left_out
    binding = measure.binding
    kind = KINDS[binding.kind].title if binding else Text("未绑定", "not bound")
    return MeasureLine(
        id=measure.id,
        task=plan.task_of(measure),
        title=measure.title,
        plan=plan.title,
        shared=tuple(others),
        owner=measure.owner,
        helpers=measure.helpers,
        due=due_words(measure.due),
        phrase=measure.due.phrase if measure.due else "",
        fixed_by=measure.due.fixed_by if measure.due else "",
        late=_late(measure.due, desk.today),
        overdue=overdue(measure, desk.today),
        standing=standing(measure, answer, desk.today),
        form=answer.form,
        bound=Text(f"{kind.zh} {binding.target if binding else ''}".strip(), f"{kind.en} {binding.target if binding else ''}".strip()),
        binding=binding.kind if binding else "",
        shown=answer.shown,
        sentence=answer.sentence,
        basis=answer.basis,
        numerator=measure.numerator,
        denominator=measure.denominator,
        claimed=_number(answer.claimed),
        verified=_number(answer.verified),
        whole=_number(answer.whole),
        target=f"{_COMPARED[measure.target.comparator]}{plainly(measure.target.value)}{measure.target.unit}" if measure.target else "",
        path=plainly(asked) if asked is not None else "",
        complete=answer.complete,
        gaps=gaps,
        gaps_left_out=everything - len(gaps),
        gaps_all=everything,
        command=answer.command,
        serves=measure.serves,
        note=measure.note,
    )


def _gap(one: Gap) -> GapLine:
    return GapLine(what=one.what, where=one.where, owner=one.owner, due=f"{one.due}" if one.due else "", note=one.note)


def _number(value: Decimal | None) -> str:
    return "" if value is None else plainly(value)


def due_words(due: Due | None) -> str:
    """Return until when, as it is printed in a list."""
    if due is None or due.kind == "open":
        return "期限待定"
    if due.kind == "recurrence":
        word = next((zh for part, zh in _RECURRENCES if part in due.recurrence), "定期")
        word = "每季度" if "INTERVAL=3" in due.recurrence else word
        return "假期每天" if "HOLIDAY" in due.recurrence else word
    if due.kind == "period" and due.first:
        return f"{due.first.year}—{due.last.year}年" if due.last and due.first.year != due.last.year else f"{due.last}"
    return f"{due.last}"


def _late(due: Due | None, today: date) -> str:
    if due is None or due.last is None or due.kind == "recurrence":
        return ""
    days = (due.last - today).days
    return f"逾期{-days}天" if days < 0 else f"还有{days}天"


def plan_check(folder: Path, others: Sequence[Path] = ()) -> PlansChecked:
    """Return the plans of a folder with what is wrong or open in them. Raises StoreError or DataError when one cannot be used."""
    desk = PlanDesk(folder)
    plans = desk.plans(others)
    return PlansChecked(
        plans=tuple(
            CheckedPlan(id=one.id, title=one.title, structure=_structure(one), measures=len(one.measures), draft=one.draft) for one in plans
        ),
        findings=tuple(desk.findings),
    )


def plan_bindings(folder: Path, word: str = "") -> tuple[tuple[str, Text, str, Text], ...]:
    """Return everything that a measure can be bound to: kind, its label, name and title."""
    known = PlanDesk(folder).known
    rows = [
        (kind, rule.title, name, title)
        for kind, rule in KINDS.items()
        for name, title in (known.get(kind) or {"": Text("按县里的编号", "by the county’s own numbers")}).items()
    ]
    return tuple(row for row in rows if not word or any(word in part for part in (row[0], row[2], row[3].zh, row[3].en)))
