"""Two ways to the same figures, compared figure by figure: how many were compared, and the largest relative difference."""

from __future__ import annotations

import time
from pathlib import Path

import measure
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


def with_pandas(card: Scorecard, found: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """Print how far the values, coefficients and verdicts of the two ways are apart."""
    values, spreads = (pl.from_pandas(frame) for frame in found)
    for frame, suffix in ((values, ""), (spreads, ".cv")):
        compared, apart, other = 0, 0.0, 0
        keys = [key for key in KEYS if key in frame.columns]
        for name in nation_pandas.SEVEN:
            ours = card.of(name + suffix).select(*keys, "value", "verdict")
            columns = [*keys, pl.col(name + suffix).alias("theirs"), *([pl.col(f"{name}.verdict").alias("word")] if not suffix else [])]
            both = ours.join(frame.select(columns), on=keys, how="full", coalesce=True)
            compared += both.height
            apart = max(apart, both.select(difference("value", "theirs").max()).item())
            if not suffix:
                word = pl.col("verdict").cast(pl.String)
                other += both.filter((word != pl.col("word")) & (word != "met_by_concession")).height
        print(f"pandas and ours: {compared:,} {'coefficients' if suffix else 'values'} compared, largest relative difference {apart:.1e}")
        if not suffix:
            print(f"pandas and ours: {other} of {compared:,} verdicts differ (concessions apart)")


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
    return (
        f"{both.height:,} figures compared ({nulls:,} null on both), {unpaired} without a partner; differing: {words}\n"
        + measure.verdict("largest relative difference of a value", float(apart.max() or 0.0), limit, unit="").replace(
            "0.00 ", f"{apart.max():.1e} "
        )
    )
