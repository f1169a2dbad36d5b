"""Set pages with typst and write them as PDF. The only module that touches typst and the bundled Chinese fonts.

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
from typing import Any

import pylopdf_fonts_zh_cn as fonts
import typst


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
    for found in json.loads(compiler.query("<overflowing>")):
        values = {**values, "small": found["value"]}
    Path(path).write_bytes(_compiled(compiler, _inputs(values), datetime.fromisoformat(day).replace(tzinfo=UTC)))


def _inputs(values: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(values, ensure_ascii=False)}


def _compiled(compiler: typst.Compiler, inputs: dict[str, str], day: datetime) -> bytes:
    """Return the file as PDF/A-2b, for the archive; as plain PDF when a rare character has no glyph, which that standard refuses."""
    try:
        made = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards="a-2b", timestamp=day)
    except typst.TypstError as refusal:
        if "could not be displayed" not in str(refusal):
            raise
        made = compiler.compile(format="pdf", sys_inputs=inputs, timestamp=day)
    if not isinstance(made, bytes):
        raise TypeError("typst gave pages, not one file")
    return made


if __name__ == "__main__":
    typeset(**json.loads(sys.stdin.buffer.read()))
