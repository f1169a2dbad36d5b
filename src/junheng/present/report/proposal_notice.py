"""The public notice of a plan as a document of its own, in official layout: the last column of its table holds heading and paragraphs."""

from __future__ import annotations

import re
from pathlib import Path

from junheng.present.report.prose import Paragraph, Report
from junheng.present.report.word import write_report
from junheng.workflow.views.proposals import Grid, Proposed

_PART = re.compile("[一二三四五六七八九十]+、")


def notice_report(proposed: Proposed, grid: Grid) -> Report:
    """Return the notice as an outline; the first row is its heading. The office signs, day and seal are blanks to fill."""
    first, *texts = [row[-1].shown.zh for row in grid.rows]
    body = tuple(Paragraph("one" if _PART.match(text) else "body", text) for text in texts)
    signed = (f"{proposed.county_name.zh}教育局（盖章）", "　　　　年　　月　　日")
    return Report(title=f"{proposed.county_name.zh}{first}", subtitle="", body=body, annexes=(), signed=signed)


def write_proposal_notice(proposed: Proposed, grid: Grid, path: Path) -> None:
    """Write the notice to `path` (.docx)."""
    write_report(notice_report(proposed, grid), proposed.day, path)
