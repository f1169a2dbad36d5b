"""Places that give way where they are too few: of the first year, and of years ahead in which another school may be the tight one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting import District, Drawn, TooFull, Unconnected, draw, loads, reaching, room_with_least_beyond
from junheng.planning.planners.catchments.balanced import Unbalanced
from junheng.planning.planners.catchments.forced import reached, with_high
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.sums import beyond, with_room
from junheng.planning.proposal import Brief
from junheng.planning.solve import Limits, Watch

Ints = NDArray[np.int64]

_TIMES = 12  # that places give way before it is said that there is no plan
_GAP, _NODES = 2e-3, 20  # of a plan that is only begun with


class Giving(NamedTuple):
    """Places of all years that have given way, and a plan that fits into them."""

    question: Question
    district: District
    drawn: Drawn  # of the first year alone
    begin: Ints  # (blocks,)


def drawn_giving_way(
    district: District, today: Ints | None, brief: Brief, watch: Watch, *, proven: bool
) -> tuple[District, Drawn | TooFull | Unconnected]:
    """Return the plan, and the district with the places that it needs. today: (blocks,) a plan that stays where it may."""
    answer = draw(district, brief.limits, brief.seed, watch, today, forced=False, proven=proven)
    for _ in range(_TIMES):
        if not isinstance(answer, TooFull) or answer.zone is None:
            break
        found = reached(district, answer.zone, brief.seed)
        district = with_high(district, _with_room(district, found, today))
        fits = today is not None and bool((loads(district, today) <= district.high).all())
        answer = draw(district, brief.limits, brief.seed, watch, today if fits else found, forced=False, proven=proven)
    return district, answer


def _with_room(district: District, found: Ints, today: Ints | None) -> Ints:
    """Return places that the plan found fits in, or today's plan where that needs no more: whole blocks seldom fit to the last pupil."""
    least: Ints = np.maximum(district.high, loads(district, found))
    if today is None:
        return least
    stays: Ints = np.maximum(district.high, loads(district, today))
    return stays if stays.sum() <= least.sum() else least


def years_give_way(
    question: Question, district: District, drawn: Drawn, answer: Unbalanced, today: Ints | None, brief: Brief, watch: Watch
) -> Giving:
    """Return places in which a plan fits that has few pupils beyond over all years: the nearest found, today's, or the tightest year's.

    The least over all years is not proven: that of each year alone is told beside it.
    """
    near = drawn.zone if answer.near is None else answer.near
    plans = [plan for plan in (today, near) if plan is not None and (plan is near or _fits(district, plan))]
    best = min(plans, key=lambda plan: _beyond(question, district, plan))
    others = _of_tightest_year(question, district, brief, watch) if question.share is None else iter(())
    tight = min(others, key=lambda plan: _beyond(question, district, plan), default=best)
    if _beyond(question, district, tight) < _beyond(question, district, best):
        wider = with_high(district, np.maximum(district.high, loads(district, tight)))
        again = draw(wider, brief.limits, brief.seed, watch, tight, forced=False)
        if isinstance(again, Drawn):
            return Giving(with_room(question, tight), wider, again, tight)
    return Giving(with_room(question, best), district, drawn, best)


def _fits(district: District, plan: Ints) -> bool:
    load = loads(district, plan)
    return bool((load <= district.high).all() and (load >= district.low).all())


def _beyond(question: Question, district: District, plan: Ints) -> int:
    """Return how many pupils are beyond what any plan needs of each year alone, over all years."""
    first = int(np.maximum(loads(district, plan) - district.high, 0).sum())
    return first + sum(beyond(each, plan[question.block]) for each in question.ahead)


def _of_tightest_year(question: Question, district: District, brief: Brief, watch: Watch) -> Iterator[Ints]:
    """Yield plans with the places that each catchment has in its tightest year.

    With the pupils of the first year, places of others being scaled to them; and with the most pupils that a village ever has.
    """
    many, every = max(1, int(question.pupils.sum())), question.ahead
    scaled = [each.allowed * many // max(1, int(each.pupils.sum())) for each in every]
    most = np.maximum.reduce([question.pupils, *(each.pupils for each in every)])
    quick = replace(brief, limits=Limits(gap=max(brief.limits.gap, _GAP), nodes=_NODES))
    for pupils, allowed in ((question.pupils, scaled), (most, [each.allowed for each in every])):
        high = np.minimum.reduce([question.high, *allowed])
        free = reaching(replace(question, pupils=pupils, change=0, apart=0, high=high, low=np.zeros_like(high)).district())
        asked = replace(district, pupils=free.pupils, high=room_with_least_beyond(free), low=free.low)
        _, answer = drawn_giving_way(asked, None, quick, Watch(cancelled=watch.cancelled), proven=False)
        if isinstance(answer, Drawn) and (loads(district, answer.zone) >= district.low).all():
            yield answer.zone
