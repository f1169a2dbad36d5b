"""Draws and bands: the same for a seed, never from nothing, and as wide as they say."""

from __future__ import annotations

import numpy as np
import pytest

from junheng.projection.backtest import backtest
from junheng.projection.bands import Drawn, Simulation, simulate
from junheng.projection.forecast import Entrants
from junheng.projection.measured import PARTS, as_it_came
from junheng.projection.pooled import pooled_errors
from junheng.projection.predict import forecast
from tests.projection.counts import PRIMARY, children, lived, rolls


def test_the_same_seed_gives_the_same_draws_and_another_does_not() -> None:
    some, _ = lived(1, 10, 5)
    one, two, other = (forecast(some, None, horizon=4, draws=40, seed=seed) for seed in (7, 7, 8))
    assert np.array_equal(one.draws, two.draws)
    assert np.array_equal(one.bands, two.bands)
    assert not np.array_equal(one.draws, other.draws)


def test_bands_rise_with_their_level_and_hold_the_middle() -> None:
    some, _ = lived(2, 12, 6)
    made = forecast(some, None, horizon=8, draws=500)
    for bands in (made.bands, made.zone_bands, made.county_bands):
        assert (np.diff(bands, axis=0) >= 0).all()
    assert made.county_bands[2] == pytest.approx(made.middle.sum(axis=1), rel=0.05)
    width = made.county_bands[4] - made.county_bands[0]
    assert (width[-1] > width[0]).all()


def test_draws_of_schools_add_up_to_those_of_the_county() -> None:
    some, _ = lived(3, 12, 6)
    made = forecast(some, None, horizon=3, draws=400)
    middle = np.median(made.draws.sum(axis=2)[:, :, 0], axis=0)
    assert middle == pytest.approx(made.middle.sum(axis=(1, 2)), rel=0.03)


def test_a_school_without_pupils_keeps_none_and_no_draw_is_negative() -> None:
    counts = np.full((8, 3, 6), 4.0)
    counts[:, 2] = 0
    made = forecast(rolls(counts, PRIMARY), None, horizon=6, draws=200)
    assert (made.draws[:, :, 2] == 0).all()
    assert (made.draws >= 0).all()
    assert (made.bands[:, :, 2] == 0).all()


def test_uncertain_children_widen_the_entry_and_not_the_grades_above_it() -> None:
    some, born = lived(4, 12, 6)
    sure = children(born[:, None], [[300.0]] * 3)
    noise = np.random.default_rng(1).normal(300, 90, (500, 3, 1)).astype(np.float32)
    unsure = type(sure)(zones=sure.zones, known=sure.known, ahead=noise)
    widths = []
    for entrants in (sure, unsure):
        made = forecast(some, entrants, horizon=3, draws=500)
        widths.append((made.county_bands[4] - made.county_bands[0]) / made.middle.sum(axis=1))
    assert widths[1][0, 0] > 2 * widths[0][0, 0]
    assert widths[1][0, 3] == pytest.approx(widths[0][0, 3], rel=0.15)


def test_a_zone_whose_children_are_uncertain_has_the_wider_band() -> None:
    some, born = lived(7, 12, 6)
    rng = np.random.default_rng(1)
    ahead = np.full((400, 2, 3), 100.0)
    ahead[:, :, 1] = rng.normal(100, 40, (400, 2))
    entrants = Entrants(zones=some.zones, known=np.repeat(born[:, None] / 3, 3, axis=1), ahead=ahead.astype(np.float32))
    made = forecast(some, entrants, horizon=2, draws=400)
    width = ((made.zone_bands[4] - made.zone_bands[0]) / made.zone_bands[2])[0, :, 0]
    assert width[1] > 1.5 * max(width[0], width[2])


def test_a_short_history_takes_errors_from_elsewhere_and_says_so() -> None:
    some, _ = lived(5, 3, 4)
    made = forecast(some, None, horizon=5, draws=50)
    assert made.basis == "pooled"
    assert [finding.rule for finding in made.findings] == ["projection.pooled_errors"]
    long, _ = lived(5, 12, 4)
    assert forecast(long, None, horizon=5, draws=50).basis == "own"


def test_one_year_alone_can_be_forecast() -> None:
    made = forecast(rolls([[[50.0, 60, 70, 80, 90, 100]]], PRIMARY), None, horizon=2, draws=50)
    assert made.middle[0, 0] == pytest.approx([50, 50, 60, 70, 80, 90])
    assert made.basis == "pooled"


def test_children_that_end_before_the_horizon_go_on_and_it_is_said() -> None:
    some, born = lived(6, 12, 4)
    made = forecast(some, children(born[:, None], [[240.0], [200.0]]), horizon=4, draws=50)
    assert made.middle[3, :, 0].sum() == pytest.approx(made.middle[1, :, 0].sum(), rel=0.02)
    assert "projection.children_end_early" in [finding.rule for finding in made.findings]


@pytest.mark.parametrize("whole", [False, True])
def test_errors_of_other_places_grow_with_the_horizon(whole: bool) -> None:
    errors = pooled_errors(whole)
    assert errors.total("school", 1) > 0
    assert errors.total("school", 10) > errors.total("school", 1)
    assert errors.total("zone", 5) < errors.total("school", 5)


def test_bands_on_a_simulated_county_cover_what_they_say() -> None:
    inside = {"cover50": [], "cover80": []}  # type: dict[str, list[float]]
    for seed in range(4):
        some, born = lived(100 + seed, 22, 20)
        entrants = children(born[:, None], np.zeros((0, 1)))
        for score in backtest(some, as_it_came(entrants), horizon=3, draws=200, origins=range(9, 21)):
            if score.level == "school" and score.grade:
                for name, values in inside.items():
                    values.append(getattr(score, name))
    assert np.mean(inside["cover80"]) == pytest.approx(0.8, abs=0.05)
    assert np.mean(inside["cover50"]) == pytest.approx(0.5, abs=0.08)


def met(part: str, ahead: int, schools: int = 60, zones: int = 20) -> Drawn:
    """Return bands of equal schools of which nothing but one part of the errors is unsure, by 0.0025 a year."""
    task = Simulation(
        rolls=rolls(np.full((2, schools, 2), 500.0), (("primary", "1"), ("junior", "7")), tuple(index % zones for index in range(schools))),
        middle=np.full((ahead, schools, 2), 500.0),
        children=np.ones((4000, ahead, 1), np.float32),
        growth={name: np.full(ahead, 0.0025 if name == part else 0.0) for name in PARTS},
        stage=np.array([0, 1], np.intp),
        stages=2,
    )
    return simulate(task, 4000, 3)


@pytest.mark.parametrize(("part", "left"), [("county", 1), ("zone", 1 - 1 / 20), ("school", 1 - 1 / 3)])
def test_who_enters_later_carries_what_the_school_has_met_since_the_origin(part: str, left: float) -> None:
    bands = met(part, 4).bands
    spread = (bands[4] - bands[0])[:, 0] / 500 / (2 * 1.2816)
    due = np.sqrt(0.0025 * left * np.arange(1, 5))
    assert spread[:, 0] == pytest.approx(due, rel=0.08)
    assert spread[:, 1] == pytest.approx(due, rel=0.08)  # who comes up from another stage too


def test_errors_of_schools_do_not_come_on_top_of_their_zones_nor_those_of_zones_on_top_of_the_county() -> None:
    for part, bands in (("school", met("school", 2).zone_bands), ("zone", met("zone", 2).county_bands)):
        assert bands[4] == pytest.approx(bands[0], rel=0.01), part
