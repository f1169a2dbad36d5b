"""A roster rule: who should be covered, by what they are, how the two lists meet, who answers for a missing line and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from junheng.errors import Text
from junheng.model import SENSITIVITY

SOURCES = ("table", "ledger", "list", "roster")
RHYTHMS = ("monthly", "quarterly", "termly", "yearly")
COLUMN_KINDS = ("text", "school", "number", "date", "age")
PERIODS = ("week", "month", "term", "year", "days", "years")
LEVELS = tuple(SENSITIVITY)  # who may see the names of lines
Standing = Literal["missing", "short", "untold", "undecided", "excused", "claimed", "verified"]
STANDINGS: Mapping[Standing, Text] = {
    "missing": Text("缺", "missing"),
    "short": Text("不足", "short"),
    "untold": Text("无法判断", "cannot be told"),
    "undecided": Text("待人工判断", "to be decided"),
    "excused": Text("有说明", "excused"),
    "claimed": Text("已报未核实", "claimed"),
    "verified": Text("已核实", "verified"),
}
COVERED: tuple[Standing, ...] = ("claimed", "verified")
OPEN: tuple[Standing, ...] = ("missing", "short")  # become a record

Test = Mapping[str, object]  # column -> a list of values, or {at_least, at_most, below, filled, not}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceColumn:
    """One column of a source: where it comes from (a column of the table, a field of the ledger) or how lists head it."""

    kind: str = "text"
    source: str = ""  # the table's own name of it, where it differs
    headings: tuple[str, ...] = ()
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One side: a table of the County, the records of a ledger, a list as an office keeps it, or lines of another roster."""

    sort: str  # one of SOURCES
    name: str
    title: Text
    columns: Mapping[str, SourceColumn]
    where: Test
    verified: Test | None = None  # of a did line: when it is proven and not only said; None: it is only said
    proven: bool = False  # every line of this source is proof: a bank's returned list, another office's register
    each: Mapping[str, tuple[str, ...]]  # multiplies the lines: column -> values
    group: tuple[str, ...] = ()  # lines of a table are added up by these columns
    states: tuple[str, ...] = ()  # of a ledger's records, or standings of a roster's lines
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """How much must be done of each line: so many times, or so much of a column, within a period."""

    amount: Decimal = Decimal(1)
    standard: str = ""  # a standard in place of the amount
    unit: str = ""  # of the standard
    factor: Decimal = Decimal(1)  # of the standard's unit in the column's: 60 minutes an hour
    total: str = ""  # the column that is added up; lines are counted when empty
    day: str = ""  # the column with the day on which it was done
    per: str = ""  # one of PERIODS; all time when empty
    length: int = 1  # of days or years


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One way in which an amount is due: the first whose condition a line meets holds."""

    when: Test
    column: str = ""
    standard: str = ""
    unit: str = ""
    by: str = ""  # the column that names the standard's case (the stage)
    times: tuple[str, ...] = ()  # columns with which the standard is multiplied
    share: Decimal = Decimal(1)  # of a year's amount in the period of the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What is due to each line and what it was given."""

    unit: str
    due: tuple[Due, ...]
    paid: str  # a column of the did lines
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Why a line that was covered should not have been: lines of the should source that a condition sets apart."""

    id: str
    when: Test
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A whole rule."""

    id: str
    title: Text
    about: Text
    of: Text  # what a line is: 所学校 schools
    claim: Text  # what may be said when nothing is missing: 全覆盖
    owner: str
    due_days: int
    rhythm: str
    names: str
    serves: tuple[str, ...]
    should: Source
    did: tuple[Source, ...]
    keys: tuple[str, ...] = ()
    rule: str = ""  # a match rule of `matching` in place of keys
    register: str = "did"  # which side is the register, where a match rule is used
    subject: str = ""  # the column with the school that a line belongs to
    shows: tuple[str, ...] = ()  # columns that tell the line to the office that may see it
    groups: str = ""  # the column by which counts are told
    least: Least
    amounts: Amounts | None = None
    once: tuple[str, ...] | None = None  # () or columns: more than one did line of a key (and these) is one too many
    wrong: bool = False  # did lines outside the should list are faults, and are told
    outside: tuple[Outside, ...] = ()
    kind: str = "missing_line"  # of the records that missing lines become
    given: Mapping[str, str]  # values that such a record gets beside what every one has
    whole: Text | None = None  # title of the register that all its lines make up, where one is kept: 适龄儿童少年台账
    source: str = ""
    file: str = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the should source and then those of what was done."""
        return (self.should, *self.did)

    @property
    def guarded(self) -> bool:
        """Return whether its lines are persons, whose names only the office that needs them may see."""
        return self.names > "L2"
