"""What adds up over the villages of a catchment and may not go beyond a number: pupils of each year ahead, a stated share.

The linear program, the moves, and the question whether a plan will do all read these sums.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.districting import District, least_beyond, room_with_least_beyond
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.shares import Share
from junheng.planning.planners.catchments.years import Ahead

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Sum(NamedTuple):
    """One rule for every catchment: the weights of its blocks add up to no more than `most`."""

    weight: Floats  # (blocks,)
    most: Floats  # (zones,)
    rule: Text  # with {zone}, and {most} where that is a number an officer knows


def sums(question: Question) -> tuple[Sum, ...]:
    """Return the sums beside the places of the first year."""
    return (*_of_share(question.share, question), *(one for each in question.ahead for one in _of_year(each, question)))


def _of_year(ahead: Ahead, question: Question) -> tuple[Sum, ...]:
    pupils = _by_block(ahead.pupils, question)
    year = ahead.year
    most = Text(f"{{zone}}学区{year}年不超过{{most}}名学生", f"in {year} catchment {{zone}} has at most {{most}} pupils")
    least = Text(f"{{zone}}学区{year}年至少有{{most}}名学生", f"in {year} catchment {{zone}} has at least {{most}} pupils")
    upper = Sum(pupils, ahead.high.astype(np.float64), most)
    return (upper, Sum(-pupils, -ahead.low.astype(np.float64), least)) if ahead.low.any() else (upper,)


def _of_share(share: Share | None, question: Question) -> tuple[Sum, ...]:
    if share is None:
        return ()
    low, high = (f"{100 * float(end):.1f}" for end in share.band)
    above, below = share.weights(question.block)
    nothing = np.zeros(len(question.zones))
    no_more = Text(f"{{zone}}学区“{share.group}”不超过{high}%", f"at most {high} % of catchment {{zone}} are “{share.group}”")
    no_less = Text(f"{{zone}}学区“{share.group}”不少于{low}%", f"at least {low} % of catchment {{zone}} are “{share.group}”")
    return Sum(above, nothing, no_more), Sum(below, nothing, no_less)


def _by_block(pupils: Ints, question: Question) -> Floats:
    blocks = int(question.block.max(initial=-1)) + 1
    return np.bincount(question.block, weights=pupils, minlength=blocks).astype(np.float64)


def keeps_share(question: Question, zone: Ints) -> bool:
    """Return whether the share of every catchment lies in its band, counted in fractions. zone: (blocks,)."""
    return question.share is None or not len(question.share.beyond(zone[question.block], len(question.zones)))


def beyond(ahead: Ahead, zone: Ints) -> int:
    """Return by how many pupils the catchments of a year are out of what they may have. zone: (villages,)."""
    load = ahead.loads(zone)
    return int(np.maximum(load - ahead.high, 0).sum() + np.maximum(ahead.low - load, 0).sum())


def keeps(question: Question, zone: Ints) -> bool:
    """Return whether a plan keeps its share and the places of all years ahead. zone: (blocks,)."""
    return keeps_share(question, zone) and not any(beyond(ahead, zone[question.block]) for ahead in question.ahead)


def with_least_beyond(question: Question) -> Question:
    """Return the question with as many more places in each year ahead as any plan needs that looks at this year alone."""
    if not question.ahead:
        return question
    free = replace(question, change=0, apart=0)
    return replace(
        question,
        ahead=tuple(replace(each, high=room_with_least_beyond(_district(free, each)), least=_least(free, each)) for each in question.ahead),
    )


def _district(question: Question, ahead: Ahead) -> District:
    return replace(question, pupils=ahead.pupils, high=ahead.high, low=ahead.low).district()


def _least(question: Question, ahead: Ahead) -> int:
    proof = least_beyond(_district(question, ahead))
    return proof.total if proof else 0


def with_room(question: Question, zone: Ints) -> Question:
    """Return the question with the places of the years ahead in which a plan fits. zone: (blocks,)."""
    at = zone[question.block]
    return replace(
        question,
        ahead=tuple(
            replace(each, high=np.maximum(each.high, each.loads(at)), low=np.minimum(each.low, each.loads(at))) for each in question.ahead
        ),
    )
