"""The pages of a week and of a term's visits: HTML files without script; names of persons never stand on them."""

from __future__ import annotations

from itertools import groupby

from junheng.present.web.plain_page import plain_page
from junheng.present.wording_ledger import STANDINGS
from junheng.workflow.views.ledgers import LedgerBoard, ThisWeek, VisitSchedule


def week_page(week: ThisWeek, lang: str = "zh") -> str:
    """Return what is owed this week as one HTML file that needs nothing else."""
    return plain_page(lang, "ledger/week.html", w=week, standings=STANDINGS)


def visits_page(schedule: VisitSchedule, lang: str = "zh") -> str:
    """Return the visits of a term by week, for the supervision office, as one HTML file that needs nothing else."""
    weeks = [(f"{year}-W{week:02d}", list(lines)) for (year, week), lines in groupby(schedule.lines, lambda one: one.day.isocalendar()[:2])]
    return plain_page(lang, "ledger/visits.html", s=schedule, weeks=weeks)


def board_page(board: LedgerBoard, lang: str = "zh") -> str:
    """Return the board of ledgers as one HTML file that needs nothing else."""
    return plain_page(lang, "ledger/board.html", b=board, standings=STANDINGS)
