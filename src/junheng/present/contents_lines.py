"""What the page of contents shows: files by subject."""

from __future__ import annotations

from dataclasses import dataclass

from junheng.workflow import Text


@dataclass(frozen=True, slots=True)
class Written:
    """One file on the page."""

    link: str
    what: Text
    file: str
    page: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """The files of one subject: pages to open, then papers and lists."""

    title: Text
    pages: tuple[Written, ...]
    papers: tuple[Written, ...]
