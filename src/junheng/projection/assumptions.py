"""Named assumptions about what is coming: births, survival, migration, housing, entry. Each has a unit, a source and a date of review.

A scenario (low, middle, high, or an authority's own) is a set of them. Assumptions are chosen, errors are measured: scenarios are
not bands, and a band is drawn around each scenario by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from junheng.documents import package_files, parse_csv
from junheng.errors import Text
from junheng.projection.forecast import Floats
from junheng.standards import Review, Source

PACKAGE = "junheng.projection"
ALL = "all"  # the selector of what holds everywhere
ONE = 0  # the key of what is one number


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What may be assumed: its unit, what chooses its values, and how one reads between two of them."""

    id: str
    unit: str
    by: str  # none, sex, stage, zone, pair (from>to) or type (of housing)
    key: str  # none, year, age or elapsed (years after completion)
    between: str  # line: straight between two stated keys; step: held until the next one
    least: float
    most: float
    label: Text
    description: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One assumption of a scenario: numbers by selector and key, and where they come from."""

    id: str
    title: Text
    unit: str
    values: Mapping[str, Mapping[int, float]]  # selector -> year, age or years after completion -> value
    source: str  # document key and item, as standards cite them
    document: Source
    confidence: str  # O, O*, L, M with the number of sources as in standards; A: an assumption of ours that nobody published
    reviewed: Review | None
    note: Text | None
    scenario: str  # the file that says it: a scenario that builds on another inherits the other's
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """One scenario: a named set of assumptions. What is not in it is not assumed."""

    scenario: str
    title: Text
    note: Text
    items: Mapping[str, Assumption]

    def has(self, name: str, selector: str = ALL) -> bool:
        """Say whether the scenario assumes this: at all, or for one selector."""
        return name in self.items and (selector == ALL or bool(self._values(name, selector)))

    def number(self, name: str, selector: str = ALL) -> float:
        """Return the one number of an assumption without years or ages. KeyError when the scenario does not assume it."""
        values = self._values(name, selector)
        if not values:
            raise KeyError(f"{self.scenario} does not assume {name} for {selector}")
        return next(iter(values.values()))

    def curve(self, name: str, keys: Sequence[int], selector: str = ALL) -> Floats:
        """Return the values at years, ages or years after completion; nan before the first stated one and where nothing is assumed.

        Between two stated keys the value moves on a straight line or is held, as the kind says; after the last it is held.
        """
        values = self._values(name, selector)
        wanted = np.asarray(keys, dtype=np.float64)
        if not values:
            return np.full(wanted.shape, np.nan)
        stated = np.array(sorted(values), dtype=np.float64)
        numbers = np.array([values[int(key)] for key in stated])
        if kinds()[name].between == "line":
            return np.asarray(np.interp(wanted, stated, numbers, left=np.nan))
        place = np.searchsorted(stated, wanted, side="right") - 1
        return np.where(place >= 0, numbers[np.maximum(place, 0)], np.nan)

    def births_path(self, years: Sequence[int]) -> Floats:
        """Return births of the larger area by calendar year: counted ones, then those ahead; nan before the first."""
        counted = self._values("births_counted", ALL)
        ahead = {year: value for year, value in self._values("births_ahead", ALL).items() if year > max(counted, default=0)}
        joined = {**counted, **ahead}
        if not joined:
            return np.full(len(years), np.nan)
        stated = np.array(sorted(joined), dtype=np.float64)
        return np.asarray(np.interp(years, stated, [joined[int(year)] for year in stated], left=np.nan))

    def selectors(self, name: str) -> tuple[str, ...]:
        """Return the selectors for which an assumption has values, none when it is not assumed."""
        return tuple(self.items[name].values) if name in self.items else ()

    def _values(self, name: str, selector: str) -> Mapping[int, float]:
        if name not in kinds():
            raise KeyError(f"no assumption is called {name}")
        if name not in self.items:
            return {}
        values = self.items[name].values
        return values.get(selector) or values.get(ALL, {})


@cache
def kinds() -> Mapping[str, Kind]:
    """Return everything that may be assumed, by id (assumption_kinds.csv)."""
    file = package_files(PACKAGE, "assumption_kinds.csv")[0]
    return {row.values["assumption"]: _kind(row.values) for row in parse_csv(file.text, file.name)}


def _kind(row: Mapping[str, str]) -> Kind:
    return Kind(
        id=row["assumption"],
        unit=row["unit"],
        by=row["by"],
        key=row["key"],
        between=row["between"],
        least=float(row["least"] or "-inf"),
        most=float(row["most"] or "inf"),
        label=Text(row["label_zh"], row["label_en"]),
        description=Text(row["description_zh"], row["description_en"]),
    )
