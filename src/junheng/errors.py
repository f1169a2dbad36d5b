"""Every error of junheng on one page, and the finding that explains it.

JunhengError
├── DataError        the county's tables or files contradict the schema (carries findings)
├── StandardsError   a standard, indicator or framework is missing, undated, in another unit, or without a source
├── Infeasible       proven: no proposal can satisfy the brief (carries the rules in conflict)
├── OutOfTime        not proven either way in the work allowed
└── StoreError       a file or database could not be read or written

A message says where, what was found, what was expected (by which rule) and what to do, in that order. Findings are values:
they are collected and shown together; an exception is only for what stops the work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]


class Text(NamedTuple):
    """One sentence or label in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """Return the text in `lang` ("en" for English, anything else for Chinese)."""
        return self.en if lang == "en" else self.zh


UNNAMED = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was found: in a file, on a sheet, or in a table of a County. Every part is optional."""

    file: str = ""
    sheet: str = ""
    cell: str = ""  # A1 address
    row: int | None = None  # 1-based, as the user's program shows it
    column: str = ""
    table: str = ""
    key: tuple[str, ...] = ()
    title: Text = UNNAMED  # the table and the column in the reader's words, where they are known
    label: Text = UNNAMED
    name: str = ""  # the name of the school (or village) to which the key belongs

    def of(self, lang: str) -> str:
        """Return the place in words, e.g. "classes.csv, row 14, column pupils"."""
        parts = self._english() if lang == "en" else self._chinese()
        return (", " if lang == "en" else " ").join(part for part in parts if part)

    def _english(self) -> list[str]:
        return [
            self.file or self.title.en or self.table,
            self.sheet and f"sheet {self.sheet}",
            f"cell {self.cell}" if self.cell else (f"row {self.row}" if self.row else ""),
            self.column and f"column {self.label.en or self.column}",
            " ".join(part for part in ("|".join(self.key), self.name) if part),
        ]

    def _chinese(self) -> list[str]:
        return [
            self.file or self.title.zh or self.table,
            self.sheet and f"工作表“{self.sheet}”",
            f"单元格{self.cell}" if self.cell else (f"第{self.row}行" if self.row else ""),
            self.column and f"“{self.label.zh or self.column}”列",
            " ".join(part for part in ("|".join(self.key), self.name) if part),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, doubtful or worth knowing: where, found, expected by which rule, what to do."""

    rule: str  # id in the catalogue documents/findings/*.csv
    severity: Severity
    place: Place
    found: Text
    expected: Text
    remedy: Text
    source: str = ""  # document key of the rule, where there is one
    count: int = 1  # how many places share this cause

    def sentence(self, lang: str = "zh") -> str:
        """Return the whole message as one line."""
        where, found = self.place.of(lang), self.found.of(lang)
        expected, remedy = self.expected.of(lang), self.remedy.of(lang)
        if lang == "en":
            times = f" ({self.count} times)" if self.count > 1 else ""
            return f"{where}{': ' if where else ''}found {found}{times}; expected {expected}. {remedy}"
        times = f"（共{self.count}处）" if self.count > 1 else ""
        return f"{where}{'：' if where else ''}发现{found}{times}；应为{expected}。{remedy}"


class JunhengError(Exception):
    """Something that stops the work; carries every finding known at that point."""

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        """Keep the findings; the exception's text is all of them in English, a line each."""
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("\n".join(finding.sentence("en") for finding in self.findings))


class DataError(JunhengError):
    """The county's tables or files contradict the schema."""


class StandardsError(JunhengError):
    """A standard, indicator or framework is missing, undated, in another unit, or without a source."""


class Infeasible(JunhengError):
    """Proven: no proposal can satisfy the brief."""


class OutOfTime(JunhengError):
    """Not proven either way in the work allowed."""


class StoreError(JunhengError):
    """A file or database could not be read or written."""
