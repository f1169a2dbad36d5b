"""Printed pages as PDF. The only module that touches typst and the bundled Chinese fonts.

System fonts are ignored, so that a clean machine prints the same; the same assessment gives the same bytes. What a user wrote reaches
the templates as JSON, never as markup.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts
import typst

from junheng.present.report.pages import Values, county_report, school_codes, school_sheets
from junheng.present.report.wording import printable
from junheng.workflow.views import Assessment


def write_school_sheet(assessment: Assessment, school: str, path: Path) -> None:
    """Write one page on the school with this code to `path` (.pdf); ValueError when the assessment has no such school."""
    if school not in school_codes(assessment):
        raise ValueError(f"no school {school} in this assessment")
    _write("school.typ", school_sheets(assessment, (school,)), assessment, path)


def write_school_sheets(assessment: Assessment, path: Path) -> None:
    """Write one page for every school, all in one file."""
    _write("school.typ", school_sheets(assessment, school_codes(assessment)), assessment, path)


def write_county_report(assessment: Assessment, path: Path) -> None:
    """Write the county's report: verdict, map, spread between schools, what is missed, annexes."""
    _write("county.typ", county_report(assessment), assessment, path)


def _write(template: str, values: Values, assessment: Assessment, path: Path) -> None:
    folders = sorted({str(fonts.sans_path().parent), str(fonts.serif_path().parent)})
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    folder = Path(__file__).parent
    compiler = typst.Compiler(
        str(folder / template),
        root=str(folder),
        font_paths=faces,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_clean(values), ensure_ascii=False)},
    )
    day = datetime(assessment.day.year, assessment.day.month, assessment.day.day, tzinfo=UTC)
    path.write_bytes(_compiled(compiler, day))


def _compiled(compiler: typst.Compiler, day: datetime) -> bytes:
    """Return the file as PDF/A-2b, for the archive; as plain PDF when a rare character has no glyph, which that standard refuses."""
    try:
        made = compiler.compile(format="pdf", pdf_standards="a-2b", timestamp=day)
    except typst.TypstError as refusal:
        if "could not be displayed" not in str(refusal):
            raise
        made = compiler.compile(format="pdf", timestamp=day)
    if not isinstance(made, bytes):
        raise TypeError("typst gave pages, not one file")
    return made


def _clean(value: object) -> object:
    """Return the values without the control characters that have no glyph."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value
