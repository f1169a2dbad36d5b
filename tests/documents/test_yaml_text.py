from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.documents import parse_yaml, write_yaml
from junheng.errors import DataError

TEXT = """\
title: {zh: 班额上限, en: Largest class allowed}
unit: pupils/class
values:
  primary:
    2017-04-19: {value: 45, source: moe-2017-6#5}
  junior:
    2017-04-19:
      value: 0.85
notes:
  - on
  - "2"
"""

_scalars = st.none() | st.booleans() | st.integers() | st.dates() | st.text(st.characters(exclude_categories=["C"]), max_size=8)
_keys = st.text("abcdefgh_", min_size=1, max_size=5)
_data = st.recursive(_scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3), max_leaves=8)


@given(st.dictionaries(_keys, _data, min_size=1, max_size=4))
def test_what_is_written_is_read_back(data: dict[str, Any]) -> None:
    assert parse_yaml(write_yaml(data), "x.yaml").data == data


@given(st.decimals(-(10**9), 10**9, places=4) | st.integers(-9, 9).map(Decimal))
def test_a_decimal_stays_exact(value: Decimal) -> None:
    assert parse_yaml(write_yaml({"value": value}), "x.yaml").data["value"] == value


def test_values_have_the_type_a_reader_expects() -> None:
    data = parse_yaml(TEXT, "maximum.yaml").data
    assert data["values"]["primary"] == {date(2017, 4, 19): {"value": 45, "source": "moe-2017-6#5"}}
    assert data["values"]["junior"][date(2017, 4, 19)]["value"] == Decimal("0.85")
    assert data["notes"] == ["on", "2"]  # `on` is a text and not a yes


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        ("no", "no"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("010", "010"),
        ("1:30", "1:30"),
        ("~", None),
        ("true", True),
        ("2017-02-30", "2017-02-30"),
    ],
)
def test_the_surprises_of_old_yaml_are_gone(scalar: str, value: object) -> None:
    assert parse_yaml(f"key: {scalar}", "x.yaml").data["key"] == value


def test_keys_and_items_know_their_line() -> None:
    document = parse_yaml(TEXT, "maximum.yaml")
    assert document.line("values", "junior") == 6
    assert document.line("values", "junior", "2017-04-19", "value") == 8
    assert document.line("notes", 1) == 11
    assert document.line("values", "junior", "missing") == 6
    assert document.place("notes", 1).of("en") == "maximum.yaml, row 11, column notes.1"


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: 1\na: 2\n", "yaml_repeated_key", 2),
        ("a: 1\n  b: 2\n", "yaml_syntax", 2),
        ("a: 1\n\tb: 2\n", "yaml_syntax", 2),
        ("a: &x 1\nb: *x\n", "yaml_alias", 2),
        ("a: &x [*x]\n", "yaml_alias", 1),
        ("a: 1\nb: !!str 2\n", "yaml_tag", 2),
        ("a: " + "[" * 100_000, "yaml_too_deep", 1),
    ],
)
def test_a_yaml_text_that_is_not_well_formed_is_refused_with_its_line(text: str, rule: str, line: int) -> None:
    with pytest.raises(DataError) as refusal:
        parse_yaml(text, "x.yaml")
    assert [(one.rule, one.place.row) for one in refusal.value.findings] == [(f"documents.{rule}", line)]


def test_tags_make_no_objects() -> None:
    with pytest.raises(DataError):
        parse_yaml("a: !!python/object/apply:os.system ['true']\n", "x.yaml")


def test_an_empty_text_is_nothing() -> None:
    assert parse_yaml("", "x.yaml").data is None
    assert parse_yaml("# only a comment\n", "x.yaml").data is None
