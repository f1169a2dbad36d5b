"""All documents of a school year, written into one folder: one page for everything, and papers for each framework."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from junheng.workflow import Text
from junheng.workflow.views import Assessment

Step = Callable[[Text, int, int], None]
Job = tuple[Path, Text, Callable[[Path], object]]
_WRITING = Text("写出文件", "Writing")


def write_all(assessments: Sequence[Assessment], out: Path, lang: str, step: Step, foresight: str = "") -> list[tuple[str, Text]]:
    """Write the page of all assessments, and workbook, Word report, PDFs and JSON of each; return each path with what it is.

    Each file is written under its final name only when whole, so that an interrupted run leaves no half document. `foresight` is the
    address, from `out`, of the forecast's page that is written in the same run.
    """
    jobs = [_page(assessments, out, lang, foresight), *(job for one in assessments for job in _papers(one, out / one.framework, lang))]
    return write_jobs(jobs, step)


def write_jobs(jobs: Sequence[Job], step: Step) -> list[tuple[str, Text]]:
    """Write each file whole or not at all; return each path with what it is."""
    written = []
    for number, (path, what, write) in enumerate(jobs):
        step(_WRITING, number, len(jobs))
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".half-{path.name}")
        try:
            write(half)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
        written.append((path.as_posix(), what))
    step(_WRITING, len(jobs), len(jobs))
    return written


def _page(assessments: Sequence[Assessment], out: Path, lang: str, foresight: str) -> Job:
    from junheng.present.web import page  # the libraries behind the documents are not loaded for other commands

    first, *others = assessments
    what = Text("网页（双击打开，不需网络）", "page, opens from disk")
    return (out / "dashboard.html", what, lambda path: path.write_text(page(first, lang, others, foresight), encoding="utf-8"))


def _papers(assessment: Assessment, out: Path, lang: str) -> list[Job]:
    from junheng.present import report

    jobs: list[Job] = [
        (out / "forms.xlsx", Text("表册与明细", "forms and lists"), lambda path: report.write_workbook(assessment, path, lang)),
        (
            out / "self-assessment.docx",
            Text("自评报告（公文格式）", "self-assessment in official layout"),
            lambda path: report.write_self_assessment(assessment, path),
        ),
        (out / "county-report.pdf", Text("县域报告", "county report"), lambda path: report.write_county_report(assessment, path)),
        (out / "assessment.json", Text("全部数据", "everything, for programs"), lambda path: report.write_json(assessment, path)),
    ]
    if assessment.units:
        sheets = Text("学校一页纸", "one page a school")
        jobs.insert(3, (out / "school-sheets.pdf", sheets, lambda path: report.write_school_sheets(assessment, path)))
    return jobs
