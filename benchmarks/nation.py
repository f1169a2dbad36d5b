"""The nation in one statement, beside a bare scan of the same columns and beside a loop over counties in pandas; one run, one machine.

python benchmarks/nation.py [--data DIR] [--counties 2900] [--school-stages 250000] [--times 5] [--threads 2] [--quick | --spark]

(a) bare     DuckDB reads the columns that the statement reads, from the same Parquet, and groups each table by county, school and stage
(b) ours     the statement of quality-balance-2017 (every indicator and verdict); in a second line with every indicator of the catalogue
(c) pandas   the seven indicators, their verdicts' values and coefficients, read once, then a loop over the counties, as an analyst would
(d) Spark    the same statement on Spark local, compared figure by figure (--spark; needs Java and pyspark)
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import measure
import nation_compared
import nation_data
import nation_pandas
import polars as pl

from junheng import standards
from junheng.indicators import DuckDB, Scorecard, evaluate, shipped_catalogue
from junheng.indicators.statement import Statement
from junheng.model import schema
from junheng.standards import Rulebook

FRAMEWORK = "quality-balance-2017"
DAY = date(2025, 9, 1)
TO_BARE, TO_PANDAS, TO_SPARK = 3, 20, 1e-12


class Recorded(DuckDB):
    """DuckDB that remembers the largest statement and its limits, so that it can be run alone."""

    asked: tuple[Statement, Mapping[str, pl.DataFrame]] | None = None

    def run(self, statement: Statement, limits: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Run, and remember."""
        if self.asked is None or len(statement.text) > len(self.asked[0].text):
            self.asked = (statement, limits)
        return super().run(statement, limits)

    def columns_read(self) -> dict[str, set[str]]:
        """Return, by table, the columns that DuckDB's own plan of that statement takes from the Parquet files."""
        assert self.asked is not None
        statement, limits = self.asked
        text = f"explain (analyze, format json) {statement.text}"
        found: dict[str, set[str]] = {}
        plan = super().run(Statement((), text, statement.tables, statement.limits), limits)
        for node in _nodes(json.loads(plan["explain_value"][0])):
            about = node.get("extra_info", {})
            if match := re.search(r"([a-z_]+)/[^/]*parquet", str(about.get("Filename(s)", ""))):
                columns = about["Projections"]
                found.setdefault(match[1], set()).update([columns] if isinstance(columns, str) else columns)
        return found


def main() -> None:
    """Run and print."""
    wanted = _arguments()
    with tempfile.TemporaryDirectory() as temporary:
        folder = nation_data.nation(wanted.data or Path(temporary), nation_data.Size(wanted.counties, wanted.school_stages))
        compare(folder, wanted)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="where the generated Parquet is kept from run to run")
    parser.add_argument("--counties", type=int, default=2900)
    parser.add_argument("--school-stages", type=int, default=250_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="(a) and (b) of the framework only")
    parser.add_argument("--spark", action="store_true", help="compare with Spark local, figure by figure, and leave the rest out")
    return parser.parse_args()


def compare(folder: Path, wanted: argparse.Namespace) -> None:
    """Take every way in turn and print times, memory and ratios."""
    book = Rulebook((standards.shipped(),), DAY)
    print(measure.machine())
    print(size(folder))
    if wanted.spark:
        nation_compared.with_spark(folder, book, FRAMEWORK, wanted.threads, TO_SPARK)
        return
    framed, every = (asked_of(folder, book, also, wanted.threads) for also in ((), shipped_catalogue()))
    engine = DuckDB(folder, threads=wanted.threads)
    ways: dict[str, Callable[[], object]] = {
        "(a) bare scan and group-by": lambda: bare(framed.bare, wanted.threads),
        "(b) our statement": lambda: engine.run(framed.statement, framed.limits),
        "(a) bare scan and group-by, every column": lambda: bare(every.bare, wanted.threads),
        "(b) our statement, every indicator": lambda: engine.run(every.statement, every.limits),
        "(b) evaluate: statement, words, scorecard": lambda: judged(evaluate(folder, book.framework(FRAMEWORK), book, engine=engine)),
    }
    if wanted.quick:
        quick(dict(list(ways.items())[:2]), wanted.times)
        return
    runs = measure.alternated(ways, wanted.times)
    runs |= measure.alternated({"(c) pandas, a loop over counties": lambda: nation_pandas.seven(folder, nation_pandas.limits_of(book))}, 1)
    print(f"threads {wanted.threads}, best of {wanted.times} (pandas: one run, one thread)")
    for name, run in runs.items():
        print(measure.line(name, run, f"{len(run.result):,} rows" if isinstance(run.result, pl.DataFrame) else ""))
    nation_compared.with_pandas(
        runs["(b) evaluate: statement, words, scorecard"].result, runs["(c) pandas, a loop over counties"].result, book
    )
    ratios(runs)


def quick(ways: dict[str, Callable[[], object]], times: int) -> None:
    """Take the statement and the bare scan in turn many times, to find the moments when a shared machine was idle."""
    runs = measure.alternated(ways, times)
    for name, run in runs.items():
        print(measure.line(name, run))
    bare_one, ours = runs.values()
    by_processor = f"; by processor time {ours.processor / bare_one.processor:.2f} ×"
    print(measure.verdict("our statement / bare scan and group-by", ours.seconds / bare_one.seconds, TO_BARE) + by_processor)


def ratios(runs: Mapping[str, measure.Run]) -> None:
    """Print the ratios beside their targets, by the clock and by processor time."""
    bare_one, bare_every = runs["(a) bare scan and group-by"], runs["(a) bare scan and group-by, every column"]
    ours, every = runs["(b) our statement"], runs["(b) our statement, every indicator"]
    slow, whole = runs["(c) pandas, a loop over counties"], runs["(b) evaluate: statement, words, scorecard"]
    for what, over, under, limit in (
        ("our statement / bare scan and group-by", ours, bare_one, TO_BARE),
        ("the same, every indicator of the catalogue", every, bare_every, TO_BARE),
        ("pandas loop / our statement", slow, ours, TO_PANDAS),
        ("pandas loop / evaluate", slow, whole, TO_PANDAS),
    ):
        most = limit == TO_BARE
        by_processor = f"; by processor time {over.processor / under.processor:.2f} ×"
        print(measure.verdict(what, over.seconds / under.seconds, limit, at_most=most) + by_processor)


def size(folder: Path) -> str:
    """Return how many counties, school-stages, rows and bytes there are."""
    files = sorted(folder.glob("*/*.parquet"))
    with duckdb.connect() as connection:
        units, counties = _row(connection, f"select count(*), count(distinct county) from '{folder}/staff/*.parquet'")
        rows = sum(_row(connection, f"select count(*) from '{file}'")[0] for file in files)
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    return f"{counties:,} counties, {units:,} school-stages, {rows:,} rows in {len(files)} tables, {megabytes:.0f} MB of Parquet"


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    found = connection.execute(query).fetchone()
    assert found is not None
    return found


class Asked(NamedTuple):
    """The statement that `evaluate` runs, its limits, and the bare queries of the same columns."""

    statement: Statement
    limits: Mapping[str, pl.DataFrame]
    bare: tuple[str, ...]


def asked_of(folder: Path, book: Rulebook, also: Iterable[str], threads: int) -> Asked:
    """Return what `evaluate` runs for the framework and these further indicators."""
    engine = Recorded(folder, threads=threads)
    evaluate(folder, book.framework(FRAMEWORK), book, also=tuple(also), engine=engine)
    assert engine.asked is not None
    queries = [_grouped(folder, table, columns) for table, columns in sorted(engine.columns_read().items())]
    return Asked(*engine.asked, tuple(queries))


def judged(card: Scorecard) -> Scorecard:
    """Draw the verdicts of units, parts and the whole, which a scorecard computes when they are asked for."""
    assert not card.whole.is_empty()
    return card


def bare(queries: Sequence[str], threads: int) -> int:
    """Scan the columns that the statement reads and group each table by county, school and stage; return the rows found."""
    with duckdb.connect(config={"threads": threads}) as connection:
        return sum(connection.sql(query).to_arrow_table().num_rows for query in queries)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in (*node.get("operator", ()), *node.get("children", ())):
        yield from _nodes(child)


def _grouped(folder: Path, table: str, columns: set[str]) -> str:
    types = {column.name: column.type for column in schema().tables[table].columns}
    keys = [name for name in ("county", "school", "stage") if name in columns]
    numbers = ("integer", "decimal", "year")
    found = [f"{'sum' if types[name] in numbers else 'max'}({name}) as {name}" for name in sorted(columns - set(keys))]
    return f"select {', '.join([*keys, *found])} from read_parquet('{folder}/{table}/*.parquet') group by {', '.join(keys)}"


if __name__ == "__main__":
    main()
