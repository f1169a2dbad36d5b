"""The page of teachers: sentences, drawings and tables by section; teachers by code alone, long lists in the workbook."""

from __future__ import annotations

from junheng.present.charts_need import need_drawing
from junheng.present.web.plain_page import plain_page
from junheng.present.web.template import asset, ready
from junheng.present.wording import reviewed_words, school_year
from junheng.present.wording_foresight import document_words
from junheng.present.wording_teaching import cell_words, is_numeric
from junheng.workflow.views.teaching import TeachingBoard


def teaching_page(board: TeachingBoard, lang: str = "zh") -> str:
    """Return the board as one HTML file that needs nothing else."""
    return plain_page(
        lang,
        "teaching/page.html",
        asset("teaching.css", "teaching_assets"),
        b=board,
        year=school_year(board.year),
        drawings=[ready(need_drawing(one).svg(lang)) for one in board.need],
        words=cell_words,
        numeric=is_numeric,
        document=document_words,
        reviewed=reviewed_words,
    )
