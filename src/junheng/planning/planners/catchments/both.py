"""Primary and junior catchments improved together, the bound of both at once, and plans beside the one proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.districting.levels import Together, is_one_program, together
from junheng.planning.planners.catchments.levels import Drawing, amounts_of, away_of, steps, total_of
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.sums import keeps
from junheng.planning.proposal import Alternative, Brief
from junheng.planning.solve import Watch

Both = tuple[Drawing, Drawing]
Ints = NDArray[np.int64]

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
