"""The back-test: nothing of the future is seen, baselines are what they say, and no history gives no scores."""

from __future__ import annotations

import numpy as np
import pytest

from junheng.projection.backtest import backtest
from junheng.projection.baselines import last_value, three_year_mean
from junheng.projection.known import known
from tests.projection.counts import PRIMARY, children, lived, rolls

TWO = (("primary", "1"), ("primary", "2"))


def test_three_year_mean_by_hand() -> None:
    counts = [[[100, 50]], [[100, 80]], [[200, 90]], [[100, 200]]]  # ratios 0.8, 0.9, 1.0: their mean is 0.9
    data = known(rolls(counts, TWO), children([[100], [200], [200], [100]], [[150]]), None, 1)
    # entered 100 of 200, 200 of 200, 100 of 100: the mean of 0.5, 1 and 1 of 150 children is 125
    assert three_year_mean(data, 1)[0, 0] == pytest.approx([125, 90])
    assert last_value(data, 2)[1, 0].tolist() == [100, 200]


def test_no_forecast_sees_what_came_after_it() -> None:
    some, _ = lived(1, 12, 4)
    changed = rolls(some.pupils.copy(), PRIMARY, tuple(some.zone.tolist()))
    changed.pupils[9:] *= 3
    kept = [backtest(one, lambda _: None, horizon=1, draws=50, origins=range(7, 8)) for one in (some, changed)]
    assert kept[0] == kept[1]


def test_every_level_stage_grade_and_horizon_is_scored() -> None:
    some, _ = lived(2, 12, 4)
    scores = backtest(some, lambda _: None, horizon=3, draws=50)
    assert {(one.level, one.horizon) for one in scores} == {(level, h) for level in ("county", "zone", "school") for h in (1, 2, 3)}
    assert {one.grade for one in scores} == {"", *(grade for _, grade in PRIMARY)}
    assert all(one.count > 0 and 0 <= one.cover50 <= one.cover80 <= 1 for one in scores)


def test_single_zones_are_scored_and_make_up_what_is_said_of_all_zones() -> None:
    some, _ = lived(2, 12, 4)
    assert len(some.zones) > 1
    scores = backtest(some, lambda _: None, horizon=3, draws=50, each_zone=True)
    single = [one for one in scores if one.area]
    assert {(one.area, one.horizon) for one in single} == {(zone, h) for zone in some.zones for h in (1, 2, 3)}
    assert {(one.level, one.grade) for one in single} == {("zone", "")}
    for h in (1, 2, 3):
        its = [one for one in single if one.horizon == h]
        (pooled,) = [one for one in scores if (one.level, one.area, one.grade, one.horizon) == ("zone", "", "", h)]
        assert sum(one.count for one in its) == pooled.count
        for name in ("mape", "cover80", "wis", "three_year_mape"):
            assert sum(one.count * getattr(one, name) for one in its) == pytest.approx(pooled.count * getattr(pooled, name)), name
    assert len({one.mape for one in single if one.horizon == 1}) == len(some.zones)
    assert [one for one in scores if not one.area] == backtest(some, lambda _: None, horizon=3, draws=50)


def test_too_short_a_history_gives_no_scores() -> None:
    some, _ = lived(3, 3, 4)
    assert backtest(some, lambda _: None, horizon=3, draws=20) == []


def test_progress_ends_at_the_whole() -> None:
    told: list[float] = []
    some, _ = lived(4, 8, 3)
    backtest(some, lambda _: None, horizon=2, draws=20, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)


def test_years_that_were_not_counted_are_not_scored() -> None:
    some, _ = lived(5, 10, 3)
    gap = some.pupils.copy()
    gap[7] = np.nan
    scores = backtest(rolls(gap, PRIMARY, tuple(some.zone.tolist())), lambda _: None, horizon=1, draws=20)
    county = next(one for one in scores if one.level == "county" and one.grade == "3")
    assert county.count == len(range(3, 9)) - 2  # not from the gap, not for it
