"""The one wrapper of XlsxWriter: a workbook in which no text ever becomes a formula, a link or a number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": True}


@dataclass(frozen=True, slots=True)
class NewWorkbook:
    """A workbook being written: its sheets, and its formats, each made once (Excel allows 64,000)."""

    book: Any  # xlsxwriter.Workbook, which has no types
    styles: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def sheet(self, name: str) -> Any:
        """Return a new worksheet (an XlsxWriter Worksheet)."""
        return self.book.add_worksheet(name)

    def style(self, **properties: object) -> Any:
        """Return the format of these XlsxWriter properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format(properties)
        return self.styles[key]


@contextmanager
def new_workbook(path: Path, day: date) -> Iterator[NewWorkbook]:
    """Give a workbook to fill, written to `path` at the end; `day` is its date of making, so that the same bytes can be made again."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.set_properties({"created": datetime(day.year, day.month, day.day)})  # noqa: DTZ001  (Excel knows no time zone)
        yield NewWorkbook(book)
