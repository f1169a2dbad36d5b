"""The burden account as an officer sees it: what is asked of whom, for which rule, whether it is held, and what it costs in hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from junheng.errors import Finding, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class BurdenLine:
    """One list, form or survey that somebody fills in."""

    id: str
    sort: Text  # ledger, scoring form, survey
    title: Text
    fields: int
    required: int
    minutes: str  # for one
    filled: int | None  # in the year that ended today; None: not known
    hours: str  # that filling them in took
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BurdenField:
    """One field that is asked for."""

    id: str
    title: Text
    label: Text
    required: bool
    needed_by: Text
    used_by: tuple[Text, ...]
    source: str  # the document that asks for it, where one does
    held: str  # "table.column" of the County where it is held, which the loader refuses; "link" where only a code is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class BurdenDemand:
    """What other offices asked of schools in a month, by the ledger of demands."""

    month: str
    count: int
    minutes: str
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """The whole account."""

    name: Text
    first: date
    day: date
    lines: tuple[BurdenLine, ...]
    fields: tuple[BurdenField, ...]
    demands: tuple[BurdenDemand, ...]
    hours: str  # of all lines
    findings: tuple[Finding, ...]
