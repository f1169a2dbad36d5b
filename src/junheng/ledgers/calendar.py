"""Calendars: public holidays and working days, school terms, and the years by which different offices count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from junheng.documents import Document
from junheng.errors import Finding, Text
from junheng.standards.section import Section

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Term:
    """One school term."""

    name: str
    label: Text
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What is known of days. Later files go before earlier ones: an authority's terms replace those that ship."""

    holidays: Mapping[date, Text]
    working: frozenset[date]  # weekend days on which people work
    known_years: frozenset[int]  # calendar years whose holidays are known
    terms: tuple[Term, ...]
    years: Mapping[str, tuple[int, int]]  # school, statistics, budget -> month and day on which the year starts

    def is_working(self, day: date) -> bool:
        """Return whether offices work on a day; in a year whose holidays are not known only weekends are free."""
        return day in self.working or (day.weekday() < _SATURDAY and day not in self.holidays)

    def after(self, day: date, days: int, *, working: bool = False) -> date:
        """Return the day so many days (or working days) after one; 0 working days is the day itself."""
        if not working:
            return day + timedelta(days=days)
        left = days
        while left:
            day += timedelta(days=1)
            left -= self.is_working(day)
        return day

    def term_on(self, day: date) -> Term | None:
        """Return the school term of a day, if it lies in one."""
        return next((term for term in self.terms if term.first <= day <= term.last), None)

    def free(self, day: date) -> Text | None:
        """Return why children are not at school on a day: a holiday's name, the vacation, the weekend; None on a school day."""
        if day in self.holidays:
            return self.holidays[day]
        if self.terms and self.terms[0].first <= day <= self.terms[-1].last and self.term_on(day) is None:
            return Text("寒暑假", "School vacation")
        return None if self.is_working(day) else Text("周末", "Weekend")

    def year_of(self, day: date, which: str) -> tuple[date, date]:
        """Return the first and last day of the school, statistics or budget year in which a day lies."""
        month, first = self.years[which]
        year = day.year if (day.month, day.day) >= (month, first) else day.year - 1
        return date(year, month, first), date(year + 1, month, first) - timedelta(days=1)


EMPTY = Calendar(holidays={}, working=frozenset(), known_years=frozenset(), terms=(), years={})


def read_calendar(documents: Iterable[Document], findings: list[Finding]) -> Calendar:
    """Return one calendar of files, the widest first; an authority's terms take the place of those before them."""
    calendar = EMPTY
    for document in documents:
        calendar = _laid_over(calendar, Section(document, (), findings))
    return calendar


def _laid_over(calendar: Calendar, top: Section) -> Calendar:
    top.keys(("title",), ("holidays", "terms", "years", "note"))
    holidays, working, known = dict(calendar.holidays), set(calendar.working), set(calendar.known_years)
    for year, section in _sections(top, "holidays"):
        section.keys(("source", "confidence", "reviewed", "days"), ("working",))
        known |= {int(year)} if year.isdecimal() else set()
        working |= set(_days(section, "working"))
        for one in section.sections("days"):
            holidays |= dict.fromkeys(_span(one), one.text("label"))
    terms = tuple(_term(name, section) for name, section in _sections(top, "terms")) or calendar.terms
    years = {name: _start(top, name) for name in (top.below("years").data if "years" in top.data else {})}
    return replace(
        calendar,
        holidays=holidays,
        working=frozenset(working),
        known_years=frozenset(known),
        terms=tuple(sorted(terms, key=lambda term: term.first)),
        years={**calendar.years, **years},
    )


def _sections(top: Section, key: str) -> list[tuple[str, Section]]:
    below = top.below(key) if key in top.data else None
    return [(str(name), below.below(str(name))) for name in below.data] if below else []


def _span(section: Section) -> list[date]:
    section.keys(("label", "first", "last"))
    first, last = section.needed_day("first"), section.needed_day("last")
    if first is None or last is None:
        return []
    if last < first:
        section.refuse("ledgers.ends_before_it_begins", ("last",), last.isoformat())
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _term(name: str, section: Section) -> Term:
    days = _span(section) or [date.min]
    return Term(name, section.text("label"), days[0], days[-1])


def _days(section: Section, key: str) -> list[date]:
    value = section.data.get(key, [])
    days = [day for day in value if isinstance(day, date)] if isinstance(value, list) else []
    if not isinstance(value, list) or len(days) != len(value):
        section.refuse("standards.not_a_date", (key,), str(value))
    return days


def _start(top: Section, name: str) -> tuple[int, int]:
    words = top.below("years").string(name).split("-")
    if len(words) == 2 and all(word.isdecimal() for word in words):
        return int(words[0]), int(words[1])
    top.refuse("ledgers.not_a_month_and_day", ("years", name), "-".join(words))
    return 1, 1


def days_from(first: date) -> Iterable[date]:
    """Return the days from one on, without end."""
    return (first + timedelta(days=n) for n in count())
