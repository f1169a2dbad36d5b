"""Splink on DuckDB, or on Spark by the same rule and model: the one wrapper of splink.

Frames come in with a whole number `row` and the keys of the rule; what goes out are counts, probabilities and scored pairs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
from splink import DuckDBAPI, Linker

from junheng.matching.certain import REST, with_rest
from junheng.matching.model import Model
from junheng.matching.rule import Comparison, MatchRule

_START_M = 9 / 10  # before training the closest degree holds so much of m; EM forgets it
_PREFIX = "gamma_"
_QUIET = 60  # above every level of the logger


class Splink:
    """Splink on DuckDB in memory, or in a Spark session that the caller gives and ends."""

    def __init__(self, session: Any = None, *, threads: int | None = None) -> None:
        """Keep what to run on; nothing starts yet."""
        self._session, self._threads = session, threads

    def count(self, left: pl.DataFrame, right: pl.DataFrame, rule: MatchRule) -> Mapping[str, Mapping[str, int]]:
        """Return how many pairs of strangers of the two frames are of each degree of each field; all pairs are looked at.

        Pairs that share all of one line of the rule's `same_anyway` are no strangers.
        """
        with self._running() as api:
            names = [api.register(frame.to_arrow(), dataset_display_name=side).physical_name for side, frame in _sides(left, right)]
            counted: dict[str, Mapping[str, int]] = {}
            known = {key for keys in rule.same_anyway for key in keys}
            same = " or ".join("(" + " and ".join(f"{key}_l = {key}_r" for key in keys) + ")" for keys in rule.same_anyway)
            strangers = f"where not coalesce({same}, false)" if same else ""
            for comparison in rule.compare:
                keys = sorted({*(key for level in comparison.levels for key in _keys(level.sql)), comparison.missing, *known})
                one, other = (
                    f"select {', '.join(f'{key} as {key}_{side}' for key in keys)} from {name}"  # noqa: S608 - names of our own
                    for side, name in zip("lr", names, strict=True)
                )
                degree = f"select {_degree(comparison)} as degree, count(*) as pairs"
                rows = api.query_sql(f"{degree} from ({one}) cross join ({other}) {strangers} group by 1").as_record_list()
                found = {int(row["degree"]): int(row["pairs"]) for row in rows}
                counted[comparison.field] = {degree: found.get(number, 0) for number, degree in enumerate(comparison.ids)}
            return counted

    def train(
        self, left: pl.DataFrame, right: pl.DataFrame, rule: MatchRule, u: Mapping[str, Mapping[str, float]], prior: float
    ) -> Mapping[str, Mapping[str, float]]:
        """Return m of each degree of each field, by expectation maximisation over pairs that share a key; no labels are needed.

        u stays fixed. A field that no pass could train is absent.
        """
        with self._running() as api:
            start = {comparison.field: _start(comparison) for comparison in rule.compare}
            linker = self._linker(api, left, right, _settings(rule, start, u, prior, (), rule.block))
            for keys in rule.train_on:
                linker.training.estimate_parameters_using_expectation_maximisation(
                    " and ".join(f"l.{key} = r.{key}" for key in keys), estimate_without_term_frequencies=True
                )
            saved = linker.misc.save_model_to_json(None)
        return {one["output_column_name"]: _trained(one, rule) for one in saved["comparisons"]}

    def score(self, left: pl.DataFrame, right: pl.DataFrame, rule: MatchRule, model: Model, prior: float, least: float) -> pl.DataFrame:
        """Return every pair of a block that is worth `least` bits or more.

        Columns: left, right (rows), weight (bits, prior included), and for each field degree_<field> (0 different, -1 missing) and
        bits_<field> (what the degree and the frequency of the value add).
        """
        left, right = with_rest(left, right, rule)
        blocks = [rule.certain, *((*keys, REST) for keys in rule.block)] if rule.certain else rule.block
        m = {field: {degree: one.m for degree, one in degrees.items()} for field, degrees in model.weights.items()}
        u = {field: {degree: one.u for degree, one in degrees.items()} for field, degrees in model.weights.items()}
        with self._running() as api:
            linker = self._linker(api, left, right, _settings(rule, m, u, prior, ("row",), blocks))
            scored = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
            held = {column.name.strip('"`') for column in scored.columns}
            wanted = [name for one in rule.compare for name in (f"{_PREFIX}{one.field}", f"mw_{one.field}", f"mw_tf_adj_{one.field}")]
            chosen = ", ".join(["row_l", "row_r", "match_weight", *(name for name in wanted if name in held)])
            table = api.query_sql(f"select {chosen} from {scored.physical_name}").as_pyarrow_table()  # noqa: S608
        frame = pl.from_arrow(table)
        assert isinstance(frame, pl.DataFrame)
        return _pairs(frame, rule)

    def _linker(self, api: Any, left: pl.DataFrame, right: pl.DataFrame, settings: Mapping[str, Any]) -> Any:
        tables = [api.register(frame.to_arrow(), dataset_display_name=side) for side, frame in _sides(left, right)]
        return Linker(tables, dict(settings), log_level=None)

    @contextmanager
    def _running(self) -> Iterator[Any]:
        """Give the engine, quiet: what it prints is for programmers, and could name persons."""
        logger = logging.getLogger("splink")
        before = logger.level
        logger.setLevel(_QUIET)
        try:
            yield self._spark() if self._session is not None else self._duckdb()
        finally:
            logger.setLevel(before)

    def _duckdb(self) -> Any:
        api = DuckDBAPI(":memory:")
        for setting in ("autoinstall_known_extensions = false", "autoload_known_extensions = false", "enable_external_access = false"):
            api.duckdb_con.execute(f"set {setting}")
        if self._threads is not None:
            api.duckdb_con.execute(f"set threads = {self._threads}")
        return api

    def _spark(self) -> Any:
        from splink import SparkAPI

        own = self._session.newSession()  # names of tables are used once more for each question, and are the caller's in the session given
        return SparkAPI(spark_session=own, break_lineage_method="persist", register_udfs_automatically=False)


def _sides(left: pl.DataFrame, right: pl.DataFrame) -> Sequence[tuple[str, pl.DataFrame]]:
    return (("a_left", left), ("b_right", right))  # Splink calls the first in the order of names "l"


def _keys(sql: str) -> set[str]:
    words = sql.replace("(", " ").replace(")", " ").replace(",", " ").split()
    return {word[:-2] for word in words if word.endswith(("_l", "_r"))}


def _degree(comparison: Comparison) -> str:
    """Return the SQL that numbers the degree of a pair as Splink does: -1 missing, 0 different, the closest the highest."""
    whens = [f"when {comparison.missing}_l is null or {comparison.missing}_r is null then -1"]
    count = len(comparison.levels)
    whens += [f"when {level.sql} then {count - place}" for place, level in enumerate(comparison.levels)]
    return f"case {' '.join(whens)} else 0 end"


def _start(comparison: Comparison) -> Mapping[str, float]:
    others = (1 - _START_M) / (len(comparison.ids) - 1)
    return {degree: _START_M if degree == comparison.ids[-1] else others for degree in comparison.ids}


def _settings(
    rule: MatchRule,
    m: Mapping[str, Mapping[str, float]],
    u: Mapping[str, Mapping[str, float]],
    prior: float,
    retained: Sequence[str],
    blocks: Sequence[Sequence[str]],
) -> Mapping[str, Any]:
    return {
        "link_type": "link_only",
        "unique_id_column_name": "row",
        "probability_two_random_records_match": prior,
        "retain_matching_columns": bool(retained),  # without them Splink gives no degrees
        "retain_intermediate_calculation_columns": bool(retained),
        "em_convergence": 0.001,
        "max_iterations": 40,
        "blocking_rules_to_generate_predictions": [" and ".join(f"l.{key} = r.{key}" for key in keys) for keys in blocks],
        "comparisons": [_comparison(one, m[one.field], u[one.field]) for one in rule.compare],
    }


def _comparison(one: Comparison, m: Mapping[str, float], u: Mapping[str, float]) -> Mapping[str, Any]:
    levels: list[Mapping[str, Any]] = [
        {"sql_condition": f"{one.missing}_l is null or {one.missing}_r is null", "label_for_charts": "missing", "is_null_level": True}
    ]
    for level in one.levels:
        frequency = {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0} if level.frequency else {}
        levels.append(
            {
                "sql_condition": level.sql,
                "label_for_charts": level.id,
                "m_probability": m[level.id],
                "u_probability": u[level.id],
                **frequency,
            }
        )
    different = one.ids[0]
    levels.append({"sql_condition": "ELSE", "label_for_charts": different, "m_probability": m[different], "u_probability": u[different]})
    return {"output_column_name": one.field, "comparison_description": one.field, "comparison_levels": levels}


def _trained(saved: Mapping[str, Any], rule: MatchRule) -> Mapping[str, float]:
    """Return m of the degrees that were met; Splink leaves the others where they started."""
    found = {str(level["label_for_charts"]): level.get("m_probability") for level in saved["comparison_levels"]}
    comparison = next(one for one in rule.compare if one.field == saved["output_column_name"])
    start = _start(comparison)
    return {degree: float(m) for degree in comparison.ids if (m := found.get(degree)) is not None and m != start[degree]}


def _pairs(frame: pl.DataFrame, rule: MatchRule) -> pl.DataFrame:
    """Return Splink's answer under our names: left and right as they were given, weights as bits."""
    columns = [
        pl.col("row_l").cast(pl.Int64).alias("left"),
        pl.col("row_r").cast(pl.Int64).alias("right"),
        pl.col("match_weight").alias("weight"),
    ]
    for comparison in rule.compare:
        field = comparison.field
        bits = [pl.col(name) for name in (f"mw_{field}", f"mw_tf_adj_{field}") if name in frame.columns]
        columns += [pl.col(f"{_PREFIX}{field}").cast(pl.Int32).alias(f"degree_{field}"), pl.sum_horizontal(bits).alias(f"bits_{field}")]
    return frame.select(columns)
