"""One village under two codes: its children would be counted twice and sent to two schools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.gather import gather
from junheng.model.county import County

_POINT = ("lon", "lat")
_NAME = ("name", "district")


def check_duplicates(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find villages of different codes with one boundary, at one point, or of one name in their township.

    One boundary, or one point and one name, is beyond doubt; a point alone, or a name alone, may be true.
    """
    villages = county.tables["villages"].unique("village", keep="first", maintain_order=True)
    villages = villages.with_columns(pl.col("name").str.strip_chars()).filter((pl.col("lon") != 0).fill_null(value=True))
    beyond = pl.concat([_alike(villages, ["geometry"], _BOUNDARY), _alike(villages, [*_POINT, *_NAME], _PLACE_AND_NAME)])
    beyond = beyond.unique("codes", keep="first", maintain_order=True)
    yield from gather("model.village_twice", "villages", "village", beyond, _FOUND)
    maybe = pl.concat([_alike(villages, _POINT, _PLACE), _alike(villages, _NAME, _SAME_NAME)])
    maybe = maybe.unique("codes", keep="first", maintain_order=True).filter(~pl.col("codes").is_in(beyond["codes"].implode()))
    yield from gather("model.villages_alike", "villages", "village", maybe, _FOUND)


def _alike(villages: pl.DataFrame, by: Sequence[str], what: Text) -> pl.DataFrame:
    """Return groups of villages that are alike in columns, none of them empty: village (the first), codes (all with their names), same."""
    called = pl.format("{}（{}）", pl.col("village"), pl.col("name").fill_null("—"))
    groups = villages.drop_nulls(list(by)).sort("village").group_by(list(by), maintain_order=True)
    made = groups.agg(pl.col("village").first(), called.str.join("、").alias("codes"), pl.len().alias("many"))
    same = pl.lit(what.zh).alias("same_zh"), pl.lit(what.en).alias("same_en")
    return made.filter(pl.col("many") > 1).select("village", "codes", *same)


_BOUNDARY = Text("边界相同", "share a boundary")
_PLACE_AND_NAME = Text("位置、名称相同", "share place and name")
_PLACE = Text("坐标相同", "are at one point")
_SAME_NAME = Text("在同一乡镇同名", "have one name in one township")
_FOUND = Text("{codes}{same_zh}", "{codes} {same_en}")
