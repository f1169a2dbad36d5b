"""Read a form of one school: row labels crossed with column labels, or labels with their value beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import numpy as np

from junheng.errors import Place
from junheng.model import schema
from junheng.store.returns.column_cells import NOT_FILLED, REFUSED, VALUE
from junheng.store.returns.convert import convert
from junheng.store.returns.forms import Field, Form, Path, Target, is_unit_word
from junheng.store.returns.grid import EMPTY, NUMBER, Grid
from junheng.store.returns.header import Header, Heading, columns_of
from junheng.store.returns.identity import Identity
from junheng.store.returns.record import CellRecord, Sheetful, Stated
from junheng.store.returns.report import Report
from junheng.store.returns.words import SourceUnit, label, multiplier, words

_LINES = 3  # fewer consecutive numbers may well be values


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a form that goes somewhere: its place in the box, its field, constants and unit."""

    row: int
    column: int
    field: Field
    constants: Mapping[str, str]
    unit: SourceUnit | None


def read_school_form(heading: Heading, form: Form, school: Identity, report: Report) -> Sheetful:
    """Return the values of a sheet that is one school's form; findings go into the report."""
    grid = heading.grid
    if not school.code:
        report.say("returns.school_unknown", Place(file=grid.file, sheet=grid.sheet), school.name or grid.file)
        return Sheetful()
    cells = list(_pairs(heading, form) if form.layout == "pairs" else _crossings(heading, form, report))
    sheetful = Sheetful(names={school.code: school.name})
    reader = _Reader(heading, form, school, report)
    for cell in cells:
        reader.take(cell, sheetful)
    sheetful.cells += reader.added()
    if not sheetful.cells and not reader.unsplit:
        report.say("returns.form_empty", Place(file=grid.file, sheet=grid.sheet), school.name or school.code, form=form.title)
    return sheetful


class _Reader:
    """Turn the cells of one form into records of tables."""

    def __init__(self, heading: Heading, form: Form, school: Identity, report: Report) -> None:
        self.grid, self.form, self.school, self.report = heading.grid, form, school, report
        self.units = heading.stated_units(heading.height)
        self.unsplit = False
        title = heading.title_text()
        self._stage = next((stage for word, stage in form.stage_by_title.items() if word in title), "")
        self._stage = self._stage or form.stage_by_kind.get(school.kind, "")
        self._adding: dict[tuple[str, tuple[str, ...], str], list[CellRecord]] = {}

    def take(self, cell: _Cell, sheetful: Sheetful) -> None:
        for target in cell.field.to:
            self._load(cell, target, sheetful)
        if cell.field.sum_of is not None:
            self._state(cell, cell.field.sum_of, sheetful)

    def _load(self, cell: _Cell, target: Target, sheetful: Sheetful) -> None:
        key = self._key(cell, target)
        if key is None:
            return
        value, state = self._value(cell, target)
        if state in (VALUE, NOT_FILLED, REFUSED):
            address = self.grid.address(cell.row, cell.column)
            record = CellRecord(target.table, key, target.column, value, self.grid.file, self.grid.sheet, address)
            if cell.field.adds:
                self._adding.setdefault((target.table, key, target.column), []).append(record)
            else:
                sheetful.cells.append(record)

    def added(self) -> Iterator[CellRecord]:
        """Yield the values that are the sum of several rows, with all their cells; one missing part makes the sum missing."""
        for records in self._adding.values():
            whole = any(record.value is None for record in records)
            total = None if whole else sum(cast("int", record.value) for record in records)
            yield records[0]._replace(value=total, cell="+".join(record.cell for record in records))

    def _state(self, cell: _Cell, target: Target, sheetful: Sheetful) -> None:
        value, state = self._value(cell, target)
        if state == VALUE:
            said = {**self.form.constants, **cell.constants, "school": self.school.code}
            if "stage" not in said:
                said["stage"] = self._stage
            key = {name: said[name] for name in cell.field.per}
            grid = self.grid
            address = grid.address(cell.row, cell.column)
            amount = float(str(value))
            sheetful.stated.append(Stated(target, key, amount, grid.file, grid.sheet, address, cell.field.title.split("|")[0]))

    def _value(self, cell: _Cell, target: Target) -> tuple[object, int]:
        factor = self._factor(cell, target)
        if factor is None:
            return None, REFUSED
        rows = np.array([cell.row])
        converted = convert(self.grid, cell.column, rows, cell.field, target.definition, factor, self.report)
        return converted.series[0], int(converted.states[0])

    def _factor(self, cell: _Cell, target: Target) -> Decimal | None:
        unit = target.definition.unit
        source = cell.unit
        if source is None and unit and not cell.field.unit:
            fitting = [known for known in self.units if known.unit and multiplier(known, unit) is not None]
            source = fitting[0] if len(fitting) == 1 else None
        if source is None:
            return Decimal(1)
        factor = multiplier(source, unit)
        if factor is None:
            self.report.cell(
                "returns.unit_of_column", self.grid, cell.row, cell.column, cell.field.title.split("|")[0], source.unit, unit=unit
            )
        return factor

    def _key(self, cell: _Cell, target: Target) -> tuple[str, ...] | None:
        constants = {**self.form.constants, **cell.constants, "school": self.school.code}
        names = schema().tables[target.table].key
        if "stage" in names and "stage" not in constants:
            if not self._stage:
                self._say_unsplit(cell)
                return None
            constants["stage"] = self._stage
        return tuple(constants[name] for name in names)

    def _say_unsplit(self, cell: _Cell) -> None:
        if not self.unsplit:
            place = Place(file=self.grid.file, sheet=self.grid.sheet, cell=self.grid.address(cell.row, cell.column))
            self.report.say("returns.not_split_by_stage", place, self.school.name or self.school.code)
            self.unsplit = True


def _crossings(heading: Heading, form: Form, report: Report) -> Iterator[_Cell]:
    header = heading.header(form.vocabulary)
    if header is None:
        report.say("returns.form_changed", Place(file=heading.grid.file, sheet=heading.grid.sheet), heading.grid.sheet, form=form.title)
        return
    rows = _row_labels(heading.grid, header)
    sections = list(_sections(form, rows))
    for block in form.blocks:
        columns = [(field, found[0]) for field in block.columns if (found := columns_of(field, header))]
        for first, last, constants in sections:
            for field in block.rows:
                row = _row_of(field, rows, first, last)
                if row is not None:
                    yield from _crossed(row, field, columns, constants, header)


def _crossed(row: int, field: Field, columns: list[tuple[Field, int]], constants: Mapping[str, str], header: Header) -> Iterator[_Cell]:
    for other, column in columns:
        main = field if field.to or field.sum_of else other
        said = {**constants, **field.constants, **other.constants}
        if main.to or main.sum_of:
            yield _Cell(row, column, main, said, header.units[column])


def _row_labels(grid: Grid, header: Header) -> dict[int, str]:
    """Return the comparable label of each row below the header: its leftmost text."""
    rows: dict[int, str] = {}
    for row in range(header.data, grid.height):
        text = next((grid.text(row, column) for column in range(min(3, grid.width)) if grid.text(row, column)), "")
        if text:
            rows[row] = label(text).key
    return rows


def _sections(form: Form, rows: Mapping[int, str]) -> Iterator[tuple[int, int, Mapping[str, str]]]:
    """Yield the first and last row of each section with its constants; a form without sections is one."""
    last = max(rows, default=0)
    opened = [(row, form.sections[key]) for row, key in rows.items() if key in form.sections]
    if not form.sections or not opened:
        yield min(rows, default=0), last, {}
        return
    for index, (row, constants) in enumerate(opened):
        yield row, opened[index + 1][0] - 1 if index + 1 < len(opened) else last, constants


def _row_of(field: Field, rows: Mapping[int, str], first: int, last: int) -> int | None:
    """Return the first row of a section with one of the field's labels; the label "." is the section's own row."""
    for path in field.paths:
        if path == (".",):
            return first
        for row, key in rows.items():
            if first <= row <= last and key == path[-1]:
                return row
    return None


def _pairs(heading: Heading, form: Form) -> Iterator[_Cell]:
    grid = heading.grid
    numbered = _line_number_columns(grid, heading)
    for field in form.fields:
        for path in field.paths:
            place = _label_place(grid, heading, path)
            if place is None:
                continue
            value = _value_beside(grid, *place, numbered)
            if value is not None:
                yield _Cell(
                    value[0], value[1], field, field.constants, _unit_beside(grid, *place) or heading.labels[place[0]][place[1]].unit
                )
            break


def _label_place(grid: Grid, heading: Heading, path: Path) -> tuple[int, int] | None:
    """Return the cell with a label; with two labels, the second beside or below the first ("骨干教师" over or left of "小学")."""
    for row in range(heading.height):
        for column in range(grid.width):
            own = heading.labels[row][column].key == path[-1] and not _filled_by_merge(grid, heading, row, column)
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


def _filled_by_merge(grid: Grid, heading: Heading, row: int, column: int) -> bool:
    return grid.kinds[row, column] == EMPTY and bool(heading.labels[row][column].key)


def _value_beside(grid: Grid, row: int, column: int, numbered: frozenset[int]) -> tuple[int, int] | None:
    """Return the first cell to the right that is neither a unit nor the form's own line number.

    A label that stands alone in its row has its value below.
    """
    alone = True
    for other in range(column + _span(grid, row, column), grid.width):
        text = grid.text(row, other)
        if grid.kinds[row, other] == EMPTY:
            continue
        if other not in numbered and not is_unit_word(text) and text not in words().ordinals:
            return row, other
        alone = False
    below = row + 1
    return (below, column) if alone and below < grid.height and grid.kinds[below, column] == NUMBER else None


def _span(grid: Grid, row: int, column: int) -> int:
    for first_row, first_column, _, last_column in grid.merges:
        if (first_row - grid.top, first_column - grid.left) == (row, column):
            return last_column - first_column + 1
    return 1


def _line_number_columns(grid: Grid, heading: Heading) -> frozenset[int]:
    """Return the columns that number the lines of the form: headed 代码, or 01, 02, 03 … from the top and nothing else that is a number."""
    found = []
    for column in range(grid.width):
        headed = any(row[column].key in words().line_numbers for row in heading.labels)
        texts = [grid.text(row, column) for row in range(grid.height)]
        counts = [int(text) for text in texts if text.isdigit() and len(text) <= 3]
        if headed or (len(counts) >= _LINES and counts == list(range(1, len(counts) + 1))):
            found.append(column)
    return frozenset(found)


def _unit_beside(grid: Grid, row: int, column: int) -> SourceUnit | None:
    for other in range(column + 1, min(grid.width, column + 4)):
        text = grid.text(row, other)
        if is_unit_word(text):
            return words().units[label(text).key]
    return None
