"""The invented lists of the example county are what the script makes, and hold nobody's number."""

import csv
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.qinghe import QINGHE


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("lists")
    sys.path.insert(0, str(QINGHE))
    try:
        from making.people_lists import write_lists
    finally:
        sys.path.pop(0)
    write_lists(folder)
    return folder


def cells(path: Path) -> object:
    if path.suffix != ".xlsx":
        return path.read_bytes()
    return [list(row) for row in openpyxl.load_workbook(path)["名单"].iter_rows(values_only=True)]


def test_the_committed_lists_are_what_the_script_makes(made):
    names = {path.name for path in made.iterdir()}
    assert names == {path.name for path in (QINGHE / "lists").iterdir()} - {"教师姓名.csv"}  # made with the register of teachers
    assert [name for name in sorted(names) if cells(made / name) != cells(QINGHE / "lists" / name)] == []


def test_no_number_can_be_a_persons():
    register = cells(QINGHE / "lists" / "学籍册.xlsx")
    column = register[2].index("身份证件号")
    numbers = [row[column] for row in register[3:-1] if row[column]]
    assert len(numbers) > 1900
    assert all(number.startswith("99") for number in numbers)  # no province has this code


def test_the_truth_names_pupils_of_the_register_or_nobody():
    register = cells(QINGHE / "lists" / "学籍册.xlsx")
    pupils = {row[1] for row in register[3:-1]}
    with (QINGHE / "lists" / "truth.csv").open(encoding="utf-8") as lines:
        truth = list(csv.DictReader(lines))
    assert {row["file"] for row in truth} == {"公安.xlsx", "民政.csv", "残联.xlsx", "乡村振兴.xlsx"}
    assert {row["number"] for row in truth} - pupils == {""}
