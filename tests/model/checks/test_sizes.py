from __future__ import annotations

import pytest

from junheng.model import County
from tests.model.made import CODE, POINT, PRIMARY, found, made, pupils, rules, school, staff


def county(table: str, odd: dict[str, object], each: dict[str, int], schools: int = 20) -> County:
    """Return schools of 100, 110, … pupils that have `each` per pupil, and PRIMARY with 200 pupils and the odd row."""
    codes = [f"21620001{n:02}" for n in range(schools)]
    sizes = {code: 100 + 10 * n for n, code in enumerate(codes)}
    rows = [{"school": code, **{name: value * size for name, value in each.items()}} for code, size in sizes.items()]
    return made(
        schools=[school(), *(school(code, name=code) for code in codes)],
        enrolment=[pupils(200), *(pupils(size, code) for code, size in sizes.items())],
        **{table: [*rows, {"school": PRIMARY, **odd}]},
    )


@pytest.mark.parametrize(
    ("table", "column", "value", "each", "rule"),
    [
        ("finance", "current_yuan", 17_500, 20_000, "improbable_ratio"),  # 17,500 as a year's spending
        ("premises", "floor_area_m2", 0, 12, "improbable_ratio"),
        ("premises", "floor_area_m2", 167_674, 12, "improbable_ratio"),
        ("premises", "floor_area_m2", 40_000, 12, "unlike_similar_schools"),
        ("premises", "site_area_m2", 2_476, 100, "unlike_similar_schools"),
        ("equipment", "teaching_equipment_yuan", 52, 2000, "improbable_ratio"),  # 万元 written as yuan
        ("premises", "site_area_m2", 30_000, 100, None),
        ("premises", "floor_area_m2", None, 12, None),  # not counted is no claim
    ],
)
def test_a_quantity_unlike_that_of_similar_schools_is_a_warning(
    table: str, column: str, value: int | None, each: int, rule: str | None
) -> None:
    one = county(table, {column: value}, {column: each})
    told = [finding for name in ("improbable_ratio", "unlike_similar_schools") for finding in found(one, name)]
    assert [(finding.rule, finding.place.key, finding.severity) for finding in told] == (
        [(f"model.{rule}", (PRIMARY,), "warning")] if rule else []
    )


def test_an_outlier_is_compared_with_schools_of_its_size() -> None:
    # small schools have far more ground per pupil than large ones: 20 pupils on 4,000 m² is usual, 2,000 pupils on 400,000 m² is not
    sizes = {f"21620001{n:02}": (20 + n, 4_000) for n in range(20)} | {f"21620002{n:02}": (2000 + n, 20_000) for n in range(40)}
    sizes[PRIMARY] = (2010, 350_000)
    one = made(
        schools=[school(code, name=code) for code in sizes],
        enrolment=[pupils(size, code) for code, (size, _) in sizes.items()],
        premises=[{"school": code, "site_area_m2": area} for code, (_, area) in sizes.items()],
    )
    assert [finding.place.key for finding in found(one, "unlike_similar_schools")] == [(PRIMARY,)]


def test_a_few_schools_judge_nobody() -> None:
    few = county("premises", {"site_area_m2": 2_476}, {"site_area_m2": 100}, schools=3)
    assert found(few, "unlike_similar_schools") == []


def test_a_campus_is_measured_together_with_its_school() -> None:
    one = made(
        schools=[school()],
        campuses=[{"campus": "2162000001B", "school": PRIMARY, "name": "东校区"}],
        enrolment=[pupils(500), pupils(20, "2162000001B")],
        premises=[{"school": PRIMARY, "site_area_m2": 800}, {"school": "2162000001B", "site_area_m2": 9_000}],
    )
    assert found(one, "improbable_ratio") == []


@pytest.mark.parametrize(("size", "told"), [(45, 0), (0, 1), (91, 1), (None, 0)])
def test_a_class_has_a_plausible_size(size: int | None, told: int) -> None:
    one = made(schools=[school()], classes=[{"school": PRIMARY, "stage": "primary", "class": "1", "pupils": size}])
    assert len(found(one, "improbable_value")) == told


def test_nothing_was_built_in_the_future() -> None:
    assert rules(made(schools=[school(built_year=2027)])) == {"year_to_come"}
    assert rules(made(schools=[school(built_year=2026)])) == set()
    assert rules(made(county_facts=[{"county": CODE, "basic_balance_year": 2031}])) == {"year_to_come"}


def test_pupils_without_teachers_and_teachers_without_pupils_are_asked_about() -> None:
    one = made(
        schools=[school(), school(POINT)],
        enrolment=[pupils(30), pupils(0, POINT)],
        staff=[staff(0), staff(2, POINT)],
    )
    (alone,) = found(one, "pupils_without_teachers")
    assert (alone.place.key, alone.found.zh) == ((PRIMARY, "primary"), "小学学生30人，专任教师0")
    (empty,) = found(one, "teachers_without_pupils")
    assert empty.place.key == (POINT, "primary")


def test_a_missing_staff_return_is_asked_for_once_the_table_is_there() -> None:
    both = [school(), school(POINT)]
    assert rules(made(schools=both, enrolment=[pupils(30), pupils(9, POINT)])) == set()
    one = made(schools=both, enrolment=[pupils(30), pupils(9, POINT)], staff=[staff(2)])
    (finding,) = found(one, "pupils_without_teachers")
    assert finding.found.zh == "小学学生9人，专任教师空"
