"""Scores by hand, and ratios of small numbers that lean as they should."""

from __future__ import annotations

import numpy as np
import pytest

from junheng.projection import scores
from junheng.projection.shrink import pooled, remembered


def test_errors_and_bias_by_hand() -> None:
    middle, actual = np.array([110.0, 90, 5, 7]), np.array([100.0, 100, 0, np.nan])
    assert scores.mape(middle, actual) == pytest.approx(10)  # of nobody there is no percentage, of what is not known neither
    assert scores.bias(middle, actual) == pytest.approx(100 * (205 / 200 - 1))


def test_the_weighted_interval_score_by_hand() -> None:
    bands = np.array([[80.0], [90], [100], [110], [120]])
    # inside both: (0.5 x 5 + 0.25 x 20 + 0.1 x 40) / 2.5
    assert scores.wis(bands, np.array([105.0])) == pytest.approx((2.5 + 5 + 4) / 2.5)
    # ten above the wider band: (0.5 x 30 + 5 + 20 + 4 + 10) / 2.5
    assert scores.wis(bands, np.array([130.0])) == pytest.approx((15 + 5 + 20 + 4 + 10) / 2.5)


def test_the_ends_of_a_band_belong_to_it() -> None:
    low, high = np.full(3, 9.6), np.full(3, 12.2)
    assert scores.coverage(low, high, np.array([9.0, 13, 14])) == pytest.approx(2 / 3)


def test_what_nothing_is_known_of_has_no_score() -> None:
    nothing = np.array([np.nan])
    assert np.isnan(scores.mape(nothing, nothing))
    assert np.isnan(scores.wis(np.full((5, 1), np.nan), nothing))


def test_older_years_count_less() -> None:
    assert remembered(np.array([1.0, 1, 1]), 0.5) == pytest.approx(1.75)


def test_units_that_do_not_differ_lean_wholly_on_their_parent() -> None:
    rng = np.random.default_rng(1)
    expected = np.full((8, 30, 1), 20.0)
    ratios = pooled(rng.poisson(expected).astype(float), expected, 1.0)
    assert np.abs(ratios - 1).max() < 0.05


def test_units_that_differ_year_after_year_are_believed() -> None:
    expected = np.full((8, 30, 1), 50.0)
    true = np.where(np.arange(30) < 5, 0.2, 1.16)[None, :, None]
    ratios = pooled(np.random.default_rng(1).poisson(expected * true).astype(float), expected, 1.0)
    assert ratios[:5, 0] == pytest.approx(np.full(5, 0.2), abs=0.1)


def test_a_small_unit_leans_more_than_a_large_one_with_the_same_ratio() -> None:
    expected = np.concatenate([np.full((6, 20, 1), 500.0), np.full((6, 1, 1), 5.0)], axis=1)
    true = np.concatenate([np.repeat([0.8, 1.2], 10), [1.2]])[None, :, None]
    ratios = pooled(expected * true, expected, 1.0)[:, 0]
    assert 1 < ratios[20] <= ratios[10]
