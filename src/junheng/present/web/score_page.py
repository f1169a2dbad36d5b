"""The page of a form's results: one HTML file without script. Units stand in the order of the register."""

from __future__ import annotations

from junheng.present.web.plain_page import plain_page
from junheng.present.web.template import asset
from junheng.workflow.views.scoring import ScoreReport


def score_page(report: ScoreReport, lang: str = "zh") -> str:
    """Return the page."""
    whence = dict(report.held)
    return plain_page(lang, "ledger/score.html", asset("score.css", "ledger_assets"), r=report, whence=whence)
