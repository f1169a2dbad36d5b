"""One text to one value: numbers with their unit, years, days and codes as people write them; what is unclear is refused, not guessed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from junheng.documents.chinese_text import fold, narrow, visible
from junheng.store.returns.words import multiplier, words

_PLAIN = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,9})?")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER_AND_REST = re.compile(r"([-+]?[\d,.oOlI]*\d[\d,.oOlI]*)\s*(.*)")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,2}")
_NUMERALS = {character: value for value, character in enumerate("零一二三四五六七八九十")} | {"〇": 0, "元": 1}
_ROC = re.compile(r"(?:民国?)?(前)?(\d{1,3}|[零〇一二三四五六七八九十元]{1,4})(?:年|[/.\-]|$)(.*)")
_ROC_DIGITS = re.compile(r"(\d{2,3})(\d{2})(\d{2})")
_WESTERN = re.compile(r"(?:公元)?([12]\d{3})(?:\.0+$|年|[/.\-]|$)(.*)")
_WESTERN_DIGITS = re.compile(r"([12]\d{3})(\d{2})(\d{2})?")
_MONTH_AND_DAY = re.compile(r"(\d+|[一二三四五六七八九十]+(?=月))(?:(?:月|[/.\-])(\d+)?)?(?!\d)")
_DAY = re.compile(r"([12]\d{3})(?:年|[/.\-])(\d{1,2})(?:月|[/.\-])?(?:(\d{1,2})日?)?")
_SERIAL_DAYS = (20_000, 80_000)  # 1954 to 2119: between these a bare five-digit number is an Excel day, not a year and month
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()


class Scalar(NamedTuple):
    """What one text means: a value, "missing" (not filled in, said so), "blank" (nothing is asked), or the rule that refuses it."""

    outcome: str  # "value", "missing", "blank", or a rule id
    value: float = 0.0
    own_unit: bool = False  # the text says its unit itself, so that the unit of its column does not count


MISSING, BLANK = Scalar("missing"), Scalar("blank")


def word_outcome(text: str) -> Scalar | None:
    """Return MISSING or BLANK for a word that stands for no value, with or without a unit behind it; None for anything else."""
    return folded_outcome(fold(text))


def folded_outcome(folded: str) -> Scalar | None:
    """Return the same of a text that is folded already."""
    known = words()
    if folded in known.not_applicable or not folded:
        return BLANK
    if folded in known.not_filled:
        return MISSING
    if any(folded.endswith(unit) and folded[: -len(unit)] in known.not_filled for unit in known.units):
        return MISSING
    return None


@lru_cache(maxsize=200_000)
def number(text: str, unit: str, _calendar: str = "") -> Scalar:
    """Return the number that a text states, in `unit`; its own unit, if it has one, is converted.

    "1,482,000元" is 1482000 yuan, "351仟元" 351000, "１２" 12; "7,382,11", "1O" and "138.329.129" are refused.
    """
    if _PLAIN.fullmatch(text):
        return Scalar("value", float(text))
    word = word_outcome(text)
    if word is not None:
        return word
    match = _NUMBER_AND_REST.fullmatch(narrow(text).lstrip("¥￥$ "))
    if match is None:
        return Scalar("returns.not_a_number")
    digits, rest = match[1], fold(match[2])
    if re.search("[oOlI]", digits):
        return Scalar("returns.letter_for_digit")
    if not (_PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits)):
        return Scalar("returns.number_unclear")
    return _in_unit(Decimal(digits.replace(",", "")), rest, unit)


def _in_unit(value: Decimal, rest: str, unit: str) -> Scalar:
    if not rest:
        return Scalar("value", float(value))
    if rest == "%":
        return Scalar("value", float(value), own_unit=True) if unit == "%" else Scalar("returns.unit_mismatch")
    known = words().units
    source = next((known[word] for word in known if rest == word * max(1, len(rest) // len(word))), None)
    if source is None:
        return Scalar("returns.number_unclear")
    factor = multiplier(source, unit)
    if factor is None:
        return Scalar("returns.unit_mismatch")
    return Scalar("value", float(value * factor), own_unit=bool(source.unit))


@lru_cache(maxsize=50_000)
def year(text: str, _unit: str = "", calendar: str = "") -> Scalar:
    """Return the calendar year in a text: 1998/08, 2019.9, 201909, 1968年; with calendar "roc" also 57/8 and 民國57年."""
    word = word_outcome(text)
    if word is not None:
        return word
    folded = fold(text)
    found, rest = _year_and_rest(folded, calendar)
    return Scalar("value", float(found)) if found and _is_part_of_year(found, rest) else Scalar("returns.not_a_year")


def _year_and_rest(folded: str, calendar: str) -> tuple[int, str]:
    """Return the year that a text begins with and what follows it, a month and day as "9-1"; 0 when it begins with none."""
    if western := _WESTERN.fullmatch(folded):
        return int(western[1]), western[2]
    if western := _WESTERN_DIGITS.fullmatch(folded):
        return int(western[1]), f"{western[2]}-{western[3] or ''}"
    if calendar == "roc" and (match := _ROC_DIGITS.fullmatch(folded)):
        return 1911 + int(match[1]), f"{match[2]}-{match[3]}"
    if calendar == "roc" and (match := _ROC.fullmatch(folded)):
        count = int(match[2]) if match[2].isdigit() else _numeral(match[2])
        return (1912 - count if match[1] else 1911 + count) if count else 0, match[3]
    return 0, ""


def _is_part_of_year(found: int, rest: str) -> bool:
    """Return whether what follows a year can stand there: a month that there is, with a day that there is, or words."""
    match = _MONTH_AND_DAY.match(rest)
    if match is None:
        return not rest[:1].isdigit()
    month = int(match[1]) if match[1].isdigit() else _numeral(match[1])
    try:
        date(found, month, int(match[2] or 1))
    except ValueError:
        return False
    return True


def _numeral(text: str) -> int:
    """Return the value of Chinese numerals up to 99, "四十六" or "四六"."""
    if "十" not in text:
        return int("".join(str(_NUMERALS[character]) for character in text))
    tens, ones = text.split("十", 1)
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def year_of_number(value: float, calendar: str, date1904: bool) -> Scalar:
    """Return the calendar year in a number: 2019, 2019.9, 201909, 20190901, or an Excel day such as 43709."""
    whole = int(value)
    if 1000 <= value < 2200:
        return Scalar("value", float(whole)) if value == whole else year(repr(round(value, 4)), "", calendar)
    if value == whole and _SERIAL_DAYS[0] <= whole < _SERIAL_DAYS[1]:
        return Scalar("value", float(date.fromordinal(serial_ordinal(whole, date1904)).year))
    if value == whole and len(str(whole)) in (6, 8):
        return year(str(whole), "", calendar)
    if calendar == "roc" and 1 <= value < 200:
        return Scalar("value", float(whole + 1911))
    return Scalar("returns.not_a_year")


def serial_ordinal(serial: int, date1904: bool) -> int:
    """Return the proleptic ordinal of an Excel day number in either of its two epochs."""
    return _EXCEL_EPOCH + serial + (1462 if date1904 else 0)


@lru_cache(maxsize=50_000)
def day(text: str, _unit: str = "", _calendar: str = "") -> Scalar:
    """Return the ordinal of the day in a text; a year and month is the month's first day."""
    word = word_outcome(text)
    if word is not None:
        return word
    folded = fold(text)
    if re.fullmatch(r"[12]\d{5}(?:\d{2})?", folded):
        folded = f"{folded[:4]}-{folded[4:6]}-{folded[6:] or '1'}"
    match = _DAY.fullmatch(folded)
    if match is None:
        return Scalar("returns.not_a_day")
    try:
        return Scalar("value", float(date(int(match[1]), int(match[2]), int(match[3] or 1)).toordinal()))
    except ValueError:
        return Scalar("returns.not_a_day")


def day_of_number(value: float, date1904: bool) -> Scalar:
    """Return the ordinal of the day in a number; 2019.1 may be January or October and is refused."""
    whole = int(value)
    if value == whole and _SERIAL_DAYS[0] <= whole < _SERIAL_DAYS[1]:
        return Scalar("value", float(serial_ordinal(whole, date1904)))
    if value == whole and len(str(whole)) in (6, 8):
        return day(str(whole))
    text = repr(value)
    if 1900 <= value < 2101 and re.fullmatch(r"\d{4}\.([2-9]|0[1-9]|1[0-2])", text):
        return day(text)
    return Scalar("returns.month_unclear" if 1900 <= value < 2101 and value != whole else "returns.not_a_day")


class Code(NamedTuple):
    """What a code cell means: the code, and a rule when it was restored or refused."""

    code: str | None
    rule: str = ""


@lru_cache(maxsize=200_000)
def code(text: str, digits: tuple[int, ...], leading_zero: bool, typed_as_number: bool) -> Code:
    """Return a code as text. A lost leading zero is restored only where the format proves it; anything else is refused."""
    cleaned = narrow(text).replace(" ", "")
    if not cleaned or word_outcome(text) is not None:
        return Code(None)
    if _SCIENTIFIC.fullmatch(cleaned):
        return Code(None, "returns.digits_destroyed")
    if not digits:
        return Code(cleaned)
    if len(cleaned) in digits:
        if cleaned.isascii() and cleaned.isalnum():
            return _same_length(cleaned)
        return Code(None, "returns.code_format")
    if cleaned.isdigit() and leading_zero and typed_as_number and len(digits) == 1 and len(cleaned) == digits[0] - 1:
        return Code("0" + cleaned, "returns.zero_restored")
    return Code(None, "returns.code_format")


def _same_length(cleaned: str) -> Code:
    if not cleaned.isdigit() and re.fullmatch(r"[\dOolI]+", cleaned) and sum(not c.isdigit() for c in cleaned) < len(cleaned):
        return Code(None, "returns.letter_for_digit")
    return Code(cleaned)


def plain_text(text: str) -> str:
    """Return a text as it is kept: without invisible characters and outer spaces, otherwise as it was sent."""
    return visible(text)
