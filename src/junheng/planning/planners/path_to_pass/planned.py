"""The plan of a county whose catchments stay as they are: amounts, steps and tables, without what stands beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from junheng.errors import Infeasible
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
from junheng.planning.planners.path_to_pass.undone import note
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
        note=note(question, made, rules, whole=brief.beside),
        words=words(question, unable),
    )
    return Planned(question, chosen, proposal)


def tried(asked: Asked, of: tuple[Question, tuple[Unable, ...]] | None = None) -> Planned | Infeasible:
    """Return the cheapest path, or why there is none."""
    try:
        return planned(asked, of)
    except Infeasible as error:
        return error
