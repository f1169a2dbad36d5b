"""The plan board: one HTML file without script, every plan with its parts, each measure opened to what it rests on. No names of persons."""

from __future__ import annotations

from junheng.present.web.page import hash_of
from junheng.present.web.template import asset, ready, render
from junheng.present.wording_plan import FORMS, SIGNS, STANDINGS
from junheng.workflow import Text
from junheng.workflow.views.plans_of_action import PlansStatus

_POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'"


def board_page(status: PlansStatus, lang: str = "zh") -> str:
    """Return the plans as one HTML file that needs nothing else."""
    style = "\n".join([asset("week.css", "ledger_assets"), asset("board.css", "plan_assets")])

    def say(zh: str, en: str) -> str:
        return Text(zh, en).of(lang)

    return render(
        lang,
        "plan/board.html",
        s=status,
        say=say,
        standings=STANDINGS,
        signs=SIGNS,
        forms=FORMS,
        measures={plan.id: {line.id: line for line in plan.measures} for plan in status.plans},
        policy=_POLICY.format(style=hash_of(style)),
        style=ready(style),
    )
