"""The joint calendar: recurring events with room and posts, laid on days, and where one room, post or school is wanted twice.

Who takes part is written by post or code, never by name, so that the calendar can hang on a wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import combinations

from junheng.documents import Document
from junheng.errors import Finding, Text
from junheng.ledgers.calendar import Calendar
from junheng.ledgers.recurrence import days_of, rule_fault
from junheng.standards.section import Section

_WHEN = ("any", "working", "term")
_LONGEST_WAIT = 15  # days that an event is put off for a working day
_DAY = 24 * 60
_NONE = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """One event that comes again: its rule, time, room and posts, and on which days it may lie."""

    name: str
    label: Text
    rule: str
    since: date
    until: date | None
    at: time | None  # None: all day
    minutes: int
    room: str
    who: tuple[str, ...]
    when: str  # "working": put off to the next working day; "term": only in a school term; "any"
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event on a day, or a span of days."""

    day: date
    last: date
    at: time | None
    minutes: int
    label: Text
    sort: str
    room: str = ""
    who: tuple[str, ...] = ()
    school: str = ""
    note: Text = _NONE
    key: str = ""  # that tells it apart from others of the same day


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two events that want the same room, post or school at the same time."""

    what: str  # "room", "who", "school"
    name: str
    first: Event
    second: Event


def read_agenda(documents: Iterable[Document], findings: list[Finding]) -> tuple[Recurring, ...]:
    """Return the recurring events of files ledgers/agenda*.yaml; a later one of the same name takes the place of an earlier one."""
    found: dict[str, Recurring] = {}
    for document in documents:
        top = Section(document, (), findings)
        top.keys(("title", "events"))
        events = top.below("events")
        found |= {str(name): _recurring(events.below(str(name)), str(name)) for name in events.data}
    return tuple(found.values())


def _recurring(section: Section, name: str) -> Recurring:
    section.keys(("label", "rule", "since", "source"), ("until", "at", "minutes", "room", "who", "when"))
    fault = rule_fault(section.string("rule"))
    if fault:
        section.refuse("ledgers.bad_recurrence", ("rule",), fault)
    minutes = section.number("minutes") if "minutes" in section.data else None
    if "at" in section.data and (minutes is None or not 0 < minutes <= _DAY):
        section.refuse("ledgers.not_a_length", ("minutes",), str(section.data.get("minutes")))
    return Recurring(
        name=name,
        label=section.text("label"),
        rule="FREQ=DAILY" if fault else section.string("rule"),
        since=section.needed_day("since") or date.min,
        until=section.day("until"),
        at=_clock(section),
        minutes=int(minutes or 0),
        room=section.string("room"),
        who=section.names("who"),
        when=section.one_of("when", _WHEN, "ledgers.unknown_type") or "any",
        source=section.string("source"),
    )


def _clock(section: Section) -> time | None:
    if "at" not in section.data:
        return None
    minutes = section.number("at", unit="clock")
    return None if minutes is None else time(int(minutes) // 60, int(minutes) % 60)


def occurrences(event: Recurring, first: date, last: date, calendar: Calendar) -> Iterator[Event]:
    """Yield an event's days from `first` to `last`; one that falls on a free day is put off where it must be a working day, and says so."""
    end = min(last, event.until or last)
    for day in days_of(event.rule, event.since, first, end):
        moved = _moved(event, day, calendar)
        if moved is not None and moved <= end:
            note = Text(f"原定{day}，遇假日顺延", f"put off from {day}: a free day") if moved != day else Text("", "")
            yield Event(
                day=moved,
                last=moved,
                at=event.at,
                minutes=event.minutes,
                label=event.label,
                sort="meeting",
                room=event.room,
                who=event.who,
                note=note,
                key=f"{event.name}-{day.isoformat()}",
            )


def _moved(event: Recurring, day: date, calendar: Calendar) -> date | None:
    if event.when == "term" and calendar.term_on(day) is None:
        return None
    if event.when == "any":
        return day
    later = (day + timedelta(days=n) for n in range(_LONGEST_WAIT))
    return next((one for one in later if calendar.is_working(one)), None)


def conflicts(events: Sequence[Event]) -> list[Conflict]:
    """Return every pair of events that want one room, post or school at once; two events of the same day without a time overlap."""
    days: dict[date, list[Event]] = {}
    for event in events:
        if event.room or event.who or event.school:
            days.setdefault(event.day, []).append(event)
    found: list[Conflict] = []
    for _, own in sorted(days.items()):
        for one, other in combinations(own, 2):
            found += _between(one, other)
    return found


def _between(one: Event, other: Event) -> Iterator[Conflict]:
    if one.room and one.room == other.room and _overlap(one, other):
        yield Conflict("room", one.room, one, other)
    if _overlap(one, other):
        yield from (Conflict("who", name, one, other) for name in one.who if name in other.who)
    if one.school and one.school == other.school:
        yield Conflict("school", one.school, one, other)


def _overlap(one: Event, other: Event) -> bool:
    (begin, end), (start, stop) = _span(one), _span(other)
    return begin < stop and start < end


def _span(event: Event) -> tuple[int, int]:
    """Return from which to which minute of the day an event lasts; all of it without a time."""
    if event.at is None:
        return 0, _DAY
    begin = event.at.hour * 60 + event.at.minute
    return begin, begin + event.minutes
