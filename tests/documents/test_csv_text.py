from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.documents import parse_csv, parse_csv_columns, write_csv
from junheng.errors import DataError

_cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)


@given(st.lists(st.tuples(_cells, _cells, _cells), max_size=8))
def test_what_is_written_is_read_back(rows: list[tuple[str, str, str]]) -> None:
    text = write_csv(["a", "b", "c"], rows)
    read = parse_csv(text, "x.csv")
    assert [tuple(row.values.values()) for row in read] == rows
    assert write_csv(["a", "b", "c"], [tuple(row.values.values()) for row in read]) == text
    assert [*parse_csv_columns(text, "x.csv").lines] == [row.line for row in read]


def test_rows_know_their_line_even_after_a_cell_of_several_lines() -> None:
    text = '\ufeffname,note\r\n甲,"第一行\n第二行"\r\n\r\n乙,\r\n'
    assert [(row.line, row.values["name"]) for row in parse_csv(text, "x.csv")] == [(2, "甲"), (5, "乙")]
    assert parse_csv_columns(text, "x.csv").columns == {"name": ["甲", "乙"], "note": ["第一行\n第二行", ""]}


def test_every_row_of_another_width_is_named() -> None:
    with pytest.raises(DataError) as refusal:
        parse_csv("a,b\n1\n1,2\n1,2,3\n", "x.csv")
    assert [(one.rule, one.place.row, one.found.en) for one in refusal.value.findings] == [
        ("documents.csv_width", 2, "1 cells"),
        ("documents.csv_width", 4, "3 cells"),
    ]


@pytest.mark.parametrize(
    ("text", "rule"), [("a,b,a\n1,2,3\n", "csv_repeated_column"), ('a,b\n1,"2\n', "csv_syntax"), ('a\n"x"y\n', "csv_syntax")]
)
def test_a_csv_text_that_is_not_well_formed_is_refused(text: str, rule: str) -> None:
    with pytest.raises(DataError) as refusal:
        parse_csv(text, "x.csv")
    assert [one.rule for one in refusal.value.findings] == [f"documents.{rule}"]


def test_nothing_has_no_rows() -> None:
    assert parse_csv("", "x.csv") == []
    assert parse_csv_columns("a,b\n", "x.csv") == ({"a": [], "b": []}, [])


def test_a_row_of_one_empty_cell_is_no_blank_line() -> None:
    text = write_csv(["a"], [[None], ["x"]])
    assert text == 'a\n""\nx\n'
    assert [row.values["a"] for row in parse_csv(text, "x.csv")] == ["", "x"]
