"""A register of teachers that cannot be is told with its row."""

from __future__ import annotations

from datetime import date

from tests.model.made import NINE_YEAR, PRIMARY, Row, found, made, pupils, rules, school, staff


def teacher(code: str, **more: object) -> Row:
    usual = {"school": PRIMARY, "stage": "primary", "subject": "chinese", "full_time": True, "backbone": "none", "born": date(1980, 3, 1)}
    return {"teacher": code, **usual, "since": 2010, **more}


def of(*rows: Row, **more: object):
    tables = {"staff": [staff(len(rows))], "enrolment": [pupils(50)]} | more
    return made(schools=[school(PRIMARY), school(NINE_YEAR, "nine_year")], teachers=rows, **tables)


def test_a_sound_register_has_no_findings_of_its_own():
    assert not {rule for rule in rules(of(teacher("T1"), teacher("T2"))) if "teacher" in rule or "couple" in rule or "register" in rule}


def test_a_teacher_in_two_schools_is_told_with_both():
    one = found(of(teacher("T1"), teacher("T1", school=NINE_YEAR)), "teacher_in_two_schools")
    assert [each.place.key for each in one] == [("T1",)]
    assert PRIMARY in one[0].found.zh
    assert NINE_YEAR in one[0].found.zh


def test_an_unknown_subject_and_none_are_two_things():
    assert found(of(teacher("T1", subject="wizardry")), "value_not_allowed")[0].place.key == ("T1",)
    assert found(of(teacher("T1", subject=None)), "teacher_without_subject")[0].place.key == ("T1",)


def test_backbone_without_full_time():
    assert found(of(teacher("T1", backbone="county", full_time=False)), "backbone_not_full_time")[0].place.key == ("T1",)


def test_a_couple_of_which_one_does_not_know():
    assert found(of(teacher("T1", partner="T2"), teacher("T2")), "couple_at_odds")[0].place.key == ("T1",)
    assert not found(of(teacher("T1", partner="T2"), teacher("T2", partner="T1")), "couple_at_odds")


def test_more_exempt_than_there_are_teachers():
    county = of(teacher("T1", exemption="illness"), teacher("T2", exemption="illness"), staff=[staff(1)])
    assert found(county, "more_exempt_than_teachers")[0].place.key == (PRIMARY, "primary")
    assert found(county, "register_differs_from_return")


def test_pupils_and_no_teacher():
    county = of(teacher("T1"), enrolment=[pupils(50), pupils(40, NINE_YEAR)])
    assert found(county, "school_not_in_register")[0].place.key == (NINE_YEAR,)


def test_ages_and_years_that_cannot_be():
    assert found(of(teacher("T1", born=date(2015, 1, 1))), "teacher_of_odd_age")
    assert found(of(teacher("T1", since=1990)), "teacher_since_cannot_be")
    assert found(of(teacher("T1", lessons=4, lessons_outside=5)), "more_lessons_outside_than_taught")


def test_no_register_no_findings():
    assert not {rule for rule in rules(of()) if "register" in rule or "not_in_register" in rule}


def test_titles_and_positions_held_since_a_year_that_cannot_be():
    assert found(of(teacher("T1", title_since=2031)), "title_since_cannot_be")[0].place.key == ("T1",)
    assert found(of(teacher("T1", position="head", position_since=1991)), "position_since_cannot_be")[0].place.key == ("T1",)
    sound = of(teacher("T1", title_since=2012, position="head", position_since=2020))
    assert not {rule for rule in rules(sound) if "since" in rule}


def test_two_heads_of_one_school_are_both_named():
    two = of(teacher("T1", position="head"), teacher("T2", position="head"), teacher("T3", position="deputy_head"))
    assert [one.place.key for one in found(two, "two_heads_in_a_school")] == [("T1",), ("T2",)]


def test_a_second_subject_that_is_the_first():
    assert found(of(teacher("T1", second_subject="chinese")), "second_subject_is_the_first")[0].place.key == ("T1",)
    assert not found(of(teacher("T1", second_subject="morality")), "second_subject_is_the_first")
