"""A list as an office keeps it (.xlsx, .xls, .csv in any encoding): its rows by column label, each cell with its address.

The header is found by its labels, wherever it stands. A cell merged over several rows holds for each of them. A row of totals, wherever it
stands, is no record: it is said and passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.store.returns.child import WorkbookReader
from junheng.store.returns.csv_grid import read_text
from junheng.store.returns.filetype import WORKBOOK, kind_of
from junheng.store.returns.grid import BOOLEAN, DATE, EMPTY, ERROR, NUMBER, UNCALCULATED, Grid
from junheng.store.returns.header import Header, Heading
from junheng.store.returns.words import label, row_kind

Raw = str | float | bool | date | None
_SHORT = 5  # characters of a word such as 合计 or 本页小计; a longer text is what a record says


@dataclass(frozen=True, slots=True)
class ListCell:
    """One cell: what it holds, and its place for a finding."""

    value: Raw
    place: Place


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row by the labels asked for; a label that the file does not have is not in it."""

    number: int  # of the row in the file, as the user's program shows it
    cells: Mapping[str, ListCell]


def read_list_file(path: Path, columns: Sequence[str], findings: list[Finding]) -> list[ListRow]:
    """Return the rows of every sheet whose header holds at least two of the labels in `columns`.

    What is not understood is added to `findings`: labels that nobody asked for, rows of totals, cells with an error.
    Raises StoreError when the file cannot be read or no sheet has such a header.
    """
    wanted = {label(one).key: one for one in columns}
    found = [(heading, header) for heading in _headings(path, wanted) if (header := heading.header(frozenset(wanted)))]
    if not found:
        known = "、".join(columns)
        findings.append(finding("ledgers.no_header", Place(file=path.name), Text("没有认得的表头", "no known header"), known=known))
        return []
    return [row for heading, header in found for row in _rows(heading.grid, header, wanted, findings)]


def _headings(path: Path, wanted: Mapping[str, str]) -> list[Heading]:
    if kind_of(path, path.name) == WORKBOOK:
        with WorkbookReader() as workbooks:
            return [Heading(grid) for grid in workbooks.read(path, path.name) if not grid.is_empty]
    readings = [Heading(one.grid) for one in read_text(path, path.name)]
    return [max(readings, key=lambda heading: len(heading.keys & wanted.keys()))]


def _rows(grid: Grid, header: Header, wanted: Mapping[str, str], findings: list[Finding]) -> Iterator[ListRow]:
    at: dict[int, str] = {}
    for column, path in enumerate(header.paths):
        name = wanted.get(path[-1], "") if path else ""
        if name and name not in at.values():
            at[column] = name
        elif path and not name:
            place = Place(file=grid.file, sheet=grid.sheet, cell=grid.address(header.data - 1, column))
            findings.append(finding("ledgers.column_not_asked", place, path[-1]))
    merged = merged_down(grid)
    for row in range(header.data, grid.height):
        cells = {name: _cell(grid, row, column, merged, findings) for column, name in at.items()}
        if _is_record(grid, row, cells, findings):
            yield ListRow(grid.top + row + 1, cells)


def merged_down(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Return for each cell below the first of a vertical merge the cell that speaks for it."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in grid.merges:
        if top < bottom:
            for row in range(top, bottom + 1):
                found |= {(row - grid.top, column - grid.left): (top - grid.top, left - grid.left) for column in range(left, right + 1)}
    return found


def _cell(grid: Grid, row: int, column: int, merged: Mapping[tuple[int, int], tuple[int, int]], findings: list[Finding]) -> ListCell:
    place = Place(file=grid.file, sheet=grid.sheet, cell=grid.address(row, column))
    row, column = merged.get((row, column), (row, column))
    kind = int(grid.kinds[row, column])
    if kind in (ERROR, UNCALCULATED):
        findings.append(finding("returns.formula_error", place, Text("公式错误", "a formula that failed")))
        return ListCell(None, place)
    return ListCell(_value(grid, row, column, kind), place)


def _value(grid: Grid, row: int, column: int, kind: int) -> Raw:
    if kind == EMPTY:
        return None
    number = float(grid.values[row, column])
    if kind == NUMBER:
        return number
    if kind == DATE:
        return date.fromordinal(int(number))
    if kind == BOOLEAN:
        return bool(number)
    return grid.text(row, column).strip() or None


def _is_record(grid: Grid, row: int, cells: Mapping[str, ListCell], findings: list[Finding]) -> bool:
    filled = [cell for cell in cells.values() if cell.value is not None]
    if not filled:
        return False
    first = next((text for column in range(grid.width) if (text := grid.text(row, column).strip())), "")
    key = label(first).key
    if len(key) > _SHORT or row_kind(key) not in ("total", "subtotal"):
        return True
    findings.append(finding("ledgers.total_row", Place(file=grid.file, sheet=grid.sheet, row=grid.top + row + 1), first))
    return False
