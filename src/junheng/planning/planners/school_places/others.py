"""Plans beside the one proposed: cheaper, nearer, with less change; what each rule costs; and what waiting a year is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.planning.planners.school_places.choose import Plan, amounts_of, beside
from junheng.planning.planners.school_places.question import CLOSE, OPEN, POINT, Question
from junheng.planning.planners.school_places.steps import steps
from junheng.planning.proposal import Alternative, Price
from junheng.planning.solve import Limits, Watch
from junheng.planning.solve.engine import gap

_MUCH, _LITTLE = 4.0, 0.25  # by which weights are shifted to find plans that differ
_PART = 10  # of a limit: a tenth is let give way
_COUNTED = {
    "yuan": Text("元", "yuan"),
    "pupil-km": Text("生·公里", "pupil-km"),
    "pupil-years": Text("生·年", "pupil-years"),
    "pupils": Text("人", "pupils"),
}


class Solving(NamedTuple):
    """How hard to look."""

    limits: Limits
    seed: int
    watch: Watch

    def plan(self, question: Question, start: Plan | None = None) -> Plan | None:
        """Return the plan of another question, None where there is none or it was not found."""
        if self.watch.cancelled and self.watch.cancelled():
            return None
        return beside(question, self.limits, self.seed, Watch(cancelled=self.watch.cancelled), start)


def alternatives(plan: Plan, solving: Solving, today: date) -> tuple[Alternative, ...]:
    """Return plans that differ from the one proposed, each counted as the brief counts."""
    question, weights = plan.question, plan.question.weights
    shifted = {
        "cheaper": question.with_weights(invests=_MUCH),
        "nearer": question.with_weights(invests=_LITTLE, change=weights.change * _LITTLE),
        "calmer": question.with_weights(change=weights.change * _MUCH, moved=weights.moved * _MUCH, closing=False),
    }
    titles = {
        "cheaper": Text("更省钱", "cheaper"),
        "nearer": Text("上学更近", "nearer"),
        "calmer": Text("变动更少、不撤并", "less change, nothing closed"),
    }
    found: list[Alternative] = []
    seen = [plan.levels]
    for name, other in shifted.items():
        made = solving.plan(other)
        if made is None or any((made.levels == levels).all() for levels in seen):
            continue
        seen.append(made.levels)
        counted = replace(made, question=question)
        amounts = amounts_of(counted)
        objective = sum(part.amount * part.weight for part in amounts)
        found.append(
            Alternative(
                title=titles[name],
                reason=_difference(plan, replace(counted, amounts=amounts, objective=objective)),
                steps=steps(counted, today),
                objective=objective,
                bound=plan.bound,
                amounts=amounts,
            )
        )
    return tuple(found)


def _difference(plan: Plan, other: Plan) -> Text:
    """Return what another plan gains and gives up, part by part."""
    more = {part.title.zh: (part, part.amount - own.amount) for part, own in zip(other.amounts, plan.amounts, strict=True)}
    told = [(part, difference) for part, difference in more.values() if round(difference)]
    zh = "；".join(f"{part.title.zh}{difference:+,.0f}{_COUNTED[part.unit].zh}" for part, difference in told)
    en = "; ".join(f"{part.title.en} {difference:+,.0f} {_COUNTED[part.unit].en}" for part, difference in told)
    total = other.objective - plan.objective
    return Text(f"与建议方案相比：{zh}；合计{total:+,.0f}元。", f"Against the proposal: {en}; {total:+,.0f} yuan in all.")


def prices(plan: Plan, solving: Solving) -> tuple[Price, ...]:
    """Return what rules of the brief cost: each is let give way, and the plan made again."""
    question, weights = plan.question, plan.question.weights
    asked: list[tuple[Text, Question, float, str, str]] = []
    if weights.budget:
        more = weights.budget / _PART
        rule = Text("规划期投资上限", "the limit of what is invested")
        asked.append((rule, question.with_weights(budget=weights.budget + more), more, "yuan", "budget"))
    if weights.budget_year:
        more = weights.budget_year / _PART
        rule = Text("每年投资上限", "the limit of a year")
        asked.append((rule, question.with_weights(budget_year=weights.budget_year + more), more, "yuan", "budget_year"))
    asked += _of_closing(question)
    if question.choices_of(OPEN) and weights.least_new:
        rule = Text(f"新建学校至少坐满{weights.least_new:.0%}", f"a new school is at least {weights.least_new:.0%} full")
        asked.append((rule, question.with_weights(least_new=max(0.0, weights.least_new - 0.1)), 10, "%", "least_new"))
    if question.must_be_viable():
        few = {stage: least - max(least // _PART, 1) for stage, least in question.viable.items()}
        rule = Text("保留学校的最小规模", "the least size of a school that stays")
        asked.append((rule, replace(question, viable=few), 10, "%", ""))
    larger = {school: limit + limit // _PART for school, limit in question.sizes.items()}
    asked.append((Text("学校规模上限", "the limit of school size"), replace(question, sizes=larger), 10, "%", ""))
    found = []
    for rule, other, by, unit, option in asked:
        made = solving.plan(other, plan)
        if made is not None:
            noise = solving.limits.gap * abs(plan.objective)  # what is saved within the gap may be none
            saves = plan.objective - made.objective
            exact = gap(made.objective, made.bound) <= solving.limits.gap
            found.append(Price(rule, float(saves) if saves > noise else 0.0, float(by), unit, option, proven=exact))
    return tuple(found)


def _of_closing(question: Question) -> Iterator[tuple[Text, Question, float, str, str]]:
    """Yield the rules on which schools may close or become teaching points, each with the question in which it gives way."""
    weights = question.weights
    if question.choices_of(CLOSE):
        rule = Text(f"学生少于{weights.close_below}人的学校才撤并", f"only schools of fewer than {weights.close_below} pupils close")
        yield rule, question.with_weights(close_below=weights.close_below + 30), 30, "pupils", "close_below"
        rule = Text(f"撤并后孩子多走不超过{weights.farther:g}公里", f"a closure makes nobody go more than {weights.farther:g} km farther")
        yield rule, question.with_weights(farther=weights.farther + 1), 1, "km", "farther"
    if question.choices_of(POINT):
        few = weights.point_below
        rule = Text(f"学生少于{few}人的学校才改为教学点", f"only schools of fewer than {few} pupils become teaching points")
        yield rule, question.with_weights(point_below=few + 30), 30, "pupils", "point_below"


def waiting(plan: Plan, solving: Solving) -> pl.DataFrame:
    """Return, for each scenario, what the plan decided now comes to, and what deciding after next year's return would.

    Deciding now: the same steps whatever comes, cheapest ways in the scenario. Waiting: nothing new in effect in the first year, then the
    best plan for the scenario that has shown itself. Null: waiting leaves children without a place.
    """
    question = plan.question
    rows: list[tuple[str, float, float, float | None]] = []
    for k, name in enumerate(question.scenarios):
        alone = replace(question, scenarios=(name,), pupils=question.pupils[k : k + 1], chance=np.ones(1))
        now = amounts_of(replace(plan, question=alone))
        later = replace(alone, choices=tuple(choice._replace(first=choice.first + 1) for choice in question.choices))
        waited = solving.plan(later)
        cost = sum(part.amount * part.weight for part in now)
        rows.append((name, float(question.chance[k]), cost, None if waited is None else waited.objective))
    schema = {"scenario": pl.String, "chance": pl.Float64, "now": pl.Float64, "waiting": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns((pl.col("waiting") - pl.col("now")).alias("costs_more"))
