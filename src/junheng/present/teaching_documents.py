"""All documents about a county's teachers, written into one folder: page, Word chapter, two pages for a leader, workbook, JSON."""

from __future__ import annotations

from pathlib import Path

from junheng.present.documents import Job, Step, write_jobs
from junheng.workflow import Text
from junheng.workflow.views import Sheet
from junheng.workflow.views.teaching import TeachingBoard

PAGE = "teachers.html"


def write_teaching(board: TeachingBoard, out: Path, lang: str, step: Step) -> list[tuple[str, Text]]:
    """Write each document under its final name only when whole; return each path with what it is."""
    from junheng.present import report  # the libraries behind the documents are not loaded for other commands
    from junheng.present.web.teaching_page import teaching_page

    jobs: list[Job] = [
        (
            out / PAGE,
            Text("教师网页（双击打开，不需网络）", "page about teachers, opens from disk"),
            lambda path: path.write_text(teaching_page(board, lang), encoding="utf-8"),
        ),
        (
            out / "teachers-summary.pdf",
            Text("两页摘要（给领导）", "two pages for a leader"),
            lambda path: report.write_teaching_pages(board, path),
        ),
        (
            out / "teachers.docx",
            Text("教师编制与需求（公文格式）", "chapter in official layout"),
            lambda path: report.write_teaching_report(board, path),
        ),
        (
            out / "teachers.xlsx",
            Text("全部名单和数字", "all lists and numbers"),
            lambda path: report.write_sheets(teaching_sheets(board, lang), path, board.day, lang),
        ),
        (out / "teachers.json", Text("全部数据", "everything, for programs"), lambda path: report.write_json(board, path)),
    ]
    return write_jobs(jobs, step)


def teaching_sheets(board: TeachingBoard, lang: str) -> tuple[Sheet, ...]:
    """Return the sheets of the workbook: what it says, every list, standards with their sources."""
    from junheng.present.report.grid import listing
    from junheng.present.wording import reviewed_words
    from junheng.present.wording_foresight import document_words

    subtitle = Text(f"{board.name.zh}　{board.year}学年", f"{board.name.en}, school year {board.year}")
    said = [(section.title, line) for section in board.sections for line in section.sentences]
    brief = listing(
        Text("要点", "In short"),
        Text("教师编制与需求：要点", "Teachers in short"),
        subtitle,
        ((Text("部分", "Part"), 22), (Text("内容", "What"), 120)),
        said,
        lang,
        board.limits,
    )
    lists = tuple(listing(one.name, one.title, subtitle, one.columns, one.rows, lang, (one.note,)) for one in board.lists)
    sources = listing(
        Text("标准与来源", "Sources"),
        Text("标准取值与来源", "Standards with their sources"),
        subtitle,
        ((Text("标准", "Standard"), 44), (Text("取值", "Values"), 60), (Text("文件", "Document"), 60), (Text("核对情况", "Checked"), 16)),
        [(title, values, document_words(source), reviewed_words(source)) for title, values, source in board.sources],
        lang,
    )
    return (brief, *lists, sources)
