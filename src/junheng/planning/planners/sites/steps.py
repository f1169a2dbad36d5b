"""What a plan does to the County, as steps that an officer can read out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from junheng.errors import Text
from junheng.model.change import AddRow, Change, SetValue
from junheng.model.period import statistics_day
from junheng.planning.planners.sites.choose import Plan, mean_km
from junheng.planning.planners.sites.question import POINT, SERVICE, Candidate, Ints, Question
from junheng.planning.proposal import Step

_THINGS = {
    "preschool": Text("幼儿园", "kindergarten"),
    "primary": Text("小学", "primary school"),
    "junior": Text("初级中学", "junior school"),
}
_KM = 1000.0
Before = tuple[Ints | None, ...]  # who goes where without new ones, in each year; None where places do not suffice


def thing(question: Question) -> Text:
    """Return what is built."""
    if question.kind == SERVICE:
        return Text("服务点", "service point")
    return Text("教学点", "teaching point") if question.kind == POINT else _THINGS[question.stage]


def children(question: Question) -> Text:
    """Return what the children are called."""
    return Text("幼儿", "children") if question.stage == "preschool" else Text("学生", "pupils")


def steps(plan: Plan, before: Before) -> tuple[Step, ...]:
    """Return a step for each new one, as it stands in the year in which it opens; the first first, of one year that of most children.

    before: who goes where without new ones, in each year.
    """
    many = len(plan.question.schools)
    order = sorted(plan.new, key=lambda site: (plan.begin(site), -int(plan.load[many + site]), plan.question.candidates[site].code))
    return tuple(_step(plan.at(plan.begin(site)), site, before[plan.begin(site)]) for site in order)


def _step(plan: Plan, site: int, before: Ints | None) -> Step:
    question, one = plan.question, plan.question.candidates[site]
    column = len(question.schools) + site
    here, what = plan.flow[:, column], thing(question)
    places = int(question.room[column])
    size = Text(f"（{places}个学位）", f" ({places} places)") if question.is_limited and question.kind != SERVICE else Text("", "")
    begin = Text(f"{question.opening}年9月前在{one.name}新建{what.zh}", f"Build a {what.en} at {one.name} by September {question.opening}")
    if question.kind == SERVICE:
        begin = Text(f"在{one.name}设{what.zh}", f"Set up a {what.en} at {one.name}")
    return Step(
        title=Text(f"{begin.zh}{size.zh}", f"{begin.en}{size.en}"),
        reason=_reason(plan, here, column, before),
        changes=() if question.kind == SERVICE else tuple(_changes(question, one, places if question.is_limited else int(here.sum()))),
        yuan=None if one.yuan is None else Decimal(round(one.yuan)),
        pupils=int(here.sum()),
        year=question.opening,
    )


def _reason(plan: Plan, here: Ints, column: int, before: Ints | None) -> Text:
    question, who = plan.question, children(plan.question)
    villages = int((here > 0).sum())
    own = float((here * np.where(here > 0, question.metres[:, column], 0.0)).sum()) / _KM / max(int(here.sum()), 1)
    zh = f"服务{villages}个村居的{int(here.sum())}名{who.zh}，到此平均{own:.1f}公里"
    en = f"for {int(here.sum())} {who.en} of {villages} villages, {own:.1f} km away on average"
    if before is None:
        short = Text("现有学校的学位不够所有孩子就读", "the schools that stand have too few places for everybody")
        short = short if question.schools else Text("", "")
        return Text(f"{zh}{short.zh and '；' + short.zh}。", f"{en[0].upper()}{en[1:]}{short.en and '; ' + short.en}.")
    was, now = mean_km(question, before), plan.km
    far = [int((flow * (question.metres > question.norm)).sum()) for flow in (before, plan.flow)]
    done = Text("全部建成后", "with all of them ") if len(plan.new) > 1 else Text("", "")
    if question.since:  # one year of several: what opens later is not there yet
        done = Text("投用当年", "in its first year ")
    zh += f"；{done.zh}全县平均路程由{was:.2f}公里降至{now:.2f}公里，超过{question.norm / _KM:g}公里的{who.zh}由{far[0]}名变为{far[1]}名"
    en += (
        f"; {done.en}the county's mean way falls from {was:.2f} to {now:.2f} km, and {who.en} beyond {question.norm / _KM:g} km"
        f" go from {far[0]} to {far[1]}"
    )
    return Text(f"{zh}。", f"{en[0].upper()}{en[1:]}.")


def _changes(question: Question, one: Candidate, places: int) -> Iterator[Change]:
    """Yield the project on its plot; a village gets a plot first."""
    code = f"{one.code}-{question.stage}-open-{question.opening}"
    where: dict[str, object] = {"district": one.district} if one.district else {}
    name = f"{one.name}新建{thing(question).zh}"
    cost: dict[str, object] = {} if one.yuan is None else {"yuan": Decimal(round(one.yuan))}
    yield AddRow("projects", {"project": code, "name": name, "kind": "build", "stage": question.stage, "places": places, **cost, **where})
    yield AddRow("project_steps", {"project": code, "step": "in_use", "planned": statistics_day(question.opening)})
    if one.is_plot:
        yield SetValue("sites", (one.code, question.stage), "project", code)
        return
    spot = {"lon": _degrees(one.lon), "lat": _degrees(one.lat), "coordinates": "village_point"}
    row = {"site": one.code, "stage": question.stage, "name": name, "village": one.village, "places": places, "project": code}
    yield AddRow("sites", {**row, **spot, **where})


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")
