"""Conditions on the columns of a line: a list of values, or one of WORDS. A missing value meets none of them but filled: false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

WORDS = ("at_least", "at_most", "below", "filled", "not", "not_past", "not_future")


def faults(test: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (column, what stands there) for each condition that is not well formed."""
    for column, wanted in test.items():
        if isinstance(wanted, list) and wanted:
            continue
        if not isinstance(wanted, dict) or not wanted or set(wanted) - set(WORDS):
            yield column, str(wanted)


def meets(test: Mapping[str, Any], today: date) -> pl.Expr:
    """Return whether a line meets every condition; false, never null, where a value is missing."""
    fits = pl.lit(True)
    for column, wanted in test.items():
        for word, value in (wanted if isinstance(wanted, dict) else {"in": wanted}).items():
            fits = fits & _one(pl.col(column), word, value, today)
    return fits.fill_null(False)


def _one(column: pl.Expr, word: str, value: Any, today: date) -> pl.Expr:
    match word:
        case "in":
            return column.cast(pl.String).is_in([_text(one) for one in value])
        case "not":
            return ~column.cast(pl.String).is_in([_text(one) for one in value])
        case "filled":
            return column.is_not_null() if value else column.is_null()
        case "not_past":
            return column.cast(pl.Date) >= today
        case "not_future":
            return column.cast(pl.Date) <= today
    number = column.cast(pl.Float64, strict=False)
    limit = float(value) if isinstance(value, int | Decimal) else float("nan")
    return {"at_least": number >= limit, "at_most": number <= limit, "below": number < limit}[word]


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
