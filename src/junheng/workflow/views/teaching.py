"""Teachers as lists to read: need and supply, posts, structure, retirements, lessons outside one's subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from junheng.errors import Finding, Text

Shown = str | int | float | None | Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingList:
    """One list with its columns and their widths in characters."""

    name: Text
    title: Text
    columns: tuple[tuple[Text, int], ...]
    rows: tuple[tuple[Shown, ...], ...]
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingBoard:
    """All lists of one county and year."""

    name: Text
    year: int
    day: date
    lists: tuple[TeachingList, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The letters that were written, and the teachers for whom there was no name."""

    files: tuple[str, ...]
    without_name: tuple[str, ...]
