"""Numbers that are none, or that lost their digits: each is refused at its own cell and nothing of the import fails."""

from __future__ import annotations

import zipfile

import pytest

from junheng.store.returns.load import read_returns
from tests.store.returns.workbooks import write_rows

CODES = ["2162000101", "2162000102", "2162000103", "2162000104"]
HEAD = ["学校标识码", "学校名称", "占地面积", "图书", "建校年份", "是否寄宿制", "公用经费预算（万元）"]


def with_values(tmp_path, replaced):
    """Write a list and put texts in place of numbers into the sheet's XML, as broken programs do."""
    marks = {f"{7000001 + index}": text for index, text in enumerate(replaced.values())}
    rows = [HEAD, *[[code, f"第{code[-1]}小学", 100, 200, 1998, "否", 30] for code in CODES]]
    for (row, column), mark in zip(replaced, marks, strict=True):
        rows[row][column] = int(mark)
    whole = write_rows(tmp_path / "whole.xlsx", rows)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for mark, text in marks.items():
                part = part.replace(f"<v>{mark}</v>".encode(), f"<v>{text}</v>".encode())
            new.writestr(name, part)
    return path


@pytest.mark.parametrize("text", ["NaN", "INF", "-INF", "Infinity", "1e999999"])
@pytest.mark.parametrize("column", range(2, 7))
def test_a_number_that_is_none_is_refused_at_its_cell(tmp_path, column, text):
    result = read_returns([with_values(tmp_path, {(2, column): text})], "629925", 2025)
    at = f"{'ABCDEFG'[column]}3"
    # what is no number for the parser either is not read as a cell: then the whole file is refused, by name
    assert [refused.cells for refused in result.refused] == [(at,)] or result.unread == ("a.xlsx",)
    if not result.unread:
        assert [(finding.rule, finding.place.cell) for finding in result.findings] == [("returns.formula_error", at)]
        assert result.county.tables["schools"].height == 4


def test_several_are_one_line_and_the_rest_goes_in(tmp_path):
    path = with_values(tmp_path, {(1, 2): "NaN", (2, 2): "1e999999", (4, 6): "NaN"})
    result = read_returns([path], "629925", 2025)
    assert [(finding.rule, finding.place.cell, finding.count) for finding in result.findings] == [
        ("returns.formula_error", "C2", 2),
        ("returns.formula_error", "G5", 1),
    ]
    assert "NaN" in result.findings[0].sentence("zh")
    assert result.county.tables["premises"].sort("school")["site_area_m2"].to_list() == [None, None, 100, 100]


@pytest.mark.parametrize(
    ("column", "value", "rule"), [(2, 5e14, "number_too_large"), (6, 1e300, "digits_destroyed"), (6, 2e10, "number_too_large")]
)
def test_a_number_larger_than_a_column_holds_is_refused_at_its_cell(tmp_path, column, value, rule):
    rows = [HEAD, [CODES[0], "第1小学", 100, 200, 1998, "否", 30]]
    rows[1][column] = value
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    assert [(finding.rule, finding.place.cell) for finding in result.findings] == [(f"returns.{rule}", f"{'ABCDEFG'[column]}2")]


@pytest.mark.parametrize("column", [0, 1, 5])
def test_a_number_of_eighteen_digits_is_refused_wherever_a_text_is_taken(tmp_path, column):
    rows = [HEAD, *[[code, f"第{code[-1]}小学", 100, 200, 1998, "否", 30] for code in CODES]]
    rows[2][column] = 620725198001011234
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    at = f"{'ABCDEFG'[column]}3"
    assert [(finding.rule, finding.place.cell) for finding in result.findings] == [("returns.digits_destroyed", at)]
    assert [refused.cells for refused in result.refused] == [(at,)]
    names = result.county.tables["schools"].sort("school")["name"].to_list()
    assert names == (["第1小学", *([] if column == 0 else [None if column == 1 else "第2小学"]), "第3小学", "第4小学"])


def test_a_number_beside_a_destroyed_one_is_still_a_text(tmp_path):
    rows = [["学校标识码", "学校名称"], [int(CODES[0]), 1], [int(CODES[1]), 620725198001011234], [int(CODES[2]), 2]]
    result = read_returns([write_rows(tmp_path / "a.xlsx", rows)], "629925", 2025)
    assert result.county.tables["schools"].sort("school")["name"].to_list() == ["1", None, "2"]
