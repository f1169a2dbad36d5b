"""Spark: runs the same statement text on Parquet, locally or on a cluster. The one wrapper of pyspark, which is an extra.

Settings that make Spark agree with DuckDB: decimals keep their precision (allowPrecisionLoss off), and sums of doubles are the only thing
that may differ, in the last digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from junheng.indicators.relation import base_columns
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
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.host": "localhost",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "4g",
}


def local_session(cores: int = 2) -> Any:
    """Return a Spark session on this machine (needs Java 17 and the spark extra)."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(f"local[{cores}]").appName("junheng")
    for name, value in {**_LOCAL, **_SETTINGS}.items():
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
        rows = self.run("select distinct county from returned_schools order by county", ("schools",), {})
        return tuple(rows["county"])

    def run(self, text: str, tables: Iterable[str], limits: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Return the rows of a statement."""
        for name in tables:
            self._offer(name)
        for name, frame in limits.items():
            self.session.createDataFrame(frame.to_arrow()).createOrReplaceTempView(name)
        found = pl.from_arrow(self.session.sql(text).toArrow())
        assert isinstance(found, pl.DataFrame)
        return found

    def _offer(self, name: str) -> None:
        (columns,) = base_columns([name]).values()
        if any((self.folder / name).glob("*.parquet")):
            frame = self.session.read.parquet(str(self.folder / name)).select(*columns)
        else:
            types = {column.name: _SPARK_TYPES[column.type] for column in schema().tables[name].columns}
            frame = self.session.createDataFrame([], ", ".join(f"{column} {types.get(column, 'string')}" for column in columns))
        frame.createOrReplaceTempView(f"returned_{name}")
