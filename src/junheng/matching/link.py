"""Two lists, one rule: which lines are the same person, which are not, and which a person must decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from junheng.matching.decisions import apply_decisions, with_identities
from junheng.matching.engine_splink import Splink
from junheng.matching.model import Model
from junheng.matching.normalise import ROW, Normal
from junheng.matching.resolve import resolve, scored_from
from junheng.matching.rule import MatchRule
from junheng.matching.train import prior


@dataclass(frozen=True, slots=True)
class Links:
    """What was decided.

    pairs: left, right (rows of the lists), outcome, because, weight, group, left_id, right_id (what a decision stands for),
    degree_<field>, bits_<field>; in order of left, right. alone_left, alone_right: rows in no pair that is the same or asked about.
    """

    rule: MatchRule
    model: Model
    pairs: pl.DataFrame
    alone_left: pl.Series
    alone_right: pl.Series

    def of(self, outcome: str) -> pl.DataFrame:
        """Return the pairs of one outcome."""
        return self.pairs.filter(pl.col("outcome") == outcome)


Decisions = pl.DataFrame | Callable[[pl.DataFrame], pl.DataFrame | None] | None


def link(left: Normal, right: Normal, rule: MatchRule, model: Model, *, decisions: Decisions = None, engine: Splink | None = None) -> Links:
    """Return which lines of two lists are the same; decisions of persons (see decisions.py) stand above weights.

    decisions: a frame of them, or a function that is given the pairs (left_id, right_id) and returns what was decided of these.
    """
    engine = engine or Splink()
    if left.frame.height and right.frame.height:
        scored = engine.score(_keys(left), _keys(right), rule, model, prior(rule, left.frame.height), scored_from(rule))
    else:
        scored = _nothing(rule)
    scored = _valid(with_identities(scored, left.frame, right.frame, rule), left.frame, right.frame, rule)
    decided = apply_decisions(scored, decisions(scored.select("left_id", "right_id")) if callable(decisions) else decisions)
    pairs = resolve(decided.open, rule)
    pairs = pl.concat([pairs, decided.closed.select(pairs.columns)]) if decided.closed.height else pairs
    pairs = pairs.drop([name for name in pairs.columns if name.startswith("valid_")]).sort("left", "right")
    taken = pairs.filter(pl.col("outcome") != "different")
    return Links(rule, model, pairs, _rest(left, taken["left"]), _rest(right, taken["right"]))


def _keys(side: Normal) -> pl.DataFrame:
    return side.frame.select(name for name in side.frame.columns if not name.endswith("_valid"))


def _rest(side: Normal, taken: pl.Series) -> pl.Series:
    return side.frame.filter(~pl.col(ROW).is_in(taken.unique().implode()))[ROW]


def _nothing(rule: MatchRule) -> pl.DataFrame:
    fields = {f"degree_{one.field}": pl.Int32() for one in rule.compare} | {f"bits_{one.field}": pl.Float64() for one in rule.compare}
    return pl.DataFrame(schema={"left": pl.Int64(), "right": pl.Int64(), "weight": pl.Float64(), **fields})


def _valid(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame, rule: MatchRule) -> pl.DataFrame:
    """Add valid_<field>: whether both sides of a pair have a number whose check digit is right."""
    for field in dict.fromkeys(guard.both_valid for guard in rule.guards if guard.both_valid):
        key = f"{field}_valid"
        for side, frame in (("left", left), ("right", right)):
            known = frame.select(pl.col(ROW).cast(pl.Int64).alias(side), pl.col(key).is_not_null().alias(f"#{side}"))
            pairs = pairs.join(known, on=side, how="left", maintain_order="left")
        pairs = pairs.with_columns((pl.col("#left") & pl.col("#right")).alias(f"valid_{field}")).drop("#left", "#right")
    return pairs
