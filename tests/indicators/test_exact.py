"""Close to the limit floating point does not decide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.indicators import evaluate
from junheng.indicators.exact import Point, squared_cv, weighted_mean
from tests.indicators.small import QUALITY, pupils, rules, school, small


def coefficient_of_variation(values: Sequence[Fraction], weights: Sequence[int]) -> Fraction:
    """Return the squared weighted coefficient of variation by the published method: S² = Σ (n_i / N) (x_i − X̄)², CV = S / X̄."""
    whole = sum(weights)
    mean = sum((Fraction(n, whole) * x for x, n in zip(values, weights, strict=True)), Fraction(0))
    return sum((Fraction(n, whole) * (x - mean) ** 2 for x, n in zip(values, weights, strict=True)), Fraction(0)) / mean**2


def schools_with(values: Sequence[int], weights: Sequence[int]):
    codes = [f"S{n:02d}" for n in range(len(values))]
    return small(
        schools=[school(code) for code in codes],
        enrolment=[pupils(code, "primary", n) for code, n in zip(codes, weights, strict=True)],
        equipment=[{"school": code, "teaching_equipment_yuan": v, "books": v} for code, v in zip(codes, values, strict=True)],
    )


def verdict_of(values: Sequence[int], weights: Sequence[int]) -> str:
    card = evaluate(schools_with(values, weights), rules().framework(QUALITY), rules())
    rows = card.items.filter((card.items["part"] == "spread") & (card.items["stage"] == "primary"))
    (verdict,) = rows.filter(rows["indicator"] == "conditions.equipment_value.cv")["verdict"].to_list()
    return str(verdict)


def test_a_coefficient_exactly_on_the_limit_passes():
    # two schools of 100 pupils with 1 and 3 yuan a pupil: mean 2, S = 1, CV = 0.5 = the limit
    assert verdict_of([100, 300], [100, 100]) == "met"


def test_a_hair_above_the_limit_is_missed_though_floating_point_cannot_tell():
    # one yuan in 10^13 more: CV = 0.5 × (1 + 10^-13…), far below what a double's sums can see
    assert verdict_of([100 * 10**10, 300 * 10**10 + 1], [100, 100]) == "missed"
    assert verdict_of([100 * 10**10, 300 * 10**10 - 1], [100, 100]) == "met"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 3000)), min_size=1, max_size=12))
def test_the_sql_coefficient_equals_the_fractions(rows: list[tuple[int, int]]):
    values, weights = [v for v, _ in rows], [w for _, w in rows]
    card = evaluate(schools_with(values, weights), None, rules(), also=["conditions.books_per_pupil.cv"])
    (found,) = card.of("conditions.books_per_pupil.cv")["value"].to_list()
    if not any(values):
        assert found is None  # the mean is zero: no coefficient
        return
    exact = coefficient_of_variation([Fraction(v, w) for v, w in rows], weights)
    assert found == pytest.approx(math.sqrt(exact), rel=1e-12, abs=1e-12)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 3000)), min_size=1, max_size=12))
def test_the_product_and_the_test_agree_on_the_exact_coefficient(rows: list[tuple[int, int]]):
    points = [Point(Decimal(v), Decimal(w), Decimal(w)) for v, w in rows]
    assert squared_cv(points) == coefficient_of_variation([Fraction(v, w) for v, w in rows], [w for _, w in rows])


def test_no_weight_and_no_mean_give_no_value():
    assert squared_cv([]) is None
    assert squared_cv([Point(Decimal(0), Decimal(5), Decimal(5))]) is None
    assert weighted_mean([]) is None
