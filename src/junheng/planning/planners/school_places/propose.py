"""From a brief to a programme of places: the plan, its steps, what it means for every school and village, and other plans beside it."""

from __future__ import annotations

from dataclasses import replace

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.school_places.ask import ask
from junheng.planning.planners.school_places.choose import choose
from junheng.planning.planners.school_places.others import Solving, alternatives, prices, waiting
from junheng.planning.planners.school_places.question import Question
from junheng.planning.planners.school_places.results import certificate, tables
from junheng.planning.planners.school_places.steps import headline, steps
from junheng.planning.proposal import Brief, Inputs, Proposal
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
    made = steps(plan, rules.day)
    return Proposal(
        brief=brief,
        steps=made,
        headline=headline(made) if made else None,
        objective=plan.objective,
        bound=plan.bound,
        unit=UNIT,
        amounts=plan.amounts,
        inputs=inputs,
        prices=prices(plan, solving) if beside else (),
        alternatives=alternatives(plan, solving, rules.day) if beside else (),
        tables=found,
        certificate=certificate(plan),
    )


def _size(question: Question) -> int:
    return (len(question.ways.block) + len(question.choices)) * len(question.years)
