"""The returns of examples/qinghe hold, in the cells of the forms, what the format of record holds."""

from collections import defaultdict
from pathlib import Path

import pytest
import python_calamine

from junheng.model import diff
from junheng.store import read_county
from junheng.store.returns.load import read_returns
from tests.qinghe import CODE, QINGHE, held, pupils, rows, school, schools, teachers


def cell(file: Path, sheet: str, address: str) -> object:
    book = python_calamine.load_workbook(str(file))
    grid = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    column, row = address[0], int(address[1:])
    return grid[row - 1][ord(column) - ord("A")]


def returned() -> dict[str, list[Path]]:
    files: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((QINGHE / "returns" / "2025").glob("*.xlsx")):
        files[path.name[:10]].append(path)
    return files


def test_returns_hold_in_the_cells_of_the_forms_what_the_record_holds():
    assert len(returned()) == 7
    for code, (file, *_) in returned().items():
        assert cell(file, "教基1001", "C4") == schools()[code]["name"]
        assert cell(file, "教基5170", "F10") == float(held()[code]["teaching_area_m2"])
        assert cell(file, "教基5170", "F17") == held()[code]["indoor_sports_area_m2"]
        assert cell(file, "教基5176", "D7") == held()[code]["sports_ground_area_m2"]
        assert cell(file, "教基5176", "D17") == held()[code]["multimedia_rooms"]
        its = [row for row in rows("staff") if row["school"] == code]
        assert cell(file, "教基4149", "D6") == sum(int(row["teachers"]) for row in its)
        assert sum(cell(file, "教基4153", address) for address in ("C8", "C9", "C10")) <= cell(file, "教基4149", "D6")


PUPILS = (("primary", "教基3112", "I6"), ("junior", "教基3115", "E6"), ("senior", "教基3118", "E6"))
TEACHERS = {"bachelors": "C11", "colleges": "C12", "pe": "L6", "music": "N6", "fine_art": "O6"}


@pytest.mark.parametrize(("stage", "sheet", "address"), PUPILS)
def test_returned_pupils_classes_and_degrees_are_those_of_the_record(stage, sheet, address):
    for code, (file, *_) in returned().items():
        if (code, stage) not in pupils():
            continue
        assert cell(file, sheet, address) == pupils()[code, stage]
        if stage == "primary":
            classes = [row for row in rows("classes") if row["school"] == code and row["stage"] == stage]
            assert cell(file, "教基2106", "C5") == len(classes)
            its = teachers()[code, stage]
            found = {name: cell(file, "教基4155", place) for name, place in TEACHERS.items()}
            assert found == {name: its[name] for name in found}


def test_equipment_is_returned_in_10000_yuan_and_a_corrected_file_brings_what_the_first_left_out():
    late = school("沙井镇初级中学")
    for code, files in returned().items():
        stated = [cell(file, "教基5176", "D19") for file in files]
        if code == late:
            assert stated[0] == ""
            assert stated[1] > 0
            assert held()[code]["teaching_equipment_yuan"] is None
        else:
            assert [round(value * 10_000) for value in stated] == [held()[code]["teaching_equipment_yuan"]]


def test_the_school_that_sent_nothing_has_no_file():
    assert school("白杨镇石嘴教学点") not in returned()


def test_reading_the_returns_over_the_record_changes_nothing_but_the_gap_that_was_corrected():
    base = read_county(QINGHE, CODE, 2025)
    result = read_returns(sorted((QINGHE / "returns" / "2025").glob("*.xlsx")), CODE, 2025, base)
    assert [finding for finding in result.findings if finding.severity == "error"] == []
    changes = [change for change in diff(base, result.county) if change.table != "class_sizes"]
    assert [(change.table, change.row["school"]) for change in changes] == [("equipment", school("沙井镇初级中学"))]
    bands = {change.row["school"] for change in diff(base, result.county) if change.table == "class_sizes"}
    assert bands == set(returned())  # the record holds single classes; the form gives the same by size band
    silent = {missing.name for missing in result.not_sent if missing.nothing}
    assert "白杨镇石嘴教学点" in silent
    assert silent.isdisjoint({schools()[code]["name"] for code in returned()})
