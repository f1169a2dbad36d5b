"""Importing into an authority's folder: what is written, what stays, and what an officer is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from junheng.errors import StoreError
from junheng.store import read_county
from junheng.workflow.importing import import_returns
from junheng.workflow.start import new_authority
from tests.store.returns.workbooks import sheet_1001, sheet_5176, write_book, write_rows

CODE = "620725"
HEAD = ["学校标识码", "学校名称", "办学类型", "图书", "占地面积"]
EAST = ["2162000101", "东小学", "小学", 100, 9000]
WEST = ["2162000102", "西小学", "小学", 200, 8000]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_authority(tmp_path / "县", CODE, "某县", 2025)
    return tmp_path / "县"


def book(path: Path, *rows: list[object], head: list[str] = HEAD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_rows(path, [head, *rows])


def held(folder: Path, table: str = "schools") -> pl.DataFrame:
    return read_county(folder, CODE, 2025).tables[table].sort("school")


SLOW = """
import sys
from pathlib import Path
from junheng.workflow.importing import import_returns
def step(said, done, total):
    if done == 0:
        print("reading", flush=True)
        sys.stdin.readline()
result = import_returns(Path(sys.argv[1]), 2025, [Path(sys.argv[2])], progress=step)
print(len(result.written), flush=True)
"""


def test_two_imports_at_once_lose_nothing(folder: Path, tmp_path: Path, root: Path) -> None:
    """The second is refused by name while the first has read the base and not yet written, and works afterwards."""
    east, west = book(tmp_path / "s1/东.xlsx", EAST), book(tmp_path / "s2/西.xlsx", WEST)
    command = [sys.executable, "-c", SLOW, str(folder), str(east)]
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        assert first.stdout.readline() == "reading\n"
        with pytest.raises(StoreError) as refusal:
            import_returns(folder, 2025, [west])
        assert [one.rule for one in refusal.value.findings] == ["store.busy"]
        looked_at = import_returns(folder, 2025, [west], write=False)  # looking writes nothing and waits for nobody
        assert (looked_at.written, looked_at.loaded > 0) == ((), True)
        first.stdin.write("\n")
        first.stdin.flush()
        assert first.stdout.readline() == "1\n"
    assert import_returns(folder, 2025, [west]).written
    assert held(folder)["name"].to_list() == ["东小学", "西小学"]


def rules(result) -> list[str]:
    return [one.rule for one in result.findings if one.rule.startswith("returns.")]


@pytest.mark.parametrize("word", ["更正", "修正", "订正", "補報"])
def test_a_file_that_says_it_is_a_correction_stands_above_the_other(folder: Path, word: str) -> None:
    room = folder / "returns/2025"
    first = book(room / "东小学.xlsx", EAST)
    corrected = book(room / f"东小学_{word}.xlsx", [*EAST[:3], 120, None])
    result = import_returns(folder, 2025)
    (note,) = [one for one in result.findings if one.rule == "returns.corrected"]
    assert note.severity == "note"
    assert "120" in note.found.zh
    assert "100" in note.found.zh
    assert "returns.values_differ" not in rules(result)
    assert held(folder, "equipment")["books"].to_list() == [120]
    assert held(folder, "premises")["site_area_m2"].to_list() == [9000]  # the correction says nothing of it
    for again in ([first], [corrected], [first, corrected]):  # whatever is read again, and in which order
        import_returns(folder, 2025, again)
        assert held(folder, "equipment")["books"].to_list() == [120]


def test_two_versions_of_which_neither_says_that_it_corrects_leave_the_value_missing(folder: Path) -> None:
    room = folder / "returns/2025"
    book(room / "东小学.xlsx", EAST)
    better = book(room / "东小学_2.xlsx", [*EAST[:3], 120, 9000])
    (finding,) = [one for one in import_returns(folder, 2025).findings if one.rule == "returns.values_differ"]
    assert "junheng import" in finding.remedy.zh
    assert "更正" in finding.remedy.zh
    assert held(folder, "equipment").height == 0 or held(folder, "equipment")["books"].to_list() == [None]
    import_returns(folder, 2025, [better])  # as the finding says
    assert held(folder, "equipment")["books"].to_list() == [120]


def test_two_corrections_that_contradict_each_other_leave_the_value_missing(folder: Path) -> None:
    room = folder / "returns/2025"
    book(room / "东小学.xlsx", EAST)
    book(room / "东小学_更正.xlsx", [*EAST[:3], 120, 9000])
    book(room / "东小学_更正2.xlsx", [*EAST[:3], 130, 9000])
    assert "returns.values_differ" in rules(import_returns(folder, 2025))
    assert held(folder, "equipment")["books"].to_list() == [None]


def test_a_second_schools_file_of_the_same_name_leaves_the_first_school_alone(folder: Path, tmp_path: Path) -> None:
    import_returns(folder, 2025, [book(tmp_path / "in/s1/报表.xlsx", EAST)])
    import_returns(folder, 2025, [book(tmp_path / "in/s2/报表.xlsx", WEST)])
    assert held(folder)["name"].to_list() == ["东小学", "西小学"]


def test_another_schools_file_in_the_very_place_of_the_first_takes_nothing_back_and_says_so(folder: Path, tmp_path: Path) -> None:
    import_returns(folder, 2025, [book(tmp_path / "in/报表.xlsx", EAST)])
    result = import_returns(folder, 2025, [book(tmp_path / "in/报表.xlsx", WEST)])
    (warning,) = [one for one in result.findings if one.rule == "returns.earlier_values_stay"]
    assert warning.severity == "warning"
    assert "东小学（2162000101）" in warning.found.zh
    assert held(folder)["name"].to_list() == ["东小学", "西小学"]


def test_a_file_that_can_no_longer_be_read_takes_nothing_back(folder: Path) -> None:
    path = book(folder / "returns/2025/东.xlsx", EAST)
    import_returns(folder, 2025)
    path.write_bytes(b"%PDF-1.7 scanned")
    result = import_returns(folder, 2025)
    assert {"returns.not_a_table", "returns.earlier_values_stay"} <= set(rules(result))
    assert held(folder)["name"].to_list() == ["东小学"]


def test_a_return_is_the_same_one_whether_it_is_read_alone_or_with_all_others(folder: Path) -> None:
    """A cell that the corrected file leaves blank is taken back, and said."""
    room = folder / "returns/2025"
    path = book(room / "s1/报表.xlsx", EAST)
    book(room / "s2/报表.xlsx", WEST)
    import_returns(folder, 2025)
    book(path, [*EAST[:4], None])
    result = import_returns(folder, 2025, [path])
    assert held(folder, "premises")["school"].to_list() == [WEST[0]]
    assert held(folder, "equipment")["books"].to_list() == [100, 200]
    (warning,) = [one for one in result.findings if one.rule == "returns.rows_taken_back"]
    assert (warning.place.file, "东小学（2162000101）" in warning.found.zh) == ("s1/报表.xlsx", True)


def test_a_school_that_a_corrected_file_drops_is_named(folder: Path) -> None:
    path = book(folder / "returns/2025/一览表.xlsx", EAST, WEST)
    import_returns(folder, 2025)
    book(path, [*EAST[:3], None, 9000])
    result = import_returns(folder, 2025)
    assert held(folder)["name"].to_list() == ["东小学"]
    told = [one for one in result.findings if one.rule.endswith("taken_back")]
    assert [(one.rule, one.severity, one.count) for one in told] == [
        ("returns.rows_taken_back", "warning", 1),  # the school, with all its rows
        ("returns.rows_taken_back", "warning", 1),  # East's equipment, of which nothing is left
    ]
    assert "西小学（2162000102）" in told[0].found.zh
    assert "东小学" not in told[0].found.zh


def test_two_schools_under_one_code_are_both_refused_and_named(folder: Path) -> None:
    """They agree in every number but were put together as one school."""
    room = folder / "returns/2025"
    book(room / "甲.xlsx", EAST, WEST)
    book(room / "乙.xlsx", ["2162000101", "南小学", "小学", 100, 9000])
    result = import_returns(folder, 2025)
    (finding,) = [one for one in result.findings if one.rule == "returns.code_of_two_schools"]
    assert finding.severity == "error"
    assert finding.place.key == ("2162000101",)
    assert all(word in finding.found.zh for word in ("甲.xlsx", "东小学", "乙.xlsx", "南小学"))
    assert held(folder)["name"].to_list() == ["西小学"]
    assert held(folder, "equipment")["school"].to_list() == [WEST[0]]


def test_a_code_that_another_school_sent_earlier_in_the_year_is_refused_and_what_is_held_stays(folder: Path, tmp_path: Path) -> None:
    import_returns(folder, 2025, [book(tmp_path / "甲/1.xlsx", EAST)])
    other = book(tmp_path / "乙/2.xlsx", ["2162000101", "南小学", "小学", 120, 7000], WEST)
    result = import_returns(folder, 2025, [other])
    assert "returns.code_of_two_schools" in rules(result)
    assert held(folder)["name"].to_list() == ["东小学", "西小学"]
    assert held(folder, "equipment")["books"].to_list() == [100, 200]


def test_a_name_without_its_beginning_is_the_same_school_and_a_new_name_since_last_year_is_no_matter(folder: Path, tmp_path: Path) -> None:
    import_returns(folder, 2024, [book(tmp_path / "去年/1.xlsx", ["2162000101", "朝阳小学", "小学", 90, 9000])])
    room = folder / "returns/2025"
    book(room / "甲.xlsx", ["2162000101", "某县东小学", "小学", 100, None])
    book(room / "乙.xlsx", ["2162000101", "东小学（本部）", "小学", None, 9000])
    assert "returns.code_of_two_schools" not in rules(import_returns(folder, 2025))
    assert held(folder, "premises")["school"].to_list() == [EAST[0]]


def test_the_forms_of_two_schools_that_state_one_code_are_both_refused(folder: Path) -> None:
    room = folder / "returns/2025"
    for name, books in (("东小学", 5176), ("西小学", 5176)):
        sheets = {"1001": sheet_1001("2162000101", name, "小学"), str(books): sheet_5176()}
        (room / name).mkdir()
        write_book(room / name / "报表.xlsx", sheets)
    result = import_returns(folder, 2025)
    assert "returns.code_of_two_schools" in rules(result)
    assert result.written == () or held(folder, "equipment").height == 0


def test_the_values_of_a_code_of_two_schools_are_not_counted_as_loaded(folder: Path) -> None:
    room = folder / "returns/2025"
    book(room / "甲.xlsx", EAST, WEST)
    book(room / "乙.xlsx", ["2162000101", "南小学", "小学", 100, 9000])
    result = import_returns(folder, 2025)
    # name, kind, books and site area of the one school that is left
    assert {name: loaded for name, _, loaded, _ in result.files} == {"甲.xlsx": 4, "乙.xlsx": 0}
    assert result.loaded == 4


def test_the_same_values_from_another_file_are_written_for_the_trail_has_to_name_it(folder: Path, tmp_path: Path) -> None:
    def source() -> set[str]:
        return set(read_county(folder, CODE, 2025).origins["equipment"]["file"])

    assert import_returns(folder, 2025, [book(tmp_path / "甲/1.xlsx", EAST)]).written
    assert source() == {"甲/1.xlsx"}
    assert import_returns(folder, 2025, [book(tmp_path / "乙/2.xlsx", EAST)]).written
    assert source() == {"乙/2.xlsx"}
    assert not import_returns(folder, 2025, [tmp_path / "乙/2.xlsx"]).written  # nothing new at all
