from __future__ import annotations

import pytest

from tests.model.made import NINE_YEAR, POINT, PRIMARY, found, made, pupils, rules, school

CAMPUS = {"campus": "2162000001B", "school": PRIMARY, "name": "东校区"}


def test_a_school_that_is_not_registered_is_found_once_with_its_rows() -> None:
    one = made(schools=[school()], enrolment=[pupils(3, POINT, grade=grade) for grade in "123"])
    (finding,) = found(one, "unknown_school")
    assert (finding.severity, finding.found.zh) == ("error", f"{POINT}（3行）")


def test_a_campus_may_stand_for_a_school_where_sites_are_counted_and_only_there() -> None:
    rows = {"schools": [school()], "campuses": [CAMPUS], "enrolment": [pupils(3, str(CAMPUS["campus"]))]}
    assert found(made(**rows), "unknown_school") == []  # type: ignore[arg-type]
    posts = made(schools=[school()], campuses=[CAMPUS], posts=[{"school": CAMPUS["campus"], "approved": 3}])
    assert len(found(posts, "unknown_school")) == 1


def test_villages_and_townships_must_be_there() -> None:
    one = made(
        schools=[school(village="620725100001")],
        villages=[{"village": "620725100002", "name": "乙", "district": "620725100"}],
    )
    assert [finding.place.column for finding in found(one, "unknown_reference")] == ["village", "district"]


def test_a_school_in_no_table_is_asked_for() -> None:
    one = made(schools=[school(), school(POINT, name="山后教学点", kind="teaching_point")], enrolment=[pupils(3)])
    (finding,) = found(one, "school_in_no_table")
    assert finding.place.key == (POINT,)
    assert "山后教学点" in finding.found.zh


def test_a_school_whose_campus_reported_is_not_silent() -> None:
    one = made(schools=[school()], campuses=[CAMPUS], enrolment=[pupils(3, str(CAMPUS["campus"]))])
    assert found(one, "school_in_no_table") == []


def test_a_register_alone_asks_nobody() -> None:
    assert found(made(schools=[school()]), "school_in_no_table") == []


def test_two_schools_with_one_name_are_a_warning() -> None:
    (one,) = found(made(schools=[school(name="城关小学"), school(POINT, name="城关小学")]), "two_schools_with_one_name")
    assert one.found.zh == f"城关小学：{PRIMARY}、{POINT}"


@pytest.mark.parametrize(
    ("kind", "stage", "grade", "rule"),
    [
        ("primary", "junior", "7", "stage_of_another_kind"),
        ("nine_year", "senior", "10", "stage_of_another_kind"),
        ("primary", "primary", "7", "grade_of_another_stage"),
        ("nine_year", "junior", "6", None),  # five years of primary and four of junior school
        ("special", "special", "9", None),
        ("primary", "preschool", "k0", None),  # classes attached to a primary school
    ],
)
def test_stages_and_grades_belong_to_the_kind_of_school(kind: str, stage: str, grade: str, rule: str | None) -> None:
    code = {"nine_year": NINE_YEAR, "special": "5162000001"}.get(kind, PRIMARY)
    one = made(schools=[school(code, kind=kind)], enrolment=[pupils(3, code, stage, grade)])
    assert rules(one) == ({rule} if rule else set())
