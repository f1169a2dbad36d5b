"""Good plans beside the cheapest: fewer kindergartens touched, less that takes years; counted as the brief counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from junheng.errors import Text
from junheng.planning.planners.path_to_inclusive.choose import Chosen, broken, choose
from junheng.planning.planners.path_to_inclusive.measures import Action
from junheng.planning.planners.path_to_inclusive.question import Question
from junheng.planning.planners.path_to_inclusive.steps import steps
from junheng.planning.plans_beside import ahead_in, front_table
from junheng.planning.proposal import Alternative, Brief
from junheng.planning.solve import Amount, Watch

_BEGUN_COSTS = Decimal(40_000)  # yuan beside the price of each measure begun, in the plan of few measures
_LATE_COSTS = 6  # times the price of what takes a year or more, in the plan that is soon done
_FRONT = {"plan": pl.String, "yuan": pl.Float64, "begun": pl.Int64, "gardens": pl.Int64, "late": pl.Int64}


class Told(NamedTuple):
    """What a plan is told by."""

    yuan: float
    begun: int
    gardens: int
    late: int  # measures that take a year or more


class Other(NamedTuple):
    """A plan beside the one proposed."""

    id: str
    title: Text
    chosen: Chosen
    told: Told


def told(question: Question, chosen: Chosen) -> Told:
    """Return what a plan comes to."""
    done = [question.actions[k] for k in chosen.portions]
    late = sum(each.lead_years > 0 for each in done)
    return Told(_yuan(question, chosen), len(done), len({each.garden for each in done if each.garden >= 0}), late)


def _yuan(question: Question, chosen: Chosen) -> float:
    return float(sum((question.actions[k].yuan * many + question.actions[k].fixed for k, many in chosen.portions.items()), Decimal(0)))


def others(question: Question, chosen: Chosen, brief: Brief, watch: Watch) -> tuple[Other, ...]:
    """Return plans that are ahead of the one proposed, and of each other, in something that an officer looks at."""
    found: list[Other] = []
    front = [told(question, chosen)]
    for name, actions in _asked(question):
        answer = choose(replace(question, actions=actions), brief.limits, brief.seed, Watch(cancelled=watch.cancelled))
        if not isinstance(answer, Chosen) or broken(question, answer):
            continue
        its = told(question, answer)
        if its.yuan > float(question.budget) or any(all(a <= b for a, b in zip(one, its, strict=True)) for one in front):
            continue
        front.append(its)
        counted = replace(answer, objective=its.yuan, bound=min(chosen.bound, its.yuan), amounts=_amounts(question, answer))
        found.append(Other(name, _title(front[0], its), counted, its))
    return tuple(found)


def _asked(question: Question) -> Iterator[tuple[str, tuple[Action, ...]]]:
    yield "few", tuple(replace(each, fixed=each.fixed + _BEGUN_COSTS) if _costs(each) else each for each in question.actions)
    late = [replace(each, yuan=each.yuan * _LATE_COSTS, fixed=each.fixed * _LATE_COSTS) for each in question.actions]
    yield "soon", tuple(new if each.lead_years else each for each, new in zip(question.actions, late, strict=True))


def _costs(action: Action) -> bool:
    return bool(action.yuan or action.fixed)


def _amounts(question: Question, chosen: Chosen) -> tuple[Amount, ...]:
    """Return the parts of the objective at a plan, as the program counts them."""
    made: dict[str, tuple[Text, float, float]] = {}
    for k, many in chosen.portions.items():
        action = question.actions[k]
        title, yuan, fixed = made.get(action.measure.id, (action.measure.title, 0.0, 0.0))
        made[action.measure.id] = title, yuan + float(action.yuan * many), fixed + float(action.fixed)
    parts = [Amount(title, yuan, "yuan", 1.0) for title, yuan, _ in made.values() if yuan]
    starts = [(Text(f"{title.zh}：起步", f"{title.en}: start"), fixed) for title, _, fixed in made.values() if fixed]
    return (*parts, *(Amount(title, fixed, "yuan", 1.0) for title, fixed in starts))


def _title(first: Told, its: Told) -> Text:
    """Return in what a plan is ahead of the one proposed."""
    return ahead_in(
        (
            (its.late < first.late, "少等", "less that takes years"),
            (its.begun < first.begun, "少铺摊子", "fewer measures"),
            (its.gardens < first.gardens, "少涉及幼儿园", "fewer kindergartens touched"),
        )
    )


def alternatives(question: Question, first: Told, found: tuple[Other, ...]) -> tuple[Alternative, ...]:
    """Return the plans as an officer reads them: what each gains and gives up beside the cheapest."""
    return tuple(
        Alternative(
            title=one.title,
            reason=_reason(first, one.told),
            steps=steps(question, one.chosen).steps,
            objective=one.chosen.objective,
            bound=one.chosen.bound,
            amounts=one.chosen.amounts,
        )
        for one in found
    )


def _reason(first: Told, its: Told) -> Text:
    more = f"{its.yuan - first.yuan:,.0f}"
    zh = f"比首选方案多花{more}元；措施{its.begun}项（首选{first.begun}项），涉及{its.gardens}所幼儿园（{first.gardens}所）"
    en = f"costs {more} yuan more; {its.begun} measures ({first.begun} proposed) at {its.gardens} kindergartens ({first.gardens})"
    return Text(f"{zh}，一年以上见效的{its.late}项（{first.late}项）", f"{en}, {its.late} that take a year or more ({first.late})")


def front(first: Told, found: tuple[Other, ...]) -> pl.DataFrame:
    """Return the plan proposed and those beside it, by what they come to; no row where there is none beside it."""
    return front_table(first, found, _FRONT)


WORDS = {
    "front.proposed": Text("首选：最省", "Proposed: the cheapest"),
    "front.few": Text("每开一项多计费", "Each measure begun weighed more"),
    "front.soon": Text("一年以上见效的多计费", "What takes years weighed more"),
}
