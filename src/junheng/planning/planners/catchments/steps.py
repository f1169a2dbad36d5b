"""Catchments as steps: each zone that changes, in a sentence with its schools, villages, pupils and places."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model.change import AddRow, Change, RemoveRow, SetValue
from junheng.model.county import County
from junheng.planning.planners.catchments.question import Question
from junheng.planning.planners.catchments.years import Ahead
from junheng.planning.proposal import Step

Ints = NDArray[np.int64]


def steps_of(question: Question, zone: Ints, county: County) -> tuple[Step, ...]:
    """Return the steps of a plan. zone: (villages,) place of its zone."""
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
    coming = np.array([k for k in inside if question.today[k] not in ("", name)], dtype=np.int64)
    came = int(question.pupils[coming].sum())
    zh, en = _stands(question, j, inside)
    fullest = _fullest(question, j, zone)
    zh, en = f"{zh}{fullest.zh}", f"{en}{fullest.en}"
    if came or len(coming):
        names = village_names(county)
        listed = [names.get(question.villages[k], question.villages[k]) for k in coming]
        zh, en = (
            f"{zh}；划入{'、'.join(listed)}（{came}名学生{_stay(question, coming).zh}{_elders(question, coming, j).zh}）",
            f"{en}; {', '.join(listed)} come to it ({came} pupils{_stay(question, coming).en}{_elders(question, coming, j).en})",
        )
    schools = "、".join(school_names(question, j, county))
    title = Text(f"{schools}学区", f"Catchment of {schools}")
    return Step(title=title, reason=Text(f"{zh}。", f"{en}."), changes=tuple(changes), pupils=came)


def _stands(question: Question, j: int, inside: Ints) -> tuple[str, str]:
    """Return how a zone stands: villages, pupils, places, ways, and what is beyond places."""
    pupils, far, weight = int(question.pupils[inside].sum()), question.metres[inside, j], question.pupils[inside]
    mean, most = float((far * weight).sum() / max(1, weight.sum())) / 1000, far.max(initial=0) / 1000
    places = int(question.places[j])
    zh = f"{len(inside)}个村居、{pupils}名学生，学位{places}个；平均路程{mean:.1f}公里，最远{most:.1f}公里"
    en = f"{len(inside)} villages, {pupils} pupils, {places} places; mean way {mean:.1f} km, farthest {most:.1f} km"
    if pupils > question.high[j]:
        more = pupils - int(question.high[j])
        zh, en = f"{zh}；超出允许数{more}名，学位不足", f"{en}; {more} pupils beyond what is allowed: places are too few"
    return zh, en


def _stay(question: Question, coming: Ints) -> Text:
    """Say how many of those who come are enrolled already and may stay where they are, and how many begin school."""
    if not question.stays or (question.entering[coming] < 0).any():
        return Text("", "")
    new = int(question.entering[coming].sum())
    old = int(question.pupils[coming].sum()) - new
    return Text(f"，其中已在校{old}名可留原校，新入学{new}名", f", {old} of them enrolled, who may stay, and {new} who begin")


def _elders(question: Question, coming: Ints, j: int) -> Text:
    """Say how many of those who come have an elder brother or sister at a school of the catchment that they leave."""
    if question.elders is None:
        return Text("", "")
    place = {name: k for k, name in enumerate(question.zones)}
    many = sum(int(question.elders[k, place[question.today[k]]]) for k in coming if place.get(question.today[k], j) != j)
    if not many:
        return Text("", "")
    return Text(f"，有兄姊在原学区学校的{many}名", f", {many} with an elder at a school of the catchment they leave")


def _fullest(question: Question, j: int, zone: Ints) -> Text:
    """Say of the years ahead in which the catchment has most pupils for its places, and how many."""
    if not question.ahead:
        return Text("", "")
    every = (question.first, *question.ahead)
    one: Ahead = max(every, key=lambda each: int(each.loads(zone)[j]) - int(each.allowed[j]))
    if one.year == question.year:  # told already
        return Text("", "")
    load, places = int(one.loads(zone)[j]), int(one.places[j])
    over = load - int(one.allowed[j])
    zh = f"；最紧的是{one.year}年，{load}名学生、学位{places}个"
    en = f"; tightest in {one.year}: {load} pupils, {places} places"
    return Text(f"{zh}，超出{over}名", f"{en}, {over} beyond") if over > 0 else Text(zh, en)


def village_names(county: County) -> dict[str, str]:
    """Return the names of villages by code."""
    return {code: name for code, name in county.tables["villages"].select("village", "name").iter_rows() if name}


def school_names(question: Question, j: int, county: County) -> list[str]:
    """Return the names of the schools of a zone."""
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
