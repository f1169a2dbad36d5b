"""From weights to three outcomes: same, ask, different; one line to one line where the rule says so, and what weights may not decide."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

import numpy as np
import polars as pl

from junheng.matching.assignment import best_pairs, components
from junheng.matching.rule import MISSING, Guard, MatchRule

_FURTHER = 40.0  # bits below the least at which pairs are still looked at for guards
_LEAST_LIFT = 0.001  # of a pair that is looked at for a guard only
_NOTHING = -1e9  # bits of a line that is not chosen


def least_bits(rule: MatchRule) -> float:
    """Return the weight from which a pair is at least asked about."""
    return bits(rule.ask_probability)


def scored_from(rule: MatchRule) -> float:
    """Return the weight from which pairs are looked at: lower where a guard asks about some whatever their weight."""
    return least_bits(rule) - (_FURTHER if any(guard.at_least for guard in rule.guards) else 0)


def bits(probability: float) -> float:
    """Return a probability as log2 of its odds."""
    return log2(probability / (1 - probability))


def resolve(pairs: pl.DataFrame, rule: MatchRule) -> pl.DataFrame:
    """Return the pairs with `outcome` (same, ask, different), `because` (a guard, "rival", "weight" or "better") and `group`.

    pairs: left, right, weight and degree_<field> of every pair that was scored, and valid_<field> for the numbers of
    guards. A pair that loses its line to a better one is "different"; where the better one leads by less than the rule
    asks for, both are asked about.
    """
    asked = [_fits(guard, rule, pairs) for guard in rule.guards if guard.at_least]
    kept = pairs.filter(pl.any_horizontal(pl.col("weight") >= least_bits(rule), *asked))
    frame = kept.sort("left", "right").with_columns(_capped(rule, pairs))
    group = components(frame["left"].to_numpy(), frame["right"].to_numpy())
    alive = frame["cap"] != "different"
    best = alive.to_numpy().copy()
    if rule.one_to_one:
        free = frame.filter(alive)
        lift = np.maximum(free["weight"].to_numpy() - least_bits(rule) + 1, _LEAST_LIFT)
        best[best] = best_pairs(free["left"].to_numpy(), free["right"].to_numpy(), lift)
    frame = frame.with_columns(pl.Series("best", best), pl.Series("group", group)).with_columns(_rivals(rule))
    return frame.with_columns(_outcome(rule)).with_columns(_because()).drop("best", "cap", "rival", "threatened")


def _rivals(rule: MatchRule) -> Sequence[pl.Expr]:
    """Return which pairs that were not chosen could be right all the same, and which chosen ones they put in doubt.

    A pair is a rival unless one of its lines is chosen elsewhere with a lead of what the rule asks for: then that line is not free.
    """
    if not rule.one_to_one:
        return [pl.lit(False).alias("rival"), pl.lit(False).alias("threatened")]
    held = pl.when("best").then("weight").otherwise(_NOTHING)
    chosen = pl.max_horizontal(held.max().over("left"), held.max().over("right"))
    rival = ~pl.col("best") & (pl.col("cap") != "different") & (chosen < pl.col("weight") + rule.ahead_by)
    return [rival.alias("rival"), (rival.any().over("left") | rival.any().over("right")).alias("threatened")]


def _capped(rule: MatchRule, pairs: pl.DataFrame) -> Sequence[pl.Expr]:
    """Return what each pair may be at most, and by which guard."""
    cap, guard = pl.lit("same"), pl.lit("")
    for one in reversed(rule.guards):
        fits = _fits(one, rule, pairs)
        cap, guard = pl.when(fits).then(pl.lit(one.at_most)).otherwise(cap), pl.when(fits).then(pl.lit(one.id)).otherwise(guard)
    return [cap.alias("cap"), guard.alias("guard")]


def _fits(guard: Guard, rule: MatchRule, pairs: pl.DataFrame) -> pl.Expr:
    fits = pl.lit(True)
    for field, degrees in guard.when.items():
        ids = next(one.ids for one in rule.compare if one.field == field)
        fits = fits & pl.col(f"degree_{field}").is_in([-1 if degree == MISSING else ids.index(degree) for degree in degrees])
    if guard.both_valid:
        fits = fits & (pl.col(f"valid_{guard.both_valid}") if f"valid_{guard.both_valid}" in pairs.columns else pl.lit(False))
    return fits


def _outcome(rule: MatchRule) -> pl.Expr:
    sure = (pl.col("weight") >= bits(rule.same_probability)) & (pl.col("cap") == "same") & ~pl.col("threatened")
    return (
        pl.when(pl.col("best") & sure)
        .then(pl.lit("same"))
        .when(pl.col("best") | pl.col("rival"))
        .then(pl.lit("ask"))
        .otherwise(pl.lit("different"))
        .alias("outcome")
    )


def _because() -> pl.Expr:
    return (
        pl.when((pl.col("guard") != "") & (pl.col("outcome") != "same"))
        .then(pl.col("guard"))
        .when(pl.col("outcome") == "different")
        .then(pl.lit("better"))
        .when((pl.col("outcome") == "ask") & pl.col("threatened"))
        .then(pl.lit("rival"))
        .otherwise(pl.lit("weight"))
        .alias("because")
    )
