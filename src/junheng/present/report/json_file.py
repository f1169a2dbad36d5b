"""A view (assessment, forecast, proposal, chapter on teachers) as one JSON file for programs: dates as ISO text, texts in both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from junheng.present.plain import plain
from junheng.workflow import Text
from junheng.workflow.views import Assessment
from junheng.workflow.views.foresight import Foresight
from junheng.workflow.views.proposals import Proposed
from junheng.workflow.views.teaching import TeachingBoard


def write_json(assessment: Assessment | Foresight | Proposed | TeachingBoard, path: Path, indent: int | None = 1) -> None:
    """Write everything the view holds to `path`, in a stable order; without indent, a line for each member."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, field in enumerate(fields(assessment)):
            file.write(f"{',' if number else '{'}\n {json.dumps(field.name)}: ")
            file.writelines(_pieces(getattr(assessment, field.name), indent))
        file.write("\n}\n")


def _pieces(value: object, indent: int | None) -> Iterator[str]:
    """Yield the text of one field, a list member by member: the whole as one text would take several times the assessment's memory."""
    if not isinstance(value, tuple) or isinstance(value, Text) or not value:
        yield _indented(value, "\n ", indent)
        return
    for number, member in enumerate(value):
        yield f"{',' if number else '['}\n  {_indented(member, chr(10) + '  ', indent)}"
    yield "\n ]"


def _indented(value: object, line: str, indent: int | None) -> str:
    """Return the JSON of a value, each further line of it begun with `line`; a line break inside a text is written as an escape."""
    return json.dumps(plain(value), ensure_ascii=False, indent=indent).replace("\n", line)
