"""The workbook is read back with another library: values, formats, spans, print set-up, and text that must stay text."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from junheng.errors import Text
from junheng.present.report import write_county_report, write_json, write_self_assessment, write_workbook
from junheng.present.report.grid import number
from junheng.present.report.judged import eased
from junheng.present.report.wording import heading_lines, lines_needed
from junheng.present.report.workbook import number_format, placed, write_sheets
from junheng.workflow.views import Cell, Heading, Sheet
from tests.present.invented import bare, concession, county

PAYLOADS = (
    "=1+1",
    "@SUM(A1)",
    "＝1+1",
    "+1",
    "-1",
    '=HYPERLINK("http://x")',
    "http://x.test/",
    "mailto:a@b.c",
    "00123",
    "1e5",
    "\t=1",
    "'=1",
    "DDE|x!y",
)


def sheet(*rows: tuple[Cell, ...], **changes: object) -> Sheet:
    width = len(rows[0]) if rows else 1
    heading = (tuple(Heading(text=Text(f"列{n}", f"column {n}")) for n in range(width)),)
    made = Sheet(
        id="t",
        name=Text("表", "Table"),
        title=Text("标题", "Title"),
        subtitle=Text("", ""),
        headings=heading,
        rows=rows,
        widths=(12,) * width,
    )
    return replace(made, **changes)


def written(tmp_path: Path, *sheets: Sheet) -> Worksheet:
    write_sheets(sheets, tmp_path / "t.xlsx", date(2025, 9, 1))
    return openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_stays_text(tmp_path: Path, payload: str) -> None:
    page = written(tmp_path, sheet((Cell(value=payload),)))
    assert (page["A4"].value, page["A4"].data_type) == (payload, "s")
    assert page["A4"].hyperlink is None
    assert page["A4"].quotePrefix is payload.startswith(("=", "@", "＝", "+", "-", "\t"))
    with zipfile.ZipFile(tmp_path / "t.xlsx") as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml


def test_a_long_code_keeps_its_digits(tmp_path: Path) -> None:
    page = written(tmp_path, sheet((Cell(value="370102199001011234", text=True), Cell(value=2150000001, text=True))))
    assert [cell.value for cell in page[4]] == ["370102199001011234", "2150000001"]
    assert {cell.number_format for cell in page[4]} == {"@"}


def test_a_number_is_exact_in_the_cell_and_rounded_on_paper(tmp_path: Path) -> None:
    page = written(
        tmp_path, sheet((Cell(value=4.196018, decimals=2), Cell(value=0.4995, decimals=3), Cell(value=7, decimals=0), Cell(value=7)))
    )
    assert [cell.value for cell in page[4]] == [4.196018, 0.4995, 7, 7]
    assert [cell.number_format for cell in page[4]] == ["0.00_ ", "0.000_ ", "0_ ", "0_ "]


def test_missing_is_neither_zero_nor_empty_where_a_verdict_was_due(tmp_path: Path) -> None:
    page = written(tmp_path, sheet((Cell(value=None, verdict="no_data"), Cell(value=None), Cell(value=0, decimals=0))))
    assert [cell.value for cell in page[4]] == ["无数据", None, 0]


def test_dates_and_yes_or_no(tmp_path: Path) -> None:
    page = written(tmp_path, sheet((Cell(value=date(2026, 8, 31)), Cell(value=True), Cell(value=False))))
    assert page["A4"].value.date() == date(2026, 8, 31)
    assert [page["B4"].value, page["C4"].value] == ["是", "否"]


def test_headings_span_and_the_next_row_takes_the_free_cells() -> None:
    two = (
        (Heading(text=Text("校", ""), down=2), Heading(text=Text("组", ""), across=2), Heading(text=Text("末", ""), down=2)),
        (Heading(text=Text("甲", "")), Heading(text=Text("乙", ""))),
    )
    assert [(rows, columns, heading.text.zh) for rows, columns, heading in placed(two, 2)] == [
        ([2, 3], [0], "校"), ([2], [1, 2], "组"), ([2, 3], [3], "末"), ([3], [1], "甲"), ([3], [2], "乙"),
    ]  # fmt: skip


def test_every_sheet_prints_with_its_heading_and_page_numbers(tmp_path: Path) -> None:
    write_workbook(county(), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert [page.title for page in book][:8] == ["说明", "表Ⅰ", "表Ⅱ-1", "表Ⅱ-2", "表Ⅲ", "表Ⅳ", "表Ⅴ", "表Ⅵ"]
    for page in book:
        assert page.oddFooter.center.text == "第 &P 页  共 &N 页"
        assert page.print_title_rows
        assert int(page.page_setup.paperSize) in (8, 9)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToHeight == (0 if page.max_row > 36 else None)
        assert not [cell for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    wide = book["逐校清单"]
    assert wide.freeze_panes == "C5"
    assert wide.auto_filter.ref.startswith("A4:")
    assert wide["A5"].value == "2150000001"
    assert isinstance(wide["H5"].value, int)


def test_a_form_prints_a_dash_where_there_is_no_data(tmp_path: Path) -> None:
    write_workbook(county(), tmp_path / "t.xlsx")
    values = [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / "t.xlsx")["表Ⅱ-2"].iter_rows(min_row=5)]
    assert "—" in next(row for row in values if row[1] == "石桥镇双河村小学")


def test_every_school_and_every_finding_is_in_the_lists(tmp_path: Path) -> None:
    write_workbook(county(), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    names = {cell.value for cell in book["逐校清单"]["B"]}
    assert {unit.name for unit in county().units} <= names
    assert "=46人的班" in {cell.value for cell in book["数据问题清单"]["C"]}
    assert book["放宽条款"]["F4"].value.date() == date(2026, 8, 31)
    assert "尚未与原文核对" in {cell.value for cell in book["依据与来源"]["I"]}


def test_the_same_assessment_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(county(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_county_without_data_and_the_english_workbook_are_written(tmp_path: Path) -> None:
    write_workbook(bare(), tmp_path / "bare.xlsx")
    write_workbook(county(), tmp_path / "en.xlsx", "en")
    assert openpyxl.load_workbook(tmp_path / "bare.xlsx")["逐校清单"].max_row >= 3
    assert openpyxl.load_workbook(tmp_path / "en.xlsx")["Findings"]["A3"].value == "Severity"


def test_a_count_of_schools_stays_a_fraction_of_them() -> None:
    size = next(item for part in county().parts for item in part.items if item.title.zh == "班额")
    assert number(replace(size.figure, id="", value=58.0, shown="58/70")) == Cell(value="58/70")
    assert number(size.figure) == Cell(value=46.0, decimals=0)


def test_decimals_as_excel_writes_them() -> None:
    assert [number_format(n) for n in (None, 0, 1, 3)] == ["General", "0_ ", "0.0_ ", "0.000_ "]


def test_a_unit_that_does_not_fit_stands_below_its_heading() -> None:
    assert heading_lines("初级中学数（所）", 10) == "初级中学数\n（所）"
    assert heading_lines("学校数（所）", 12) == "学校数（所）"
    assert (lines_needed("初级中学数\n（所）", 10), lines_needed("", 10), lines_needed("一二三四五六", 10)) == (2, 1, 2)


def names_of(path: Path) -> list[str]:
    return openpyxl.load_workbook(path).sheetnames


def test_a_form_without_headings_or_columns_is_written(tmp_path: Path) -> None:
    assert written(tmp_path, sheet(headings=(), widths=()))["A1"].value == "标题"
    assert written(tmp_path, sheet(headings=()))["A1"].value == "标题"
    assert written(tmp_path, sheet(widths=()))["A3"].value == "列0"


def test_lists_of_what_a_framework_does_not_ask_are_left_out(tmp_path: Path) -> None:
    whole = county()
    garden = replace(whole, units=(), spreads=(), vetoes=(), parts=whole.parts[2:4])
    write_workbook(garden, tmp_path / "t.xlsx")
    assert not {"逐校清单", "逐校逐项", "差异系数明细", "一票否决"} & {*names_of(tmp_path / "t.xlsx")}
    write_workbook(whole, tmp_path / "t.xlsx")
    assert {"逐校清单", "逐校逐项", "差异系数明细", "一票否决", "取数来源"} <= {*names_of(tmp_path / "t.xlsx")}


def test_each_value_of_a_figure_names_its_cell(tmp_path: Path) -> None:
    whole = county()
    write_workbook(whole, tmp_path / "t.xlsx")
    page = openpyxl.load_workbook(tmp_path / "t.xlsx")["取数来源"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]
    trail = whole.explanations[whole.units[0].items[0].figure.id]
    assert rows[0][:4] == [trail.figure.id, "第一实验小学", "小学", trail.figure.label.zh]
    assert rows[0][7:] == [1834, "returns/2025/教基3112.xlsx", "教基3112", "I6"]
    assert len([row for row in rows if row[10]]) == sum(len(one.cells) for one in whole.explanations.values())


def test_evidence_is_said_in_words_and_the_mean_is_a_number(tmp_path: Path) -> None:
    whole = county()
    proof = replace(whole.parts[2].items[0].evidence, conclusion="met")
    items = (replace(whole.parts[2].items[0], evidence=proof), *whole.parts[2].items[1:])
    write_workbook(replace(whole, parts=(*whole.parts[:2], replace(whole.parts[2], items=items), *whole.parts[3:])), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    said = {cell.value for row in book["县级各项"].iter_rows() for cell in row}
    assert "达到，清单第3号，2025年10月12日，督导室" in said
    assert all(isinstance(cell.value, float) for cell in book["差异系数明细"]["E"][3:20])


def test_an_item_gathered_from_schools_lists_the_concession_of_each() -> None:
    whole = county()
    size = next(item for part in whole.parts for item in part.items if item.title.zh == "班额")
    gathered = replace(size, figure=replace(size.figure, id="", shown="58/70"), concession=concession())
    eased_two = replace(whole, concessions=tuple((name, "班额", concession()) for name in ("甲校", "乙校")))
    assert [part.partition("：")[0] for part in eased(eased_two, gathered).zh.split("；")] == ["甲校", "乙校"]
    assert eased(whole, size).zh == ""


@pytest.mark.parametrize("write", [write_workbook, write_self_assessment, write_county_report, write_json])
def test_every_paper_is_written_of_a_county_of_which_nothing_is_known(tmp_path: Path, write: Callable[..., None]) -> None:
    empty = replace(bare(), parts=(), sheets=tuple(replace(form, headings=(), rows=(), widths=()) for form in bare().sheets))
    write(empty, tmp_path / "paper")
    assert (tmp_path / "paper").stat().st_size > 1000
