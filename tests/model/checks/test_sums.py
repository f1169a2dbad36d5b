from __future__ import annotations

import pytest

from junheng.model import schema
from tests.model.made import PRIMARY, found, made, pupils, rules, school, staff

ROW = {"school": PRIMARY, "stage": "primary"}


def test_degrees_that_do_not_add_up_to_the_teachers_are_an_error() -> None:
    one = made(schools=[school()], staff=[staff(10, doctors=0, masters=1, bachelors=5, colleges=3, below_college=0)])
    (finding,) = found(one, "sum_differs")
    assert finding.severity == "error"
    assert finding.found.zh == "专任教师为10，博士研究生、硕士研究生、本科、专科、高中阶段及以下合计9"


def test_a_part_that_was_not_counted_proves_nothing_until_the_rest_exceed_the_whole() -> None:
    assert found(made(schools=[school()], staff=[staff(10, bachelors=5)]), "sum_differs") == []
    assert len(found(made(schools=[school()], staff=[staff(10, bachelors=11)]), "sum_differs")) == 1
    assert found(made(schools=[school()], staff=[staff(None, bachelors=11)]), "sum_differs") == []


def test_parts_that_nobody_counted_have_no_sum() -> None:
    """A negative number beside empty cells was told to be less than 0 of each of them."""
    wrong = made(schools=[school()], enrolment=[pupils(-4, boarders=None, migrant=None)])
    assert [one for one in found(wrong, "part_exceeds_whole") if "0" in one.found.zh] == []
    assert "part_exceeds_whole" not in rules(wrong)
    counted = made(schools=[school()], enrolment=[pupils(4, boarders=5, migrant=None)])
    assert [one.place.column for one in found(counted, "part_exceeds_whole")] == ["boarders"]


@pytest.mark.parametrize("column", ["backbone", "certified", "trained"])
def test_no_part_of_the_teachers_is_more_than_all(column: str) -> None:
    assert rules(made(schools=[school()], staff=[staff(10, **{column: 11})])) == {"part_exceeds_whole"}
    assert rules(made(schools=[school()], staff=[staff(10, **{column: 10})])) == set()


@pytest.mark.parametrize(
    ("table", "columns"),
    [("staff_ages", {"age_25_29": 4, "age_30_34": 5}), ("staff_titles", {"title_middle": 9}), ("staff_subjects", {"chinese": 4, "pe": 5})],
)
def test_ages_titles_and_subjects_add_up_to_the_teachers(table: str, columns: dict[str, int]) -> None:
    def told(teachers: int, **more: int) -> set[str]:
        every = dict.fromkeys(_integers(table), 0)
        return rules(made(schools=[school()], staff=[staff(teachers)], **{table: [{**ROW, **every, **columns, **more}]}))

    assert told(9) == set()
    assert told(10) == {"sum_differs"}


def _integers(table: str) -> list[str]:

    return [column.name for column in schema().tables[table].columns if column.type == "integer"]


def test_boarders_and_areas_lie_within_their_wholes() -> None:
    assert rules(made(schools=[school()], enrolment=[pupils(10, boarders=11)])) == {"part_exceeds_whole"}
    areas = {"school": PRIMARY, "floor_area_m2": 900, "teaching_area_m2": 800, "indoor_sports_area_m2": 801}
    assert rules(made(schools=[school()], premises=[areas])) == {"part_exceeds_whole"}


def test_two_parts_are_added_before_they_are_compared() -> None:
    facts = {"county": "620725", "migrant_children": 100, "migrant_public": 80, "migrant_purchased": 21}
    (one,) = found(made(county_facts=[facts]), "part_exceeds_whole")
    assert "合计101" in one.found.zh


def test_posts_over_the_approved_number_are_a_warning() -> None:
    (one,) = found(made(schools=[school()], posts=[{"school": PRIMARY, "approved": 10, "held": 11}]), "part_exceeds_whole")
    assert one.severity == "warning"


def test_a_repeated_key_does_not_multiply_other_findings() -> None:
    twice = [{**ROW, "title_middle": 3, "title_none": 0, "title_junior": 0, "title_senior": 0, "title_full_senior": 0}] * 2
    one = made(schools=[school()], staff=[staff(9)], staff_titles=twice)
    assert [finding.count for finding in found(one, "sum_differs")] == [1]
