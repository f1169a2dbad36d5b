"""Primary and junior catchments improved together, the bound of both at once, and plans beside the one proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.districting import EXACT, broken, loads
from junheng.planning.districting.along import along
from junheng.planning.districting.coupled import coupled
from junheng.planning.districting.levels import Together, is_one_program, together
from junheng.planning.planners.catchments.levels import Drawing, amounts_of, away_of, steps, total_of
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.sums import keeps
from junheng.planning.proposal import Alternative, Brief
from junheng.planning.solve import Watch

Both = tuple[Drawing, Drawing]
Ints = NDArray[np.int64]

_PARTS = 20_000  # metres that a pupil who parts weighs in the bound of plans in which nobody does: any weight gives one
_NEAR = 8  # zones of each stage looked at for a village there
_NODES = 1
_ROUNDING = 1.0 - 1e-7  # of what the engine proves
_MORE = 4  # times as much as the brief says that parting weighs in the plan beside it


def are_one(primary: Question, junior: Question) -> bool:
    """Return whether both stages are small enough to be bounded at once."""
    return is_one_program(sum(len(each.villages) * len(each.zones) for each in (primary, junior)))


def in_turn(both: Both, apart: int, brief: Brief, watch: Watch, *, proven: bool = True) -> tuple[Both, float]:
    """Improve both stages with what parting costs, and return what no plan of both falls below, -inf where that is not known.

    Plans stay as they are where others are not cheaper in all, or break a share or the places of a year ahead.
    proven: False for a plan only.
    """
    if not apart:
        return both, -np.inf
    districts, today = [one.district for one in both], [_today(one) for one in both]
    drawn = [one.drawn for one in both]
    answer = together(districts, (apart,), brief.limits, brief.seed, watch, drawn=drawn, today=today, proven=proven)
    if not isinstance(answer, Together):
        return both, -np.inf
    after = tuple(_with(one, level.zone) for one, level in zip(both, answer.levels, strict=True))
    if answer.total((apart,)) >= total_of(both, apart) or any(one is None for one in after):
        return both, answer.coupled
    return cast("Both", after), answer.coupled


def whole(both: Both, brief: Brief, watch: Watch) -> tuple[Drawing, float]:
    """Return primary catchments that serve both stages better where they go up whole, and what no plan of both falls below.

    The bound is that of plans in which children may part, at a weight: where nobody does they cost the same. It holds for the places of
    `both` and for the junior schools that share a catchment there; -inf where there are too many villages for one program.
    """
    first, second = both
    question, villages = second.question, np.arange(len(second.question.villages))
    question = replace(question, block=villages, kept=np.zeros(len(villages), dtype=np.bool_))
    if not are_one(first.question, question) or (first.question.block != villages).any():
        return first, -np.inf
    room = np.maximum(second.district.high, loads(second.district, second.drawn.zone))
    lower, upper = first.district, replace(question.district(), high=room, rule=EXACT)
    plans, prices = (first.drawn.zone, second.zone), (first.drawn.prices, second.drawn.prices)
    dear = (upper.cost + upper.pupils[:, None] * prices[1][None]).astype(np.float64)
    turned = along(upper, plans[1], dear - dear.min(axis=1, keepdims=True))
    limits = replace(brief.limits, nodes=min(brief.limits.nodes or _NODES, _NODES))
    found = coupled((lower, turned), plans, prices, (_PARTS,), limits, brief.seed, watch, whole=True, near=_NEAR).zones
    totals = [lower.total(low) + upper.total(up) for low, up in (plans, found)]
    is_better = totals[1] < totals[0] and not len(broken(lower, found[0])) and bool((loads(lower, found[0]) <= lower.high).all())
    best = _with(first, found[0]) if is_better else None
    proof = coupled((lower, upper), found if best else plans, prices, (_PARTS,), limits, brief.seed, watch, near=_NEAR)
    return best or first, proof.bound * _ROUNDING


def keeps_places(both: Both, other: Both) -> bool:
    """Return whether the junior plan of `other` has the catchments of that of `both`, and fits into their places and pupils."""
    before, after = both[1], other[1]
    if before.question.zones != after.question.zones or (before.question.school_zone != after.question.school_zone).any():
        return False
    return bool(
        (loads(after.district, after.drawn.zone) <= np.maximum(before.district.high, loads(before.district, before.drawn.zone))).all()
    )


def alternatives(alone: Both, both: Both, apart: int, coupled: float, county: County, brief: Brief, watch: Watch) -> Iterator[Alternative]:
    """Yield the plans of each stage by itself, and of parting that weighs more, where they differ. alone: drawn without feeders."""
    if not apart:
        return
    more, _ = in_turn(both, apart * _MORE, brief, watch, proven=False)
    plans = (
        (more, Text("更多同学同升", "More go up together"), Text("同学分开多计几倍", "parting weighs several times as much")),
        (alone, Text("各学段单独划", "Each stage by itself"), Text("不顾同学是否同升", "no heed to who goes up together")),
    )
    seen = {_key(both)}
    for plan, title, why in plans:
        if _key(plan) in seen:
            continue
        seen.add(_key(plan))
        own = [sum(one.drawn.objective for one in each) / 1000 for each in (both, plan)]
        fewer = away_of(plan) - away_of(both)
        zh = f"{why.zh}：两个学段路程与变动合计{own[1] - own[0]:+,.0f}人·公里，不与多数同学同升的学生{fewer:+,d}名。"
        en = f"{why.en}: way and change of both stages {own[1] - own[0]:+,.0f} pupil-km, pupils who part {fewer:+,d}."
        total = total_of(plan, apart) / 1000
        bound = min(total, max(coupled, sum(one.drawn.bound for one in both)) / 1000)
        parts = tuple(amounts_of(plan, apart))
        yield Alternative(title=title, reason=Text(zh, en), steps=tuple(steps(plan, county)), objective=total, bound=bound, amounts=parts)


def _key(both: Both) -> tuple[bytes, ...]:
    return tuple(one.zone.tobytes() for one in both)


def _today(one: Drawing) -> Ints | None:
    """Return today's plan by blocks; None where a village is in no zone of the plan."""
    place = {name: j for j, name in enumerate(one.question.zones)}
    if any(zone not in place for zone in one.question.today):
        return None
    plan = np.zeros(len(one.district.pupils), dtype=np.int64)
    plan[one.question.block] = [place[zone] for zone in one.question.today]
    return plan


def _with(one: Drawing, zone: Ints) -> Drawing | None:
    """Return a stage with another plan; None where that breaks the band of a share, or the places of a year ahead."""
    total = one.district.total(zone)
    if not keeps(one.question, zone):
        return None
    bounds = {name: min(getattr(one.drawn, name), total) for name in ("bound", "bound_exact", "bound_by_prices")}
    return one._replace(drawn=replace(one.drawn, zone=zone, objective=total, **bounds))
