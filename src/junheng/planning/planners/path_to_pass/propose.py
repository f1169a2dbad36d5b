"""From a brief to the path: moves that cost nothing first, then what costs, each with its reason, its price and its year."""

from __future__ import annotations

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.choose import Chosen, choose, prices
from junheng.planning.planners.path_to_pass.proof import certificate
from junheng.planning.planners.path_to_pass.question import Question, ask
from junheng.planning.planners.path_to_pass.steps import steps
from junheng.planning.planners.path_to_pass.tables import tables, words
from junheng.planning.planners.path_to_pass.unable import Unable, without_the_unable
from junheng.planning.proposal import Brief, Inputs, Price, Proposal
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
    question, unable = without_the_unable(question)
    chosen = choose(question, brief.limits, brief.seed, watch)
    if isinstance(chosen, Impossible):
        raise infeasible(chosen, UNIT)
    if isinstance(chosen, Unproven):
        raise out_of_time(chosen, brief.limits.gap)
    found = prices(question, chosen, float(declaration.value(brief, "price_step")), brief.limits, watch)
    return _proposal(question, chosen, (brief, inputs), found, unable)


def _proposal(
    question: Question, chosen: Chosen, asked: tuple[Brief, Inputs], found: tuple[Price, ...], unable: tuple[Unable, ...]
) -> Proposal:
    brief, inputs = asked
    made = steps(question, chosen)
    return Proposal(
        brief=brief,
        steps=made.steps,
        objective=chosen.objective,
        bound=chosen.bound,
        unit=UNIT,
        amounts=chosen.amounts,
        inputs=inputs,
        prices=found,
        tables=tables(question, chosen, made, unable),
        certificate=certificate(question, chosen),
        note=_note(question),
        words=words(question, unable),
    )


def _note(question: Question) -> Text | None:
    """Return what the plan leaves undone because no measure can do it."""
    schools, spreads = len({unit[0] for unit in question.left_out}), len(question.spreads_out)
    if not schools and not spreads:
        return None
    zh = "、".join([*([f"{schools}所学校"] if schools else []), *([f"{spreads}项差异系数"] if spreads else [])])
    en = " and ".join([*([f"{schools} school(s)"] if schools else []), *([f"{spreads} coefficient(s)"] if spreads else [])])
    return Text(f"另有{zh}用现有措施达不了标，未列入方案，原因逐条列出", f"{en} cannot pass by any measure and are left out, with reasons")
