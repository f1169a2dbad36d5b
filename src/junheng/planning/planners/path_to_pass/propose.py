"""From a brief to the path: moves that cost nothing first, then what costs, each with its reason, its price and its year."""

from __future__ import annotations

from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.choose import Chosen, choose, prices
from junheng.planning.planners.path_to_pass.question import Question, ask
from junheng.planning.planners.path_to_pass.steps import steps
from junheng.planning.planners.path_to_pass.tables import tables
from junheng.planning.proposal import Brief, Inputs, Proposal
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Impossible, Unproven, Watch
from junheng.standards.rulebook import Rulebook

UNIT = "yuan"


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return the cheapest path. A county that passes gets a proposal without steps.

    Raises DataError for prices or stocks that cannot be used, Infeasible with the rules in conflict, OutOfTime when no plan was found.
    """
    if not county.tables["schools"].height:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    question = ask(county, rules, brief, declaration)
    chosen = choose(question, brief.limits, brief.seed, watch)
    if isinstance(chosen, Impossible):
        raise infeasible(chosen, UNIT)
    if isinstance(chosen, Unproven):
        raise out_of_time(chosen, brief.limits.gap)
    return _proposal(question, chosen, brief, inputs, float(declaration.value(brief, "price_step")), watch)


def _proposal(question: Question, chosen: Chosen, brief: Brief, inputs: Inputs, step: float, watch: Watch) -> Proposal:
    made = steps(question, chosen)
    return Proposal(
        brief=brief,
        steps=made.steps,
        objective=chosen.objective,
        bound=chosen.bound,
        unit=UNIT,
        amounts=chosen.amounts,
        inputs=inputs,
        prices=prices(question, chosen, step, brief.limits, watch),
        tables=tables(question, chosen, made),
    )
