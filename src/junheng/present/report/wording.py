"""How a report writes and measures text: Chinese numerals, dates, widths, and the sentences of the self-assessment.

Every sentence here says what the views hold and no more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations, pairwise
from unicodedata import category, east_asian_width

# Where a line of a title may begin: after 关于, a county, a bracket, a year, a term; before what the document is about and what it is.
_WORD_STARTS = re.compile(
    "(?<=[）年县市区州])(?![）])|(?<=学期)|(?<=关于)|(?=学龄人口)|(?=学位)|(?=县域)|(?=义务教育)|(?=优质均衡)|(?=学前教育)|(?=预测)|(?=自评)|(?=普及)"
)
_NUMERALS = "一二三四五六七八九十"


def chinese_numeral(number: int) -> str:
    """Return 1–999 as headings count: 一, 十, 十一, 二十三, 一百, 一百零三, 一百一十."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        whole = f"{_NUMERALS[hundreds - 1]}百"
        between = "零" if 0 < rest < 10 else "一" if 10 <= rest < 20 else ""
        return f"{whole}{between}{chinese_numeral(rest)}" if rest else whole
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return head + (_NUMERALS[ones - 1] if ones else "")


def official_date(day: date) -> str:
    """Return a date as official documents print it, in Arabic figures without zeros in front: 2025年9月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def text_width(text: str) -> int:
    """Return the width of a text in half-width characters: a Chinese character takes two."""
    return sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in text)


def total_width(widths: Iterable[float]) -> float:
    """Return the width of a table from the widths of its columns."""
    return sum(widths)


def lines_needed(text: str, width: float) -> int:
    """Return how many lines a text takes in a cell of `width` half-width characters, at least one."""
    return sum(max(1, math.ceil(text_width(line) / max(width, 1))) for line in text.split("\n"))


def title_lines(title: str, width: int) -> list[str]:
    """Return a title in as few lines as fit into `width` half-width characters, of like lengths, none broken inside a word.

    Words are known by what they end or begin with in titles of notices and reports; a title without such a place stays whole.
    """
    if text_width(title) <= width:
        return [title]
    places = [found.start() for found in _WORD_STARTS.finditer(title) if found.start()]
    for breaks in range(1, 4):
        found = [_cut(title, chosen) for chosen in combinations(places, breaks)]
        fitting = [lines for lines in found if max(map(text_width, lines)) <= width]
        if fitting:
            return min(fitting, key=lambda lines: max(map(text_width, lines)))
    return [title]


def _cut(title: str, places: Sequence[int]) -> list[str]:
    return [title[start:end] for start, end in pairwise((0, *places, len(title)))]


def heading_lines(text: str, width: float) -> str:
    """Return a heading with its unit on a line of its own where both do not fit: 初级中学数 above （所）."""
    name, bracket, unit = text.rpartition("（")
    return f"{name}\n{bracket}{unit}" if name and text.endswith("）") and text_width(text) > width else text


def row_points(cells: Iterable[tuple[str, float, int]]) -> float:
    """Return the height of a table row in points from its texts: (text, width of its cell, rows the cell spans)."""
    lines = [math.ceil(lines_needed(text, width) / rows) for text, width, rows in cells]
    return 4 + 13.5 * max(lines, default=1)


def share_of_width(widths: Sequence[float], whole: float) -> list[float]:
    """Return the widths stretched or shrunk in proportion so that together they are `whole`."""
    total = sum(widths) or 1
    return [width * whole / total for width in widths]


def printable(text: str) -> str:
    """Return a text without the control characters that no document format may hold; line breaks become spaces."""
    return "".join(" " if letter in "\n\r\t" else letter for letter in text if letter in "\n\r\t" or _allowed(letter))


def _allowed(letter: str) -> bool:
    return category(letter) not in ("Cc", "Cs") and ord(letter) & 0xFFFE != 0xFFFE
