"""Two ways to the same figures, compared figure by figure: how many were compared, and the largest relative difference."""

from __future__ import annotations

import time
from pathlib import Path

import nation_pandas
import pandas as pd
import polars as pl

from junheng.indicators import DuckDB, Scorecard, evaluate, shipped_catalogue
from junheng.standards import Rulebook

KEYS = ["county", "school", "stage"]
TINY = 1e-300


def difference(left: str, right: str) -> pl.Expr:
    """Return the relative difference of two columns, 0 where both are null, infinite where only one is."""
    a, b = pl.col(left).fill_nan(None), pl.col(right).fill_nan(None)
    relative = (a - b).abs() / pl.max_horizontal(a.abs(), b.abs(), pl.lit(TINY))
    return pl.when(a.is_null() & b.is_null()).then(0.0).when(a.is_null() | b.is_null()).then(float("inf")).otherwise(relative)


def with_pandas(card: Scorecard, found: tuple[pd.DataFrame, pd.DataFrame], book: Rulebook) -> None:
    """Print how far the values, coefficients and verdicts of the two ways are apart.

    Verdicts are compared where the rules know no concession, which the loop does not compute.
    """
    values, spreads = (pl.from_pandas(frame) for frame in found)
    parts = {item.indicator: item.parameter for part in book.framework("quality-balance-2017").parts for item in part.requirements}
    plain = [name for name in nation_pandas.SEVEN if not book.concessions(parts[name] or "")]
    for what, frame, suffix in (("values", values, ""), ("coefficients", spreads, ".cv")):
        both = [_both(card, frame, name + suffix) for name in nation_pandas.SEVEN]
        apart = max(each.select(difference("value", "theirs").max()).item() for each in both)
        compared = sum(each.height for each in both)
        print(f"pandas and ours: {compared:,} {what} compared, largest relative difference {apart:.1e}")
    verdicts = [_both(card, values, name, pl.col(f"{name}.verdict").alias("word")) for name in plain]
    other = sum(each.filter(pl.col("verdict").cast(pl.String) != pl.col("word")).height for each in verdicts)
    compared = sum(each.height for each in verdicts)
    print(f"pandas and ours: {other} of {compared:,} verdicts differ ({len(plain)} indicators without concessions)")


def _both(card: Scorecard, frame: pl.DataFrame, name: str, *more: pl.Expr) -> pl.DataFrame:
    keys = [key for key in KEYS if key in frame.columns]
    theirs = frame.select(*keys, pl.col(name).alias("theirs"), *more)
    return card.of(name).select(*keys, "value", "verdict").join(theirs, on=keys, how="full", coalesce=True)


def with_spark(folder: Path, book: Rulebook, framework: str, threads: int, limit: float) -> None:
    """Run the framework and the whole catalogue on Spark local and on DuckDB with one thread, and print how far they are apart."""
    from junheng.indicators.engine_spark import Spark, local_session

    session = local_session(threads)
    try:
        every = tuple(shipped_catalogue())
        start = time.perf_counter()
        there = evaluate(folder, book.framework(framework), book, also=every, engine=Spark(folder, session))
        spark_seconds = time.perf_counter() - start
    finally:
        session.stop()
    start = time.perf_counter()
    here = evaluate(folder, book.framework(framework), book, also=every, engine=DuckDB(folder, threads=1))
    print(f"evaluate, every indicator: Spark local[{threads}] {spark_seconds:.1f} s, DuckDB 1 thread {time.perf_counter() - start:.1f} s")
    print(report(here.items, there.items, limit))


def report(here: pl.DataFrame, there: pl.DataFrame, limit: float) -> str:
    """Return what the comparison of two scorecards' items found."""
    unit = ["county", "part", "requirement", "indicator", "school", "stage"]
    both = here.join(there, on=unit, how="full", nulls_equal=True, coalesce=False, suffix="_there")
    unpaired = both.filter(pl.col("county").is_null() | pl.col("county_there").is_null()).height
    exact = ("numerator", "denominator", "weight", "missing", "limit", "verdict", "concession")
    other = {name: both.filter(pl.col(name).ne_missing(pl.col(f"{name}_there"))).height for name in exact}
    apart = both.select(difference("value", "value_there").alias("apart"))["apart"]
    nulls = both.filter(pl.col("value").is_null() & pl.col("value_there").is_null()).height
    words = ", ".join(f"{name} {count}" for name, count in other.items())
    largest = float(apart.max() or 0.0)
    reached = "reached" if largest <= limit and not unpaired and not any(other.values()) else "MISSED "
    return (
        f"{both.height:,} figures compared ({nulls:,} null on both), {unpaired} without a partner; differing: {words}\n"
        f"{reached}  Spark and DuckDB: largest relative difference {largest:.1e} (target ≤ {limit:g}, null for null)"
    )
