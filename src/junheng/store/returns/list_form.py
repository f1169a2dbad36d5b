"""Read a list: one record a row under a header of one to four rows, with notes, subtotals and totals among the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl

from junheng.errors import Place, Text
from junheng.model import Column, schema
from junheng.store.returns.column_cells import NOT_FILLED, REFUSED, VALUE, Converted, Mask, Rows
from junheng.store.returns.convert import convert
from junheng.store.returns.forms import Field, Form, Target
from junheng.store.returns.grid import EMPTY, Grid
from junheng.store.returns.header import Header, Heading, columns_of
from junheng.store.returns.list_columns import derived_stages, report_unused
from junheng.store.returns.lookup import Lookup
from junheng.store.returns.record import ROW, Part, Sheetful, Stated
from junheng.store.returns.report import Report
from junheng.store.returns.rows import RowKinds, row_kinds
from junheng.store.returns.sheet_totals import compare_totals
from junheng.store.returns.words import multiplier

_KEY = Column(
    name="key",
    type="code",
    unit="",
    key=True,
    required=True,
    allowed={},
    reference="",
    least=None,
    most=None,
    label=schema().tables["schools"].column("school").label,
    description=schema().tables["schools"].column("school").description,
    level=schema().tables["schools"].column("school").level,
)


@dataclass(frozen=True, slots=True)
class _Values:
    """One converted value column: where it goes, which constants its label says, its sheet column and its cells."""

    target: Target
    field: Field
    column: int
    cells: Converted
    factor: float  # by what plain numbers were multiplied


def read_list(
    heading: Heading, form: Form, lookup: Lookup, report: Report, school: str = "", kinds: Mapping[str, str] | None = None
) -> Sheetful:
    """Return the rows of a sheet that is a known list; what is wrong with cells and columns goes into the report.

    school: whose list it is, when the code stands above the list and not in a column.
    kinds: the kind of each school that is known from elsewhere, by its code.
    """
    grid = heading.grid
    header = heading.header(form.vocabulary)
    if header is None:
        report.say("returns.form_changed", Place(file=grid.file, sheet=grid.sheet), grid.sheet, form=form.title)
        return Sheetful()
    placed, repeated = _placed(form, header, grid, report)
    report_unused(form, header, grid, repeated.union(column for _, column in placed), report)
    rows = row_kinds(heading, header, [column for field, column in placed if field.key] or [0])
    _report_hidden(grid, rows, report)
    keys = {field.key: _key(grid, field, column, rows.data, lookup, report) for field, column in placed if field.key}
    constants = {"school": school, **form.constants} if school and "school" not in keys else dict(form.constants)
    values = [value for field, column in placed for value in _converted(heading, header, field, column, rows.data, lookup, report)]
    stages = derived_stages(form, keys, {value.target: value.cells for value in values}, kinds or {})
    if stages is not None:
        keys["stage"] = stages
        _report_derived(grid, constants, stages, values, report)
    sheetful = Sheetful(parts=_parts(constants, grid, rows.data, keys, values, report))
    sheetful.totals = compare_totals(grid, rows, [(value.column, value.field, value.cells, value.factor) for value in values], report)
    sheetful.stated = [
        stated for field, column in placed if field.sum_of for stated in _stated(grid, field, column, rows.data, keys, report)
    ]
    return sheetful


def _placed(form: Form, header: Header, grid: Grid, report: Report) -> tuple[list[tuple[Field, int]], set[int]]:
    """Return each field that the sheet has, with its column, and the columns of labels that stand over two: these are refused."""
    placed, repeated = [], set()
    for field in form.fields:
        columns = columns_of(field, header)
        if len(columns) > 1:
            letters = "、".join(grid.letters(column) for column in columns)
            place = Place(file=grid.file, sheet=grid.sheet, row=grid.top + header.first + 1, column=field.title.split("|")[0])
            report.say("returns.column_repeated", place, letters)
            repeated.update(columns)
        elif columns:
            placed.append((field, columns[0]))
    return placed, repeated


def _report_hidden(grid: Grid, rows: RowKinds, report: Report) -> None:
    numbers = set((rows.data + grid.top + 1).tolist())
    hidden = sorted(numbers.intersection(grid.hidden_rows))
    if hidden:
        place = Place(file=grid.file, sheet=grid.sheet, row=hidden[0])
        report.say("returns.hidden_rows", place, f"{hidden[0]}–{hidden[-1]}", count=len(hidden))


def _key(grid: Grid, field: Field, column: int, rows: Rows, lookup: Lookup, report: Report) -> Converted:
    target = _key_column(field)
    cells = convert(grid, column, rows, field, target, Decimal(1), report)
    cells = lookup.resolved(field, cells, grid, rows, column, report)
    held = grid.kinds[rows, column] != EMPTY
    missing = ~held & (cells.states != VALUE)
    for index in np.flatnonzero(missing).tolist():
        report.cell("returns.key_missing", grid, int(rows[index]), column, field.title.split("|")[0], "")
    cells.states[missing] = REFUSED
    return cells


def _key_column(field: Field) -> Column:
    """Return the definition of the first schema column of this name, so that ages are numbers and stages are coded words."""
    for table in schema().tables.values():
        for column in table.columns:
            if column.key and column.name == field.key:
                return column if not field.lookup else _KEY
    return _KEY


def _converted(heading: Heading, header: Header, field: Field, column: int, rows: Rows, lookup: Lookup, report: Report) -> list[_Values]:
    out = []
    for target in field.to:
        factor = _factor(heading, header, field, column, target, report)
        if factor is None:
            continue
        cells = convert(heading.grid, column, rows, field, target.definition, factor, report)
        cells = lookup.resolved(field, cells, heading.grid, rows, column, report)
        out.append(_Values(target, field, column, cells, float(factor)))
        report = Report() if len(field.to) > 1 else report  # a cell with two targets is reported once
    return out


def _factor(heading: Heading, header: Header, field: Field, column: int, target: Target, report: Report) -> Decimal | None:
    """Return what a column's numbers are multiplied by, from the unit in its label or a note line; None: the unit cannot fit."""
    unit = target.definition.unit
    source = header.units[column]
    if source is None and not field.unit:
        stated = [known for known in heading.stated_units(header.first) if known.unit and multiplier(known, unit) is not None]
        source = stated[0] if len(stated) == 1 and unit else None
    if source is None:
        return Decimal(1)
    factor = multiplier(source, unit)
    if factor is None:
        grid = heading.grid
        place = Place(file=grid.file, sheet=grid.sheet, cell=grid.address(header.first, column), column=field.title.split("|")[0])
        report.say("returns.unit_of_column", place, source.unit, unit=unit)
    return factor


def _parts(
    shared: Mapping[str, str], grid: Grid, rows: Rows, keys: Mapping[str, Converted], values: Sequence[_Values], report: Report
) -> list[Part]:
    """Put the columns of one table and one set of constants side by side, with their keys."""
    numbers = pl.Series(ROW, rows + grid.top + 1)
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], list[_Values]] = {}
    for value in values:
        constants = tuple(sorted({**shared, **value.field.constants}.items()))
        groups.setdefault((value.target.table, constants), []).append(value)
    present = _present(groups)
    parts = []
    for (table, constants), columns in groups.items():
        said = {name: constant for name, constant in constants if name in schema().tables[table].key}
        key = _key_frame(table, said, keys, len(rows))
        sound = _sound(table, said, keys, len(rows))
        _say_no_key(table, said, keys, columns, grid, rows, report)
        if key is None:
            continue
        keep = pl.Series(present[table, said.get("stage", "")] & sound)
        series = {value.target.column: value.cells.series.alias(value.target.column) for value in columns}
        frame = key.with_columns(numbers, *series.values()).filter(keep)
        letters = {value.target.column: grid.letters(value.column) for value in columns}
        weak = frozenset(value.target.column for value in columns if value.field.weak)
        parts.append(Part(table, frame, letters, grid.file, grid.sheet, weak))
    return parts


def _say_no_key(
    table: str,
    said: Mapping[str, str],
    keys: Mapping[str, Converted],
    columns: Sequence[_Values],
    grid: Grid,
    rows: Rows,
    report: Report,
) -> None:
    """Refuse each cell whose row no column identifies; a key that was there and could not be read has been refused itself."""
    names = [name for name in schema().tables[table].key if name not in said]
    absent = {name for name in names if name not in keys}
    lost = np.ones(len(rows), dtype=bool) if absent else np.zeros(len(rows), dtype=bool)
    for name in names:
        if name in keys:
            unknown = keys[name].states == 0
            lost |= unknown
            absent |= {name} if unknown.any() else set()
    labels = [schema().tables[table].column(name).label for name in names if name in absent]
    found = Text("没有" + "、".join(label.zh for label in labels), "no " + ", ".join(label.en for label in labels))
    for value in columns:
        title = value.field.title.split("|")[0]
        for index in np.flatnonzero(lost & (value.cells.states == VALUE)).tolist():
            report.cell("returns.key_absent", grid, int(rows[index]), value.column, title, found, table=schema().tables[table].title)


def _report_derived(grid: Grid, constants: Mapping[str, str], stages: Converted, values: Sequence[_Values], report: Report) -> None:
    """Say how many rows with figures by stage took their stage from the school's kind."""
    used = np.zeros(len(stages.states), dtype=bool)
    for value in values:
        said = {*constants, *value.field.constants}
        if "stage" in schema().tables[value.target.table].key and "stage" not in said:
            used |= (stages.states == VALUE) & (value.cells.states == VALUE)
    count = int(used.sum())
    if count:
        report.say(
            "returns.stage_derived", Place(file=grid.file, sheet=grid.sheet), Text(f"{count}行没有学段", f"{count} rows without a stage")
        )


def _present(groups: Mapping[tuple[str, tuple[tuple[str, str], ...]], Sequence[_Values]]) -> dict[tuple[str, str], Mask]:
    """Return, by table and stage, which rows hold anything at all.

    Where a school's row holds one grade of a stage, every grade of that stage is a row, missing where the cell is empty; a junior
    school gets no rows for primary grades.
    """
    present: dict[tuple[str, str], Mask] = {}
    for (table, constants), columns in groups.items():
        at = table, dict(constants).get("stage", "")
        for value in columns:
            said = np.isin(value.cells.states, (VALUE, NOT_FILLED, REFUSED))
            present[at] = present[at] | said if at in present else said
    return present


def _key_frame(table: str, said: Mapping[str, str], keys: Mapping[str, Converted], height: int) -> pl.DataFrame | None:
    series = []
    for name in schema().tables[table].key:
        if name in said:
            column = schema().tables[table].column(name)
            series.append(pl.Series(name, [said[name]], dtype=pl.String).cast(column.dtype).new_from_index(0, height))
        elif name in keys:
            series.append(keys[name].series.alias(name).cast(schema().tables[table].column(name).dtype))
        else:
            return None
    return pl.DataFrame(series)


def _sound(table: str, said: Mapping[str, str], keys: Mapping[str, Converted], height: int) -> Mask:
    sound = np.ones(height, dtype=bool)
    for name in schema().tables[table].key:
        if name not in said:
            sound &= keys[name].states == VALUE
    return sound


def _stated(grid: Grid, field: Field, column: int, rows: Rows, keys: Mapping[str, Converted], report: Report) -> list[Stated]:
    assert field.sum_of is not None
    cells = convert(grid, column, rows, field, field.sum_of.definition, Decimal(1), report)
    out = []
    for index in np.flatnonzero(cells.states == VALUE).tolist():
        if all(keys[name].states[index] == VALUE for name in field.per if name in keys):
            key = {name: str(keys[name].series[index]) for name in field.per if name in keys}
            address = grid.address(int(rows[index]), column)
            out.append(Stated(field.sum_of, key, float(cells.series[index]), grid.file, grid.sheet, address, field.title.split("|")[0]))
    return out
