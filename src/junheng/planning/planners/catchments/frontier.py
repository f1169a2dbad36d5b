"""What a plan comes to, and plans beside it: shorter ways, less change, a few pupils more than places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.districting import District, Drawn, TooFull, Unconnected, draw
from junheng.planning.planners.catchments.balanced import Unbalanced, balanced
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.steps import steps_of
from junheng.planning.proposal import Alternative, Brief
from junheng.planning.solve import Amount, Limits, Watch

Ints = NDArray[np.int64]

UNIT = "pupil-km"
_MOVED = Text("换学区的学生（没有学生的村居按1人计）", "pupils who change catchment (a village without counts as one)")
_OTHERS = (  # how much change weighs against the brief, and how many more than its places a zone may hold, in per cent
    (0.1, 0, Text("路更近", "Shorter ways"), Text("少顾变动", "less heed to change")),
    (10.0, 0, Text("变动最少", "Least change"), Text("多顾变动", "more heed to change")),
    (1.0, 5, Text("各校可超5%", "Schools 5 % over"), Text("允许各校超出学位5%", "places may be exceeded by 5 %")),
)


def amounts(question: Question, zone: Ints) -> tuple[Amount, ...]:
    """Return ways and changes of a plan by blocks. A village without pupils counts as one, so that it, too, has a near school."""
    moved = float(_weight(question)[_moves(question, zone)].sum())
    way = float(question.district().total(zone)) - question.change * moved
    return (
        Amount(Text("村居到学校的路程", "way from villages to schools"), way / 1000, UNIT, 1.0),
        Amount(_MOVED, moved, "pupils", question.change / 1000),
    )


def _weight(question: Question) -> Ints:
    weight: Ints = np.maximum(question.pupils, 1)
    return weight


def _moves(question: Question, zone: Ints) -> NDArray[np.bool_]:
    at = zone[question.block]
    moves: NDArray[np.bool_] = question.moves[np.arange(len(at)), at]
    return moves


def alternatives(
    question: Question, district: District, drawn: Drawn, county: County, brief: Brief, watch: Watch
) -> Iterator[tuple[Alternative, Ints]]:
    """Yield plans that differ from the one proposed, each with its zones by blocks."""
    limits, seen = Limits(gap=max(brief.limits.gap, 2e-3), nodes=20), {drawn.zone.tobytes()}
    for factor, more, title, why in _OTHERS:
        if factor != 1.0 and not (any(question.today) and question.change):
            continue
        weighed = replace(question, change=round(question.change * factor)).district()
        high = np.maximum(district.high, question.places * (100 + more) // 100) if more else district.high
        asked, quiet = replace(weighed, high=high), Watch(cancelled=watch.cancelled)
        other: Drawn | TooFull | Unconnected | Unbalanced = draw(asked, limits, brief.seed, quiet)
        if isinstance(other, Drawn) and question.share is not None:
            other = balanced(question, asked, other, question.share, limits, brief.seed, quiet)
        if not isinstance(other, Drawn) or other.zone.tobytes() in seen:
            continue
        seen.add(other.zone.tobytes())
        bound = other.bound / 1000 if more else drawn.bound / 1000  # with more places than asked for, its own
        yield _alternative(question, drawn, other.zone, county, title, why, bound), other.zone


def _alternative(question: Question, drawn: Drawn, zone: Ints, county: County, title: Text, why: Text, bound: float) -> Alternative:
    here, there = amounts(question, drawn.zone), amounts(question, zone)
    way, moved = ((there[k].amount - here[k].amount) for k in (0, 1))
    over = _over(question, zone) - _over(question, drawn.zone)
    zh = f"{why.zh}：路程合计{way:+,.0f}人·公里，换学区的学生{moved:+,.0f}名，超出学位的学生{over:+,d}名。"
    en = f"{why.en}: way {way:+,.0f} pupil-km, pupils who change {moved:+,.0f}, pupils beyond places {over:+,d}."
    total = question.district().total(zone) / 1000
    steps = steps_of(question, zone[question.block], county)
    return Alternative(title=title, reason=Text(zh, en), steps=steps, objective=total, bound=min(bound, total), amounts=there)


def frontier(question: Question, zone: Ints, others: Sequence[tuple[Alternative, Ints]]) -> pl.DataFrame:
    """Return today, the plan proposed and those beside it: way, pupils who change, pupils beyond places, farthest village."""
    plans = [
        ("本方案 / this plan", zone[question.block]),
        *((f"{each.title.zh} / {each.title.en}", at[question.block]) for each, at in others),
    ]
    place = {name: j for j, name in enumerate(question.zones)}
    if all(name in place for name in question.today):
        plans.insert(0, ("现状 / today", np.array([place[name] for name in question.today], dtype=np.int64)))
    return pl.DataFrame([_row(question, name, at) for name, at in plans])


def _row(question: Question, name: str, at: Ints) -> dict[str, object]:
    way = np.minimum(question.metres[np.arange(len(at)), at], 10**7)
    load = np.bincount(at, weights=question.pupils, minlength=len(question.zones)).astype(np.int64)
    return {
        "plan": name,
        "way": float((way * question.pupils).sum()) / 1000,
        "mean_way": float((way * question.pupils).sum() / max(1, question.pupils.sum())) / 1000,
        "farthest": float(way[question.pupils > 0].max(initial=0)) / 1000,
        "moved": int(question.pupils[question.moves[np.arange(len(at)), at]].sum()),
        "beyond": int(np.maximum(load - question.places, 0).sum()),
        "overfull": int((load > question.places).sum()),
    }


def _over(question: Question, zone: Ints) -> int:
    load = np.bincount(zone[question.block], weights=question.pupils, minlength=len(question.zones)).astype(np.int64)
    return int(np.maximum(load - question.places, 0).sum())
