"""The cells of one column, and the two things that can become of one: it is taken, or it is reported by its address."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from junheng.errors import Text
from junheng.model import Column
from junheng.store.returns.grid import BOOLEAN, DATE, ERROR, UNCALCULATED, Grid
from junheng.store.returns.report import Report

VALUE, NOT_FILLED, REFUSED = 1, 2, 3  # states of a cell; 0 is empty
DIGITS_KEPT = 1e15  # Excel keeps 15 digits of a number; a longer identifier has lost the rest
LARGEST = 1e14  # a decimal column holds 18 digits, four of them after the point
Rows = npt.NDArray[np.int64]
States = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Converted(NamedTuple):
    """A typed series (null where there is no value) and the state of each cell."""

    series: pl.Series
    states: States


class ColumnCells(NamedTuple):
    """The cells of one column of a grid, for one target."""

    grid: Grid
    rows: Rows  # (n,) rows of the box
    column: int
    title: str
    target: Column
    report: Report

    @property
    def kinds(self) -> States:
        """Return the kinds of the cells, (n,)."""
        return cast("States", self.grid.kinds[self.rows, self.column])

    @property
    def values(self) -> Floats:
        """Return the numbers of the cells, (n,)."""
        return cast("Floats", self.grid.values[self.rows, self.column])

    def refuse(self, rule: str, at: Rows, **values: object) -> None:
        """Report the cells at these places (indices into rows) under one rule."""
        for index in at.tolist():
            row = int(self.rows[index])
            self.report.cell(
                rule, self.grid, row, self.column, self.title, found(self.grid, row, self.column), kind=self.target.label, **values
            )


def found(grid: Grid, row: int, column: int) -> str | Text:
    """Return what a finding says is in a cell."""
    kind = grid.kinds[row, column]
    if kind == DATE:
        return date.fromordinal(int(grid.values[row, column])).isoformat()
    if kind == ERROR and not np.isfinite(grid.values[row, column]):
        return Text("不是数的数值（NaN或无穷大）", "a number that is none (NaN or infinity)")
    if kind == ERROR:
        return Text("公式错误（如#DIV/0!）", "a formula error (such as #DIV/0!)")
    if kind == UNCALCULATED:
        return Text("没有保存计算结果的公式", "a formula whose result was not saved")
    if kind == BOOLEAN:
        return "TRUE" if grid.values[row, column] else "FALSE"
    return grid.text(row, column)[:40]
