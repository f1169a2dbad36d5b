"""The page of rosters: counts for everybody inside, lines of schools and things, never a person."""

from __future__ import annotations

from junheng.present.web.plain_page import plain_page
from junheng.present.web.template import asset
from junheng.present.wording_coverage import COLUMNS, OTHER, count_cells, count_or_unknown
from junheng.workflow.views.coverage import RosterBoard


def coverage_page(board: RosterBoard, lang: str = "zh") -> str:
    """Return the board as one HTML file that needs nothing else. Raises ValueError for a board in which persons are named."""
    if board.named:
        raise ValueError("a page never names persons")
    return plain_page(
        lang,
        "coverage/page.html",
        asset("rosters.css", "coverage_assets"),
        b=board,
        columns=COLUMNS,
        other=OTHER,
        cells=count_cells,
        rest=count_or_unknown,
    )
