"""The page that leads to everything that was written: one HTML file without script."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.present.contents_lines import Subject
from junheng.present.web.page import hash_of
from junheng.present.web.template import asset, ready, render
from junheng.workflow import Text

_POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'"


def contents_page(subjects: Sequence[Subject], lang: str = "zh") -> str:
    """Return the page."""
    style = "".join((asset("week.css", "ledger_assets"), asset("contents.css", "ledger_assets")))

    def say(zh: str, en: str) -> str:
        return Text(zh, en).of(lang)

    return render(lang, "contents.html", subjects=subjects, say=say, policy=_POLICY.format(style=hash_of(style)), style=ready(style))
