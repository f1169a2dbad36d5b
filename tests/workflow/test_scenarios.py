"""Scenarios beside one another, on the example: children who are born are the same in all, and chance puts none above another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from junheng.workflow.foresee import foresee
from junheng.workflow.views.foresight import Band, Foresight

QINGHE = Path(__file__).parents[2] / "examples/qinghe"
LAST_BIRTHS = 2025
ENTRY = {"preschool": 3, "primary": 6}
Key = tuple[str, str, str, int]


@pytest.fixture(scope="module")
def found() -> Foresight:
    return foresee(QINGHE, draws=100, backtest=False, as_of=date(2026, 1, 15))


@pytest.fixture(scope="module")
def bands(found: Foresight) -> dict[str, dict[Key, Band]]:
    """Return the bands ahead of every scenario by kind and area, stage, grade and year."""
    return {
        one.id: {
            (f"{its.id.split('/')[1]} {its.area_kind} {its.area}", its.stage, its.grade, point.year): point.band
            for its in one.series
            for point in its.points
            if point.band
        }
        for one in found.scenarios
    }


def test_low_is_not_above_middle_nor_middle_above_high_at_any_horizon(bands: dict[str, dict[Key, Band]]) -> None:
    assert {key[-1] for key in bands["middle"]} == set(range(2026, 2041))
    for key, middle in bands["middle"].items():
        # a school may gain a fraction of a pupil from its neighbours where the township has fewer
        room = 0.5 if " school " in key[0] else 1e-6
        assert bands["low"][key].middle - room <= middle.middle <= bands["high"][key].middle + room, key


def test_whoever_is_born_is_the_same_in_every_scenario_bands_and_all(bands: dict[str, dict[Key, Band]]) -> None:
    born = [key for key in bands["middle"] if key[-1] <= LAST_BIRTHS + ENTRY.get(key[1], 6)]
    assert len(born) > 800
    for key in born:
        if key[1] == "preschool" or key[-1] <= LAST_BIRTHS + ENTRY["preschool"]:
            assert bands["low"][key] == bands["middle"][key] == bands["high"][key], key
        else:  # from the year in which the unborn enter kindergarten on, the noise of pupils is not the same one
            middles = {round(bands[name][key].middle, 3) for name in ("low", "middle", "high")}
            assert len(middles) == 1, key


def test_the_unborn_part_the_scenarios(bands: dict[str, dict[Key, Band]]) -> None:
    key = ("pupils county 629921", "primary", "", 2040)
    low, middle, high = (bands[name][key].middle for name in ("low", "middle", "high"))
    assert low < 0.99 * middle < 0.99 * 0.99 * high


def test_grades_add_up_to_their_stage(found: Foresight) -> None:
    its = [one for one in found.scenarios[0].series if one.id.startswith("middle/pupils/629921/primary/")]
    whole = next(one for one in its if not one.grade)
    for place, point in enumerate(whole.points):
        if point.band:
            parts = [one.points[place].band for one in its if one.grade]
            assert point.band.middle == pytest.approx(sum(part.middle for part in parts if part), abs=0.01)
