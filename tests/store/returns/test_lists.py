"""Lists of many schools as county offices keep them: headers of two rows, notes, totals anywhere, and every kind of dirt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
import xlsxwriter

from junheng.model import SetValue, digest
from junheng.store.returns.load import read_returns
from tests.store.returns.workbooks import write_book, write_rows

EAST, WEST, NORTH = "2162000001", "2162000002", "3162000003"
HEAD = [
    ["清河县学校基本情况一览表", None, None, None, None, None, None, None],
    ["说明：2025年9月1日时点", None, None, None, None, None, None, None],
    ["序号", "学校标识码", "学校名称", "办学类型", "一年级", None, "教学仪器设备值（万元）", "占地面积"],
    [None, None, None, None, "男", "女", None, None],
]
MERGES = ["A1:H1", "A2:H2", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3", "G3:G4", "H3:H4"]
EAST_ROW = [1, EAST, "东小学", "小学", 20, 22, 12.5, "9000平方米"]
WEST_ROW = [2, WEST, "西小学", "小学", 30, 31, 20, 12000]
NORTH_ROW = [3, NORTH, "北中学", "初级中学", None, None, 50, 30000.5]
TOTAL = ["合计", None, None, None, 50, 53, 82.5, 51000.5]


def imported(tmp_path, *rows, base=None, name="一览表.xlsx", **options):
    path = write_rows(tmp_path / name, [*HEAD, *rows], merges=MERGES)
    return read_returns([path], "629925", 2025, base, **options)


def rules(result):
    return [(finding.rule, finding.place.cell) for finding in result.findings]


def test_a_list_with_two_header_rows_a_note_and_a_total(tmp_path):
    result = imported(tmp_path, EAST_ROW, WEST_ROW, NORTH_ROW, TOTAL)
    assert rules(result) == []
    tables = result.county.tables
    assert tables["schools"].select("school", "name", "kind").rows() == [
        (EAST, "东小学", "primary"),
        (WEST, "西小学", "primary"),
        (NORTH, "北中学", "junior"),
    ]
    assert tables["enrolment"].sort("school", "sex").select("school", "sex", "pupils").rows() == [
        (EAST, "female", 22),
        (EAST, "male", 20),
        (WEST, "female", 31),
        (WEST, "male", 30),
    ]
    assert tables["equipment"]["teaching_equipment_yuan"].to_list() == [125000, 200000, 500000]
    assert tables["premises"]["site_area_m2"].to_list() == [9000, 12000, Decimal("30000.5")]
    assert sorted((total.stated, total.loaded) for total in result.totals) == [(50, 50), (53, 53), (51000.5, 51000.5), (825000, 825000)]


def test_every_value_keeps_its_cell(tmp_path):
    origins = imported(tmp_path, EAST_ROW, WEST_ROW, TOTAL).county.origins
    assert origins["enrolment"].filter(key=f"{WEST}|primary|1|female").row(0)[1:] == ("pupils", "一览表.xlsx", "Sheet1", "F6")
    assert origins["premises"].filter(key=EAST)["cell"].to_list() == ["H5"]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_total_row_stands_anywhere(tmp_path, at):
    rows = [EAST_ROW, WEST_ROW]
    rows.insert(at, ["总　计", None, None, None, 50, 53, 32.5, 21000])
    result = imported(tmp_path, *rows)
    assert rules(result) == []
    assert result.county.tables["schools"].height == 2


def test_subtotals_and_a_total_are_each_compared_with_their_own_rows(tmp_path):
    towns = [["城关镇小计", None, None, None, 20, 22, 12.5, 9000], ["河口镇小计", None, None, None, 30, 31, 20, 12000]]
    result = imported(tmp_path, EAST_ROW, towns[0], WEST_ROW, towns[1], ["合计", None, None, None, 50, 53, 32.5, 21000])
    assert rules(result) == []
    assert len(result.totals) == 12


def test_a_total_that_differs_from_what_was_loaded_is_said_with_both_numbers(tmp_path):
    result = imported(tmp_path, EAST_ROW, WEST_ROW, ["合计", None, None, None, 51, 53, 32.5, 21000])
    (finding,) = result.findings
    assert (finding.rule, finding.place.cell, finding.severity) == ("returns.total_differs", "E7", "warning")
    assert "51" in finding.sentence("zh")
    assert "50" in finding.sentence("zh")


BAD = [
    (1, 216200000, "returns.code_format"),
    (1, "21620OOOO1", "returns.letter_for_digit"),
    (1, 110101199001011234, "returns.digits_destroyed"),
    (3, "完小啊", "returns.unknown_word"),
    (4, -3, "returns.negative"),
    (4, 20.5, "returns.not_whole"),
    (4, "2O", "returns.letter_for_digit"),
    (4, "约20", "returns.not_a_number"),
    (4, True, "returns.not_a_number"),
    (6, "12.5平方米", "returns.unit_mismatch"),
    (7, "9,00,0", "returns.number_unclear"),
    (7, "待输入", "returns.not_filled"),
]


@pytest.mark.parametrize(("column", "value", "rule"), BAD)
def test_a_bad_cell_is_named_by_its_address_and_the_rest_goes_in(tmp_path, column, value, rule):
    row = list(EAST_ROW)
    row[column] = value
    result = imported(tmp_path, row, WEST_ROW, NORTH_ROW)
    assert rules(result) == [(rule, f"{'ABCDEFGH'[column]}5")]
    assert result.county.tables["premises"].filter(school=WEST).height == 1
    if rule != "returns.not_filled":
        assert [refused.cells for refused in result.refused] == [(f"{'ABCDEFGH'[column]}5",)]
    if column > 3:
        assert result.county.tables["schools"].height == 3  # only the cell is lost, not the school


def test_a_refused_value_is_missing_so_that_sums_over_the_school_are_not_too_small(tmp_path):
    row = [*EAST_ROW[:5], "二十二", *EAST_ROW[6:]]
    enrolment = imported(tmp_path, row).county.tables["enrolment"].sort("sex")
    assert enrolment["pupils"].to_list() == [None, 20]


def test_one_cause_in_many_rows_is_one_line_with_first_row_last_row_and_count(tmp_path):
    many = [[n, f"216200{n:04d}", f"第{n}小学", "小学", -n, 1, 1, 1] for n in range(1, 41)]
    (finding,) = imported(tmp_path, *many).findings
    assert (finding.rule, finding.place.cell, finding.count) == ("returns.negative", "E5", 40)
    assert "第5–44行" in finding.found.zh


def test_formula_errors_and_uncalculated_formulas_are_not_empty_cells(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for row, cells in enumerate([["学校标识码", "学校名称", "占地面积", "图书"], [EAST, "东小学", None, None], [WEST, "西小学", None, 5]]):
        sheet.write_row(row, 0, cells)
    sheet.write_formula("C2", "=1/0", None, "#DIV/0!")
    sheet.write_formula("D2", "=1+1", None, 2)
    sheet.write_formula("C3", "=A1", None, "")
    sheet.set_row(2, None, None, {"hidden": True})
    book.close()
    result = read_returns([path], "629925", 2025)
    found = [(finding.rule, finding.place.cell or finding.place.row, finding.count) for finding in result.findings]
    assert found == [("returns.hidden_rows", 3, 1), ("returns.formula_error", "C2", 2)]
    assert result.county.tables["equipment"]["books"].to_list() == [2, 5]


def test_an_unknown_column_is_reported_and_a_repeated_one_is_refused(tmp_path):
    rows = [["学校标识码", "学校名称", "图书", "图书", "食堂面积", "序号"], [EAST, "东小学", 5, 6, 70, 1]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    assert [(finding.rule, finding.found.zh) for finding in result.findings] == [
        ("returns.column_repeated", "C、D"),
        ("returns.column_not_used", "食堂面积"),
    ]
    assert result.county.tables["equipment"].is_empty()


def test_a_column_of_a_table_by_stage_needs_the_stage(tmp_path):
    rows = [["学校标识码", "学校名称", "专任教师", "体育教师", "图书"], [EAST, "东小学", 12, 2, 7], [WEST, "西小学", 13, None, 8]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    assert [(finding.rule, finding.place.cell, finding.place.column, finding.count) for finding in result.findings] == [
        ("returns.key_absent", "C2", "专任教师数", 2),
        ("returns.key_absent", "D2", "体育教师", 1),
    ]
    assert [refused.cells for refused in result.refused] == [("C2", "C3"), ("D2",)]
    assert "没有学段" in result.findings[0].sentence("zh")
    assert result.county.tables["equipment"]["books"].to_list() == [7, 8]
    rows = [["学校标识码", "学段", "专任教师"], [EAST, "小学", 12]]
    result = read_returns([write_rows(tmp_path / "b.xlsx", rows)], "629925", 2025)
    assert result.findings == ()
    assert result.county.tables["staff"].select("stage", "teachers").rows() == [("primary", 12)]


def test_two_files_that_contradict_each_other_are_both_named_and_neither_is_taken(tmp_path):
    first = write_rows(tmp_path / "甲.xlsx", [["学校标识码", "学校名称", "图书"], [EAST, "东小学", 100], [WEST, "西小学", 7]])
    second = write_rows(tmp_path / "乙.xlsx", [["学校标识码", "学校名称", "图书"], [EAST, "东小学", 120]])
    result = read_returns([first, second], "629925", 2025)
    (finding,) = result.findings
    assert finding.rule == "returns.values_differ"
    assert "甲.xlsx" in finding.found.zh
    assert "乙.xlsx" in finding.found.zh
    assert result.county.tables["equipment"].sort("school")["books"].to_list() == [None, 7]
    assert result.county.tables["schools"].filter(school=EAST)["name"].to_list() == ["东小学"]  # said alike: taken once


def test_the_same_row_twice_in_one_file_is_taken_once_and_a_different_one_is_named(tmp_path):
    twice = imported(tmp_path, EAST_ROW, EAST_ROW)
    assert rules(twice) == []
    assert twice.county.tables["schools"].height == 1
    other = imported(tmp_path, EAST_ROW, [*EAST_ROW[:7], 9001])
    assert [finding.rule for finding in other.findings] == ["returns.values_differ"]


def test_the_same_file_twice_and_again_changes_nothing(tmp_path):
    first = imported(tmp_path, EAST_ROW, WEST_ROW)
    path, copy = tmp_path / "一览表.xlsx", tmp_path / "副本.xlsx"
    copy.write_bytes(path.read_bytes())
    both = read_returns([path, copy], "629925", 2025)
    assert [finding.rule for finding in both.findings] == ["returns.same_file"]
    assert digest(both.county) == digest(first.county)
    again = read_returns([path], "629925", 2025, first.county)
    assert (again.changes, digest(again.county)) == ((), digest(first.county))
    known = read_returns([path], "629925", 2025, first.county, known=first.digests.values())
    assert [finding.rule for finding in known.findings] == ["returns.same_file"]
    assert digest(known.county) == digest(first.county)


def test_a_corrected_file_is_an_update_that_says_what_changed(tmp_path):
    first = imported(tmp_path, EAST_ROW, WEST_ROW).county
    elsewhere = write_rows(tmp_path / "图书.xlsx", [["学校标识码", "学校名称", "图书"], [EAST, "东小学", 100]])
    held = read_returns([elsewhere], "629925", 2025, first).county
    corrected = imported(tmp_path, [*EAST_ROW[:7], 9500], [*WEST_ROW[:7], None], base=held)
    assert set(corrected.changes) == {
        SetValue("premises", (EAST,), "site_area_m2", Decimal("9500.0000")),
        *[change for change in corrected.changes if getattr(change, "key", None) == (WEST,)],
    }
    # the file took West's area back: the row that held nothing else is gone, what another file said stays
    assert corrected.county.tables["premises"]["school"].to_list() == [EAST]
    assert corrected.county.tables["equipment"].filter(school=EAST)["books"].to_list() == [100]
    assert corrected.county.origins["premises"].rows() == [(EAST, "site_area_m2", "一览表.xlsx", "Sheet1", "H5")]


def test_a_sum_does_not_stand_beside_its_parts(tmp_path):
    parts = imported(tmp_path, EAST_ROW, WEST_ROW).county
    sums = write_rows(tmp_path / "分年级.xlsx", [["学校标识码", "学校名称", "一年级"], [EAST, "东小学", 42], [WEST, "西小学", 60]])
    result = read_returns([sums], "629925", 2025, parts)
    assert result.county.tables["enrolment"].filter(pl.col("sex") == "all").is_empty()
    (finding,) = result.findings  # 30 + 31 = 61, not 60; East fits
    assert (finding.rule, finding.place.cell, finding.count) == ("returns.sum_of_parts_differs", "C3", 1)


def test_who_has_not_sent_is_listed(tmp_path):
    register = [["学校标识码", "学校名称", "办学类型"], [EAST, "东小学", "小学"], [WEST, "西小学", "小学"], [NORTH, "北中学", "初级中学"]]
    listed = read_returns([write_rows(tmp_path / "名册.xlsx", register)], "629925", 2025).county
    books = write_rows(tmp_path / "图书.xlsx", [["学校标识码", "学校名称", "图书"], [EAST, "东小学", 100], [NORTH, "北中学", 9]])
    result = read_returns([books], "629925", 2025, listed)
    assert [(school.school, school.tables, school.nothing) for school in result.not_sent] == [(WEST, ("equipment",), False)]
    silent = read_returns([books], "629925", 2025, replace(listed, origins={}))  # a register that came from nowhere says nothing
    assert [(school.school, school.nothing) for school in silent.not_sent] == [(WEST, True)]


def test_who_sent_earlier_has_sent_and_a_blank_row_is_not_sent(tmp_path):
    first = imported(tmp_path, EAST_ROW, WEST_ROW).county
    head = ["学校标识码", "学校名称", "图书"]
    books = write_rows(tmp_path / "图书.xlsx", [head, [EAST, "东小学", 100]])
    assert read_returns([books], "629925", 2025, first).not_sent == ()  # West's equipment came with the first file
    blank = imported(tmp_path, EAST_ROW, [*WEST_ROW[:4], "待输入", "待输入", None, None])
    assert [(school.school, "enrolment" in school.tables) for school in blank.not_sent] == [(WEST, True)]


def test_chinese_text_files_are_read_in_their_encoding(tmp_path):
    text = '学校一览表\n学校标识码,学校名称,图书\n2162000001,东小学,"1,200册"\n'
    for encoding, said in (("utf-8", []), ("utf-8-sig", []), ("utf-16", []), ("gb18030", ["returns.encoding_found"])):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes((text.replace(",", "\t").replace('"1\t200册"', "1200册") if encoding == "utf-16" else text).encode(encoding))
        result = read_returns([path], "629925", 2025)
        assert [finding.rule for finding in result.findings] == said
        assert result.county.tables["equipment"]["books"].to_list() == [1200]
        assert result.county.origins["equipment"].row(0)[2:] == (f"{encoding}.csv", "", "C3")


def test_big5_is_told_from_gb18030_by_the_words_it_gives(tmp_path):
    path = tmp_path / "big5.csv"
    path.write_bytes("學校一覽表\n學校標識碼,學校名稱,圖書\n2162000001,東小學,7\n".encode("big5"))
    result = read_returns([path], "629925", 2025)
    assert [finding.found.zh for finding in result.findings] == ["BIG5HKSCS"]
    assert result.county.tables["schools"]["name"].to_list() == ["東小學"]


def test_nothing_readable_gives_an_empty_county_and_no_crash(tmp_path):
    empty = write_book(tmp_path / "空.xlsx", {"Sheet1": {}})
    result = read_returns([empty, tmp_path / "没有.xlsx"], "629925", 2025)
    assert [(finding.rule, finding.severity, finding.place.file) for finding in result.findings] == [
        ("returns.file_unreadable", "error", "没有.xlsx"),
        ("returns.nothing_read", "error", "空.xlsx"),
    ]
    assert result.unread == ("空.xlsx",)
    assert all(frame.is_empty() for frame in result.county.tables.values())
    assert read_returns([], "629925", 2025).findings == ()


def test_a_workbook_of_1904_and_dates_in_place_of_numbers(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path), {"date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["学校标识码", "学校名称", "建校年月", "图书"])
    sheet.write_row(1, 0, [EAST, "东小学", 42247])
    sheet.write_datetime("D2", date(2025, 1, 2), book.add_format({"num_format": "m-d"}))
    book.close()
    result = read_returns([path], "629925", 2025)
    assert result.county.tables["schools"]["built_year"].to_list() == [2019]
    assert [(finding.rule, finding.place.cell) for finding in result.findings] == [("returns.date_for_number", "D2")]
