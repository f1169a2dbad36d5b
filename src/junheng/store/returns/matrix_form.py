"""Read a form of one school: row labels crossed with column labels, or labels with their value beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from typing import cast

import numpy as np

from junheng.errors import Place
from junheng.model import schema
from junheng.store.returns.column_cells import NOT_FILLED, REFUSED, VALUE
from junheng.store.returns.convert import convert
from junheng.store.returns.form_cell import FormCell, is_number, line_number_columns
from junheng.store.returns.forms import Block, Field, Form, Target
from junheng.store.returns.grid import Grid
from junheng.store.returns.header import Header, Heading, columns_of
from junheng.store.returns.identity import Identity
from junheng.store.returns.pair_form import pairs
from junheng.store.returns.record import CellRecord, Sheetful, Stated
from junheng.store.returns.report import Report
from junheng.store.returns.words import label, multiplier, row_kind, words


def read_school_form(heading: Heading, form: Form, school: Identity, report: Report) -> Sheetful:
    """Return the values of a sheet that is one school's form; findings go into the report."""
    grid = heading.grid
    if not school.code:
        report.say("returns.school_unknown", Place(file=grid.file, sheet=grid.sheet), school.name or grid.file)
        return Sheetful()
    cells = list(pairs(heading, form, report) if form.layout == "pairs" else _crossings(heading, form, report))
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

    def take(self, cell: FormCell, sheetful: Sheetful) -> None:
        for target in cell.field.to:
            self._load(cell, target, sheetful)
        if cell.field.sum_of is not None:
            self._state(cell, cell.field.sum_of, sheetful)

    def _load(self, cell: FormCell, target: Target, sheetful: Sheetful) -> None:
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

    def _state(self, cell: FormCell, target: Target, sheetful: Sheetful) -> None:
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

    def _value(self, cell: FormCell, target: Target) -> tuple[object, int]:
        factor = self._factor(cell, target)
        if factor is None:
            return None, REFUSED
        rows = np.array([cell.row])
        converted = convert(self.grid, cell.column, rows, cell.field, target.definition, factor, self.report)
        return converted.series[0], int(converted.states[0])

    def _factor(self, cell: FormCell, target: Target) -> Decimal | None:
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

    def _key(self, cell: FormCell, target: Target) -> tuple[str, ...] | None:
        constants = {**self.form.constants, **cell.constants, "school": self.school.code}
        names = schema().tables[target.table].key
        if "stage" in names and "stage" not in constants:
            if not self._stage:
                self._say_unsplit(cell)
                return None
            constants["stage"] = self._stage
        return tuple(constants[name] for name in names)

    def _say_unsplit(self, cell: FormCell) -> None:
        if not self.unsplit:
            place = Place(file=self.grid.file, sheet=self.grid.sheet, cell=self.grid.address(cell.row, cell.column))
            self.report.say("returns.not_split_by_stage", place, self.school.name or self.school.code)
            self.unsplit = True


def _crossings(heading: Heading, form: Form, report: Report) -> Iterator[FormCell]:
    header = heading.header(form.vocabulary)
    if header is None:
        report.say("returns.form_changed", Place(file=heading.grid.file, sheet=heading.grid.sheet), heading.grid.sheet, form=form.title)
        return
    grid = heading.grid
    rows = _row_labels(grid, header)
    sections = list(_sections(form, rows))
    placed = [[(field, found[0]) for field in block.columns if (found := columns_of(field, header))] for block in form.blocks]
    read: set[int] = set()
    for block, columns in zip(form.blocks, placed, strict=True):
        for row, field, constants in _block_rows(block, rows, sections):
            read.add(row)
            yield from _crossed(row, field, columns, constants, header)
    unread = _Unread(heading, header, form, report)
    unread.report_rows({row: key for row, key in rows.items() if row not in read})
    unread.report_columns({column for columns in placed for _, column in columns})


_Section = tuple[int, int, Mapping[str, str]]


def _block_rows(block: Block, rows: Mapping[int, str], sections: Sequence[_Section]) -> Iterator[tuple[int, Field, Mapping[str, str]]]:
    """Yield the rows of a block that the sheet has, section by section, with the constants of the section."""
    for first, last, constants in sections:
        for field in block.rows:
            row = _row_of(field, rows, first, last)
            if row is not None:
                yield row, field, constants


class _Unread:
    """What a sheet holds and the form does not know: each label is said once, unless it is known and not loaded."""

    def __init__(self, heading: Heading, header: Header, form: Form, report: Report) -> None:
        self.grid, self.header, self.report = heading.grid, header, report
        labels = {path[-1] for block in form.blocks for field in block.rows for path in field.paths}
        self.known = form.unused | form.unused_rows | form.sections.keys() | labels
        self.unused = form.unused
        self.numbered = line_number_columns(self.grid, heading)
        self.data = [row for row in range(header.data, self.grid.height) if not self._is_numbering(row)]

    def report_rows(self, rows: Mapping[int, str]) -> None:
        """Say the rows with numbers whose label is neither loaded nor known."""
        unknown: dict[str, int] = {}
        for row, key in rows.items():
            if row in self.data and key not in self.known and row_kind(key) != "note" and self._holds(row, range(self.grid.width)):
                unknown.setdefault(key, row)
        for key, row in unknown.items():
            column = next(column for column in range(self.grid.width) if self.grid.text(row, column))
            place = Place(file=self.grid.file, sheet=self.grid.sheet, cell=self.grid.address(row, column))
            self.report.say("returns.row_not_used", place, key)

    def report_columns(self, used: Set[int]) -> None:
        """Say the columns with numbers whose label is neither loaded nor known."""
        for column, path in enumerate(self.header.paths):
            unknown = path and column not in used and not any(part in self.unused for part in path)
            if unknown and any(self._holds(row, [column]) for row in self.data):
                place = Place(file=self.grid.file, sheet=self.grid.sheet, cell=self.grid.address(self.header.first, column))
                self.report.say("returns.column_not_used", place, "/".join(path))

    def _is_numbering(self, row: int) -> bool:
        """Return whether a row is the line that numbers the columns, below empty rows of the header."""
        return any(self.grid.text(row, column) in words().ordinals for column in range(min(3, self.grid.width)))

    def _holds(self, row: int, columns: Iterable[int]) -> bool:
        return any(column not in self.numbered and is_number(self.grid, row, column) for column in columns)


def _crossed(row: int, field: Field, columns: list[tuple[Field, int]], constants: Mapping[str, str], header: Header) -> Iterator[FormCell]:
    for other, column in columns:
        main = field if field.to or field.sum_of else other
        said = {**constants, **field.constants, **other.constants}
        if main.to or main.sum_of:
            yield FormCell(row, column, main, said, header.units[column])


def _row_labels(grid: Grid, header: Header) -> dict[int, str]:
    """Return the comparable label of each row below the header: its leftmost text."""
    rows: dict[int, str] = {}
    for row in range(header.data, grid.height):
        text = next((grid.text(row, column) for column in range(min(3, grid.width)) if grid.text(row, column)), "")
        if text:
            rows[row] = label(text).key
    return rows


def _sections(form: Form, rows: Mapping[int, str]) -> Iterator[_Section]:
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
