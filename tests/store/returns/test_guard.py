"""A hostile workbook is refused by name, quickly, and the process lives; a good one passes."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from junheng.errors import StoreError
from junheng.store.returns.child import WorkbookReader
from junheng.store.returns.filetype import kind_of
from junheng.store.returns.guard import inspect
from junheng.store.returns.limits import Limits
from junheng.store.returns.load import read_returns
from tests.store.returns.hostile import FOREIGN, HOSTILE, MAIN, archive, cell, one_sheet, sheet
from tests.store.returns.workbooks import write_rows

SECONDS = 5.0  # of the processor: other work on the machine does not count
GROWTH = 20 << 20


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_workbook_is_refused_by_name(case, tmp_path):
    make, rule = HOSTILE[case]
    path = make(tmp_path / "hostile.xlsx")
    before, started = psutil.Process().memory_info().rss, time.process_time()
    with pytest.raises(StoreError) as refusal:
        inspect(path)
    assert [finding.rule for finding in refusal.value.findings] == [rule]
    assert time.process_time() - started < SECONDS
    assert psutil.Process().memory_info().rss - before < GROWTH
    for lang in ("zh", "en"):
        assert "hostile.xlsx" in refusal.value.findings[0].sentence(lang)


@pytest.mark.parametrize("case", FOREIGN)
def test_a_file_that_is_something_else_is_refused_by_name(case, tmp_path):
    name, content, rule = FOREIGN[case]
    path = tmp_path / name
    path.write_bytes(content) if isinstance(content, bytes) else content(path)
    result = read_returns([path], "629925", 2025)
    assert [finding.rule for finding in result.findings if finding.severity == "error"] == [rule]
    assert result.unread == (name,)


def test_limits_that_a_ratio_does_not_reach_hold_by_themselves(tmp_path):
    # These floods compress so well that the ratio stops them first; with the ratio off, each meets its own limit.
    loose = Limits(ratio=10**9)
    expected = {
        "spaces": "returns.inflates_too_far",
        "shared strings": "returns.inflates_too_far",
        "one long string": "returns.text_too_long",
    }
    expected |= {"millions of cells": "returns.too_many_cells", "a million styles": "returns.too_many_styles"}
    expected |= {"a million merges": "returns.too_many_merges"}
    for case, rule in expected.items():
        with pytest.raises(StoreError) as refusal:
            inspect(HOSTILE[case][0](tmp_path / f"{rule}.xlsx"), limits=loose)
        assert refusal.value.findings[0].rule == rule


def test_a_text_of_32767_characters_passes_and_one_more_does_not(tmp_path):
    def strings(length: int) -> Path:
        text = f'<sst xmlns="{MAIN}"><si><r><t>{"字" * (length - 1)}</t></r><r><t>末</t></r></si></sst>'
        return archive(tmp_path / f"{length}.xlsx", {"xl/sharedStrings.xml": text})

    inspect(strings(32_767))
    with pytest.raises(StoreError) as refusal:
        inspect(strings(32_768))
    assert refusal.value.findings[0].rule == "returns.text_too_long"


def test_a_good_workbook_passes_and_is_read_in_the_child(tmp_path):
    path = write_rows(tmp_path / "good.xlsx", [["学校", "学生数"], ["东小学", 120], [None, 3.5]])
    assert inspect(path).cells == 5
    with WorkbookReader() as reader:
        (grid,) = reader.read(path)
        assert [[grid.text(row, column) for column in range(2)] for row in range(3)] == [["学校", "学生数"], ["东小学", "120"], ["", "3.5"]]
        assert grid.address(2, 1) == "B3"


def test_far_cells_that_hold_nothing_are_no_reason_to_refuse(tmp_path):
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    path = one_sheet(rows)(tmp_path / "formatted.xlsx")
    with WorkbookReader() as reader:
        assert reader.read(path)[0].kinds.shape == (1, 1)


def test_a_prefix_before_the_names_of_elements_changes_nothing(tmp_path):
    xml = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row>'
    xml += '<x:row r="1048576"><x:c r="A1048576"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    with pytest.raises(StoreError) as refusal:
        inspect(archive(tmp_path / "prefix.xlsx", {"xl/worksheets/sheet1.xml": xml}))
    assert refusal.value.findings[0].rule == "returns.box_too_large"


def test_without_the_guard_the_parser_dies_and_only_the_child_with_it(tmp_path):
    # The red control: what the guard refuses in a millisecond kills the parser. The limited child takes the blow, and is replaced.
    corners = HOSTILE["two cells in opposite corners"][0](tmp_path / "corners.xlsx")
    good = write_rows(tmp_path / "good.xlsx", [["a"], [1]])
    with WorkbookReader(Limits(child_bytes=400 << 20, child_seconds=4)) as reader:
        with pytest.raises(StoreError) as refusal:
            reader.read_unguarded(corners)
        assert refusal.value.findings[0].rule == "returns.child_died"
        assert reader.read(good)[0].text(1, 0) == "1"


def test_a_child_that_works_too_long_is_ended(tmp_path):
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{c}{row}"><v>1</v></c>' for c in "ABCDEFGH") + "</row>" for row in range(1, 120_000)
    )
    long = archive(tmp_path / "long.xlsx", {"xl/worksheets/sheet1.xml": sheet(rows)})
    with WorkbookReader(Limits(child_seconds=0)) as reader, pytest.raises(StoreError) as refusal:
        reader.read_unguarded(long)
    assert refusal.value.findings[0].rule == "returns.child_died"


def test_the_child_sees_no_environment_and_little_memory(tmp_path):
    others = psutil.Process().children()  # what other tests of this process left running
    with WorkbookReader() as reader:
        reader.read(write_rows(tmp_path / "good.xlsx", [["a"], [1]]))
        (child,) = [process for process in psutil.Process().children() if process not in others]
        assert set(child.environ()) <= {"LC_CTYPE", "SYSTEMROOT"}
        assert reader.limited
        assert 0 < reader.peak < 64 << 20


def test_kind_of_tells_a_workbook_from_text(tmp_path):
    book, text = archive(tmp_path / "a.csv"), tmp_path / "b.xlsx"
    text.write_text("学校,人数\n", encoding="utf-8")
    assert (kind_of(book), kind_of(text)) == ("workbook", "text")
    assert cell("B7") == '<row r="7"><c r="B7"><v>1</v></c></row>'
