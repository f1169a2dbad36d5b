"""Evaluate: one statement a framework over one county or many, and the scorecard of what it found.

asks → plan → statement → engine → items (value and verdict) → units → parts → whole
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from junheng.documents import finding
from junheng.errors import Place, StandardsError, Text
from junheng.indicators import judge
from junheng.indicators.ask import Ask, asks_of, check_framework, placeholders, plan
from junheng.indicators.compile import compiled
from junheng.indicators.engine_duckdb import DuckDB, Engine
from junheng.indicators.indicator import Catalogue
from junheng.indicators.indicator_file import limit_kinds, shipped_catalogue
from junheng.indicators.language import LimitKind
from junheng.indicators.limits import easements, limit_frames
from junheng.indicators.rows import decided, excluded, items, vetoes
from junheng.model import County
from junheng.standards import Framework, Rulebook

Rulebooks = Rulebook | Mapping[str, Rulebook]
Source = County | Sequence[County] | Path

KEYS = ("county", "school", "stage")


@dataclass(frozen=True)
class Scorecard:
    """What was found: `items` has one row an indicator (or evidence item) and unit.

    items: county, part, requirement, number, indicator, school, stage (null above that level), numerator, denominator, weight,
    missing (rows whose inputs are missing), population (of an item that is not applicable: how many schools, or rows, were asked and none
    is concerned; null otherwise), value (for display), limit, comparator, near_limit, verdict (null for an indicator that is
    only shown), concession (id of the easement by which it is met or near), document (of an evidence item).
    vetoes: county, veto, verdict (occurred, clear, not_checked), document. excluded: county, school, stage, pupils, reason.
    """

    framework: Framework | None
    counties: tuple[str, ...]
    items: pl.DataFrame
    vetoes: pl.DataFrame
    excluded: pl.DataFrame
    catalogue: Catalogue
    statement: str

    @cached_property
    def units(self) -> pl.DataFrame:
        """county, part, school, stage, met, near, partly, missed, no_data, needs_evidence, not_applicable, by_concession, of, verdict."""
        return judge.units(self.items, self._framework)

    @cached_property
    def parts(self) -> pl.DataFrame:
        """county, part, units_met, units_missed, units_open, verdict."""
        return judge.parts(self.units, self._framework, self.counties)

    @cached_property
    def whole(self) -> pl.DataFrame:
        """county, verdict."""
        return judge.whole(self.parts, self.vetoes, self._framework)

    @property
    def _framework(self) -> Framework:
        if self.framework is None:
            raise ValueError("indicators evaluated without a framework have values and no verdicts")
        return self.framework

    def of(self, indicator: str, county: str | None = None, stage: str | None = None) -> pl.DataFrame:
        """Return the items of one indicator, each unit once, sorted by county, school and stage."""
        rows = self.items.filter(pl.col("indicator") == indicator)
        if county is not None:
            rows = rows.filter(pl.col("county") == county)
        if stage is not None:
            rows = rows.filter(pl.col("stage") == stage)
        return rows.unique(KEYS, keep="first", maintain_order=True).sort(KEYS)


def evaluate(
    source: Source,
    framework: Framework | None,
    rulebooks: Rulebooks,
    *,
    also: Iterable[str] = (),
    catalogue: Catalogue | None = None,
    engine: Engine | None = None,
) -> Scorecard:
    """Evaluate a framework (and further indicators, for their values) on one county, on several, or on a folder of Parquet.

    rulebooks: one for all counties, or by county code. engine: DuckDB with one thread unless given.
    Raises StandardsError when framework, indicators and parameters do not fit each other.
    """
    catalogue = shipped_catalogue() if catalogue is None else catalogue
    engine = DuckDB(source) if engine is None else engine
    counties = engine.counties()
    books = _by_county(rulebooks, counties)
    kinds = _kinds([*books.values(), *([rulebooks] if isinstance(rulebooks, Rulebook) else [])])
    findings = check_framework(framework, catalogue, kinds) if framework else []
    if findings:
        raise StandardsError(findings)
    asks = asks_of(framework, tuple(also), catalogue)
    eased = easements(_eased_parameters(asks), books.values())
    statement = compiled(plan(asks, catalogue, eased, kinds), kinds)
    rows = engine.run(statement, limit_frames(statement.limits, books))
    rows = decided(rows, asks, catalogue, engine, books)
    return Scorecard(
        framework=framework,
        counties=counties,
        items=items(rows, asks, eased, framework, books, engine),
        vetoes=vetoes(framework, counties, engine),
        excluded=excluded(asks, catalogue, books, engine),
        catalogue=catalogue,
        statement=statement.text,
    )


def _by_county(rulebooks: Rulebooks, counties: Sequence[str]) -> dict[str, Rulebook]:
    """Return the rulebook of every county; a county without one, or a county given twice, is a finding."""
    repeated = sorted({county for county in counties if counties.count(county) > 1})
    findings = [finding("indicators.same_county_twice", Place(key=(county,)), county) for county in repeated]
    if not isinstance(rulebooks, Rulebook):
        lacking = [county for county in counties if county not in rulebooks]
        findings += [
            finding("indicators.no_limits_for_county", Place(key=(county,)), Text("没有", "none"), county=county) for county in lacking
        ]
    if findings:
        raise StandardsError(findings)
    return {county: rulebooks if isinstance(rulebooks, Rulebook) else rulebooks[county] for county in counties}


def _kinds(books: Iterable[Rulebook]) -> Mapping[str, LimitKind]:
    """Return what formulas must know of every parameter of these rulebooks."""
    distinct = {book.digest: book for book in books}
    return limit_kinds(*(shelf for book in distinct.values() for shelf in book.shelves))


def _eased_parameters(asks: Iterable[Ask]) -> tuple[str, ...]:
    """Return the parameters whose concessions may change a verdict: the limits of requirements, and those inside their formulas."""
    judged = [ask for ask in asks if ask.requirement]
    named = [name for ask in judged for name in (ask.requirement.parameter if ask.requirement else None, *placeholders(ask.indicator))]
    return tuple(dict.fromkeys(name for name in named if name))
