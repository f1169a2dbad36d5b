"""Age groups: each ends after it begins, and no age is counted in two of them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.gather import gather
from junheng.model.county import County

_SERIES = ("county", "basis", "sex")


def check_age_groups(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find groups that end before they begin, and groups that hold an age that another one holds too."""
    rows = county.tables["age_groups"]
    backwards = rows.filter(pl.col("age_last") < pl.col("age_first"))
    found = Text("{age_first}–{age_last}岁", "{age_first} to {age_last}")
    yield from gather("model.age_group_backwards", "age_groups", "age_last", backwards, found)
    before = pl.col("age_last").shift(1).over(_SERIES)
    is_open = pl.col("age_last").is_null().shift(1).over(_SERIES)
    ordered = rows.sort(*_SERIES, "age_first").with_columns(before.alias("before"), is_open.alias("after_an_open_one"))
    twice = ordered.filter((pl.col("before") >= pl.col("age_first")) | pl.col("after_an_open_one").fill_null(value=False))
    found = Text("{age_first}岁起的一组，前一组到{before}岁", "a group from {age_first} on, after one to {before}")
    yield from gather("model.age_groups_overlap", "age_groups", "age_first", twice, found)
