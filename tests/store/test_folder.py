from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings

from junheng.errors import DataError, StoreError
from junheng.model import County, county, digest
from junheng.store import folder_findings, read_county, write_county, years
from junheng.store.folder import table_text
from tests.model.made import CODE, PRIMARY, counties, made, pupils, school

ONE = made(
    schools=[school(name='城关“一”小,\n"东"', boarding=False, lon=101.5, lat=38.25, built_year=1999)],
    enrolment=[pupils(30, grade="2"), pupils(None, grade="1")],
    premises=[{"school": PRIMARY, "site_area_m2": 12000.50, "teaching_area_m2": 0}],
    projects=[{"project": "p1", "name": "扩建", "kind": "extend", "finished": None}],
)


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_text_is_canonical(tmp_path: Path) -> None:
    write_county(tmp_path, ONE)
    assert (tmp_path / "2025/premises.csv").read_text() == f"school,site_area_m2,teaching_area_m2\n{PRIMARY},12000.5,0\n"
    assert (tmp_path / "2025/enrolment.csv").read_text() == (
        f"school,stage,grade,sex,pupils\n{PRIMARY},primary,1,all,\n{PRIMARY},primary,2,all,30\n"
    )
    assert (tmp_path / "2025/schools.csv").read_bytes() == (
        f'school,name,kind,built_year,boarding,lon,lat\n{PRIMARY},"城关“一”小,\n""东""",primary,1999,false,101.5,38.25\n'
    ).encode()
    assert (tmp_path / "2025/projects.csv").read_text() == "project,name,kind\np1,扩建,extend\n"
    assert sorted(path.name for path in (tmp_path / "2025").iterdir()) == ["enrolment.csv", "premises.csv", "projects.csv", "schools.csv"]


@settings(deadline=None, max_examples=60)
@given(counties())
def test_reading_and_writing_again_gives_the_same_county_and_the_same_bytes(one: County) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_county(folder, one)
        first = files(folder)
        again = read_county(folder, one.code, one.year)
        assert digest(again) == digest(one)
        write_county(folder, again)
        assert files(folder) == first


def test_the_order_of_rows_does_not_show_in_the_file() -> None:
    frame = ONE.tables["enrolment"]
    assert table_text("enrolment", frame.reverse()) == table_text("enrolment", frame)


def test_source_cells_are_kept_and_stable(tmp_path: Path) -> None:
    cells = pl.DataFrame(
        [
            {"key": f"{PRIMARY}|primary|{grade}|all", "column": "pupils", "file": "a.xlsx", "sheet": "表", "cell": f"C{grade}"}
            for grade in "21"
        ]
    )
    sourced = county(CODE, 2025, ONE.tables, {"enrolment": cells})
    write_county(tmp_path, sourced)
    first = files(tmp_path)
    again = read_county(tmp_path, CODE, 2025)
    assert again.origins["enrolment"].equals(cells.sort("key"))
    write_county(tmp_path, again)
    assert files(tmp_path) == first
    assert folder_findings(tmp_path, 2025) == []


def test_a_table_edited_by_hand_no_longer_claims_its_source_cells(tmp_path: Path) -> None:
    cell = {"key": f"{PRIMARY}|primary|2|all", "column": "pupils", "file": "a.xlsx", "sheet": "表", "cell": "C4"}
    origins = {"enrolment": pl.DataFrame([cell]), "schools": pl.DataFrame([{**cell, "key": PRIMARY, "column": "name"}])}
    write_county(tmp_path, county(CODE, 2025, ONE.tables, origins))
    path = tmp_path / "2025/enrolment.csv"
    path.write_text(path.read_text().replace(",30", ",31"))
    assert set(read_county(tmp_path, CODE, 2025).origins) == {"schools"}
    assert [(one.rule, one.place.file) for one in folder_findings(tmp_path, 2025)] == [("store.edited_by_hand", "2025/enrolment.csv")]


def test_an_empty_county_is_an_empty_folder(tmp_path: Path) -> None:
    write_county(tmp_path, county(CODE, 2025))
    assert years(tmp_path) == [2025]
    assert digest(read_county(tmp_path, CODE, 2025)) == digest(county(CODE, 2025))


def test_years_are_told_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    assert years(tmp_path / "nowhere") == []
    for year in (2025, 2024):
        write_county(tmp_path, county(CODE, year))
    (tmp_path / "returns").mkdir()
    assert years(tmp_path) == [2024, 2025]
    with pytest.raises(StoreError) as refusal:
        read_county(tmp_path, CODE, 2023)
    assert refusal.value.findings[0].expected.en == "one of the years held: 2024、2025"


def test_everything_wrong_in_the_files_is_told_at_once_with_file_line_and_column(tmp_path: Path) -> None:
    write_county(tmp_path, ONE)
    room = tmp_path / "2025"
    (room / "enrolment.csv").write_text(
        'school,stage,grade,sex,pupils,puplis\n"2162000001",primary,1,"a\nll",many,3\n2162000001,primary,2,all,3.5,3\n'
    )
    (room / "premises.csv").write_text("school,site_area_m2\n2162000001\n")
    (room / "enrollment.csv").write_text("school\n")
    (room / "posts.csv").write_bytes("school,approved\n编制,3\n".encode("gb18030"))
    with pytest.raises(DataError) as refusal:
        read_county(tmp_path, CODE, 2025)
    told = [(one.rule, one.place.file, one.place.row, one.place.column) for one in refusal.value.findings]
    assert told == [
        ("store.unknown_table", "2025/enrollment.csv", None, ""),
        ("model.unknown_column", "2025/enrolment.csv", 1, "puplis"),
        ("model.value_of_another_type", "2025/enrolment.csv", 2, "pupils"),
        ("model.value_of_another_type", "2025/enrolment.csv", 4, "pupils"),
        ("store.not_utf8", "2025/posts.csv", 2, ""),
        ("documents.csv_width", "2025/premises.csv", 2, ""),
    ]
    assert refusal.value.findings[0].expected.en == "the name of a table: enrolment"


def test_files_that_are_not_ours_are_told_and_kept(tmp_path: Path) -> None:
    write_county(tmp_path, ONE)
    (tmp_path / "2025/说明.txt").write_text("手写")
    (tmp_path / "2025/照片").mkdir()
    (tmp_path / "2025/照片/1.jpg").write_bytes(b"\xff")
    assert [one.place.file for one in folder_findings(tmp_path, 2025)] == ["2025/照片", "2025/说明.txt"]
    write_county(tmp_path, made(schools=[school()]))
    assert set(files(tmp_path / "2025")) == {"schools.csv", "说明.txt", "照片/1.jpg"}


def test_a_file_saved_by_a_spreadsheet_is_read_too(tmp_path: Path) -> None:
    room = tmp_path / "2025"
    room.mkdir()
    (room / "schools.csv").write_bytes("\ufeffname,school,kind\r\n城关小学,2162000001,primary\r\n\r\n".encode())
    assert read_county(tmp_path, CODE, 2025).tables["schools"]["name"].to_list() == ["城关小学"]


def test_an_interrupted_import_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_county(tmp_path, ONE)
    before = files(tmp_path / "2025")
    written = Path.write_bytes

    def interrupted(path: Path, content: bytes) -> int:
        if path.name == "premises.csv":
            written(path, content[:5])
            raise KeyboardInterrupt
        return written(path, content)

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_county(tmp_path, made(schools=[school()], enrolment=[pupils(99)], premises=[{"school": PRIMARY, "site_area_m2": 1}]))
    assert files(tmp_path / "2025") == before
    assert digest(read_county(tmp_path, CODE, 2025)) == digest(ONE)
