"""The trail: from any figure to its formula, its inputs, the County's rows that entered, and the cells they were read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import polars as pl

from junheng.errors import Text
from junheng.indicators.ask import placeholders
from junheng.indicators.engine_duckdb import DuckDB
from junheng.indicators.expression import names
from junheng.indicators.indicator import Indicator
from junheng.indicators.rows import select_from
from junheng.indicators.scorecard import Scorecard
from junheng.indicators.sql import PLACEHOLDER
from junheng.model import County, key_text, schema
from junheng.standards import Rulebook, Standing, value_text

MOST_CELLS = 400


class Input(NamedTuple):
    """One input of a formula: the relation's column, its label and unit, and the sum (or the one value, or the values) that entered."""

    column: str
    label: Text
    unit: str
    value: Decimal | str | None
    rows: int


class Cell(NamedTuple):
    """One value of the County that entered, and where it was read from ("" where it was not read from a file)."""

    table: str
    key: str
    column: str
    label: Text
    value: object
    file: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Everything behind one figure. `schools` are the figures that a statistic is made of: their own trails are asked for by school."""

    indicator: Indicator
    county: str
    school: str | None
    stage: str | None
    formula: str  # as its author wrote it, and as it is run
    filled: str  # the same, with the limits of the day in it
    numerator: Decimal | None
    denominator: Decimal | None
    weight: Decimal | None
    value: float | None
    missing: int
    inputs: tuple[Input, ...]
    limits: tuple[Standing, ...]  # of the limits inside the formula
    steps: tuple[Text, ...]  # merging of sites, splitting of all-through schools, what was left out
    schools: tuple[tuple[str, float | None], ...]
    cells: tuple[Cell, ...]
    cells_left_out: int


class Tracer:
    """Answers for the figures of one County's scorecard. Rows and origins are indexed once, so that a thousand trails take a second."""

    def __init__(self, county: County, rulebook: Rulebook, card: Scorecard) -> None:
        """Keep the three; nothing is computed yet. The scorecard must hold the figures that will be asked for."""
        self.county, self.rulebook, self.card = county, rulebook, card
        self._relations: dict[str, dict[str | None, list[Row]]] = {}
        self._tables: dict[str, dict[object, list[Row]]] = {}
        self._cells_of: dict[str, dict[tuple[str, str], tuple[str, str, str]]] = {}

    def explain(self, indicator: str, *, school: str | None = None, stage: str | None = None, most_cells: int = MOST_CELLS) -> Trail:
        """Return the trail of one figure: an indicator at a school's stage, a school, a stage, or the county.

        KeyError for an indicator that is not in the catalogue. A figure without data has a trail too: it shows what is missing.
        """
        chosen = self.card.catalogue[indicator]
        figure = self._figures.get((indicator, school, stage), {})
        rows = [] if chosen.statistic else self._rows(chosen, school, stage)
        cells = list(self._cells(chosen, rows, school, stage))
        return Trail(
            indicator=chosen,
            county=self.county.code,
            school=school,
            stage=stage,
            formula=chosen.formula,
            filled=filled(chosen, self.rulebook, stage),
            numerator=figure.get("numerator"),
            denominator=figure.get("denominator"),
            weight=figure.get("weight"),
            value=figure.get("value"),
            missing=figure.get("missing") or 0,
            inputs=tuple(_inputs(chosen, rows)),
            limits=tuple(_standings(chosen, self.rulebook, stage)),
            steps=tuple(self._steps(chosen, rows, school)),
            schools=tuple(self._members(chosen, stage)),
            cells=tuple(cells[:most_cells]),
            cells_left_out=max(0, len(cells) - most_cells),
        )

    @cached_property
    def _figures(self) -> dict[tuple[str, str | None, str | None], Row]:
        mine = self.card.items.filter((pl.col("county") == self.county.code) & pl.col("indicator").is_not_null())
        return {(row["indicator"], row["school"], row["stage"]): row for row in mine.iter_rows(named=True)}

    def _members(self, indicator: Indicator, stage: str | None) -> Iterator[tuple[str, float | None]]:
        """Yield the figures a statistic is made of: of its schools, or of the statistics it is the mean of."""
        for name in indicator.of:
            for (member, school, where), row in self._figures.items():
                if member == name and where == stage:
                    yield school or name, row["value"]

    # ── rows of the relation ──

    def _rows(self, indicator: Indicator, school: str | None, stage: str | None) -> list[Row]:
        """Return the relation's rows of the figure's unit."""
        by_school = self._relation(indicator)
        rows = by_school.get(school, []) if school is not None else [row for found in by_school.values() for row in found]
        if stage is None or "stage" not in indicator.relation.columns:
            return rows
        return [row for row in rows if row["stage"] == stage]

    def _relation(self, indicator: Indicator) -> dict[str | None, list[Row]]:
        """Return a relation by school, with every column that an indicator of the scorecard reads."""
        relation = indicator.relation
        if relation.name not in self._relations:
            asked = [self.card.catalogue[name] for name in self.card.items["indicator"].drop_nulls().unique()]
            reads = {name for other in (indicator, *asked) if other.source_table == relation.name for name in _columns(other)}
            columns = [name for name in relation.columns if name in reads or name in ("school", "stage")]
            if relation.source.startswith("returned_"):
                frame = self.county.tables[relation.name].select(columns)
            else:
                frame = select_from(relation.source, columns, {self.county.code: self.rulebook}, DuckDB(self.county))
            found: dict[str | None, list[Row]] = defaultdict(list)
            for row in frame.sort(columns).iter_rows(named=True):
                found[row.get("school")].append(row)
            self._relations[relation.name] = found
        return self._relations[relation.name]

    # ── rows of the County, and their cells ──

    def _cells(self, indicator: Indicator, rows: Sequence[Row], school: str | None, stage: str | None) -> Iterator[Cell]:
        if indicator.statistic:
            return
        sites = None
        if "school" in indicator.relation.columns:
            schools = [school] if school else sorted({row["school"] for row in rows if row["school"]})
            sites = [site for code in schools for site in self.sites(code)]
        for (table, column), reach in _made_of(indicator).items():
            yield from self._table_cells(table, column, sites, stage if reach == "own" else None)

    def sites(self, school: str) -> tuple[str, ...]:
        """Return the codes under which a school's rows may stand: its own, and those of campuses that are merged into it."""
        merged = [row["campus"] for row in self._table("campuses").get(school, []) if not row["counted"]]
        return (school, *sorted(merged))

    def _table(self, name: str) -> dict[object, list[Row]]:
        """Return a table of the County by school (by None where it has no school), each row with its key as one text."""
        if name not in self._tables:
            found: dict[object, list[Row]] = defaultdict(list)
            for row in self.county.tables[name].with_columns(key_text(name)).iter_rows(named=True):
                found[row.get("school")].append(row)
            self._tables[name] = found
        return self._tables[name]

    def _table_cells(self, table: str, column: str, sites: Sequence[str] | None, stage: str | None) -> Iterator[Cell]:
        rows = self._table(table)
        own = "school" in schema().tables[table].names
        chosen: Iterable[Row] = (row for site in sites for row in rows.get(site, [])) if own and sites is not None else rows.get(None, [])
        label, origins = schema().tables[table].column(column).label, self._origins(table)
        for row in chosen:
            if stage is None or row.get("stage", stage) == stage:
                file, sheet, cell = origins.get((row["key"], column), ("", "", ""))
                yield Cell(table, row["key"], column, label, row[column], file, sheet, cell)

    def _origins(self, table: str) -> Mapping[tuple[str, str], tuple[str, str, str]]:
        if table not in self._cells_of:
            frame = self.county.origins.get(table)
            rows = frame.select("key", "column", "file", "sheet", "cell").iter_rows() if frame is not None else ()
            self._cells_of[table] = {(key, column): (file or "", sheet or "", cell or "") for key, column, file, sheet, cell in rows}
        return self._cells_of[table]

    # ── how it came about ──

    def _steps(self, indicator: Indicator, rows: Sequence[Row], school: str | None) -> Iterator[Text]:
        if indicator.statistic:
            yield _WORDS[indicator.statistic]
            return
        yield from self._of_school(rows, school) if school else ()
        for name in indicator.none_where_empty:
            label = indicator.relation.columns[name].label
            yield Text(f"“{label.zh}”未填的按没有计（{indicator.source}）", f"Where {label.en} is empty there is none ({indicator.source})")
        if indicator.missing == "skip":
            yield Text(f"未填的行不计入（{indicator.source}）", f"Rows with empty cells are left out ({indicator.source})")

    def _of_school(self, rows: Sequence[Row], school: str) -> Iterator[Text]:
        merged = self.sites(school)[1:]
        if merged:
            yield Text(f"并入不单独测算的校区：{'、'.join(merged)}", f"Merged: campuses that are not judged apart, {', '.join(merged)}")
        weight, total = (rows[0].get(name) if len(rows) == 1 else None for name in ("stage_weight", "weighted_pupils"))
        sent = {row["stage"] for site in self.sites(school) for row in self._table("enrolment").get(site, [])}
        if weight is not None and total is not None and len(sent) > 1:
            zh = f"全校共用资源按学段权数分摊：本学段权数{_plain(weight)}，全校折合学生数{_plain(total)}"
            yield Text(
                zh, f"Split by stage: the weight of this stage is {_plain(weight)}, the weighted pupils of the school {_plain(total)}"
            )


Row = dict[str, Any]

_WORDS: Mapping[str, Text] = {
    "weighted_cv": Text("差异系数 = √(Σ权数×(校值−均值)²÷Σ权数)÷均值，权数为学生数", "CV = √(Σ w (x − m)² ÷ Σ w) ÷ m, weighted by pupils"),
    "weighted_mean": Text("均值 = Σ权数×校值÷Σ权数，权数为学生数", "mean = Σ w x ÷ Σ w, weighted by pupils"),
    "mean": Text("各项的算术平均", "the plain mean of its members"),
    "ratio": Text("两组均值之比，均以学生数加权", "the ratio of the means of two groups, both weighted by pupils"),
}


def filled(indicator: Indicator, rulebook: Rulebook, stage: str | None) -> str:
    """Return the formula with each {parameter} replaced by its value on the rulebook's day: 45, or "primary 45, junior 50"."""

    def value(name: str) -> str:
        standings = rulebook.standings(name)
        one = standings.get(stage or "all") or standings.get("all")
        if one:
            return value_text(one.value, one.unit)
        return "(" + ", ".join(f"{key} {value_text(item.value, item.unit)}" for key, item in standings.items()) + ")"

    return PLACEHOLDER.sub(lambda match: value(match[1]), indicator.formula)


def _standings(indicator: Indicator, rulebook: Rulebook, stage: str | None) -> Iterator[Standing]:
    for name in placeholders(indicator):
        standings = rulebook.standings(name)
        yield from [standings[stage]] if stage and stage in standings else standings.values()


def _columns(indicator: Indicator) -> tuple[str, ...]:
    """Return the columns a formula reads, in order of appearance, the keys aside."""
    read = dict.fromkeys(name for part in indicator.fragments for name in names(part.node, "column"))
    return tuple(name for name in read if name not in ("county", "school", "stage"))


def _made_of(indicator: Indicator) -> dict[tuple[str, str], str]:
    """Return the County's columns behind a formula, each with its reach: the stage's own rows, or all of the school's."""
    found: dict[tuple[str, str], str] = {}
    for name in _columns(indicator):
        column = indicator.relation.columns[name]
        for made in column.made_of:
            table, _, base = made.partition(".")
            if found.get((table, base)) != "school":
                found[(table, base)] = column.reach
    return found


def _inputs(indicator: Indicator, rows: Sequence[Row]) -> Iterator[Input]:
    for name in _columns(indicator) if not indicator.statistic else ():
        column, values = indicator.relation.columns[name], [row[name] for row in rows]
        known = [value for value in values if value is not None]
        if column.type in ("integer", "decimal"):
            total = sum((Decimal(value) for value in known), Decimal(0)) if values and len(known) == len(values) else None
            yield Input(name, column.label, column.unit, total, len(values))
        else:
            words = ", ".join(sorted({str(value) for value in known}))
            yield Input(name, column.label, column.unit, words or None, len(values))


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
