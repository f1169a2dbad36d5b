"""The page of a week: one HTML file without script, by office and school; names of persons never stand on it."""

from __future__ import annotations

from junheng.present.web.page import hash_of
from junheng.present.web.template import asset, ready, render
from junheng.present.wording_ledger import STANDINGS
from junheng.workflow import Text
from junheng.workflow.views.ledgers import ThisWeek

_POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'"


def week_page(week: ThisWeek, lang: str = "zh") -> str:
    """Return what is owed this week as one HTML file that needs nothing else."""
    style = asset("week.css", "ledger_assets")

    def say(zh: str, en: str) -> str:
        return Text(zh, en).of(lang)

    return render(
        lang,
        "ledger/week.html",
        w=week,
        say=say,
        standings=STANDINGS,
        policy=_POLICY.format(style=hash_of(style)),
        style=ready(style),
    )
