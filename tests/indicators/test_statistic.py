"""Means, ratios of areas, and means of coefficients."""

from __future__ import annotations

import pytest

from junheng.indicators import evaluate
from tests.indicators.small import pupils, rules, school, small

BOOKS = "teachers.per_100"


def county(*rows: tuple[str, str | None, int, int | None]):
    return small(
        schools=[school(code, urban_rural=area) for code, area, _, _ in rows],
        enrolment=[pupils(code, "primary", number) for code, _, number, _ in rows],
        staff=[
            {"school": code, "stage": "primary", "doctors": 0, "masters": 0, "bachelors": teachers, "colleges": 0}
            for code, _, _, teachers in rows
        ],
    )


def value(data, indicator: str) -> tuple[object, object]:
    row = evaluate(data, None, rules(), also=[indicator]).of(indicator).row(0, named=True)
    return row["value"], row["missing"]


def test_the_mean_of_the_county_is_weighted_by_pupils():
    # 10 of 100 and 10 of 300: the county has 20 teachers for 400 pupils, 5 per 100 (the plain mean of 10 and 3.33 is 6.67)
    assert value(county(("A", "220", 100, 10), ("B", "220", 300, 10)), "teachers.above_degree_per_100.mean") == (5.0, 0)


def test_rural_to_town():
    data = county(("A", "220", 100, 10), ("B", "210", 300, 10), ("C", "121", 100, 4), ("D", "111", 50, 50))
    # rural 20/400 = 5 per 100, town 4 per 100
    assert value(data, "teachers.above_degree_per_100.rural_to_town") == (pytest.approx(1.25), 0)


def test_a_school_of_no_known_area_makes_a_ratio_unknown_and_is_counted():
    data = county(("A", "220", 100, 10), ("C", "121", 100, 4), ("D", None, 50, 50))
    assert value(data, "teachers.above_degree_per_100.rural_to_town") == (None, 1)


def test_a_ratio_to_an_area_without_schools_has_no_value():
    assert value(county(("A", "220", 100, 10)), "teachers.above_degree_per_100.rural_to_town") == (None, 0)


def test_one_school_is_alike_with_itself():
    assert value(county(("A", "220", 100, 10)), "teachers.above_degree_per_100.cv") == (0.0, 0)


def test_a_school_without_a_value_makes_the_coefficient_unknown_and_is_counted():
    assert value(county(("A", "220", 100, 10), ("B", "220", 100, None)), "teachers.above_degree_per_100.cv") == (None, 1)


def test_the_mean_of_eight_coefficients_needs_all_eight():
    found, missing = value(county(("A", "220", 100, 10)), "basic_balance.mean_cv")
    assert (found, missing) == (None, 1)
