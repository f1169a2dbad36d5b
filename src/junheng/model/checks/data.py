"""The thresholds of the checks: what is improbable is data, and a reader of the tables can judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache

import polars as pl

from junheng.documents import package_files, parse_csv


@cache
def rows(name: str) -> Sequence[Mapping[str, str]]:
    """Return the rows of checks/<name>.csv, cells as text."""
    file = package_files("junheng.model", f"checks/{name}.csv")[0]
    return [row.values for row in parse_csv(file.text, file.name)]


@cache
def frame(name: str) -> pl.DataFrame:
    """Return checks/<name>.csv as a frame of text columns, for joins."""
    return pl.DataFrame([dict(row) for row in rows(name)])


@cache
def limit(name: str) -> Decimal:
    """Return one threshold of checks/limits.csv."""
    return next(Decimal(row["value"]) for row in rows("limits") if row["limit"] == name)


def number(text: str) -> float | None:
    """Return a threshold as a number, or None for an empty cell (no limit)."""
    return float(text) if text else None
