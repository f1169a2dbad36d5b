"""How a number is printed: rounded half up at its declared decimals, never through binary floats where an exact value is known."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Number = Decimal | Fraction | float | int

_EXACT_DIGITS = 10


def shown(value: Number | None, decimals: int) -> str:
    """Return the number at `decimals` places, halves away from zero, as the statutory forms round; "" for None."""
    if value is None:
        return ""
    return format(rounded(value, decimals), "f")


def rounded(value: Number, decimals: int) -> Decimal:
    """Return the number rounded half up at `decimals` places; an exact half of a Fraction or Decimal is seen as a half."""
    step = Decimal(1).scaleb(-decimals)
    if isinstance(value, Fraction):
        scaled = abs(value) * 10**decimals
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return (Decimal(whole) if value >= 0 else -Decimal(whole)) * step
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(step, rounding=ROUND_HALF_UP)


def plainly(value: Number | None) -> str:
    """Return the number without trailing zeros and without an exponent: 4.2000 is "4.2", 2000 stays "2000"."""
    if value is None:
        return ""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else str(value))
    text = format(exact, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio_text(numerator: Decimal, denominator: Decimal, scale: Decimal) -> str:
    """Return how a ratio comes about, e.g. "137 ÷ 3265 × 100 = 4.1960183767…"; an exact decimal has no dots."""
    times = "" if scale == 1 else f" × {plainly(scale)}"
    start = f"{plainly(numerator)} ÷ {plainly(denominator)}{times}"
    if denominator == 0:
        return start
    value = Fraction(numerator) * Fraction(scale) / Fraction(denominator)
    cut = rounded(value, _EXACT_DIGITS)
    return f"{start} = {plainly(cut)}" if Fraction(cut) == value else f"{start} ≈ {format(cut, 'f')}"
