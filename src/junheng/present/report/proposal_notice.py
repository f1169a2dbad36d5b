"""The public notice of a plan, and its letters, as documents of their own in official layout.

The last column of their tables holds heading and paragraphs; each thing named in the first column of the letters has a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from junheng.present.report.prose import Level, Paragraph, Report
from junheng.present.report.word import write_report, write_reports
from junheng.workflow.views.proposals import Grid, Proposed

_PART = re.compile("[一二三四五六七八九十]+、")


def notice_report(proposed: Proposed, grid: Grid) -> Report:
    """Return the notice as an outline; the first row is its heading. The office signs, day and seal are blanks to fill."""
    first, *texts = [row[-1].shown.zh for row in grid.rows]
    return Report(title=f"{proposed.county_name.zh}{first}", subtitle="", body=_body(texts), annexes=(), signed=_signed(proposed))


def write_proposal_notice(proposed: Proposed, grid: Grid, path: Path) -> None:
    """Write the notice to `path` (.docx)."""
    write_report(notice_report(proposed, grid), proposed.day, path)


def letter_reports(proposed: Proposed, grid: Grid) -> tuple[Report, ...]:
    """Return the letters as outlines: the first row of each is its heading."""
    letters = []
    for _, rows in groupby(grid.rows, key=lambda row: row[0].shown.zh):
        first, *texts = [row[-1].shown.zh for row in rows]
        letters.append(Report(title=first, subtitle="", body=_body(texts), annexes=(), signed=_signed(proposed)))
    return tuple(letters)


def write_proposal_letters(proposed: Proposed, grid: Grid, path: Path) -> None:
    """Write the letters to `path` (.docx), each on a page of its own."""
    write_reports(letter_reports(proposed, grid), f"{proposed.county_name.zh}{grid.title.zh}", proposed.day, path, numbered=False)


def _body(texts: Sequence[str]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(_level(text), text) for text in texts)


def _level(text: str) -> Level:
    if _PART.match(text):
        return "one"
    return "addressee" if text.endswith("：") else "body"


def _signed(proposed: Proposed) -> tuple[str, str]:
    return (f"{proposed.county_name.zh}教育局（盖章）", "　　　　年　　月　　日")
