"""Teachers on two pages for a leader, in plain words."""

from __future__ import annotations

from pathlib import Path

from junheng.present.charts_need import need_drawing
from junheng.present.report.pages import Values
from junheng.present.report.pdf import set_pages
from junheng.present.report.teaching_prose import table_of
from junheng.present.wording import day_words, school_year
from junheng.workflow.views.teaching import TeachingBoard, TeachingList

_TABLES = ("hiring_by_stage", "plan", "vacancies", "leaders_by_age")
_MOST_ROWS = 20


def write_teaching_pages(board: TeachingBoard, path: Path) -> None:
    """Write the two pages to `path` (.pdf)."""
    set_pages("teaching.typ", teaching_pages(board), board.day, path)


def teaching_pages(board: TeachingBoard) -> Values:
    """Return the two pages in Chinese."""
    known = {one.id: one for one in board.lists}
    return {
        "county": board.name.zh,
        "year": school_year(board.year).zh,
        "day": day_words(board.day).zh,
        "sections": [
            {"title": section.title.zh, "lines": [line.zh for line in section.sentences]} for section in board.sections if section.sentences
        ],
        "drawings": [need_drawing(one).svg() for one in board.need],
        "tables": [_table(known[name]) for name in _TABLES if name in known],
        "limits": [line.zh for line in board.limits],
        "digests": f"数据 {board.digests.county[:12]}　标准 {board.digests.standards[:12]}　程序 {board.digests.code[:12]}",
    }


def _table(one: TeachingList) -> dict[str, object]:
    table = table_of(one, _MOST_ROWS)
    return {
        "title": one.title.zh,
        "heads": list(table.heads),
        "right": [number in table.centred for number, _ in enumerate(table.heads)],
        "rows": [list(row) for row in table.rows],
        "more": "其余见附件。" if one.rows[_MOST_ROWS:] else "",
    }
