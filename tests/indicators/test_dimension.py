"""Units: what fits what."""

from __future__ import annotations

import pytest

from junheng.indicators.dimension import Mismatch, Scope, fits, measure_of, measure_of_unit, shown
from junheng.indicators.sql import parse

SCOPE = Scope(
    columns={
        "pupils": "pupils",
        "teachers": "teachers",
        "heads": "staff",
        "area": "m2",
        "site": "km2",
        "value": "yuan",
        "class": "",
        "year": "year",
        "since": "year",
    },
    limits={"class_size.maximum": "pupils/class", "room.minimum": "m2/pupil"},
    row_unit="classes",
)


def unit(text: str) -> str:
    return shown(measure_of(parse(text), SCOPE))


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("sum(pupils)", "pupils"),
        ("sum(area) / nullif(sum(pupils), 0)", "area/pupils"),
        ("count(class)", "classes"),
        ("count(case when pupils > {class_size.maximum} then class end)", "classes"),  # a row is a class
        ("sum({room.minimum} * pupils)", "area"),
        ("sum(teachers + heads)", "teachers"),  # teachers are staff
        ("max(year - since)", "time_years"),
        ("sum(site)", "area × 1000000"),
        ("sum(case when pupils > 0 then value else 0 end)", "money"),
    ],
)
def test_measures(text: str, measured: str):
    assert unit(text) == measured


@pytest.mark.parametrize(
    "text",
    [
        "sum(pupils + area)",
        "sum(area + site)",
        "sum(pupils + teachers)",
        "count(case when area > {class_size.maximum} then class end)",
        "sum(least(pupils, value))",
    ],
)
def test_what_does_not_fit(text: str):
    with pytest.raises(Mismatch):
        unit(text)


def test_people_of_a_kind_cancel_and_others_do_not():
    assert fits(measure_of_unit("posts"), measure_of_unit("staff"))
    assert not fits(measure_of_unit("pupils"), measure_of_unit("staff"))
    assert fits(measure_of_unit("yuan/pupil"), measure_of_unit("yuan/pupil-year"))
    assert not fits(measure_of_unit("yuan"), measure_of_unit("10k_yuan"))
