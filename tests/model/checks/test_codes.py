from __future__ import annotations

import pytest

from junheng.model import jurisdiction
from tests.model.made import NINE_YEAR, POINT, PRIMARY, found, made, pupils, rules, school

DISTRICT = {"district": "620725100", "name": "清泉镇"}


WRONG = [("62072", ""), ("999999", ""), ("6207251", ""), ("170101", ""), ("470101", ""), ("660101", ""), ("10001", "tw"), ("09007", "tw")]


@pytest.mark.parametrize(("code", "where"), [("620725", "cn"), ("110101", "cn"), ("67000", "tw"), ("qinghe", ""), ("990000", ""), *WRONG])
def test_formats_belong_to_the_jurisdiction_of_the_countys_code(code: str, where: str) -> None:
    assert jurisdiction(code) == where


@pytest.mark.parametrize(
    ("code", "kind", "rule"),
    [
        (PRIMARY, "primary", None),
        (NINE_YEAR, "nine_year", None),
        (POINT, "teaching_point", None),
        ("1162000001", "kindergarten", None),
        ("5162000001", "special", None),
        ("3462000001", "complete_secondary", None),
        ("216200001", "primary", "code_format"),
        ("8162000001", "primary", "code_format"),
        ("21620000O1", "primary", "code_format"),
        ("2.162E+09", "primary", "code_destroyed"),
        ("2162000001.0", "primary", "code_destroyed"),
        ("1162000001", "primary", "code_of_another_kind"),
        ("2162000001", "nine_year", "code_of_another_kind"),
        ("2161000001", "primary", "code_of_another_province"),
    ],
)
def test_a_school_identifier_is_ten_digits_of_type_province_and_serial(code: str, kind: str, rule: str | None) -> None:
    assert rules(made(schools=[school(code, kind)])) == ({rule} if rule else set())


@pytest.mark.parametrize(
    ("village", "district", "told"),
    [
        ("620725100001", "620725100", set()),
        ("620725599001", "620725599", set()),
        ("620725000001", "620725000", {"code_format"}),  # digits 7-9 start at 001
        ("620725600001", "620725600", {"code_format"}),
        ("62072510001", "620725100", {"code_format"}),
        ("620725101001", "620725100", {"code_of_another_area"}),  # another township's village
        ("620702100001", "620702100", {"code_of_another_area"}),  # another county's township
    ],
)
def test_division_codes_are_told_by_length_ranges_and_the_area_above(village: str, district: str, told: set[str]) -> None:
    one = made(districts=[{"district": district, "name": "乡"}], villages=[{"village": village, "name": "村", "district": district}])
    assert rules(one) == told


def test_the_countys_own_code_stands_in_its_facts() -> None:
    assert rules(made(county_facts=[{"county": "620725", "residents": 160000}])) == set()
    assert rules(made(county_facts=[{"county": "620702", "residents": 160000}])) == {"code_of_another_area"}


def test_codes_of_taiwan_are_not_wrong_mainland_codes() -> None:
    one = made(
        code="67000",
        schools=[school("114306", "complete_secondary"), school("114F02")],
        districts=[{"district": "67000310", "name": "永康區"}],
        villages=[{"village": "67000310012", "name": "大灣里", "district": "67000310"}],
        enrolment=[pupils(9, "114F02"), pupils(9, "114306", "junior")],
    )
    assert rules(one) == set()
    assert rules(made(code="67000", schools=[school(PRIMARY)])) == {"code_format"}


def test_an_unknown_jurisdiction_is_a_note_and_its_codes_are_left_alone() -> None:
    (one,) = found(made(code="qinghe", schools=[school("A1")]), "unknown_jurisdiction")
    assert one.severity == "note"
    assert found(made(code="qinghe", schools=[school("A1")]), "code_format") == []
