"""What a standard says: one number or several, each with its unit, its comparator, the day from which it holds, and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from junheng.errors import Text
from junheng.model import units

Comparator = Literal["at_least", "at_most", "above", "below", "equals"]

COMPARATORS: tuple[Comparator, ...] = get_args(Comparator)

# As a file writes it: `holds_when: value <= limit`.
SIGNS: Mapping[str, Comparator] = {">=": "at_least", "<=": "at_most", ">": "above", "<": "below", "=": "equals"}

# The coded columns of the tables, by which a value may be chosen, and the list of their values. Other columns are free words.
CODED: Mapping[str, str] = {"stage": "stage", "kind": "school_kind", "grade": "grade"}

ALL = "all"  # the one selector of a parameter that does not differ by stage, kind or grade


class Review(NamedTuple):
    """The day on which a named person compared a value with the original text."""

    on: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One document: as its list (sources.yaml) describes it."""

    key: str
    title: Text
    number: str  # 文号, "" when it has none or it is not known
    issuer: Text
    issued: date | None
    in_force: date | None
    seen: Text  # where the text was seen
    remembered: tuple[str, ...]  # which of the fields above are from memory and still to be confirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedValue:
    """One value from one day on, until a newer one supersedes it."""

    value: Decimal
    since: date
    source: str  # "document#item"
    confidence: str
    reviewed: Review | None
    note: Text | None = None
    check_again: date | None = None  # the day by which the document itself announces a new value


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """An easement as its file writes it, for one selector. `value` is None when it eases what is counted and not the limit."""

    id: str
    title: Text
    selector: str
    value: Decimal | None
    indicator: str | None
    when: str
    since: date
    until: date | None
    duty: Text
    source: str
    confidence: str
    note: Text | None
    line: int  # of the file, where its condition stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One standard on one shelf: values by selector and by the day from which they hold, oldest first."""

    id: str
    title: Text
    jurisdiction: str
    unit: str
    by: str  # the column on which a value is chosen: stage, kind, grade …; "none" when there is one value for all
    labels: Mapping[str, Text]  # selectors in words; coded columns and plain numbers need none
    comparator: Comparator
    values: Mapping[str, Mapping[date, DatedValue]]
    terms: tuple[Terms, ...]
    reviewed: Review | None
    note: Text | None
    file: str
    lines: Mapping[str, int]  # selector -> line of the file

    def on(self, selector: str, day: date) -> DatedValue | None:
        """Return the newest value that holds on `day`, or None before the first."""
        known = [value for since, value in self.values.get(selector, {}).items() if since <= day]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one standard says for one selector on one day, with all that a page must show beside the number."""

    parameter: str
    selector: str
    value: Decimal
    unit: str
    comparator: Comparator
    since: date
    source: str
    document: Source
    confidence: str
    reviewed: Review | None
    jurisdiction: str
    title: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concession:
    """An easement on one day: whoever meets the condition is held to `value`, until its end, with a duty to follow.

    `when` is a condition in the indicator language over derived/school_facts. `indicator`, when given, replaces what is counted; the
    value is then the ordinary one.
    """

    id: str
    title: Text
    parameter: str
    selector: str
    value: Decimal
    unit: str
    indicator: str | None
    when: str
    since: date
    until: date | None
    duty: Text
    source: str
    document: Source
    confidence: str
    jurisdiction: str
    note: Text | None = None
    file: str = ""
    line: int = 0  # of the file, where its condition stands


def clock_minutes(text: str) -> Decimal | None:
    """Return the minutes after midnight of "08:20", or None when it is not a clock time."""
    hours, colon, minutes = text.partition(":")
    if not colon or not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2):
        return None
    if int(hours) > 24 or int(minutes) > 59:
        return None
    return Decimal(int(hours) * 60 + int(minutes))


def value_text(value: Decimal, unit: str) -> str:
    """Return a value as a page prints it without its unit: "45", "0.85", or "08:20" for a clock time."""
    if unit == "clock":
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    return format(value.normalize(), "f")


def amount(value: Decimal, unit: str) -> Text:
    """Return a value with its unit in Chinese and English: "45人/班", "45 pupils/class"."""
    number, label = value_text(value, unit), units()[unit].label
    return Text(f"{number}{label.zh}", f"{number} {label.en}".rstrip())
