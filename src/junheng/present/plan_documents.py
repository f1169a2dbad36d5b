"""The files of plans: the board as a page, the dispatch table, a plan on one page, the draft of the work report."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.plan_prose import dispatch_report, draft_report, one_page_report
from junheng.present.report.plan_sheets import dispatch_sheets
from junheng.present.report.plan_typeset import write_one_page
from junheng.present.report.word import write_report
from junheng.present.report.workbook import write_sheets
from junheng.present.web.plan_board import board_page, dispatch_page
from junheng.workflow.views.plans_of_action import PlansStatus, WorkReport


def write_board(status: PlansStatus, out: Path, lang: str = "zh") -> tuple[Path, ...]:
    """Write the board plan-board.html; return its path."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "plan-board.html"
    path.write_text(board_page(status, lang), encoding="utf-8", newline="\n")
    return (path,)


def write_dispatch(status: PlansStatus, out: Path, lang: str = "zh") -> tuple[Path, ...]:
    """Write the monthly dispatch table as dispatch.html, dispatch.docx and dispatch.xlsx; return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    page, word, book = out / "dispatch.html", out / "dispatch.docx", out / "dispatch.xlsx"
    page.write_text(dispatch_page(status, lang), encoding="utf-8", newline="\n")
    write_report(dispatch_report(status), status.day, word)
    write_sheets(dispatch_sheets(status, lang), book, status.day, lang)
    return (page, word, book)


def write_plan_pages(status: PlansStatus, out: Path) -> tuple[Path, ...]:
    """Write each plan on one page, as <plan>.pdf and <plan>.docx; return the paths."""
    out.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for plan in status.plans:
        page, word = out / f"{plan.id}.pdf", out / f"{plan.id}.docx"
        write_one_page(status, plan, page)
        write_report(one_page_report(status, plan), status.day, word)
        written += [page, word]
    return tuple(written)


def write_work_report(report: WorkReport, out: Path) -> tuple[Path, ...]:
    """Write the draft of the work report as work-report.docx; return its path."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "work-report.docx"
    write_report(draft_report(report), report.day, path)
    return (path,)
