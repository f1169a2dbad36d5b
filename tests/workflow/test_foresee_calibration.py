"""The words beside the bands say of past forecasts what was measured, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from junheng.projection.backtest import Score
from junheng.workflow.foresee_calibration import calibration


def score(stage: str, horizon: int, hits: int, count: int) -> Score:
    zeros = dict.fromkeys(("mape", "bias", "cover50", "wis", "last_value_mape", "last_value_wis", "three_year_mape", "three_year_wis"), 0.0)
    return Score(level="county", stage=stage, grade="", horizon=horizon, count=count, cover80=hits / count, **zeros)


def test_bands_that_held_are_said_with_their_count() -> None:
    words = calibration([score("primary", 1, 7, 8), score("junior", 1, 8, 8)], "own").zh
    assert "16次比较有15次落在80%区间内" in words
    assert "偏窄" not in words


@pytest.mark.parametrize(
    ("hits", "count", "narrow"), [(2, 6, True), (2, 4, False), (1, 3, False), (0, 3, True), (0, 1, False), (3, 4, False)]
)
def test_a_band_is_called_narrow_only_where_so_few_hits_are_rare(hits: int, count: int, narrow: bool) -> None:
    """Chances of so few hits at 80 %: 2 of 6 1.7 %, 2 of 4 18 %, 1 of 3 10 %, 0 of 3 0.8 %, 0 of 1 20 % (binomial tables)."""
    words = calibration([score("primary", 1, 8, 8), score("preschool", 3, hits, count)], "own").zh
    assert ("学前（提前3年）" in words) == narrow
    assert ("不到八成" in words) == narrow
    assert "小学" not in words


def test_schools_and_grades_do_not_speak_for_the_county() -> None:
    poor = score("primary", 1, 0, 8)
    assert "没有回测" in calibration([replace(poor, level="school"), replace(poor, grade="1")], "own").zh


def test_pooled_errors_are_never_called_the_countys_own() -> None:
    assert calibration([score("primary", 1, 8, 8)], "pooled").zh == "误差取自汇总资料，不是本县自己的回测"
    assert "没有回测" in calibration([], "own").zh
