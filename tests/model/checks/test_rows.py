from __future__ import annotations

from tests.model.made import POINT, PRIMARY, found, made, pupils, school


def test_two_schools_with_one_code_are_both_named() -> None:
    (one,) = found(made(schools=[school(name="甲小学"), school(name="乙小学"), school(POINT)]), "two_schools_with_one_code")
    assert one.severity == "error"
    assert one.place.key == (PRIMARY,)
    assert one.found.zh == "2所学校共用此标识码：乙小学 / 甲小学"


def test_a_key_that_is_there_twice_is_found_in_any_table() -> None:
    (one,) = found(made(schools=[school()], enrolment=[pupils(3), pupils(4), pupils(5, grade="1")]), "repeated_key")
    assert one.place.key == (PRIMARY, "primary", "all", "all")


def test_negative_pupils_are_refused_and_zero_and_nothing_are_not() -> None:
    one = made(schools=[school()], enrolment=[pupils(-3, grade="1"), pupils(0, grade="2"), pupils(None, grade="3")])
    (finding,) = found(one, "value_out_of_bounds")
    assert (finding.found.en, finding.expected.en) == ("-3", "a whole number, 0 or more")


def test_what_must_be_filled_in_is_named_by_its_label() -> None:
    (one,) = found(made(schools=[{"school": PRIMARY, "kind": "primary"}]), "missing_value")
    assert (one.place.column, one.expected.zh) == ("name", "学校名称（必填）")


def test_a_code_that_no_list_knows_comes_with_the_list() -> None:
    (one,) = found(made(schools=[school(kind="castle")]), "value_not_allowed")
    assert "primary（小学）" in one.expected.zh


def test_blanks_around_a_text_are_a_warning() -> None:
    (one,) = found(made(schools=[school(name="城关小学 ")]), "blanks_around")
    assert one.severity == "warning"
