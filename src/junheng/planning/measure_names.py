"""What planners of measures share: the names that a county may price in measure_costs and limit in site_limits, and its own prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from junheng.documents import package_files, parse_yaml
from junheng.model.county import County


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What a measure costs and how long it takes; amounts are counted in portions of `grain` units."""

    grain: int
    yuan: Decimal  # of a portion
    fixed_yuan: Decimal
    lead_years: int
    assumed: bool  # the price is ours, not the county's
    source: str


Known = TypeVar("Known", bound=Priced)


@cache
def known_measures() -> frozenset[str]:
    """Return the codes of the measures of every planner that has a measures.yaml."""
    files = package_files("junheng.planning.planners", "*/measures.yaml")
    return frozenset(key for file in files for key in parse_yaml(file.text, file.name).data)


def own_prices(county: County) -> Mapping[str, Mapping[str, Any]]:
    """Return the rows of the county's measure_costs by measure."""
    return {row["measure"]: row for row in county.tables["measure_costs"].iter_rows(named=True)}


def priced(measure: Known, own: Mapping[str, Any] | None) -> Known:
    """Return a measure at the county's own price, or as it was, marked as assumed, where the county says none."""
    if own is None or own["yuan"] is None:
        return measure
    fixed = measure.fixed_yuan if own["fixed_yuan"] is None else Decimal(own["fixed_yuan"])
    lead = measure.lead_years if own["lead_years"] is None else int(own["lead_years"])
    yuan = Decimal(own["yuan"]) * measure.grain
    return replace(measure, yuan=yuan, fixed_yuan=fixed, lead_years=lead, assumed=False, source=own["source"] or "")
