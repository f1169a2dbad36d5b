"""From a brief to catchments: each zone that changes is a step; beside them the lists, the notice and the proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model.change import AddRow, Change, RemoveRow, SetValue
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.districting import UNREACHABLE, District, Drawn, TooFull, Unconnected, draw, loads
from junheng.planning.planners.catchments.question import Question, ask
from junheng.planning.planners.catchments.tables import certificate, tables
from junheng.planning.proposal import Alternative, Brief, Inputs, Price, Proposal, Step
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Amount, Impossible, Limits, Relaxation, Unproven, Watch
from junheng.standards.rulebook import Rulebook

Ints = NDArray[np.int64]

UNIT = "pupil-metres"
_GIVEN_WAY = 60  # times that places give way before it is said that there is no plan


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return the catchment of every village. A county without villages or schools of the stage gets a proposal without steps.

    Raises DataError for what cannot be used, Infeasible with the rules in conflict, OutOfTime when no plan was found.
    """
    question = ask(county, rules, brief, declaration)
    if question is None:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    district = question.district()
    district, drawn = _drawn(question, district, brief, watch, gives=bool(declaration.value(brief, "unavoidable")))
    zone = drawn.zone[question.block]
    return Proposal(
        brief=brief,
        steps=_steps(question, zone, county),
        objective=float(drawn.objective),
        bound=drawn.bound,
        unit=UNIT,
        amounts=_amounts(question, district, drawn.zone),
        inputs=inputs,
        prices=tuple(_prices(question, drawn)),
        alternatives=tuple(_alternatives(question, district, drawn, county, brief, watch)),
        tables=tables(question, zone, county),
        certificate=certificate(question, district, drawn),
    )


def _drawn(question: Question, district: District, brief: Brief, watch: Watch, *, gives: bool) -> tuple[District, Drawn]:
    """Return the plan, and the district with the places that it needs. gives: places give way where they are too few."""
    today = _today(question, district)
    answer = draw(district, brief.limits, brief.seed, watch, today)
    for _ in range(_GIVEN_WAY if gives else 0):
        if not isinstance(answer, TooFull):
            break
        district = _with_room(question, district, answer)
        answer = draw(district, brief.limits, brief.seed, watch, today)
    if isinstance(answer, Drawn):
        return district, answer
    if isinstance(answer, TooFull) and answer.shortage is None:
        raise out_of_time(Unproven(bound=-np.inf), brief.limits.gap)
    raise infeasible(Impossible(conflict=tuple(_conflict(question, answer)), together=()), UNIT)


def _today(question: Question, district: District) -> Ints | None:
    """Return today's plan by blocks; None where a village is in no zone of today, or villages of a block are apart."""
    place = {name: j for j, name in enumerate(question.zones)}
    if any(zone not in place for zone in question.today):
        return None
    at = np.array([place[zone] for zone in question.today], dtype=np.int64)
    plan = np.zeros(len(district.pupils), dtype=np.int64)
    plan[question.block] = at
    is_whole = bool((plan[question.block] == at).all())
    settled = all((plan[root] == j).all() for j, root in enumerate(district.roots))
    return plan if is_whole and settled and bool((district.each[np.arange(len(plan)), plan] < UNREACHABLE).all()) else None


def _with_room(question: Question, district: District, answer: TooFull) -> District:
    """Return the district with as many places more as are lacking: by the proof, in proportion to places; else as in the best plan."""
    high, shortage = district.high.copy(), answer.shortage
    if shortage is not None:
        lack, places = shortage.pupils - shortage.places, np.maximum(question.places[shortage.schools], 1)
        high[shortage.schools] += -(-lack * places // max(1, places.sum()))
    elif answer.zone is not None:
        high = np.maximum(high, loads(district, answer.zone))
    return replace(district, high=high)


def _conflict(question: Question, answer: TooFull | Unconnected) -> Iterator[Relaxation]:
    """Name the villages that have too few places within reach, and the zones that they can go to."""
    shortage = answer.shortage if isinstance(answer, TooFull) else None
    blocks = answer.blocks if isinstance(answer, Unconnected) else shortage.blocks if shortage else ()
    villages = [question.villages[k] for k in np.flatnonzero(np.isin(question.block, blocks))]
    named = "、".join(villages[:10]) + (f"等{len(villages)}个村居" if len(villages) > 10 else "")
    named_en = ", ".join(villages[:10]) + (f" and others, {len(villages)} in all" if len(villages) > 10 else "")
    yield Relaxation(Text(f"{named}的孩子都有学位", f"every child of {named_en} has a place"), None, None)
    if shortage is None:
        yield Relaxation(Text("学区与学校连成一片", "a catchment is joined to its school"), None, None)
        return
    lack = float(shortage.pupils - shortage.places)
    for zone in shortage.schools:
        most = int(question.high[zone])
        name = question.zones[zone]
        yield Relaxation(Text(f"学区{name}不超过{most}名学生", f"catchment {name} has at most {most} pupils"), lack, None)
    if not len(shortage.schools):
        yield Relaxation(Text("路程与禁止的规定", "the limits of way and what is forbidden"), None, None)


def _amounts(question: Question, district: District, zone: Ints) -> tuple[Amount, ...]:
    """Return ways and changes. A village without pupils counts as one, so that it, too, has a near school."""
    weight, of = np.maximum(question.pupils, 1), zone[question.block]
    moved = float((weight * question.moves[np.arange(len(of)), of]).sum())
    way = float(district.total(zone)) - question.change * moved
    return (
        Amount(Text("村居到学校的路程", "way from villages to schools"), way, UNIT, 1.0),
        Amount(_MOVED, moved, "pupils", float(question.change)),
    )


_MOVED = Text("换学区的学生（没有学生的村居按1人计）", "pupils who change catchment (a village without counts as one)")


def _steps(question: Question, zone: Ints, county: County) -> tuple[Step, ...]:
    made = [_step(question, j, zone, county) for j in range(len(question.zones))]
    stale = tuple(_stale(question, county))
    if stale:
        title = Text("撤销不再划片的学校和村居", "Drop schools and villages that are planned no more")
        many = len(stale)
        reason = Text(f"{many}行所指的学校或村居已不在本学段。", f"{many} rows name schools or villages that are no longer there.")
        made.append(Step(title=title, reason=reason, changes=stale, pupils=0))
    return tuple(step for step in made if step)


def _step(question: Question, j: int, zone: Ints, county: County) -> Step | None:
    name, inside = question.zones[j], np.flatnonzero(zone == j)
    changes = [*_school_changes(question, j, county), *_village_changes(question, inside, name, county)]
    if not changes:
        return None
    names = dict(county.tables["villages"].select("village", "name").iter_rows())
    schools = "、".join(_school_names(question, j, county))
    coming = [k for k in inside if question.today[k] != name]
    pupils, came = int(question.pupils[inside].sum()), int(question.pupils[[k for k in coming if question.today[k]]].sum())
    far = question.metres[inside, j]
    weight = question.pupils[inside]
    mean = float((far * weight).sum() / max(1, weight.sum())) / 1000
    places = int(question.places[j])
    zh = f"{len(inside)}个村居、{pupils}名学生，学位{places}个；平均路程{mean:.1f}公里，最远{far.max(initial=0) / 1000:.1f}公里"
    en = f"{len(inside)} villages, {pupils} pupils, {places} places; mean way {mean:.1f} km, farthest {far.max(initial=0) / 1000:.1f} km"
    listed = [str(names.get(question.villages[k]) or question.villages[k]) for k in coming if question.today[k]]
    if pupils > question.high[j]:
        more = pupils - int(question.high[j])
        zh, en = f"{zh}；超出允许数{more}名，学位不足", f"{en}; {more} pupils beyond what is allowed: places are too few"
    if listed:
        zh, en = f"{zh}；划入{'、'.join(listed)}（{came}名学生）", f"{en}; {', '.join(listed)} come to it ({came} pupils)"
    title = Text(f"{schools}学区", f"Catchment of {schools}")
    return Step(title=title, reason=Text(f"{zh}。", f"{en}."), changes=tuple(changes), pupils=came)


def _school_names(question: Question, j: int, county: County) -> list[str]:
    names = dict(county.tables["schools"].select("school", "name").iter_rows())
    return [str(names.get(question.schools[k]) or question.schools[k]) for k in np.flatnonzero(question.school_zone == j)]


def _school_changes(question: Question, j: int, county: County) -> Iterator[Change]:
    rows = county.tables["catchments"].filter(pl.col("stage") == question.stage)
    today = dict(rows.select("school", "zone").iter_rows())
    for k in np.flatnonzero(question.school_zone == j):
        code = question.schools[k]
        if code not in today:
            yield AddRow("catchments", {"stage": question.stage, "school": code, "zone": question.zones[j]})
        elif today[code] != question.zones[j]:
            yield SetValue("catchments", (question.stage, code), "zone", question.zones[j])


def _village_changes(question: Question, inside: Ints, name: str, county: County) -> Iterator[Change]:
    rows = county.tables["catchment_villages"].filter(pl.col("stage") == question.stage)
    today = dict(rows.select("village", "zone").iter_rows())
    for k in inside:
        code = question.villages[k]
        if code not in today:
            yield AddRow("catchment_villages", {"stage": question.stage, "village": code, "zone": name})
        elif today[code] != name:
            yield SetValue("catchment_villages", (question.stage, code), "zone", name)


def _stale(question: Question, county: County) -> Iterator[Change]:
    for table, column, known in (("catchments", "school", question.schools), ("catchment_villages", "village", question.villages)):
        rows = county.tables[table].filter((pl.col("stage") == question.stage) & ~pl.col(column).is_in(list(known)))
        for code in rows[column].to_list():
            yield RemoveRow(table, (question.stage, code))


def _prices(question: Question, drawn: Drawn) -> Iterator[Price]:
    for j in np.flatnonzero(drawn.prices > 0):
        rule = Text(
            f"学区{question.zones[j]}不超过{question.high[j]}名学生", f"catchment {question.zones[j]} has at most {question.high[j]} pupils"
        )
        yield Price(rule, float(drawn.prices[j]), 1.0, "pupils", "over", proven=False)


_OTHERS = (
    (0.1, Text("路更近", "shorter ways"), Text("少顾变动", "less heed to change")),
    (10.0, Text("变动最少", "least change"), Text("多顾变动", "more heed to change")),
)


def _alternatives(
    question: Question, district: District, drawn: Drawn, county: County, brief: Brief, watch: Watch
) -> Iterator[Alternative]:
    """Yield plans that weigh change less and more, where they differ: the frontier of way and pupils moved."""
    if not any(question.today) or not question.change:
        return
    here, limits = _amounts(question, district, drawn.zone), Limits(gap=max(brief.limits.gap, 2e-3), nodes=20)
    seen = {drawn.zone.tobytes()}
    for factor, title, why in _OTHERS:
        weighed = replace(question, change=round(question.change * factor)).district()
        other = draw(replace(weighed, high=district.high), limits, brief.seed, Watch(cancelled=watch.cancelled))
        if not isinstance(other, Drawn) or other.zone.tobytes() in seen:
            continue
        seen.add(other.zone.tobytes())
        there = _amounts(question, district, other.zone)
        way, moved = ((there[k].amount - here[k].amount) for k in (0, 1))
        zh = f"{why.zh}：路程合计变化{way / 1000:+,.0f}人·公里，换学区的学生变化{moved:+,.0f}名。"
        en = f"{why.en}: way changes by {way / 1000:+,.0f} pupil-kilometres, pupils who change by {moved:+,.0f}."
        total = float(district.total(other.zone))
        steps = _steps(question, other.zone[question.block], county)
        yield Alternative(title=title, reason=Text(zh, en), steps=steps, objective=total, bound=min(drawn.bound, total), amounts=there)
