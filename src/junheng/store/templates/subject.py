"""Whose workbook it is, and what is already known of it: this year's register and last year's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from junheng.model import Column, County, Table, allowed
from junheng.store.templates.plan import Block, grades_of, stages_of

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Subject:
    """One school, one campus, or the county itself."""

    book: str  # "school", "campus" or "county"
    code: str
    name: str
    kind: str  # of the school (a campus has its school's), "county" for the county
    county: County
    previous: County | None
    prefilled: bool = False  # last year's values stand in the cells to fill, and not beside them

    @property
    def stages(self) -> tuple[str, ...]:
        """Return the stages of the school: those of its kind, and those that it had last year."""
        usual = stages_of(self.kind)
        had = self.before("enrolment")["stage"].to_list() if self.book != "county" else []
        return tuple(stage for stage in allowed("stage") if stage in usual or stage in had)

    def before(self, table: str) -> pl.DataFrame:
        """Return last year's rows of this subject."""
        return self._own(self.previous, table) if self.previous else self._own(self.county, table).clear()

    def now(self, table: str) -> pl.DataFrame:
        """Return the rows of this subject that are already known for this year."""
        return self._own(self.county, table)

    def _own(self, county: County, table: str) -> pl.DataFrame:
        frame = county.tables[table]
        if self.book == "county" or "school" not in frame.columns:
            return frame
        return frame.filter(pl.col("school") == self.code)


def values(rows: pl.DataFrame, stage: str = "") -> Row:
    """Return the first row (of a stage) as values by column, or nothing."""
    own = rows.filter(pl.col("stage") == stage) if stage else rows
    return own.row(0, named=True) if own.height else {}


def records(subject: Subject, block: Block) -> list[tuple[Row, Row]]:
    """Return the rows that a list starts with: what stands in it, and last year's values to show beside it."""
    if block.rows == "grades":
        return _grades(subject, block.table)
    if block.rows == "new":
        return []
    known = subject.now(block.table.name)
    if not known.height or block.rows == "keys":
        known = subject.before(block.table.name)
    rows = known.sort(block.table.key).iter_rows(named=True)
    if block.rows == "previous":
        return [(row, {}) for row in rows]
    return [(row if subject.prefilled else {name: row[name] for name in block.table.key}, row) for row in rows]


def _grades(subject: Subject, table: Table) -> list[tuple[Row, Row]]:
    """Return a row for each grade and sex; a school whose pupils were not split by sex last year is asked as it reported."""
    before = {(row["stage"], row["grade"], row["sex"]): row for row in subject.before(table.name).iter_rows(named=True)}
    found: list[tuple[Row, Row]] = []
    for stage in subject.stages:
        grades = [grade for grade in allowed("grade") if grade in grades_of(stage) or any(key[:2] == (stage, grade) for key in before)]
        for grade in (grade for grade in grades if grade != "all"):
            for sex in ("male", "female"):
                last = before.get((stage, grade, sex), {})
                start = last if subject.prefilled else {}
                found.append(({**start, "stage": stage, "grade": grade, "sex": sex}, last))
    return found


def cell_value(column: Column, value: object) -> str | float | date | None:
    """Return a value as it stands in a cell: coded words by their label, yes and no in words, numbers as numbers."""
    if value is None:
        return None
    if column.allowed:
        label = column.allowed.get(str(value))
        return label.zh if label else str(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (int, date)):
        return value
    return str(value)


def has_any(rows: Sequence[Row], column: str) -> bool:
    """Return whether any of the rows holds a value of the column."""
    return any(row.get(column) is not None for row in rows)
