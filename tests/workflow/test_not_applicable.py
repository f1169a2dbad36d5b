"""A county without a single estate kindergarten: not applicable, with the count it rests on; one empty cell, and it is no data."""

import csv
import shutil
from pathlib import Path

import pytest

from junheng.workflow import assess
from junheng.workflow.compare import side_by_side
from junheng.workflow.views import Assessment, Item

FRAMEWORK = "preschool-inclusive-2020"


def without_estates(root: Path, folder: Path, *, silent: int = 0) -> Assessment:
    """Return Qinghe judged with no kindergarten of an estate; the first `silent` kindergartens do not say."""
    source = root / "examples" / "qinghe"
    shutil.copytree(source / "2025", folder / "2025")
    shutil.copy(source / "junheng.toml", folder)
    path = folder / "2025" / "schools.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = [row for row in rows if row["kind"] == "kindergarten"]
    for number, row in enumerate(asked):
        row["estate_kindergarten"] = "" if number < silent else "false"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        out.writerows(rows)
    return assess(folder, 2025, FRAMEWORK)


def estate(assessment: Assessment) -> Item:
    return next(item for part in assessment.parts for item in part.items if item.indicator == "preschool.estate_share")


@pytest.fixture(scope="module")
def none(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return without_estates(root, tmp_path_factory.mktemp("none"))


def test_the_item_says_on_how_many_schools_it_rests(none: Assessment):
    item = estate(none)
    assert item.verdict == "not_applicable"
    assert item.figure
    assert (item.figure.value, item.figure.shown, item.figure.missing) == (None, "", 0)
    assert item.note == item.figure.absent
    assert item.note.zh == "已报40所，其中没有小区配套园"
    assert item.note.en == "40 schools sent, no estate kindergarten among them"
    part = next(part for part in none.parts if item in part.items)
    assert part.counts["not_applicable"] == 1
    assert part.counts["no_data"] == 0


def test_its_trail_lists_the_cells_that_say_no(none: Assessment):
    trail = none.explanations["preschool.estate_share/-/-"]
    assert {(cell.table, cell.column, cell.shown) for cell in trail.cells} == {("schools", "estate_kindergarten", "False")}
    assert len(trail.cells) == 40
    assert trail.steps[-1].zh == "已报40所，其中没有小区配套园"


def test_one_kindergarten_that_does_not_say_keeps_it_without_data(root: Path, tmp_path: Path, none: Assessment):
    unknown = without_estates(root, tmp_path, silent=1)
    item = estate(unknown)
    assert (item.verdict, item.note.zh, item.figure.absent.zh) == ("no_data", "", "")
    assert item.figure.missing == 1
    compared = side_by_side(unknown, none, same_county=True)
    turn = next(row.turn for row in compared.rows if row.label == item.title)
    assert turn == "unknown"


def test_what_schools_are_asked_is_one_line_of_the_county(root: Path, tmp_path: Path):
    folder = tmp_path / "plain"
    shutil.copytree(root / "examples" / "qinghe" / "2025", folder / "2025")
    shutil.copy(root / "examples" / "qinghe" / "junheng.toml", folder)
    path = folder / "2025" / "schools.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",special,", ",primary,"), encoding="utf-8")
    assessment = assess(folder, 2025, "quality-balance-2017")
    item = next(item for part in assessment.parts for item in part.items if item.indicator == "funds.special")
    assert (item.verdict, item.failing, item.stage) == ("not_applicable", (), "")
    assert item.note.zh.endswith("其中没有特殊教育学校")
    small = next(item for part in assessment.parts for item in part.items if item.indicator == "funds.small_school")
    assert small.verdict != "not_applicable"  # Qinghe has small schools
