"""From what was sent to the schema's types: every value either fits or is named; none is bent in silence.

Rounding is the one exception: a decimal keeps four digits after the point, a coordinate six (a tenth of a metre).
"""

from __future__ import annotations

import polars as pl

from junheng.model.schema import Column

# A whole number above this is no longer exact in a float: an identifier that passed through one has lost digits.
_EXACT = 2**53
_FITS = pl.Series("", [False])


def fit(series: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
    """Return the series in the column's type, and a mask of the values that do not fit (null in the result).

    Text may stand for every type: "3", "2.5", "true", "2025-09-01"; the empty text is a missing value.
    """
    if series.dtype == pl.String:
        series = series.set(series == "", None) if (series == "").any() else series
    cast = _cast(series, column)
    if cast.null_count() == series.null_count():  # nothing was lost, as nearly always
        return cast, _FITS.new_from_index(0, len(series))
    return cast, series.is_not_null() & cast.is_null()


def _cast(series: pl.Series, column: Column) -> pl.Series:
    dtype = column.dtype
    if series.dtype == dtype:
        return series
    if dtype == pl.Date:
        return _date(series)
    if dtype == pl.Boolean:
        return _boolean(series)
    if series.dtype in (pl.Boolean, pl.Date, pl.Datetime):
        return _nothing(series, dtype)
    if dtype == pl.String:
        return _text(series)
    if dtype == pl.Int64 and (series.dtype.is_float() or series.dtype.is_decimal()):
        return _whole(series)
    return series.cast(dtype, strict=False)


def _nothing(series: pl.Series, dtype: pl.DataType) -> pl.Series:
    return pl.Series(series.name, [None] * len(series), dtype=dtype)


def _date(series: pl.Series) -> pl.Series:
    if series.dtype == pl.String:
        return series.str.to_date("%Y-%m-%d", strict=False)
    if series.dtype in (pl.Datetime, pl.Null):
        return series.cast(pl.Date, strict=False)
    return _nothing(series, pl.Date())


def _boolean(series: pl.Series) -> pl.Series:
    if series.dtype == pl.String:
        return series.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    return _nothing(series, pl.Boolean())


def _text(series: pl.Series) -> pl.Series:
    if series.dtype.is_float():
        return _whole(series).cast(pl.String)
    return series.cast(pl.String, strict=False)


def _whole(series: pl.Series) -> pl.Series:
    number = series.cast(pl.Float64)
    exact = (number == number.round(0)) & (number.abs() < _EXACT)
    return series.set(~exact.fill_null(False), None).cast(pl.Int64, strict=False)
