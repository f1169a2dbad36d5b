"""Beside the bands stands where a simple way was nearer; of a single forecast no percentage is made."""

from __future__ import annotations

from dataclasses import replace

from junheng.projection.backtest import Score
from junheng.workflow.foresee_record import record
from junheng.workflow.foresee_simple_ways import against_simple_ways, years


def score(stage: str, horizon: int, ours: float, three: float, last: float, count: int = 8) -> Score:
    return Score(
        level="county", stage=stage, grade="", horizon=horizon, count=count, mape=ours, bias=-ours, cover50=0.5, cover80=1.0, wis=9.0,
        last_value_mape=last, last_value_wis=9.0, three_year_mape=three, three_year_wis=9.0,
    )  # fmt: skip


# As the example county's own: 16.4 % of kindergartens at 3 years where three-year ratios had 11.8 %; primary schools level at 6 years.
OURS = [
    score("preschool", 1, 3.0, 2.5, 8.5),
    score("preschool", 2, 8.1, 5.9, 16.3),
    score("preschool", 3, 16.4, 11.8, 20.7),
    score("primary", 1, 0.6, 0.7, 1.3),
    score("primary", 6, 3.44, 3.41, 4.9, count=3),
    score("junior", 3, 1.9, 1.3, 11.0),
    score("junior", 5, 4.0, 5.0, 2.6),
]


def test_stages_in_which_a_simple_way_was_nearer_are_named_beside_the_bands() -> None:
    words = record(OURS, "own", (2014, 2025), asked=True).calibration
    assert "学前（提前1–3年）、初中（提前3、5年）用简单办法" in words.zh
    assert "小学" not in words.zh  # level at the decimal that is printed
    assert "preschool (1–3 years ahead); junior secondary (3, 5 years ahead)" in words.en


def test_where_no_simple_way_was_nearer_that_is_said() -> None:
    assert "都不大于两种简单办法" in against_simple_ways(OURS[3:5]).zh


def test_few_forecasts_of_the_past_are_called_few() -> None:
    few = [replace(one, count=4) for one in OURS[3:4]]
    assert "最多只有4个起点年" in against_simple_ways(few).zh
    assert "起点年" not in against_simple_ways(OURS).zh
    assert against_simple_ways([]).zh == ""


def test_one_single_forecast_has_no_percentage_and_beats_nobody() -> None:
    (row,) = record([score("primary", 8, 0.0, 2.7, 3.7, count=1)], "own", (2014, 2025), asked=True).rows
    shown = (row.mape_shown, row.bias_shown, row.cover50_shown, row.cover80_shown, row.three_year_mape_shown, row.last_value_mape_shown)
    assert not any("%" in text for text in shown)
    assert row.cover80_shown == "1/1"
    assert "都不大于" in against_simple_ways([score("primary", 8, 5.0, 2.7, 3.7, count=1)]).zh


def test_runs_of_years_are_written_short() -> None:
    assert [years(one) for one in ([1], [1, 2], [1, 2, 3], [1, 3, 4, 5, 8])] == ["1", "1、2", "1–3", "1、3–5、8"]
