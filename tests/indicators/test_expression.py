"""Missing is not zero: which rows lack an input that a formula needs."""

from __future__ import annotations

import duckdb
import pytest

from junheng.indicators.expression import row_missing, text_of
from junheng.indicators.sql import parse


@pytest.mark.parametrize(
    ("formula", "row", "missing"),
    [
        ("sum(a + b)", {"a": 1, "b": 2}, False),
        ("sum(a + b)", {"a": 1, "b": None}, True),
        ("sum(case when k = 'x' then a else b end)", {"k": "x", "a": 1, "b": None}, False),  # the branch not taken is not needed
        ("sum(case when k = 'x' then a else b end)", {"k": "y", "a": 1, "b": None}, True),
        ("sum(case when k = 'x' then a else b end)", {"k": None, "a": 1, "b": 1}, True),
        ("count(case when a > 45 then k end)", {"a": None, "k": "c"}, True),
        ("count(case when a > 45 then k end)", {"a": 45, "k": "c"}, False),
        ("sum(case when k = 'x' or f then a else 0 end)", {"k": "x", "f": None, "a": 1}, False),  # known whatever f holds
        ("sum(case when k = 'x' or f then a else 0 end)", {"k": "y", "f": None, "a": 1}, True),
        ("count(case when k = 'x' and f then a end)", {"k": "y", "f": None, "a": None}, False),
        ("sum(coalesce(a, b))", {"a": None, "b": 2}, False),
        ("sum(coalesce(a, b))", {"a": None, "b": None}, True),
        ("count(case when a is null then k end)", {"a": None, "k": "c"}, False),  # asked about, not needed
        ("sum(a / nullif(b, 0))", {"a": 1, "b": 0}, True),  # a quotient by zero has no value
        ("sum(greatest(a, b))", {"a": 1, "b": None}, True),
        ("sum(case when a in (1, 2) then b end)", {"a": None, "b": 1}, True),
        ("sum(case when a between 1 and 2 then b end)", {"a": 3, "b": None}, False),
        ("sum(a) / nullif(sum(b), 0)", {"a": 1, "b": None}, True),
    ],
)
def test_which_rows_lack_an_input(formula: str, row: dict[str, object], missing: bool):
    types = {"k": "varchar", "f": "boolean"}
    values = ", ".join(f"cast({'null' if v is None else repr(v)} as {types.get(c, 'int')}) as {c}" for c, v in row.items())
    condition = row_missing(parse(formula)) or "false"
    [(found,)] = duckdb.sql(f"select ({condition}) is true from (select {values})").fetchall()
    assert found is missing


def test_a_mask_reaches_every_aggregate_and_nothing_else():
    assert text_of(parse("sum(a) / nullif(avg(b), 0)"), "m") == (
        "(cast(sum(a) filter (where m) as double) / "
        "cast(nullif((cast(sum(b) filter (where m) as double) / nullif(count(b) filter (where m), 0)), 0) as double))"
    )


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("sum(a)", 7),
        ("count(a)", 1),
        ("count(b)", 0),
        ("count(distinct a)", 1),
        ("max(a) - min(a)", 0),
        ("avg(a)", 7.0),
        ("sum(case when a > 5 then a end) / nullif(count(a), 0)", 7.0),
    ],
)
def test_a_group_of_one_row_has_the_value_of_its_row(formula: str, value: object):
    node, row = parse(formula), "(select cast(7 as int) as a, cast(null as int) as b)"
    [(grouped, alone)] = duckdb.sql(f"select {text_of(node)}, any_value({text_of(node, one_row=True)}) from {row}").fetchall()
    assert grouped == alone == value
    [(masked,)] = duckdb.sql(f"select {text_of(parse('count(a)'), 'a > 9', one_row=True)} from {row}").fetchall()
    assert masked == 0
