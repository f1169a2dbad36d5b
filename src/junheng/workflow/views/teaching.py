"""Teachers as a chapter: posts, need and supply, structure, retirements and hiring, posts of titles, leaders; and letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from junheng.errors import Finding, Text
from junheng.workflow.views.figures import Source
from junheng.workflow.views.judgement import Digests

Shown = str | int | float | None | Text
Where = Literal["text", "annex", "workbook"]  # in the text of a chapter, as an annex of it, or in the workbook alone


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingList:
    """One list with its columns and their widths in characters; None in a row: not known, never 0."""

    id: str
    name: Text
    title: Text
    columns: tuple[tuple[Text, int], ...]
    rows: tuple[tuple[Shown, ...], ...]
    note: Text
    where: Where = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingSection:
    """One part of the chapter: what it says in sentences, then its lists."""

    title: Text
    sentences: tuple[Text, ...]
    lists: tuple[TeachingList, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedPoint:
    """Teachers needed in one school year with the 80 % band, and those of today who are still there."""

    year: int
    need: float | None
    low80: float | None
    high80: float | None
    staying: float | None
    need_shown: str
    staying_shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedSeries:
    """Need and those who stay of one stage over the years; today first, without a band."""

    stage: str
    title: Text
    points: tuple[NeedPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingBoard:
    """The whole chapter of one county and year."""

    name: Text
    year: int
    day: date
    brief: tuple[Text, ...]  # the headlines, for two pages
    sections: tuple[TeachingSection, ...]
    need: tuple[NeedSeries, ...]
    limits: tuple[Text, ...]  # what these numbers cannot say
    sources: tuple[tuple[Text, Text, Source], ...]  # a standard, its values in words, its document
    digests: Digests
    findings: tuple[Finding, ...]

    @property
    def lists(self) -> tuple[TeachingList, ...]:
        """Return all lists in their order."""
        return tuple(one for section in self.sections for one in section.lists)

    def list(self, name: str) -> TeachingList:
        """Return the list of an id. Raises KeyError."""
        found = {one.id: one for one in self.lists}
        return found[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The letters that were written, and the teachers for whom there was no name."""

    files: tuple[str, ...]
    without_name: tuple[str, ...]
