"""What must hold within a plan and between plans: every name once, every part in a level, no circle, everything countable and dated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from junheng.actions.binding import KINDS
from junheng.actions.language.capability import capabilities
from junheng.actions.language.deadlines import deadlines
from junheng.actions.plan import Measure, Part, Plan
from junheng.documents import finding
from junheng.errors import Finding, Place, Severity, Text

_NOTHING = Text("空", "nothing")


def check_plan(plan: Plan, findings: list[Finding]) -> None:
    """Add what is wrong within one plan. What is only unfinished is a warning in a draft, and an error in a plan that holds."""
    findings += _doubled(plan)
    findings += _parts(plan)
    for measure in plan.measures:
        findings += _measure(plan, measure)


def check_between(plans: Sequence[Plan]) -> list[Finding]:
    """Return what is wrong between plans: two of one name, a task that two plans bind to different things."""
    found = [finding("actions.id_twice", Place(file=name), name) for name, times in Counter(plan.id for plan in plans).items() if times > 1]
    seen: dict[str, tuple[Plan, Measure]] = {}
    for plan in plans:
        for measure in plan.measures:
            if not measure.task:
                continue
            first = seen.setdefault(measure.task, (plan, measure))
            if first[1].binding != measure.binding or (first[1].due and measure.due and first[1].due.last != measure.due.last):
                other = f"{first[0].id}/{first[1].id}"
                found.append(finding("actions.task_differs", _place(plan, measure.line), measure.task, other=other))
    return found


def _place(plan: Plan, line: int) -> Place:
    return Place(file=plan.file, row=line or None)


def _doubled(plan: Plan) -> Iterator[Finding]:
    lines = [*((one.id, one.line) for one in plan.parts), *((one.id, one.line) for one in plan.measures)]
    for name, times in Counter(name for name, _ in lines).items():
        if times > 1:
            at = [line for other, line in lines if other == name][-1]
            yield finding("actions.id_twice", _place(plan, at), name)


def _parts(plan: Plan) -> Iterator[Finding]:
    above = {part.id: part.under for part in plan.parts}
    for part in plan.parts:
        place = _place(plan, part.line)
        if part.level not in plan.levels:
            yield finding("actions.unknown_level", place, part.level, levels="、".join(plan.levels))
        if part.under and part.under not in above:
            yield finding("actions.unknown_part", place, part.under, known="、".join(above))
        elif _circular(part, above):
            yield finding("actions.circle_of_parts", place, part.id)


def _circular(part: Part, above: dict[str, str]) -> bool:
    seen, at = {part.id}, above.get(part.id, "")
    while at:
        if at in seen:
            return True
        seen.add(at)
        at = above.get(at, "")
    return False


def _measure(plan: Plan, measure: Measure) -> Iterator[Finding]:
    place = _place(plan, measure.line)
    unfinished: Severity = "warning" if plan.draft else "error"
    parts = {part.id for part in plan.parts}
    for name in measure.under:
        if name not in parts:
            yield finding("actions.unknown_part", place, name, known="、".join(sorted(parts)))
    for row in measure.serves:
        if row not in capabilities():
            yield finding("actions.unknown_capability", place, row)
    if not measure.owner:
        yield finding("actions.no_owner", place, measure.title, severity=unfinished)
    yield from _countable(measure, place, unfinished)
    yield from _dated(measure, place)


def _countable(measure: Measure, place: Place, unfinished: Severity) -> Iterator[Finding]:
    if measure.binding is None:
        yield finding("actions.not_bound", place, measure.title, severity=unfinished)
        return
    lacking = [
        label
        for label, words in ((Text("分子", "the numerator"), measure.numerator), (Text("分母", "the denominator"), measure.denominator))
        if not words
    ]
    if KINDS[measure.binding.kind].counts and lacking:
        what = Text("和".join(one.zh for one in lacking), " and ".join(one.en for one in lacking))
        kind = KINDS[measure.binding.kind].title
        yield finding("actions.no_denominator", place, measure.title, what=what, kind=kind, severity=unfinished)


def _dated(measure: Measure, place: Place) -> Iterator[Finding]:
    due = measure.due
    if due is None:
        yield finding("actions.no_date", place, measure.title)
    elif due.kind == "open":
        yield finding("actions.phrase_says_no_day", place, due.phrase or _NOTHING, title=measure.title)
    elif due.last and due.phrase and not due.fixed_by and _says_nothing(due.phrase):
        yield finding("actions.day_fixed_by_nobody", place, due.phrase, day=due.last.isoformat())


def _says_nothing(phrase: str) -> bool:
    return not any(one.settled for one in deadlines(f"{phrase}，", 2000))
