"""What a second subject mends inside a school, and lessons that are nobody's subject."""

from __future__ import annotations

import itertools

import pytest

from junheng.model.county import County
from junheng.planning.teaching_second import mended, outside, who_can
from tests.model.made import PRIMARY, Row, made, school
from tests.planning.counties import RULES


def teacher(code: str, subject: str, second: str | None = None, **more: object) -> Row:
    return {"teacher": code, "school": PRIMARY, "stage": "primary", "subject": subject, "second_subject": second, "full_time": True, **more}


def county(*teachers: Row) -> County:
    """Return a school of one class with 13 lessons of Chinese and 16 of music and fine art each: one teacher of each is needed."""
    plan = (("chinese", 13), ("music", 16), ("fine_art", 16))
    return made(
        schools=[school(PRIMARY)],
        classes=[{"school": PRIMARY, "stage": "primary", "grade": "1", "class": "1", "pupils": 30}],
        lesson_plan=[{"stage": "primary", "grade": "1", "subject": subject, "lessons": lessons} for subject, lessons in plan],
        teachers=teachers,
    )


def test_a_spare_teacher_teaches_the_second_subject_that_is_lacking() -> None:
    # Two of Chinese, one needed; music lacks one: the one who can teach music mends it whole.
    rows = mended(county(teacher("T1", "chinese", "music"), teacher("T2", "chinese")), RULES).to_dicts()
    assert [(row["first"], row["subject"], row["mended"]) for row in rows] == [("chinese", "music", 1.0)]


def test_nobody_leaves_a_first_subject_that_needs_him() -> None:
    assert mended(county(teacher("T1", "chinese", "music")), RULES).height == 0


def test_without_the_field_nothing_is_mended() -> None:
    assert mended(county(teacher("T1", "chinese"), teacher("T2", "chinese")), RULES).height == 0
    assert who_can(county(teacher("T1", "chinese", "chinese"))).height == 0  # a second subject that is the first is none


@pytest.mark.parametrize("seconds", list(itertools.product((None, "music", "fine_art"), repeat=3)))
def test_as_much_is_mended_as_every_way_of_choosing_could(seconds: tuple[str | None, ...]) -> None:
    rows = mended(county(*(teacher(f"T{k}", "chinese", second) for k, second in enumerate(seconds))), RULES)
    most = max(  # two of the three are spare; each mends one whole place of music or fine art
        len({seconds[k] for k in spare if seconds[k]}) for spare in itertools.combinations(range(3), 2)
    )
    assert rows["mended"].sum() == pytest.approx(most)


def test_lessons_outside_are_split_by_who_has_a_second_subject() -> None:
    told = outside(
        county(
            teacher("T1", "chinese", "music", lessons=14, lessons_outside=4),
            teacher("T2", "chinese", lessons=12, lessons_outside=3),
            teacher("T3", "music", "chinese"),  # says nothing of lessons: left out
        )
    ).row(0, named=True)
    assert (told["teachers"], told["lessons"], told["outside"], told["second"], told["neither"]) == (2, 26.0, 7.0, 4.0, 3.0)
