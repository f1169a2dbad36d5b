"""What a plan comes to, and plans beside it: shorter ways, less change, a few pupils more than places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.districting import District, Drawn, TooFull, Unconnected, draw, loads
from junheng.planning.planners.catchments.balanced import Unbalanced, balanced
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.steps import steps_of
from junheng.planning.planners.catchments.sums import keeps
from junheng.planning.proposal import Alternative, Brief
from junheng.planning.solve import Amount, Limits, Watch

Ints = NDArray[np.int64]

UNIT = "pupil-km"
GAP, NODES = 2e-3, 20  # at which plans beside the one proposed are left
_MOVED = Text("换学区的学生", "pupils who change catchment")  # a village without pupils counts as one
_PARTED = Text("与兄姊分开的孩子", "children parted from an elder sibling")
_OVER = Text("超出允许数的学生（另计）", "pupils beyond what is allowed (beside it)")  # told, and not in the objective
WORDS = {
    "today": Text("现状", "Today"),
    "this": Text("本方案", "This plan"),
    "nearer": Text("路更近", "Shorter ways"),
    "steady": Text("变动最少", "Least change"),
    "five_over": Text("各校可超5%", "Schools 5 % over"),
    "first_year": Text("只管首年", "The first year only"),
    "any_share": Text("不管占比", "No share asked for"),
    "village": Text("村居", "Village"),
    "opens": Text("开办", "Opens"),
    "closes": Text("停办", "Closes"),
    "catchment": Text("学区", "Catchment"),
}
BESIDE = (  # how much change weighs against the brief, and how many more than its places a zone may hold, in per cent
    (0.1, 0, "nearer", Text("少顾变动", "less heed to change")),
    (10.0, 0, "steady", Text("多顾变动", "more heed to change")),
    (1.0, 5, "five_over", Text("允许各校超出学位5%", "places may be exceeded by 5 %")),
)


def amounts(question: Question, zone: Ints) -> tuple[Amount, ...]:
    """Return ways and changes of a plan by blocks. A village without pupils counts as one, so that it, too, has a near school."""
    moved = float(_weight(question)[_moves(question, zone)].sum())
    away = question.parted(zone[question.block])
    parted = 0.0 if away is None else float(away.sum())
    way = float(question.district().total(zone)) - question.change * moved - question.apart * parted
    over = float(np.maximum(np.bincount(zone[question.block], question.pupils, len(question.zones)) - question.high, 0).sum())
    families = (Amount(_PARTED, parted, "pupils", question.apart / 1000),) if away is not None and question.apart else ()
    return (
        Amount(Text("村居到学校的路程", "way from villages to schools"), way / 1000, UNIT, 1.0),
        Amount(_MOVED, moved, "pupils", question.change / 1000),
        Amount(_OVER, over, "pupils", 0.0),
        *families,
    )


def _weight(question: Question) -> Ints:
    weight: Ints = np.maximum(question.pupils, 1)
    return weight


def _moves(question: Question, zone: Ints) -> NDArray[np.bool_]:
    at = zone[question.block]
    moves: NDArray[np.bool_] = question.moves[np.arange(len(at)), at]
    return moves


class Beside(NamedTuple):
    """A plan drawn with other weights, or with more places."""

    code: str  # of WORDS
    why: Text
    zone: Ints  # (blocks,)
    bound: float | None  # of its own where it has more places than the plan proposed


def beside(question: Question, district: District, drawn: Drawn, brief: Brief, watch: Watch) -> Iterator[Beside]:
    """Yield plans that differ from the one drawn."""
    limits, seen = Limits(gap=max(brief.limits.gap, GAP), nodes=NODES), {drawn.zone.tobytes()}
    for factor, more, code, why in BESIDE:
        if factor != 1.0 and not (any(question.today) and question.change):
            continue
        weighed = replace(question, change=round(question.change * factor), apart=round(question.apart * factor)).district()
        high = np.maximum(district.high, question.places * (100 + more) // 100) if more else district.high
        asked, quiet = replace(weighed, high=high), Watch(cancelled=watch.cancelled)
        other: Drawn | TooFull | Unconnected | Unbalanced = draw(asked, limits, brief.seed, quiet, proven=bool(more))
        if isinstance(other, Drawn):
            other = balanced(question, asked, other, limits, brief.seed, quiet)
        if isinstance(other, Drawn) and other.zone.tobytes() not in seen:
            seen.add(other.zone.tobytes())
            yield Beside(code, why, other.zone, other.bound if more else None)
    free = draw(district, limits, brief.seed, Watch(cancelled=watch.cancelled)) if question.share or question.ahead else None
    if isinstance(free, Drawn) and free.zone.tobytes() not in seen and not keeps(question, free.zone):
        yield Beside(*_without(question), free.zone, free.bound)


def _without(question: Question) -> tuple[str, Text]:
    """Say which of the rules beside the places of the first year a plan does not keep that heeds none of them."""
    code = "any_share" if question.share else "first_year"
    also = [WORDS[each] for each, there in (("any_share", question.share), ("first_year", question.ahead)) if there]
    return code, Text("、".join(one.zh for one in also), ", ".join(one.en for one in also).lower())


def best_of(district: District, drawn: Drawn, others: Sequence[Beside]) -> tuple[Drawn, tuple[Beside, ...]]:
    """Return the plan, and those beside it: one that was found with other weights and is better by the brief's own is the plan."""
    lawful = [each for each in others if each.bound is None and (loads(district, each.zone) >= district.low).all()]
    best = min(lawful, key=lambda each: district.total(each.zone), default=None)
    if best is None or district.total(best.zone) >= drawn.objective:
        return drawn, tuple(others)
    total = district.total(best.zone)
    bounds = {name: min(getattr(drawn, name), total) for name in ("bound", "bound_exact", "bound_by_prices")}
    return replace(drawn, zone=best.zone, objective=total, **bounds), tuple(each for each in others if each is not best)


def alternatives(question: Question, drawn: Drawn, others: Sequence[Beside], county: County) -> tuple[Alternative, ...]:
    """Return plans beside the one proposed as an officer reads them."""
    bounds = [drawn.bound if each.bound is None else each.bound for each in others]
    return tuple(
        _alternative(question, drawn, each.zone, county, WORDS[each.code], each.why, bound / 1000)
        for each, bound in zip(others, bounds, strict=True)
    )


def _alternative(question: Question, drawn: Drawn, zone: Ints, county: County, title: Text, why: Text, bound: float) -> Alternative:
    here, there = amounts(question, drawn.zone), amounts(question, zone)
    way, moved = ((there[k].amount - here[k].amount) for k in (0, 1))
    over = _over(question, zone) - _over(question, drawn.zone)
    told = [by("路程合计", way, "人·公里"), by("换学区的学生", moved, "名"), by("超出学位的学生", over, "名")]
    zh = f"{why.zh}：{'，'.join(told)}"
    en = f"{why.en}: way {way:+,.0f} pupil-km, pupils who change {moved:+,.0f}, pupils beyond places {over:+,d}"
    if question.ahead:
        later = _later(question, zone[question.block]) - _later(question, drawn.zone[question.block])
        zh, en = (
            f"{zh}，{by('以后各学年超出允许数的学生合计', later, '名')}",
            f"{en}, beyond what is allowed in the years after {later:+,d}",
        )
    total = question.district().total(zone) / 1000
    steps = steps_of(question, zone[question.block], county)
    return Alternative(title=title, reason=Text(zh, en), steps=steps, objective=total, bound=min(bound, total), amounts=there)


def by(what: str, more: float, unit: str) -> str:
    """Return a difference in words, as "路程合计少64人·公里"."""
    return f"{what}不变" if abs(more) < 0.5 else f"{what}{'多' if more > 0 else '少'}{abs(more):,.0f}{unit}"


def frontier(question: Question, zone: Ints, others: Sequence[Beside]) -> pl.DataFrame:
    """Return today, the plan proposed and those beside it: way, pupils who change, pupils beyond places, farthest village."""
    plans = [
        ("this", zone[question.block]),
        *((each.code, each.zone[question.block]) for each in others),
    ]
    place = {name: j for j, name in enumerate(question.zones)}
    if all(name in place for name in question.today):
        plans.insert(0, ("today", np.array([place[name] for name in question.today], dtype=np.int64)))
    return pl.DataFrame(
        [_row(question, name, at) for name, at in plans],
        schema_overrides={"parted": pl.Int64, "share_apart": pl.Float64, "beyond_later": pl.Int64},
    )


def _row(question: Question, name: str, at: Ints) -> dict[str, object]:
    way, away = np.minimum(question.metres[np.arange(len(at)), at], 10**7), question.parted(at)
    load = np.bincount(at, weights=question.pupils, minlength=len(question.zones)).astype(np.int64)
    return {
        "plan": name,
        "way": float((way * question.pupils).sum()) / 1000,
        "mean_way": float((way * question.pupils).sum() / max(1, question.pupils.sum())) / 1000,
        "farthest": float(way[question.pupils > 0].max(initial=0)) / 1000,
        "moved": int(question.pupils[question.moves[np.arange(len(at)), at]].sum()),
        "parted": None if away is None else int(away.sum()),
        "share_apart": _share_apart(question, at),
        "beyond": int(np.maximum(load - question.places, 0).sum()),
        "overfull": int((load > question.places).sum()),
        "beyond_later": _later(question, at) if question.ahead else None,
    }


def _share_apart(question: Question, at: Ints) -> float | None:
    """Return by how many points the share of a catchment lies from that of all at the most; None where none is asked for."""
    share = question.share
    return None if share is None else float(100 * share.widest(at, len(question.zones), share.of_all))


def _later(question: Question, zone: Ints) -> int:
    """Return the pupils beyond what is allowed in the years ahead, added up. zone: (villages,)."""
    return sum(int(np.maximum(each.loads(zone) - each.allowed, 0).sum()) for each in question.ahead)


def _over(question: Question, zone: Ints) -> int:
    load = np.bincount(zone[question.block], weights=question.pupils, minlength=len(question.zones)).astype(np.int64)
    return int(np.maximum(load - question.places, 0).sum())
