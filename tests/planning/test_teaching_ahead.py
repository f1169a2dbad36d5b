"""Teachers to hire as the foreseen pupils make classes; small enough for paper."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from junheng.model.county import County
from junheng.planning.teaching import need_by_subject
from junheng.planning.teaching_ahead import hiring, left, staying_by_subject
from junheng.projection.forecast import Forecast
from tests.model.made import PRIMARY, Row, made, school
from tests.planning.counties import RULES

YEARS = (2026, 2027)


def teacher(code: str, subject: str = "chinese", born: date = date(1990, 3, 1), **more: object) -> Row:
    usual = {"school": PRIMARY, "stage": "primary", "subject": subject, "sex": "female", "full_time": True, "established": True}
    return {"teacher": code, "born": born, **usual, **more}


def county(*teachers: Row, classes: int = 1, pupils: int = 30, **more: object) -> County:
    """Return one school whose first grade has 13 lessons of Chinese and 15 of sport a week: a class needs one teacher of each."""
    return made(
        schools=[school(PRIMARY)],
        enrolment=[{"school": PRIMARY, "stage": "primary", "grade": "1", "sex": "all", "pupils": pupils}],
        classes=[
            {"school": PRIMARY, "stage": "primary", "grade": "1", "class": str(k + 1), "pupils": pupils // classes} for k in range(classes)
        ],
        lesson_plan=[
            {"stage": "primary", "grade": "1", "subject": "chinese", "lessons": 13},
            {"stage": "primary", "grade": "1", "subject": "pe", "lessons": 15},
        ],
        teachers=teachers,
        **more,
    )


def foreseen(*middle: float, spread: float = 0.0) -> Forecast:
    """Return a forecast of one grade of one school: `middle` by year, draws as far below and above it as `spread`."""
    path = np.array(middle, dtype=np.float32).reshape(-1, 1, 1)
    draws = np.stack([path * (1 - spread), path, path * (1 + spread)])
    nothing = np.zeros((5, len(middle), 1, 1), dtype=np.float32)
    return Forecast(
        origin=2025,
        years=YEARS[: len(middle)],
        schools=(PRIMARY,),
        grades=(("primary", "1"),),
        stages=("primary",),
        zones=("Z",),
        zone=np.zeros(1, dtype=np.intp),
        middle=path,
        bands=nothing,
        zone_bands=nothing,
        county_bands=nothing[:, :, 0],
        draws=draws,
        basis="own",
        seed=1,
    )


def of(frame: pl.DataFrame, subject: str, year: int) -> dict[str, object]:
    return frame.row(by_predicate=(pl.col("subject") == subject) & (pl.col("year") == year), named=True)


def test_twice_the_pupils_make_twice_the_classes_and_need_twice_the_teachers() -> None:
    # 60 pupils in classes of 30 are 2 classes: 2 × 13 ÷ 13 = 2 teachers of Chinese; one is there. Sport: 2 × 15 ÷ 15, nobody is there.
    frame = hiring(county(teacher("T1")), RULES, [foreseen(60.0)])
    chinese, sport, whole = (of(frame, subject, 2026) for subject in ("chinese", "pe", ""))
    assert (chinese["need"], chinese["staying"], chinese["to_hire"], chinese["hire"]) == (2.0, 1.0, 1.0, 1)
    assert (sport["need"], sport["staying"], sport["to_hire"]) == (2.0, 0.0, 2.0)
    assert (whole["need"], whole["staying"], whole["to_hire"], whole["spare"]) == (4.0, 1.0, 3.0, 0.0)


def test_a_class_is_never_larger_than_the_limit_and_the_least_is_told_beside() -> None:
    # Classes of 60 today: the limit of 45 makes 3 of 91 pupils; the same as the least. Classes of 20 today make 5, the least is 3.
    crowded = hiring(county(teacher("T1"), pupils=60), RULES, [foreseen(91.0)])
    assert (of(crowded, "chinese", 2026)["need"], of(crowded, "chinese", 2026)["least"]) == (3.0, 3.0)
    roomy = hiring(county(teacher("T1"), classes=3, pupils=60), RULES, [foreseen(91.0)])
    assert (of(roomy, "chinese", 2026)["need"], of(roomy, "chinese", 2026)["least"]) == (5.0, 3.0)


def test_who_retires_must_be_replaced_from_that_year_on() -> None:
    # A woman born in March 1971 is 55 in March 2026, put off by 4 months: gone by September 2026.
    ahead = staying_by_subject(county(teacher("T1"), teacher("T2", born=date(1971, 3, 1))), RULES, (2025, 2026, 2027))
    assert ahead["primary", "chinese"].tolist() == [2.0, 1.0, 1.0]
    frame = hiring(county(teacher("T2", born=date(1971, 3, 1))), RULES, [foreseen(30.0, 30.0)])
    assert [of(frame, "chinese", year)["retiring"] for year in YEARS] == [1.0, 0.0]
    assert [of(frame, "chinese", year)["hire"] for year in YEARS] == [1, 0]  # what was filled is not asked for again


def test_a_lack_that_passes_is_hired_once_and_said_not_to_last() -> None:
    # Two classes next year, one the year after: two teachers are asked for in 2026, one of them is still needed in 2027.
    frame = hiring(county(teacher("T1")), RULES, [foreseen(60.0, 30.0)])
    assert [of(frame, "pe", year)["hire"] for year in YEARS] == [2, 0]
    assert of(frame, "pe", 2027)["lasting"] == 1


def test_the_band_is_that_of_the_draws_and_holds_the_middle() -> None:
    frame = hiring(county(teacher("T1")), RULES, [foreseen(60.0, spread=0.5)])  # draws of 30, 60 and 90 pupils: 1, 2 and 3 classes
    low, need, high = (of(frame, "chinese", 2026)[name] for name in ("low", "need", "high"))
    assert (low, need, high) == (pytest.approx(1.2), 2.0, pytest.approx(2.8))
    assert of(frame, "", 2026)["hire_high"] == pytest.approx(4.6)  # of the sum of both subjects: 1, 3 or 5, one of Chinese being there


def test_a_teacher_without_a_birth_stays() -> None:
    assert staying_by_subject(county(teacher("T1", born=None)), RULES, (2025, 2030))["primary", "chinese"].tolist() == [1.0, 1.0]


def test_a_school_of_which_no_teacher_is_known_is_unknown_and_not_without_teachers() -> None:
    assert of(hiring(county(), RULES, [foreseen(60.0)]), "", 2026)["to_hire"] == 0.0


def test_where_no_class_is_known_classes_are_as_large_as_the_limit() -> None:
    without = made(schools=[school(PRIMARY)], teachers=[teacher("T1")])
    row = of(hiring(without, RULES, [foreseen(91.0)]), "", 2026)  # three classes of 45 at most
    assert row["need"] == row["least"]


def test_a_total_beside_its_parts_is_not_counted_twice() -> None:
    rows = [
        {"school": PRIMARY, "stage": "primary", "grade": "1", "sex": sex, "pupils": n}
        for sex, n in (("all", 30), ("male", 15), ("female", 15))
    ]
    one = county(teacher("T1"))
    doubled = made(**{name: one.tables[name].to_dicts() for name in ("schools", "classes", "lesson_plan", "teachers")}, enrolment=rows)
    assert of(hiring(doubled, RULES, [foreseen(60.0)]), "chinese", 2026)["need"] == 2.0


def test_where_nobody_is_in_the_register_the_counted_ones_stay_in_the_share_of_their_ages() -> None:
    counted = made(
        schools=[school(PRIMARY)],
        staff_subjects=[{"school": PRIMARY, "stage": "primary", "chinese": 4}],
        staff=[{"school": PRIMARY, "stage": "primary", "teachers": 4}],
        staff_ages=[{"school": PRIMARY, "stage": "primary", "age_30_34": 2, "age_from_60": 2}],
    )
    stay = staying_by_subject(counted, RULES, (2025, 2030))["primary", "chinese"]
    assert stay[0] == 4.0
    assert stay[1] == pytest.approx(2.0)
    unknown = made(schools=[school(PRIMARY)], staff_subjects=[{"school": PRIMARY, "stage": "primary", "chinese": 4}])
    assert np.isnan(staying_by_subject(unknown, RULES, (2025, 2030))["primary", "chinese"]).all()


def test_today_s_need_is_what_the_same_pupils_need_next_year() -> None:
    one = county(teacher("T1"), classes=2, pupils=60)
    today = need_by_subject(one, RULES).filter(pl.col("subject") == "chinese")["need"].item()
    assert of(hiring(one, RULES, [foreseen(60.0)]), "chinese", 2026)["need"] == today


def test_those_who_leave_otherwise_are_whole_teachers_of_a_share() -> None:
    # 60 teachers, 1 % a year: 0.6, rounded 1, in the first year; 1.2, rounded 1, in two; 2.94, rounded 3, in five.
    assert left(np.array([[60.0, 60.0, 60.0, 60.0]]), 0.01, np.array([0, 1, 2, 5])).tolist() == [[0, 1, 1, 3]]
    assert left(np.array([[2.0, 1.0]]), 0.9, np.array([0, 1])).tolist() == [[0, 1]]
    frame = hiring(county(*(teacher(f"T{k:02d}") for k in range(60))), RULES, [foreseen(30.0, 30.0)])
    assert [of(frame, "chinese", year)["leaving"] for year in YEARS] == [1.0, 0.0]
    assert [of(frame, "chinese", year)["staying"] for year in YEARS] == [59.0, 59.0]
