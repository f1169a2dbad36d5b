"""Reference pages as Markdown, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Sequence

from junheng.workflow import Text
from junheng.workflow.views import ReferencePage, Section

_MADE = "<!-- 由 junheng docs 从数据生成，请勿手改。 / Generated from the data by `junheng docs`; do not edit. -->"


def markdown(page: ReferencePage) -> str:
    """Return the page as Markdown text, ending with a line end."""
    lines = [f"# {_both(page.title)}", "", _MADE, "", page.text.zh, "", page.text.en, ""]
    for section in page.sections:
        lines += _section(section)
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> list[str]:
    heads = [_both(column) for column in section.columns]
    lines = [f"## {_both(section.title)}", ""]
    lines += [line for line in (section.text.zh, "", section.text.en, "") if section.text.zh]
    lines += [_row(heads), _row(["---" for _ in heads])]
    lines += [_row(row) for row in section.rows]
    return [*lines, ""]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _both(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"
