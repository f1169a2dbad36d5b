"""The small pieces of foresee: how numbers are printed, how mixed classes are split, what a look back may not know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from junheng.projection.assumptions_file import shipped_assumptions
from junheng.projection.backtest import Score
from junheng.workflow.foresee_forecast import known_by
from junheng.workflow.foresee_inputs import gather
from junheng.workflow.foresee_record import record
from junheng.workflow.foresee_seats import percent, signed
from junheng.workflow.foresee_series import band, points, whole
from tests.workflow.foreseen import LAST, Tables, folder

GARDEN = "1162990001"


def test_numbers_are_printed_whole_with_a_true_minus() -> None:
    assert (whole(12345.6), whole(-3.4), signed(-1234.0), signed(7.6), signed(0.2)) == ("12,346", "−3", "−1,234", "+8", "0")


def test_a_chance_is_never_printed_as_none_or_certainty_unless_it_is() -> None:
    assert [percent(value) for value in (0.0, 0.001, 0.5, 0.999, 1.0)] == ["0%", "<1%", "50%", ">99%", "100%"]


@given(st.lists(st.floats(-5, 5000), min_size=5, max_size=5))
def test_a_band_holds_its_middle_and_nobody_is_negative(values: list[float]) -> None:
    middle = abs(values[2])
    made = band([*values[:2], middle, *values[3:]])
    assert 0 <= made.low80 <= made.low50 <= made.middle == middle <= made.high50 <= made.high80


def test_what_is_not_known_is_no_point_of_zero() -> None:
    first, second = points((2024, 2025), np.array([np.nan, 5.0]), (), np.zeros((5, 0)))
    assert (first.known, first.known_shown, second.known) == (None, "", 5.0)


def test_mixed_kindergarten_classes_count_a_third_in_each_grade_and_are_told(tmp_path: Path) -> None:
    def change(_year: int, made: Tables) -> None:
        made["schools"].append({"school": GARDEN, "name": "幼儿园", "kind": "kindergarten", "district": "629921001"})
        made["enrolment"].append({"school": GARDEN, "stage": "preschool", "grade": "k0", "sex": "all", "pupils": 50})

    inputs = gather(folder(tmp_path / "c", change, years=(2024, 2025)), None, None)
    garden = inputs.rolls[0]
    assert garden.grades == (("preschool", "k1"), ("preschool", "k2"), ("preschool", "k3"))
    assert sorted(garden.pupils[-1, 0].tolist()) == [16, 17, 17]
    assert "workflow.mixed_classes_split" in {one.rule for one in inputs.findings}
    assert inputs.rolls[1].grades[0] == ("primary", "1")  # children enter school anew, by births and age


def test_a_look_back_knows_no_later_births() -> None:
    middle = shipped_assumptions()["middle"]
    then = known_by(middle, 2018)
    assert "births_ahead" not in then.items
    assert max(then.items["births_counted"].values["all"]) == 2018
    later = then.births_path([2018, 2024])
    assert later[0] == later[1] == middle.births_path([2018])[0]


def test_the_day_on_which_projects_are_judged_lies_within_the_school_year(tmp_path: Path) -> None:
    old = gather(folder(tmp_path / "c", years=(2019, 2020)), None, None)
    assert old.as_of.isoformat() == "2021-08-31"


def score(**other: float) -> Score:
    numbers = {"mape": 1.04, "bias": -0.26, "cover50": 0.5, "cover80": 0.8, "wis": 12.4, "last_value_mape": 3.0, "last_value_wis": 40.0}
    whole_of = {"level": "county", "stage": "primary", "grade": "", "horizon": 3, "count": 6}
    return Score(**{**numbers, "three_year_mape": 2.0, "three_year_wis": 25.0, **whole_of, **other})


def test_the_record_prints_errors_with_their_sign_and_leaves_out_what_was_not_compared() -> None:
    made = record([score(), score(horizon=4, count=0)], "own", (2014, 2025), asked=True)
    (row,) = made.rows
    assert (row.mape_shown, row.bias_shown, row.cover80_shown, row.wis_shown) == ("1.0%", "−0.3%", "80%", "12")
    assert "1–4年" in made.sentence.zh


def test_single_townships_and_every_grade_and_year_ahead_are_listed_behind_the_whole() -> None:
    town = replace(score(), level="zone", area="629921001")
    grades = [score(grade="1", horizon=horizon) for horizon in (2, 7)]
    schools = [replace(score(grade="1"), level="school"), replace(score(), level="school")]
    rows = record([*grades, town, *schools, score()], "own", (2014, 2025), asked=True, name_of={"629921001": "东镇"}.__getitem__).rows
    assert [(row.level, row.area_name, row.grade, row.horizon) for row in rows] == [
        ("county", "", "", 3), ("school", "", "", 3), ("district", "东镇", "", 3), ("county", "", "1", 2), ("county", "", "1", 7)
    ]  # fmt: skip


def test_without_a_history_the_record_is_that_of_other_places_and_says_so() -> None:
    made = record([], "pooled", (LAST,), asked=True)
    assert {row.forecasts for row in made.rows} == {0}
    assert "不是本县的预测误差" in made.sentence.zh
    errors = [row.mape for row in made.rows if row.level == "county"]
    assert errors == sorted(errors)
    assert next(row.mape or 0 for row in made.rows if row.level == "school") > (errors[0] or 0)


@pytest.mark.parametrize("asked", [True, False])
def test_others_errors_are_quoted_for_orientation(asked: bool) -> None:
    quoted = record([], "own", (LAST,), asked=asked).published
    assert any("NCES" in who.en and "0.3 %" in what.en for who, what in quoted)
