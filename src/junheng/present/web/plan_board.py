"""Pages of the plans without script: the board, each measure opened to what it rests on; the dispatch table. No names of persons."""

from __future__ import annotations

from junheng.present.web.plain_page import plain_page
from junheng.present.web.template import asset
from junheng.present.wording_plan import FORMS, SIGNS, STANDINGS
from junheng.workflow.views.plans_of_action import PlansStatus


def board_page(status: PlansStatus, lang: str = "zh") -> str:
    """Return the plans as one HTML file that needs nothing else."""
    return plain_page(
        lang,
        "plan/board.html",
        "\n" + asset("board.css", "plan_assets"),
        s=status,
        standings=STANDINGS,
        signs=SIGNS,
        forms=FORMS,
        measures={plan.id: {line.id: line for line in plan.measures} for plan in status.plans},
    )


def dispatch_page(status: PlansStatus, lang: str = "zh") -> str:
    """Return the monthly dispatch table as one HTML file: a table of each plan; of what is lacking the count only."""
    style = "\n" + asset("board.css", "plan_assets")
    return plain_page(lang, "plan/dispatch.html", style, s=status, standings=STANDINGS, signs=SIGNS)
