"""Printed tables: statutory forms, lists to take away, and pages of the reference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from junheng.errors import Text
from junheng.workflow.views.figures import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a sheet: a value Excel can compute with, the decimals it is printed at, and its colour's reason."""

    value: str | int | float | bool | date | None
    decimals: int | None = None
    verdict: Verdict | None = None
    text: bool = False  # long digit strings: written as text
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading cell of a sheet, with its span."""

    text: Text
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A printed table: form 表Ⅰ–Ⅵ, or a list to take away. `headings` are rows of spanning cells from left to right."""

    id: str
    name: Text  # of the worksheet, at most 31 characters
    title: Text
    subtitle: Text
    headings: tuple[tuple[Heading, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]  # in characters, one a column
    notes: tuple[Text, ...] = ()
    landscape: bool = True
    prints: int | None = None  # rows that are printed, of a long list that is for looking up; None: all


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of a reference page: a heading, a sentence, and a table."""

    title: Text
    text: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePage:
    """One generated page of the reference."""

    name: str  # of the file, without ending
    title: Text
    text: Text
    sections: tuple[Section, ...]
