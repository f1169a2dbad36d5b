"""Age groups that overlap or end before they begin."""

from __future__ import annotations

import polars as pl

from junheng.model import check, county


def rules(*groups: tuple[int, int | None], sexes: tuple[str, ...] = ("all",)) -> list[str]:
    rows = [
        {"county": "430304", "basis": "resident", "sex": sex, "age_first": first, "age_last": last, "persons": 10}
        for sex in sexes
        for first, last in groups
    ]
    found = check(county("430304", 2020, {"age_groups": pl.DataFrame(rows)}))
    return [finding.rule for finding in found]


def test_groups_one_after_the_other_with_an_open_end_are_in_order() -> None:
    assert rules((0, 0), (1, 4), (5, 9), (85, None), sexes=("male", "female")) == []


def test_an_age_in_two_groups_is_found() -> None:
    assert rules((0, 4), (1, 4), (5, 9)) == ["model.age_groups_overlap"]
    assert rules((0, 4), (4, 9)) == ["model.age_groups_overlap"]
    assert rules((60, None), (65, None)) == ["model.age_groups_overlap"]


def test_a_group_that_ends_before_it_begins_is_found() -> None:
    assert rules((5, 4)) == ["model.age_group_backwards"]
