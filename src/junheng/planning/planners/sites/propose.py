"""From a brief to the best sites: the plan, its steps, what it means for every village and school, and the next best sites beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from junheng.errors import Infeasible, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.planners.sites.amounts import amounts
from junheng.planning.planners.sites.ask import ask
from junheng.planning.planners.sites.choose import choose, worked_out
from junheng.planning.planners.sites.others import Solving, alternatives, prices
from junheng.planning.planners.sites.question import Question
from junheng.planning.planners.sites.results import certificate, tables
from junheng.planning.planners.sites.steps import children, steps, thing
from junheng.planning.proposal import Brief, Inputs, Proposal
from junheng.planning.refusal import infeasible
from junheng.planning.solve import Impossible, Watch
from junheng.planning.solve.answers import Relaxation
from junheng.standards.rulebook import Rulebook

UNIT = "pupil-km"
_LARGE = 2000  # ways, with villages whole: each plan beside takes as long as the plan itself
_LEFT_OUT = Text(
    "整村就读的大县：次优地点和各条规则的代价没有计算；可以按村居可拆分再问一次。",
    "Whole villages in a large county: the next best sites and prices were left out. Ask again with villages divided.",
)


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return the best sites. A county without villages or children of the stage gets a proposal without steps.

    Raises DataError for what cannot be planned with, and Infeasible where no choice of sites has a place for everybody.
    """
    question = ask(county, rules, brief, declaration)
    if not question.blocks:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    plan = choose(question, brief.limits, brief.seed, watch)
    if plan is None:
        raise _refused(question)
    before = tuple(worked_out(question.at(year), (), brief.limits, brief.seed)[0] for year in range(question.years))
    beside = bool(declaration.value(brief, "alternatives")) and brief.beside
    if beside and question.is_whole and question.way.size > _LARGE:
        beside, plan = False, replace(plan, question=question.asked(notes=(*question.notes, _LEFT_OUT)))
    solving = Solving(brief.limits, brief.seed, watch)
    return Proposal(
        brief=brief,
        steps=steps(plan, before),
        objective=question.km(plan.cost),
        bound=question.km(plan.bound),
        unit=UNIT,
        amounts=amounts(plan),
        inputs=inputs,
        prices=prices(plan, solving) if beside else (),
        alternatives=alternatives(plan, before, solving) if beside else (),
        tables=tables(plan, before),
        certificate=certificate(plan),
        note=Text(question.source.zh.rstrip("。"), question.source.en.rstrip(".")),
    )


def _refused(question: Question) -> Infeasible:
    """Return the error that names the rules in conflict, and how many places are lacking where that can be told from the sums."""
    question = max(map(question.at, range(question.years)), key=lambda one: int(one.pupils.sum() - one.room.sum()))  # the tightest year
    many, what, who = len(question.schools), thing(question), children(question)
    everyone, stand = int(question.pupils.sum()), int(question.room[:many].sum())
    free = np.sort(question.room[many:][question.open_to()])[::-1]
    most, new = int(free.max(initial=0)), int(free[: question.count].sum())
    lacking = everyone - stand - new
    by = float(lacking) if lacking > 0 else None
    kept = Text(f"（留{question.reserve:.0%}余量）", f", {question.reserve:.0%} of them kept free") if question.reserve else Text("", "")
    rules = [
        Text(f"{question.opening}年{everyone}名{who.zh}都有学位", f"all {everyone} {who.en} of {question.opening} have a place"),
        Text(
            f"现有{many}所学校接收不超过{stand}名{who.zh}{kept.zh}", f"the {many} schools that stay take at most {stand} {who.en}{kept.en}"
        ),
        Text(
            f"新建{what.zh}不超过{question.count}所、每所不超过{most}名{who.zh}",
            f"there are at most {question.count} new {what.en}s of {most} {who.en} each",
        ),
    ]
    conflict = [Relaxation(rule, by, None, unit="pupils") for rule in rules]
    if by is None and question.least:
        rule = Text(f"新建{what.zh}至少{question.least}名{who.zh}", f"a new {what.en} has at least {question.least} {who.en}")
        conflict.append(Relaxation(rule, None, None))
    large = np.flatnonzero((question.way >= UNREACHABLE).all(axis=1))
    if by is None and len(large):
        names = "、".join(question.blocks[k].name for k in large[:10])
        rule = Text(f"{names}的{who.zh}有学校可去", f"{who.en} of {names} have a school that they can get to")
        conflict.append(Relaxation(rule, None, None))
    if by is None and question.is_whole:
        conflict.append(Relaxation(Text("整村就读", "villages go whole"), None, None))
    return infeasible(Impossible(conflict=tuple(conflict), together=(), is_smallest=by is not None), UNIT)
