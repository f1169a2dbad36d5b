"""The map of a county as a view: villages (or townships) as rings of coordinates, with their children of school age."""

from __future__ import annotations

from typing import Any

import polars as pl

from junheng.errors import Text
from junheng.model import County, schema
from junheng.model.geometry import Floats, parts_of
from junheng.workflow.views import Area, Map
from junheng.workflow.views.proposals import Barrier

# The ages of compulsory schooling, for colouring only (义务教育法 §11: entry at six; nine grades). No verdict uses them.
_SCHOOL_AGES = (6, 14)

_DIGITS = 5  # of a degree: about a metre, enough to draw with and half the size of the page


def map_of(county: County) -> Map:
    """Return the county's areas: villages with a boundary if there are any, else townships with one; without any, an empty map."""
    names = dict(county.tables["districts"].select("district", "name").iter_rows())
    children = _children(county)
    drawn = _drawn(county, "villages")
    if drawn:
        areas = tuple(_area(row["village"], row["name"], names.get(row["district"], ""), row, children) for row in drawn)
    else:
        areas = tuple(_area(row["district"], row["name"], row["name"], row, {}) for row in _drawn(county, "districts"))
    label = Text("学龄儿童（6–14岁，人）", "Children of school age (6-14)") if children else Text("", "")
    return Map(areas=areas, value_label=label, note=_note(county))


def _drawn(county: County, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table that have a boundary; one that cannot be read is a finding of the check, and not drawn."""
    rows = county.tables[table].filter(pl.col("geometry").is_not_null()).to_dicts()
    return [row for row in rows if parts_of(row["geometry"], "area") is not None]


def _children(county: County) -> dict[str, int]:
    first, last = _SCHOOL_AGES
    ages = county.tables["village_population"].filter(pl.col("age").is_between(first, last))
    sums = ages.group_by("village").agg(
        pl.when(pl.col("persons").is_null().any()).then(None).otherwise(pl.col("persons").sum()).alias("children")
    )
    return {village: children for village, children in sums.iter_rows() if children is not None}


def _area(id_: str, name: str, district: str, row: dict[str, Any], children: dict[str, int]) -> Area:
    value = children.get(id_)
    rings = tuple(_rounded(ring) for ring in parts_of(row["geometry"], "area") or ())
    return Area(id=id_, name=name, district=district, rings=rings, value=value, shown="" if value is None else str(value))


def barrier_lines(county: County) -> tuple[Barrier, ...]:
    """Return the rivers, railways and trunk roads entered, line by line; what cannot be read is a finding of the check, and not drawn."""
    words = schema().tables["barriers"].column("kind").allowed or {}
    found = []
    for row in county.tables["barriers"].sort("barrier").to_dicts():
        word = words.get(row["kind"], Text("", ""))
        name = Text(*[row["name"]] * 2) if row["name"] else word
        found += [Barrier(row["kind"], name, _rounded(line)) for line in parts_of(row["geometry"], "line") or ()]
    return tuple(found)


def crossing_points(county: County) -> tuple[tuple[float, float], ...]:
    """Return where barriers can be crossed."""
    return tuple((float(lon), float(lat)) for lon, lat in county.tables["crossings"].select("lon", "lat").drop_nulls().iter_rows())


def _rounded(line: Floats) -> tuple[tuple[float, float], ...]:
    return tuple((round(lon, _DIGITS), round(lat, _DIGITS)) for lon, lat in line.tolist())


def _note(county: County) -> Text:
    marks = set(county.tables["schools"]["coordinates"].drop_nulls().to_list())
    if marks == {"village_point"}:
        return Text(
            "学校位于地址所在村居的代表点，不是实测位置。",
            "Schools stand at the representative point of their village, not where they are.",
        )
    if marks & {"from_gcj02", "from_bd09"}:
        return Text("部分坐标由GCJ-02或BD-09转换。", "Some coordinates were converted from GCJ-02 or BD-09.")
    return Text("", "")
