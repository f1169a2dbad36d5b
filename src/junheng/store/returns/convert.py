"""A column of cells to a typed series, all rows at once; each cell that does not fit is reported by its address and left missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl

from junheng.model import Column
from junheng.store.returns import scalars
from junheng.store.returns.column_cells import (
    DIGITS_KEPT,
    LARGEST,
    NOT_FILLED,
    REFUSED,
    VALUE,
    ColumnCells,
    Converted,
    Floats,
    Mask,
    Rows,
    States,
)
from junheng.store.returns.convert_text import convert_text
from junheng.store.returns.forms import Field
from junheng.store.returns.grid import BOOLEAN, DATE, ERROR, NUMBER, TEXT, UNCALCULATED, Grid
from junheng.store.returns.report import Report
from junheng.store.returns.scalars import Scalar

_DECIMALS = 6  # a multiplied number is rounded here: beyond what any column holds
_EPOCH = date(1970, 1, 1).toordinal()


def convert(grid: Grid, column: int, rows: Rows, field: Field, target: Column, factor: Decimal, report: Report) -> Converted:
    """Return the cells of one column of a grid as a series of the target's type.

    rows: (n,) rows of the box; factor: by what numbers are multiplied to be in the target's unit.
    """
    cells = ColumnCells(grid, rows, column, field.title.split("|")[0], target, report)
    kinds = cells.kinds
    states = np.zeros(len(rows), dtype=np.uint8)
    broken = (kinds == ERROR) | (kinds == UNCALCULATED)
    _refuse(cells, states, broken, "returns.formula_error")
    if target.type in ("text", "code", "geometry", "boolean"):
        return convert_text(cells, states, field)
    return _Numbers(cells, states, field, float(factor)).convert()


def scaled(amounts: Floats, factor: float) -> Floats:
    """Return plain numbers in the target's unit; decimal fractions stay what they are (0.57万册 is 5700, not 5699.999…)."""
    if factor == 1:
        return amounts
    with np.errstate(over="ignore"):  # what is too large is refused by its address
        return np.round(amounts * factor, _DECIMALS)


class _Numbers:
    """The numbers of one column while they are made: amounts and states side by side, (n,)."""

    def __init__(self, cells: ColumnCells, states: States, field: Field, factor: float) -> None:
        self.cells, self.states, self.field, self.factor = cells, states, field, factor
        self.target = cells.target
        self.kinds = cells.kinds
        self.numbers = np.zeros(len(states))

    def convert(self) -> Converted:
        if self.target.type in ("year", "date"):
            self._days()
        else:
            plain = self.kinds == NUMBER
            self.numbers[plain] = scaled(self.cells.values[plain], self.factor)
            self.states[plain] = VALUE
            _refuse(self.cells, self.states, self.kinds == DATE, "returns.date_for_number")
        _refuse(self.cells, self.states, self.kinds == BOOLEAN, "returns.not_a_number")
        self._texts()
        if self.target.type != "date":
            self._bounds()
        return Converted(_series(self.numbers, self.states == VALUE, self.target), self.states)

    def _days(self) -> None:
        """Years and days from numbers (2019.9, 201909, 43709) and from cells that Excel formats as dates."""
        values, epoch, day = self.cells.values, self.cells.grid.date1904, self.target.type == "date"
        for index in np.flatnonzero(self.kinds == NUMBER).tolist():
            value = float(values[index])
            scalar = scalars.day_of_number(value, epoch) if day else scalars.year_of_number(value, self.field.calendar, epoch)
            self._take(np.array([index]), scalar)
        dated = self.kinds == DATE
        self.numbers[dated] = values[dated] if day else [float(date.fromordinal(int(value)).year) for value in values[dated]]
        self.states[dated] = VALUE

    def _texts(self) -> None:
        at = np.flatnonzero(self.kinds == TEXT)
        if not len(at):
            return
        parse = _PARSERS.get(self.target.type, scalars.number)
        unit = self.field.unit or self.target.unit
        unique, inverse = np.unique(self.cells.values[at].astype(np.int64), return_inverse=True)
        texts = self.cells.grid.texts
        found = [parse(texts[number], unit, self.field.calendar) for number in unique.tolist()]
        good = np.array([scalar.outcome == "value" for scalar in found])[inverse]
        amounts = np.array([scalar.value for scalar in found])
        if parse is scalars.number:
            amounts = np.where([scalar.own_unit for scalar in found], amounts, scaled(amounts, self.factor))
        self.numbers[at[good]] = amounts[inverse][good]
        self.states[at[good]] = VALUE
        for spot, position in zip(at[~good].tolist(), inverse[~good].tolist(), strict=True):
            self._take(np.array([spot]), found[position])

    def _take(self, at: Rows, scalar: Scalar) -> None:
        if scalar.outcome == "value":
            self.numbers[at], self.states[at] = scalar.value, VALUE
        elif scalar.outcome != "blank":
            rule = "returns.not_filled" if scalar.outcome == "missing" else scalar.outcome
            self.cells.refuse(rule, at)
            self.states[at] = NOT_FILLED if scalar.outcome == "missing" else REFUSED

    def _bounds(self) -> None:
        numbers, target = self.numbers, self.target
        if target.type in ("integer", "year"):
            _refuse(self.cells, self.states, (self.states == VALUE) & (numbers != np.floor(numbers)), "returns.not_whole")
        _refuse(self.cells, self.states, (self.states == VALUE) & (np.abs(numbers) >= DIGITS_KEPT), "returns.digits_destroyed")
        too_large = (self.states == VALUE) & (np.abs(numbers) >= LARGEST)
        _refuse(self.cells, self.states, too_large, "returns.number_too_large", most=f"{int(LARGEST):,}")
        bounds = {"least": target.least, "most": target.most}
        if target.least is not None:
            rule = "returns.out_of_bounds" if target.least else "returns.negative"
            _refuse(self.cells, self.states, (self.states == VALUE) & (numbers < float(target.least)), rule, **bounds)
        if target.most is not None:
            _refuse(self.cells, self.states, (self.states == VALUE) & (numbers > float(target.most)), "returns.out_of_bounds", **bounds)


_PARSERS: dict[str, Callable[[str, str, str], Scalar]] = {"year": scalars.year, "date": scalars.day}


def _refuse(cells: ColumnCells, states: States, wrong: Mask, rule: str, **values: object) -> None:
    if wrong.any():
        cells.refuse(rule, np.flatnonzero(wrong), **values)
        states[wrong] = REFUSED


def _series(numbers: Floats, held: Mask, target: Column) -> pl.Series:
    kept = np.where(held, numbers, 0.0)
    if target.type in ("decimal", "coordinate"):
        typed = pl.Series(target.name, kept).cast(target.dtype)
    elif target.type == "date":
        typed = pl.Series(target.name, (kept - _EPOCH).astype(np.int32)).cast(pl.Date)
    else:
        typed = pl.Series(target.name, kept.astype(np.int64)).cast(target.dtype)
    return typed if held.all() else typed.set(pl.Series(~held), None)
