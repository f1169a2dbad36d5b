"""Plans beside the one proposed: the next best sites; and what each rule of the brief costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.sites.amounts import amounts
from junheng.planning.planners.sites.choose import Plan, choose, worked_out
from junheng.planning.planners.sites.question import Question
from junheng.planning.planners.sites.ranked import Sites
from junheng.planning.planners.sites.steps import Before, children, steps, thing
from junheng.planning.proposal import Alternative, Price
from junheng.planning.solve import Limits, Watch

_OTHERS = 3
_PART = 10  # of a limit: a tenth is let give way


class Solving(NamedTuple):
    """How hard to look."""

    limits: Limits
    seed: int
    watch: Watch

    def plan(self, question: Question) -> Plan | None:
        """Return the plan of another question, None where there is none or nobody waits for it."""
        if self.watch.cancelled and self.watch.cancelled():
            return None
        return choose(question, self.limits, self.seed, Watch(cancelled=self.watch.cancelled))


def alternatives(plan: Plan, before: Before, solving: Solving) -> tuple[Alternative, ...]:
    """Return the next best choices of sites: from the full table where there is one, else without one of the sites at a time."""
    found: list[Alternative] = []
    seen: set[Sites] = {plan.new, ()}
    for other in _others(plan, solving):
        if other.new not in seen and len(found) < _OTHERS:
            seen.add(other.new)
            found.append(_alternative(plan, other, before))
    return tuple(sorted(found, key=lambda one: one.objective))


def _others(plan: Plan, solving: Solving) -> Iterator[Plan]:
    question = plan.question
    if plan.table is not None:
        for _, new in plan.runners[: _OTHERS + 1]:
            flow, _ = worked_out(question, new, solving.limits, solving.seed)
            if flow is not None:
                yield Plan(question=question, new=new, flow=flow, cost=question.cost(flow, new), bound=plan.bound, engine=plan.engine)
        return
    heavy = sorted(set(plan.new) - set(question.must), key=lambda site: -int(plan.load[len(question.schools) + site]))
    for site in heavy[:_OTHERS]:
        made = solving.plan(question.asked(never=tuple(sorted({*question.never, site}))))
        if made is not None:
            yield made


def _alternative(plan: Plan, other: Plan, before: Before) -> Alternative:
    question = plan.question
    names = "、".join(question.candidates[site].name for site in other.new)
    english = ", ".join(question.candidates[site].name for site in other.new)
    more = question.km(other.cost - plan.cost)
    zh = f"与建议方案相比，总计多{more:,.1f}生·公里（单程），平均路程{other.km:.2f}公里，建议方案为{plan.km:.2f}公里"
    en = f"Against the proposal {more:,.1f} pupil-km more one way; mean way {other.km:.2f} km, of the proposal {plan.km:.2f} km"
    return Alternative(
        title=Text(f"改建在{names}", f"At {english} instead"),
        reason=Text(zh, en),
        steps=steps(other, before),
        objective=question.km(other.cost),
        bound=question.km(plan.bound),
        amounts=amounts(other),
    )


def prices(plan: Plan, solving: Solving) -> tuple[Price, ...]:
    """Return what rules of the brief cost: each is let give way, and the best sites found again."""
    found = []
    for rule, other, by, unit, option in _relaxed(plan):
        made = solving.plan(other)
        if made is not None:
            saves = plan.question.km(plan.cost - made.cost)
            noise = plan.question.km(plan.cost - plan.bound)
            exact = made.cost - made.bound <= solving.limits.gap * max(made.cost, 1)
            found.append(Price(rule, saves if saves > noise else 0.0, by, unit, option, proven=exact))
    return tuple(found)


def _relaxed(plan: Plan) -> Iterator[tuple[Text, Question, float, str, str]]:
    """Yield the rules that may give way, the question without so much of it, by how much, and the option that says it."""
    question, what, who = plan.question, thing(plan.question), children(plan.question)
    many = len(question.schools)
    if question.count < len(question.candidates) - len(question.never):
        rule = Text(f"最多新建{question.count}所{what.zh}", f"at most {question.count} new {what.en}s")
        yield rule, question.asked(count=question.count + 1), 1.0, "schools", "count"
    if question.most_in and min(question.most_in) < question.count:
        rule = Text(f"一年最多投用几所{what.zh}", f"new {what.en}s that may open in one year")
        yield rule, question.asked(most_in=tuple(each + 1 for each in question.most_in)), 1.0, "schools", "in_year"
    if question.is_limited and many and not question.later:
        room = question.room.copy()
        room[:many] += room[:many] // _PART
        yield Text("现有学校的学位", "places of the schools that stay"), question.asked(room=room), 100.0 / _PART, "%", ""
    if question.is_limited and not question.later:
        room = question.room.copy()
        room[many:] += np.maximum(room[many:] // _PART, 1)
        yield Text(f"新建{what.zh}的学位", f"places of a new {what.en}"), question.asked(room=room), 100.0 / _PART, "%", "places"
    if question.least:
        rule = Text(f"新建{what.zh}至少{question.least}名{who.zh}", f"a new {what.en} has at least {question.least} {who.en}")
        yield rule, question.asked(least=0), float(question.least), "pupils", "least"
    if question.is_whole:
        yield Text("整村就读", "whole villages"), question.asked(is_whole=False), 1.0, "1", "whole_villages"
    yield from _unpinned(question)


def _unpinned(question: Question) -> Iterator[tuple[Text, Question, float, str, str]]:
    """Yield what is pinned or forbidden, one at a time left out."""
    for group, zh, en in (("must", "指定", "is pinned"), ("never", "不得选", "is forbidden")):
        for site in getattr(question, group):
            rest = tuple(one for one in getattr(question, group) if one != site)
            name = question.candidates[site].name
            yield Text(f"{zh}{name}", f"{name} {en}"), question.asked(**{group: rest}), 1.0, "1", ""
