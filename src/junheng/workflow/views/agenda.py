"""The joint calendar as an officer sees it: events by day, and where one room, post or school is wanted twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from junheng.errors import Finding, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaEvent:
    """One event. `starts` and `ends` are local times of the county; None: all day, from `day` to `last`."""

    key: str  # stable from one writing of the calendar to the next
    day: date
    last: date
    until: date  # the day after the last one, as calendar files count
    starts: datetime | None
    ends: datetime | None
    when: str  # "09:00—10:30", ""
    weekday: Text
    label: Text
    sort: str
    sort_label: Text
    room: str
    who: tuple[str, ...]
    school: str
    note: Text
    clash: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaConflict:
    """Two events that want the same thing at once."""

    day: date
    what: Text
    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaMonth:
    """One month: its weeks of seven days, each with its events; days of other months are None."""

    label: Text
    weeks: tuple[tuple[AgendaDay | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaDay:
    """One day of a month: why children are free, and what lies on it."""

    day: date
    number: int
    free: Text
    events: tuple[AgendaEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The joint calendar of a span of days."""

    name: Text
    first: date
    last: date
    made: datetime
    events: tuple[AgendaEvent, ...]
    months: tuple[AgendaMonth, ...]
    conflicts: tuple[AgendaConflict, ...]
    counts: tuple[tuple[Text, int], ...]
    findings: tuple[Finding, ...]
