"""What the other questions are answered with: comparisons, lists of standards, imports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from junheng.errors import Finding, Text
from junheng.workflow.views.figures import Figure, Source, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure in two assessments."""

    label: Text
    place: Text
    before: Figure | None
    after: Figure | None
    before_verdict: Verdict | None
    after_verdict: Verdict | None
    change: str  # "+0.12"; "" when one side has no data
    turn: Literal["gained", "lost", "same", "new", "gone", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two years or two counties side by side."""

    before: Text
    after: Text
    rows: tuple[Compared, ...]
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardRow:
    """One value of a standard, for the list of standards."""

    id: str
    title: Text
    selector: Text  # in words: 小学; empty when there is one value for all
    shown: str
    unit: Text
    comparator: str
    holds: bool  # whether it is the value that holds on the day
    source: Source
    confidence: Text  # what the source's confidence tag means
    note: Text
    stale: Text  # empty unless there is reason to look again


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What came in, what was refused, who has not sent."""

    county: str
    year: int
    files: tuple[tuple[str, tuple[str, ...], int, int], ...]  # (file, forms recognised, cells loaded, cells refused)
    loaded: int  # cells, of all files
    refused: int
    tables: tuple[tuple[str, Text, int, int], ...]  # (table, title, rows, rows changed)
    totals: tuple[tuple[str, Text, str, str, bool], ...]  # (file, label, total in the file, total loaded, equal)
    not_sent: tuple[tuple[str, str], ...]  # (code, name)
    findings: tuple[Finding, ...]
    written: tuple[str, ...]  # files written; empty when nothing was
