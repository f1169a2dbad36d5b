"""Whom to ask, what the answers say, and whether they can be true: small enough for paper, or planted."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from junheng.documents import parse_yaml
from junheng.errors import Finding, Text
from junheng.ledgers.integrity import against_register, alike, at_least, too_fast
from junheng.ledgers.survey import Question, quotas, read_survey, read_surveys, sample_size, satisfaction

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
    assert found.percent == pytest.approx(55)
    # variance: 0.81 × 0.25 / 1 × (1 - 2/900)
    assert found.half_width == pytest.approx(100 * 1.959964 * math.sqrt(0.81 * 0.25 * (1 - 2 / 900)), rel=1e-6)
    assert satisfaction(answers.head(1), OVERALL, {"A": 900}).half_width is None
    assert satisfaction(answers.clear(), OVERALL, {"A": 900}).percent is None


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
