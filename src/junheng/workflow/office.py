"""One authority's folder, opened: who it is, its rules on a day, its indicators, its years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

from junheng.documents import finding
from junheng.errors import Place, StoreError, Text
from junheng.indicators import Catalogue, read_catalogue, shipped_catalogue
from junheng.model import County
from junheng.model.period import statistics_day
from junheng.projection.assumptions import Assumptions
from junheng.projection.assumptions_file import read_assumptions, shipped_assumptions
from junheng.standards import Library, Rulebook, read_library, shipped
from junheng.store import Authority, own_files, read_authority, read_county, years


class Office:
    """An authority's folder with the standards and indicators that hold there; files are read once, when first asked for."""

    def __init__(self, folder: Path) -> None:
        """Open the folder. Raises StoreError or DataError when it is not an authority's."""
        self.authority: Authority = read_authority(folder)
        self.folder = folder

    @property
    def name(self) -> Text:
        """Return the county's name; names are not translated."""
        return Text(self.authority.name, self.authority.name)

    @cached_property
    def shelves(self) -> tuple[Library, ...]:
        """Return the shelves of standards in their order, the folder's own last. Raises StandardsError."""
        given = tuple(shipped(jurisdiction) for jurisdiction in self.authority.shelves)
        own = [*own_files(self.authority, "standards"), *own_files(self.authority, "frameworks")]
        return (*given, read_library(own, f"cn-{self.authority.code}", given)) if own else given

    @cached_property
    def catalogue(self) -> Catalogue:
        """Return the shipped indicators and the folder's own. Raises StandardsError."""
        own = own_files(self.authority, "indicators")
        return read_catalogue(own, f"cn-{self.authority.code}", shipped_catalogue(), self.shelves) if own else shipped_catalogue()

    @cached_property
    def assumptions(self) -> Mapping[str, Assumptions]:
        """Return the scenarios by name, the one to open with first: the folder's own in place of shipped ones. Raises StandardsError."""
        own = own_files(self.authority, "assumptions")
        return read_assumptions(own) if own else shipped_assumptions()

    def rules(self, year: int) -> Rulebook:
        """Return the rules on the statistics day of a school year: a past year is judged by that year's rules.

        An authority where the standards are not in force names the day whose standards it compares with.
        """
        return Rulebook(self.shelves, self.authority.compare_on or statistics_day(year))

    def rules_on(self, day: date) -> Rulebook:
        """Return the rules on a day."""
        return Rulebook(self.shelves, day)

    def frameworks(self, framework: str | None) -> tuple[str, ...]:
        """Return the framework asked for, or all that the authority names, the first one first."""
        return (framework,) if framework else self.authority.frameworks

    def year(self, year: int | None) -> int:
        """Return the year asked for, or the latest that the folder holds. Raises StoreError when it holds none."""
        held = years(self.folder)
        if year is not None:
            return year
        if not held:
            raise StoreError(finding("workflow.no_year", Place(file=self.folder.as_posix()), Text("没有任何学年", "no school year")))
        return held[-1]

    def county(self, year: int) -> County:
        """Return the County of a school year. Raises StoreError or DataError."""
        return read_county(self.folder, self.authority.code, year)

    def previous(self, year: int) -> County | None:
        """Return the County of the school year before, None when the folder does not hold it."""
        return self.county(year - 1) if year - 1 in years(self.folder) else None
