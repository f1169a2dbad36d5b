from __future__ import annotations

import pytest

from tests.model.made import POINT, PRIMARY, found, made, pupils, rules, school, staff


@pytest.mark.parametrize(("then", "now", "told"), [(100, 140, 0), (100, 160, 1), (100, 60, 1), (10, 20, 0), (None, 160, 0)])
def test_a_jump_is_large_both_in_proportion_and_in_number(then: int | None, now: int, told: int) -> None:
    before, after = (made(year, schools=[school()], enrolment=[pupils(n)]) for year, n in ((2024, then), (2025, now)))
    findings = found(after, "jump_since_last_year", before)
    assert len(findings) == told
    if told:
        assert findings[0].found.zh == f"学生数上年{then}，本年{now}"
        assert findings[0].place.key == (PRIMARY, "primary")


def test_jumps_of_staff_classes_and_areas_are_found() -> None:
    def year(year: int, factor: int) -> object:
        return made(
            year,
            schools=[school()],
            staff=[staff(10 * factor)],
            classes=[{"school": PRIMARY, "stage": "primary", "class": str(n), "pupils": 40} for n in range(6 * factor)],
            premises=[{"school": PRIMARY, "site_area_m2": 9_000 * factor}],
        )

    tables = {finding.place.table for finding in found(year(2025, 2), "jump_since_last_year", year(2024, 1))}  # type: ignore[arg-type]
    assert tables == {"staff", "classes", "premises"}


def test_schools_that_came_went_or_changed_are_told() -> None:
    before = made(2024, schools=[school(name="甲"), school(POINT, "teaching_point", "乙"), school("2162000009", name="丙")])
    after = made(2025, schools=[school(name="甲二"), school(POINT, "primary", "乙"), school("2162000008", name="丁")])
    assert {"school_gone", "school_new", "school_renamed", "school_of_another_kind"} <= rules(after, before)
    assert found(after, "school_gone", before)[0].place.key == ("2162000009",)


def test_last_years_return_sent_again_is_noticed() -> None:
    before = made(2024, schools=[school()], enrolment=[pupils(40 + n, grade=str(n)) for n in range(1, 7)])
    again = made(2025, schools=[school()], enrolment=[pupils(40 + n, grade=str(n)) for n in range(1, 7)])
    (one,) = found(again, "same_as_last_year", before)
    assert one.found.zh == "6个年级人数与上年完全相同"
    changed = made(2025, schools=[school()], enrolment=[pupils(41 + n, grade=str(n)) for n in range(1, 7)])
    assert found(changed, "same_as_last_year", before) == []


def test_without_a_year_before_nothing_is_compared() -> None:
    assert rules(made(schools=[school()], enrolment=[pupils(40)])) == set()
