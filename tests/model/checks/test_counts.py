from __future__ import annotations

import pytest

from tests.model.made import CODE, PRIMARY, found, made, pupils, rules, school


def classes(*sizes: int | None, grade: str | None = "1") -> list[dict[str, object]]:
    return [
        {"school": PRIMARY, "stage": "primary", "class": f"{grade}({n})", "grade": grade, "pupils": size} for n, size in enumerate(sizes, 1)
    ]


def bands(grade: str = "1", **counts: int) -> list[dict[str, object]]:
    return [
        {"school": PRIMARY, "stage": "primary", "grade": grade, "band": band.replace("_", "-").removeprefix("b"), "classes": number}
        for band, number in counts.items()
    ]


def test_class_sums_that_differ_from_the_grade_total_are_an_error() -> None:
    one = made(
        schools=[school()], enrolment=[pupils(90, grade="1"), pupils(50, grade="2")], classes=classes(45, 46) + classes(50, grade="2")
    )
    (finding,) = found(one, "classes_differ_from_enrolment")
    assert finding.severity == "error"
    assert finding.place.key == (PRIMARY, "primary", "1")
    assert finding.found.zh == "各班合计91人，在校生90人"


def test_boys_and_girls_are_added_before_they_are_compared() -> None:
    one = made(
        schools=[school()], enrolment=[pupils(40, grade="1", sex="male"), pupils(51, grade="1", sex="female")], classes=classes(45, 46)
    )
    assert rules(one) == set()


@pytest.mark.parametrize("missing", ["class", "grade"])
def test_a_class_or_grade_that_was_not_counted_proves_nothing(missing: str) -> None:
    sizes = (45, None) if missing == "class" else (45, 46)
    one = made(schools=[school()], enrolment=[pupils(None if missing == "grade" else 90, grade="1")], classes=classes(*sizes))
    assert found(one, "classes_differ_from_enrolment") == []


def test_classes_without_a_grade_are_compared_by_stage() -> None:
    split = [pupils(40, grade="1"), pupils(50, grade="2")]
    assert rules(made(schools=[school()], enrolment=split, classes=classes(45, 45, grade=None))) == set()
    assert rules(made(schools=[school()], enrolment=split, classes=classes(45, 46, grade=None))) == {"classes_differ_from_enrolment"}
    assert rules(made(schools=[school()], enrolment=[pupils(90)], classes=classes(40) + classes(50, grade="2"))) == set()


def test_a_whole_beside_its_parts_is_counted_twice() -> None:
    one = made(schools=[school()], enrolment=[pupils(90, grade="1"), pupils(45, grade="1", sex="male")])
    assert [finding.place.column for finding in found(one, "counted_twice")] == ["sex"]
    two = made(schools=[school()], enrolment=[pupils(90), pupils(45, grade="1")])
    assert [finding.place.column for finding in found(two, "counted_twice")] == ["grade"]
    sexes = [{"village": "620725100001", "age": 6, "sex": sex, "persons": 3} for sex in ("all", "male", "female")]
    assert "counted_twice" in rules(made(village_population=sexes))


def test_pupils_must_fit_into_the_classes_of_the_size_bands() -> None:
    def told(number: int) -> set[str]:
        return rules(made(schools=[school()], enrolment=[pupils(number, grade="1")], class_sizes=bands(b41_45=2)))

    assert told(82) == set()
    assert told(90) == set()
    assert told(81) == {"bands_differ_from_enrolment"}
    assert told(91) == {"bands_differ_from_enrolment"}


def test_the_open_band_has_no_upper_end() -> None:
    def told(number: int) -> set[str]:
        return rules(made(schools=[school()], enrolment=[pupils(number, grade="1")], class_sizes=bands(b66_=1)))

    assert told(700) == set()
    assert told(65) == {"bands_differ_from_enrolment"}


def test_the_same_classes_are_counted_in_both_tables() -> None:
    one = made(schools=[school()], classes=classes(45, 44), class_sizes=bands(b41_45=3))
    (finding,) = found(one, "classes_differ_from_bands")
    assert finding.found.en == "2 classes one by one, 3 by size band"


def test_county_facts_are_compared_with_the_schools() -> None:
    one = made(
        schools=[school("3162000002", "junior")],
        enrolment=[pupils(300, "3162000002", "junior", "9")],
        posts=[{"school": "3162000002", "approved": 40, "held": 38}],
        county_facts=[{"county": CODE, "grade9_pupils": 310, "approved_posts": 40, "held_posts": 38}],
    )
    (finding,) = found(one, "county_differs_from_schools")
    assert (finding.place.column, finding.severity) == ("grade9_pupils", "warning")


def test_villages_add_up_to_the_county_on_one_basis_within_the_tolerance() -> None:
    villages = [{"village": f"62072510000{n}", "age": 6, "sex": "all", "persons": 500} for n in (1, 2)]

    def told(**persons: int) -> set[str]:
        county = [{"county": CODE, "basis": basis, "age": 6, "sex": "all", "persons": number} for basis, number in persons.items()]
        names = [{"village": row["village"], "name": "村"} for row in villages]
        return rules(made(villages=names, village_population=villages, population=county))

    assert told(resident=1015) == set()
    assert told(resident=1100) == {"villages_differ_from_county"}
    assert told(resident=1100, registered=1000) == set()
