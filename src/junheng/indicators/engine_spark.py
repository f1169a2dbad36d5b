"""Spark: runs the same statement text on Parquet, locally or on a cluster. The one wrapper of pyspark, which is an extra.

Settings that make Spark agree with DuckDB: decimals keep their precision (allowPrecisionLoss off), and sums of doubles are the only thing
that may differ, in the last digits.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Literal

import polars as pl

from junheng.indicators.engine_duckdb import EVERY_COUNTY, given_columns
from junheng.indicators.relation import base_columns
from junheng.indicators.statement import Statement
from junheng.model import schema

_SPARK_TYPES: Mapping[str, str] = {
    "text": "string",
    "code": "string",
    "geometry": "string",
    "integer": "bigint",
    "year": "bigint",
    "decimal": "decimal(18,4)",
    "coordinate": "decimal(9,6)",
    "date": "date",
    "boolean": "boolean",
}
_SETTINGS: Mapping[str, str] = {
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
_LOCAL: Mapping[str, str] = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.driver.host": "localhost",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "4g",
}

_SMALL: Mapping[str, str] = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "1",
}


def spark_lacks() -> Literal["pyspark", "java", ""]:
    """Return what this machine lacks for Spark, "" where both are there. Nothing is started."""
    if find_spec("pyspark") is None:
        return "pyspark"
    home = os.environ.get("JAVA_HOME")  # as pyspark looks for it: there first, and then nowhere else
    return "" if shutil.which(os.path.join(home, "bin", "java") if home else "java") else "java"  # noqa: PTH118 - a program's name


def local_session(cores: int = 2, *, small: bool = False) -> Any:
    """Return a Spark session on this machine (needs Java 17 and the spark extra).

    small: for a few counties, where compiling Java code takes longer than the rows do.
    """
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(f"local[{cores}]").appName("junheng")
    nothing_here = {"spark.sql.warehouse.dir": str(Path(gettempdir()) / "junheng-spark")}  # else an empty folder where the command is run
    for name, value in {**_LOCAL, **_SETTINGS, **nothing_here, **(_SMALL if small else {})}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class Spark:
    """Spark over `<folder>/<table>/*.parquet` with a county column. `session` is given by the caller, who also stops it."""

    def __init__(self, folder: Path, session: Any) -> None:
        """Keep folder and session, and put the settings that the statements need."""
        self.folder = folder
        self.session = session
        for name, value in _SETTINGS.items():
            session.conf.set(name, value)

    def counties(self) -> tuple[str, ...]:
        """Return the codes of the counties, in order."""
        return tuple(self.run(EVERY_COUNTY, {})["county"])

    def run(self, statement: Statement, limits: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Return the rows of a statement.

        Spark would compute an expression again for each reader, so one that is read twice becomes a view that is kept while the
        statement runs. The texts are those of the statement.
        """
        for name in statement.tables:
            self._offer(name)
        for name, frame in limits.items():
            self.session.createDataFrame(frame.to_arrow()).createOrReplaceTempView(name)
        kept, twice = [], statement.kept
        try:
            for name, text in statement.expressions:
                view = self.session.sql(text)
                if name in twice:
                    kept.append(view.persist())
                view.createOrReplaceTempView(name)
            found = pl.from_arrow(self.session.sql(statement.answer).toArrow())
        finally:
            for view in kept:
                view.unpersist()
        assert isinstance(found, pl.DataFrame)
        return found

    def _offer(self, name: str) -> None:
        if any((self.folder / name).glob("*.parquet")):
            files = self.session.read.option("mergeSchema", "true").parquet(str(self.folder / name))
            frame = files.selectExpr(*given_columns(name, files.columns, _SPARK_TYPES, f"{name}/*.parquet"))
        else:
            (columns,) = base_columns([name]).values()
            types = {column.name: _SPARK_TYPES[column.type] for column in schema().tables[name].columns}
            frame = self.session.createDataFrame([], ", ".join(f"{column} {types.get(column, 'string')}" for column in columns))
        frame.createOrReplaceTempView(f"returned_{name}")
