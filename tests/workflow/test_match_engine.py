"""Lists are compared on DuckDB or on Spark with one result; a machine without Spark is told what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from junheng.present.cli.main import called
from tests.qinghe import QINGHE

LISTS = QINGHE / "lists"
SIDES = (str(LISTS / "学籍册.xlsx"), str(LISTS / "民政.csv"))


def test_a_machine_without_spark_is_told_so_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "no java here"))
    out = tmp_path / "out"
    assert called(["match", "lists", *SIDES, "-o", str(out), "--engine", "spark", "--lang", "en"]) == 3
    told = capsys.readouterr()
    assert "a machine with pyspark and Java 17" in told.out + told.err
    assert "leave --engine out" in told.out + told.err
    assert not out.exists()


@pytest.mark.spark
@pytest.mark.filterwarnings("default")
def test_spark_writes_what_duckdb_writes(tmp_path: Path, program: Callable[..., str]) -> None:
    program("java")
    for engine in ("duckdb", "spark"):
        assert called(["match", "lists", *SIDES, "-o", str(tmp_path / engine), "--engine", engine, "--today", "2026-03-01"]) == 0
    here, there = ({path.name: path for path in (tmp_path / engine).iterdir()} for engine in ("duckdb", "spark"))
    assert here.keys() == there.keys() >= {"pairs.csv", "model.yaml", "matched.xlsx"}
    assert here["pairs.csv"].read_bytes().count(b",same,") > 200
    for name in ("pairs.csv", "model.yaml", "comparison.yaml"):
        assert there[name].read_bytes() == here[name].read_bytes()
