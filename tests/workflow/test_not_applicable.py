"""A county without a single estate kindergarten: not applicable, with the count it rests on; one empty cell, and it is no data."""

import csv
import shutil
from pathlib import Path

import pytest

from junheng.workflow.assess import assess
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


OWN = """title: {zh: 本县配套园, en: Estate kindergartens of the county}
jurisdiction: cn-629921
source: moe-inspection-2020-1
confidence: L
reviewed: null
in_force: {since: 2020-01-01, until: null}
parts:
  estate:
    title: {zh: 配套园, en: Estates}
    each: []
    requirements:
      - number: "1"
        title: {zh: 小区配套园办成公办园或普惠性民办园, en: Estate kindergartens are public or inclusive}
        indicator: preschool.estate_share
        at_least: preschool.estate_share.minimum
        must_apply: true
"""


def test_a_county_may_write_that_an_item_must_apply(root: Path, tmp_path: Path):
    without_estates(root, tmp_path)
    for name, text in (("estate-2025", OWN), ("estate-2026", OWN.replace("        must_apply: true\n", ""))):
        (tmp_path / "frameworks").mkdir(exist_ok=True)
        (tmp_path / "frameworks" / f"{name}.yaml").write_text(text, encoding="utf-8")
    must, may = (assess(tmp_path, 2025, name) for name in ("estate-2025", "estate-2026"))
    assert (estate(must).verdict, must.verdict) == ("no_data", "not_decided")
    assert estate(must).figure.absent.zh == ""  # the value reads no data, as the verdict does
    assert estate(must).note.zh == "已报40所，其中没有小区配套园；认定体系规定本项必须适用，记为无数据"
    assert (estate(may).verdict, may.parts[0].verdict, may.verdict) == ("not_applicable", "not_applicable", "not_decided")
    assert may.parts[0].counts["not_applicable"] == 1


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
