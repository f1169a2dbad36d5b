"""What a plan costs, by parts, counted from who goes where."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.sites.choose import Plan
from junheng.planning.planners.sites.question import Ints, Question
from junheng.planning.solve import Amount

_KM = 1000.0


def amounts(plan: Plan) -> tuple[Amount, ...]:
    """Return the parts of the objective."""
    if not plan.ahead:
        return parts(plan.question, plan.flow, plan.new)
    return over_years(plan.question, plan.ahead, {site: plan.begin(site) for site in plan.new})


def over_years(question: Question, flows: tuple[Ints, ...], begins: Mapping[int, int]) -> tuple[Amount, ...]:
    """Return the parts of what a plan for several years costs. begins: the year in which each new one opens, counted from the first."""
    each = [parts(question.asked(yuan_weight=0.0), flow, ()) for flow in flows]
    found = [one[0]._replace(amount=sum(part.amount for part in one)) for one in zip(*each, strict=True)]
    if question.yuan_weight:
        spent = question.km(float(sum(question.own(site, year) for site, year in begins.items()))) / question.yuan_weight
        title = Text("造价和各学年运行经费", "cost of building and of running it")
        found.append(Amount(title, spent, "10k_yuan", question.yuan_weight))
    return tuple(found)


def parts(question: Question, flow: Ints, new: tuple[int, ...]) -> tuple[Amount, ...]:
    """Return the parts of what it costs that these go where they go and these sites are opened."""
    ways = float((flow * np.where(flow > 0, question.metres, 0.0)).sum()) / _KM
    far = float((flow * (question.metres > question.norm)).sum())
    found = [
        Amount(Text("上学路程（单程）", "ways, one way"), ways, "pupil-km", 1.0),
        Amount(Text("超过服务半径的孩子", "children beyond the service radius"), far, "pupils", question.beyond),
    ]
    if question.yuan_weight:
        spent = question.km(float(question.fixed[list(new)].sum())) / question.yuan_weight
        found.append(Amount(Text("造价", "cost of building"), spent, "10k_yuan", question.yuan_weight))
    return tuple(found)
