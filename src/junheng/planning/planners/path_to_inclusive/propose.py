"""From a brief to the path: what is free first, then what costs, each with its reason and its price."""

from __future__ import annotations

from decimal import Decimal

from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_inclusive.choose import broken, choose, prices
from junheng.planning.planners.path_to_inclusive.later import WORDS, later
from junheng.planning.planners.path_to_inclusive.others import alternatives, front, others, told
from junheng.planning.planners.path_to_inclusive.question import ask
from junheng.planning.planners.path_to_inclusive.rest import headline, note, rest
from junheng.planning.planners.path_to_inclusive.steps import steps
from junheng.planning.planners.path_to_inclusive.tables import tables, words
from junheng.planning.planners.path_to_inclusive.unable import without_the_unable
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
    question, unable = without_the_unable(ask(county, rules, brief, declaration))
    chosen = choose(question, brief.limits, brief.seed, watch)
    if isinstance(chosen, Impossible):
        raise infeasible(chosen, UNIT, declaration)
    if isinstance(chosen, Unproven) or broken(question, chosen):
        raise out_of_time(chosen if isinstance(chosen, Unproven) else Unproven(bound=chosen.bound), brief.limits.gap)
    made = steps(question, chosen)
    first = told(question, chosen)
    beside = others(question, chosen, brief, watch) if brief.beside and chosen.objective else ()
    step = Decimal(str(declaration.value(brief, "price_step")))
    framework = rules.framework(str(declaration.value(brief, "framework")))
    changes = tuple(change for each in made.steps for change in each.changes)
    after = later(question, rules, framework, changes)
    left = rest(question, rules, framework, chosen, unable, changes)
    return Proposal(
        brief=brief,
        steps=made.steps,
        objective=chosen.objective,
        bound=chosen.bound,
        unit=UNIT,
        amounts=chosen.amounts,
        inputs=inputs,
        prices=tuple(prices(question, chosen, step, brief.limits, watch)) if brief.beside else (),
        alternatives=alternatives(question, first, beside),
        tables=tables(question, chosen, made, unable, left) | {"front": front(first, beside), "later": after},
        headline=headline(question, chosen, made.steps),
        note=note(question, chosen, left, made.steps),
        words={**words(question, unable, left), **WORDS},
    )
