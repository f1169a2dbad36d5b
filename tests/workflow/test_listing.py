"""Standards as an officer asks for them."""

from datetime import date

import pytest

from junheng.workflow import DataError
from junheng.workflow.listing import list_standards


def test_all_values_that_hold_today_carry_source_and_confidence():
    rows = list_standards(day=date(2026, 1, 1))
    assert len(rows) > 200
    assert all(row.source.key and row.source.confidence and row.confidence.zh for row in rows)
    assert all(row.holds for row in rows)


def test_one_standard_shows_its_history():
    rows = list_standards(standard="funds.basic_quota.minimum", day=date(2026, 1, 1))
    assert len({row.source.day for row in rows}) > 1
    assert sum(row.holds for row in rows) == len({row.selector for row in rows})


def test_an_unknown_standard_names_the_nearest():
    with pytest.raises(DataError) as error:
        list_standards(standard="class_size.maximal")
    (found,) = error.value.findings
    assert "class_size.maximum" in found.expected.zh


def test_a_day_before_every_value_has_none():
    assert list_standards(day=date(1949, 1, 1)) == ()
