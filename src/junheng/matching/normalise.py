"""A list as it came to the keys by which a rule compares it: one frame in, keys and findings out. Nothing is guessed or lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.matching.dates import dates
from junheng.matching.identity_numbers import DESTROYED, WRONG_CHECK, WRONG_FORM, birth_of, identity_numbers, sex_of
from junheng.matching.names import names
from junheng.matching.plain_keys import codes, latin, phones, school_names, schools, sexes, words
from junheng.matching.rule import Column, MatchRule

ROW = "row"
_NAMED = 5
Directory = Mapping[str, Sequence[str]]  # code of a school -> its names

_NUMBER_RULES = {
    DESTROYED: "matching.digits_destroyed",
    WRONG_FORM: "matching.id_number_form",
    WRONG_CHECK: "matching.id_number_check_digit",
}


@dataclass(frozen=True, slots=True)
class Normal:
    """A list made comparable. frame: `row` (0-based, as in the list) and the rule's keys, rows without a needed column left out."""

    frame: pl.DataFrame
    rows: int  # of the list as it came
    findings: tuple[Finding, ...]


def normalise(raw: pl.DataFrame, rule: MatchRule, directory: Directory | None = None, place: Place | None = None) -> Normal:
    """Return the keys of a list. raw: text columns named as the rule's; a column that is absent is missing for every row.

    Raises DataError when a column is absent without which nothing can be matched.
    """
    place = place or Place()
    absent = [rule.column(name) for name in rule.needs if name not in raw.columns]
    if absent:
        zh, en = "、".join(column.title.zh for column in absent), ", ".join(column.title.en for column in absent)
        raise DataError(finding("matching.column_absent", place, Text(f"没有“{zh}”列", f"no column {en}"), list=rule.title))
    findings: list[Finding] = []
    frame = pl.DataFrame({ROW: pl.int_range(0, raw.height, eager=True)})
    for column in rule.columns:
        texts = (
            raw[column.name].cast(pl.String) if column.name in raw.columns else pl.Series(column.name, [None] * raw.height, dtype=pl.String)
        )
        keys = _keys(column, texts, directory or {})
        findings += _doubts(column, keys, place)
        frame = frame.hstack(keys.select(name for name in keys.columns if not name.endswith("_state")))
    frame = _filled(frame, rule)
    lost = frame.filter(pl.any_horizontal(pl.lit(False), *(pl.col(_needed(rule, name)).is_null() for name in rule.needs)))
    if lost.height:
        rows = lost[ROW].to_list()
        at = Place(file=place.file, sheet=place.sheet, row=_number(place, rows[0]))
        findings.append(finding("matching.row_without_name", at, _rows(place, rows)))
    findings += _repeated(frame, rule, place)
    return Normal(frame.join(lost.select(ROW), on=ROW, how="anti", maintain_order="left"), raw.height, tuple(findings))


def _needed(rule: MatchRule, name: str) -> str:
    return f"{name}_surname" if rule.column(name).kind == "name" else name


_KINDS: Mapping[str, Callable[[str, pl.Series], pl.DataFrame]] = {
    "name": names,
    "id_number": identity_numbers,
    "date": dates,
    "phone": phones,
    "sex": sexes,
    "code": codes,
    "words": words,
    "latin": latin,
    "school_name": school_names,
}


def _keys(column: Column, texts: pl.Series, directory: Directory) -> pl.DataFrame:
    return schools(column.name, texts, directory) if column.kind == "school" else _KINDS[column.kind](column.name, texts)


def _filled(frame: pl.DataFrame, rule: MatchRule) -> pl.DataFrame:
    """Fill a birth or a sex that a list does not say from the ID number beside it, if its check digit is right."""
    for column in rule.columns:
        if not column.filled_from:
            continue
        number = pl.col(f"{column.filled_from}_valid")
        if column.kind == "sex":
            frame = frame.with_columns(pl.coalesce(column.name, sex_of(number)).alias(column.name))
            continue
        month = f"{column.name}_month"
        said = pl.col(month).is_not_null()
        told = dates(column.name, frame.select(birth_of(number)).to_series())
        keys = [column.name, f"{column.name}_crossed", month]
        frame = frame.with_columns(pl.when(said).then(pl.col(key)).otherwise(told[key]).alias(key) for key in keys)
    return frame


def _doubts(column: Column, keys: pl.DataFrame, place: Place) -> list[Finding]:
    """Return what is wrong with cells, once for each cause: the rows, never the values, which are of persons."""
    state = f"{column.name}_state"
    if state not in keys.columns:
        return []
    rules = _NUMBER_RULES if column.kind == "id_number" else {"unclear": "matching.date_unclear"}
    found = []
    for word, rule in rules.items():
        rows = keys.with_row_index(ROW).filter(pl.col(state) == word)[ROW].to_list()
        if rows:
            at = Place(file=place.file, sheet=place.sheet, row=_number(place, rows[0]), column=column.title.zh, label=column.title)
            found.append(finding(rule, at, _rows(place, rows)))
    return found


def _repeated(frame: pl.DataFrame, rule: MatchRule, place: Place) -> list[Finding]:
    """Return a finding for each ID number that rows of different names carry: two people with one ID."""
    found = []
    for column in rule.columns:
        if column.kind != "id_number" or "name" not in frame.columns:
            continue
        grouped = (
            frame.filter(pl.col(column.name).is_not_null())
            .group_by(column.name, maintain_order=True)
            .agg(pl.col(ROW), pl.col("name_sound").drop_nulls().n_unique().alias("#names"))
        )
        shared = grouped.filter(pl.col("#names") > 1)
        if shared.height:
            rows = shared[ROW].to_list()[0]
            where = Place(file=place.file, sheet=place.sheet, row=_number(place, rows[0]), column=column.title.zh, label=column.title)
            found.append(finding("matching.one_number_two_names", where, _rows(place, rows), count=shared.height))
    return found


def _rows(place: Place, rows: Sequence[int]) -> Text:
    """Return which rows and how many, the first few by number."""
    first, more = [str(_number(place, row)) for row in rows[:_NAMED]], rows[_NAMED:]
    zh, en = "、".join(first), ", ".join(first)
    return Text(f"第{zh}行等{len(rows)}行", f"{len(rows)} rows: {en} …") if more else Text(f"第{zh}行", f"row {en}")


def _number(place: Place, row: int) -> int:
    """Return the number of a row as the user's program shows it: place.row is the number of the first."""
    return row + (place.row or 1)
