"""What one teacher's move changes in the County: the register, and the counts of both schools in the tables of staff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from junheng.model.change import Change, SetValue
from junheng.model.county import County
from junheng.projection.retirement import age_columns, band

_DEGREE = {"doctor": "doctors", "master": "masters", "bachelor": "bachelors", "college": "colleges", "below_college": "below_college"}
_FLAGS = (("established", "established"), ("certified", "certificate"), ("trained", "trained"))  # column of staff, of the register
_TABLES = ("staff", "staff_subjects", "staff_ages", "staff_titles")


class Books:
    """The counts of staff as steps change them, one after the other."""

    def __init__(self, county: County) -> None:
        """Open the tables of staff."""
        self.year = county.year
        self.rows: dict[str, dict[tuple[str, str], dict[str, Any]]] = {
            name: {(row["school"], row["stage"]): row for row in county.tables[name].iter_rows(named=True)} for name in _TABLES
        }

    def moved(self, person: Mapping[str, Any], to: str, *, returns: int | None, teaches: str = "") -> Iterator[Change]:
        """Yield the changes of one teacher's move.

        returns: the year from which one may go back; None: one is back for good; teaches: the subject there, "" for that of today.
        With the second subject taught, the first becomes the second.
        """
        key = (person["teacher"],)
        yield SetValue("teachers", key, "school", to)
        yield SetValue("teachers", key, "since", self.year + 1)
        yield SetValue("teachers", key, "origin", None if returns is None else person["school"])
        yield SetValue("teachers", key, "return_year", returns)
        then = teaches or person["subject"]
        if then != person["subject"]:
            yield SetValue("teachers", key, "subject", then)
            yield SetValue("teachers", key, "second_subject", person["subject"])
        for table, column in self._cells(person):
            yield from self._passed(table, (person["school"], column), (to, then if table == "staff_subjects" else column), person["stage"])

    def _passed(self, table: str, source: tuple[str, str], target: tuple[str, str], stage: str) -> Iterator[Change]:
        """Yield one less in a school's column and one more in another's; what is not counted at both ends stays as it was returned."""
        here, there = (self.rows[table].get((school, stage)) for school, _ in (source, target))
        if here is None or there is None:
            return
        has, other = here.get(source[1]), there.get(target[1])
        if has is None or other is None or has < 1:
            return
        for row, column, by in ((here, source[1], -1), (there, target[1], 1)):
            row[column] += by
            yield SetValue(table, (row["school"], row["stage"]), column, row[column])

    def _cells(self, person: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        yield from (("staff", name) for name in ("staff", "teachers"))
        yield from (("staff", name) for name, value in _FLAGS if person[value])
        if (person["backbone"] or "none") != "none":
            yield "staff", "backbone"
        if person["degree"]:
            yield "staff", _DEGREE[person["degree"]]
        if person["title"]:
            yield "staff_titles", f"title_{person['title']}"
        yield "staff_subjects", person["subject"]
        if person["born"]:
            yield "staff_ages", _age_column((self.year - person["born"].year) * 12 + 9 - person["born"].month)


def _age_column(months: int) -> str:
    for column in age_columns():
        low, high = band(column, 10_000)
        if months < high and (months >= low or column == age_columns()[0]):
            return column
    return age_columns()[-1]


def people_of(register: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the register by code."""
    return {row["teacher"]: row for row in register.iter_rows(named=True)}
