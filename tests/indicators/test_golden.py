"""The published worked examples: what other programs get wrong."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest

from junheng.indicators import evaluate
from tests.indicators.small import QUALITY, pupils, rules, school, small

PUPILS = (45, 37, 89, 76, 55)
BOOKS = (279, 137, 935, 160, 402)


def five_schools() -> object:
    codes = [f"S{n}" for n in range(5)]
    return small(
        schools=[school(code) for code in codes],
        enrolment=[pupils(code, "primary", n) for code, n in zip(codes, PUPILS, strict=True)],
        equipment=[{"school": code, "books": n} for code, n in zip(codes, BOOKS, strict=True)],
    )


def only(frame: pl.DataFrame, column: str = "value") -> object:
    (value,) = frame[column].to_list()
    return value


def test_the_coefficient_is_weighted_by_pupils():
    card = evaluate(five_schools(), None, rules(), also=["conditions.books_per_pupil.cv"])
    # N = 302, mean = 1913/302 = 6.334, S = 3.264, CV = 0.5153; without weights it would be 0.489
    assert only(card.of("conditions.books_per_pupil.cv")) == pytest.approx(0.5153, abs=5e-5)


def test_an_all_through_school_is_split_by_weights():
    county = small(
        schools=[school("N", "nine_year")],
        enrolment=[pupils("N", "primary", 166), pupils("N", "junior", 210)],
        equipment=[{"school": "N", "books": 23226}],
    )
    rows = evaluate(county, None, rules(), also=["conditions.books_per_pupil"]).of("conditions.books_per_pupil")
    exact = {row["stage"]: Fraction(row["numerator"]) / Fraction(row["denominator"]) for row in rows.iter_rows(named=True)}
    # 166 + 1.1 × 210 = 397 weighted pupils
    assert exact == {"primary": Fraction(23226, 397), "junior": Fraction(23226 * 11, 3970)}
    assert {stage: round(float(value), 3) for stage, value in exact.items()} == {"primary": 58.504, "junior": 64.354}
    shares = {row["stage"]: exact[row["stage"]] * Fraction(row["weight"]) for row in rows.iter_rows(named=True)}
    assert {stage: round(float(share), 1) for stage, share in shares.items()} == {"primary": 9711.6, "junior": 13514.4}
    assert sum(shares.values()) == 23226


def test_a_complete_secondary_school_is_split_one_to_one_point_two():
    county = small(
        schools=[school("C", "complete_secondary")],
        enrolment=[pupils("C", "junior", 100), pupils("C", "senior", 100)],
        equipment=[{"school": "C", "teaching_equipment_yuan": 220000}],
    )
    rows = evaluate(county, None, rules(), also=["conditions.equipment_value"]).of("conditions.equipment_value")
    assert rows.select("school", "stage", "value").rows() == [("C", "junior", 1000.0)]  # 220000 / (100 + 1.2 × 100)


LIMITS = {  # indicator -> (primary limit, floor), (junior limit, floor), as both public programs have them
    "teachers.above_degree_per_100": (("4.2", "3.57"), ("5.3", "4.505")),
    "teachers.backbone_per_100": (("1", "0.85"), ("1", "0.85")),
    "teachers.pe_arts_per_100": (("0.9", "0.765"), ("0.9", "0.765")),
    "conditions.teaching_area": (("4.5", "3.825"), ("5.8", "4.93")),
    "conditions.sports_area": (("7.5", "6.375"), ("10.2", "8.67")),
    "conditions.equipment_value": (("2000", "1700"), ("2500", "2125")),
    "conditions.multimedia_rooms_per_100": (("2.3", "1.955"), ("2.4", "2.04")),
}


def test_limits_and_floors_are_those_of_the_document():
    county = small(schools=[school("N", "nine_year")], enrolment=[pupils("N", "primary", 100), pupils("N", "junior", 100)])
    card = evaluate(county, rules().framework(QUALITY), rules())
    for indicator, stages in LIMITS.items():
        for stage, (limit, floor) in zip(("primary", "junior"), stages, strict=True):
            row = card.of(indicator, stage=stage).row(0, named=True)
            assert row["limit"] == Decimal(limit)
            assert row["near_limit"] == pytest.approx(float(floor))


@pytest.mark.parametrize(
    ("teachers", "number", "verdict"),
    [
        (9, 1000, "met"),  # 0.9 per 100, exactly the limit
        (89, 10000, "near"),  # 0.89
        (765, 100000, "near"),  # 0.765, exactly 85 %
        (76491, 9999900, "missed"),  # 0.76491…, 84.99 %
    ],
)
def test_exactly_on_the_limit_passes_and_a_hair_below_85_percent_fails(teachers: int, number: int, verdict: str):
    county = small(
        schools=[school("A")],
        enrolment=[pupils("A", "primary", number)],
        staff_subjects=[{"school": "A", "stage": "primary", "pe": teachers, "music": 0, "fine_art": 0, "arts": 0}],
    )
    card = evaluate(county, rules().framework(QUALITY), rules())
    assert only(card.of("teachers.pe_arts_per_100"), "verdict") == verdict
