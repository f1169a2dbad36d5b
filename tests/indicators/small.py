"""Small counties for paper arithmetic: rows as dicts, one list a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import polars as pl

from junheng import standards
from junheng.model import County, county, schema

DAY = date(2025, 9, 1)
CODE = "620725"

Row = Mapping[str, object]


def small(code: str = CODE, year: int = 2025, **tables: Sequence[Row]) -> County:
    """Return a County of the rows given; a school that is named anywhere and not in `schools` is an ordinary primary school."""
    frames = {name: frame(name, rows) for name, rows in tables.items()}
    return county(code, year, frames)


def frame(name: str, rows: Sequence[Row]) -> pl.DataFrame:
    dtypes = {column: dtype for column, dtype in schema().dtypes(name).items() if any(column in row for row in rows)}
    return pl.DataFrame([{column: row.get(column) for column in dtypes} for row in rows], schema=dtypes)


def school(code: str, kind: str = "primary", **facts: object) -> Row:
    return {"school": code, "name": code, "kind": kind, "ownership": "public", "urban_rural": "220", **facts}


def pupils(code: str, stage: str, number: int | None, **more: object) -> Row:
    return {"school": code, "stage": stage, "grade": "all", "sex": "all", "pupils": number, **more}


@cache
def rules(day: date = DAY) -> standards.Rulebook:
    return standards.Rulebook((standards.shipped(),), day)


QUALITY = "quality-balance-2017"
