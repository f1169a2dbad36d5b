"""The totals that a sheet states against what was loaded from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from junheng.errors import Place, Text
from junheng.store.returns.column_cells import VALUE, Converted
from junheng.store.returns.convert import scaled
from junheng.store.returns.convert_text import number_text
from junheng.store.returns.forms import Field
from junheng.store.returns.grid import NUMBER, TEXT, Grid
from junheng.store.returns.record import Total
from junheng.store.returns.report import Report
from junheng.store.returns.rows import RowKinds
from junheng.store.returns.scalars import number

_SLACK = 0.005  # of the last digit that a form shows: areas are stated with two decimals

Column = tuple[int, Field, Converted, float]  # the column, what it is, its cells, and by what plain numbers are multiplied


def compare_totals(grid: Grid, rows: RowKinds, columns: Sequence[Column], report: Report) -> list[Total]:
    """Return every total and subtotal of numeric columns; a difference is a finding.

    A total is compared with all records of the sheet, or, when it stands in the middle and does not fit them, with those above it since the
    last total; a subtotal with the records above it since the last subtotal, or below it up to the next when the list puts sums first.
    """
    totals: dict[Total, None] = {}
    numeric = [column for column in columns if column[1].to[0].definition.type in ("integer", "decimal")]
    for row in sorted((*rows.totals, *rows.subtotals)):
        for column, field, cells, factor in numeric:
            stated = _stated(grid, row, column, field, factor)
            if stated is None or (stated == 0 and not (cells.states == VALUE).any()):
                continue  # a blank template adds up nothing to 0
            slack = _SLACK * max(1.0, factor)
            total = _compare(grid, rows, row, column, field, cells, stated, slack)
            if total not in totals:
                totals[total] = None
                _say_difference(total, slack, report)
    return list(totals)


def _stated(grid: Grid, row: int, column: int, field: Field, factor: float) -> float | None:
    """Return the number of a total row in the unit of what was loaded; a total that says its own unit has that one."""
    kind = grid.kinds[row, column]
    if kind == NUMBER:
        return float(scaled(grid.values[row, column], factor))
    if kind == TEXT:
        scalar = number(grid.text(row, column), field.unit or field.to[0].definition.unit)
        if scalar.outcome == "value":
            return scalar.value if scalar.own_unit else float(scaled(np.array(scalar.value), factor))
    return None


def _compare(grid: Grid, rows: RowKinds, row: int, column: int, field: Field, cells: Converted, stated: float, slack: float) -> Total:
    amounts = np.where(cells.states == VALUE, cells.series.cast(float).fill_null(0.0).to_numpy(), 0.0)
    places = grid.address(row, rows.label_columns.get(row, 0)), grid.address(row, column)
    label = grid.text(row, rows.label_columns.get(row, 0))
    sums = [float(amounts[mask].sum()) for mask in _spans(rows, row)]
    fitting = [total for total in sums if abs(total - stated) <= slack]
    loaded = fitting[0] if fitting else sums[0]
    return Total(grid.file, grid.sheet, places[1], label, field.title.split("|")[0], stated, loaded)


def _spans(rows: RowKinds, row: int) -> list[np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """Return the records that a total may add up, the usual meaning first."""
    data = rows.data
    if row in rows.totals:
        before = max((other for other in rows.totals if other < row), default=-1)
        return [np.ones(len(data), dtype=bool), (data > before) & (data < row)]
    marks = sorted((*rows.totals, *rows.subtotals))
    before = max((other for other in marks if other < row), default=-1)
    after = min((other for other in marks if other > row), default=int(data.max(initial=row)) + 1)
    return [(data > before) & (data < row), (data > row) & (data < after)]


def _say_difference(total: Total, slack: float, report: Report) -> None:
    if abs(total.stated - total.loaded) > slack:
        found = Text(f"{total.label}{number_text(total.stated)}，载入{number_text(total.loaded)}", _english(total))
        place = Place(file=total.file, sheet=total.sheet, cell=total.cell, column=total.column)
        report.say("returns.total_differs", place, found, loaded=number_text(total.loaded))


def _english(total: Total) -> str:
    return f"{total.label} {number_text(total.stated)}, loaded {number_text(total.loaded)}"
