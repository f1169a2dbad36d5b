"""Schools to look at, by hand: a primary class of 45, a primary school of 2,000, a small school of fewer than 100."""

from __future__ import annotations

from typing import Any

import numpy as np

from junheng.model import County
from junheng.projection.forecast import Forecast
from junheng.projection.notable import KINDS, notable
from junheng.projection.programme import programme
from junheng.projection.seats import seats
from tests.projection.forecasts import constant, drawn
from tests.projection.programmes import AS_OF, EAST, HILL, WEST, Row, nation, places, small


def listed(forecast: Forecast, county: County) -> list[dict[str, Any]]:
    counted = seats(county, nation(), programme(county, nation(), AS_OF), forecast.years)
    return notable(forecast, counted, county, nation()).to_dicts()


def pupils(number: int, code: str = EAST, grade: str = "1") -> Row:
    return {"school": code, "stage": "primary", "grade": grade, "sex": "all", "pupils": number}


def classes(*sizes: int, code: str = EAST) -> list[Row]:
    return [{"school": code, "stage": "primary", "class": f"1({i})", "grade": "1", "pupils": size} for i, size in enumerate(sizes)]


def kinds(forecast: Forecast, county: County) -> list[tuple[str, str, int]]:
    return [(one["kind"], one["school"], one["year"]) for one in listed(forecast, county)]


ENROLLED = [pupils(90), pupils(200, WEST), pupils(150, HILL)]


def east(*by_year: float) -> Forecast:
    """East's pupils a year; West and Hill stay at 200 and 150."""
    return drawn(np.array([[[[number], [200], [150]] for number in by_year]]))


def test_oversized_classes_appear_when_the_rooms_no_longer_hold_the_pupils() -> None:
    # Two rooms hold 90; 90 pupils today in two classes of 45; 91 in 2027.
    county = small(places=[places(EAST, 2), places(WEST, 6), places(HILL, 4)], enrolment=ENROLLED, classes=classes(45, 45))
    (one,) = [found for found in listed(east(90, 91, 200), county) if found["kind"] == "large_class_appears"]
    assert (one["school"], one["stage"], one["year"], one["probability"]) == (EAST, "primary", 2027, 1.0)
    assert one["sentence_zh"] == "2027学年预计91人（80%区间91–91），教室2间按班额标准可容90人：将出现超标班额（概率100%）"


def test_an_oversized_class_goes_when_its_pupils_do() -> None:
    # Largest class 50 of 90 pupils: with the same split it is at 45 when the school has 81.
    county = small(places=[places(EAST, 4), places(WEST, 6), places(HILL, 4)], enrolment=ENROLLED, classes=classes(50, 40))
    assert ("large_class_gone", EAST, 2027) in kinds(east(82, 81, 70), county)


def test_size_bands_tell_of_oversized_classes_too() -> None:
    bands = [{"school": EAST, "stage": "primary", "grade": "1", "band": "46-50", "classes": 1}]
    county = small(places=[places(EAST, 4), places(WEST, 6), places(HILL, 4)], enrolment=ENROLLED, class_sizes=bands)
    assert ("large_class_gone", EAST, 2027) in kinds(east(82, 81, 70), county)
    assert "large_class_appears" not in [kind for kind, _, _ in kinds(east(300), county)]


def test_kindergarten_classes_are_not_judged_by_the_size_for_which_rooms_are_built() -> None:
    # A large class (k3) of 34 is within its own limit of 35, though rooms count for 30.
    enrolled = [{"school": EAST, "stage": "preschool", "grade": "k3", "sex": "all", "pupils": 34}]
    room = [{"school": EAST, "stage": "preschool", "class": "k3(1)", "grade": "k3", "pupils": 34}]
    county = small(enrolment=enrolled, classes=room, places=[places(EAST, 2, stage="preschool")])
    found = kinds(drawn(constant(28, years=2), stages=("preschool",), schools=(EAST,), zone=(0,), zones=("x",)), county)
    assert "large_class_gone" not in [kind for kind, _, _ in found]


def test_a_school_becomes_too_large_and_ceases_to_be() -> None:
    county = small(
        enrolment=[pupils(2000), pupils(2001, WEST), pupils(150, HILL)], places=[places(code, 60) for code in (EAST, WEST, HILL)]
    )
    forecast = drawn(np.array([[[[2000], [2001], [150]], [[2001], [2000], [150]]]]))
    found = kinds(forecast, county)
    assert ("large_school_appears", EAST, 2027) in found
    assert ("large_school_gone", WEST, 2027) in found


def test_a_school_falls_below_a_hundred_with_its_probability() -> None:
    # 150 today; 99 in half of the draws in 2026.
    forecast = drawn(np.array([[[[90], [200], [99]]], [[[90], [200], [100]]]]))
    (one,) = [
        found
        for found in listed(forecast, small(enrolment=[pupils(90), pupils(200, WEST), pupils(150, HILL)]))
        if found["kind"] == "small_school"
    ]
    assert (one["school"], one["stage"], one["probability"]) == (HILL, "", 0.5)
    assert "不足100人（概率50%）" in one["sentence_zh"]


def test_a_school_already_small_does_not_fall_below() -> None:
    assert "small_school" not in [kind for kind, school, _ in kinds(east(80), small(enrolment=ENROLLED)) if school == EAST]


def test_a_grade_without_entrants_is_listed_while_it_has_some_today() -> None:
    county = small(enrolment=[pupils(9, HILL), pupils(90)])
    forecast = drawn(constant(90, 200, 0))
    (one,) = [found for found in listed(forecast, county) if found["kind"] == "no_entrants"]
    assert (one["school"], one["stage"], one["probability"]) == (HILL, "primary", 0.9)
    assert one["sentence_zh"] == "2026学年起始年级预计没有新生（概率不低于90%）；现有9人"


def test_a_school_that_closes_is_not_said_to_shrink() -> None:
    closing = [{"school": HILL, "kind": "close", "year": 2026}]
    county = small(enrolment=ENROLLED, school_changes=closing)
    assert [one for one in kinds(drawn(constant(90, 200, 0)), county) if one[1] == HILL] == []


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert listed(drawn(np.full((3, 2, 3, 1), np.nan)), small()) == []
    assert listed(drawn(np.full((3, 2, 3, 1), np.nan)), small(enrolment=[pupils(2500), pupils(200, WEST), pupils(150, HILL)])) == []


def test_every_kind_has_its_year_once() -> None:
    county = small(enrolment=ENROLLED, classes=classes(50, 40))
    found = listed(drawn(constant(5000, 20, 0, years=4)), county)
    assert {one["kind"] for one in found} <= set(KINDS)
    assert len({(one["kind"], one["school"], one["stage"]) for one in found}) == len(found)
