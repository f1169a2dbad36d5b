from __future__ import annotations

import pytest

from junheng.errors import Place
from junheng.model import id_number_fault, id_number_findings, pupil_number_fault

GOOD = "360426199101010071"  # the example of the library's own documentation


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (GOOD, ""),
        (GOOD[:-1] + "2", "check_digit"),
        ("360426199101010170", "check_digit"),
        (GOOD[:-1], "form"),
        ("36042619910101007x1", "form"),
        ("ABCDEF199101010071", "form"),
        ("360426199113010071", "check_digit"),
        ("", "form"),
    ],
)
def test_an_id_number_is_judged_by_form_and_check_digit(number: str, fault: str) -> None:
    assert id_number_fault(number) == fault


def test_a_birth_place_that_never_was_is_only_a_doubt() -> None:
    digits = "000000199101010"
    number = next(f"{digits}07{last}" for last in "0123456789X" if id_number_fault(f"{digits}07{last}") == "birth")
    assert id_number_findings(number, Place())[0].severity == "warning"


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("G" + GOOD, ""),
        ("J" + GOOD, ""),
        ("J" + GOOD[:-1] + "2", "check_digit"),
        ("L" + GOOD[:-1] + "2", ""),
        (GOOD, "form"),
        ("Q" + GOOD, "form"),
    ],
)
def test_a_pupils_number_carries_an_id_number_or_its_own_check_digit(number: str, fault: str) -> None:
    assert pupil_number_fault(number) == fault


def test_a_finding_never_shows_the_whole_number() -> None:
    (one,) = id_number_findings(GOOD[:-1] + "2", Place(cell="C4"))
    assert GOOD[6:14] not in one.sentence("zh") + one.sentence("en")
    assert id_number_findings(GOOD, Place()) == []
