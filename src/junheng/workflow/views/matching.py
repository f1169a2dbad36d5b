"""Views of comparisons of lists: counts, numbers of lines and reasons; never a name."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.errors import Finding, Text


@dataclass(frozen=True, slots=True)
class MatchCounts:
    """How many lines of the other list are the same as one of the register, asked about, and not found; shares as they are shown."""

    left_rows: int
    right_rows: int
    same: int
    ask: int
    ask_lines: int
    not_found: int
    decided: int
    same_share: str
    ask_share: str


@dataclass(frozen=True, slots=True)
class MatchResult:
    """One comparison: files, counts, where the results lie, whether weights were trained now, and what was found in the lists."""

    rule: Text
    left: str
    right: str
    counts: MatchCounts
    trained: bool
    written: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class MatchQuestion:
    """One pair that a person must decide, by the numbers of its lines; the degrees that speak for and against it."""

    pair: str
    left_line: str
    right_line: str
    because: Text
    reasons: Text
    weight: str


@dataclass(frozen=True, slots=True)
class MatchReason:
    """One field of a pair, its degree, its weight in bits as it is shown."""

    title: Text
    words: Text
    weight: str


@dataclass(frozen=True, slots=True)
class MatchExplained:
    """Why a pair has its outcome."""

    pair: str
    outcome: Text
    because: Text
    before: str
    reasons: tuple[MatchReason, ...]
    weight: str
    probability: str


@dataclass(frozen=True, slots=True)
class MatchDecided:
    """What was kept: decisions by kind, what is still open, where they lie, what could not be read."""

    same: int
    different: int
    withdrawn: int
    open: int
    written: str
    in_record: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class MatchMoved:
    """Decisions of a file taken into the record: how many, of which folder, and where the file lies now."""

    changes: int
    record: str
    file: str
