"""Primary and junior catchments in one plan: each stage as if alone, then in turn, so that few children part from their mates.

A primary catchment's main way up is the junior catchment to which most of its pupils go; the others are parted from them. What a pupil
who parts weighs is an option; where primary catchments go up whole, the junior plan is drawn of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.districting import District, Drawn, bound_by_prices, loads
from junheng.planning.districting.levels import parted
from junheng.planning.planners.catchments.frontier import UNIT, WORDS, amounts
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.steps import steps_of
from junheng.planning.planners.catchments.tables import certificate, tables, with_remarks
from junheng.planning.proposal import Brief, Certificate, Inputs, Proposal, Step
from junheng.planning.solve import Amount

Ints = NDArray[np.int64]

PREFIX = "junior_"  # of the tables and numbers of the second stage
_STAGES = (Text("小学", "primary"), Text("初中", "junior"))
_PARTED = Text("不与多数小学同学升入同一初中学区的学生", "pupils who part from most of their primary catchment")

_HOW_APART = Text(
    "总下界是小学、初中各自（不管对口）的下界之和：同学分开只会使目标值增加。各学段的证明分列如下。",
    "The bound is the sum of what either stage cannot fall below without feeders: parting only adds to it. The proof of each stage "
    "follows.",
)
_HOW_AT_ONCE = Text(
    "总下界由两个学段并为一题求得，计入同学分开的代价（求解器分枝证明，不凭价格逐项核对）。各学段不管对口时已知的下界分列如下，供核对。",
    "The bound is that of both stages in one program, parting counted (by cases of the engine: it is not checked by prices). What is known "
    "of each stage without feeders follows, for checking.",
)


class Drawing(NamedTuple):
    """One stage: its question, what was drawn, and the plan."""

    question: Question
    district: District
    drawn: Drawn

    @property
    def zone(self) -> Ints:
        """Return the zone of each village: (villages,)."""
        return self.drawn.zone[self.question.block]


def apart_of(brief: Brief, declaration: Declaration) -> int:
    """Return how many metres a pupil who parts weighs."""
    return round(1000 * Decimal(str(cast("Decimal", declaration.value(brief, "apart")))))


def check_pins(county: County, brief: Brief) -> None:
    """Raise DataError for pins to schools that have neither stage."""
    known = set(county.tables["places"].filter(pl.col("stage").is_in(["primary", "junior"]))["school"].to_list())
    campuses = dict(county.tables["campuses"].select("campus", "school").iter_rows())
    known |= {school for campus, school in campuses.items() if campus in known}
    rule = "planning.pin_of_school_without_catchment"
    strange = [pin.to for pin in (*brief.pins, *brief.forbids) if pin.to not in known]
    if strange:
        raise DataError([finding(rule, Place(table="schools", key=(code,)), code) for code in strange])


def bounded(second: Drawing, free: Question) -> Drawing:
    """Return the junior plan with a bound that holds for any primary plan: junior villages free to go apart, the same places."""
    room = np.maximum(second.district.high, loads(second.district, second.drawn.zone))
    least = bound_by_prices(replace(free.district(), high=_same_zones(room, second.question, free)))
    total = float(second.drawn.objective)
    bound = min(total, total if least is None else least)
    return second._replace(drawn=replace(second.drawn, bound=bound, bound_exact=bound, bound_by_prices=bound))


def _same_zones(room: Ints, of: Question, free: Question) -> Ints:
    """Return the places of `free`'s catchments: all those of the catchment that a school of it shares where primary ones stay whole."""
    by_school = {school: int(room[zone]) for school, zone in zip(of.schools, of.school_zone, strict=True)}
    schools = [np.flatnonzero(free.school_zone == zone) for zone in range(len(free.zones))]
    return np.array([max(by_school[free.schools[k]] for k in its) for its in schools], dtype=np.int64)


def two_stages(
    county: County, brief: Brief, inputs: Inputs, both: tuple[Drawing, Drawing], apart: int, coupled: float = -np.inf
) -> Proposal:
    """Return the proposal of both stages. coupled: what no plan of both falls below, where it was proven of both at once."""
    first, second = both
    lower, upper = (_codes(one) for one in both)
    made: dict[str, pl.DataFrame] = {}
    for prefix, one in zip(("", PREFIX), both, strict=True):
        made |= {f"{prefix}{name}": frame for name, frame in tables(one.question, one.zone, county).items()}
    made["feeders"] = feeders(county, first.question, lower, upper, first.question.today, second.question.today)
    return Proposal(
        brief=brief,
        steps=tuple(steps(both, county)),
        objective=total_of(both, apart) / 1000,
        bound=min(total_of(both, apart), max(coupled, sum(one.drawn.bound for one in both))) / 1000,
        unit=UNIT,
        amounts=tuple(amounts_of(both, apart)),
        inputs=inputs,
        tables=made,
        certificate=_certificate(both, coupled),
        note=with_remarks(_told(first.question, lower, upper, second.question.today), first.question, second.question),
        words=WORDS,
    )


def _codes(one: Drawing) -> tuple[str, ...]:
    return tuple(one.question.zones[j] for j in one.zone)


def away_of(both: tuple[Drawing, Drawing]) -> int:
    """Return how many pupils part from most of their primary catchment."""
    return parted(both[0].zone, both[1].zone, both[0].question.pupils)


def total_of(both: tuple[Drawing, Drawing], apart: int) -> int:
    """Return what both stages and parting cost."""
    return sum(one.drawn.objective for one in both) + apart * away_of(both)


def steps(both: tuple[Drawing, Drawing], county: County) -> Iterator[Step]:
    """Yield the steps of either stage, its name before them."""
    for name, one in zip(_STAGES, both, strict=True):
        for step in steps_of(one.question, one.zone, county):
            yield replace(step, title=Text(f"{name.zh}：{step.title.zh}", f"{name.en}: {step.title.en}"))


def amounts_of(both: tuple[Drawing, Drawing], apart: int) -> Iterator[Amount]:
    """Yield the parts of the objective: ways and changes of either stage, and pupils who part."""
    for name, one in zip(_STAGES, both, strict=True):
        for part in amounts(one.question, one.drawn.zone):
            yield part._replace(title=Text(f"{name.zh}：{part.title.zh}", f"{name.en}: {part.title.en}"))
    yield Amount(_PARTED, float(away_of(both)), "pupils", apart / 1000)


def _certificate(both: tuple[Drawing, Drawing], coupled: float) -> Certificate:
    numbers: dict[str, float] = {}
    proofs: dict[str, pl.DataFrame] = {}
    for prefix, one in zip(("", PREFIX), both, strict=True):
        of = certificate(one.question, one.district, one.drawn)
        numbers |= {f"{prefix}{name}": value for name, value in of.numbers.items()}
        proofs |= {f"{prefix}{name}": frame for name, frame in of.tables.items()}
    how = _HOW_AT_ONCE if coupled > sum(one.drawn.bound for one in both) else _HOW_APART
    return Certificate(how=how, numbers=numbers, tables=proofs)


def split_of(lower: tuple[str, ...], upper: tuple[str, ...], pupils: Ints) -> dict[str, dict[str, int]]:
    """Return for every lower catchment how many pupils go to each upper one; villages without one of them are left out."""
    many: dict[str, dict[str, int]] = {}
    for low, up, count in zip(lower, upper, pupils.tolist(), strict=True):
        if low and up:
            of = many.setdefault(low, {})
            of[up] = of.get(up, 0) + count
    return many


def _told(question: Question, lower: tuple[str, ...], upper: tuple[str, ...], junior_today: tuple[str, ...]) -> Text:
    """Say how many primary catchments go up whole, and how many pupils part, today and in the plan."""
    now, was = (split_of(*pair, question.pupils) for pair in ((lower, upper), (question.today, junior_today)))
    whole, before = (sum(sum(many > 0 for many in of.values()) <= 1 for of in each.values()) for each in (now, was))
    away, parted_before = (sum(sum(of.values()) - max(of.values()) for of in each.values()) for each in (now, was))
    zh = f"小学学区{len(now)}个，整体升入同一初中学区的{whole}个；不与多数同学同升的学生{away}名"
    en = f"{whole} of {len(now)} primary catchments go up whole, {away} pupils part from most of theirs"
    if was:
        zh, en = f"{zh}（现状{before}个、{parted_before}名）", f"{en} (today {before}, {parted_before} pupils)"
    return Text(zh, en)


def feeders(
    county: County,
    question: Question,
    lower: tuple[str, ...],
    upper: tuple[str, ...],
    lower_today: tuple[str, ...],
    upper_today: tuple[str, ...],
) -> pl.DataFrame:
    """Return for each primary catchment where its pupils go up to: most, the share of these, and the others; today beside it.

    question: whose pupils are counted; the others: (villages,) catchments of either stage, in the plan and today.
    """
    names = dict(county.tables["schools"].select("school", "name").iter_rows())
    now, was = split_of(lower, upper, question.pupils), split_of(lower_today, upper_today, question.pupils)
    rows = [_row(zone, now[zone], was.get(zone, {}), names) for zone in sorted(now)]
    texts = dict.fromkeys(("zone", "today", "to", "others"), pl.String) | dict.fromkeys(("today_share", "share"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=texts)


def _most(many: Mapping[str, int]) -> str | None:
    """Return where most go, the first by code of those with as many; None where nobody does."""
    return min(many, key=lambda code: (-many[code], code), default=None)


def _row(zone: str, now: Mapping[str, int], was: Mapping[str, int], names: Mapping[str, str]) -> dict[str, object]:
    most, before = _most(now), _most(was)
    others = "、".join(f"{names.get(code) or code}{many}人" for code, many in sorted(now.items()) if code != most and many)
    return {
        "zone": zone,
        "pupils": sum(now.values()),
        "today": before,
        "today_share": 100.0 * was[before] / sum(was.values()) if before and sum(was.values()) else None,
        "to": most,
        "share": 100.0 * now[most] / sum(now.values()) if most and sum(now.values()) else None,
        "others": others or None,
    }
