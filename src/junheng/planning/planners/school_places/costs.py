"""What things weigh: the parts of the cost, the kilometres of a pupil's year, and who must change school."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from junheng.errors import Text
from junheng.planning.planners.school_places.question import CLOSE, POINT, Choice, Floats, Question, Unit, Weights

_WEEK = 5  # school days


def cost_kinds(weights: Weights) -> list[tuple[Text, str, float]]:
    """Return title, unit and weight of every part of the cost, in their order."""
    return [
        (Text("建设和撤并费用", "building and closing"), "yuan", weights.invests),
        (Text("增加的运行经费", "more (or less) for running"), "yuan", weights.invests),
        (Text("上学路程", "ways to school"), "pupil-km", weights.yuan_km),
        (Text("寄宿", "boarding"), "pupil-years", weights.boarding_year),
        (Text("因撤并转学", "pupils who change school"), "pupils", weights.moved),
        (Text("不在现在所属学校就读", "pupils elsewhere than today"), "pupil-years", weights.change),
    ]


def trips(question: Question) -> Floats:
    """Return the kilometres that a pupil of each pair travels in a year, there and back; boarders travel once a week."""
    ways, days = question.ways, question.weights.days
    return np.asarray(np.where(ways.boards, days / _WEEK, days) * 2 * ways.km)


def moved_by(units: Sequence[Unit], choice: Choice) -> float:
    """Return the pupils who must change school when a choice is made."""
    unit = units[choice.unit]
    return float({CLOSE: unit.pupils, POINT: unit.above}.get(choice.fate, 0))
