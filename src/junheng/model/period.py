"""The calendars of a bureau: school year, statistics date and budget year are different things."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

# The school year and the statistics date both turn on 1 September: the counting convention of the yearly return
# (standards-facts §11.2), a property of the table format and not a limit that an authority sets.
_TURN = (9, 1)


class Span(NamedTuple):
    """A span of days, both ends included."""

    first: date
    last: date


def statistics_day(year: int) -> date:
    """Return the day at which the stocks of school year `year` are counted: 1 September."""
    return date(year, *_TURN)


def school_year(year: int) -> Span:
    """Return the days of school year `year`: 1 September to 31 August."""
    return Span(date(year, *_TURN), date(year + 1, *_TURN) - timedelta(days=1))


def school_year_of(day: date) -> int:
    """Return the school year in which a day lies, as the calendar year of its September."""
    return day.year if (day.month, day.day) >= _TURN else day.year - 1


def flow_period(year: int) -> Span:
    """Return the days over which flows reported on 1 September of `year` were counted: the year before, to 31 August."""
    return school_year(year - 1)


def budget_year(year: int) -> Span:
    """Return the days of a budget year: the calendar year."""
    return Span(date(year, 1, 1), date(year, 12, 31))


def budget_year_reported(year: int) -> int:
    """Return the budget year whose accounts are closed at the statistics day of school year `year`: the calendar year before."""
    return year - 1


def cutoff_birth_range(year: int, age: int) -> Span:
    """Return the birth dates of children who are `age` whole years old on 31 August of `year` (the entry cut-off)."""
    last = date(year, *_TURN) - timedelta(days=1)
    return Span(date(last.year - age - 1, *_TURN), date(last.year - age, last.month, last.day))
