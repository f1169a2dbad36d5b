"""Teachers by hand: 19 pupils to a member of staff in a primary school, 1.7 staff to a class in a small one."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.documents import PackageFile
from junheng.model import County
from junheng.projection.forecast import Forecast
from junheng.projection.staffing import teachers
from junheng.standards import Rulebook, read_library, shipped
from tests.projection.forecasts import constant, drawn
from tests.projection.programmes import EAST, HILL, WEST, nation, small

STAFF = [{"school": code, "stage": "primary", "staff": staff, "teachers": count} for code, staff, count in ((EAST, 20, 18), (WEST, 20, 18))]
AGES = [{"school": EAST, "stage": "primary", "age_30_34": 18}, {"school": WEST, "stage": "primary", "age_30_34": 18}]
SUBJECTS = [{"school": EAST, "stage": "primary", "chinese": 9, "mathematics": 6, "pe": 3}]


def row(forecast: Forecast, county: County, subject: str = "", stage: str = "primary", rules: Rulebook | None = None) -> dict[str, Any]:
    rows = teachers(forecast, county, rules or nation()).rows
    return rows.filter(pl.col("subject") == subject, pl.col("stage") == stage).to_dicts()[0]


def test_staff_by_pupils_and_small_schools_by_their_classes() -> None:
    # East 190 / 19 = 10. West 95 is small: 5 by pupils, 3 classes x 1.7 = 5.1. Hill 57: 3 by pupils, 2 x 1.7 = 3.4. Staff 18.5,
    # of whom 36 in 40 are full-time teachers: 16.65. Nobody of 30-34 retires: 36 stay, none to hire.
    one = row(drawn(constant(190, 95, 57)), small(staff=STAFF, staff_ages=AGES))
    assert one["q50"] == pytest.approx(16.65)
    assert (one["staying"], one["retiring"], one["to_hire"], one["method"]) == (36, 0, 0, "ratio")


def test_a_small_school_with_six_grades_has_six_classes() -> None:
    forecast = drawn(constant(95, 0, 0))
    many = Forecast(
        **{
            **{name: getattr(forecast, name) for name in Forecast.__slots__},
            "grades": tuple(("primary", str(grade)) for grade in range(1, 7)),
            "middle": np.repeat(forecast.middle, 6, axis=2),
        }
    )
    assert row(many, small(staff=STAFF))["q50"] == pytest.approx(6 * 1.7 * 0.9)


def test_what_must_be_hired_is_what_is_needed_beyond_those_who_stay() -> None:
    # 36 x 19 / 0.9 = 760 pupils need 36 teachers; 855 need 40.5.
    one = row(drawn(constant(855, 0, 0)), small(staff=STAFF, staff_ages=AGES))
    assert one["to_hire"] == pytest.approx(4.5)


def test_the_band_of_pupils_is_the_band_of_teachers() -> None:
    one = row(drawn(np.array([[[[number], [0], [0]]] for number in (190, 380, 570)])), small(staff=STAFF, staff_ages=AGES))
    assert one["q50"] == pytest.approx(18)
    assert one["q10"] == pytest.approx(9 + 0.2 * 9)
    assert one["q10"] < one["q25"] < one["q50"] < one["q75"] < one["q90"]


def test_subjects_keep_todays_shares_and_say_so() -> None:
    county = small(staff=STAFF, staff_ages=AGES, staff_subjects=SUBJECTS)
    one = row(drawn(constant(380, 0, 0)), county, "chinese")
    assert one["q50"] == pytest.approx(18 * 9 / 18)
    assert one["staying"] == pytest.approx(36 * 9 / 18)
    assert (one["method"], one["note_zh"]) == ("share", "无课时计划：按现有学科构成")


PLAN = """
title: {zh: 课时, en: Lessons}
jurisdiction: cn-62
unit: lessons/week
by: %s
holds_when: value = limit
reviewed: null
labels: {chinese: {zh: 语文, en: Chinese}}
values:
  %s:
    2022-09-01: {value: %s, source: plan#1, confidence: L}
"""
SOURCE = """
plan:
  title: {zh: 课程计划, en: Plan}
  number: null
  issuer: {zh: 县, en: County}
  issued: null
  in_force: null
  seen: {zh: 原件, en: original}
"""


def test_a_lesson_plan_on_the_shelf_gives_the_teachers_of_a_subject() -> None:
    # 380 pupils are 9 classes; 9 x 7 lessons of Chinese / 14 lessons of a teacher = 4.5.
    files = [
        PackageFile("curriculum/subject_lessons/primary.yaml", PLAN % ("subject", "chinese", 7)),
        PackageFile("curriculum/lessons_per_teacher.yaml", PLAN % ("stage", "primary", 14)),
        PackageFile("sources.yaml", SOURCE),
    ]
    shelves = (shipped("cn"), read_library(files, "cn-62", (shipped("cn"),)))
    county = small(staff=STAFF, staff_ages=AGES, staff_subjects=SUBJECTS)
    forecast = drawn(constant(380, 0, 0))
    rules = Rulebook(shelves, nation().day)
    assert row(forecast, county, "chinese", rules=rules)["q50"] == pytest.approx(4.5)
    assert row(forecast, county, "chinese", rules=rules)["method"] == "lessons"
    assert row(forecast, county, "pe", rules=rules)["method"] == "share"


def test_kindergartens_go_by_children_to_a_teacher() -> None:
    forecast = drawn(constant(300, 0, 0), stages=("preschool",))
    assert row(forecast, small(), stage="preschool")["q50"] == pytest.approx(20)


def test_ages_that_are_missing_leave_those_who_stay_unknown_and_are_found() -> None:
    county = small(staff=STAFF, staff_ages=AGES[:1])
    found = teachers(drawn(constant(190, 0, 0)), county, nation())
    one = found.rows.to_dicts()[0]
    assert (one["staying"], one["retiring"], one["to_hire"]) == (None, None, None)
    assert one["q50"] == pytest.approx(9)
    assert [(item.rule, item.place.key) for item in found.findings] == [("projection.ages_not_returned", (WEST, "primary"))]


def test_without_a_count_of_staff_nothing_is_worked_out() -> None:
    found = teachers(drawn(constant(190, 0, 0)), small(), nation())
    assert found.rows.to_dicts()[0]["q50"] is None
    assert [item.rule for item in found.findings] == ["projection.no_staff_ratio"]


def test_pupils_that_are_not_known_need_an_unknown_number() -> None:
    assert row(drawn(constant(np.nan, 0, 0)), small(staff=STAFF))["q50"] is None


def test_the_ratio_is_that_of_the_place_and_the_year() -> None:
    # In 2010 a rural primary school had 23 pupils to a member of staff, a city one 19.
    schools = [{"school": code, "name": code, "kind": "primary", "urban_rural": where} for code, where in ((EAST, "111"), (HILL, "220"))]
    county = small(schools=schools, staff=STAFF)
    forecast = drawn(constant(190, 230), schools=(EAST, HILL), zone=(0, 0), zones=("x",), origin=2009)
    assert row(forecast, county)["q50"] == pytest.approx((10 + 10) * 0.9)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 3000), min_size=3, max_size=3))
def test_more_pupils_never_need_fewer_teachers_than_the_ratio(pupils: list[int]) -> None:
    one = row(drawn(constant(*pupils)), small(staff=STAFF, staff_ages=AGES))
    assert one["q50"] >= sum(pupils) / 19 * 0.9 - 1e-6
    assert one["to_hire"] >= 0
