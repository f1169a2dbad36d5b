"""The page of rosters: counts for everybody inside, lines of schools and things, never a person."""

from __future__ import annotations

from junheng.present.web.page import hash_of
from junheng.present.web.template import asset, ready, render
from junheng.present.wording_coverage import COLUMNS, OTHER, count_cells, count_or_unknown
from junheng.workflow import Text
from junheng.workflow.views.coverage import RosterBoard

_POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'"


def coverage_page(board: RosterBoard, lang: str = "zh") -> str:
    """Return the board as one HTML file that needs nothing else. Raises ValueError for a board in which persons are named."""
    if board.named:
        raise ValueError("a page never names persons")
    style = "".join((asset("week.css", "ledger_assets"), asset("rosters.css", "coverage_assets")))

    def say(zh: str, en: str) -> str:
        return Text(zh, en).of(lang)

    return render(
        lang,
        "coverage/page.html",
        say=say,
        policy=_POLICY.format(style=hash_of(style)),
        style=ready(style),
        b=board,
        columns=COLUMNS,
        other=OTHER,
        cells=count_cells,
        rest=count_or_unknown,
    )
