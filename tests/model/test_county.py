from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.errors import DataError
from junheng.model import County, county, digest, empty_table, key_text, schema
from tests.model.made import CODE, PRIMARY, counties, made, pupils, school


def test_every_table_is_there_and_typed_even_when_nothing_was_sent() -> None:
    empty = county(CODE, 2025)
    assert list(empty.tables) == list(schema().tables)
    for name, frame in empty.tables.items():
        assert dict(frame.schema) == schema().dtypes(name)
        assert frame.equals(empty_table(name))


def test_unknown_tables_columns_and_misfits_are_told_together() -> None:
    with pytest.raises(DataError) as refusal:
        county(
            CODE,
            2025,
            {
                "scholls": pl.DataFrame({"school": ["1"]}),
                "enrolment": pl.DataFrame({"school": [PRIMARY], "pupil": [3]}),
                "schools": pl.DataFrame({"school": [PRIMARY, PRIMARY], "built_year": ["1999", "long ago"], "boarding": ["true", "ja"]}),
            },
        )
    told = [(one.rule, one.place.table, one.place.column) for one in refusal.value.findings]
    assert told == [
        ("model.unknown_table", "scholls", ""),
        ("model.value_of_another_type", "schools", "built_year"),
        ("model.value_of_another_type", "schools", "boarding"),
        ("model.unknown_column", "enrolment", "pupil"),
    ]
    assert refusal.value.findings[1].place.row == 2


@given(counties(), st.randoms(use_true_random=False))
def test_the_digest_does_not_see_the_order_of_rows_or_columns(one: County, chance: random.Random) -> None:
    def shuffled(frame: pl.DataFrame) -> pl.DataFrame:
        rows, columns = list(range(frame.height)), list(frame.columns)
        chance.shuffle(rows)
        chance.shuffle(columns)
        return frame[rows].select(columns)

    other = county(one.code, one.year, {name: shuffled(frame) for name, frame in one.tables.items() if frame.height})
    assert digest(other) == digest(one)


def test_the_digest_does_not_see_the_order_of_rows_that_share_a_key() -> None:
    first, second = school(name="甲"), school(name="乙")
    assert digest(made(schools=[first, second])) == digest(made(schools=[second, first]))


def test_the_digest_sees_every_value_and_the_year_but_not_the_origins() -> None:
    one = made(enrolment=[pupils(30)])
    assert digest(one) != digest(made(enrolment=[pupils(31)]))
    assert digest(one) != digest(made(enrolment=[pupils(None)]))
    assert digest(one) != digest(made(2024, enrolment=[pupils(30)]))
    origins = {"enrolment": pl.DataFrame({"key": ["k"], "column": ["pupils"], "file": ["f"], "sheet": ["s"], "cell": ["A1"]})}
    assert digest(County(one.code, one.year, one.tables, origins)) == digest(one)


def test_a_key_is_one_text() -> None:
    one = made(village_population=[{"village": "620725100001", "age": 6, "sex": "all", "persons": 4}])
    assert one.tables["village_population"].select(key_text("village_population")).item() == "620725100001|6|all"
