"""A list that says no stage: a school whose kind has one stage is given it, and said so; every other figure is refused by its cell."""

from __future__ import annotations

import pytest

from junheng.store.returns.load import read_returns
from tests.store.returns import workbooks
from tests.store.returns.workbooks import write_book, write_rows

PRIMARY, POINT, NINE = "2162000001", "2162000002", "3162000003"
KINDS = [
    ["学校标识码", "学校名称", "办学类型"],
    [PRIMARY, "东小学", "小学"],
    [POINT, "西教学点", "教学点"],
    [NINE, "北学校", "九年一贯制学校"],
]
TEACHERS = [["学校标识码", "专任教师", "体育教师"], [PRIMARY, 12, 2], [POINT, 3, None], [NINE, 40, 4]]
TOGETHER = [[*kind, *teachers[1:]] for kind, teachers in zip(KINDS, TEACHERS, strict=True)]


def check(result, cells):
    assert [(finding.rule, finding.severity, finding.place.cell) for finding in result.findings] == [
        ("returns.stage_derived", "note", ""),
        *[("returns.key_absent", "error", cell) for cell in cells],
    ]
    assert "2行" in result.findings[0].sentence("zh")
    assert [refused.cells for refused in result.refused] == [(cell,) for cell in cells]
    tables = result.county.tables
    assert tables["staff"].select("school", "stage", "teachers").rows() == [(PRIMARY, "primary", 12), (POINT, "primary", 3)]
    assert tables["staff_subjects"].select("school", "stage", "pe").rows() == [(PRIMARY, "primary", 2)]


def test_the_kind_stands_in_the_same_list(tmp_path):
    check(read_returns([write_rows(tmp_path / "a.xlsx", TOGETHER)], "629925", 2025), ["D4", "E4"])


@pytest.mark.parametrize("name", ["1.xlsx", "9.xlsx"])
def test_the_kind_stands_in_another_file_whichever_is_read_first(tmp_path, name):
    kinds = write_rows(tmp_path / "5.xlsx", KINDS)
    check(read_returns([kinds, write_rows(tmp_path / name, TEACHERS)], "629925", 2025), ["B4", "C4"])


def test_the_kind_is_held_already(tmp_path):
    base = read_returns([write_rows(tmp_path / "5.xlsx", KINDS)], "629925", 2025).county
    check(read_returns([write_rows(tmp_path / "a.xlsx", TEACHERS)], "629925", 2025, base), ["B4", "C4"])


def test_the_kind_stands_in_a_form_of_the_school(tmp_path):
    form = write_book(tmp_path / "5.xlsx", {"教基1001": workbooks.sheet_1001(PRIMARY, "东小学", "小学")})
    result = read_returns([form, write_rows(tmp_path / "1.xlsx", TEACHERS[:2])], "629925", 2025)
    assert [finding.rule for finding in result.findings] == ["returns.stage_derived"]
    assert result.county.tables["staff"]["stage"].to_list() == ["primary"]


def test_a_list_with_stages_is_taken_as_it_says(tmp_path):
    rows = [["学校标识码", "学段", "办学类型", "专任教师"], [NINE, "小学", "九年一贯制学校", 20], [NINE, "初中", "九年一贯制学校", 20]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    assert result.findings == ()
    assert result.county.tables["staff"].select("stage", "teachers").rows() == [("primary", 20), ("junior", 20)]


def test_a_list_without_figures_by_stage_says_nothing_of_stages(tmp_path):
    assert read_returns([write_rows(tmp_path / "a.xlsx", KINDS)], "629925", 2025).findings == ()


def test_a_list_with_one_column_of_pupils_a_stage_is_read_by_stage(tmp_path):
    head = ["学校标识码", "学校名称", "办学类型", "学生数（小学）", "学生数（初中）"]
    rows = [["3162000009", "九年制学校", "九年一贯制", 166, 210], ["2162000001", "东小学", "小学", 300, None]]
    path = write_rows(tmp_path / "各校一览表.xlsx", [head, *rows])
    result = read_returns([path], "629925", 2025)
    assert result.findings == ()
    assert result.county.tables["enrolment"].sort("school", "stage").select("school", "stage", "grade", "pupils").rows() == [
        ("2162000001", "primary", "all", 300),
        ("3162000009", "junior", "all", 210),
        ("3162000009", "primary", "all", 166),
    ]


def test_beside_columns_of_grades_it_is_not_read_a_second_time(tmp_path):
    head = ["学校标识码", "学校名称", "办学类型", "一年级", "学生数（小学）"]
    path = write_rows(tmp_path / "各校一览表.xlsx", [head, ["2162000001", "东小学", "小学", 50, 300]])
    result = read_returns([path], "629925", 2025)
    assert result.county.tables["enrolment"].select("grade", "pupils").rows() == [("1", 50)]
    assert "returns.column_not_used" in {finding.rule for finding in result.findings}
