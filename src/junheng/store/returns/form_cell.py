"""The cells of one school's form that go somewhere, and the columns of such a form that hold no values: line numbers and units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from junheng.store.returns.forms import Field, is_unit_word
from junheng.store.returns.grid import EMPTY, NUMBER, TEXT, Grid
from junheng.store.returns.header import Heading
from junheng.store.returns.scalars import number, word_outcome
from junheng.store.returns.words import SourceUnit, words

_LINES = 3  # fewer consecutive numbers may well be values


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell of a form that goes somewhere: its place in the box, its field, constants and unit."""

    row: int
    column: int
    field: Field
    constants: Mapping[str, str]
    unit: SourceUnit | None


def line_number_columns(grid: Grid, heading: Heading) -> frozenset[int]:
    """Return the columns that number the lines of the form: headed 代码, or 01, 02, 03 … from the top and nothing else that is a number."""
    found = []
    for column in range(grid.width):
        headed = any(row[column].key in words().line_numbers for row in heading.labels)
        texts = [grid.text(row, column) for row in range(grid.height)]
        counts = [int(text) for text in texts if text.isdigit() and len(text) <= 3]
        if headed or (len(counts) >= _LINES and counts == list(range(1, len(counts) + 1))):
            found.append(column)
    return frozenset(found)


def unit_columns(grid: Grid, heading: Heading) -> frozenset[int]:
    """Return the columns that say units: headed 计量单位, or with units in most of their cells."""
    found = []
    for column in range(grid.width):
        headed = any(row[column].key in words().unit_headings for row in heading.labels)
        texts = [grid.text(row, column) for row in range(heading.height) if grid.kinds[row, column] != EMPTY]
        if headed or 2 * sum(is_unit_word(text) for text in texts) > len(texts):
            found.append(column)
    return frozenset(found)


def says_something(grid: Grid, row: int, column: int) -> bool:
    """Return whether a cell holds more than the form's own dash or a word for "still to come"."""
    if grid.kinds[row, column] == TEXT:
        return word_outcome(grid.text(row, column)) is None
    return bool(grid.kinds[row, column] != EMPTY)


def is_number(grid: Grid, row: int, column: int) -> bool:
    """Return whether a cell holds a number, stored as one or as a text."""
    if grid.kinds[row, column] == TEXT:
        return number(grid.text(row, column), "").outcome == "value"
    return bool(grid.kinds[row, column] == NUMBER)
