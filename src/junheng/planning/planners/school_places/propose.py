"""From a brief to a programme of places: the plan, its steps, what it means for every school and village, and other plans beside it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from junheng.errors import Text
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.school_places.ask import ask
from junheng.planning.planners.school_places.choose import Plan, choose
from junheng.planning.planners.school_places.crowding import RECEIVES, crowding, told, touched
from junheng.planning.planners.school_places.others import Solving, alternatives, prices, waiting
from junheng.planning.planners.school_places.question import CLOSE, POINT, Question
from junheng.planning.planners.school_places.results import certificate, tables
from junheng.planning.planners.school_places.steps import KINDS, headline, receivers, steps
from junheng.planning.proposal import Brief, Inputs, Proposal, Step
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Impossible, Unproven, Watch
from junheng.standards.rulebook import Rulebook

UNIT = "yuan"
_NODES = 4  # of the search for each plan beside the one proposed
_MOST = 60_000  # shares and measures by year: above, the ten searches beside the plan are left out
_LEFT_OUT = Text(
    "全县规模较大，备选方案、规则代价和等待的代价没有计算；可以减少规划年数或分学段再问。",
    "The county is large: other plans, the price of rules and of waiting were left out. Ask with fewer years, or stage by stage.",
)


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return a programme of places. A county without schools of these stages gets a proposal without steps.

    Raises DataError for what cannot be planned with, Infeasible with the rules in conflict, OutOfTime when no plan was found.
    """
    question = ask(county, rules, brief, declaration)
    if not question.units:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    limits = replace(brief.limits, nodes=min(brief.limits.nodes or _NODES, _NODES))
    plan = choose(question, brief.limits, brief.seed, watch)
    if isinstance(plan, Impossible):
        raise infeasible(plan, UNIT, declaration)
    if isinstance(plan, Unproven):
        raise out_of_time(plan, brief.limits.gap)
    wishes = [bool(declaration.value(brief, name)) for name in ("alternatives", "waiting")]
    if any(wishes) and _size(question) > _MOST:
        plan, wishes = replace(plan, question=replace(question, notes=(*question.notes, _LEFT_OUT))), [False, False]
    beside, later = wishes
    solving = Solving(limits, brief.seed, watch)
    found = tables(plan)
    if later:
        found["waiting"] = waiting(plan, solving)
    made = steps(plan, question.begin or rules.day)
    found["crowding"] = _before_and_after(plan, county, made, rules)
    return Proposal(
        brief=brief,
        steps=made,
        headline=headline(made) if made else None,
        note=told(found["crowding"]),
        words={**KINDS, RECEIVES: Text("接收学生", "receives pupils")},
        objective=plan.objective,
        bound=plan.bound,
        unit=UNIT,
        amounts=plan.amounts,
        inputs=inputs,
        prices=prices(plan, solving) if beside else (),
        alternatives=alternatives(plan, solving, question.begin or rules.day) if beside else (),
        tables=found,
        certificate=certificate(plan),
    )


def _before_and_after(plan: Plan, county: County, made: tuple[Step, ...], rules: Rulebook) -> pl.DataFrame:
    """Return how full the schools are that the plan touches, those that take pupils of others among them."""
    question = plan.question
    ends = [(u, first) for u, (fate, first) in touched(question, plan.levels, ()).items() if fate in (CLOSE, POINT)]
    taking = {unit for u, first in ends for unit, _ in receivers(plan, u, first)}
    after = apply(county, tuple(change for step in made for change in step.changes))
    high = plan.load(question.pupils[-1])
    return crowding(question, touched(question, plan.levels, sorted(taking)), high, (county, after), rules)


def _size(question: Question) -> int:
    return (len(question.ways.block) + len(question.choices)) * len(question.years)
