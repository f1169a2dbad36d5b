"""Plans beside the one proposed: shorter ways, more of what lacks filled, more wishes met; each under all rules of the brief."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.planners.teacher_rotation.case import Case, Floats, Ints, Mask, Weights
from junheng.planning.planners.teacher_rotation.choose import Chosen, choose
from junheng.planning.planners.teacher_rotation.question import Question
from junheng.planning.planners.teacher_rotation.steps import moves, steps
from junheng.planning.proposal import Alternative, Brief
from junheng.planning.solve import Amount, Watch

_MUCH = 4.0  # times that what a plan is after weighs
_WISH = 40.0  # km that one more wish met is worth in the plan of wishes
_MINUS = "\N{MINUS SIGN}"
_WAY = 2  # place of the way among the parts of the objective


class _Aim(NamedTuple):
    """What a plan beside is after."""

    title: Text
    why: Text
    case: Case


def alternatives(county: County, question: Question, chosen: Chosen, brief: Brief, watch: Watch) -> tuple[Alternative, ...]:
    """Return plans that differ from the one chosen, each counted as the brief counts; its bound is theirs, too."""
    return tuple(_alternatives(county, question, chosen, brief, watch)) if brief.beside and len(chosen.arcs) else ()


def _alternatives(county: County, question: Question, chosen: Chosen, brief: Brief, watch: Watch) -> Iterator[Alternative]:
    wished, seen = wished_ways(question), {chosen.arcs.tobytes()}
    for aim in _aims(question.case, wished):
        if watch.cancelled and watch.cancelled():
            return
        found = choose(aim.case, brief.limits, brief.seed, Watch(cancelled=watch.cancelled))
        if not isinstance(found, Chosen) or found.arcs.tobytes() in seen:
            continue
        seen.add(found.arcs.tobytes())
        amounts = counted(question.case, found)
        objective = float(sum(part.amount * part.weight for part in amounts))
        other = replace(found, objective=objective, amounts=amounts)
        yield Alternative(
            title=aim.title,
            reason=_reason(aim.why, (chosen, other), wished),
            steps=steps(county, question, moves(question, other)),
            objective=objective,
            bound=min(chosen.bound, objective),
            amounts=amounts,
        )


def _aims(case: Case, wished: Mask) -> Iterator[_Aim]:
    least, most = 1 / _MUCH, _MUCH
    near = Weights(
        shortage=case.weights.shortage * least,
        backbone=case.weights.backbone * least,
        move=case.weights.move * least,
        direction=case.weights.direction * least,
        second=case.weights.second * least,
    )
    yield _Aim(Text("路最近", "shortest ways"), Text("更看重教师路程", "more heed to ways"), replace(case, weights=near))
    full = replace(case.weights, shortage=case.weights.shortage * most)
    yield _Aim(Text("补缺最多", "most shortages filled"), Text("更看重学科补缺", "more heed to shortages"), replace(case, weights=full))
    if wished.any():
        title = Text("满足志愿最多", "most wishes met")
        yield _Aim(title, Text("更看重本人志愿", "more heed to wishes"), replace(case, arc_km=case.arc_km - _WISH * wished))


def wished_ways(question: Question) -> Mask:
    """Return which ways lead to a school that the teacher wishes for: (a,)."""
    case = question.case
    found = np.zeros(len(case.arc_teacher), dtype=np.bool_)
    place = {name: n for n, name in enumerate(case.names)}
    schools = np.array([school for school, _ in question.places.units], dtype=object)
    start = np.searchsorted(case.arc_teacher, np.arange(len(case.names) + 1))
    for teacher in question.wished.keys() & place.keys():
        n = place[teacher]
        own = slice(start[n], start[n + 1])
        found[own] = np.isin(schools[case.arc_unit[own]], question.wished[teacher])
    return found


def counted(case: Case, found: Chosen) -> tuple[Amount, ...]:
    """Return the parts of a plan as a case counts them that has the same ways and other weights or ways of other lengths."""
    weights: Floats = np.array([case.weights.shortage, case.weights.backbone, 1.0, case.weights.move, -case.weights.direction])
    weights = np.append(weights, [case.weights.second] * (len(found.amounts) - len(weights)))
    kilometres = float(case.arc_km[found.arcs].sum())
    return tuple(
        part._replace(weight=float(weight), amount=kilometres if place == _WAY else part.amount)
        for place, (part, weight) in enumerate(zip(found.amounts, weights, strict=True))
    )


def _reason(why: Text, plans: tuple[Chosen, Chosen], wished: Mask) -> Text:
    """Return what a plan gains and gives up beside the one proposed."""
    shortage, _, way, going = (after.amount - before.amount for before, after in zip(*(one.amounts[:4] for one in plans), strict=True))
    met = _met(plans[1].arcs, wished) - _met(plans[0].arcs, wished)
    zh = f"{why.zh}：学科缺人{shortage:+z,.1f}人，增加的路程{way:+z,.0f}公里，调动{going:+z,.0f}人"
    en = f"{why.en}: lacking {shortage:+z,.1f} teachers, way {way:+z,.0f} km, moved {going:+z,.0f}"
    told = (f"，统筹中满足志愿{met:+d}个", f", wishes met {met:+d}") if met else ("", "")
    return Text(f"{zh}{told[0]}。".replace("-", _MINUS), f"{en}{told[1]}.".replace("-", _MINUS))


def _met(arcs: Ints, wished: Mask) -> int:
    return int(wished[arcs].sum())
