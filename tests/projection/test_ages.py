"""Age groups to single ages: totals kept, missing not zero, and how far off they are where single ages are known."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.projection.ages import largest_remainder, single_ages
from junheng.projection.forecast import Floats

FIRST, LAST = (0, 1, 5, 10, 15, 20), (0, 4, 9, 14, 19, 20)
AGES = Path(__file__).parents[2] / "examples/tainan/returns/2014/村里戶數單一年齡人口_10309.csv"


@pytest.fixture(scope="module")
def tainan() -> Floats:
    """Return children of the townships of Tainan by single age, (37, 21)."""
    with AGES.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[2:]
    by_district: dict[str, Floats] = {}
    for row in rows:
        children = np.array([float(cell) for cell in row[6:48]]).reshape(21, 2).sum(axis=1)
        by_district[row[2]] = by_district.get(row[2], np.zeros(21)) + children
    return np.stack([by_district[name] for name in sorted(by_district)])


def grouped(persons: Floats) -> Floats:
    return np.stack([persons[..., first : last + 1].sum(axis=-1) for first, last in zip(FIRST, LAST, strict=True)], axis=-1)


def shared_equally(groups: Floats) -> Floats:
    widths = [last - first + 1 for first, last in zip(FIRST, LAST, strict=True)]
    return np.concatenate([np.repeat(groups[..., [n]] / width, width, axis=-1) for n, width in enumerate(widths)], axis=-1)


def error(made: Floats, true: Floats) -> float:
    """Return the mean absolute error of ages 1 to 19 as a share of their persons."""
    return float(np.abs(made - true)[..., 1:20].sum() / true[..., 1:20].sum())


def test_townships_of_tainan_are_split_nearer_to_the_truth_than_by_equal_shares(tainan: Floats) -> None:
    # The smoothness was chosen on every second township; these are the others.
    others = tainan[1::2]
    made = single_ages(grouped(others), FIRST, LAST)
    assert np.array_equal(grouped(made), grouped(others))
    assert error(shared_equally(grouped(others)), others) == pytest.approx(0.086, abs=0.005)
    assert error(made, others) < 0.060  # measured: 0.057


def test_the_cohorts_of_the_rest_of_the_city_halve_the_error(tainan: Floats) -> None:
    others, shape = tainan[1::2], tainan[::2].sum(axis=0)
    made = single_ages(grouped(others), FIRST, LAST, shape=shape)
    assert error(made, others) < 0.040  # measured: 0.036


def test_a_group_that_was_not_counted_is_unknown_and_an_empty_one_is_empty() -> None:
    made = single_ages(np.array([50.0, np.nan, 0.0, 500.0]), (0, 5, 10, 15), (4, 9, 14, 19))
    assert np.isnan(made[5:10]).all()
    assert (made[10:15] == 0).all()
    assert made[:5].sum() == 50
    assert made[15:].sum() == 500


def test_ages_that_no_group_holds_are_unknown() -> None:
    made = single_ages(np.array([40.0, 60.0]), (0, 10), (4, 14))
    assert np.isnan(made[5:10]).all()
    assert made[10:].sum() == 60


def test_an_open_group_reaches_to_the_top_and_falls_away() -> None:
    made = single_ages(np.array([1000.0, 800.0, 500.0, 300.0]), (70, 75, 80, 85), (74, 79, 84, None), top=100)
    assert made.shape == (101,)
    assert made[85:].sum() == 300
    assert made[86] > made[95] > made[100]


def test_nobody_anywhere_is_nobody_at_any_age() -> None:
    assert (single_ages(np.zeros(2), (0, 5), (4, 9)) == 0).all()
    assert np.isnan(single_ages(np.full(2, np.nan), (0, 5), (4, 9))).all()


@pytest.mark.parametrize(("first", "last"), [((0, 3), (4, 9)), ((5, 0), (9, 4)), ((4,), (0,))])
def test_groups_that_overlap_are_refused(first: tuple[int, ...], last: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="age group"):
        single_ages(np.ones(len(first)), first, last)


@given(st.lists(st.integers(0, 100_000), min_size=4, max_size=4), st.integers(0, 3))
def test_every_total_is_kept_and_nobody_is_negative(counts: list[int], missing: int) -> None:
    persons = np.array(counts, dtype=np.float64)
    persons[missing] = np.nan
    made = single_ages(persons, (0, 1, 5, 10), (0, 4, 9, None), top=30)
    ends = (1, 5, 10, 31)
    for group, (start, end) in enumerate(zip((0, 1, 5, 10), ends, strict=True)):
        part = made[start:end]
        if group == missing:
            assert np.isnan(part).all()
        else:
            assert part.sum() == counts[group]
            assert (part >= 0).all()
            assert (part == np.round(part)).all()


def test_a_series_does_not_depend_on_those_split_beside_it(tainan: Floats) -> None:
    alone = single_ages(grouped(tainan[:1]), FIRST, LAST)
    assert np.array_equal(alone, single_ages(grouped(tainan), FIRST, LAST)[:1])


def test_largest_remainder_gives_the_last_one_to_the_largest_fraction() -> None:
    # 10 in the proportion 1 : 1 : 1.3 is 3.03, 3.03, 3.94: the tenth goes to the last.
    assert largest_remainder(np.array([[1.0, 1.0, 1.3]]), np.array([10.0])).tolist() == [[3.0, 3.0, 4.0]]
    assert largest_remainder(np.zeros((1, 3)), np.array([4.0])).tolist() == [[2.0, 1.0, 1.0]]
