"""What persons decided: kept by what identified the two, so that next term's lists, in another order, meet the same answer.

A frame of decisions: left_id, right_id, decision ("same", "different"), by, at, reason. The last line of a pair holds; to take a decision
back is a further line with the decision "open".
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from junheng.matching.normalise import ROW
from junheng.matching.rule import MatchRule

DECISIONS = {name: pl.String() for name in ("left_id", "right_id", "decision", "by", "at", "reason")}
CLOSING = ("same", "different")
_LENGTH = 20  # hexadecimal digits: 80 bits


class Decided(NamedTuple):
    """Pairs that nobody has decided, and pairs that somebody has, with their outcome."""

    open: pl.DataFrame
    closed: pl.DataFrame


def with_identities(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, rule: MatchRule) -> pl.DataFrame:
    """Add left_id and right_id: digests of what identifies each side, taken for the lines that are in a pair only."""
    for side, frame in (("left", left), ("right", right)):
        used = frame.join(pairs.select(pl.col(side).cast(frame.schema[ROW])).unique().rename({side: ROW}), on=ROW, how="semi")
        texts = used.select(pl.concat_str([pl.col(name).fill_null("") for name in rule.identity], separator="\x1f")).to_series().to_list()
        ids = [hashlib.sha256(text.encode()).hexdigest()[:_LENGTH] for text in texts]
        known = used.select(pl.col(ROW).cast(pl.Int64).alias(side)).with_columns(pl.Series(f"{side}_id", ids, dtype=pl.String))
        pairs = pairs.join(known, on=side, how="left", maintain_order="left")
    return pairs


def apply_decisions(pairs: pl.DataFrame, decisions: pl.DataFrame | None) -> Decided:
    """Take out the pairs that were decided; a line that was decided to be the same as another is compared with no further one."""
    if decisions is None or not decisions.height:
        return Decided(pairs, pairs.clear())
    last = decisions.group_by("left_id", "right_id", maintain_order=True).agg(pl.col("decision").last())
    known = pairs.join(last.filter(pl.col("decision").is_in(CLOSING)), on=["left_id", "right_id"], how="left", maintain_order="left")
    closed = known.filter(pl.col("decision").is_not_null())
    same = closed.filter(pl.col("decision") == "same")
    left = known.filter(pl.col("decision").is_null())
    for side in ("left", "right"):
        left = left.join(same.select(side).unique(), on=side, how="anti", maintain_order="left")
    closed = closed.with_columns(
        pl.col("decision").alias("outcome"), pl.lit("decided").alias("because"), guard=pl.lit(""), group=pl.lit(-1, pl.Int64)
    )
    return Decided(left.drop("decision"), closed.drop("decision"))


def decision_lines(lines: Sequence[tuple[str, str, str, str, str, str]]) -> pl.DataFrame:
    """Return decisions as a frame: (left_id, right_id, decision, by, at, reason) each."""
    return pl.DataFrame(lines, schema=DECISIONS, orient="row")
