"""From a brief to a programme of places: the plan, its steps, what it means for every school and village, and other plans beside it."""

from __future__ import annotations

from dataclasses import replace

from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.school_places.ask import ask
from junheng.planning.planners.school_places.choose import choose
from junheng.planning.planners.school_places.others import Solving, alternatives, prices, waiting
from junheng.planning.planners.school_places.results import certificate, tables
from junheng.planning.planners.school_places.steps import steps
from junheng.planning.proposal import Brief, Inputs, Proposal
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Impossible, Unproven, Watch
from junheng.standards.rulebook import Rulebook

UNIT = "yuan"
_NODES = 20  # of the search for each plan beside the one proposed


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
        raise infeasible(plan, UNIT)
    if isinstance(plan, Unproven):
        raise out_of_time(plan, brief.limits.gap)
    solving = Solving(limits, brief.seed, watch)
    found = tables(plan)
    if declaration.value(brief, "waiting"):
        found["waiting"] = waiting(plan, solving)
    beside = bool(declaration.value(brief, "alternatives"))
    return Proposal(
        brief=brief,
        steps=steps(plan, rules.day),
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
