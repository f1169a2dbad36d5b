"""ID numbers made comparable: 15 digits as 18, without blanks and the marks of other numbers; destroyed ones refused, never guessed.

Sources: GB 11643-1999 (18 digits, check character by ISO 7064 MOD 11-2) and GB 11643-1989 (15 digits, born in 19xx). The number of a
disability certificate is the ID number with one digit for the kind and one for the degree, a pupil's number G and the ID number.
"""

from __future__ import annotations

import polars as pl

_SHAPE = r"^\d{17}[\dX]$"
_CERTIFICATE = r"^(\d{17}[\dX])\d{2}(?:B\d{1,2})?$"
_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
_CHECKS = "10X98765432"
_DESTROYED_ZEROS = "000"  # Excel keeps 15 digits of a number and writes zeros for the rest
OLD_CENTURY = "19"

VALID, WRONG_CHECK, DESTROYED, WRONG_FORM, TEMPORARY = "valid", "wrong_check", "destroyed", "wrong_form", "temporary"


def check_character(digits: pl.Expr) -> pl.Expr:
    """Return the check character of the first 17 digits of a text column."""
    total = pl.sum_horizontal(digits.str.slice(place, 1).cast(pl.Int64, strict=False) * weight for place, weight in enumerate(_WEIGHTS))
    return (total % 11).replace_strict(dict(enumerate(_CHECKS)), return_dtype=pl.String, default=None)


def identity_numbers(column: str, texts: pl.Series) -> pl.DataFrame:
    """Return the keys of ID numbers.

    `column` (18 characters), its head (place and birth), tail (month, day, order, check), end (order, check), valid (only where the check
    character is right) and state: null for an empty cell, else "valid", "wrong_check" (kept: one digit may be off), "destroyed" (lost
    digits: refused), "wrong_form" (refused), "temporary" (a pupil's number without an ID number: no evidence).
    """
    raw = pl.col("raw")
    cleaned = (
        raw.str.normalize("NFKC")
        .str.to_uppercase()
        .str.replace_all(r"[\s\u200b-\u200f\u2060\ufeff'`\-‘’]", "")
        .str.replace(r"^G(\d)", "${1}")
        .str.replace(r"\*$", "X")
        .str.replace(_CERTIFICATE, "${1}")
    )
    frame = pl.DataFrame({"raw": texts.cast(pl.String)}).with_columns(text=cleaned)
    text = pl.col("text")
    old = text.str.slice(0, 6) + OLD_CENTURY + text.str.slice(6, 9)
    frame = frame.with_columns(
        text=pl.when(text.str.contains(r"^\d{15}$") & _is_day(OLD_CENTURY + text.str.slice(6, 6)))
        .then(old + check_character(old))
        .otherwise(text)
    )
    state = (
        pl.when(raw.is_null() | (text == ""))
        .then(None)
        .when(text.str.contains(r"^\d(\.\d+)?E\+?\d+$"))
        .then(pl.lit(DESTROYED))
        .when(text.str.contains(r"^[JL]\d{17}[\dX]$"))
        .then(pl.lit(TEMPORARY))
        .when(~text.str.contains(_SHAPE))
        .then(pl.lit(WRONG_FORM))
        .when(check_character(text) == text.str.slice(17, 1))
        .then(pl.lit(VALID))
        .when(text.str.ends_with(_DESTROYED_ZEROS))
        .then(pl.lit(DESTROYED))
        .otherwise(pl.lit(WRONG_CHECK))
    )
    frame = frame.with_columns(state=state)
    kept = pl.when(pl.col("state").is_in([VALID, WRONG_CHECK])).then(pl.col("text"))
    return frame.select(
        kept.alias(column),
        kept.str.slice(0, 14).alias(f"{column}_head"),
        kept.str.slice(10, 8).alias(f"{column}_tail"),
        kept.str.slice(14, 4).alias(f"{column}_end"),
        pl.when(pl.col("state") == VALID).then(pl.col("text")).alias(f"{column}_valid"),
        pl.col("state").alias(f"{column}_state"),
    )


def _is_day(digits: pl.Expr) -> pl.Expr:
    return digits.str.to_date("%Y%m%d", strict=False).is_not_null()


def birth_of(number: pl.Expr) -> pl.Expr:
    """Return the birth day (YYYYMMDD) in a valid ID number; null where there is no such day."""
    digits = number.str.slice(6, 8)
    return pl.when(_is_day(digits)).then(digits)


def sex_of(number: pl.Expr) -> pl.Expr:
    """Return "m" or "f" by the 17th digit of a valid ID number."""
    return (
        pl.when(number.str.slice(16, 1).cast(pl.Int64, strict=False) % 2 == 1)
        .then(pl.lit("m"))
        .when(number.is_not_null())
        .then(pl.lit("f"))
    )
