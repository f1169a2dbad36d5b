"""What must be said above the headlines of a forecast: rules that do not hold here, scenarios left out, what nobody knew at the time."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Text
from junheng.projection.assumptions import ALL, Assumptions
from junheng.projection.two_counts import SHIPPED
from junheng.workflow.foresee_inputs import Inputs

_TO_AUGUST = 8  # months of a calendar year that lie in the school year that began the year before


def said_first(inputs: Inputs, scenario: Assumptions) -> Text:
    """Return it in one piece; "" where there is nothing of the kind. scenario: the one that the headlines are of."""
    parts = [part for part in (not_in_force(inputs), _left_out(inputs, scenario), foreknown(inputs, scenario)) if part.zh]
    return Text("".join(part.zh for part in parts), " ".join(part.en for part in parts))


def not_in_force(inputs: Inputs) -> Text:
    """Return what must be said where an authority only compares with standards that do not hold there; "" elsewhere."""
    day = inputs.office.authority.compare_on
    if day is None:
        return Text("", "")
    return Text(
        f"所用班额、编制等标准和方案取自大陆{day}的文件，不在当地施行，只作测算示例。",
        f"Class limits, staffing ratios and scenarios are those of mainland documents of {day}, not in force there: an example only.",
    )


def _left_out(inputs: Inputs, scenario: Assumptions) -> Text:
    if not inputs.left_out:
        return Text("", "")
    zh, en = "、".join(inputs.left_out), ", ".join(inputs.left_out)
    return Text(
        f"方案文件{zh}有错误，没有采用（见数据问题）；以下数字按“{scenario.title.zh}”，{_whose(scenario).zh}。",
        f"Scenario files with mistakes were left out ({en}, see the findings); what follows is “{scenario.title.en}”, "
        f"{_whose(scenario).en}.",
    )


def _whose(scenario: Assumptions) -> Text:
    own = any(one.scenario == scenario.scenario and not one.file.startswith(SHIPPED) for one in scenario.items.values())
    return Text("是本地的方案", "the authority's own") if own else Text("是系统自带的方案", "one that ships")


def foreknown(inputs: Inputs, scenario: Assumptions) -> Text:
    """Return which births after the origin the forecast knows, "" where none: a forecast of then could not have known them."""
    parts = list(_known_later(inputs, scenario))
    if not parts:
        return Text("", "")
    zh, en = "、".join(part.zh for part in parts), ", ".join(part.en for part in parts)
    return Text(
        f"本预测从{inputs.year}学年出发，却用了以后才知道的数：{zh}。这不是当时能作出的预测；回测已把这些数隐去。",
        f"The forecast sets out from {inputs.year} but uses what was known only later: {en}. "
        "It could not have been made then; the tests on the past hide these.",
    )


def _known_later(inputs: Inputs, scenario: Assumptions) -> Iterator[Text]:
    within = (pl.col("calendar_year") == inputs.year + 1) & (pl.col("months") <= _TO_AUGUST)  # of the origin's own school year
    later = (pl.col("calendar_year") > inputs.year) & ~within.fill_null(value=False)
    own = sorted({year for county in inputs.counties for year in county.tables["births"].filter(later)["calendar_year"].unique()})
    path = sorted(year for year in _counted(scenario) if year > inputs.year)
    if own:
        yield Text(f"本地{_span(own, '—')}年的出生数", f"local births of {_span(own, '-')}")
    if path:
        yield Text(f"方案中{_span(path, '—')}年大区域（全国或全岛）的出生数", f"births of the larger area of {_span(path, '-')}")


def _counted(scenario: Assumptions) -> tuple[int, ...]:
    return tuple(scenario.items["births_counted"].values.get(ALL, {})) if scenario.has("births_counted") else ()


def _span(years: list[int], dash: str) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}{dash}{years[-1]}"
