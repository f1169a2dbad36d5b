"""A sheet as the import sees it: a box of cells with their kinds and addresses, whatever file it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from junheng.store.returns.workbook_xml import column_letters

EMPTY, NUMBER, TEXT, BOOLEAN, DATE, ERROR, UNCALCULATED = range(7)

Kinds = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet, row by row.

    kinds, values: (height, width); a text's value is its number in `texts`, a date's its proleptic ordinal day.
    top, left: 0-based place of the first row and column in the sheet.
    """

    file: str
    sheet: str
    top: int
    left: int
    kinds: Kinds
    values: Values
    texts: Sequence[str]
    merges: Sequence[tuple[int, int, int, int]] = ()  # 0-based first row, first column, last row, last column, in the sheet
    hidden_rows: Sequence[int] = ()  # 1-based
    date1904: bool = False
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Return the number of rows of the box."""
        return int(self.kinds.shape[0])

    @property
    def width(self) -> int:
        """Return the number of columns of the box."""
        return int(self.kinds.shape[1])

    def text(self, row: int, column: int) -> str:
        """Return a cell of the box as text; a whole number without decimals, an empty cell as ""."""
        kind = self.kinds[row, column]
        if kind == TEXT:
            return self.texts[int(self.values[row, column])]
        if kind == NUMBER:
            number = float(self.values[row, column])
            return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
        return ""

    def letters(self, column: int) -> str:
        """Return the letters of a column of the box."""
        return column_letters(self.left + column + 1)

    def address(self, row: int, column: int) -> str:
        """Return the A1 address of a cell of the box."""
        return f"{self.letters(column)}{self.top + row + 1}"

    @cached_property
    def is_empty(self) -> bool:
        """Return whether no cell of the sheet holds anything."""
        return not bool((self.kinds != EMPTY).any())
