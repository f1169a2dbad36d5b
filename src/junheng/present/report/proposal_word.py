"""A proposal as a Word document in official layout."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.proposal_prose import proposal_report
from junheng.present.report.word import write_report
from junheng.workflow.views.proposals import Proposed


def write_proposal_report(proposed: Proposed, path: Path) -> None:
    """Write the annex to `path` (.docx)."""
    write_report(proposal_report(proposed), proposed.day, path)
