"""Set pages with typst and write them as PDF, or as pictures. The only module that touches typst and the bundled Chinese fonts.

Run as a script it is the child of pdf.py: one request as JSON on standard input ({"template", "values", "day", "path"}), the file under
`path` when it ends with 0. It loads typst and the fonts, nothing else of ours, so that what setting needs goes back to the system.

System fonts are ignored, so that a clean machine prints the same; the same values give the same bytes. What a user wrote reaches the
templates as JSON, never as markup.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import EllipsisType
from typing import Any

import pylopdf_fonts_zh_cn as fonts
import typst

_PIXEL_A_POINT = 72.0  # at this resolution a point of the page is a pixel of the picture


def typeset(template: str, values: dict[str, Any], day: str, path: str) -> None:
    """Write the PDF of a template of this folder, filled with values, to `path`; its date is `day` (ISO).

    What the template calls too large for its page (metadata <overflowing>) is set again, smaller: to measure everything beforehand
    would take twice the memory.
    """
    folders = sorted({str(fonts.sans_path().parent), str(fonts.serif_path().parent)})
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    folder = Path(__file__).parent
    source = str(folder / template)
    compiler = typst.Compiler(source, root=str(folder), font_paths=faces, ignore_system_fonts=True, sys_inputs=_inputs(values))
    date = datetime.fromisoformat(day).replace(tzinfo=UTC)
    over = [found["value"] for found in json.loads(compiler.query("<overflowing>"))]
    # inputs that are given again, even the same, would have everything set a second time
    made = _compiled(compiler, date, _inputs({**values, "small": over[0]})) if any(over) else _compiled(compiler, date)
    Path(path).write_bytes(made)


def draw(drawings: list[str], width: int, folder: str) -> None:
    """Write drawings (SVG text) to `folder` as 0.png, 1.png …, each `width` pixels across, with the bundled faces: for a Word document."""
    folders = sorted({str(fonts.sans_path().parent), str(fonts.serif_path().parent)})
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    here = Path(__file__).parent
    for number, drawing in enumerate(drawings):
        inputs = _inputs({"drawing": drawing, "width": width})
        source = str(here / "drawing.typ")
        compiler = typst.Compiler(source, root=str(here), font_paths=faces, ignore_system_fonts=True, sys_inputs=inputs)
        made = compiler.compile(format="png", ppi=_PIXEL_A_POINT)
        if not isinstance(made, bytes):
            raise TypeError("typst gave several pages for one drawing")
        (Path(folder) / f"{number}.png").write_bytes(made)


def _inputs(values: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(values, ensure_ascii=False)}


def _compiled(compiler: typst.Compiler, day: datetime, inputs: dict[str, str] | EllipsisType = ...) -> bytes:
    """Return the file as PDF/A-2b, for the archive; as plain PDF when a rare character has no glyph, which that standard refuses."""
    try:
        made = compiler.compile(format="pdf", pdf_standards="a-2b", timestamp=day, sys_inputs=inputs)
    except typst.TypstError as refusal:
        if "could not be displayed" not in str(refusal):
            raise
        made = compiler.compile(format="pdf", timestamp=day)
    if not isinstance(made, bytes):
        raise TypeError("typst gave pages, not one file")
    return made


if __name__ == "__main__":
    asked = json.loads(sys.stdin.buffer.read())
    draw(**asked) if "drawings" in asked else typeset(**asked)
