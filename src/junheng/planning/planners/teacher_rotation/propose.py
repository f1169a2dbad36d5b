"""From a brief to who goes where: home after a term, wishes granted, then the plan; each with a reason one can be told."""

from __future__ import annotations

from dataclasses import replace

from junheng.documents import finding
from junheng.errors import DataError, Infeasible, OutOfTime, Place, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.teacher_rotation.change import again
from junheng.planning.planners.teacher_rotation.choose import Chosen, choose
from junheng.planning.planners.teacher_rotation.model import UNIT
from junheng.planning.planners.teacher_rotation.others import alternatives
from junheng.planning.planners.teacher_rotation.owed import without
from junheng.planning.planners.teacher_rotation.owing import note
from junheng.planning.planners.teacher_rotation.question import Question, ask
from junheng.planning.planners.teacher_rotation.steps import headline, moves, steps
from junheng.planning.planners.teacher_rotation.tables import shadow_prices, tables
from junheng.planning.planners.teacher_rotation.wished import wishes
from junheng.planning.planners.teacher_rotation.words import words
from junheng.planning.proposal import Brief, Certificate, Inputs, Price, Proposal
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Impossible, Unproven, Watch
from junheng.standards.rulebook import Rulebook


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return who goes where next year. A county with fewer than two public schools of a stage gets a proposal without steps.

    Raises DataError without a register, when nobody is eligible or for pins that cannot be; Infeasible, OutOfTime.
    """
    question = ask(county, rules, brief, declaration) if county.tables["schools"].height else None
    if question is None:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    question, found = _filled(question, brief, watch)
    chosen = _believed(found, brief)
    others = alternatives(county, question, chosen, brief, watch)
    return replace(_proposal(county, question, chosen, brief, inputs), alternatives=others)


def reconsider(
    county: County, rules: Rulebook, briefs: tuple[Brief, Brief], declaration: Declaration, inputs: Inputs, watch: Watch
) -> tuple[Proposal, Proposal | Infeasible | OutOfTime]:
    """Return the proposals of two briefs that differ in a pin or two: the second from the prices and the plan of the first.

    Raises as `propose` does for the first brief, and DataError for either.
    """
    first, second = (ask(county, rules, brief, declaration) for brief in briefs)
    if first is None or second is None:
        raise DataError(finding("planning.no_register", Place(table="schools"), Text("没有可交流的学校", "nothing to exchange between")))
    limits, seed, places = briefs[0].limits, briefs[0].seed, len(first.case.owed)
    first, found = _filled(first, briefs[0], watch)
    chosen = _believed(found, briefs[0])
    if len(first.case.owed) < places and len(second.case.owed) == places:  # what cannot be filled for one is not asked of the other
        second = replace(second, case=without(second.case, places - len(first.case.owed)))
    before = _proposal(county, first, chosen, briefs[0], inputs)
    try:
        other = _believed(again(second.case, first.case, chosen, limits, seed, watch), briefs[1])
    except (Infeasible, OutOfTime) as refusal:
        return before, refusal
    return before, _proposal(county, second, other, briefs[1], inputs)


def _filled(question: Question, brief: Brief, watch: Watch) -> tuple[Question, Chosen | Impossible | Unproven]:
    """Return the best moves that fill what those who go home leave short; what cannot be filled is given up, the last place first."""
    while True:
        found = choose(question.case, brief.limits, brief.seed, watch)
        if not isinstance(found, Impossible) or not len(question.case.owed):
            return question, found
        question = replace(question, case=without(question.case, 1))


def _believed(chosen: Chosen | Impossible | Unproven, brief: Brief) -> Chosen:
    if isinstance(chosen, Impossible):
        raise infeasible(chosen, UNIT)
    if isinstance(chosen, Unproven):
        raise out_of_time(chosen, brief.limits.gap)
    return chosen


def _proposal(county: County, question: Question, chosen: Chosen, brief: Brief, inputs: Inputs) -> Proposal:
    going = moves(question, chosen)
    numbers = {
        "bound": chosen.bound,
        "by_prices": chosen.priced.bound,
        "ways": float(len(chosen.reduced)),
        "searched": float(chosen.searched),
    }
    return Proposal(
        brief=brief,
        steps=steps(county, question, going),
        objective=chosen.objective,
        bound=chosen.bound,
        unit=UNIT,
        amounts=chosen.amounts,
        inputs=inputs,
        prices=_prices(question, chosen),
        tables={**tables(question, chosen, going), "wishes": wishes(question, going)},
        words=words(),
        headline=headline(question, chosen),
        note=note(question, going),
        certificate=Certificate(how=_HOW, numbers=numbers, tables={"prices": shadow_prices(question, chosen)}),
    )


_HOW = Text(
    "每名教师、每个学科组都按下列价格各取所宜，得到的合计就是下界：任何名单都不低于它；没有逐一搜索的去向，按价格每一条都会使合计超过搜索所得的下界。",
    "At these prices every teacher and every subject group does what is best for it; what that comes to no list of exchanges falls below. "
    "Each way that was not searched would, by the prices, bring the sum above the bound that the search proves.",
)


def _prices(question: Question, chosen: Chosen) -> tuple[Price, ...]:
    """Return what the shares cost for one teacher more or less, by the prices of the bound."""
    case = question.case
    share = chosen.priced.share
    said = (
        (max(0.0, share), Text(f"交流不少于{case.least_share:.0%}", f"at least {case.least_share:.0%} go"), "share"),
        (max(0.0, -share), Text(f"交流不超过{case.most_share:.0%}", f"at most {case.most_share:.0%} go"), "most"),
        (
            chosen.priced.backbone_share,
            Text(f"骨干不少于{case.backbone_share:.0%}", f"at least {case.backbone_share:.0%} backbone"),
            "backbone_share",
        ),
    )
    return tuple(Price(text, saves, 1.0, "teachers", option, proven=False) for saves, text, option in said)
