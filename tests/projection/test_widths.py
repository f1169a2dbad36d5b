"""Widths of bands: the back-test tests what the forecast draws, children count once, and nothing is known before its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from junheng.projection import scores
from junheng.projection.backtest import backtest
from junheng.projection.forecast import Entrants, Floats, Rolls
from junheng.projection.measured import HORIZONS, PARTS, Errors, as_it_came
from junheng.projection.method import DEFAULT
from junheng.projection.pooled import own_or_pooled, pooled_errors, widened
from junheng.projection.predict import forecast
from junheng.projection.widths import Widths
from tests.projection.counts import children, lived

DRAWS = 200


def foreseen(born: Floats, years: int, draws: int) -> Callable[[int], Entrants]:
    """Return children as they stood: two years too many by a third from the second year ahead on, with draws around them or without."""
    rng = np.random.default_rng(5)
    noise = np.exp(0.3 * rng.standard_normal((draws, 10, 1))) if draws > 1 else np.ones((1, 10, 1))

    def at(origin: int) -> Entrants:
        came = np.pad(born[origin + 1 : years], (0, 10), constant_values=born[-1])[:10]
        believed = came * np.where(np.arange(10) > 0, 1.5 if origin % 2 else 0.7, 1.0)
        ahead = (believed[None, :, None] * noise).astype(np.float32)
        return Entrants(zones=("Z0",), known=born[: origin + 1, None], ahead=ahead, expected=believed[:, None])

    return at


def of(rolls: Rolls, origin: int) -> Rolls:
    """Return the rolls as they stood at an origin."""
    return replace(rolls, years=rolls.years[: origin + 1], pupils=rolls.pupils[: origin + 1])


@pytest.mark.parametrize("draws", [1, DRAWS])
def test_the_back_test_tests_the_bands_that_the_forecast_draws(draws: int) -> None:
    some, born = lived(1, 14, 4)
    at = foreseen(born, 14, draws)
    tested = [one for one in backtest(some, at, horizon=3, draws=DRAWS, origins=range(10, 11)) if one.level == "county" and one.grade]
    made = forecast(of(some, 10), at(10), horizon=3, draws=DRAWS, entrants_at=at)
    for one in tested:
        grade = made.grades.index((one.stage, one.grade))
        actual = some.pupils[10 + one.horizon, :, grade].sum()
        assert one.wis == pytest.approx(
            scores.wis(made.county_bands[:, one.horizon - 1, grade].astype(float)[:, None], actual[None]), rel=1e-5
        )


def test_what_is_drawn_with_the_children_is_not_measured_again() -> None:
    some, born = lived(2, 14, 4)
    sure = Widths(some, as_it_came(children(born[:, None], [[born[-1]]] * 10)), DEFAULT).at(13)[1]
    drawn = Widths(some, foreseen(born, 14, DRAWS), DEFAULT).at(13)[1]
    single = Widths(some, foreseen(born, 14, 1), DEFAULT).at(13)[1]
    for part in PARTS:
        assert getattr(drawn, part)[:5] == pytest.approx(getattr(sure, part)[:5], rel=1e-3, abs=1e-7)
    assert single.entry[2] > 5 * drawn.entry[2]  # nobody drew them: what was wrong with them is an error like any other


def test_an_origin_asked_after_a_later_one_knows_no_more() -> None:
    some, born = lived(3, 14, 4)
    for draws in (1, DRAWS):
        alone = Widths(some, foreseen(born, 14, draws), DEFAULT).at(8)[1]
        after = Widths(some, foreseen(born, 14, draws), DEFAULT)
        after.at(13)
        for part in PARTS:
            assert getattr(after.at(8)[1], part) == pytest.approx(getattr(alone, part), nan_ok=True)


def test_children_counted_otherwise_later_are_seen_as_they_stood() -> None:
    some, born = lived(4, 14, 4)
    plain = foreseen(born, 14, DRAWS)

    def revised(origin: int) -> Entrants:
        stood = plain(origin)
        return replace(stood, known=stood.known * 0.5) if origin == 13 else stood

    later = Widths(some, revised, DEFAULT)
    later.at(13)
    for part in PARTS:
        assert getattr(later.at(8)[1], part) == pytest.approx(getattr(Widths(some, plain, DEFAULT).at(8)[1], part), nan_ok=True)


def test_a_variance_from_few_errors_is_widened_as_by_students_distribution() -> None:
    t = np.array([1.8856, 1.5332, 1.3722, 1.2958])  # of 2, 4, 10 and 60 degrees of freedom, 90 % point, from a printed table
    assert widened(np.array([2.0, 4.0, 10.0, 60.0])) == pytest.approx((t / 1.2816) ** 2, rel=0.01)


def test_the_county_is_as_unsure_as_its_origins_are_few_and_schools_are_not() -> None:
    some, _ = lived(6, 12, 4)
    elsewhere = pooled_errors()

    def learnt(origins: float) -> Errors:
        own = Errors(**{part: getattr(elsewhere, part) for part in PARTS}, origins=np.full(HORIZONS, origins))
        return own_or_pooled(own, some)[1]

    few, many = learnt(1), learnt(1000)
    assert many.county == pytest.approx(elsewhere.county, rel=0.01)
    assert few.county == pytest.approx(1.43 * elsewhere.county, rel=0.01)
    assert few.school == pytest.approx(many.school)
