"""A need that answers state, met school by school by what there is: how many places are used, which rooms open, what is lacking."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.ledgers.estimate import satisfaction
from junheng.ledgers.places_for_need import Means, Met, met
from junheng.ledgers.survey import Supply
from junheng.workflow.survey_desk import SurveyDesk
from junheng.workflow.survey_reading import read_supply
from junheng.workflow.views.surveys import SurveyPlaces

_NONE = Text("", "")


def places_of(
    desk: SurveyDesk, answers: pl.DataFrame, given: Path | None, findings: list[Finding]
) -> tuple[tuple[SurveyPlaces, ...], Text]:
    """Return how each school's need is met, in the order of the register, and the sum of what is lacking."""
    supply = desk.survey.supply
    if supply is None:
        return (), _NONE
    file = desk.file(supply.title.zh, given)
    if file is None:
        findings.append(finding("workflow.nothing_beside", Place(file="ledgers/answers"), Text("没有", "none"), name=supply.title))
    held = read_supply(desk, supply, file, findings) if file else {}
    question = desk.survey.questions[supply.question]
    county = satisfaction(answers, question, desk.sizes).value
    if county is None:
        return (), _NONE
    said = _said(answers, question.name, question.satisfied_from)
    unknown = Means(places={}, rooms=None, staff=None)
    lines = []
    for code, name in desk.names.items():
        if desk.sizes[code]:
            made = met(supply, desk.sizes[code], said.get(code, (0, 0)), county / 100, held.get(code, unknown))
            lines.append(_line(supply, name, desk.sizes[code], made))
    return tuple(lines), _lacking(lines)


def _said(answers: pl.DataFrame, question: str, satisfied: int) -> dict[str, tuple[int, int]]:
    given = answers.drop_nulls(question).group_by("school").agg((pl.col(question) >= satisfied).sum().alias("yes"), pl.len().alias("all"))
    return {school: (int(yes), int(number)) for school, yes, number in given.iter_rows()}


def _line(supply: Supply, name: str, pupils: int, made: Met) -> SurveyPlaces:
    return SurveyPlaces(
        school=name,
        pupils=pupils,
        need=made.need,
        band=f"{made.low}–{made.high}" if made.own else "—",
        own=Text("本校答卷", "own answers") if made.own else Text("全县比例", "the county’s share"),
        by=tuple(made.by.values()),
        rooms="—" if made.rooms is None else f"{made.rooms}",
        seats_missing=made.seats_missing,
        staff_missing=made.staff_missing,
        plan=_plan(supply, made),
    )


def _plan(supply: Supply, made: Met) -> Text:
    used = [(supply.places[name], count) for name, count in made.by.items() if count]
    zh = [f"{label.zh}{count}" for label, count in used]
    en = [f"{count} {label.en}" for label, count in used]
    if made.rooms:
        zh.append(f"开放教室{made.rooms}间")
        en.append(f"{made.rooms} rooms")
    if made.seats_missing is None:
        return Text("条件没有填全，缺口不能判断", "not all is stated: what is lacking cannot be told")
    zh += [f"还缺{made.seats_missing}个位置"] if made.seats_missing else []
    en += [f"{made.seats_missing} places lacking"] if made.seats_missing else []
    zh += [f"还缺看护{made.staff_missing}人"] if made.staff_missing else []
    en += [f"{made.staff_missing} staff lacking"] if made.staff_missing else []
    return Text("，".join(zh) or "不需要", ", ".join(en) or "nothing needed")


def _lacking(lines: list[SurveyPlaces]) -> Text:
    seats = [one.seats_missing for one in lines if one.seats_missing]
    staff = [one.staff_missing for one in lines if one.staff_missing]
    untold = sum(one.seats_missing is None for one in lines)
    return Text(
        f"{len(seats)}所学校缺{sum(seats)}个位置，{len(staff)}所学校缺看护{sum(staff)}人"
        + (f"；{untold}所学校条件没有填全，不能判断" if untold else ""),
        f"{len(seats)} schools lack {sum(seats)} places, {len(staff)} lack {sum(staff)} staff"
        + (f"; {untold} did not state all, and cannot be told" if untold else ""),
    )
