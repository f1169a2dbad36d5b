"""The unit of a column, a row or a sheet holds for a number whether it is stored as a number or as a text."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from junheng.store.returns.load import read_returns
from tests.store.returns import workbooks
from tests.store.returns.workbooks import line, write_book, write_rows

EAST, WEST = "2162000001", "2162000002"
HEAD = ["学校标识码", "学校名称", "教学仪器设备值（万元）", "图书（万册）", "占地面积（亩）"]
AS_TEXT = [HEAD, [EAST, "东小学", "52.5", "0.57", "30"], [WEST, "西小学", "1,020", "1.2", "20001平方米"]]
AS_NUMBER = [HEAD, [EAST, "东小学", 52.5, 0.57, 30], [WEST, "西小学", 1020, 1.2, "20001平方米"]]


def held(result):
    assert result.findings == () or {finding.rule for finding in result.findings} == {"returns.encoding_found"}
    tables = result.county.tables
    equipment = tables["equipment"].sort("school")
    sites = tables["premises"].sort("school")["site_area_m2"].to_list()
    return equipment["teaching_equipment_yuan"].to_list(), equipment["books"].to_list(), sites


EXPECTED = ([Decimal(525_000), Decimal(10_200_000)], [5700, 12_000], [Decimal("20000.0010"), Decimal(20_001)])


@pytest.mark.parametrize("rows", [AS_TEXT, AS_NUMBER], ids=["text", "number"])
def test_the_unit_of_a_heading_holds_for_numbers_stored_as_text(tmp_path, rows):
    assert held(read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_text_file_says_the_same_as_the_workbook(tmp_path, encoding):
    text = io.StringIO()
    csv.writer(text).writerows(AS_TEXT)
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    assert held(read_returns([path], "629925", 2025)) == EXPECTED


def test_a_text_with_its_own_unit_has_that_one(tmp_path):
    rows = [HEAD[:3], [EAST, "东小学", "525000元"], [WEST, "西小学", "52.5万元"]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    assert result.county.tables["equipment"]["teaching_equipment_yuan"].to_list() == [525_000, 525_000]


def test_a_unit_of_the_whole_sheet_holds_for_texts(tmp_path):
    rows = [["各校一览表"], ["单位：万元"], ["学校标识码", "学校名称", "公用经费预算"], [EAST, "东小学", "30.2"]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    assert result.county.tables["finance"]["public_funds_yuan"].to_list() == [302_000]


@pytest.mark.parametrize("total", ["72.5", "725000元", 72.5])
def test_a_total_is_compared_in_the_unit_of_what_was_loaded(tmp_path, total):
    rows = [HEAD[:3], [EAST, "东小学", "52.5"], [WEST, "西小学", 20], ["合计", None, total]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    assert result.findings == ()
    assert [(stated.stated, stated.loaded) for stated in result.totals] == [(725_000, 725_000)]


def test_a_total_that_differs_is_said_for_texts_too(tmp_path):
    rows = [HEAD[:3], [EAST, "东小学", "52.5"], [WEST, "西小学", "20"], ["合计", None, "72.6"]]
    (finding,) = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025).findings
    assert (finding.rule, finding.found.zh) == ("returns.total_differs", "合计726000，载入725000")


def test_a_total_rounded_to_what_the_form_shows_is_no_difference(tmp_path):
    rows = [HEAD[:3], [EAST, "东小学", 52.5001], [WEST, "西小学", 20], ["合计", None, 72.5]]
    assert read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025).findings == ()


def test_a_total_over_nothing_is_no_total(tmp_path):
    rows = [["学校标识码", "学校名称", "图书", "占地面积"], [EAST, "东小学", None, 5], ["合计", None, 0, 5]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    assert [(total.column, total.stated, total.loaded) for total in result.totals] == [("占地面积", 5, 5)]
    rows[-1] = ["合计", None, 70, 5]  # but a total of something that was not sent is one
    result = read_returns([write_rows(tmp_path / "b.xlsx", rows)], "629925", 2025)
    assert [(finding.rule, finding.place.cell) for finding in result.findings] == [("returns.total_differs", "C3")]


@pytest.mark.parametrize("equipment", ["158.2", "1,582,000元", 158.2])
def test_the_unit_beside_a_label_holds_for_texts(tmp_path, equipment):
    sheets = {"1001": workbooks.sheet_1001(EAST, "东小学", "小学"), "教基5176": workbooks.sheet_5176(equipment)}
    result = read_returns([write_book(tmp_path / "a.xlsx", sheets)], "629925", 2025)
    assert result.county.tables["equipment"]["teaching_equipment_yuan"].to_list() == [1_582_000]


@pytest.mark.parametrize("area", ["0.9", 0.9, "9000平方米"])
def test_the_unit_of_a_crossed_form_holds_for_texts(tmp_path, area):
    cells = {"A1": "校舍情况", "A2": f"教基5170  学校标识码：{EAST}  学校名称：东小学", "A3": "计量单位：万平方米"}
    cells |= line("A", 4, ["指标名称", "代码", "校舍建筑面积"]) | line("A", 5, ["甲", "乙", "1"]) | line("A", 6, ["总计", "01", area])
    cells |= line("A", 7, ["教学及辅助用房", "02", "0.42"])
    result = read_returns([write_book(tmp_path / "a.xlsx", {"教基5170": cells})], "629925", 2025)
    premises = result.county.tables["premises"].row(0, named=True)
    assert (premises["floor_area_m2"], premises["teaching_area_m2"]) == (9000, 4200)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_form_of_one_school_as_text(tmp_path, encoding):
    rows = [["占地面积及其他办学条件", "教基5176", "", ""], [f"学校标识码：{EAST}", "", "", ""], ["指标名称", "计量单位", "代码", "数量"]]
    rows += [["占地面积", "平方米", "01", "20000"], ["运动场地面积", "平方米", "02", "5000"], ["图书", "万册", "03", "0.6"]]
    rows += [["网络多媒体教室", "间", "04", "14"], ["教学仪器设备资产值", "万元", "05", "52.5"]]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    tables = read_returns([path], "629925", 2025).county.tables
    assert tables["equipment"].select("books", "teaching_equipment_yuan").row(0) == (6000, 525_000)
    assert tables["premises"]["multimedia_rooms"].to_list() == [14]
