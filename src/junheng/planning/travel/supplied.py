"""Ways that the county supplies: a matrix from a map service or measured on the ground, cell by cell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model.county import County
from junheng.planning.travel.pace import Mode, Pace
from junheng.planning.travel.points import Floats, Points

_KEY = ["origin_kind", "origin", "school"]


class Supplied(NamedTuple):
    """What travel_times says of these points."""

    way: Floats  # (n, m); nan where it says nothing
    findings: tuple[Finding, ...]


def supplied(county: County, origins: Points, destinations: Points, mode: Mode, unit: str, pace: Pace) -> Supplied | None:
    """Return the ways of the table in a unit; None when it has none for these points and this mode.

    Negative cells, and two cells of one pair that differ, are not taken. Where only the other unit is given it is turned into this
    one at the assumed speed, and told.
    """
    rows = county.tables["travel_times"].filter((pl.col("mode") == mode) & (pl.col("origin_kind") == origins.kind))
    rows = rows.filter(pl.col("origin").is_in(list(origins.codes)) & pl.col("school").is_in(list(destinations.codes)))
    if not rows.height:
        return None
    own, other = ("metres", "minutes") if unit == "m" else ("minutes", "metres")
    factor = pace.off_road if unit == "m" else 1 / pace.off_road
    rows = rows.select(
        *_KEY, "reachable", pl.col(own).cast(pl.Float64).alias("own"), (pl.col(other).cast(pl.Float64) * factor).alias("other")
    )
    told = rows.with_columns(pl.when(pl.col("reachable") == False).then(float("inf")).otherwise(pl.coalesce("own", "other")).alias("way"))  # noqa: E712
    findings = _turned(told, own, other)
    negative = told.filter(pl.col("way") < 0)
    findings += _said("planning.travel_cell_negative", negative, own, shown=True)
    cells = told.filter(pl.col("way") >= 0).group_by(_KEY).agg(pl.col("way").first(), pl.col("way").n_unique().alias("values"))
    twice = cells.filter(pl.col("values") > 1)
    findings += _said("planning.travel_cell_twice", twice, own)
    return Supplied(_placed(cells.filter(pl.col("values") == 1), origins, destinations), tuple(findings))


def _placed(cells: pl.DataFrame, origins: Points, destinations: Points) -> Floats:
    way = np.full((len(origins.codes), len(destinations.codes)), np.nan)
    row = {code: index for index, code in enumerate(origins.codes)}
    column = {code: index for index, code in enumerate(destinations.codes)}
    if cells.height:
        rows = cells["origin"].replace_strict(row, return_dtype=pl.Int64).to_numpy()
        columns = cells["school"].replace_strict(column, return_dtype=pl.Int64).to_numpy()
        way[rows, columns] = cells["way"].to_numpy()
    return way


def _turned(rows: pl.DataFrame, own: str, other: str) -> list[Finding]:
    turned = rows.filter(pl.col("own").is_null() & pl.col("other").is_not_null())
    words = {"metres": Text("路程", "metres"), "minutes": Text("时间", "minutes")}
    return _said("planning.travel_time_turned", turned, own, of=words[other], to=words[own])


def _said(rule: str, rows: pl.DataFrame, column: str, *, shown: bool = False, **values: Text) -> list[Finding]:
    """Return one finding of all rows, at the first of them. shown: with its value."""
    if not rows.height:
        return []
    first = rows.sort(_KEY).row(0, named=True)
    found = Text(*[f"{first['way']:g}"] * 2) if shown else Text(f"{rows.height}格", f"{rows.height} cell(s)")
    place = Place(table="travel_times", column=column, key=tuple(str(first[name]) for name in _KEY))
    return [finding(rule, place, found, severity=None, source="", count=rows.height, **values)]
