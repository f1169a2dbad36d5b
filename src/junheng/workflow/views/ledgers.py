"""Ledgers as an officer sees them: kinds, records, what is owed this week, what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from junheng.errors import Finding, Text

Standing = Literal["overdue", "missing", "stale", "due"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerKind:
    """One kind of record, with how much of it is open."""

    id: str
    title: Text
    about: Text
    prefix: str
    open: int
    ended: int
    owed: int  # overdue, missing or stale
    minutes: int  # to fill one in
    fields: int
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One record in a list."""

    key: str
    named: str
    state: Text
    ended: bool
    subject: str
    office: str
    person: str
    since: date
    owed: str  # "逾期3天", "11-08到期", ""
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerStep:
    """One act on a record."""

    at: datetime
    label: Text
    state: Text
    person: str
    office: str
    role: Text
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerChange:
    """A corrected value: both are shown."""

    at: datetime
    label: Text
    was: str
    now: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerMove:
    """What can be done next, by whom, and what it needs."""

    name: str
    label: Text
    to: Text
    roles: tuple[Text, ...]
    needs: tuple[Text, ...]
    evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRecord:
    """One record opened."""

    kind: str
    title: Text
    key: str
    named: str
    state: Text
    values: tuple[tuple[Text, str, str], ...]  # label, value, level
    steps: tuple[LedgerStep, ...]
    changes: tuple[LedgerChange, ...]
    proofs: tuple[tuple[str, str], ...]  # title, until when it holds
    moves: tuple[LedgerMove, ...]
    owed: tuple[Owed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One thing that is owed."""

    kind: str
    title: Text  # of the kind
    key: str
    rule: str
    label: Text
    standing: Standing
    due: date
    days: int
    said: Text  # "逾期3天"
    office: str
    person: str
    subject: str  # name of the school, …
    named: str
    told: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What one office, or one person, owes."""

    name: str
    overdue: int
    missing: int
    stale: int
    due: int
    items: tuple[Owed, ...]
    reminder: str  # ready to be forwarded


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMessage:
    """The safety message of one day."""

    day: date
    why: Text
    topic: Text
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThisWeek:
    """What is owed on a day and in the week ahead."""

    name: Text
    day: date
    until: date
    term: Text
    counts: tuple[tuple[Standing, int], ...]
    offices: tuple[Group, ...]
    persons: tuple[Group, ...]
    escalated: tuple[Owed, ...]
    messages: tuple[DayMessage, ...]
    rechecks: tuple[tuple[Text, tuple[str, ...]], ...]  # kind, numbers drawn for a re-check
    findings: tuple[Finding, ...]
    from_lists: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerImport:
    """What an import did, or would do."""

    title: Text
    file: str
    rows: int
    new: int
    changed: int
    same: int
    written: bool
    batch: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPaper:
    """A form to be printed: title, addressee, paragraphs, who signs, the day."""

    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    signed: tuple[str, ...]
    day: date
    name: str  # of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """One supervision visit."""

    day: date
    weekday: Text
    inspector: str  # by code, never by name
    school: str
    code: str
    turn: int
    unannounced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLoad:
    """What one inspector has."""

    inspector: str
    schools: int
    visits: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSchedule:
    """The visits of a term, with the way that they take."""

    name: Text
    day: date
    term: Text
    times: int  # of each school, by the regulation
    lines: tuple[VisitLine, ...]
    loads: tuple[VisitLoad, ...]
    unannounced: int
    unannounced_shown: str
    kilometres_shown: str  # of all trips
    single_shown: str  # if every visit were a trip of its own, shared out in the best way
    gap_shown: str  # of the sharing-out, to the best possible
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingLine:
    """A class at a base on a day; no day when no place was left."""

    school: str
    group: str
    pupils: int
    day: date | None
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingSchool:
    """What one school has had of its size: before, and with what is booked now; in the order of the register."""

    school: str
    pupils: int
    before: int
    now: int
    share_before: str
    share_after: str
    waiting: int  # classes without a place


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingSlot:
    """How full a base or bus is on a day."""

    base: str
    day: date
    places: int
    used: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingSchedule:
    """The calendar of bases or buses."""

    name: Text
    day: date
    seed: str  # breaks ties, announced beforehand
    schools: tuple[BookingSchool, ...]
    slots: tuple[BookingSlot, ...]
    lines: tuple[BookingLine, ...]
    booked: int
    without: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardKind:
    """One kind on the board: its states with how many, what is owed, what re-checks of a year found, and its open records."""

    id: str
    title: Text
    about: Text
    states: tuple[tuple[Text, int], ...]
    owed: int
    rechecks: Text
    lines: tuple[LedgerLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerBoard:
    """Every ledger that is kept."""

    name: Text
    day: date
    kinds: tuple[BoardKind, ...]
    from_lists: bool
