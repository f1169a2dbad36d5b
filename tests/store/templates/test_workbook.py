from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from junheng.errors import StoreError
from junheng.model import County, apply, check, county, digest, schema
from junheng.model.change import AddRow
from junheng.store.returns.forms import shipped_forms
from junheng.store.returns.load import Import, read_returns
from junheng.store.templates import template_forms, write_templates
from junheng.store.templates.plan import asks
from tests.model.made import CODE, NINE_YEAR, PRIMARY, made, pupils, school, staff

NURSERY = "1162000001"
LAST = made(
    2024,
    schools=[
        school(name="城关小学", founder="7", boarding=False, built_year=1986, lon=101.1, lat=38.2),
        school(NINE_YEAR, "nine_year", "=九年/制*学校"),
        school(NURSERY, "kindergarten", "幼儿园"),
    ],
    campuses=[{"campus": "2162000001B", "school": PRIMARY, "name": "东校区", "counted": True}],
    enrolment=[
        *(pupils(20 + int(grade), grade=grade, sex=sex, boarders=0) for grade in "123456" for sex in ("male", "female")),
        *(pupils(9, "2162000001B", grade=grade, sex=sex) for grade in "12" for sex in ("male", "female")),
    ],
    staff=[staff(12, staff=13, bachelors=9, colleges=3), staff(20, NINE_YEAR, "junior")],
    premises=[{"school": PRIMARY, "site_area_m2": 12000.5, "teaching_area_m2": 3000}],
    special_rooms=[{"school": PRIMARY, "room": "音乐1", "use": "music", "area_m2": 73}],
    county_facts=[{"county": CODE, "residents": 160000, "teacher_mean_pay_yuan": 98420.5}],
    stage_facts=[{"county": CODE, "stage": "primary", "zoned_due": 100, "zoned_near": 98}],
    evidence=[{"item": "government-1", "conclusion": "met", "document": "文", "day": date(2024, 5, 1)}],
    population=[{"county": CODE, "basis": "resident", "age": 6, "sex": "all", "persons": 900}],
)
NOW = county(CODE, 2025)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_templates(tmp_path_factory.mktemp("written"), NOW, name="清河县教育局", previous=LAST)


@pytest.fixture
def templates(written: list[Path], tmp_path: Path) -> list[Path]:
    return [Path(shutil.copy(path, tmp_path)) for path in written]


def read(paths: list[Path], base: County | None = None) -> Import:
    return read_returns(paths, CODE, 2025, base, forms=template_forms(CODE))


def fill(path: Path, sheet: str, cells: dict[str, object]) -> None:
    book = openpyxl.load_workbook(path)
    for address, value in cells.items():
        book[sheet][address] = value
    book.save(path)


def where(path: Path, sheet: str, item: str, column: int = 3) -> str:
    """Return the address of an item's cell to fill."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(min_col=1, max_col=1)
    return next(f"{'ABCDEF'[column - 1]}{cell.row}" for (cell,) in rows if cell.value == item)


def test_every_school_campus_and_the_bureau_get_a_workbook_with_a_usable_name(templates: list[Path]) -> None:
    assert [path.name for path in templates] == [
        f"2025_{NURSERY}_幼儿园.xlsx",
        f"2025_{PRIMARY}_城关小学.xlsx",
        f"2025_{NINE_YEAR}_=九年制学校.xlsx",
        "2025_2162000001B_东校区.xlsx",
        f"2025_{CODE}_清河县教育局.xlsx",
    ]
    assert openpyxl.load_workbook(templates[1]).sheetnames == ["学校情况", "教职工与学位", "在校生", "班级", "班额分档", "专用教室", "校区"]
    assert openpyxl.load_workbook(templates[3]).sheetnames == ["校区情况", "教职工与学位", "在校生", "班级", "班额分档", "专用教室"]


def test_one_schools_workbook_can_be_written_and_an_unknown_school_is_refused(tmp_path: Path) -> None:
    paths = write_templates(tmp_path, NOW, name="局", previous=LAST, schools=[PRIMARY])
    assert [path.name for path in paths] == [f"2025_{PRIMARY}_城关小学.xlsx"]
    with pytest.raises(StoreError) as refusal:
        write_templates(tmp_path, NOW, name="局", previous=LAST, schools=["9", "8"])
    assert [one.place.key for one in refusal.value.findings] == [("8",), ("9",)]


def test_unfilled_templates_say_nothing_but_the_register(templates: list[Path]) -> None:
    result = read(templates)
    assert {one.rule for one in result.findings} == {"returns.form_empty"}
    assert {name for name, frame in result.county.tables.items() if frame.height} == {
        "schools",
        "campuses",
        "special_rooms",
    }
    assert result.county.tables["schools"]["name"].to_list() == LAST.tables["schools"].sort("school")["name"].to_list()


def test_templates_filled_with_last_years_values_give_last_years_county(tmp_path: Path) -> None:
    paths = write_templates(tmp_path, NOW, name="局", previous=LAST, prefilled=True)
    result = read(paths)
    assert {one.rule for one in result.findings} <= {"returns.form_empty"}
    again = County(CODE, 2024, result.county.tables)
    assert digest(again) == digest(LAST)


def test_a_filled_cell_is_read_with_its_address(templates: list[Path]) -> None:
    path = templates[1]
    site = where(path, "学校情况", "占地面积")
    teachers = where(path, "教职工与学位", "专任教师")
    fill(path, "学校情况", {site: 12350.5})
    fill(path, "教职工与学位", {teachers: 14})
    fill(path, "在校生", {"D5": 31, "D6": 0})
    fill(path, "班级", {"A5": "小学", "B5": "1(1)", "C5": "一年级", "D5": 31})
    result = read([path])
    assert result.findings == ()
    tables = result.county.tables
    assert tables["premises"].select("school", "site_area_m2", "floor_area_m2").rows() == [(PRIMARY, 12350.5, None)]
    assert tables["staff"].select("school", "stage", "teachers").rows() == [(PRIMARY, "primary", 14)]
    assert tables["enrolment"].select("grade", "sex", "pupils").rows() == [("1", "male", 31), ("1", "female", 0)]
    assert tables["classes"].select("class", "grade", "pupils").rows() == [("1(1)", "1", 31)]
    origin = result.county.origins["enrolment"].filter(column="pupils").sort("cell").row(0, named=True)
    assert (origin["key"], origin["sheet"], origin["cell"]) == (f"{PRIMARY}|primary|1|male", "在校生", "D5")


def test_a_wrong_cell_is_named_by_its_address_and_the_rest_is_loaded(templates: list[Path]) -> None:
    path = templates[1]
    books = where(path, "学校情况", "图书")
    kind = where(path, "学校情况", "学校类别")
    fill(path, "学校情况", {books: "约两万册", kind: "城堡"})
    fill(path, "在校生", {"D5": -3, "D6": 20})
    result = read([path])
    assert sorted((one.place.sheet, one.place.cell) for one in result.findings if one.place.cell) == sorted(
        [("学校情况", books), ("学校情况", kind), ("在校生", "D5")]
    )
    assert result.county.tables["enrolment"].filter(sex="female")["pupils"].to_list() == [20]
    assert result.county.tables["equipment"]["books"].to_list() == [None]


def test_a_corrected_file_loads_as_an_update(templates: list[Path]) -> None:
    path = templates[1]
    fill(path, "在校生", {"D5": 31, "D6": 20})
    first = read([path]).county
    fill(path, "在校生", {"D5": 32})
    second = read([path], first)
    assert second.county.tables["enrolment"]["pupils"].to_list() == [32, 20]
    assert [(change.__class__.__name__, getattr(change, "value", None)) for change in second.changes] == [("SetValue", 32)]


def test_the_row_of_totals_is_compared_with_what_was_loaded(templates: list[Path]) -> None:
    path = templates[1]
    total = openpyxl.load_workbook(path)["在校生"].max_row
    fill(path, "在校生", {"D5": 31, "D6": 20, f"D{total}": 51})
    result = read([path])
    (compared,) = (one for one in result.totals if one.loaded)
    assert (compared.cell, compared.stated, compared.loaded) == (f"D{total}", 51, 51)


def test_codes_stay_text_and_no_name_becomes_a_formula(templates: list[Path]) -> None:
    book = openpyxl.load_workbook(templates[2])
    name = book["学校情况"][where(templates[2], "学校情况", "学校名称")]
    assert (name.value, name.data_type) == ("=九年/制*学校", "s")
    register = openpyxl.load_workbook(templates[4])["学校名录"]
    code = register["A5"]
    assert (code.value, code.number_format, code.data_type) == (NURSERY, "@", "s")


def _unlocked(sheet: Worksheet) -> set[str]:
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}


def test_labels_and_totals_are_locked_and_cells_to_fill_are_not(templates: list[Path]) -> None:
    for sheet in openpyxl.load_workbook(templates[1]).worksheets:
        assert sheet.protection.sheet
        assert not sheet.protection.password
        unlocked = _unlocked(sheet)
        assert unlocked
        assert all(int("".join(filter(str.isdigit, address))) > 4 for address in unlocked)
        assert not {address for address in unlocked if str(sheet[address].value or "").startswith("=SUM")}


def test_every_choice_is_a_list_within_what_excel_takes(templates: list[Path]) -> None:
    for path in templates:
        for sheet in openpyxl.load_workbook(path).worksheets:
            for rule in sheet.data_validations.dataValidation:
                if rule.type == "list":
                    assert len(rule.formula1) <= 257


def test_a_number_below_zero_is_stopped_while_it_is_typed(templates: list[Path]) -> None:
    sheet = openpyxl.load_workbook(templates[1])["在校生"]
    (rule,) = (rule for rule in sheet.data_validations.dataValidation if "D5" in rule.sqref)
    assert (rule.type, rule.operator, rule.formula1) == ("whole", "greaterThanOrEqual", "0")


def test_the_page_is_a4_landscape_with_its_header_on_every_page(templates: list[Path]) -> None:
    for sheet in openpyxl.load_workbook(templates[1]).worksheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.print_title_rows == "$4:$4"
        assert sheet.freeze_panes is not None


def test_a_total_that_is_not_the_sum_of_its_parts_is_shown_on_the_sheet(
    templates: list[Path], program: Callable[..., str], tmp_path: Path
) -> None:

    path = templates[1]
    cells = {"专任教师": 14, "博士研究生": 0, "硕士研究生": 1, "本科": 10, "专科": 2, "高中阶段及以下": 0}
    fill(path, "教职工与学位", {where(path, "教职工与学位", item): value for item, value in cells.items()})
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        program("soffice"),
        profile,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(tmp_path / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    sheet = openpyxl.load_workbook(tmp_path / "out" / path.name, data_only=True)["教职工与学位"]
    checks = {row[0].value: row[2].value for row in sheet.iter_rows() if str(row[0].value).startswith("核对")}
    assert next(text for label, text in checks.items() if "本科" in label) == "不符：13≠14"


def test_the_same_county_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_templates(tmp_path / "a", NOW, name="局", previous=LAST)
    second = write_templates(tmp_path / "b", NOW, name="局", previous=LAST)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_without_a_year_before_there_are_no_columns_for_it(tmp_path: Path) -> None:
    now = apply(NOW, [AddRow("schools", school(name="新校"))])
    (path, _) = write_templates(tmp_path, now, name="局")
    header = [cell.value for cell in openpyxl.load_workbook(path)["学校情况"][4]]
    assert header == ["项目", "计量单位", "本年数", "示例", "填写说明"]
    result = read([path])
    assert result.county.tables["schools"]["name"].to_list() == ["新校"]
    assert [one for one in check(result.county) if one.severity == "error"] == []


def test_what_is_asked_is_only_what_the_schema_has() -> None:
    assert asks("premises", schema().tables["premises"].column("site_area_m2"), ["primary"])
    assert not asks("villages", schema().tables["villages"].column("geometry"), [])


def test_templates_are_told_from_every_other_known_form(templates: list[Path]) -> None:
    fill(templates[1], "在校生", {"D5": 31, "D6": 20})
    result = read_returns(templates, CODE, 2025, forms=(*shipped_forms(), *template_forms(CODE)))
    assert {one.rule for one in result.findings} == {"returns.form_empty"}
    assert {sheet.form.partition("/")[0] for sheet in result.loaded} == {"template"}


def read_over(paths: list[Path], base: County | None = None, previous: County = LAST) -> Import:
    return read_returns(paths, CODE, 2025, base, forms=template_forms(CODE), previous=previous)


def test_templates_that_come_back_untouched_load_nothing_and_are_named(templates: list[Path]) -> None:
    """Last year's rooms and register were loaded as this year's without a word."""
    result = read_over(templates)
    assert not [name for name, frame in result.county.tables.items() if frame.height]
    assert {sheet.file for sheet in result.loaded} == {path.name for path in templates if "2162000001B" in path.name}
    named = {one.place.file for one in result.findings if one.rule == "returns.template_untouched"}
    assert named == {path.name for path in templates if "2162000001B" not in path.name}  # the campus's holds nothing to begin with
    assert all(one.severity == "warning" for one in result.findings if one.rule == "returns.template_untouched")


def test_rooms_left_as_they_were_in_a_template_that_was_filled_in_are_listed(templates: list[Path]) -> None:
    fill(templates[1], "在校生", {"D5": 31, "D6": 20})
    result = read_over(templates)
    assert result.county.tables["special_rooms"]["room"].to_list() == ["音乐1"]
    said = {one.place.table: one for one in result.findings if one.rule == "returns.unchanged_since_last_year"}
    rooms = said["专用教室"]
    assert (rooms.severity, rooms.count) == ("warning", 1)
    assert "城关小学" in rooms.found.zh
    assert "音乐1" in rooms.found.zh
    assert said["学校"].severity == "note"


@pytest.mark.parametrize("cells", [{"C5": 74}, {"A5": None, "B5": None, "C5": None}, {"A6": "音乐2", "B6": "音乐"}])
def test_a_change_deletion_or_addition_is_something_filled_in(templates: list[Path], cells: dict[str, object]) -> None:
    fill(templates[1], "专用教室", cells)
    fill(templates[1], "学校情况", {where(templates[1], "学校情况", "建校年份"): 1987})
    result = read_over([templates[1]])
    assert "returns.template_untouched" not in {one.rule for one in result.findings}
    unchanged = [one.place.table for one in result.findings if one.rule == "returns.unchanged_since_last_year"]
    assert unchanged == (["专用教室", "校区"] if "A6" in cells else ["校区"])
    assert result.county.tables["schools"]["built_year"].to_list() == [1987]


def test_an_untouched_template_does_not_take_back_what_it_gave_before(templates: list[Path]) -> None:
    blank = templates[1].read_bytes()
    fill(templates[1], "在校生", {"D5": 31, "D6": 20})
    first = read_over([templates[1]]).county
    assert read_over([templates[1]], first).changes == ()
    templates[1].write_bytes(blank)
    again = read_over([templates[1]], first)
    assert again.changes == ()
    assert {"returns.template_untouched", "returns.earlier_values_stay"} <= {one.rule for one in again.findings}
