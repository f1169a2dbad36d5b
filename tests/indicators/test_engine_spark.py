"""Spark: every indicator on both engines, null for null, equal to 1e-12, the same text."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from junheng.indicators import Scorecard, evaluate, shipped_catalogue
from junheng.indicators.engine_duckdb import united
from junheng.indicators.engine_spark import Spark, local_session
from junheng.model import schema
from junheng.store import read_county
from tests.indicators.small import QUALITY, pupils, rules, school, small

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("default")]

TOLERANCE = 1e-12


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory, root: Path, program) -> Iterator[tuple[Scorecard, Scorecard]]:
    program("java")
    folder = tmp_path_factory.mktemp("counties")
    counties = [
        read_county(root / "examples" / "qinghe", "629921", 2025),
        small("620725", schools=[school("A"), school("B")], enrolment=[pupils("A", "primary", 7), pupils("B", "primary", None)]),
        small("990101"),
    ]
    for name in schema().tables:
        frame = united(counties, name)
        if frame.height:
            (folder / name).mkdir()
            frame.write_parquet(folder / name / "part-0.parquet")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = local_session(1, small=True)
    try:
        book = rules(date(2021, 9, 1))  # a day on which every concession was in force
        framework, also = book.framework(QUALITY), list(shipped_catalogue())
        spark = evaluate(folder, framework, book, also=also, engine=Spark(folder, session))
        yield evaluate(folder, framework, book, also=also), spark
    finally:
        session.stop()


def test_the_text_is_the_same(cards: tuple[Scorecard, Scorecard]):
    duck, spark = cards
    assert duck.statement == spark.statement


def test_every_indicator_and_verdict_agrees(cards: tuple[Scorecard, Scorecard]):
    duck, spark = cards
    assert set(duck.items["indicator"].drop_nulls()) == set(shipped_catalogue())
    assert duck.items.drop("value").equals(spark.items.drop("value"))  # numerators, denominators, missing, verdicts: exactly
    left, right = duck.items["value"], spark.items["value"]
    assert left.is_null().equals(right.is_null())
    assert _apart(left, right) <= TOLERANCE
    assert "not_applicable" in duck.items["verdict"]  # a county without special schools
    assert duck.whole.equals(spark.whole)
    assert duck.excluded.equals(spark.excluded)


def _apart(left: pl.Series, right: pl.Series) -> float:
    """Return the largest relative difference."""
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a is not None and a != b]
    return max((abs(a - b) / max(abs(a), abs(b)) for a, b in pairs), default=0.0)
