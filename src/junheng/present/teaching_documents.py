"""The workbook of a county's teachers: one sheet a list."""

from __future__ import annotations

from pathlib import Path

from junheng.present.report.grid import listing
from junheng.present.report.workbook import write_sheets
from junheng.workflow import Text
from junheng.workflow.views.teaching import TeachingBoard


def write_teaching(board: TeachingBoard, out: Path, lang: str = "zh") -> Path:
    """Write teachers.xlsx to a folder; return its path."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "teachers.xlsx"
    subtitle = Text(f"{board.name.zh}　{board.year}学年", f"{board.name.en}, school year {board.year}")
    sheets = tuple(listing(one.name, one.title, subtitle, one.columns, one.rows, lang, (one.note,)) for one in board.lists)
    write_sheets(sheets, path, board.day, lang)
    return path
