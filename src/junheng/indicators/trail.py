"""The trail: from any figure to its formula, its inputs, the County's rows that entered, and the cells they were read from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import polars as pl

from junheng.errors import Text
from junheng.indicators.ask import placeholders
from junheng.indicators.engine_duckdb import DuckDB
from junheng.indicators.entering import entering
from junheng.indicators.indicator import Fragment, Indicator
from junheng.indicators.inputs import Input, columns_of, inputs_of
from junheng.indicators.relation import Relation
from junheng.indicators.scorecard import Scorecard
from junheng.indicators.sql import PLACEHOLDER
from junheng.model import County, key_text, schema
from junheng.standards import Rulebook, Standing, value_text

MOST_CELLS = 400


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
        self._relations: dict[str, tuple[dict[str | None, list[Row]], dict[str, str]]] = {}
        self._tables: dict[str, dict[object, list[Row]]] = {}
        self._cells_of: dict[str, dict[tuple[str, str], tuple[str, str, str]]] = {}

    def explain(self, indicator: str, *, school: str | None = None, stage: str | None = None, most_cells: int = MOST_CELLS) -> Trail:
        """Return the trail of one figure: an indicator at a school's stage, a school, a stage, or the county.

        KeyError for an indicator that is not in the catalogue. A figure without data has a trail too: it shows what is missing.
        """
        chosen = self.card.catalogue[indicator]
        figure = self._figures.get((indicator, school, stage), {})
        none = figure.get("population") is not None  # known to be none: what is shown are the rows that say so, and by which columns
        rows = [] if chosen.statistic else self._rows(chosen, chosen.asked_of if none else chosen.filter, school, stage)
        shown = replace(chosen, numerator=None, denominator=None, weight=None, filter=chosen.of_which) if none else chosen
        cells = list(self._cells(shown, rows, school, stage))
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
            inputs=() if chosen.statistic else tuple(inputs_of(shown, rows)),
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

    def _rows(self, indicator: Indicator, kept_by: Fragment | None, school: str | None, stage: str | None) -> list[Row]:
        """Return the relation's rows that enter the figure: those of its unit that the filter keeps (or cannot tell)."""
        by_school, kept = self._relation(indicator)
        rows = by_school.get(school, []) if school is not None else [row for found in by_school.values() for row in found]
        if kept_by:
            rows = [row for row in rows if row[kept[kept_by.text]]]
        if stage is None or "stage" not in indicator.relation.columns:
            return rows
        return [row for row in rows if row["stage"] == stage]

    def _relation(self, indicator: Indicator) -> tuple[dict[str | None, list[Row]], dict[str, str]]:
        """Return a relation by school, with all that is read of it; and by filter the column that says which rows it keeps."""
        relation = indicator.relation
        if relation.name not in self._relations:
            asked = [self.card.catalogue[name] for name in self.card.items["indicator"].drop_nulls().unique()]
            mine = [other for other in (indicator, *asked) if other.source_table == relation.name]
            keys = {"school", "site", "stage", *(schema().tables[relation.name].key if _returned(relation) else ())}
            reads = {name for other in mine for name in columns_of(other)}
            columns = [name for name in relation.columns if name in reads | keys]
            filters = {part.text: part.node for other in mine for part in (other.filter, other.asked_of) if part}
            frame = entering(relation, columns, tuple(filters.values()), {self.county.code: self.rulebook}, DuckDB(self.county))
            if _returned(relation):
                frame = frame.with_columns(county=pl.lit(self.county.code)).with_columns(key_text(relation.name))
            found: dict[str | None, list[Row]] = defaultdict(list)
            for row in frame.sort(columns).iter_rows(named=True):
                found[row.get("school")].append(row)
            self._relations[relation.name] = found, {text: f"kept_{nth}" for nth, text in enumerate(filters)}
        return self._relations[relation.name]

    # ── rows of the County, and their cells ──

    def _cells(self, indicator: Indicator, rows: Sequence[Row], school: str | None, stage: str | None) -> Iterator[Cell]:
        if indicator.statistic:
            return
        if _returned(indicator.relation):
            keys = {row["key"] for row in rows}
            for name in columns_of(indicator):
                yield from self._cells_of_rows(
                    indicator.source_table, name, (row for row in self._every(indicator.source_table) if row["key"] in keys)
                )
            return
        entered = _stages_entered(rows)
        if school is not None and not entered:
            entered = {school: {stage} if stage else set(_COMPULSORY)}
        sites = _alone if "site" in indicator.relation.columns else self.sites
        for (table, column), (reach, only) in _made_of(indicator, stage).items():
            yield from self._cells_of_rows(table, column, self._table_rows(table, entered, reach, only, sites))

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

    def _every(self, table: str) -> Iterator[Row]:
        return (row for rows in self._table(table).values() for row in rows)

    def _table_rows(self, table: str, entered: Mapping[str, set[str]], reach: str, only: str, sites: Sites) -> Iterator[Row]:
        """Yield the rows of a table of the County behind those of a relation, which are given as the stages of each school.

        sites: the codes under which the rows of a school stand; a relation that holds the sites themselves names each of them.
        """
        if reach == "county":
            yield from (row for row in self._every(table) if not only or row.get("stage", only) == only)
            return
        rows = self._table(table)
        for school in sorted(entered):
            stages = {"own": entered[school], "compulsory": set(_COMPULSORY)}.get(reach)
            for row in (row for site in sites(school) for row in rows.get(site, [])):
                if stages is None or "stage" not in row or row["stage"] in stages:
                    yield row

    def _cells_of_rows(self, table: str, column: str, rows: Iterable[Row]) -> Iterator[Cell]:
        label, origins = schema().tables[table].column(column).label, self._origins(table)
        for row in rows:
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
        yield from self._of_school(indicator, rows, school) if school else ()
        yield from _named_rows(indicator.relation, rows)
        for name in indicator.none_where_empty:
            label = indicator.relation.columns[name].label
            yield Text(f"“{label.zh}”未填的按没有计（{indicator.source}）", f"Where {label.en} is empty there is none ({indicator.source})")
        if indicator.missing == "skip":
            yield Text(f"未填的行不计入（{indicator.source}）", f"Rows with empty cells are left out ({indicator.source})")

    def _of_school(self, indicator: Indicator, rows: Sequence[Row], school: str) -> Iterator[Text]:
        if "site" in indicator.relation.columns:
            yield from _paid_together(rows, school)
            return
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
        if len(sent) > 1 and "weighted_pupils" in columns_of(indicator):
            yield from self._doubtful_weights(school, sent)

    def _doubtful_weights(self, school: str, sent: Iterable[str]) -> Iterator[Text]:
        """Say which stages of a school are split by a weight that is our reading, or have none, so that nothing of the school is split."""
        stages = sorted(set(sent))
        name = "split.complete_secondary.weight" if set(stages) <= {"junior", "senior"} else "split.all_through.weight"
        known = self.rulebook.standings(name)
        for stage in stages:
            standing = known.get(stage)
            if standing is None:
                yield Text(
                    f"无法分摊：学校{school}的学段{stage}没有权数（{name}），请在本地标准中写明",
                    f"Not split: stage {stage} of school {school} has no weight ({name}); a local standard can give one",
                )
            elif standing.confidence.startswith("M"):
                yield Text(
                    f"学段{stage}的权数{_plain(standing.value)}未见规定，是我们的理解（{name}），可在本地标准中改写",
                    f"The weight {_plain(standing.value)} of stage {stage} is our reading, no rule gives one ({name}); a county may",
                )


Row = dict[str, Any]
Sites = Callable[[str], tuple[str, ...]]

_COMPULSORY = ("primary", "junior")
_REACHES = ("own", "compulsory", "school", "county")

_WORDS: Mapping[str, Text] = {
    "weighted_cv": Text("差异系数 = √(Σ权数×(校值−均值)²÷Σ权数)÷均值，权数为学生数", "CV = √(Σ w (x − m)² ÷ Σ w) ÷ m, weighted by pupils"),
    "weighted_mean": Text("均值 = Σ权数×校值÷Σ权数，权数为学生数", "mean = Σ w x ÷ Σ w, weighted by pupils"),
    "mean": Text("各项的算术平均", "the plain mean of its members"),
    "ratio": Text("两组均值之比，均以学生数加权", "the ratio of the means of two groups, both weighted by pupils"),
}


def _stages_entered(rows: Iterable[Row]) -> dict[str, set[str]]:
    """Return the stages of each school, and of each site where a relation names them; none where its rows are of no stage."""
    entered: dict[str, set[str]] = {}
    for row in (row for row in rows if row.get("school")):
        for site in dict.fromkeys((row["school"], row.get("site") or row["school"])):
            entered.setdefault(site, set()).update({row["stage"]} if row.get("stage") else ())
    return entered


def _alone(site: str) -> tuple[str, ...]:
    return (site,)


def _paid_together(rows: Sequence[Row], school: str) -> Iterator[Text]:
    sites = dict.fromkeys(row["site"] for row in rows if row["site"] != school)
    if sites:
        yield Text(f"经费与本校合在一起的校点：{'、'.join(sites)}", f"Sites whose money stands with this school's: {', '.join(sites)}")


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


def _returned(relation: Relation) -> bool:
    """Return whether a relation is one of the County's own tables, row by row."""
    return relation.source.startswith("returned_")


def _named_rows(relation: Relation, rows: Sequence[Row]) -> Iterator[Text]:
    """Say which rows of a County's table there are (of the monitoring, its subjects): whether all were sent, the table cannot tell."""
    for column in schema().tables[relation.name].columns if _returned(relation) and rows else ():
        if column.key and column.allowed and column.name not in ("school", "stage"):
            labels = [column.allowed[value] for value in dict.fromkeys(row[column.name] for row in rows) if value in column.allowed]
            zh, en = "、".join(label.zh for label in labels), ", ".join(label.en for label in labels)
            yield Text(f"只按报送的{column.label.zh}：{zh}", f"Only what was sent of {column.label.en}: {en}")


def _made_of(indicator: Indicator, stage: str | None) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the County's columns behind a formula, each with its widest reach, and the one stage it is of ("" for any)."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for name in columns_of(indicator):
        column = indicator.relation.columns[name]
        for made in column.made_of:
            only, _, source = made.rpartition(":")
            table, _, base = source.partition(".")
            if not (stage and only and only != stage):
                reach = found.get((table, base), (column.reach, only))[0]
                found[(table, base)] = max(reach, column.reach, key=_REACHES.index), only
    return found


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
