"""A paper of a record as a Word document in official layout (GB/T 9704): a notice, an opinion, a public notice."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.prose import Paragraph, Report
from junheng.present.report.word import write_report
from junheng.workflow.views.ledgers import LedgerPaper


def write_paper(paper: LedgerPaper, path: Path) -> None:
    """Write a paper to `path` (.docx)."""
    body = [Paragraph("addressee", paper.addressee)] if paper.addressee else []
    body += [Paragraph("body", text) for text in paper.paragraphs or ("（无）",)]
    write_report(Report(title=paper.title, subtitle="", body=tuple(body), annexes=(), signed=paper.signed), paper.day, path)
