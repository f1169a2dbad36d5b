"""Lists of persons as offices keep them: workbook or text table, title and notes above, total below, whatever the headings are called.

What is read is kept in memory only. Findings name rows and columns, never what stands in a cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.errors import Finding, Place, StoreError, Text
from junheng.store.ledgers.list_file import merged_down
from junheng.store.returns.child import WorkbookReader
from junheng.store.returns.csv_grid import read_text
from junheng.store.returns.filetype import WORKBOOK, kind_of
from junheng.store.returns.grid import DATE, EMPTY, Grid
from junheng.store.returns.header import Header, Heading
from junheng.store.returns.rows import row_kinds
from junheng.store.returns.words import label

Headings = Mapping[str, Sequence[str]]  # our name of a column -> what offices call it, the likeliest first


@dataclass(frozen=True, slots=True)
class PersonList:
    """A list as it was read. frame: text columns by our names; numbers: of each row its number in the file (1-based)."""

    frame: pl.DataFrame
    numbers: tuple[int, ...]
    place: Place
    findings: tuple[Finding, ...]


def read_person_list(path: Path, headings: Headings, needs: Sequence[str], sheet: str = "") -> PersonList:
    """Return the list of a file: of its sheets the one named, else the one in which most columns are known.

    Raises StoreError for a file that cannot be read, or in which no sheet has the columns that are needed.
    """
    vocabulary = {label(word).key: name for name, words in reversed(list(headings.items())) for word in words}
    found = [one for grid in _grids(path, sheet) if (one := _columns(Heading(grid), headings, vocabulary)) is not None]
    fitting = [one for one in found if set(needs) <= one[2].keys()]
    if not fitting:
        first = next(iter(needs), next(iter(headings)))
        missing = Text("没有这样的名单", "no such list")
        raise StoreError(finding("matching.no_list", Place(file=path.name), missing, column=first, headings="、".join(headings[first])))
    heading, header, columns = max(fitting, key=lambda one: len(one[2]))
    return _read(heading, header, columns)


def _grids(path: Path, sheet: str) -> list[Grid]:
    if kind_of(path) == WORKBOOK:
        with WorkbookReader() as reader:
            return [grid for grid in reader.read(path) if not sheet or grid.sheet == sheet]
    return [reading.grid for reading in read_text(path)]


def _columns(heading: Heading, headings: Headings, vocabulary: Mapping[str, str]) -> tuple[Heading, Header, dict[str, int]] | None:
    """Return the header of a sheet, and for each column that is known its place; of two for one the likelier heading's."""
    header = heading.header(frozenset(vocabulary)) if heading.grid.height else None
    if header is None:
        return None
    order = {label(word).key: number for words in headings.values() for number, word in enumerate(words)}
    places: dict[str, tuple[int, int]] = {}
    for place, path in enumerate(header.paths):
        for key in reversed(path):
            if key in vocabulary:
                held = places.get(vocabulary[key])
                if held is None or order[key] < held[0]:
                    places[vocabulary[key]] = (order[key], place)
                break
    return heading, header, {name: place for name, (_, place) in places.items()}


def _read(heading: Heading, header: Header, columns: Mapping[str, int]) -> PersonList:
    grid = heading.grid
    kinds = row_kinds(heading, header, [min(columns.values())])
    rows = [int(row) for row in kinds.data]
    merged = merged_down(grid)  # a cell over several rows holds for each of them

    def cell(row: int, column: int) -> str | None:
        return _text(grid, *merged.get((row, column), (row, column)))

    frame = pl.DataFrame({name: pl.Series([cell(row, column) for row in rows], dtype=pl.String) for name, column in columns.items()})
    numbers = tuple(grid.top + row + 1 for row in rows)
    place = Place(file=grid.file, sheet=grid.sheet, row=numbers[0] if numbers else None)
    hidden = sorted(set(numbers).intersection(grid.hidden_rows))
    findings = (
        [finding("returns.hidden_rows", Place(file=grid.file, sheet=grid.sheet, row=hidden[0]), f"{len(hidden)}", count=len(hidden))]
        if hidden
        else []
    )
    return PersonList(frame, numbers, place, tuple(findings))


def _text(grid: Grid, row: int, column: int) -> str | None:
    if grid.kinds[row, column] == EMPTY:
        return None
    if grid.kinds[row, column] == DATE:
        return date.fromordinal(int(grid.values[row, column])).isoformat()
    return grid.text(row, column).strip() or None
