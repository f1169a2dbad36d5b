"""On what two lists are compared: DuckDB inside this program, or Spark, which an installation may lack; then a finding says what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from junheng.documents import finding
from junheng.errors import DataError, Place, Text
from junheng.indicators.engine_spark import local_session, spark_lacks
from junheng.matching.engine_splink import Splink

Engine = Literal["duckdb", "spark"]
_LACKING = {"pyspark": Text("没有安装pyspark", "no pyspark"), "java": Text("没有找到Java", "no Java")}


@contextmanager
def running(engine: Engine) -> Iterator[Splink]:
    """Give the engine, and end what was started for it. Raises DataError where Spark is asked for and is not there or does not start."""
    if engine == "duckdb":
        yield Splink()
        return
    if lacks := spark_lacks():
        raise DataError(finding("matching.no_spark", Place(), _LACKING[lacks]))
    try:
        session = local_session(small=True)
    except RuntimeError as error:
        raise DataError(finding("matching.no_spark", Place(), Text("Spark没有启动", f"Spark that did not start ({error})"))) from error
    try:
        session.sparkContext.setLogLevel("OFF")  # what it prints is for programmers, and could name persons
        yield Splink(session)
    finally:
        session.stop()
