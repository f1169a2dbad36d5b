"""The page that leads to everything that was written: one HTML file without script."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.present.contents_lines import Subject
from junheng.present.web.plain_page import plain_page
from junheng.present.web.template import asset


def contents_page(subjects: Sequence[Subject], lang: str = "zh") -> str:
    """Return the page."""
    return plain_page(lang, "contents.html", asset("contents.css", "ledger_assets"), subjects=subjects)
