"""Findings of an import: one line a cause, with the first and last row and the count, and every cell by its address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from junheng.documents import catalogue, finding
from junheng.errors import Finding, Place, Text
from junheng.store.returns.grid import Grid

_SAMPLES = 3


class Refused(NamedTuple):
    """Cells that were not loaded, for one cause: the file, sheet, column, rule and every address."""

    file: str
    sheet: str
    column: str
    rule: str
    cells: tuple[str, ...]


@dataclass(slots=True)
class _Cause:
    rule: str
    place: Place
    values: dict[str, Any]
    samples: list[Text] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    first: int = 0
    last: int = 0


class Report:
    """Collects what is wrong with the cells of all files, grouped by cause as they come."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self._causes: dict[tuple[object, ...], _Cause] = {}
        self._others: list[Finding] = []

    def cell(self, rule: str, grid: Grid, row: int, column: int, title: str, found: str | Text, **values: Any) -> None:
        """Add one cell of a grid's box; cells of one rule, sheet, column and wording are one cause."""
        address = grid.address(row, column)
        key = (rule, grid.file, grid.sheet, grid.letters(column), title, *(str(value) for value in values.values()))
        cause = self._causes.get(key)
        if cause is None:
            place = Place(file=grid.file, sheet=grid.sheet, cell=address, row=grid.top + row + 1, column=title)
            cause = self._causes[key] = _Cause(rule, place, values, first=grid.top + row + 1)
        cause.last = grid.top + row + 1
        cause.cells.append(address)
        text = found if isinstance(found, Text) else Text(found, found)
        if len(cause.samples) < _SAMPLES and text not in cause.samples:
            cause.samples.append(text)

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings that are not about single cells."""
        self._others += findings

    def say(self, rule: str, place: Place, found: str | Text, count: int = 1, **values: Any) -> None:
        """Add one finding that is not about a single cell."""
        self._others.append(finding(rule, place, found, count=count, **values))

    def is_refused(self, file: str) -> bool:
        """Return whether an error is already said of a file or of one of its sheets."""
        return any(said.place.file == file and said.severity == "error" for said in self._others)

    def findings(self) -> list[Finding]:
        """Return all findings, whole files first, then causes in the order in which they were met."""
        return self._others + [_finding(cause) for cause in self._causes.values()]

    def refused(self) -> tuple[Refused, ...]:
        """Return every cell that was not loaded because of an error, by cause."""
        rules = catalogue()
        return tuple(
            Refused(cause.place.file, cause.place.sheet, cause.place.column, cause.rule, tuple(cause.cells))
            for cause in self._causes.values()
            if rules[cause.rule].severity == "error"
        )


def _finding(cause: _Cause) -> Finding:
    count = len(cause.cells)
    zh = "、".join(f"“{sample.zh}”" for sample in cause.samples)
    en = ", ".join(f'"{sample.en}"' for sample in cause.samples)
    if count > 1 and cause.last != cause.first:
        zh, en = f"{zh}（第{cause.first}–{cause.last}行）", f"{en} (rows {cause.first}-{cause.last})"
    return finding(cause.rule, cause.place, Text(zh, en), count=count, **cause.values)
