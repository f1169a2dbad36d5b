"""All documents of a forecast, written into one folder: the page, the Word chapter, the workbook, the notice, the pages to print."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from junheng.present.documents import Job, Step, write_jobs
from junheng.workflow import Text
from junheng.workflow.views.foresight import Foresight

PAGE = "foresight.html"


def write_foresight(foresight: Foresight, out: Path, lang: str, step: Step, dashboard: str = "") -> list[tuple[str, Text]]:
    """Write page, Word chapter, printed pages, workbook, JSON, and the notice where one is called for; return each path with what it is.

    Each file is written under its final name only when whole. `dashboard` is the address, from `out`, of the dashboard that is written in
    the same run; "" where there is none.
    """
    return write_jobs(_jobs(foresight, out, lang, dashboard), step)


def _jobs(foresight: Foresight, out: Path, lang: str, dashboard: str) -> list[Job]:
    from junheng.present import report  # the libraries behind the documents are not loaded for other commands
    from junheng.present.web import foresight_page

    numbers = replace(foresight, sheets=())  # the workbook's rows are the scenarios' numbers once more
    jobs: list[Job] = [
        (
            out / PAGE,
            Text("预测网页（双击打开，不需网络）", "page of the forecast, opens from disk"),
            lambda path: path.write_text(foresight_page(foresight, lang, dashboard), encoding="utf-8"),
        ),
        (
            out / "seats-warning.docx",
            Text("学位预警报告（公文格式）", "report on pupils and places in official layout"),
            lambda path: report.write_seats_warning(foresight, path),
        ),
        (
            out / "foresight.pdf",
            Text("预测简报（打印）", "the forecast to print"),
            lambda path: report.write_foresight_pages(foresight, path),
        ),
        (out / "foresight.xlsx", Text("全部数字", "all numbers"), lambda path: report.write_foresight_workbook(foresight, path, lang)),
        (
            out / "foresight.json",
            Text("全部数据", "everything, for programs"),
            lambda path: report.write_json(numbers, path, indent=None),
        ),
    ]
    if foresight.notice.zh:
        notice = Text("学位预警公告文本", "text of the public notice")
        jobs.insert(2, (out / "notice.docx", notice, lambda path: report.write_notice(foresight, path)))
    return jobs
