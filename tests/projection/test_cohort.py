"""The middle path: by hand where that is possible, and with nobody lost where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.projection.changes import Changes, Opening, admitted, spread
from junheng.projection.cohort import path
from junheng.projection.flows import flows
from junheng.projection.known import known
from junheng.projection.predict import forecast
from tests.projection.counts import NINE, PRIMARY, children, lived, rolls

TWO = (("primary", "1"), ("primary", "2"))


def test_one_school_by_hand() -> None:
    # of 100 in grade 1 always 90 reach grade 2; of 125 children always 100 enter
    counts = [[[100, 90]]] * 4
    middle = path(known(rolls(counts, TWO), children([[125]] * 4, [[250], [125]]), None, 2), 2)
    # next year 250 children: 200 enter, 90 go on; the year after 125: 100 enter, 180 go on
    assert middle[:, 0] == pytest.approx(np.array([[200, 90], [100, 180]]))


def test_where_nobody_counted_children_as_many_enter_as_last_year() -> None:
    middle = path(known(rolls([[[80, 90]], [[90, 80]], [[100, 90]]], TWO), None, None, 3), 3)
    assert middle[:, 0, 0] == pytest.approx([100, 100, 100])


def test_a_year_missing_in_the_middle_counts_as_two_equal_steps() -> None:
    # 100 in grade 1, two years later 81 in grade 3: nine in ten go on each year
    three = (*TWO, ("primary", "3"))
    counts = np.array([[[100.0, 90, 81]], [[np.nan] * 3], [[100, 90, 81]]])
    middle = path(known(rolls(counts, three), children([[100]] * 3, [[100]]), None, 1), 1)
    assert middle[0, 0] == pytest.approx([100, 90, 81])


def test_schools_zones_and_county_add_up_at_every_horizon_and_grade() -> None:
    some, born = lived(1, 12, 9)
    made = forecast(some, children(born[:, None], [[500.0]] * 10), horizon=10, draws=50, seed=3)
    alone = rolls(some.pupils.sum(axis=1, keepdims=True), PRIMARY)
    county = path(known(alone, children(born[:, None], [[500.0]] * 10), None, 10), 10)
    assert made.middle.sum(axis=1) == pytest.approx(county[:, 0], rel=1e-5)


def test_reconciled_totals_are_no_worse_than_a_sum_of_schools_forecast_one_by_one() -> None:
    errors: dict[str, list[float]] = {"parts": [], "reconciled": []}
    for seed in range(8):
        some, _ = lived(seed, 16, 12, births=12.0)
        then = rolls(some.pupils[:11], PRIMARY, tuple(some.zone.tolist()))
        data = known(then, None, None, 5)
        parts = sum(path(known(rolls(then.pupils[:, [unit]], PRIMARY), None, None, 5), 5)[4] for unit in range(12))[0]
        actual = some.pupils[15].sum(axis=0)
        errors["parts"] += list(np.abs(parts / actual - 1)[5:])
        errors["reconciled"] += list(np.abs(path(data, 5)[4].sum(axis=0) / actual - 1)[5:])
    assert np.mean(errors["reconciled"]) <= np.mean(errors["parts"])


def test_every_pupil_is_entered_moved_left_or_promoted() -> None:
    some, born = lived(2, 10, 6)
    middle = path(known(some, children(born[:, None], [[400.0]] * 8), None, 8), 8)
    told = flows(some, middle)
    assert told.before + told.entered + told.moved - told.left == pytest.approx(told.after)
    assert told.before[1:] == pytest.approx(told.after[:-1])


@given(st.integers(0, 2**32 - 1))
def test_pupils_of_closing_schools_go_on_elsewhere_and_none_is_lost(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pupils = rng.poisson(rng.choice([0, 3, 40], (7, 4))).astype(float)
    closing = rng.random(7) < 0.4
    zone = rng.integers(0, 3, 7)
    after = spread(pupils, closing, zone, 3)
    somewhere = pupils[~closing].sum(axis=0) > 0  # where nobody stays in a grade, nobody can take its pupils
    assert after[:, somewhere].sum(axis=0) == pytest.approx(pupils[:, somewhere].sum(axis=0))
    assert (after[closing] == 0).all()
    assert (after >= 0).all()


def test_a_new_school_takes_from_its_zone_no_more_than_half() -> None:
    pupils = np.array([[60.0], [20.0], [50.0], [0.0]])
    zone = np.array([0, 0, 1, 0])
    assert admitted(pupils, 3, 0, 20, zone)[:, 0] == pytest.approx([45, 15, 50, 20])
    assert admitted(pupils, 3, 0, 90, zone)[:, 0] == pytest.approx([30, 10, 50, 40])


def test_a_decided_closing_empties_the_school_and_not_the_county() -> None:
    some, born = lived(3, 10, 6)
    given_children = children(born[:, None], [[400.0]] * 4)
    stays = forecast(some, given_children, horizon=4, draws=20)
    closes = forecast(some, given_children, horizon=4, draws=20, changes=Changes(closings={"A": 2026}))
    assert some.years[-1] == 2024
    assert closes.middle[0, 0].sum() > 0
    assert (closes.middle[1:, 0] == 0).all()
    assert (closes.draws[:, 1:, 0] == 0).all()
    assert closes.middle.sum(axis=1) == pytest.approx(stays.middle.sum(axis=1), rel=1e-5)


def test_a_new_school_fills_from_its_first_grade_up() -> None:
    some, born = lived(4, 10, 6)
    opening = Opening(school="NEW", zone="Z1", year=2026, intake={"primary": 30})
    made = forecast(some, children(born[:, None], [[400.0]] * 4), horizon=4, draws=20, changes=Changes(openings=(opening,)))
    assert made.schools[-1] == "NEW"
    grades = made.middle[:, -1]
    assert (grades[0] == 0).all()
    assert [int((grades[h] > 1).sum()) for h in range(4)] == [0, 1, 2, 3]
    assert grades[1, 0] == pytest.approx(30, rel=0.05)


def test_junior_schools_take_the_leavers_of_the_primaries() -> None:
    # A and B are primaries; all 60 leavers of a year go to C (two in three) and D
    counts = np.zeros((5, 4, 9))
    counts[:, 0, :6], counts[:, 1, :6] = 40, 20
    counts[:, 2, 6:], counts[:, 3, 6:] = 40, 20
    middle = path(known(rolls(counts, NINE, (0, 1, 0, 1)), None, None, 3), 3)
    assert middle[:, 2, 6:] == pytest.approx(np.full((3, 3), 40.0))
    assert middle[:, 3, 6:] == pytest.approx(np.full((3, 3), 20.0))
    assert (middle[:, :2, 6:] == 0).all()


def test_a_decided_share_of_leavers_overrides_what_was_seen() -> None:
    counts = np.zeros((5, 2, 9))
    counts[:, 0, :6], counts[:, 1, 6:] = 60, 60
    half = Changes(newcomers={"junior": 0.5})
    made = forecast(rolls(counts, NINE), None, horizon=2, draws=10, changes=half)
    assert made.middle[:, 1, 6] == pytest.approx([30, 30])
    assert made.middle[1, 1, 7] == pytest.approx(30, rel=0.05)


def test_totals_without_grades_are_forecast_too() -> None:
    middle = path(known(rolls(np.full((6, 3, 1), 50.0), (("all", "all"),)), None, None, 4), 4)
    assert middle == pytest.approx(np.full((4, 3, 1), 50.0))


def test_a_year_beyond_all_custom_is_taken_to_pass_for_the_most_part() -> None:
    counts = np.full((10, 1, 6), 100.0)
    counts[1::2] *= 1.01
    counts[-1] *= 0.7
    middle = path(known(rolls(counts, PRIMARY), None, None, 1), 1)
    assert 90 < middle[0, 0, 3] < 101
