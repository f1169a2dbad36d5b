"""The statutory forms of one school, filled as their templates place the cells, give the tables they are about."""

from __future__ import annotations

from decimal import Decimal

import pytest

from junheng.documents import PackageFile
from junheng.errors import DataError
from junheng.store.returns.forms import read_forms, shipped_forms
from junheng.store.returns.load import read_returns
from tests.store.returns import workbooks
from tests.store.returns.workbooks import line, write_book

CODE = "3144000123"


@pytest.fixture
def nine_year(tmp_path):
    pupils, merges = workbooks.sheet_3112([40, 41, 42, 43, 44, 45])
    sheets = {
        "教基1001": workbooks.sheet_1001(CODE, "河口九年一贯制学校", "九年一贯制学校"),
        "教基3112": pupils,
        "教基3115": workbooks.sheet_3115([50, 51, 52]),
        "教基4155": workbooks.sheet_4155(20, [0, 1, 15, 3], 2, [1, 1, 0]),
        "教基5170": workbooks.sheet_5170(),
        "教基5176": workbooks.sheet_5176(),
    }
    return write_book(tmp_path / "河口学校.xlsx", sheets, {"教基3112": merges})


def test_every_sheet_is_recognised_and_nothing_is_wrong(nine_year):
    result = read_returns([nine_year], "629925", 2025)
    assert [sheet.form for sheet in result.loaded] == ["cn/1001", "cn/3112", "cn/3115", "cn/4155", "cn/5170", "cn/5176"]
    assert result.findings == ()


def test_the_school_is_known_from_its_first_sheet(nine_year):
    (school,) = read_returns([nine_year], "629925", 2025).county.tables["schools"].to_dicts()
    told = {"school": CODE, "name": "河口九年一贯制学校", "kind": "nine_year", "urban_rural": "121", "built_year": 2019}
    assert {name: value for name, value in school.items() if value is not None} == told


def test_pupils_come_by_grade_with_their_cells(nine_year):
    county = read_returns([nine_year], "629925", 2025).county
    enrolment = county.tables["enrolment"]
    assert enrolment.filter(stage="primary")["pupils"].to_list() == [40, 41, 42, 43, 44, 45]
    assert enrolment.filter(stage="junior")["grade"].to_list() == ["7", "8", "9"]
    assert enrolment.filter(stage="primary")["migrant"].to_list() == [2] * 6  # 进城务工人员随迁子女, not the wider 随迁子女
    origins = county.origins["enrolment"]
    assert origins.filter(key=f"{CODE}|primary|6|all", column="pupils").row(0)[2:] == ("河口学校.xlsx", "教基3112", "P6")


def test_units_are_converted_and_the_equipment_is_exact(nine_year):
    tables = read_returns([nine_year], "629925", 2025).county.tables
    assert tables["equipment"]["teaching_equipment_yuan"].to_list() == [Decimal("1582000.0000")]  # 158.2 万元
    premises = tables["premises"].row(0, named=True)
    assert premises["teaching_area_m2"] == Decimal("4200.5000")
    assert premises["indoor_sports_area_m2"] == 300
    assert premises["sports_ground_area_m2"] == 6500
    assert premises["multimedia_rooms"] == 18


def test_two_rows_that_add_up_keep_both_cells(nine_year):
    county = read_returns([nine_year], "629925", 2025).county
    staff = county.tables["staff"].row(0, named=True)
    assert (staff["teachers"], staff["masters"], staff["bachelors"], staff["below_college"]) == (20, 1, 15, 1)
    assert county.origins["staff"].filter(column="below_college")["cell"].to_list() == ["C13+C14"]


def test_arts_beside_music_and_art_is_a_subject_and_before_them_their_sum(nine_year, tmp_path):
    alone = read_returns([nine_year], "629925", 2025).county.tables["staff_subjects"].row(0, named=True)
    assert (alone["pe"], alone["music"], alone["fine_art"], alone["arts"]) == (2, 1, 1, 0)
    sheets = {"1001": workbooks.sheet_1001(CODE, "河口学校", "九年一贯制学校"), "4155": workbooks.sheet_4155_combined(12, 9)}
    combined = read_returns([write_book(tmp_path / "a.xlsx", sheets)], "629925", 2025).county.tables["staff_subjects"]
    assert combined.select("stage", "music", "fine_art", "arts").rows() == [("primary", 2, 1, None), ("junior", 2, 1, None)]


def test_a_form_moved_by_rows_and_columns_is_read_all_the_same(tmp_path):
    pupils, _ = workbooks.sheet_3112([1, 2, 3, 4, 5, 6])
    moved = {
        workbooks.letters(sum((ord(c) - 64) * 26**i for i, c in enumerate(reversed(address.rstrip("0123456789")))) + 3)
        + str(int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) + 7): value
        for address, value in pupils.items()
    }
    sheets = {"封面": workbooks.sheet_1001(CODE, "河口学校", "小学"), "x": moved}
    county = read_returns([write_book(tmp_path / "a.xlsx", sheets)], "629925", 2025).county
    assert county.tables["enrolment"]["pupils"].to_list() == [1, 2, 3, 4, 5, 6]
    assert county.origins["enrolment"].filter(column="pupils")["cell"].to_list()[0] == "N13"


def test_a_total_that_does_not_fit_its_grades_is_said(tmp_path):
    pupils, _ = workbooks.sheet_3112([10, 10, 10, 10, 10, 10], total=61)
    sheets = {"1001": workbooks.sheet_1001(CODE, "河口学校", "小学"), "3112": pupils}
    (finding,) = read_returns([write_book(tmp_path / "a.xlsx", sheets)], "629925", 2025).findings
    assert (finding.rule, finding.place.cell) == ("returns.stated_differs", "I6")


def test_whole_school_staff_goes_to_the_one_stage_or_to_none(tmp_path):
    staff = {"A1": "中小学教职工", "A2": "教基4149"} | line("A", 4, ["指标名称", "代码", "教职工数", "专任教师", "行政人员"])
    staff |= (
        line("A", 5, ["甲", "乙", "1", "2", "3"]) | line("A", 6, ["总计", "01", 30, 27, 3]) | line("A", 9, ["#在编人员", "04", 28, 26, 2])
    )
    for kind, rules, rows in (("小学", [], [(30, 26)]), ("九年一贯制学校", ["returns.not_split_by_stage"], [])):
        sheets = {"1001": workbooks.sheet_1001(CODE, "河口学校", kind), "4149": staff}
        result = read_returns([write_book(tmp_path / "a.xlsx", sheets)], "629925", 2025)
        assert [finding.rule for finding in result.findings] == rules
        assert result.county.tables["staff"].select("staff", "established").rows() == rows


def test_classes_by_size_and_backbone_teachers(tmp_path):
    classes = (
        {"A1": "小学班数、班额情况", "A2": "教基2106"}
        | line("A", 3, ["", "编号", "合计", "一年级", "二年级"])
        | line("A", 4, ["甲", "乙", 1, 2, 3])
    )
    classes |= (
        line("A", 5, ["总计", "01", 5, 3, 2]) | line("A", 6, ["25人及以下", "02", 1, 1, 0]) | line("A", 7, ["41－45人", "03", 4, 2, 2])
    )
    backbone = {
        "A1": "学校基本情况（续）",
        "A3": "指标名称",
        "C3": "代码",
        "A12": "县级及以上骨干教师",
        "B12": "小学",
        "C12": "12",
        "D12": 7,
        "B13": "初中",
        "C13": "13",
        "D13": 4,
    }
    sheets = {"1001": workbooks.sheet_1001(CODE, "河口学校", "九年一贯制学校"), "2106": classes, "1102续": backbone}
    result = read_returns([write_book(tmp_path / "a.xlsx", sheets)], "629925", 2025)
    assert result.findings == ()
    sizes = result.county.tables["class_sizes"].sort("grade", "band")
    assert sizes.select("grade", "band", "classes").rows() == [("1", "0-25", 1), ("1", "41-45", 2), ("2", "0-25", 0), ("2", "41-45", 2)]
    assert result.county.tables["staff"].select("stage", "backbone").rows() == [("primary", 7), ("junior", 4)]


def test_without_a_code_the_name_finds_the_school_and_an_unknown_name_is_refused(tmp_path, nine_year):
    grounds = write_book(tmp_path / "条件.xlsx", {"教基5176": workbooks.sheet_5176() | {"A2": "教基5176  学校名称：河口九年一贯制學校"}})
    stranger = write_book(tmp_path / "无名.xlsx", {"教基5176": workbooks.sheet_5176()})
    whole = read_returns([nine_year], "629925", 2025).county
    named = read_returns([grounds], "629925", 2025, whole)
    assert named.county.tables["premises"]["school"].to_list() == [CODE]
    unknown = read_returns([stranger], "629925", 2025, whole)
    assert [finding.rule for finding in unknown.findings] == ["returns.school_unknown"]
    assert unknown.changes == ()


def test_a_form_of_another_year_is_said_to_have_changed(tmp_path):
    pupils, _ = workbooks.sheet_3112([1, 2, 3, 4, 5, 6])
    without = {address: value for address, value in pupils.items() if value != "六年级"}
    sheets = {"1001": workbooks.sheet_1001(CODE, "河口学校", "小学"), "3112": without, "别的": {"A1": "食堂台账", "A2": "日期"}}
    result = read_returns([write_book(tmp_path / "a.xlsx", sheets)], "629925", 2025)
    assert [(finding.rule, finding.place.sheet) for finding in result.findings] == [
        ("returns.form_changed", "3112"),
        ("returns.sheet_not_recognised", "别的"),
    ]


def test_the_shipped_forms_are_sound_and_have_different_titles():
    forms = shipped_forms()
    numbers = {form.id.removeprefix("cn/") for form in forms}
    wanted = {"1001", "1102", "2105", "2106", "2107", "3112", "3115", "3118", "3120"}
    wanted |= {"4148", "4149", "4150", "4153", "4155", "4156", "4159", "5170", "5176"}
    assert numbers.issuperset(wanted)
    assert len({form.id for form in forms}) == len(forms)
    assert all(form.title.zh and form.title.en and form.tables for form in forms)


def test_a_mistake_in_a_form_is_a_finding_with_file_and_line():
    text = "title: {zh: 甲, en: a}\nlayout: list\njurisdiction: cn\nfields:\n  - {label: 学校, key: school}\n"
    text += "  - {label: 人数, to: enrolment.pupil}\n"
    text += "  - {label: 一年级, to: enrolment.pupils, with: {grade: first}}\n"
    with pytest.raises(DataError) as error:
        read_forms([PackageFile("forms/a.yaml", text)])
    assert [(finding.rule, finding.place.row) for finding in error.value.findings] == [
        ("returns.form_target", 6),
        ("returns.form_target", 7),
    ]
    with pytest.raises(DataError) as error:
        read_forms([PackageFile("forms/a.yaml", text + "colour: red\n")])
    assert error.value.findings[0].rule == "returns.form_key"
