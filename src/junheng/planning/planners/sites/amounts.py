"""What a plan costs, by parts, counted from who goes where."""

from __future__ import annotations

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.sites.choose import Plan
from junheng.planning.planners.sites.question import Ints, Question
from junheng.planning.solve import Amount

_KM = 1000.0


def amounts(plan: Plan) -> tuple[Amount, ...]:
    """Return the parts of the objective."""
    return parts(plan.question, plan.flow, plan.new)


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
