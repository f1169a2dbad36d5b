"""Scores: agreement by the published examples, results that hang on weights and on what is missing, forms that ask too much."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from junheng.documents import PackageFile, package_files
from junheng.errors import Finding, StandardsError
from junheng.ledgers.agreement import Metric, agreement, leniency, table_of
from junheng.ledgers.score_form import ScoreForm, read_forms
from junheng.ledgers.scoring import Span, extreme, grade_of, outcome, weighted

NAN = float("nan")
# Krippendorff, Computing alpha-reliability (2011), the reliability data of section C: four observers, twelve units
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)
TEXT = """
title: {zh: 试评, en: Try}
about: {zh: 试, en: a try}
source: practice
serves: [F03]
minutes: 5
units: schools
scale: {least: 0, most: 3, step: 1}
raters: {one: {label: {zh: 评分人, en: rater}}}
what_if: {change: 50}
days_for_appeal: 5
items:
  a: {label: {zh: 甲, en: A}, weight: 1}
  b: {label: {zh: 乙, en: B}, weight: 3}
grades: {good: {label: {zh: 好, en: good}, at_least: 2}, poor: {label: {zh: 差, en: poor}, at_least: 0}}
"""


def form(text: str = TEXT) -> ScoreForm:
    return read_forms([PackageFile("ledgers/score_forms/try.yaml", text)])["try"]


def faults(text: str) -> list[Finding]:
    with pytest.raises(StandardsError) as refusal:
        form(text)
    return list(refusal.value.findings)


@pytest.mark.parametrize(("metric", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_agreement_is_that_of_the_published_example(metric: Metric, alpha: float) -> None:
    assert agreement(PUBLISHED, metric) == pytest.approx(alpha, abs=5e-4)


def test_agreement_of_two_observers_and_two_values() -> None:
    # the same paper, section A: ten articles, values 0 and 1, nominal alpha 0.095
    two = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)
    assert agreement(two, "nominal") == pytest.approx(0.095, abs=5e-4)
    assert agreement(np.array([[1.0, NAN], [NAN, 2.0]])) is None
    assert agreement(np.ones((2, 3))) is None


def test_a_rater_who_scores_higher_is_told_by_how_much_on_the_same_things() -> None:
    # A and B share units 1 and 2: A is 1 and 2 higher; C shared none
    raters, table = table_of([("A", "1", 3), ("B", "1", 2), ("A", "2", 3), ("B", "2", 1), ("C", "3", 5), ("A", "4", 0)])
    assert raters == ("A", "B", "C")
    assert leniency(table) == [1.5, -1.5, None]


def test_what_is_missing_is_not_zero() -> None:
    # a 3, b not scored: from (3 + 3 × 0) / 4 to (3 + 3 × 3) / 4
    made = outcome(form(), {"a": 3.0, "b": None})
    assert made.result == Span(0.75, 3.0)
    assert made.missing == ("b",)
    assert made.grade == ""
    assert outcome(form(), {"a": 3.0, "b": 3.0}).result == Span(3.0, 3.0)
    assert outcome(form(), {"a": None, "b": None}).result is None


def test_an_item_that_does_not_apply_has_no_weight() -> None:
    assert outcome(form(), {"a": 2.0}).result == Span(2.0, 2.0)


def test_the_range_under_other_weights_is_that_of_every_corner() -> None:
    random = np.random.default_rng(4)
    for _ in range(20):
        scores, weights = random.integers(0, 4, 6).astype(float), random.integers(1, 5, 6).astype(float)
        corners = [weighted(scores, weights * np.array(signs)) for signs in product((0.7, 1.3), repeat=6)]
        assert extreme(scores, weights, 30, 1) == pytest.approx(max(corners))
        assert extreme(scores, weights, 30, -1) == pytest.approx(min(corners))


def test_a_grade_that_hangs_on_the_weights_says_so() -> None:
    # (1 × 0 + 3 × 3) / 4 = 2.25: good; with weights 1.5 and 1.5 it is 1.5: poor
    made = outcome(form(), {"a": 0.0, "b": 3.0})
    assert (made.grade, made.firm) == ("good", False)
    assert made.changed == Span(1.5, 2.7)
    assert outcome(form(), {"a": 3.0, "b": 3.0}).firm
    assert outcome(form(), {"a": 0.0, "b": 3.0}, {"a": 3, "b": 1}).result == Span(0.75, 0.75)


def test_exactly_on_the_limit_of_a_grade_is_in_it() -> None:
    assert grade_of(form(), Span(2.0, 2.0)) == "good"
    assert grade_of(form(), Span(1.999, 2.0)) == ""


@pytest.mark.parametrize(
    ("was", "now", "rule"),
    [
        ("weight: 1}", "weight: 1, colour: red}", "standards.unknown_key"),
        ("weight: 1}", "weight: -1}", "ledgers.not_a_count"),
        ("zh: 甲,", "zh: 乡镇街道,", "ledgers.field_held"),
        ("change: 50", "change: 100", "ledgers.change_too_large"),
        ("at_least: 0", "at_least: 1", "ledgers.grades_leave_a_gap"),
        ("least: 0, most: 3", "least: 3, most: 3", "ledgers.not_a_scale_of_scores"),
        ("label: {zh: 评分人, en: rater}", "label: {zh: 评分人, en: rater}, counts: false", "ledgers.nobody_scores"),
        ("minutes: 5", "minutes: 5\nheld_only: true", "ledgers.item_asks_paper"),
        ("weight: 1}", "weight: 1, held: {score: x, roster: y}}", "ledgers.held_not_said"),
        ("weight: 1}", "weight: 1, unit: treasury}", "ledgers.no_such_value"),
    ],
)
def test_a_faulty_form_is_refused_with_its_line(was: str, now: str, rule: str) -> None:
    assert was in TEXT
    found = [one for one in faults(TEXT.replace(was, now)) if one.rule == rule]
    assert found
    assert found[0].place.file == "ledgers/score_forms/try.yaml"
    assert found[0].place.row


def test_the_forms_that_ship_serve_what_they_should_and_cost_what_they_say() -> None:
    forms = read_forms()
    assert {row for one in forms.values() for row in one.serves} == {"F03", "F07", "F08", "J02", "J05", "J07"}
    assert len(package_files("junheng.ledgers", "score_forms/*.yaml")) == len(forms)
    assert all(one.minutes > 0 or one.held_only for one in forms.values())
    assert all(item.held for item in forms["appraisal"].items.values())
