"""From a brief to the path: moves that cost nothing first, then what costs, each with its reason, its price and its year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.moving import with_zones
from junheng.planning.planners.path_to_pass.nearest import Asked, nearest_year, paid
from junheng.planning.planners.path_to_pass.others import alternatives, front, named, others, shown, told
from junheng.planning.planners.path_to_pass.planned import UNIT, Planned, planned
from junheng.planning.planners.path_to_pass.prices import Cost, Eased, priced, rules_that_bind
from junheng.planning.planners.path_to_pass.zone_pins import refuse_without_moves
from junheng.planning.proposal import Brief, Inputs, Price, Proposal
from junheng.planning.solve import Impossible, Watch
from junheng.standards.rulebook import Rulebook

_MANY = 250  # schools by stage: above, the ten searches beside the plan are left out


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return the cheapest path. A county that passes gets a proposal without steps.

    Raises DataError for prices or stocks that cannot be used, Infeasible with the rules in conflict, OutOfTime when no plan was found.
    """
    if not county.tables["schools"].height:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    asked = Asked(county, rules, brief, declaration, inputs, watch)
    if declaration.value(brief, "zone_moves"):
        return with_zones(asked)
    refuse_without_moves(brief)
    return _with_others(asked, planned(asked))


def _with_others(asked: Asked, plan: Planned) -> Proposal:
    """Return a plan with the nearest year in which the county can pass, the plans beside it and the prices of its rules."""
    question, chosen, proposal = plan
    tables = {**proposal.tables, "years": nearest_year(asked, question, chosen.objective)}
    first = told(question, chosen)
    more = asked.brief.beside and len(question.judged.units) <= _MANY
    beside = others(question, chosen, asked.brief, asked.watch) if more and chosen.objective else ()
    tables["front"] = front(first, beside)
    plans, words = named([one.id for one in beside], alternatives(question, first, beside))
    return replace(
        proposal,
        amounts=shown(chosen.amounts, beside),
        prices=tuple(_prices(asked, plan)) if more else (),
        alternatives=plans,
        tables=tables,
        words={**proposal.words, **words},
    )


def _prices(asked: Asked, plan: Planned) -> Iterator[Price]:
    def find(eased: Eased) -> Cost | None:
        answer = paid(eased.ask(plan.question), asked.brief, Watch(cancelled=asked.watch.cancelled))
        if isinstance(answer, Impossible) or answer.objective is None:
            return None
        return Cost(answer.objective, answer.bound)

    step = Decimal(str(asked.declaration.value(asked.brief, "price_step")))
    cost = Cost(plan.chosen.objective, plan.chosen.bound)
    return priced(cost, rules_that_bind(plan.question, plan.chosen, step), find, asked.brief.limits, asked.watch)
