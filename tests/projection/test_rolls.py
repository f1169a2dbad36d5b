"""Rolls from returns: what is missing stays missing, and schools are followed through merging, closing, opening and new codes."""

from __future__ import annotations

import numpy as np
import polars as pl

from junheng.projection.rolls import rolls
from tests.projection.counts import returned


def found(findings: object) -> list[str]:
    return [one.rule.removeprefix("projection.") for one in findings]  # type: ignore[attr-defined]


def test_years_are_consecutive_and_a_missing_one_is_not_known() -> None:
    known, findings = rolls([returned(2003, {"A": {"1": 12}}), returned(2001, {"A": {"1": 10}})])
    assert known.years == (2001, 2002, 2003)
    assert known.pupils[[0, 2], 0, 0].tolist() == [10, 12]
    assert np.isnan(known.pupils[1]).all()
    assert "year_missing" in found(findings)


def test_one_year_only_is_said() -> None:
    known, findings = rolls([returned(2025, {"A": {"1": 10, "2": 9}})])
    assert known.pupils.shape == (1, 1, 2)
    assert found(findings) == ["one_year_only"]


def test_a_school_that_is_listed_and_not_counted_is_not_empty() -> None:
    known, findings = rolls([returned(2024, {"A": {"1": 10}, "B": {"1": 5}}), returned(2025, {"A": {"1": 11}, "B": {}})])
    assert np.isnan(known.pupils[1, 1, 0])
    assert "school_not_counted" in found(findings)


def test_a_count_left_empty_is_not_zero() -> None:
    known, _ = rolls([returned(2024, {"A": {"1": 10, "2": None}}), returned(2025, {"A": {"1": 11, "2": 12}})])
    assert np.isnan(known.pupils[0, 0, 1])
    assert known.pupils[0, 0, 0] == 10


def test_a_school_that_appears_or_disappears_is_empty_before_and_after() -> None:
    years = [
        returned(2023, {"A": {"1": 10}, "B": {"1": 5}}),
        returned(2024, {"A": {"1": 15}}),
        returned(2025, {"A": {"1": 9}, "C": {"1": 6}}),
    ]
    known, findings = rolls(years)
    assert known.schools == ("A", "B", "C")
    assert known.pupils[:, :, 0].tolist() == [[10, 5, 0], [15, 0, 0], [9, 0, 6]]
    assert sorted(found(findings)) == ["school_closed", "school_opened"]


def test_a_school_that_merges_is_counted_with_its_successor_in_every_year() -> None:
    before = returned(2024, {"A": {"1": 10}, "B": {"1": 5}, "C": {"1": 3}})
    changes = [
        {"school": "B", "kind": "merge", "year": 2025, "successor": "D"},
        {"school": "D", "kind": "recode", "year": 2025, "successor": "A"},
    ]
    after = returned(2025, {"A": {"1": 16}, "C": {"1": 3}}, changes)
    known, findings = rolls([before, after])
    assert known.schools == ("A", "C")
    assert known.pupils[:, :, 0].tolist() == [[15, 3], [16, 3]]
    assert found(findings) == []


def test_schools_that_succeed_each_other_in_a_circle_are_named() -> None:
    changes = [
        {"school": "A", "kind": "recode", "year": 2025, "successor": "B"},
        {"school": "B", "kind": "recode", "year": 2025, "successor": "A"},
    ]
    _, findings = rolls([returned(2024, {"A": {"1": 10}}), returned(2025, {"A": {"1": 11}}, changes)])
    assert "successors_in_a_circle" in found(findings)


def test_a_grade_empty_for_a_time_is_zero_then_and_is_said() -> None:
    years = [
        returned(2023, {"A": {"1": 4, "2": 5, "3": 6}}),
        returned(2024, {"A": {"1": 4, "3": 5}}),
        returned(2025, {"A": {"1": 4, "2": 4, "3": 1}}),
    ]
    known, findings = rolls(years)
    assert known.pupils[1, 0].tolist() == [4, 0, 5]
    assert found(findings) == ["grade_empty_then_not"]


def test_a_stage_whose_grades_were_not_returned_in_every_year_is_taken_whole() -> None:
    whole = returned(2024, {"A": {"1": 30}})
    whole.tables["enrolment"].replace_column(2, pl.Series("grade", ["all"]))  # a frame of the test's own, not yet read by anybody
    known, findings = rolls([whole, returned(2025, {"A": {"1": 12, "2": 19}})])
    assert known.grades == (("primary", "all"),)
    assert known.pupils[:, 0, 0].tolist() == [30, 31]
    assert "years_without_grades" in found(findings)


def test_a_stage_is_empty_before_its_first_pupils() -> None:
    years = [returned(2024, {"A": {"6": 30}}), returned(2025, {"A": {"6": 31, "7": 29}})]
    known, _ = rolls(years)
    assert known.grades == (("primary", "6"), ("junior", "7"))
    assert known.pupils[0, 0].tolist() == [30, 0]


def test_zones_are_townships_and_the_county_where_none_is_known() -> None:
    known, _ = rolls([returned(2025, {"A": {"1": 10}})])
    assert known.zones == ("T1",)
    bare, _ = rolls([returned(2025, {"A": {"1": 10}}, district=None)])
    assert bare.zones == ("999999",)
