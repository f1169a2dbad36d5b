"""Rosters as an officer sees them: which there are, where their lines stand, what came of a run. Counts here; names only in `lines`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from junheng.errors import Finding, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRule:
    """One rule, and whether what it rests on lies in the folder."""

    id: str
    title: Text
    about: Text
    owner: str
    rhythm: Text
    due_days: int
    names: str
    kind: str
    serves: tuple[str, ...]
    sources: tuple[str, ...]
    absent: tuple[str, ...]  # sources that the folder does not hold


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterStanding:
    """Where a roster stands on a day, in counts; None where it cannot be told."""

    id: str
    title: Text
    about: Text
    of: Text
    as_of: date
    owner: str
    rhythm: Text
    names: str
    should: int | None
    verified: int | None
    claimed: int | None
    missing: int | None  # not at all, or not enough
    short: int  # of these, not enough
    excused: int
    undecided: int
    untold: int
    doubled: int
    wrong: int
    over: int
    complete: bool  # only then a text may say that all are covered
    sentence: Text
    amounts: tuple[tuple[Text, str], ...]  # what is due, paid, lacking, as shown
    groups: tuple[RosterGroup, ...]
    findings: tuple[Finding, ...]

    @property
    def other(self) -> int:
        """Return the exceptions that are neither missing nor only claimed."""
        return self.excused + self.undecided + self.untold + self.doubled + self.wrong + self.over


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterGroup:
    """The counts of one school, garden, topic and so on."""

    name: str
    should: int
    verified: int
    claimed: int
    missing: int
    other: int  # excused, undecided, cannot be told


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterLine:
    """One line of the list: an exception, or any where the whole register is kept."""

    number: int  # of its row in the list
    record: str  # number of its record, where it has one
    subject: str  # name of the school
    shown: tuple[str, ...]
    standing: str
    word: Text
    detail: Text
    reason: str
    due: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterResult:
    """A roster opened: counts, and the exceptions by line where the reader may see them."""

    standing: RosterStanding
    heads: tuple[Text, ...]  # of what `shown` holds
    lines: tuple[RosterLine, ...]
    doubled: tuple[RosterLine, ...]
    wrong: tuple[RosterLine, ...]
    hidden: bool  # there are lines that this reader may not see
    covered: int
    register: tuple[RosterLine, ...] = ()  # every line, where the rule keeps the whole list and the reader may see it
    register_title: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRun:
    """What a run wrote down."""

    standing: RosterStanding
    opened: int  # records made
    closed: int  # records closed by the data
    again: int  # records opened again: the line was covered and is missing once more
    kept: int  # records that stay as they are
    batch: int  # 0: nothing had changed


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterMoment:
    """One earlier run."""

    day: date
    should: int
    verified: int
    claimed: int
    missing: int
    opened: int
    closed: int
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterBoard:
    """Some rosters on a day."""

    name: Text
    day: date
    standings: tuple[RosterStanding, ...]
    results: tuple[RosterResult, ...]  # of those that can be told
    offices: tuple[str, ...]
    complete: int  # rosters of which it may be said that all are covered
    open: int  # lines that somebody must act on
    untold: int  # rosters whose lists are absent
    named: bool  # lines of persons stand in it


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterQuestion:
    """A pair that a person must decide, by the rows of both lists; no name."""

    pair: str
    line: int  # row in the should list
    source: str
    other: int  # row in the other list
    because: Text
