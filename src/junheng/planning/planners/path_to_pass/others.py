"""Good plans beside the cheapest: fewer teachers moved, less built, fewer measures begun; each counted as the brief counts.

Each is the cheapest plan at other weights, so none of them is worse than another in all it is told by: a small front. What no plan can
fall below is the bound of the brief.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from junheng.errors import Text
from junheng.planning.planners.path_to_pass.choose import Chosen, choose
from junheng.planning.planners.path_to_pass.measures import Measure
from junheng.planning.planners.path_to_pass.question import Question, yuan_words
from junheng.planning.planners.path_to_pass.steps import steps
from junheng.planning.planners.path_to_pass.years import scheduled
from junheng.planning.plans_beside import Beside, ahead_in, front_table
from junheng.planning.proposal import Alternative, Brief
from junheng.planning.solve import Amount, Limits, Watch

_MOVED_COSTS = 60  # times what a moved teacher weighs in the plan with few moves
_BUILT_COSTS = 4  # times the price of what is built in the plan with little building
_BEGUN_COSTS = 30_000  # yuan beside the price of each measure begun at a school, in the plan of few measures
_GAP = 0.01
_CENT = 0.01  # yuan
_FRONT = {
    "plan": pl.String,
    "yuan": pl.Float64,
    "teachers": pl.Int64,
    "built": pl.Int64,
    "begun": pl.Int64,
    "schools": pl.Int64,
    "pupils": pl.Int64,
}


class Told(NamedTuple):
    """What a plan is told by."""

    yuan: float
    teachers: int
    built: int  # m²
    begun: int  # measures at schools, moves counted by the school that takes
    schools: int
    pupils: int = 0  # of villages that go to another catchment

    def is_worse(self, other: Told) -> bool:
        """Return whether another plan is nowhere behind and somewhere ahead, or the same."""
        return all(theirs <= mine for mine, theirs in zip(self, other, strict=True))


class Other(NamedTuple):
    """A plan beside the one proposed."""

    id: str
    title: Text
    chosen: Chosen
    told: Told


def told(question: Question, chosen: Chosen) -> Told:
    """Return what a plan comes to."""
    kinds = {each.id: each for each in question.measures}
    bought = {key: many for key, many in chosen.adds.items() if kinds[key[0]].kind == "add"}
    yuan = sum((kinds[name].yuan * many + kinds[name].fixed_yuan for (name, _), many in bought.items()), Decimal(0))
    built = sum(kinds[name].grain * many for (name, _), many in bought.items() if _is_building(kinds[name]))
    schools = {at[0] for _, at in chosen.adds} | {at[0] for _, at in chosen.leaves}
    return Told(float(yuan), sum(chosen.leaves.values()), built, len(chosen.adds), len(schools))


def _is_building(measure: Measure) -> bool:
    return measure.unit == "m2" and bool(measure.fixed_yuan)


def others(question: Question, chosen: Chosen, brief: Brief, watch: Watch, more: Sequence[Told] = ()) -> tuple[Other, ...]:
    """Return plans that are ahead of the one proposed, and of each other, in something that an officer looks at.

    more: what plans come to that stand beside it already.
    """
    limits = replace(brief.limits, gap=max(brief.limits.gap, _GAP))
    found: list[Other] = []
    front = [told(question, chosen), *more]
    for name, asked in _asked(question):
        answer = _found(asked, limits, brief.seed, watch)
        if answer is None or scheduled(question, answer.adds)[1]:
            continue
        counted = _as_the_brief(question, answer, chosen)
        its = told(question, counted)
        if not any(its.is_worse(one) for one in front):
            front.append(its)
            found.append(Other(name, ahead(front[0], its), counted, its))
    return tuple(found)


def ahead(first: Told, its: Told) -> Text:
    """Return in what a plan is ahead of the one proposed."""
    return ahead_in(
        (
            (its.yuan < first.yuan, "少花钱", "less money"),
            (its.teachers < first.teachers, "少调教师", "fewer teachers moved"),
            (its.built < first.built, "少动工", "less building"),
            (its.begun < first.begun, "少铺摊子", "fewer measures"),
            (its.schools < first.schools, "少涉及学校", "fewer schools touched"),
            (its.pupils < first.pupils, "少改划学生", "fewer pupils of another school"),
        )
    )


def _found(asked: Question, limits: Limits, seed: int, watch: Watch) -> Chosen | None:
    if watch.cancelled is not None and watch.cancelled():
        return None
    answer = choose(asked, limits, seed, Watch(cancelled=watch.cancelled))
    return answer if isinstance(answer, Chosen) else None


def _asked(question: Question) -> Iterator[tuple[str, Question]]:
    """Yield the same question with other weights."""
    few = replace(question, disturbance=max(question.disturbance, 1) * _MOVED_COSTS)
    yield "fewer_moves", few
    dear = [replace(each, yuan=each.yuan * _BUILT_COSTS, fixed_yuan=each.fixed_yuan * _BUILT_COSTS) for each in question.measures]
    built = tuple(new if _is_building(each) else each for each, new in zip(question.measures, dear, strict=True))
    if any(_is_building(each) for each in question.measures):
        yield "less_building", replace(question, measures=built)
    begun = tuple(replace(each, fixed_yuan=each.fixed_yuan + _BEGUN_COSTS) if each.kind == "add" else each for each in question.measures)
    yield (
        "few_measures",
        replace(question, measures=begun, budget=question.budget * 2),
    )


def _as_the_brief(question: Question, answer: Chosen, first: Chosen) -> Chosen:
    """Return a plan counted with the weights of the brief; what is rounding beside the plan proposed is no difference."""
    amounts = tuple(counted(question, answer))
    objective = sum(each.amount * each.weight for each in amounts)
    objective = first.objective if abs(objective - first.objective) < _CENT else objective
    return replace(answer, objective=objective, bound=min(first.bound, objective), amounts=amounts)


def counted(question: Question, chosen: Chosen) -> Iterator[Amount]:
    """Yield the parts of the objective at a plan, as the program counts them."""
    for measure in question.measures:
        if measure.kind == "move":
            moved = sum(many for (name, _), many in chosen.leaves.items() if name == measure.id)
            weight = float(question.disturbance) + float(measure.yuan)
            yield Amount(Text(f"调动的教师：{measure.title.zh}", f"teachers moved: {measure.title.en}"), moved, "teachers", weight)
            continue
        done = [many for (name, _), many in chosen.adds.items() if name == measure.id]
        yield Amount(measure.title, float(sum(done) * measure.grain), measure.unit, float(measure.yuan / measure.grain))
        if measure.switched():
            title = Text(f"{measure.title.zh}：起步", f"{measure.title.en}: start")
            yield Amount(title, float(len(done)), "items", float(measure.fixed_yuan))


def shown(amounts: tuple[Amount, ...], found: tuple[Other, ...]) -> tuple[Amount, ...]:
    """Return the parts of an objective of which there is something in the plan proposed or in one beside it."""
    titles = {each.title for plan in (amounts, *(one.chosen.amounts for one in found)) for each in plan if each.amount}
    return tuple(each for each in amounts if each.title in titles)


def alternatives(question: Question, first: Told, found: tuple[Other, ...]) -> tuple[Alternative, ...]:
    """Return the plans as an officer reads them: what each gains and gives up beside the cheapest."""
    return tuple(
        Alternative(
            title=one.title,
            reason=reason(first, one.told),
            steps=steps(question, one.chosen).steps,
            objective=one.chosen.objective,
            bound=one.chosen.bound,
            amounts=tuple(each for each in one.chosen.amounts if each.amount),
        )
        for one in found
    )


def reason(first: Told, its: Told) -> Text:
    """Return what a plan gains and gives up beside the one proposed."""
    money = yuan_words(abs(its.yuan - first.yuan))
    turn = ("多花", "more") if its.yuan > first.yuan else ("少花", "less")
    spent = Text(f"比首选方案{turn[0]}{money.zh}", f"costs {money.en} {turn[1]}")
    spent = spent if its.yuan != first.yuan else Text("与首选方案花费相同", "costs the same")
    zh = f"{spent.zh}；调动教师{its.teachers}人（首选{first.teachers}人），动工{its.built:,}㎡（{first.built:,}㎡）"
    zh += f"，措施{its.begun}项（{first.begun}项），涉及{its.schools}所学校（{first.schools}所）"
    en = f"{spent.en}; {its.teachers} teachers moved ({first.teachers} proposed), {its.built:,} m² built ({first.built:,})"
    en += f", {its.begun} measures ({first.begun}) at {its.schools} schools ({first.schools})"
    if first.pupils or its.pupils:
        zh += f"，改划学生{its.pupils}人（{first.pupils}人）"
        en += f", {its.pupils} pupils of another school ({first.pupils})"
    return Text(zh, en)


def front(first: Told, found: Sequence[Beside]) -> pl.DataFrame:
    """Return the plan proposed and those beside it, by what they come to; no row where there is none beside it."""
    return front_table(first, found, _FRONT)


def named(ids: Sequence[str], plans: Sequence[Alternative]) -> tuple[tuple[Alternative, ...], dict[str, Text]]:
    """Return plans with titles that differ, and the same titles as the words of their rows in the table of plans."""
    found: dict[Text, int] = {}
    made = []
    for plan in plans:
        many = found[plan.title] = found.get(plan.title, 0) + 1
        title = plan.title if many == 1 else Text(f"{plan.title.zh}（{many}）", f"{plan.title.en} ({many})")
        made.append(replace(plan, title=title))
    return tuple(made), {f"front.{name}": plan.title for name, plan in zip(ids, made, strict=True)}


WORDS = {"front.proposed": Text("首选：最省", "Proposed: the cheapest")}
