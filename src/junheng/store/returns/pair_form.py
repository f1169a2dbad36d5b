"""Read a form of labels with their values beside them: in which column the values stand is settled once, so that an empty cell is missing.

The column is the first one that the form numbers, or that it heads, to the right of the labels; a form that does neither has its values in
the first column where any label has something. What stands further right (非学校产权 …) is never taken in place of an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from junheng.errors import Place
from junheng.store.returns.form_cell import FormCell, is_number, line_number_columns, says_something, unit_columns
from junheng.store.returns.forms import Field, Form, Path, is_unit_word
from junheng.store.returns.grid import EMPTY, TEXT, Grid
from junheng.store.returns.header import Heading
from junheng.store.returns.report import Report
from junheng.store.returns.words import SourceUnit, label, row_kind, words

_Spot = tuple[int, int]  # row and column of the box


def pairs(heading: Heading, form: Form, report: Report) -> Iterator[FormCell]:
    """Yield the cell of each label that the sheet has; what was filled in and is not read is said."""
    grid = heading.grid
    spots = [(field, spot) for field in form.fields if (spot := _spot(heading, field)) is not None]
    columns = _ValueColumns(heading, form, [spot for _, spot in spots], report)
    for field, (row, column) in spots:
        value = columns.value_of(row, column)
        if value is not None:
            unit = _unit_beside(grid, row, column) or heading.labels[row][column].unit
            yield FormCell(*value, field, field.constants, unit)
    columns.report_unknown()


class _ValueColumns:
    """The column of values of each column of labels of one sheet."""

    def __init__(self, heading: Heading, form: Form, spots: list[_Spot], report: Report) -> None:
        self.heading, self.grid, self.report = heading, heading.grid, report
        self.known = form.vocabulary | form.unused_rows
        self.skipped = line_number_columns(self.grid, heading) | unit_columns(self.grid, heading)
        self.headings = [row for row in range(heading.height) if any(cell.key in _heading_words() for cell in heading.labels[row])]
        self.numberings = [row for row in range(heading.height) if heading.numbering(row)[1] > row]
        self._spots = spots
        self._said: set[tuple[int, int]] = set()  # groups of labels whose form says where the values are
        self._found: dict[tuple[int, int], int | None] = {}
        for row, column in spots:
            group = self._group(row, column)
            if group not in self._found:
                self._found[group] = self._column(row, column, group)

    def value_of(self, row: int, column: int) -> _Spot | None:
        """Return the cell of a label's value; a label without a column of values has its value below."""
        group = self._group(row, column)
        found = self._found.get(group)
        if found is None:
            below = row + 1
            return (below, column) if below < self.grid.height and is_number(self.grid, below, column) else None
        if self._is_label(row, found):
            return None
        beside = self._beside(row, column)
        if self.grid.kinds[row, found] == EMPTY and beside is not None and group not in self._said:
            place = Place(file=self.grid.file, sheet=self.grid.sheet, cell=self.grid.address(row, beside))
            self.report.say("returns.value_elsewhere", place, self.grid.text(row, column), letters=self.grid.letters(found))
        return row, found

    def report_unknown(self) -> None:
        """Say each label that has a value and is not known to the form."""
        said = set()
        for row in range(self.heading.height):
            for column in {column for _, column in self._spots}:
                found = self._found.get(self._group(row, column))
                key = self.heading.labels[row][column].key
                if found is not None and key not in said and self._is_unknown(row, column) and says_something(self.grid, row, found):
                    said.add(key)
                    place = Place(file=self.grid.file, sheet=self.grid.sheet, cell=self.grid.address(row, column))
                    self.report.say("returns.row_not_used", place, key)

    def _is_unknown(self, row: int, column: int) -> bool:
        key = self.heading.labels[row][column].key
        own = bool(key) and self.grid.kinds[row, column] != EMPTY and key not in self.known
        return own and row not in self.headings and row not in self.numberings and row_kind(key) != "note"

    def _group(self, row: int, column: int) -> tuple[int, int]:
        """Return the heading line under which a label stands, and its column: such labels have their values in one column."""
        return max((line for line in (*self.headings, *self.numberings) if line < row), default=-1), column

    def _column(self, row: int, column: int, group: tuple[int, int]) -> int | None:
        right = [other for other in range(column + _span(self.grid, row, column), self.grid.width) if other not in self.skipped]
        said = self._numbered(row, right)
        if said is None:
            said = self._headed(row, right)
        if said is not None:
            self._said.add(group)
            return said
        beside = [self._beside(*spot) for spot in self._spots if self._group(*spot) == group]
        return min((found for found in beside if found is not None), default=None)

    def _numbered(self, row: int, right: list[int]) -> int | None:
        line = max((line for line in self.numberings if line < row), default=None)
        if line is None:
            return None
        numbers, _ = self.heading.numbering(line)
        return next((column for column in right if numbers[column].isdigit()), None)

    def _headed(self, row: int, right: list[int]) -> int | None:
        line = max((line for line in self.headings if line < row), default=None)
        if line is None:
            return None
        headed = (column for column in right if self.heading.labels[line][column].key not in {"", *_heading_words()})
        return next(headed, None)

    def _beside(self, row: int, column: int) -> int | None:
        """Return the first filled column to the right of a label, before the next label."""
        for other in range(column + _span(self.grid, row, column), self.grid.width):
            if self._is_label(row, other):
                return None
            text = self.grid.text(row, other)
            skipped = other in self.skipped or is_unit_word(text) or text in words().ordinals
            if self.grid.kinds[row, other] != EMPTY and not skipped:
                return other
        return None

    def _is_label(self, row: int, column: int) -> bool:
        key = self.heading.labels[row][column].key if row < self.heading.height else ""
        return self.grid.kinds[row, column] == TEXT and key in self.known


def _heading_words() -> frozenset[str]:
    known = words()
    return known.line_numbers | known.label_headings | known.unit_headings


def _spot(heading: Heading, field: Field) -> _Spot | None:
    spots = (_label_spot(heading, path) for path in field.paths)
    return next((spot for spot in spots if spot is not None), None)


def _label_spot(heading: Heading, path: Path) -> _Spot | None:
    """Return the cell with a label; with two labels, the second beside or below the first ("骨干教师" over or left of "小学")."""
    grid = heading.grid
    for row in range(heading.height):
        for column in range(grid.width):
            own = heading.labels[row][column].key == path[-1] and grid.kinds[row, column] != EMPTY
            if own and (len(path) == 1 or path[0] in _before(heading, row, column)):
                return row, column
    return None


def _before(heading: Heading, row: int, column: int) -> set[str]:
    """Return the labels to the left of a cell, and for each empty one the nearest above it."""
    found = set()
    for left in range(column):
        above = next((heading.labels[up][left].key for up in range(row, -1, -1) if heading.labels[up][left].key), "")
        found.add(above)
    return found


def _span(grid: Grid, row: int, column: int) -> int:
    for first_row, first_column, _, last_column in grid.merges:
        if (first_row - grid.top, first_column - grid.left) == (row, column):
            return last_column - first_column + 1
    return 1


def _unit_beside(grid: Grid, row: int, column: int) -> SourceUnit | None:
    for other in range(column + 1, min(grid.width, column + 4)):
        text = grid.text(row, other)
        if is_unit_word(text):
            return words().units[label(text).key]
    return None
