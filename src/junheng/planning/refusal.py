"""The two answers that are no proposal, as errors that an officer can act on."""

from __future__ import annotations

from junheng.documents import finding
from junheng.errors import Infeasible, OutOfTime, Place, Text
from junheng.planning.solve.answers import Impossible, Relaxation, Unproven


def infeasible(answer: Impossible, unit: str) -> Infeasible:
    """Return the error that names each rule of the conflict, what it conflicts with, and what letting it give way would take.

    unit: of the objective.
    """
    findings = []
    for rule in answer.conflict:
        others = [other.rule for other in answer.conflict if other is not rule]
        named = Text("；".join(each.zh for each in others), "; ".join(each.en for each in others)) if others else _ITSELF
        findings.append(finding("planning.rules_in_conflict", Place(), rule.rule, others=named, remedy=_remedy(rule, answer, unit)))
    return Infeasible(findings)


def out_of_time(answer: Unproven, wanted: float) -> OutOfTime:
    """Return the error that says how far the search came. wanted: the gap that the brief allows."""
    if answer.objective is None:
        found = Text("尚未找到方案，也未证明无解", "no plan yet, and no proof that there is none")
    else:
        found = Text(f"差距为{answer.gap:.2%}的方案", f"a plan with a gap of {answer.gap:.2%}")
    return OutOfTime(finding("planning.out_of_work", Place(), found, gap=f"{wanted:.2%}"))


_ITSELF = Text("变量本身的取值范围", "the range of the quantities themselves")


def _remedy(rule: Relaxation, answer: Impossible, unit: str) -> Text:
    if rule.by is not None:
        zh, en = f"只放宽这一条，至少放宽{_number(rule.by)}", f"Let this rule alone give way by at least {_number(rule.by)}"
        if rule.objective is None:
            return Text(f"{zh}。", f"{en}.")
        cost = f"{_number(rule.objective)} {unit}"
        return Text(f"{zh}；届时目标值为{cost}。", f"{en}; the best plan then comes to {cost}.")
    if not answer.together:
        return Text("可以放宽或撤销这一条；要放宽多少没有算出。", "It may give way or be taken back; how much would do was not worked out.")
    zh = "；".join(f"{each.rule.zh}（{_number(each.by or 0)}）" for each in answer.together)
    en = "; ".join(f"{each.rule.en} ({_number(each.by or 0)})" for each in answer.together)
    return Text(
        f"只放宽这一条还不够；总量最小的放宽办法：{zh}。",
        f"Letting this rule alone give way is not enough; the least that gives way in all is: {en}.",
    )


def _number(value: float) -> str:
    return f"{round(value, 4):,.10g}"
