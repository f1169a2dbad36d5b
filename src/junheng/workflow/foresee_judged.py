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

_KINDS = {"preschool": "kindergarten", "primary": "primary", "junior": "junior", "senior": "senior"}
_ORDER: tuple[Verdict, ...] = ("met", "met_by_concession", "near", "partly", "missed", "no_data", "needs_evidence", "not_applicable")


def projected(inputs: Inputs, worked: Outlook, year: int) -> County:
    """Return the County of a year ahead: every chain's pupils, and the children of each stage's ages where they are known."""
    county = inputs.county
    for forecast in worked.forecasts:
        county = project(county, forecast, year, opened=_new(inputs, worked, forecast), children=_children(worked, year))
    return county


def _new(inputs: Inputs, worked: Outlook, forecast: Forecast) -> dict[str, dict[str, object]]:
    """Return the rows of schools that the programme opens; nothing but their name and place is known of them."""
    return {
        one.school: {"name": inputs.names.of(one.school), "kind": _KINDS[next(iter(one.intake))], "district": one.zone}
        for one in worked.changes.openings
        if one.school in forecast.schools
    }


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
    more, unknown = after["missed"] - before["missed"], after["no_data"] - before["no_data"]
    words = Text("未达到的项目数不变", "as many items missed as today")
    if more:
        words = Text(
            f"未达到的项目{'增加' if more > 0 else '减少'}{abs(more)}项", f"{abs(more)} {'more' if more > 0 else 'fewer'} items missed"
        )
    if unknown <= 0:
        return words
    return Text(
        f"{words.zh}；无数据增加{unknown}项：新办学校的条件、跨年跟踪的数在该年尚不知道",
        f"{words.en}; {unknown} more without data: what new schools will have, and what follows a cohort, is not known of that year",
    )


def _rules(inputs: Inputs, year: int) -> Rulebook:
    day = inputs.office.authority.compare_on or statistics_day(year)
    return replace(inputs.rules, day=day)


def _counts(county: County, rules: Rulebook, name: str, inputs: Inputs) -> Counter[str]:
    card = evaluate(county, rules.framework(name), rules, catalogue=inputs.office.catalogue)
    return Counter(card.items["verdict"].cast(pl.String).drop_nulls().to_list())
