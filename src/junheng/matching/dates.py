"""Days of birth as people and spreadsheets write them, as text YYYYMMDD: 2013-05-06, 2013.5.6, 2013年5月6日, 20130506, 41400.

A year and month (2013.5, 201305) is kept as a month. 2013.1 may be January or a number that lost the zero of October: no month is read.
"""

from __future__ import annotations

import polars as pl

_EPOCH = "1899-12-30"
_SERIAL = r"^[2-7]\d{4}$"  # a bare number of five digits is a day of Excel: 1954 to 2119
_YEARS = (1900, 2100)
_SEPARATED = r"^((?:19|20)\d{2})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})(?:日|号)?(?:[ T]?\d{1,2}:\d{2}.*)?$"
_TOGETHER = r"^((?:19|20)\d{2})(\d{2})(\d{2})$"
_MONTH = r"^((?:19|20)\d{2})(?:年(\d{1,2})月?|[-/](\d{1,2})|(0[1-9]|1[0-2])|\.(0[1-9]|1[0-2]|[2-9]))$"


def dates(column: str, texts: pl.Series) -> pl.DataFrame:
    """Return the keys of days: `column` (YYYYMMDD), `column_crossed` (day and month exchanged, where that is a day), `column_month`.

    `column_state`: null for an empty cell, "day", "month" or "unclear" (refused: no day can be read without a guess).
    """
    text = pl.col("raw").str.normalize("NFKC").str.replace_all(r"[\s\u200b-\u200f\ufeff]+", "").str.replace(r"\.0$", "")
    frame = pl.DataFrame({"raw": texts.cast(pl.String)}).with_columns(text=text)
    serial = pl.when(pl.col("text").str.contains(_SERIAL)).then(pl.col("text")).cast(pl.Int64, strict=False)
    year, month, day = (
        pl.coalesce(pl.col("text").str.extract(_SEPARATED, part), pl.col("text").str.extract(_TOGETHER, part)) for part in (1, 2, 3)
    )
    written = year + month.str.zfill(2) + day.str.zfill(2)
    counted = (pl.lit(_EPOCH).str.to_date() + pl.duration(days=serial)).dt.strftime("%Y%m%d")
    months = pl.coalesce([pl.col("text").str.extract(_MONTH, part) for part in (2, 3, 4, 5)]).str.zfill(2)
    short = pl.col("text").str.extract(_MONTH, 1) + pl.when(months.is_between(pl.lit("01"), pl.lit("12"))).then(months)
    frame = frame.with_columns(day=pl.coalesce(written, counted), short=short)
    exists = pl.col("day").str.to_date("%Y%m%d", strict=False).dt.year().is_between(*_YEARS)
    frame = frame.with_columns(day=pl.when(exists).then(pl.col("day")))
    crossed = pl.col("day").str.slice(0, 4) + pl.col("day").str.slice(6, 2) + pl.col("day").str.slice(4, 2)
    state = (
        pl.when(pl.col("text").is_null() | (pl.col("text") == ""))
        .then(None)
        .when(pl.col("day").is_not_null())
        .then(pl.lit("day"))
        .when(pl.col("short").is_not_null())
        .then(pl.lit("month"))
        .otherwise(pl.lit("unclear"))
    )
    return frame.select(
        pl.col("day").alias(column),
        pl.when(crossed.str.to_date("%Y%m%d", strict=False).is_not_null()).then(crossed).alias(f"{column}_crossed"),
        pl.coalesce(pl.col("day").str.slice(0, 6), pl.col("short")).alias(f"{column}_month"),
        state.alias(f"{column}_state"),
    )
