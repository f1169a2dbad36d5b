"""What is owed: due, overdue, stale and missing, each with its day, the rule that says so and who owes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.ledgers.calendar import Calendar
from junheng.ledgers.kind import Days, Deadline, Duty, Kind
from junheng.ledgers.record import Record
from junheng.ledgers.recurrence import Period, months_later, periods

Standing = Literal["due", "overdue", "stale", "missing"]
Standard = Callable[[str], int]  # a standard's name -> days


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing that is owed."""

    kind: str
    key: str  # of the record; "" when there is none yet
    rule: str  # "deadline.reply", "duty.branch_meeting", "stale", "evidence", "recheck"
    label: Text
    standing: Standing
    due: date
    days: int  # after the day (overdue, stale, missing) or before it (due)
    owes: str  # role
    office: str = ""
    person: str = ""
    subject: str = ""  # code of the school, branch, … that it is about
    named: str = ""
    told: tuple[str, ...] = ()  # roles to which it goes up


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a recurring duty binds: a code, its name, and the values by which a duty chooses."""

    code: str
    name: str
    values: Mapping[str, str]
    office: str = ""
    person: str = ""


def deadline_day(deadline: Deadline, record: Record, calendar: Calendar, standard: Standard) -> date | None:
    """Return the last day of a clock that runs for a record; None when it does not run or its day is not known."""
    if record.state not in deadline.running:
        return None
    start = record.entered() if deadline.counted_from == "entered" else record.values.get(deadline.counted_from)
    days = _length(deadline.days, record, standard)
    if not isinstance(start, date) or days is None:
        return None
    return calendar.after(start, days, working=deadline.days.working)


def _length(days: Days, record: Record, standard: Standard) -> int | None:
    if days.standard:
        return standard(days.standard)
    if days.field:
        value = record.values.get(days.field)
        return value if isinstance(value, int) else None
    return days.value


def obligations(
    kind: Kind, records: Sequence[Record], today: date, calendar: Calendar, standard: Standard, subjects: Callable[[str], Sequence[Subject]]
) -> list[Obligation]:
    """Return everything that a kind's records and duties owe on a day, the longest overdue first.

    subjects: gives those of "county", a table of the County or "ledger:<kind>". standard: gives the days of a standard.
    """
    found: list[Obligation] = []
    for record in records:
        clocks = list(_clocks(kind, record, today, calendar, standard))
        late = any(one.standing == "overdue" for one in clocks)
        found += [*clocks, *(() if late else _stale(kind, record, today)), *_expired(kind, record, today)]
    for duty in kind.duties.values():
        found += _missing(kind, duty, records, today, calendar, subjects(duty.each))
    return sorted(found, key=lambda one: (_ORDER[one.standing], one.due, one.key, one.rule, one.subject))


_ORDER = {"overdue": 0, "missing": 1, "stale": 2, "due": 3}


def _of(kind: Kind, record: Record, made: Obligation) -> Obligation:
    def word(field: str) -> str:
        value = record.values.get(field) if field else None
        return "" if value is None else str(value)

    return replace(made, office=word(kind.office), person=word(kind.doer), subject=word(kind.about_field), named=word(kind.named))


def _clocks(kind: Kind, record: Record, today: date, calendar: Calendar, standard: Standard) -> Iterator[Obligation]:
    for deadline in kind.deadlines.values():
        day = deadline_day(deadline, record, calendar, standard)
        if day is None or today < day - timedelta(days=deadline.warn):
            continue
        late = (today - day).days
        made = Obligation(
            kind=kind.id,
            key=record.key,
            rule=f"deadline.{deadline.name}",
            label=deadline.label,
            standing="overdue" if late > 0 else "due",
            due=day,
            days=abs(late),
            owes=deadline.owes,
            told=tuple(one.to for one in deadline.escalate if late >= one.after) if late > 0 else (),
        )
        yield _of(kind, record, made)


def _stale(kind: Kind, record: Record, today: date) -> Iterator[Obligation]:
    last = record.last_act().date()
    if kind.stale_after is not None and not kind.states[record.state].end and (today - last).days > kind.stale_after:
        due = last + timedelta(days=kind.stale_after)
        label = Text(f"{kind.stale_after}天没有动静", f"nothing done for {kind.stale_after} days")
        yield _after(kind, record, "stale", label, due, today)


def _expired(kind: Kind, record: Record, today: date) -> Iterator[Obligation]:
    if kind.states[record.state].end:
        return
    for proof in record.evidence:
        if proof.until is not None and proof.until < today:
            label = Text(f"佐证“{proof.name}”已过期", f"the proof “{proof.name}” has expired")
            yield _after(kind, record, "evidence", label, proof.until, today)


def _after(kind: Kind, record: Record, rule: str, label: Text, due: date, today: date) -> Obligation:
    made = Obligation(
        kind=kind.id,
        key=record.key,
        rule=rule,
        label=label,
        standing="stale",
        due=due,
        days=(today - due).days,
        owes="office",
    )
    return _of(kind, record, made)


# -- duties that come again -------------------------------------------------------------------------------------------


def _missing(
    kind: Kind, duty: Duty, records: Sequence[Record], today: date, calendar: Calendar, subjects: Sequence[Subject]
) -> Iterator[Obligation]:
    bound = [one for one in subjects if all(one.values.get(column) in values for column, values in duty.where.items())]
    done = _done(kind, duty, records)
    since = date.fromisoformat(duty.since)
    first = max(since, months_later(today, -12))
    for period in periods(duty.rule, since, first, today):
        if duty.only == "term" and not _in_term(period, calendar):
            continue
        for subject in bound:
            had = sum(period.first <= day <= period.last for day in done.get(subject.code, ()))
            if had < duty.times:
                yield from _owed(kind, duty, period, subject, duty.times - had, today)


def _in_term(period: Period, calendar: Calendar) -> bool:
    return any(term.first <= period.last and period.first <= term.last for term in calendar.terms)


def _done(kind: Kind, duty: Duty, records: Iterable[Record]) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for record in records:
        day = record.values.get(duty.day_field)
        if isinstance(day, date) and all(str(record.values.get(name)) == value for name, value in duty.given.items()):
            subject = "" if duty.each == "county" else str(record.values.get(kind.about_field) or "")
            found.setdefault(subject, []).append(day)
    return found


def _owed(kind: Kind, duty: Duty, period: Period, subject: Subject, lacking: int, today: date) -> Iterator[Obligation]:
    due = period.last + timedelta(days=duty.grace)
    late = (today - due).days
    if late <= 0 and (due - today).days > _SOON:
        return
    times = f"（还差{lacking}次）" if duty.times > 1 else ""
    more = f" ({lacking} more)" if duty.times > 1 else ""
    yield Obligation(
        kind=kind.id,
        key="",
        rule=f"duty.{duty.name}",
        label=Text(f"{period.first}至{period.last} {duty.label.zh}{times}", f"{duty.label.en}{more}, {period.first} to {period.last}"),
        standing="missing" if late > 0 else "due",
        due=due,
        days=abs(late),
        owes=duty.owes,
        office=subject.office,
        person=subject.person,
        subject=subject.code,
        named=subject.name,
    )


_SOON = 14  # days before the end of a period from which what is still lacking is shown


def clocks_that_cannot_run(kind: Kind, records: Sequence[Record], today: date, calendar: Calendar, standard: Standard) -> list[Finding]:
    """Return what keeps days from being known: a clock without a first day, a calendar without the year, a clock set back."""
    found: list[Finding] = []
    for record in records:
        place = Place(table=kind.id, title=kind.title, key=(record.key,))
        last = record.last_act()
        if last.date() > today:
            found.append(finding("ledgers.clock_set_back", place, today.isoformat(), last=last.isoformat(), severity="warning"))
        running = [one for one in kind.deadlines.values() if record.state in one.running]
        undated = [one for one in running if deadline_day(one, record, calendar, standard) is None]
        found += [finding("ledgers.undated", place, one.label) for one in undated]
    if today.year not in calendar.known_years and any(one.days.working for one in kind.deadlines.values()):
        found.append(finding("ledgers.holidays_unknown", Place(), str(today.year), year=today.year))
    return found
