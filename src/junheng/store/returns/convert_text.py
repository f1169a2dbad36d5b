"""Texts, codes, coded words and yes-or-no cells of one column; each distinct cell is looked at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from junheng.documents.chinese_text import fold_all
from junheng.model import Column
from junheng.store.returns import scalars
from junheng.store.returns.column_cells import DIGITS_KEPT, NOT_FILLED, REFUSED, VALUE, ColumnCells, Converted, States
from junheng.store.returns.forms import Field
from junheng.store.returns.grid import BOOLEAN, DATE, NUMBER, TEXT
from junheng.store.returns.words import words

Outcome = tuple[str | None, str]  # the text, or None with the rule that refuses it; no rule: the cell is blank


def convert_text(cells: ColumnCells, states: States, field: Field) -> Converted:
    """Return the cells as a series of text (or of truth values, for a boolean target)."""
    results: list[str | None] = [None] * len(states)
    kinds, values = cells.kinds, cells.values
    for kind in (TEXT, NUMBER, DATE, BOOLEAN):
        at = np.flatnonzero(kinds == kind)
        if not len(at):
            continue
        unique, inverse = np.unique(values[at], return_inverse=True)
        outcomes = _outcomes(cells, kind, unique, field)
        for spot, position in zip(at.tolist(), inverse.tolist(), strict=True):
            text, rule = outcomes[position]
            if text is not None:
                results[spot], states[spot] = text, VALUE
            if rule:
                _report(cells, states, spot, rule, field, lost=text is None)
    series = pl.Series(cells.target.name, results, dtype=pl.String)
    if cells.target.type == "boolean":
        series = series.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
    return Converted(series, states)


def _report(cells: ColumnCells, states: States, spot: int, rule: str, field: Field, lost: bool) -> None:
    digits = "/".join(str(number) for number in field.digits)
    choices = "、".join(text.zh for text in cells.target.allowed.values())
    cells.refuse(rule, np.array([spot]), digits=digits, choices=choices)
    if lost:
        states[spot] = NOT_FILLED if rule == "returns.not_filled" else REFUSED


def _outcomes(cells: ColumnCells, kind: int, unique: npt.NDArray[np.float64], field: Field) -> list[Outcome]:
    target = cells.target
    if kind == DATE:
        return [(None, "returns.date_for_text")] * len(unique)
    if kind == BOOLEAN:
        known = target.type == "boolean"
        return [("true" if value else "false", "") if known else (None, "returns.not_text") for value in unique.tolist()]
    if kind == NUMBER and bool((np.abs(unique) >= DIGITS_KEPT).any()):
        return _destroyed(cells, unique, field)
    raw = [cells.grid.texts[int(value)] if kind == TEXT else number_text(value) for value in unique.tolist()]
    if field.part is not None:
        first, last = field.part
        raw = [text.strip()[first - 1 : last] for text in raw]
    if target.type == "code" or field.digits:
        return [_code(text, kind, field) for text in raw]
    if field.values or target.allowed or target.type == "boolean":
        return _coded(raw, field, target)
    return [_plain(text, folded) for text, folded in zip(raw, fold_all(raw), strict=True)]


def _destroyed(cells: ColumnCells, unique: npt.NDArray[np.float64], field: Field) -> list[Outcome]:
    """Refuse the numbers that lost digits, whatever text they were to be, and take the others."""
    whole = np.abs(unique) < DIGITS_KEPT
    kept = iter(_outcomes(cells, NUMBER, unique[whole], field))
    return [next(kept) if one else (None, "returns.digits_destroyed") for one in whole.tolist()]


def number_text(value: float) -> str:
    """Return a number as text: a whole number without decimals."""
    return str(int(value)) if value.is_integer() and abs(value) < DIGITS_KEPT else repr(value)


def _code(text: str, kind: int, field: Field) -> Outcome:
    found = scalars.code(text, field.digits, field.leading_zero, kind == NUMBER or text.isdigit())
    if found.code is None and not found.rule and scalars.word_outcome(text) is scalars.MISSING:
        return None, "returns.not_filled"
    return found.code, found.rule


def _plain(text: str, folded: str) -> Outcome:
    word = scalars.folded_outcome(folded)
    if word is scalars.MISSING:
        return None, "returns.not_filled"
    return (None, "") if word is scalars.BLANK else (scalars.plain_text(text), "")


def _coded(raw: list[str], field: Field, target: Column) -> list[Outcome]:
    known = choices(field, target)
    out: list[Outcome] = []
    for text, folded in zip(raw, fold_all(raw), strict=True):
        if folded in known:
            out.append((known[folded], ""))
        else:
            plain, rule = _plain(text, folded)
            out.append((None, rule or ("returns.unknown_word" if plain is not None else "")))
    return out


def choices(field: Field, target: Column) -> dict[str, str]:
    """Return the words that a coded column understands: the schema's labels and values, then the form's own."""
    if target.type == "boolean":
        return dict.fromkeys(words().yes, "true") | dict.fromkeys(words().no, "false") | dict(field.values)
    values = list(target.allowed)
    labels = [text.of(lang) for lang in ("zh", "en") for text in target.allowed.values()]
    known = dict(zip(fold_all([*labels, *values]), [*values, *values, *values], strict=True)) if values else {}
    return known | dict(field.values)
