"""Measures that are answered by a list of who is missed: what should be minus what was done."""

from __future__ import annotations

from decimal import Decimal

from junheng.actions.plan import Binding
from junheng.actions.progress import Answer, Gap, not_known
from junheng.errors import Text
from junheng.workflow.plan_desk import PlanDesk


def of_roster(desk: PlanDesk, binding: Binding) -> Answer:
    """Return how many of a roster are covered and claimed, and how many lines are missing; the lines themselves are for who needs them."""
    found = desk.roster(binding.target)
    command = f"roster show {binding.target}"
    if found.should is None or found.verified is None or found.missing is None:
        why = found.findings[0].found if found.findings else Text("名单不在文件夹中", "its lists are not in the folder")
        reason = Text(f"“{found.title.zh}”无法比对：{why.zh}", f"{found.title.en} cannot be told: {why.en}")
        return not_known("list", reason, command)
    doubts = [(found.undecided, Text("待人判断", "to be decided by a person")), (found.wrong, Text("与名单不符", "against the list"))]
    where = Text(f"逐条见{command}", f"each by {command}")
    gaps = [Gap(what=f"{found.missing}条缺项", owner=found.owner, note=where)] if found.missing else []
    gaps += [Gap(what=f"{count}条{words.zh}", owner=found.owner, note=words) for count, words in doubts if count]
    excused = Text(f"，另有{found.excused}条经说明不计", f", {found.excused} excused") if found.excused else Text("", "")
    claimed = found.claimed or 0
    return Answer(
        form="list",
        met=found.complete,
        shown=f"{found.verified}/{found.should}",
        sentence=Text(
            f"“{found.title.zh}”应有{found.should}，核实{found.verified}，报告待核实{claimed}，缺{found.missing}{excused.zh}",
            f"{found.title.en}: {found.should} due, {found.verified} verified, {claimed} claimed, {found.missing} missing{excused.en}",
        ),
        basis=Text(f"名单比对，{found.as_of}", f"lists compared, {found.as_of}"),
        value=Decimal(found.verified),
        claimed=Decimal(found.verified + claimed),
        verified=Decimal(found.verified),
        whole=Decimal(found.should),
        exceptions=tuple(gaps),
        left_out=max(0, found.missing - 1),
        command=command,
        day=found.as_of,
    )
