"""A roster of pupils is counted into classes and enrolment; what is not known stays unknown, and only what was named is read or written."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from junheng.indicators import DuckDB, evaluate
from junheng.indicators.pupils import ROSTER, Tally, tally
from junheng.model import schema
from tests.indicators.small import rules

PUPILS = [
    *[("110000", "A", "primary", "1", "1班")] * 3,
    *[("110000", "A", "primary", "2", "1班")] * 5,
    *[("110000", "B", "primary", "1", None)] * 2,
    *[("110000", "B", "primary", None, "2班")] * 4,
    ("110000", None, "primary", "1", "1班"),
    ("110001", "A", "junior", "7", "1班"),
]


def roster(folder: Path, rows: list[tuple[str | None, ...]]) -> Path:
    folder.mkdir()
    frame = pl.DataFrame(rows, schema=dict.fromkeys(ROSTER, pl.String()), orient="row")
    frame.with_columns(name=pl.lit("never read")).write_parquet(folder / "part.parquet")
    return folder


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name / "*.parquet").sort("county", "school", "stage", "grade")


def test_pupils_are_counted_into_classes_and_enrolment(tmp_path: Path):
    found = tally(roster(tmp_path / "roster", PUPILS), tmp_path / "out")
    assert found == Tally(pupils=16, classes=4, unplaced=1, without_class=2)
    classes = table(tmp_path / "out", "classes").select("county", "school", "stage", "class", "grade", "pupils").rows()
    assert classes == [
        ("110000", "A", "primary", "1/1班", "1", 3),
        ("110000", "A", "primary", "2/1班", "2", 5),
        ("110000", "B", "primary", "1/", "1", None),  # two pupils in a class that nobody named
        ("110000", "B", "primary", "all/2班", "all", 4),
        ("110001", "A", "junior", "7/1班", "7", 1),
    ]
    enrolment = table(tmp_path / "out", "enrolment")
    assert enrolment.select("county", "school", "grade", "sex", "pupils").rows() == [
        ("110000", "A", "1", "all", 3),
        ("110000", "A", "2", "all", 5),
        ("110000", "B", "1", "all", 2),
        ("110000", "B", "all", "all", 4),
        ("110001", "A", "7", "all", 1),
    ]
    assert enrolment["boarders"].null_count() == enrolment.height  # not told by a roster


def test_the_tables_are_those_of_a_county_and_are_evaluated(tmp_path: Path):
    out = tmp_path / "out"
    tally(roster(tmp_path / "roster", PUPILS), out)
    for name in ("classes", "enrolment"):
        assert set(table(out, name).columns) == {"county", *schema().tables[name].names}
    schools = [("110000", "A"), ("110000", "B"), ("110001", "A")]
    columns = {column: pl.Series([None] * len(schools), dtype=dtype) for column, dtype in schema().dtypes("schools").items()}
    (out / "schools").mkdir()
    frame = pl.DataFrame(columns).with_columns(pl.DataFrame(schools, schema=["county", "school"], orient="row"))
    frame.write_parquet(out / "schools" / "part.parquet")
    card = evaluate(out, None, rules(), also=["class_size.mean", "class_size.largest"], engine=DuckDB(out))
    means = {(row["county"], row["school"]): row["value"] for row in card.of("class_size.mean").iter_rows(named=True)}
    assert means == {("110000", "A"): 4.0, ("110000", "B"): 3.0, ("110001", "A"): 1.0}
    largest = {row["school"]: row["value"] for row in card.of("class_size.largest", "110000").iter_rows(named=True)}
    assert largest == {"A": 5.0, "B": None}  # a class of unknown size may be the largest


def test_a_roster_without_pupils_gives_empty_tables(tmp_path: Path):
    assert tally(roster(tmp_path / "roster", []), tmp_path / "out") == Tally(0, 0, 0, 0)
    assert table(tmp_path / "out", "classes").is_empty()


def test_tables_are_replaced_and_nothing_is_left_aside(tmp_path: Path):
    source, out = roster(tmp_path / "roster", PUPILS), tmp_path / "out"
    tally(source, out)
    assert tally(source / "part.parquet", out, threads=1, memory_mb=200).pupils == len(PUPILS)
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()) == [
        "classes/part-0.parquet",
        "enrolment/part-0.parquet",
    ]


def test_a_column_that_is_missing_is_an_error(tmp_path: Path):
    (tmp_path / "roster").mkdir()
    pl.DataFrame({"county": ["110000"]}).write_parquet(tmp_path / "roster" / "part.parquet")
    with pytest.raises(Exception, match="school"):
        tally(tmp_path / "roster", tmp_path / "out")
