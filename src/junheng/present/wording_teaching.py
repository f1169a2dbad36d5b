"""How cells of lists about teachers are written."""

from __future__ import annotations

from junheng.workflow import Text
from junheng.workflow.views.teaching import Shown

NONE = "—"


def cell_words(cell: Shown, lang: str = "zh") -> str:
    """Return a cell as it is printed: numbers with separators, a dash for what is not known."""
    if cell is None:
        return NONE
    if isinstance(cell, Text):
        return cell.of(lang)
    if isinstance(cell, float):
        return f"{cell:,.1f}"
    return str(cell)  # years and counts: whole numbers of four digits need no separator


def is_numeric(cell: Shown) -> bool:
    """Return whether a cell stands to the right or in the middle of its column."""
    return cell is None or isinstance(cell, int | float)
