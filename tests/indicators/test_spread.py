"""Which schools make the gap."""

from __future__ import annotations

import pytest

from junheng.indicators import evaluate, shipped_catalogue, shortfall_unit, spread
from tests.indicators.small import CODE, QUALITY, pupils, rules, school, small


def card():
    rows = {"A": (100, 100_000), "B": (100, 300_000), "C": (200, 400_000)}
    county = small(
        schools=[school(code) for code in rows],
        enrolment=[pupils(code, "primary", number) for code, (number, _) in rows.items()],
        equipment=[{"school": code, "teaching_equipment_yuan": yuan} for code, (_, yuan) in rows.items()],
    )
    return evaluate(county, rules().framework(QUALITY), rules())


def test_the_shares_of_the_squared_coefficient_add_up_to_one():
    found = spread(card(), "conditions.equipment_value", CODE, "primary")
    # mean 2000; A and B are 1000 away with 100 pupils each, C is at the mean
    assert found.select("school", "share", "side").rows() == [("A", 0.5, "below"), ("B", 0.5, "above"), ("C", 0.0, "at")]


def test_what_is_lacking_is_in_the_numerators_unit():
    found = spread(card(), "conditions.equipment_value", CODE, "primary")
    assert found.select("school", "to_limit", "to_floor").rows() == [("A", 100_000.0, 70_000.0), ("B", None, None), ("C", None, None)]
    assert shortfall_unit(shipped_catalogue()["conditions.equipment_value"]) == "yuan"
    assert shortfall_unit(shipped_catalogue()["teachers.above_degree_per_100"]) == "teachers"
    assert shortfall_unit(shipped_catalogue()["retention.junior"]) == "%"


def test_a_school_without_a_value_leaves_the_shares_unknown():
    county = small(
        schools=[school("A"), school("B")],
        enrolment=[pupils("A", "primary", 100), pupils("B", "primary", 100)],
        equipment=[{"school": "A", "teaching_equipment_yuan": 1000}],
    )
    found = spread(evaluate(county, rules().framework(QUALITY), rules()), "conditions.equipment_value", CODE, "primary")
    assert found["share"].null_count() == 2
    assert dict(found.select("school", "missing").iter_rows()) == {"A": 0, "B": 1}


def test_teachers_short():
    # 4.2 per 100 of 150 pupils are 6.3 teachers; 4 are there
    county = small(
        schools=[school("A")],
        enrolment=[pupils("A", "primary", 150)],
        staff=[{"school": "A", "stage": "primary", "doctors": 0, "masters": 0, "bachelors": 4, "colleges": 0}],
    )
    (row,) = spread(evaluate(county, rules().framework(QUALITY), rules()), "teachers.above_degree_per_100", CODE, "primary").to_dicts()
    assert row["to_limit"] == pytest.approx(2.3)
    assert row["to_floor"] == pytest.approx(1.355)
