"""Rows of the scorecard as items: value, limit, verdict, concession, and how much is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, cast

from junheng.errors import StandardsError, Text
from junheng.indicators.indicator import Indicator
from junheng.indicators.spread import shortfall_unit
from junheng.standards import Requirement, Standing
from junheng.workflow.judged import NO_TEXT, Judged, stage_label
from junheng.workflow.limits import concession_view, limit, unit_label
from junheng.workflow.numbers import plainly, ratio_text, rounded, shown
from junheng.workflow.remarks import absent, remark
from junheng.workflow.views import Concession, Evidence, Figure, Item, Limit, Shortfall, Verdict

Row = dict[str, Any]

_WHOLE_THINGS = ("teachers", "rooms", "staff", "books", "pieces", "places", "yuan")
_NONE = "-"
_MORE_DECIMALS = 5  # beyond the declared ones, at most


def figure_id(indicator: str, stage: str | None, school: str | None) -> str:
    """Return the id by which a figure's trail is opened: indicator/stage/school, "-" for a level that does not apply."""
    return f"{indicator}/{stage or _NONE}/{school or _NONE}"


def figure(indicator: Indicator, row: Row, held: Limit | None = None) -> Figure:
    """Return the figure of a row, with as many decimals as it takes to stand on the right side of its limit and floor."""
    return Figure(
        id=figure_id(indicator.id, row["stage"], row["school"]),
        label=indicator.title,
        value=row["value"],
        shown=_shown(indicator, row, held),
        exact=_exact(indicator, row),
        unit=unit_label(indicator.unit),
        missing=row["missing"] or 0,
        absent=NO_TEXT if row["verdict"] == "no_data" else absent(indicator, row),  # the framework may say that it must apply
    )


def _shown(indicator: Indicator, row: Row, held: Limit | None) -> str:
    """Return the displayed value, rounded from the exact ratio where there is one.

    7.4987 against a limit of 7.5 is not printed as 7.50, for the reader would see a value on its limit that misses it.
    """
    value = _value(indicator, row)
    if value is None:
        return ""
    bounds = [Fraction(text) for text in (held.shown, held.near_shown) if text] if held and ":" not in held.shown else []
    for decimals in range(indicator.decimals, indicator.decimals + _MORE_DECIMALS):
        printed = Fraction(rounded(value, decimals))
        if all((printed > bound) == (value > bound) and (printed < bound) == (value < bound) for bound in bounds):
            return shown(value, decimals)
    return shown(value, indicator.decimals)


def _value(indicator: Indicator, row: Row) -> Fraction | None:
    over, under = row["numerator"], row["denominator"]
    if indicator.statistic or over is None or not under:
        return None if row["value"] is None else Fraction(Decimal(repr(row["value"])))
    return Fraction(over) * indicator.scale / Fraction(under)


def _exact(indicator: Indicator, row: Row) -> str:
    if row["value"] is None:
        return ""
    if indicator.statistic or row["numerator"] is None or indicator.denominator is None:
        return plainly(row["value"])
    return ratio_text(row["numerator"], row["denominator"], Decimal(indicator.scale))


def item(judged: Judged, requirement: Requirement, row: Row) -> Item:
    """Return one row of the scorecard as an item of its requirement."""
    indicator = judged.card.catalogue[row["indicator"]] if row["indicator"] else None
    standing = standing_of(judged, requirement, row)
    limit_view = limit(standing, near=requirement.near) if standing else None
    concession = concession_of(judged, requirement, row)
    verdict = cast("Verdict", row["verdict"])
    return Item(
        requirement=requirement.id,
        number=requirement.number,
        title=requirement.title,
        indicator=row["indicator"] or "",
        stage=row["stage"] or "",
        stage_label=stage_label(row["stage"]),
        figure=figure(indicator, row, limit_view) if indicator else None,
        limit=limit_view,
        verdict=verdict,
        concession=concession,
        short=shortfall(indicator, row, limit_view) if indicator else None,
        evidence=evidence(judged, requirement),
        information=tuple(shown_beside(judged, requirement)),
        note=remark(judged, requirement, [row]),
    )


def standing_of(judged: Judged, requirement: Requirement, row: Row) -> Standing | None:
    """Return the standard that a row was held against; None for an item without a number or without a value on the day."""
    if requirement.parameter is None:
        return None
    selector = _selector(judged, requirement.parameter, row)
    try:
        return judged.rules.standing(requirement.parameter, selector or "all")
    except StandardsError:  # no value for this kind on this day: the item was not asked, or has no data
        return None


def _selector(judged: Judged, parameter: str, row: Row) -> str | None:
    """Return the selector of the value a row was held against; what only the derived tables know is told by the limit itself."""
    by = judged.rules.parameters[parameter].by
    school = judged.schools.get(row["school"] or "", {})
    known = {"none": "all", "stage": row["stage"]}.get(by, school.get(by))
    same = (name for name, standing in judged.rules.standings(parameter).items() if standing.value == row["limit"])
    return known or next(same, None)


def concession_of(judged: Judged, requirement: Requirement, row: Row) -> Concession | None:
    """Return the easement by which a row is met, with the figure that is counted under it; None when it is not met by one."""
    if not row["concession"]:
        return None
    asked = judged.parameters_of(requirement)
    named = [one for one in judged.concessions[row["concession"]] if one.parameter in asked]
    selectors = (row["stage"], *(_selector(judged, name, row) for name in asked))
    chosen = next((one for one in named if one.selector in selectors), named[0])
    return replace(concession_view(chosen, judged.rules_day), counted=_counted(judged, chosen.indicator, row))


def _counted(judged: Judged, indicator: str | None, row: Row) -> str:
    """Return the figure of the indicator that a concession counts instead; "" where it relaxes the limit itself."""
    if indicator is None:
        return ""
    rows = judged.card.of(indicator, judged.county.code, row["stage"]).to_dicts()
    found = next((one for one in rows if one["school"] == row["school"]), None)
    return figure(judged.card.catalogue[indicator], found).shown if found else ""


def shortfall(indicator: Indicator, row: Row, held: Limit | None) -> Shortfall | None:
    """Return how much of the numerator is lacking to the limit and to the floor; None when nothing is, or when it cannot be said.

    Of an all-through school it is the stage's own share of what the whole school lacks. Whole things are counted up to the next one.
    """
    if held is None or held.comparator != "at_least" or "/" not in indicator.unit or row["numerator"] is None or not row["denominator"]:
        return None
    unit = shortfall_unit(indicator)
    to_limit, to_floor = (_lack(indicator, row, bound, unit) for bound in (held.shown, held.near_shown))
    return Shortfall(to_limit=to_limit, to_floor=to_floor, unit=unit_label(unit)) if to_limit or to_floor else None


def _lack(indicator: Indicator, row: Row, bound: str, unit: str) -> str:
    if not bound:
        return ""
    value = Fraction(row["numerator"]) / Fraction(row["denominator"])
    lack = (Fraction(bound) / indicator.scale - value) * Fraction(row["weight"])
    if lack <= 0:
        return ""
    return str(ceil(lack)) if unit in _WHOLE_THINGS else shown(Fraction(ceil(lack * 10), 10), 1)


def evidence(judged: Judged, requirement: Requirement) -> Evidence | None:
    """Return what the county holds as evidence for an item without a number."""
    for row in judged.county.tables["evidence"].to_dicts():
        if requirement.evidence and row["item"] == requirement.id:
            return Evidence(conclusion=row["conclusion"], document=row["document"], day=row["day"], office=row["office"] or "")
    return None


def shown_beside(judged: Judged, requirement: Requirement) -> Iterator[Figure]:
    """Yield the county's figures that the framework shows beside an evidence item; one without data is shown as such."""
    for name in requirement.shows:
        for row in judged.card.of(name, judged.county.code).to_dicts():
            yield figure(judged.card.catalogue[name], row)


def gathered(judged: Judged, requirement: Requirement, rows: Sequence[Row]) -> Item:
    """Return an item that every school (and stage) must meet as one item of the county: how many do, and which do not.

    Its verdict is that of the worst: missed before no data before near before concession before met. Not applicable counts only alone.
    """
    rows = [row for row in rows if row["verdict"] != "not_applicable"] or rows[:1]
    failing = [row for row in rows if row["verdict"] not in _FINE]
    if len(rows) == 1:
        return replace(item(judged, requirement, rows[0]), failing=tuple(judged.school_name(row["school"]) for row in failing))
    first = item(judged, requirement, rows[0])
    verdicts = [row["verdict"] for row in rows]
    worst = next(verdict for verdict in _WORST_FIRST if verdict in verdicts)
    hit = sum(verdict in ("met", "met_by_concession") for verdict in verdicts)
    stages = {row["stage"] for row in rows}
    stage = stages.pop() if len(stages) == 1 else None
    counted = Text("个校·学段达到", "school stages meet it") if stages else Text("所达到", "schools meet it")
    whole = Figure(
        id="",
        label=requirement.title,
        value=float(hit),
        shown=f"{hit}/{len(rows)}",
        exact=f"{hit} ÷ {len(rows)}",
        unit=counted,
        missing=sum(row["verdict"] == "no_data" for row in rows),
    )
    return Item(
        requirement=requirement.id,
        number=requirement.number,
        title=requirement.title,
        indicator=first.indicator,
        stage=stage or "",
        stage_label=stage_label(stage) if stage else NO_TEXT,
        figure=whole,
        limit=first.limit if len({row["limit"] for row in rows}) == 1 else None,
        verdict=cast("Verdict", worst),
        concession=first.concession if worst == "met_by_concession" else None,
        short=None,
        evidence=None,
        failing=tuple(dict.fromkeys(judged.school_name(row["school"]) for row in failing)),
        failing_figures=tuple(_failing(judged, requirement, row) for row in failing),
        note=remark(judged, requirement, rows),
    )


def _failing(judged: Judged, requirement: Requirement, row: Row) -> tuple[str, Figure]:
    standing = standing_of(judged, requirement, row)
    held = limit(standing, near=requirement.near) if standing else None
    return (judged.school_name(row["school"]), figure(judged.card.catalogue[row["indicator"]], row, held))


_WORST_FIRST = ("missed", "near", "partly", "no_data", "needs_evidence", "met_by_concession", "met", "not_applicable")
_FINE = ("met", "met_by_concession", "no_data", "not_applicable")
