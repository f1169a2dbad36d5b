"""From a brief to groups: each school that gets another lead is a step with its reason."""

from __future__ import annotations

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.pairing.model import UNIT, solved
from junheng.planning.planners.pairing.others import alternatives
from junheng.planning.planners.pairing.question import Ints, Question, ask
from junheng.planning.planners.pairing.steps import headline, steps
from junheng.planning.proposal import Brief, Certificate, Inputs, Proposal
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Impossible, Watch
from junheng.standards.rulebook import Rulebook


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return a lead for every school that should be helped. A county without such schools gets a proposal without steps.

    Raises DataError for pins that cannot be, Infeasible with the rules in conflict, OutOfTime when no plan was found.
    """
    question = ask(county, rules, brief, declaration) if county.tables["schools"].height else None
    if question is None:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    answer, chosen = solved(question, brief.limits, brief.seed, watch)
    if isinstance(answer, Impossible):
        raise infeasible(answer, UNIT, declaration)
    if answer.values is None or answer.objective is None:
        raise out_of_time(answer, brief.limits.gap)
    lead = np.asarray(chosen.argmax(axis=1), dtype=np.int64)
    loads = np.bincount(lead, weights=question.need, minlength=len(question.leads))
    numbers = {"bound": answer.bound, "largest": float(loads.max()), "smallest": float(loads.min())}
    return Proposal(
        brief=brief,
        steps=tuple(steps(question, lead, county)),
        objective=answer.objective,
        bound=answer.bound,
        unit=UNIT,
        amounts=answer.amounts,
        inputs=inputs,
        alternatives=alternatives(county, question, lead, answer.bound, brief, watch),
        tables={"members": _members(question, lead), "groups": _groups(question, lead), "standing": _standing(question)},
        headline=headline(question, lead),
        words={one.zh: one for one in (*_ROLES.values(), *_WHYS.values())},
        certificate=Certificate(how=_HOW, numbers=numbers),
    )


_HOW = Text(
    "每所学校恰有一所牵头学校、牵头学校不超过上限时，任何分组的合计都不低于下界：学校不多时由求解器证明，学校多时由各校的价格逐段证明。",
    "No groups in which every school has one lead, and no lead too many, come to less than the bound: the engine proves it where schools "
    "are few, prices on the schools, part by part, where they are many.",
)


_ROLES = {
    "lead": Text("牵头", "leads"),
    "weak": Text("需要帮扶", "needs help"),
    "neither": Text("不牵头也不需帮扶", "neither"),
}
_WHYS = {
    "missed": Text("有未达标项目", "misses items of the standard"),
    "short": Text("学科缺人占比高于全县", "lacks more by subject than the county, in share"),
    "few": Text("骨干占比低于全县", "fewer backbone teachers than the county, in share"),
    "able": Text("达标且学科缺人不高于全县", "meets the standard and lacks no more than the county"),
}


def _standing(question: Question) -> pl.DataFrame:
    """Return why each school leads, needs help or neither: items missed, shares lacking and of backbone teachers beside the county's."""
    rows = []
    for code, one in sorted(question.standing.items()):
        role = "lead" if code in question.leads else "weak" if code in question.weak else "neither"
        short, few = one.shares[0] > one.usual[0] + 1e-9, one.shares[1] < one.usual[1]
        tests = (("missed", bool(one.missed)), ("short", short), ("able", not one.missed and not short), ("few", few))
        why = [_WHYS[name].zh for name, holds in tests if holds]
        shares = (round(100 * share, 1) for pair in zip(one.shares, one.usual, strict=True) for share in pair)
        items = "、".join(item.zh for item in one.missed)
        rows.append((code, _ROLES[role].zh, len(one.missed), items, *shares, "；".join(why)))
    types = {"school": pl.String, "role": pl.String, "missed": pl.Int64, "items": pl.String}
    types |= dict.fromkeys(("lacking", "lacking_county", "backbone", "backbone_county"), pl.Float64)
    return pl.DataFrame(rows, schema=types | {"why": pl.String}, orient="row")


def _members(question: Question, lead: Ints) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "lead": [question.leads[j] for j in lead],
            "school": question.weak,
            "way": question.km[np.arange(len(lead)), lead],
            "lacking": np.round(question.need, 1),
            "today": question.today,
        }
    ).sort("lead", "school")


def _groups(question: Question, lead: Ints) -> pl.DataFrame:
    count = len(question.leads)
    lacking = np.zeros(question.spare.shape)
    np.add.at(lacking, lead, question.lacking)
    way = np.bincount(lead, weights=question.km[np.arange(len(lead)), lead], minlength=count)
    return pl.DataFrame(
        {
            "lead": question.leads,
            "schools": np.bincount(lead, minlength=count),
            "lacking": np.round(lacking.sum(axis=1), 1),
            "helped": np.round(np.minimum(lacking, question.spare).sum(axis=1), 1),
            "way": np.round(way, 1),
        }
    )
