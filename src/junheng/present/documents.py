"""All documents of one assessment, written into one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from junheng.present.report import (
    write_county_report,
    write_json,
    write_school_sheets,
    write_self_assessment,
    write_workbook,
)
from junheng.present.web import page
from junheng.workflow import Text
from junheng.workflow.views import Assessment

Step = Callable[[Text, int, int], None]
_WRITING = Text("写出文件", "Writing")


def write_all(assessment: Assessment, out: Path, lang: str, step: Step) -> list[tuple[str, Text]]:
    """Write page, workbook, Word report, PDFs and JSON into `out`; return each path with what it is.

    Each file is written under its final name only when whole, so that an interrupted run leaves no half document.
    """
    out.mkdir(parents=True, exist_ok=True)
    jobs: list[tuple[str, Text, Callable[[Path], object]]] = [
        ("dashboard.html", Text("网页（双击打开，不需网络）", "page, opens from disk"), lambda path: _write_page(assessment, path, lang)),
        ("forms.xlsx", Text("表Ⅰ–Ⅵ与明细", "forms and lists"), lambda path: write_workbook(assessment, path, lang)),
        (
            "self-assessment.docx",
            Text("自评报告（公文格式）", "self-assessment in official layout"),
            lambda path: write_self_assessment(assessment, path),
        ),
        ("county-report.pdf", Text("县域报告", "county report"), lambda path: write_county_report(assessment, path)),
        ("school-sheets.pdf", Text("学校一页纸", "one page a school"), lambda path: write_school_sheets(assessment, path)),
        ("assessment.json", Text("全部数据", "everything, for programs"), lambda path: write_json(assessment, path)),
    ]
    written = []
    for number, (name, what, write) in enumerate(jobs):
        step(_WRITING, number, len(jobs))
        half = out / f".half-{name}"
        write(half)
        half.replace(out / name)
        written.append((str(out / name), what))
    step(_WRITING, len(jobs), len(jobs))
    return written


def _write_page(assessment: Assessment, path: Path, lang: str) -> None:
    path.write_text(page(assessment, lang), encoding="utf-8")
