"""Printed pages as PDF, each file set in a process of its own: the type-setter keeps what it has set until its process ends.

The same assessment gives the same bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from junheng.present.report.foresight_pages import foresight_pages
from junheng.present.report.pages import Values, county_report, school_codes, school_sheets
from junheng.present.report.wording import printable
from junheng.workflow.views import Assessment
from junheng.workflow.views.foresight import Foresight

_TYPESETTING = Path(__file__).with_name("typesetting.py")


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


def write_foresight_pages(foresight: Foresight, path: Path) -> None:
    """Write the forecast in a few pages: what is coming, maps of the years side by side, past errors, limits."""
    set_pages("foresight.typ", foresight_pages(foresight), foresight.as_of, path)


def pictures(drawings: Sequence[str], width: int) -> list[bytes]:
    """Return drawings (SVG text) as PNG, each `width` pixels across: for programs that know no SVG."""
    with tempfile.TemporaryDirectory() as folder:
        _ask("drawing.typ", {"drawings": list(drawings), "width": width, "folder": folder})
        return [Path(folder, f"{number}.png").read_bytes() for number, _ in enumerate(drawings)]


def _write(template: str, values: Values, assessment: Assessment, path: Path) -> None:
    set_pages(template, values, assessment.day, path)


def set_pages(template: str, values: Values, day: date, path: Path) -> None:
    """Write a template of this folder, filled with values, to `path` (.pdf); `day` is what the file says of its making."""
    _ask(template, {"template": template, "values": _clean(values), "day": day.isoformat(), "path": str(path.resolve())})


def _ask(template: str, request: dict[str, Any]) -> None:
    if getattr(sys, "frozen", False) or not sys.executable:  # a program without an interpreter of its own sets the pages itself
        from junheng.present.report.typesetting import draw, typeset

        draw(**request) if "drawings" in request else typeset(**request)
        return
    command = [sys.executable, "-P", str(_TYPESETTING)]  # -P: the modules beside the script are not the standard library's
    sent = json.dumps(request, ensure_ascii=False).encode()
    done = subprocess.run(command, input=sent, stderr=subprocess.PIPE, check=False)  # noqa: S603 - our own script, no shell
    if done.returncode:
        raise RuntimeError(f"{template} was not set ({done.returncode}): {done.stderr.decode(errors='replace')[-2000:]}")


def _clean(value: object) -> object:
    """Return the values without the control characters that have no glyph."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value
