"""What a sheet gives: rows for tables, cells for tables, totals that it states, and which schools it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from junheng.store.returns.forms import Target

ROW = "#row"  # 1-based row of the sheet, in frames of a Part


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table from one list: key columns, value columns, and the row of the sheet in `#row`.

    columns: value column -> letters of its column in the sheet.
    """

    table: str
    frame: pl.DataFrame
    columns: Mapping[str, str]
    file: str
    sheet: str
    weak: frozenset[str] = frozenset()  # columns that give way to any other file


class CellRecord(NamedTuple):
    """One value of one table from a matrix or a pair; `value` None: the cell was not filled or was refused."""

    table: str
    key: tuple[str, ...]  # in schema order
    column: str
    value: object
    file: str
    sheet: str
    cell: str


class Total(NamedTuple):
    """A total that a file states, and what was loaded."""

    file: str
    sheet: str
    cell: str
    label: str  # of the row
    column: str  # of the sheet
    stated: float
    loaded: float


class Stated(NamedTuple):
    """A figure that a file states about one key, compared with the sum of a column of the loaded county."""

    target: Target
    key: Mapping[str, str]
    value: float
    file: str
    sheet: str
    cell: str
    title: str


@dataclass(slots=True)
class Sheetful:
    """All that one or more sheets gave."""

    parts: list[Part] = field(default_factory=list)
    cells: list[CellRecord] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # school code -> the name under which it reported

    def add(self, other: Sheetful) -> None:
        """Take over everything of another."""
        self.parts += other.parts
        self.cells += other.cells
        self.totals += other.totals
        self.stated += other.stated
        self.names |= other.names
