"""Where the values of a school's form stand is settled once for the sheet; what the form does not know is said."""

from __future__ import annotations

import csv

import pytest

from junheng.store.returns.load import read_returns
from tests.store.returns import workbooks
from tests.store.returns.workbooks import write_book, write_rows

CODE = "2162000101"
TOP = [["占地面积及其他办学条件"], [f"学校标识码：{CODE}    学校名称：甲小学"]]
OWNERS = ["指标名称", "计量单位", "代码", "学校产权", "非学校产权独立使用", "非学校产权共同使用"]
ROWS = [
    ["占地面积", "平方米", "01", 20000, 0, None],
    ["运动场地面积", "平方米", "02", None, 4000, None],
    ["图书", "册", "03", None, 77, None],
    ["网络多媒体教室", "间", "04", 14, 0, None],
    ["教学仪器设备资产值", "万元", "05", 52.5, 1, None],
]
NUMBERED = ["甲", "乙", "丙", "1", "2", "3"]


def conditions(result):
    premises, equipment = (result.county.tables[table].row(0, named=True) for table in ("premises", "equipment"))
    names = ("site_area_m2", "sports_ground_area_m2", "multimedia_rooms")
    return [premises[name] for name in names], (equipment["books"], equipment["teaching_equipment_yuan"])


@pytest.mark.parametrize("header", [[OWNERS], [OWNERS, NUMBERED], [NUMBERED]], ids=["headed", "both", "numbered"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_empty_value_is_missing_and_not_the_number_of_the_next_column(tmp_path, header, kind):
    rows = [*TOP, *header, *ROWS]
    path = tmp_path / f"教基5176.{kind}"
    if kind == "xlsx":
        write_rows(path, rows, name="教基5176")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["" if cell is None else cell for cell in row] for row in rows])
    result = read_returns([path], "629925", 2025)
    assert result.findings == ()
    assert conditions(result) == ([20000, None, 14], (None, 525_000))


def test_units_after_the_line_numbers_and_numbered_themselves(tmp_path):
    rows = [*TOP, ["", "编号", "计量单位", "数量", "其中：当年新增"], ["甲", "乙", "1", "2", "3"]]
    rows += [[name, number, unit, value, other] for name, unit, number, value, other, _ in ROWS]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows, name="教基5176")], "629925", 2025)
    assert conditions(result) == ([20000, None, 14], (None, 525_000))


def test_where_no_heading_says_it_values_stand_in_the_first_column_that_any_label_has(tmp_path):
    result = read_returns([write_rows(tmp_path / "a.xlsx", [*TOP, *ROWS], name="教基5176")], "629925", 2025)
    assert conditions(result) == ([20000, None, 14], (None, 525_000))
    assert [(finding.rule, finding.place.cell) for finding in result.findings] == [
        ("returns.value_elsewhere", "E4"),
        ("returns.value_elsewhere", "E5"),
    ]


def test_two_labels_a_row_have_each_their_own_value(tmp_path):
    rows = [["学校（机构）基本情况"], ["学校名称", None, "学校标识码", CODE], ["办学类型", "小学", "建校年份", 1998]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows, name="教基1001")], "629925", 2025)
    (school,) = result.county.tables["schools"].to_dicts()
    assert (school["name"], school["kind"], school["built_year"]) == (None, "primary", 1998)
    assert result.findings == ()


def test_a_label_without_anything_beside_it_has_its_value_below(tmp_path):
    labels = ["占地面积", "运动场地面积", "图书", "网络多媒体教室", "教学仪器设备资产值（万元）"]
    rows = [*TOP, labels, [20000, None, 300, "14", "52.5"]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows, name="教基5176")], "629925", 2025)
    assert conditions(result) == ([20000, None, 14], (300, 525_000))


def test_a_label_that_the_form_does_not_know_is_said_once_where_it_has_a_value(tmp_path):
    rows = [*TOP, OWNERS, *ROWS, ["其中：绿化用地面积", "平方米", "06", 777], ["屋顶花园面积", "平方米", "07", 5]]
    rows += [["泳池面积", "平方米", "08", None, 9], ["屋顶花园面积", "平方米", "09", 6], ["说明：以上为实测数", None, None, 1]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows, name="教基5176")], "629925", 2025)
    assert [(finding.rule, finding.severity, finding.place.cell, finding.found.zh) for finding in result.findings] == [
        ("returns.row_not_used", "note", "A10", "屋顶花园面积")
    ]


def test_rows_and_columns_that_a_crossed_form_does_not_know_are_said(tmp_path):
    rows = [["小学分类型学生数"], [f"学校标识码：{CODE}    学校名称：甲小学"]]
    rows.append(["指标名称", "代码", "在校生数", "一年级", "二年级", "三年级", "四年级", "五年级", "六年级", "走读比例", "空栏"])
    rows += [["总计", "01", 120, *[20] * 6, 0.5, "—"], ["其中：寄宿生", "02", 5, 0, 1, 1, 1, 1, 1, 0], ["其中：女", "03", 60, *[10] * 6]]
    rows += [["寄宿学生(误)", "04", "1", "1", 0, 0, 0, 0, 0], ["没有填的", "05"], ["填表人：张三"]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows, name="教基3112")], "629925", 2025)
    assert [(finding.rule, finding.place.cell, finding.found.zh) for finding in result.findings] == [
        ("returns.row_not_used", "A7", "寄宿学生(误)"),
        ("returns.column_not_used", "J3", "走读比例"),
    ]
    assert result.county.tables["enrolment"]["boarders"].to_list() == [0, 1, 1, 1, 1, 1]


def test_labels_with_words_beside_them_are_said_too(tmp_path):
    cells = workbooks.sheet_1001(CODE, "河口学校", "小学") | {"A7": "吉祥物", "C7": "骆驼", "A8": "邮政编码", "C8": "730000"}
    result = read_returns([write_book(tmp_path / "a.xlsx", {"教基1001": cells})], "629925", 2025)
    assert [(finding.rule, finding.place.cell) for finding in result.findings] == [("returns.row_not_used", "A7")]
