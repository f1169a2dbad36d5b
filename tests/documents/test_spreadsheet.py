from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl

from junheng.documents.spreadsheet import new_workbook

DAY = date(2025, 9, 1)


def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path) -> None:
    texts = ["=1+1", "https://example.org", "0042", "+1", "@SUM(A1)"]
    with new_workbook(tmp_path / "a.xlsx", DAY) as book:
        sheet = book.sheet("表")
        for row, text in enumerate(texts):
            sheet.write(row, 0, text)
    cells = [cell for (cell,) in openpyxl.load_workbook(tmp_path / "a.xlsx")["表"].iter_rows()]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [(text, "s", None) for text in texts]


def test_a_format_is_made_once(tmp_path: Path) -> None:
    with new_workbook(tmp_path / "a.xlsx", DAY) as book:
        assert book.style(bold=True, align="center") is book.style(align="center", bold=True)
        assert book.style(bold=True) is not book.style(bold=False)
        book.sheet("表")


def test_the_same_content_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        with new_workbook(tmp_path / name, DAY) as book:
            book.sheet("表").write_number(0, 0, 3)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
