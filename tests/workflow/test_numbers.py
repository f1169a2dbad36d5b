"""Numbers are printed as the statutory forms round them, and an exact value is never taken through a binary float."""

from decimal import Decimal
from fractions import Fraction

import pytest

from junheng.workflow.numbers import plainly, ratio_text, rounded, shown


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("4.195"), 2, "4.20"),  # a float would be 4.1949… and print 4.19
        (Decimal("-0.125"), 2, "-0.13"),
        (Fraction(1, 3), 3, "0.333"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(1, 200), 2, "0.01"),  # exactly a half
        (0.5153, 3, "0.515"),
        (2000, 0, "2000"),
        (None, 2, ""),
    ],
)
def test_halves_are_rounded_away_from_zero(value, decimals, text):
    assert shown(value, decimals) == text


def test_rounding_keeps_the_declared_places():
    assert str(rounded(Decimal(4), 2)) == "4.00"


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("4.2000"), "4.2"), (Decimal(2000), "2000"), (Decimal("2E+3"), "2000"), (0.1, "0.1"), (None, "")]
)
def test_a_plain_number_has_no_trailing_zeros_and_no_exponent(value, text):
    assert plainly(value) == text


def test_a_ratio_says_how_it_comes_about():
    assert ratio_text(Decimal(9), Decimal(1000), Decimal(100)) == "9 ÷ 1000 × 100 = 0.9"
    assert ratio_text(Decimal(137), Decimal(3265), Decimal(100)) == "137 ÷ 3265 × 100 ≈ 4.1960183767"
    assert ratio_text(Decimal("4.5"), Decimal(1), Decimal(1)) == "4.5 ÷ 1 = 4.5"


def test_a_ratio_over_nothing_has_no_value():
    assert ratio_text(Decimal(9), Decimal(0), Decimal(100)) == "9 ÷ 0 × 100"
