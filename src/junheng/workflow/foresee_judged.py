"""A projected year before the authority's own frameworks: how many items stand where, today and in that year."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import polars as pl

from junheng.errors import Text
from junheng.indicators import evaluate
from junheng.model import County
from junheng.model.period import statistics_day
from junheng.projection.forecast import Forecast
from junheng.projection.project import project
from junheng.standards import Rulebook
from junheng.workflow.foresee_forecast import Outlook
from junheng.workflow.foresee_inputs import Inputs
from junheng.workflow.views import Verdict
from junheng.workflow.views.foresight import Outturn

_ORDER: tuple[Verdict, ...] = ("met", "met_by_concession", "near", "partly", "missed", "no_data", "needs_evidence")


def projected(inputs: Inputs, worked: Outlook, year: int) -> County:
    """Return the County of a year ahead: every chain's pupils, and the children of each stage's ages where they are known."""
    county = inputs.county
    for forecast in worked.forecasts:
        county = project(county, forecast, year, closed=_joined(inputs.county, forecast), children=_children(worked, year))
    return county


def _joined(county: County, forecast: Forecast) -> tuple[str, ...]:
    """Return the schools whose pupils the forecast has elsewhere: they merge, close or change their code."""
    rows = county.tables["enrolment"].filter(pl.col("stage").is_in(list(forecast.stages)) & ~pl.col("school").is_in(list(forecast.schools)))
    return tuple(rows["school"].unique().sort())


def _children(worked: Outlook, year: int) -> dict[str, int]:
    """Return the children of the ages of each stage in a year ahead, where the population path holds all of them."""
    path, assumptions = worked.path, worked.assumptions
    if path is None or year not in path.years:
        return {}
    persons = path.middle[path.years.index(year)].sum(axis=(0, 2))
    found = {}
    for stage in assumptions.selectors("entry_age"):
        first = round(assumptions.number("entry_age", stage))
        ages = persons[first : first + round(assumptions.number("stage_years", stage))]
        if len(ages) and not pl.Series(ages).is_nan().any():
            found[stage] = round(float(ages.sum()))
    return found


def outturns(inputs: Inputs, worked: Outlook, year: int) -> tuple[Outturn, ...]:
    """Return each framework's verdicts of the origin and of a projected year, each by the rules that hold on its own day.

    The rules of a year to come are those known today. Frameworks that judge the whole county only by evidence change nothing.
    """
    rules_then = _rules(inputs, year)
    ahead = projected(inputs, worked, year)
    made = []
    for name in inputs.office.frameworks(None):
        before, after = (_counts(county, rules, name, inputs) for county, rules in ((inputs.county, inputs.rules), (ahead, rules_then)))
        chosen = rules_then.framework(name)
        made.append(
            Outturn(
                framework=name,
                title=chosen.title,
                year=inputs.year,
                projected_year=year,
                counts=tuple((verdict, before[verdict], after[verdict]) for verdict in _ORDER if before[verdict] or after[verdict]),
                sentence=_difference(before, after),
            )
        )
    return tuple(made)


def _difference(before: Counter[str], after: Counter[str]) -> Text:
    more = after["missed"] - before["missed"]
    if not more:
        return Text("未达到的项目数不变", "as many items missed as today")
    return Text(f"未达到的项目{'增加' if more > 0 else '减少'}{abs(more)}项", f"{abs(more)} {'more' if more > 0 else 'fewer'} items missed")


def _rules(inputs: Inputs, year: int) -> Rulebook:
    day = inputs.office.authority.compare_on or statistics_day(year)
    return replace(inputs.rules, day=day)


def _counts(county: County, rules: Rulebook, name: str, inputs: Inputs) -> Counter[str]:
    card = evaluate(county, rules.framework(name), rules, catalogue=inputs.office.catalogue)
    return Counter(card.items["verdict"].cast(pl.String).drop_nulls().to_list())
