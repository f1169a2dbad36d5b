"""Visits on days: each school so often a term, its visits far apart, some of them unannounced, on the days that an inspector has."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from junheng.documents import Document, finding
from junheng.errors import Finding, Place, Text
from junheng.ledgers.calendar import Calendar, Term
from junheng.standards.section import Section

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspector:
    """An inspector by a code, never a name: where he sets out, on which weekdays he is free, and where he has ties."""

    code: str
    home: str  # a school's code
    weekdays: tuple[int, ...]
    ties: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBrief:
    """What the visits of a term must be."""

    inspectors: tuple[Inspector, ...]
    a_day: int  # schools that one can visit in a day
    unannounced: int  # percent of the visits
    kinds: tuple[str, ...]  # kinds of school that are visited
    spread: int  # by how many schools loads may differ from alike
    seed: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit."""

    day: date
    inspector: str
    school: str
    turn: int  # 1, 2, … of the term
    unannounced: bool


def read_brief(document: Document, findings: list[Finding]) -> VisitBrief:
    """Return the brief of ledgers/visits.yaml; what is wrong is added to `findings`."""
    top = Section(document, (), findings)
    top.keys(("title", "inspectors", "a_day", "unannounced", "kinds", "seed"), ("spread",))
    below = top.below("inspectors")
    return VisitBrief(
        inspectors=tuple(_inspector(below.below(str(code)), str(code)) for code in below.data),
        a_day=_count(top, "a_day") or 1,
        unannounced=_count(top, "unannounced"),
        kinds=top.names("kinds"),
        spread=_count(top, "spread") if "spread" in top.data else 1,
        seed=top.label("seed"),
    )


def _count(section: Section, key: str) -> int:
    value = section.data.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    section.refuse("ledgers.not_a_count", (key,), str(value))
    return 0


def _inspector(section: Section, code: str) -> Inspector:
    section.keys(("home", "weekdays"), ("ties",))
    days = section.names("weekdays")
    for word in days:
        if word not in WEEKDAYS:
            section.refuse("ledgers.unknown_weekday", ("weekdays",), word, known=", ".join(WEEKDAYS))
    known = tuple(WEEKDAYS.index(word) for word in days if word in WEEKDAYS)
    return Inspector(code=code, home=section.label("home"), weekdays=known, ties=frozenset(section.names("ties")))


def days_of(inspector: Inspector, first: date, last: date, calendar: Calendar) -> list[date]:
    """Return the working days of an inspector between two days."""
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if day.weekday() in inspector.weekdays and calendar.is_working(day)]


def on_days(
    inspector: Inspector, trips: Sequence[Sequence[str]], times: int, term: Term, calendar: Calendar, findings: list[Finding]
) -> list[Visit]:
    """Return the visits of one inspector: the term in as many parts as there are visits, each with all trips, days far apart.

    Where a part has fewer days than trips, that is a finding, and its visits are left out: nobody is in two places on a day.
    """
    whole = (term.last - term.first).days + 1
    found: list[Visit] = []
    for turn in range(times):
        first = term.first + timedelta(days=whole * turn // times)
        last = term.first + timedelta(days=whole * (turn + 1) // times - 1)
        days = days_of(inspector, first, last, calendar)
        if len(days) < len(trips):
            place = Place(file="ledgers/visits.yaml", key=(inspector.code,))
            found_days = Text(f"{first}至{last}只有{len(days)}个工作日", f"{len(days)} days from {first} to {last}")
            findings.append(finding("ledgers.too_few_days", place, found_days, trips=len(trips)))
            continue
        chosen = [days[(2 * at + 1) * len(days) // (2 * len(trips))] for at in range(len(trips))]
        for day, trip in zip(chosen, trips, strict=True):
            found += [Visit(day, inspector.code, school, turn + 1, unannounced=False) for school in trip]
    return found


def with_unannounced(brief: VisitBrief, visits: Sequence[Visit]) -> list[Visit]:
    """Return the visits with the brief's share unannounced: drawn by a hash of seed, school and turn, so that it can be repeated."""

    def order(visit: Visit) -> str:
        return hashlib.sha256(f"{brief.seed}:{visit.school}:{visit.turn}".encode()).hexdigest()

    hidden = set(sorted(visits, key=order)[: ceil(len(visits) * brief.unannounced / 100)])
    drawn = [Visit(one.day, one.inspector, one.school, one.turn, unannounced=one in hidden) for one in visits]
    return sorted(drawn, key=lambda one: (one.day, one.inspector, one.school))


def faults(brief: VisitBrief, visits: Sequence[Visit], schools: Sequence[str], times: int, calendar: Calendar) -> list[str]:
    """Return what a calendar of visits breaks, worked out from the visits alone: too few, tied, on a free day, two trips too large."""
    ties = {one.code: one.ties for one in brief.inspectors}
    free = {one.code: one.weekdays for one in brief.inspectors}
    found = [f"{school}: {count} visits" for school in schools if (count := sum(one.school == school for one in visits)) < times]
    found += [f"{one.school}: {one.inspector} has ties" for one in visits if one.school in ties[one.inspector]]
    found += [f"{one.day} is free" for one in visits if not calendar.is_working(one.day) or one.day.weekday() not in free[one.inspector]]
    loads: dict[tuple[date, str], int] = {}
    for one in visits:
        loads[one.day, one.inspector] = loads.get((one.day, one.inspector), 0) + 1
    return found + [f"{day} {who}: {load} schools" for (day, who), load in loads.items() if load > brief.a_day]
