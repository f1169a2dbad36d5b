"""The pages of a week and of a term's visits: HTML files without script; names of persons never stand on them."""

from __future__ import annotations

from itertools import groupby

from junheng.present.web.page import hash_of
from junheng.present.web.template import asset, ready, render
from junheng.present.wording_ledger import STANDINGS
from junheng.workflow import Text
from junheng.workflow.views.ledgers import LedgerBoard, ThisWeek, VisitSchedule

_POLICY = "default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'"


def week_page(week: ThisWeek, lang: str = "zh") -> str:
    """Return what is owed this week as one HTML file that needs nothing else."""
    return _page(lang, "ledger/week.html", w=week, standings=STANDINGS)


def visits_page(schedule: VisitSchedule, lang: str = "zh") -> str:
    """Return the visits of a term by week, for the supervision office, as one HTML file that needs nothing else."""
    weeks = [(f"{year}-W{week:02d}", list(lines)) for (year, week), lines in groupby(schedule.lines, lambda one: one.day.isocalendar()[:2])]
    return _page(lang, "ledger/visits.html", s=schedule, weeks=weeks)


def board_page(board: LedgerBoard, lang: str = "zh") -> str:
    """Return the board of ledgers as one HTML file that needs nothing else."""
    return _page(lang, "ledger/board.html", b=board, standings=STANDINGS)


def _page(lang: str, template: str, **values: object) -> str:
    style = asset("week.css", "ledger_assets")

    def say(zh: str, en: str) -> str:
        return Text(zh, en).of(lang)

    return render(lang, template, say=say, policy=_POLICY.format(style=hash_of(style)), style=ready(style), **values)
