"""New housing: how many children move in, by zone, year and age; those from elsewhere in the area leave its other zones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model import County
from junheng.projection.assumptions import Assumptions
from junheng.projection.forecast import Floats
from junheng.projection.moves import CHILDREN
from junheng.projection.population import Population
from junheng.projection.villages import Villages


def housing_arrivals(
    county: County, places: Villages, start: Population, assumptions: Assumptions, years: Sequence[int]
) -> tuple[Floats, tuple[Finding, ...]]:
    """Return net arrivals of children in persons, (H, Z, A), from the table `housing`.

    Units × children per unit of their type × the share first lived in during the year (by years after completion) × the share of
    each age. Those who do not come from outside the area are taken from all zones in proportion to their children of that age. A
    project without units, year or zone is a finding and counts for nothing.
    """
    rows = county.tables["housing"].join(places.links.filter(pl.col("year") == county.year), on="village", how="left")
    usable = rows.filter(pl.all_horizontal(pl.col("units", "completed", "zone").is_not_null()))
    out = np.zeros((len(years), *start.persons.shape[:2]))
    for kind, zone, share, units, completed in usable.select("type", "zone", "share", "units", "completed").iter_rows():
        children = units * share * assumptions.number("children_per_unit", kind)
        out[:, zone] += (children * _filling(assumptions, completed, years))[:, None] * _ages(assumptions, out.shape[2])[None, :]
    inside = 1.0 - (assumptions.number("housing_from_outside") if assumptions.has("housing_from_outside") else 1.0)
    by_zone = np.nan_to_num(start.persons.sum(axis=2))
    whole = by_zone.sum(axis=0)
    share_of = by_zone / np.where(whole > 0, whole, 1.0)
    out -= inside * out.sum(axis=1, keepdims=True) * share_of[None]
    return out, tuple(_unusable(rows))


def _filling(assumptions: Assumptions, completed: int, years: Sequence[int]) -> Floats:
    """Return the share of the units first lived in during each year, (H,)."""
    after = np.asarray(years) - completed
    now = np.nan_to_num(assumptions.curve("housing_fill", after.tolist()))
    before = np.nan_to_num(assumptions.curve("housing_fill", (after - 1).tolist()))
    return np.asarray(now - before)


def _ages(assumptions: Assumptions, ages: int) -> Floats:
    weight = np.nan_to_num(assumptions.curve("housing_ages", range(ages)))
    weight[CHILDREN:] = 0.0
    return np.asarray(weight / weight.sum()) if weight.sum() > 0 else np.zeros(ages)


def _unusable(rows: pl.DataFrame) -> list[Finding]:
    found = []
    for column in ("units", "completed", "zone"):
        bad = rows.filter(pl.col(column).is_null()).sort("project")
        if bad.height:
            shown = "village" if column == "zone" else column
            place = Place(table="housing", column=shown, key=(bad["project"][0], bad["type"][0]))
            found.append(finding("projection.housing_not_counted", place, Text("空", "nothing"), count=bad.height))
    return found
