"""Why there is no path: where the money alone is what lacks, how much of it; else the rules in conflict."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from junheng.errors import Infeasible, Text
from junheng.planning.planners.path_to_pass.choose import Chosen, choose
from junheng.planning.planners.path_to_pass.nearest import Asked
from junheng.planning.planners.path_to_pass.question import Question
from junheng.planning.planners.path_to_pass.years import scheduled
from junheng.planning.refusal import infeasible
from junheng.planning.solve import Impossible
from junheng.planning.solve.answers import GivingWay

_TEN_THOUSAND = Decimal(10_000)


def refused(question: Question, impossible: Impossible, asked: Asked, unit: str) -> Infeasible:
    """Return the refusal. The question is asked once more without its budget, which tells what the cheapest path costs."""
    most = Decimal(str(asked.declaration.options["budget"].most)) * _TEN_THOUSAND
    if question.budget >= most:
        return infeasible(impossible, unit, asked.declaration)
    free = question.changed(lambda each: replace(each, budget=most, spare=Decimal(0)))
    chosen = choose(free, asked.brief.limits, asked.brief.seed, asked.watch)
    if not isinstance(chosen, Chosen):
        return infeasible(impossible, unit, asked.declaration)
    lines, lacking = scheduled(question, chosen.adds)
    if not lacking:  # whole things that no year can pay at once
        return infeasible(impossible, unit, asked.declaration)
    return infeasible(_of_money(question, sum((line.yuan for line in lines), Decimal(0)), lacking), unit, asked.declaration)


def _of_money(question: Question, costs: Decimal, lacking: Decimal) -> Impossible:
    years, each = max(1, question.years), _wan(question.budget)
    total = _wan(question.budget * years)
    budget = Text(f"每年资金不超过{each}万元", f"at most {each} × 10,000 yuan a year")
    if years > 1:
        budget = Text(f"{budget.zh}（{years}年共{total}万元）", f"{budget.en} ({total} × 10,000 in {years} years)")
    need = _wan(costs)
    passes = Text(
        f"列入方案的学校和差异系数全部达标（最省的办法约需{need}万元）", f"all schools and coefficients pass (about {need} × 10,000 yuan)"
    )
    return Impossible(
        conflict=(),
        together=(),
        kinds=(GivingWay((budget,), 1, float(lacking), None, "yuan", "budget"), GivingWay((passes,), 1, None, None)),
    )


def _wan(yuan: Decimal) -> str:
    return f"{yuan / _TEN_THOUSAND:,.1f}".removesuffix(".0")
