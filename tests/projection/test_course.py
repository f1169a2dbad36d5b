"""The course of the entry ratio: a mean where it swings, its trend where that was nearer on the county's own years."""

from __future__ import annotations

import numpy as np
import pytest

from junheng.projection.course import course
from junheng.projection.method import DEFAULT
from junheng.projection.predict import forecast
from tests.projection.counts import children, rolls

RISING = np.array([0.46, 0.54, 0.56, 0.61, 0.68, 0.74, 0.78, 0.82])
KINDERGARTEN = (("preschool", "k1"), ("preschool", "k2"), ("preschool", "k3"))


def test_entrants_of_a_county_whose_kindergartens_become_customary_are_not_left_behind() -> None:
    came = 1000 * RISING
    pupils = np.stack([came, came, came], axis=1)[:, None]
    made = forecast(rolls(pupils, KINDERGARTEN), children([[1000.0]] * 8, [[1000.0]] * 3), horizon=3, draws=20)
    entrants = made.middle[:, 0, 0]
    assert entrants[0] == pytest.approx(850, rel=0.03)  # a mean of the past years says 710
    assert entrants[2] > entrants[1] > entrants[0]


def test_a_ratio_that_swings_is_foreseen_by_its_mean() -> None:
    ratio = np.array([0.75, 0.71, 0.78, 0.70, 0.77, 0.72, 0.76, 0.71, 0.74])
    weight = DEFAULT.entry_memory ** np.arange(8, -1, -1)
    assert course(800 * ratio, np.full(9, 800.0), 4, DEFAULT) == pytest.approx([(weight * ratio).sum() / weight.sum()] * 4)


def test_a_trend_fades_and_ends_where_every_child_enters() -> None:
    ahead = course(1000 * RISING, np.full(8, 1000.0), 15, DEFAULT)
    step = np.diff(ahead)
    assert (step >= 0).all()
    assert step[-1] < 0.05 * step[0]
    steep = course(1000 * np.array([0.40, 0.50, 0.60, 0.72, 0.84, 0.97]), np.full(6, 1000.0), 15, DEFAULT)
    assert steep.max() == pytest.approx(1.0)


def test_two_years_more_than_a_trend_needs_are_asked_for_before_it_is_believed() -> None:
    few = course(1000 * RISING[:4], np.full(4, 1000.0), 2, DEFAULT)
    assert few[0] == few[1] < RISING[3]


def test_unknown_years_are_left_out_and_none_at_all_gives_one() -> None:
    after, before = 1000 * RISING, np.full(8, 1000.0)
    after[0], before[1] = 0, np.nan
    assert course(after, before, 2, DEFAULT) == pytest.approx(course(1000 * RISING[2:], np.full(6, 1000.0), 2, DEFAULT))
    assert course(np.zeros(3), np.full(3, np.nan), 2, DEFAULT).tolist() == [1, 1]
