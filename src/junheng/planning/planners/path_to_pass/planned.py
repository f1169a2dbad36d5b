"""The plan of a county whose catchments stay as they are: amounts, steps and tables, without what stands beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from junheng.errors import Infeasible, Text
from junheng.planning.planners.path_to_pass.choose import Chosen
from junheng.planning.planners.path_to_pass.kept import of_years
from junheng.planning.planners.path_to_pass.nearest import Asked, in_another_year, paid
from junheng.planning.planners.path_to_pass.others import shown
from junheng.planning.planners.path_to_pass.proof import certificate
from junheng.planning.planners.path_to_pass.question import Question
from junheng.planning.planners.path_to_pass.refused import refused
from junheng.planning.planners.path_to_pass.steps import headline, steps
from junheng.planning.planners.path_to_pass.tables import tables, words
from junheng.planning.planners.path_to_pass.unable import Unable
from junheng.planning.planners.path_to_pass.years import later
from junheng.planning.proposal import Proposal
from junheng.planning.refusal import out_of_time
from junheng.planning.solve import Impossible, Unproven

UNIT = "yuan"


class Planned(NamedTuple):
    """A proposal, and what it was made of."""

    question: Question
    chosen: Chosen
    proposal: Proposal


def planned(asked: Asked, of: tuple[Question, tuple[Unable, ...]] | None = None) -> Planned:
    """Return the cheapest path. of: its question, where that is known already.

    Raises Infeasible with the rules in conflict, OutOfTime when no plan was found.
    """
    county, rules, brief, declaration, inputs, watch = asked
    question, unable = of or of_years(county, rules, brief, declaration)
    chosen = paid(question, brief, watch)
    if isinstance(chosen, Impossible):
        raise in_another_year(refused(question, chosen, asked, UNIT), asked)
    if isinstance(chosen, Unproven):
        raise out_of_time(chosen, brief.limits.gap)
    made = steps(question, chosen)
    told = tables(question, chosen, made, unable)
    changes = [change for step in made.steps for change in step.changes]
    replaced = Decimal(str(declaration.value(brief, "replaced"))) / 100
    told["later"] = later(county, question.judged, rules, changes, question.every[-1].at, replaced)
    proposal = Proposal(
        brief=brief,
        steps=made.steps,
        objective=chosen.objective,
        bound=chosen.bound,
        unit=UNIT,
        amounts=shown(chosen.amounts, ()),
        inputs=inputs,
        tables=told,
        certificate=certificate(question, chosen),
        headline=headline(made),
        note=_note(question),
        words=words(question, unable),
    )
    return Planned(question, chosen, proposal)


def tried(asked: Asked, of: tuple[Question, tuple[Unable, ...]] | None = None) -> Planned | Infeasible:
    """Return the cheapest path, or why there is none."""
    try:
        return planned(asked, of)
    except Infeasible as error:
        return error


def _note(question: Question) -> Text | None:
    """Return what the plan leaves undone because no measure can do it."""
    schools, spreads = len({unit[0] for unit in question.left_out}), len(question.spreads_out)
    if not schools and not spreads:
        return None
    zh = "、".join([*([f"{schools}所学校"] if schools else []), *([f"{spreads}项差异系数"] if spreads else [])])
    en = " and ".join([*([f"{schools} school(s)"] if schools else []), *([f"{spreads} coefficient(s)"] if spreads else [])])
    return Text(f"另有{zh}用现有措施达不了标，未列入方案，原因逐条列出", f"{en} cannot pass by any measure and are left out, with reasons")
