"""A kind of record: its fields, its states and who may move them, its deadlines, duties, papers. Read from one YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from junheng.errors import Text
from junheng.model import SENSITIVITY

LEVELS = tuple(SENSITIVITY)  # of a field
TYPES = ("text", "long_text", "integer", "decimal", "date", "boolean", "choice", "link", "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a record says, who needs it, and which rules of the kind read it."""

    name: str
    label: Text
    type: str
    unit: str = ""
    required: bool = False
    level: str = "L2"
    allowed: Mapping[str, Text]  # of a choice: value -> label
    link: str = ""  # a table of the County with one key ("schools"), or "ledger:<kind>"
    needed_by: Text
    used_by: tuple[str, ...] = ()  # rules of the kind that read it: "move.answer", "deadline.reply", "paper.notice", "count", …
    note: Text | None = None
    source: str = ""  # the document that asks for it, where one does
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a record; `end` means that nothing is owed any more."""

    name: str
    label: Text
    end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One way from some states to another: which roles may do it, what it needs, and whose hand it must not be."""

    name: str
    label: Text
    start: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    evidence: bool = False
    apart_from: tuple[str, ...] = ()  # moves whose doer may not do this one; the doer named in the record is always apart
    recheck: str = ""  # "held" or "relapsed": what a re-check after the end found


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """How many days a clock runs: a number with its source, a field of the record, or a standard."""

    value: int = 0
    field: str = ""
    standard: str = ""
    working: bool = False
    source: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """To which role an overdue record is told, and after how many days."""

    after: int
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A clock that runs while the record is in some states."""

    name: str
    label: Text
    running: tuple[str, ...]
    counted_from: str  # a date field, or "entered": the day on which the record came into its state
    days: Days
    owes: str  # the role that must act
    warn: int = 7  # days before the end from which it is shown as due
    escalate: tuple[Escalation, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A record that must exist again and again: one in each period for each subject."""

    name: str
    label: Text
    rule: str  # RRULE of RFC 5545
    since: str  # ISO day on which the first period begins
    each: str  # "county", a table of the County, or "ledger:<kind>" for its open records
    where: Mapping[str, tuple[str, ...]]  # of the subjects: column -> allowed values
    day_field: str
    given: Mapping[str, str]  # values that a record must have to count for this duty
    times: int = 1
    only: str = "any"  # "term": periods that touch a school term; "any"
    owes: str = "office"
    grace: int = 0  # days after a period in which it may still be written down
    source: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """Which ended records are looked at again (回头看): how long after, how many, and where a relapse leads."""

    state: str
    after_months: int
    share: Decimal  # percent of those due
    least: int
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How many years a record is kept after its end, and who says so."""

    years: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A printed form: its title and paragraphs with {placeholders} of fields."""

    name: str
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    signed_by: str
    states: tuple[str, ...] = ()  # in which it may be printed; any when empty
    public: bool = False  # put up for everybody: only fields at L1 may stand in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of record."""

    id: str
    title: Text
    about: Text
    prefix: str  # of the numbers of its records
    fields: Mapping[str, Field]
    states: Mapping[str, State]
    start: str
    moves: Mapping[str, Move]
    deadlines: Mapping[str, Deadline]
    duties: Mapping[str, Duty]
    papers: Mapping[str, Paper]
    named: str  # the field that names the record in a list
    about_field: str = ""  # the field that links it to a school, a zone, …
    doer: str = ""  # the field with the person who must do it
    office: str = ""  # the field with the office that answers for it
    stale_after: int | None = None  # days without any act after which an open record is stale
    evidence_months: int | None = None  # how long a proof holds
    recheck: Recheck | None = None
    keep: Keep | None = None  # none: nobody has said how long, and nothing is purged
    serves: tuple[str, ...] = ()  # rows of the list of capabilities
    planned: str = ""  # the date field by which an open record stands on the joint calendar
    counts: tuple[str, ...] = ()  # fields by which records are counted or summed
    minutes: int = 0  # of a person's time to fill it in, for the burden account
    file: str = ""

    def levels(self) -> dict[str, str]:
        """Return the sensitivity class of each field."""
        return {name: field.level for name, field in self.fields.items()}
