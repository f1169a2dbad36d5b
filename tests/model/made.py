"""Counties for tests: a small true one, and invented ones of every type and every odd text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from hypothesis import strategies as st

from junheng.errors import Finding
from junheng.model import Column, County, check, county, schema

CODE = "620725"
PRIMARY, NINE_YEAR, POINT = "2162000001", "3162000002", "2162000003"

Row = Mapping[str, object]


def made(year: int = 2025, code: str = CODE, **tables: Sequence[Row]) -> County:
    """Return a county of the rows given."""
    frames = {}
    for name, rows in tables.items():
        dtypes = schema().dtypes(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        frames[name] = pl.DataFrame([dict(row) for row in rows], schema={column: dtypes[column] for column in columns}, strict=False)
    return county(code, year, frames)


def school(code: str = PRIMARY, kind: str = "primary", name: str = "", **more: object) -> Row:
    return {"school": code, "name": name or f"第{code[-1]}学校", "kind": kind, **more}


def pupils(number: int | None, code: str = PRIMARY, stage: str = "primary", grade: str = "all", sex: str = "all", **more: object) -> Row:
    return {"school": code, "stage": stage, "grade": grade, "sex": sex, "pupils": number, **more}


def staff(teachers: int | None, code: str = PRIMARY, stage: str = "primary", **more: object) -> Row:
    return {"school": code, "stage": stage, "teachers": teachers, **more}


def found(county: County, rule: str, previous: County | None = None) -> list[Finding]:
    return [one for one in check(county, previous) if one.rule == f"model.{rule}"]


def rules(county: County, previous: County | None = None) -> set[str]:
    return {one.rule.removeprefix("model.") for one in check(county, previous)}


# -- invented ---------------------------------------------------------------------------------------------------------

TABLES = (
    "schools",
    "campuses",
    "enrolment",
    "classes",
    "class_sizes",
    "staff",
    "premises",
    "projects",
    "vetoes",
    "county_facts",
    "village_population",
)

_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8)


def _values(column: Column) -> st.SearchStrategy[object]:
    if column.allowed:
        return st.sampled_from(list(column.allowed))
    return {
        "text": _texts,
        "code": st.text("0123456789", min_size=1, max_size=12),
        "geometry": st.just('{"type": "Point", "coordinates": [100.5, 38.2]}'),
        "integer": st.integers(-(10**12), 10**12),
        "year": st.integers(1000, 9999),
        "decimal": st.decimals(-(10**9), 10**9, places=4),
        "coordinate": st.decimals(-180, 180, places=6),
        "date": st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        "boolean": st.booleans(),
    }[column.type]


@st.composite
def rows_of(draw: st.DrawFn, table: str) -> list[Row]:
    columns = schema().tables[table].columns
    one = st.fixed_dictionaries(
        {column.name: _values(column) if column.key else st.none() | _values(column) for column in columns},
    )
    key = schema().tables[table].key
    return draw(st.lists(one, max_size=5, unique_by=lambda row: tuple(row[name] for name in key)))


@st.composite
def counties(draw: st.DrawFn, year: int = 2025) -> County:
    return made(year, **{name: draw(rows_of(name)) for name in draw(st.sets(st.sampled_from(TABLES), max_size=4))})
