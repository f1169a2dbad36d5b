"""Whom to ask, what the answers say, and whether they can be true: small enough for paper, or planted."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import polars as pl
import pytest

from junheng.documents import parse_yaml
from junheng.errors import Finding, Text
from junheng.ledgers.boards import Posted, against_board, over_limit
from junheng.ledgers.estimate import mean, satisfaction, share_above, wilson
from junheng.ledgers.integrity import against_register, alike, at_least, too_fast
from junheng.ledgers.places_for_need import Means, met
from junheng.ledgers.survey import Board, Question, Supply, quotas, read_survey, read_surveys, sample_size

OVERALL = Question(name="overall", label=Text("总体", "overall"), answers=5, satisfied_from=4)


def test_one_in_a_thousand_is_asked_and_never_fewer_than_the_least() -> None:
    assert sample_size(812_345, 1, 600) == 813
    assert sample_size(240_000, 1.5, 600) == 600


def test_quotas_follow_the_size_and_add_up() -> None:
    # 10 over 500, 300, 201: 4.995, 2.997, 2.008; two are left for the largest remainders
    assert quotas(10, {"A": 500, "B": 300, "C": 201}) == {"A": 5, "B": 3, "C": 2}
    assert quotas(50, {"A": 3, "B": 2}) == {"A": 3, "B": 2}
    assert quotas(5, {"A": 0}) == {"A": 0}


def test_a_large_school_weighs_what_it_is_however_few_answered() -> None:
    # A (900 pupils): 1 of 2; B (100): 4 of 4 -> 0.9 × 50 % + 0.1 × 100 % = 55 %
    answers = pl.DataFrame({"school": ["A", "A", "B", "B", "B", "B"], "overall": [5, 1, 4, 5, 4, 4]})
    found = satisfaction(answers, OVERALL, {"A": 900, "B": 100})
    assert found.value == pytest.approx(55)
    # variance: 0.81 × 0.25 / 1 × (1 - 2/900)
    assert found.half_width == pytest.approx(100 * 1.959964 * math.sqrt(0.81 * 0.25 * (1 - 2 / 900)), rel=1e-6)
    assert satisfaction(answers.head(1), OVERALL, {"A": 900}).half_width is None
    assert satisfaction(answers.clear(), OVERALL, {"A": 900}).value is None


def test_answers_handed_out_are_told_and_honest_ones_are_not() -> None:
    random = np.random.default_rng(3)
    honest = {"school": np.repeat(["A", "B", "C", "D"], 60), **{name: random.integers(1, 6, 240) for name in ("overall", "food", "safety")}}
    answers = pl.DataFrame(honest)
    names = ["overall", "food", "safety"]
    assert alike(answers, names) == []
    planted = answers.with_columns(
        [
            pl.when((pl.col("school") == "C") & (pl.int_range(pl.len()) % 2 == 0)).then(5).otherwise(pl.col(name)).alias(name)
            for name in names
        ]
    )
    (doubt,) = alike(planted, names)
    assert (doubt.school, doubt.of) == ("C", 60)
    assert doubt.count >= 30


def test_the_binomial_tail_is_right() -> None:
    assert at_least(0, 5, 0.5) == pytest.approx(1)
    assert at_least(3, 3, 0.5) == pytest.approx(0.125)
    assert at_least(2, 3, 0.5) == pytest.approx(0.5)


def test_what_nobody_can_read_so_fast_is_told() -> None:
    answers = pl.DataFrame({"school": ["A", "A", "B"], "seconds": [4, 40, None]})
    (doubt,) = too_fast(answers, 10)
    assert (doubt.school, doubt.count, doubt.of) == ("A", 1, 2)


def test_a_class_of_45_that_the_register_does_not_know_is_told() -> None:
    answers = pl.DataFrame({"school": ["A", "A", "A", "B", "B"], "class_size": [45, 45, 57, 45, 44]})
    register = {"A": (55.0, 58.0), "B": (43.0, 46.0)}
    (doubt,) = against_register(answers, "class_size", register, Text("班额", "class size"))
    assert (doubt.school, doubt.count, doubt.of) == ("A", 2, 3)


def test_a_form_with_an_impossible_scale_is_refused() -> None:
    survey = read_surveys()["satisfaction"]
    assert survey.questions["class_size"].fact == "class_size"
    findings: list[Finding] = []
    text = "title: {zh: a, en: a}\nasks: {zh: a, en: a}\nsample: {share: x, least: 1, least_source: y}\ngroups: {}\n"
    text += "questions: {q: {label: {zh: q, en: q}, answers: 5, satisfied_from: 6}}\npasses: p\nseconds_a_question: 2\n"
    read_survey(parse_yaml(text, "surveys/x.yaml"), "x", findings)
    assert [one.rule for one in findings] == ["ledgers.not_a_scale"]


MINUTES = Question(name="minutes", label=Text("分钟", "minutes"), unit="minutes", most=480, limit="homework.minutes.maximum")
MONDAY = date(2026, 3, 2)
SUPPLY = Supply(
    title=Text("条件", "means"),
    question="need",
    places={"beds": Text("床位", "beds"), "desks": Text("课桌椅", "desks")},
    rooms=Text("教室", "rooms"),
    room_holds=30,
    staff=Text("看护", "staff"),
    staff_each=40,
    fewest=15,
    source="practice",
)


def test_the_mean_of_a_number_has_the_error_of_its_strata() -> None:
    # A (900): 30 and 50, mean 40, s² 200; B (100): 10 and 10. 0.9 × 40 + 0.1 × 10 = 37
    answers = pl.DataFrame({"school": ["A", "A", "B", "B"], "minutes": [30, 50, 10, 10]})
    found = mean(answers, MINUTES, {"A": 900, "B": 100})
    assert found.value == pytest.approx(37)
    assert found.half_width == pytest.approx(1.959964 * math.sqrt(0.81 * 200 / 2 * (1 - 2 / 900)), rel=1e-6)
    assert share_above(answers, MINUTES, 40, {"A": 900, "B": 100}).value == pytest.approx(45)
    assert share_above(answers, MINUTES, 50, {"A": 900, "B": 100}).value == 0  # exactly on the limit is not above it


def test_the_interval_of_a_share_is_that_of_the_book_and_stays_within_0_and_1() -> None:
    # Newcombe 1998, table I, method 3: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_classes_over_the_limit_are_listed_by_week_and_a_day_on_the_limit_is_not_over() -> None:
    posted = [Posted("A", "5", "5(1)", date(2026, 3, day), minutes) for day, minutes in ((2, 60), (3, 61), (4, 75), (9, 30))]
    (over,) = over_limit([*posted, Posted("A", "10", "高一", MONDAY, 300)], {"5": 60})
    assert (over.week, over.days, over.of, over.most) == (MONDAY, 2, 3, 75)


def test_pupils_who_say_clearly_more_than_the_board_are_told() -> None:
    answers = pl.DataFrame({"school": ["A"] * 3 + ["B"] * 3, "grade": ["5"] * 6, "minutes": [85, 90, 95, 50, 60, 70]})
    posted = [Posted(school, "5", "5(1)", MONDAY, 45) for school in "AB"]
    board = Board(title=Text("公示", "board"), question="minutes", slack=20, fewest=3)
    (doubt,) = against_board(answers, board, posted, MINUTES.label)  # 90 > 45 + 20; 60 is not
    assert (doubt.school, doubt.test) == ("A", "against_board")
    assert against_board(answers, Board(title=board.title, question="minutes", slack=20, fewest=4), posted, MINUTES.label) == []


def test_a_need_is_met_by_places_then_rooms_and_the_rest_is_lacking() -> None:
    # 10 of 20 of 200 pupils: 100. Beds 30, desks 20, two rooms 60: nothing is lacking; with one room 20 are
    have = Means(places={"beds": 30, "desks": 20}, rooms=3, staff=2)
    made = met(SUPPLY, 200, (10, 20), 0.3, have)
    assert (made.need, dict(made.by), made.rooms, made.seats_missing) == (100, {"beds": 30, "desks": 20}, 2, 0)
    assert (made.staff_needed, made.staff_missing) == (3, 1)
    assert made.low < 100 < made.high
    assert met(SUPPLY, 200, (10, 20), 0.3, Means(places={"beds": 30, "desks": 20}, rooms=1, staff=3)).seats_missing == 20


def test_what_a_school_did_not_state_is_not_zero_and_too_few_answers_take_the_countys_share() -> None:
    made = met(SUPPLY, 200, (3, 4), 0.3, Means(places={"beds": None, "desks": 20}, rooms=0, staff=None))
    assert (made.need, made.own) == (60, False)
    assert made.seats_missing is None
    assert made.staff_missing is None
    assert dict(made.by) == {"beds": None, "desks": 20}
    plenty = met(SUPPLY, 200, (3, 4), 0.3, Means(places={"beds": None, "desks": 80}, rooms=0, staff=9))
    assert plenty.seats_missing == 0  # enough without what was not stated


def test_grades_that_usually_say_the_same_are_no_doubt() -> None:
    random = np.random.default_rng(2)
    small = pl.DataFrame({"school": ["Z"] * 20, "grade": ["1"] * 20, "minutes": [0] * 20})
    others = pl.DataFrame(
        {
            "school": np.repeat(["A", "B", "C"], 40),
            "grade": ["1", "5"] * 60,
            "minutes": [0 if place % 2 == 0 else int(random.integers(20, 90)) for place in range(120)],
        }
    )
    answers = pl.concat([small, others])
    assert alike(answers, ["minutes"], "grade") == []
    assert [one.school for one in alike(answers, ["minutes"])] == ["Z"]
