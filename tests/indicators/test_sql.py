"""The wrapper of sqlglot: what is in the language, and what is refused by name."""

from __future__ import annotations

import pytest

from junheng.indicators.expression import text_of
from junheng.indicators.relation import derived
from junheng.indicators.sql import Refused, parse, pruned


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("sum(a - b)", "sum((a - b))"),
        ("count(case when a > {x.y} then b end)", "count(case when (a > p_x__y) then b end)"),
        ("count(distinct a)", "count(distinct a)"),
        ("sum(a) / nullif(sum(b), 0)", "(cast(sum(a) as double) / cast(nullif(sum(b), 0) as double))"),
        ("avg(a)", "(cast(sum(a) as double) / nullif(count(a), 0))"),
        ("a in ('x', 'it''s') and b is not null", "((a in ('x', 'it''s')) and (not (b is null)))"),
        ("a between 1 and 2 or not b", "((a between 1 and 2) or (not b))"),
        ("case a when 1 then b else c end", "case when (a = 1) then b else c end"),
        ("greatest(a, b, -c)", "greatest(a, b, (- c))"),
    ],
)
def test_the_language_is_read(text: str, run: str):
    assert text_of(parse(text)) == run


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("(select 1)", "subquery"),
        ("sum(a) + (select max(b) from staff)", "subquery"),
        ("exists (select 1)", "subquery"),
        ("a in (select b from staff)", "subquery"),
        ("read_csv('/etc/passwd')", "forbidden_function"),
        ("count(read_text('x'))", "forbidden_function"),
        ("glob('*')", "forbidden_function"),
        ("getenv('HOME')", "forbidden_function"),
        ("getvariable('x')", "forbidden_function"),
        ("lower(a)", "forbidden_function"),
        ("a::int", "forbidden_function"),
        ("current_date", "forbidden_function"),
        ("sum(a) over ()", "forbidden_syntax"),
        ("sum(a) filter (where b)", "forbidden_syntax"),
        ("sum(distinct a)", "forbidden_syntax"),
        ("count(*)", "forbidden_syntax"),
        ("count(a, b)", "forbidden_syntax"),
        ("min(a, 3)", "forbidden_syntax"),
        ("staff.a", "forbidden_syntax"),
        ("a like '%x'", "forbidden_syntax"),
        ("a || b", "forbidden_syntax"),
        ("$1", "forbidden_syntax"),
        ("*", "forbidden_syntax"),
        ("sum(a) as total", "forbidden_syntax"),
        ("a; drop table staff", "sql_syntax"),
        ("a from staff", "sql_syntax"),
        ("a, b", "sql_syntax"),
        ("sum(a", "sql_syntax"),
        ("'", "sql_syntax"),
        ("", "sql_syntax"),
    ],
)
def test_everything_else_is_refused_by_name(text: str, rule: str):
    with pytest.raises(Refused) as refused:
        parse(text)
    assert refused.value.problem.rule == f"indicators.{rule}"


def test_a_refusal_shows_limits_as_their_author_wrote_them():
    with pytest.raises(Refused) as refused:
        parse("lower({class_size.maximum})")
    assert refused.value.problem.found.en == "LOWER({class_size.maximum})"


def test_pruning_leaves_out_columns_and_the_joins_that_only_they_need():
    _, mentioned, reads = pruned(derived()["school_stages"].text, {"county", "school", "stage", "pupils"})
    assert reads == {"listed_stages"}
    assert "teachers" not in mentioned


def test_every_column_of_a_derived_table_names_its_table():
    # lineage and pruning match columns by alias: an unqualified column would be lost without a word
    import sqlglot
    from sqlglot import expressions as exp

    for name, table in derived().items():
        bare = [
            column.name
            for column in sqlglot.parse_one(table.text.replace("{", "").replace("}", ""), dialect="duckdb").find_all(exp.Column)
            if not column.table
        ]
        assert not bare, (name, bare)
