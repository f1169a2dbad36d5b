"""The coefficients of variation with the schools behind them, the largest share of the squared coefficient first."""

from __future__ import annotations

from junheng.indicators.indicator import Catalogue, Indicator
from junheng.indicators.spread import spread as points_of
from junheng.standards import Requirement
from junheng.workflow.items import Row, figure, item, shortfall, standing_of
from junheng.workflow.judged import Judged, stage_label, stage_order
from junheng.workflow.limits import limit, unit_label
from junheng.workflow.numbers import shown
from junheng.workflow.views import Figure, Limit, Spread, SpreadPoint


def spreads(judged: Judged) -> tuple[Spread, ...]:
    """Return one Spread a coefficient that the framework judges and a stage, in the framework's order, stages in turn."""
    wanted = {
        requirement.id: requirement
        for part in judged.framework.parts
        for requirement in part.requirements
        if requirement.indicator and judged.card.catalogue[requirement.indicator].statistic == "weighted_cv"
    }
    found = [_spread(judged, wanted[row["requirement"]], row) for row in judged.card.items.to_dicts() if row["requirement"] in wanted]
    return tuple(sorted(found, key=lambda spread: stage_order(spread.stage)))


def _spread(judged: Judged, requirement: Requirement, row: Row) -> Spread:
    catalogue = judged.card.catalogue
    coefficient = catalogue[row["indicator"]]
    member = catalogue[coefficient.of[0]]
    own = _own_requirement(judged, member.id)
    rows = {one["school"]: one for one in judged.card.of(member.id, judged.county.code, row["stage"]).to_dicts()}
    held = _held(judged, own, row)
    points = points_of(judged.card, member.id, judged.county.code, row["stage"]).to_dicts()
    judged_item = item(judged, requirement, row)
    return Spread(
        indicator=member.id,
        title=member.title,
        unit=unit_label(member.unit),
        stage=row["stage"],
        stage_label=stage_label(row["stage"]),
        cv=figure(coefficient, row),
        mean=_mean(judged, member, row["stage"], points),
        limit=judged_item.limit,
        verdict=judged_item.verdict,
        school_limit=held.value if held else None,
        school_floor=held.near if held else None,
        points=tuple(_point(judged, member.decimals, point, rows[point["school"]], held) for point in points if point["value"] is not None),
        missing=tuple(judged.school_name(point["school"]) for point in points if point["value"] is None),
    )


def _own_requirement(judged: Judged, indicator: str) -> Requirement | None:
    """Return the requirement by which the schools themselves are judged on the indicator."""
    every = (requirement for part in judged.framework.parts for requirement in part.requirements)
    return next((requirement for requirement in every if requirement.indicator == indicator), None)


def _held(judged: Judged, own: Requirement | None, row: Row) -> Limit | None:
    standing = standing_of(judged, own, row) if own else None
    return limit(standing, near=own.near) if standing and own else None


def mean_of(member: str, catalogue: Catalogue) -> str | None:
    """Return the indicator that is the county's weighted mean of a school indicator; None where there is none."""
    means = (one.id for one in catalogue.values() if one.statistic == "weighted_mean" and one.of == (member,) and not one.between)
    return next(means, None)


def _mean(judged: Judged, member: Indicator, stage: str | None, points: list[Row]) -> Figure:
    """Return the county mean, Σ w x ÷ Σ w; unknown as soon as one school is. It has a trail where an indicator says how it is taken."""
    own = mean_of(member.id, judged.card.catalogue)
    rows = judged.card.of(own, judged.county.code, stage).to_dicts() if own else []
    if own and rows:
        return figure(judged.card.catalogue[own], rows[0])
    known = bool(points) and all(point["value"] is not None for point in points)
    total = sum(float(point["weight"]) for point in points) if known else 0.0
    value = sum(float(point["weight"]) * point["value"] for point in points) / total if total else None
    exact = "" if value is None else repr(value)
    return Figure(id="", label=member.title, value=value, shown=shown(value, member.decimals), exact=exact, unit=unit_label(member.unit))


def _point(judged: Judged, decimals: int, point: Row, row: Row, held: Limit | None) -> SpreadPoint:
    member = judged.card.catalogue[row["indicator"]]
    share = point["share"]
    return SpreadPoint(
        school=point["school"],
        name=judged.school_name(point["school"]),
        pupils=float(point["weight"]),
        value=point["value"],
        shown=figure(member, row).shown or shown(point["value"], decimals),
        share=share or 0.0,
        share_shown="" if share is None else shown(share * 100, 1),
        side=point["side"],
        short=shortfall(member, row, held),
        urban_rural=(judged.schools.get(point["school"], {}).get("urban_rural") or ""),
    )
