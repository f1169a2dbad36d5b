"""Lines whose pair nobody doubts are not compared with all others: that leaves time for those that are not certain."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from junheng.matching.normalise import ROW
from junheng.matching.rule import MatchRule

REST = "rest"  # 1 for a line that has no certain partner, else null, so that it shares it with nobody


def with_rest(left: pl.DataFrame, right: pl.DataFrame, rule: MatchRule) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add `rest` to both frames.

    A pair is certain when it shares every key of `certain`, and neither line shares one of the lines of keys in `alone` with another
    line of its own list: a child who stands on a list twice is compared with everybody.
    """
    if not rule.certain:
        return left, right
    known = _alone(left, rule.alone).join(_alone(right, rule.alone), on=list(rule.certain), suffix="_right")
    known = known.filter(~pl.struct(rule.certain).is_duplicated())
    return _marked(left, known[ROW]), _marked(right, known[f"{ROW}_right"])


def _alone(frame: pl.DataFrame, alone: Sequence[Sequence[str]]) -> pl.DataFrame:
    for keys in alone:
        shared = pl.struct(keys).is_duplicated() & pl.all_horizontal(pl.col(key).is_not_null() for key in keys)
        frame = frame.with_columns(shared.alias(f"#{'-'.join(keys)}"))
    return frame.filter(~pl.any_horizontal(pl.lit(False), *(f"#{'-'.join(keys)}" for keys in alone)))


def _marked(frame: pl.DataFrame, certain: pl.Series) -> pl.DataFrame:
    return frame.with_columns(pl.when(~pl.col(ROW).is_in(certain.implode())).then(1).alias(REST))
