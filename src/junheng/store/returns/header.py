"""Find the header of a table by its words: where it stands, how deep it is, and the path of labels above each column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from junheng.store.returns.forms import Field, Path
from junheng.store.returns.grid import NUMBER, TEXT, Grid
from junheng.store.returns.words import Label, SourceUnit, label, labels, words

SEARCHED_ROWS = 60  # a header further down than this is not looked for
_DEPTH = 4  # rows of labels, at most
_UNIT_LINE = re.compile(r"(?:计量)?单位:([^\s()]+)")
_DIGITS = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table in a grid's box: its rows, and for each column its labels from the top down and their unit."""

    first: int
    data: int  # the first row below the header and its numbering line
    paths: tuple[Path, ...]
    units: tuple[SourceUnit | None, ...]
    numbers: tuple[str, ...]  # what the numbering line writes under each column ("甲", "1"), or ""


class Heading:
    """The upper rows of a sheet as comparable labels, with merged cells filled; made once and used by every form."""

    def __init__(self, grid: Grid) -> None:
        """Read the labels of the first rows of the grid."""
        self.grid = grid
        self.height = min(grid.height, SEARCHED_ROWS)
        texts = [grid.text(row, column) for row in range(self.height) for column in range(grid.width)]
        flat = labels(texts)
        self.labels: list[list[Label]] = [flat[row * grid.width : (row + 1) * grid.width] for row in range(self.height)]
        self._down: set[tuple[int, int]] = set()  # cells filled from above by a vertical merge
        self._fill_merges()
        self.keys = frozenset(cell.key for row in self.labels for cell in row)

    def _fill_merges(self) -> None:
        grid = self.grid
        for first_row, first_column, last_row, last_column in grid.merges:
            top, left = first_row - grid.top, first_column - grid.left
            if not (0 <= top < self.height and 0 <= left < grid.width):
                continue
            for row in range(top, min(last_row - grid.top + 1, self.height)):
                for column in range(left, min(last_column - grid.left + 1, grid.width)):
                    self.labels[row][column] = self.labels[top][left]
                    if row > top:
                        self._down.add((row, column))

    def title_text(self, rows: int = 10) -> str:
        """Return the words of the sheet's name and of its first rows, for the recognition of a title."""
        upper = [cell.key for row in self.labels[:rows] for cell in row if cell.key]
        return "\n".join([label(self.grid.sheet).key, *upper])

    def stated_units(self, before: int) -> list[SourceUnit]:
        """Return the units that a note line above row `before` says hold for the sheet ("单位：万元")."""
        known = words().units
        found = (_UNIT_LINE.search(cell.key) for row in self.labels[:before] for cell in row)
        names = [name for match in found if match for name in re.split("[、,/和]", match[1])]
        return list(dict.fromkeys(known[name] for name in names if name in known))

    def header(self, vocabulary: frozenset[str]) -> Header | None:
        """Return the header made of the words of a form; None when fewer than two of them stand in one row."""
        hits = [sum(cell.key in vocabulary and bool(cell.key) for cell in row) for row in self.labels]
        best = max(range(self.height), key=lambda row: hits[row], default=0)
        if not hits or hits[best] < 2:
            return None
        first = last = best
        while first > 0 and best - first < _DEPTH - 1 and hits[first - 1] and not self._is_data(first - 1):
            first -= 1
        while last + 1 < self.height and last - first < _DEPTH - 1 and hits[last + 1] and not self._is_data(last + 1):
            last += 1
        numbers, data = self.numbering(last + 1)
        return Header(first, data, *self._columns(first, last), numbers)

    def _is_data(self, row: int) -> bool:
        """Return whether a row holds numbers, or texts that are nothing but digits: then it is no header."""
        grid = self.grid
        if bool((grid.kinds[row] == NUMBER).any()):
            return True
        return any(_DIGITS.fullmatch(cell.key) for column, cell in enumerate(self.labels[row]) if grid.kinds[row, column] == TEXT)

    def numbering(self, row: int) -> tuple[tuple[str, ...], int]:
        """Return the line that numbers the columns ("甲 乙 1 2 3"), and the first row below it."""
        blank = ("",) * self.grid.width
        if row >= self.height:
            return blank, row
        cells = tuple(cell.key for cell in self.labels[row])
        filled = [cell for cell in cells if cell]
        counts = [int(cell) for cell in filled if _DIGITS.fullmatch(cell)]
        ordinals = [cell for cell in filled if cell in words().ordinals]
        if len(counts) + len(ordinals) != len(filled) or not ordinals or counts != list(range(1, len(counts) + 1)):
            return blank, row
        return cells, row + 1

    def _columns(self, first: int, last: int) -> tuple[tuple[Path, ...], tuple[SourceUnit | None, ...]]:
        rows = [self._spread(row, last) for row in range(first, last + 1)]
        paths: list[Path] = []
        units: list[SourceUnit | None] = []
        for column in range(self.grid.width):
            stack = [row[column] for row in rows if row[column].key]
            parts = [cell.key for index, cell in enumerate(stack) if not index or cell.key != stack[index - 1].key]
            paths.append(tuple(parts))
            units.append(next((cell.unit for cell in reversed(stack) if cell.unit is not None), None))
        return tuple(paths), tuple(units)

    def _spread(self, row: int, last: int) -> Sequence[Label]:
        """Return one header row with a label spread to the right over empty cells that have a label of their own below."""
        cells = list(self.labels[row])
        if row == last:
            return cells
        below = self.labels[row + 1]
        for column in range(1, len(cells)):
            own = below[column].key and (row + 1, column) not in self._down
            if not cells[column].key and own and cells[column - 1].key:
                cells[column] = cells[column - 1]
        return cells


def columns_of(field: Field, header: Header) -> list[int]:
    """Return the columns that carry a field's label: those of its first alternative that any column has, the fullest match first."""
    if any(_best(finer, header.paths) for finer in field.unless):
        return []
    for path in field.paths:
        if len(path) == 1 and path[0].startswith("@"):  # the form's own number of the column
            found = [index for index, number in enumerate(header.numbers) if number == path[0][1:]]
        else:
            found = _best(path, header.paths)
        if found:
            before = _best(field.after, header.paths) if field.after else []
            return [] if before and min(found) < min(before) else found
    return []


def _best(path: Path, columns: Iterable[Path]) -> list[int]:
    ranks: dict[int, list[int]] = {}
    for index, column in enumerate(columns):
        if column == path:
            ranks.setdefault(0, []).append(index)
        elif column[-len(path) :] == path:
            ranks.setdefault(1, []).append(index)
        elif len(path) > 1 and column and column[-1] == path[-1] and set(path) <= set(column):
            ranks.setdefault(2, []).append(index)
        elif len(path) == 1 and len(column) > 1 and column[0] == path[0] and column[1:] in (("计",), ("合计",), ("小计",)):
            ranks.setdefault(3, []).append(index)
    return ranks[min(ranks)] if ranks else []
