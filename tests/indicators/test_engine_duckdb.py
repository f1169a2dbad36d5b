"""DuckDB: the same answer from frames and from Parquet, and nothing but the County's tables in reach."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from junheng.errors import DataError
from junheng.indicators import DuckDB, evaluate, shipped_catalogue
from junheng.indicators.engine_duckdb import united
from junheng.indicators.statement import Statement
from junheng.model import schema
from tests.indicators.small import QUALITY, pupils, rules, school, small


def two_counties():
    return [
        small(
            code,
            schools=[school(f"{code}A"), school(f"{code}N", "nine_year")],
            enrolment=[pupils(f"{code}A", "primary", n), pupils(f"{code}N", "junior", n)],
        )
        for code, n in (("110101", 100), ("990101", 60))
    ]


def parquet(folder: Path) -> Path:
    for name in schema().tables:
        frame = united(two_counties(), name)
        if frame.height:
            (folder / name).mkdir()
            frame.write_parquet(folder / name / "part-0.parquet")
    return folder


def test_frames_and_parquet_give_the_same_items(tmp_path: Path):
    framework, also = rules().framework(QUALITY), list(shipped_catalogue())
    frames = evaluate(two_counties(), framework, rules(), also=also)
    files = evaluate(parquet(tmp_path), framework, rules(), also=also)
    assert files.items.equals(frames.items)
    assert files.counties == ("110101", "990101")
    assert files.statement == frames.statement


def test_an_optional_column_that_older_files_lack_counts_as_no_data(tmp_path: Path):
    framework = rules().framework(QUALITY)
    file = parquet(tmp_path) / "schools" / "part-0.parquet"
    frame = pl.read_parquet(file)
    old, new = frame.filter(pl.col("county") == "110101"), frame.filter(pl.col("county") == "990101")
    assert old.height
    assert new.height
    old.drop("built_year").write_parquet(file)
    new.write_parquet(file.with_name("part-1.parquet"))
    frames = evaluate(two_counties(), framework, rules())
    assert evaluate(tmp_path, framework, rules()).items.equals(frames.items)
    new.drop("built_year").write_parquet(file.with_name("part-1.parquet"))
    assert evaluate(tmp_path, framework, rules()).items.equals(frames.items)


def test_a_column_that_every_row_must_have_is_asked_for_by_name(tmp_path: Path):
    file = parquet(tmp_path) / "schools" / "part-0.parquet"
    pl.read_parquet(file).drop("kind").write_parquet(file)
    with pytest.raises(DataError) as refused:
        evaluate(tmp_path, rules().framework(QUALITY), rules())
    (found,) = refused.value.findings
    assert (found.rule, found.place.column) == ("indicators.parquet_lacks_a_column", "kind")


@pytest.mark.parametrize("threads", [1, 2, None])
def test_any_number_of_threads_gives_the_same_verdicts(threads: int | None):
    framework = rules().framework(QUALITY)
    one = evaluate(two_counties(), framework, rules())
    assert (
        evaluate(two_counties(), framework, rules(), engine=DuckDB(two_counties(), threads=threads))
        .items.drop("value")
        .equals(one.items.drop("value"))
    )


@pytest.mark.parametrize(
    "text",
    [
        "select * from read_csv('{outside}')",
        "select * from read_text('{outside}')",
        "select * from '{outside}'",
        "copy (select 1) to '{outside}'",
        "install json",
        "set enable_external_access = true",
        "attach '{outside}' as other",
        "select * from secret",
    ],
)
def test_nothing_but_the_countys_tables_is_in_reach(text: str, tmp_path: Path):
    outside = tmp_path / "outside.csv"
    outside.write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "inside").mkdir()
    secret = pl.DataFrame({"a": [1]})  # a Python variable, which DuckDB would otherwise find by name
    assert secret.height
    for source in (two_counties(), tmp_path / "inside"):
        with pytest.raises(duckdb.Error):
            DuckDB(source).run(Statement((), text.format(outside=outside), (), ()), {})


def test_an_empty_folder_has_no_counties(tmp_path: Path):
    assert DuckDB(tmp_path).counties() == ()
