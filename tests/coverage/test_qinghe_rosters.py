"""Every roster that ships, run on Qinghe, finds what was planted and nothing else."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from junheng.coverage import shipped
from junheng.workflow.reconcile import Desk
from tests.qinghe import QINGHE, ROOT

DAY = date(2026, 1, 20)
ROOM = QINGHE / "rosters"
EXCEPTIONS = ("missing", "short", "untold", "undecided", "excused", "claimed")


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(QINGHE, DAY)


@pytest.fixture(scope="module")
def truth() -> Mapping[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    with (ROOM / "truth.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["roster"], set()).add((row["standing"], row["line"]))
    return found


def found(desk: Desk, name: str) -> set[tuple[str, str]]:
    """Return every exception: standing, and the key of the line as the truth names it."""
    made, _, sides = desk.result(name)
    roster = desk.rosters.roster(name)
    assert made is not None

    def key(side: int, row: int) -> str:
        held = sides[side].frame.row(row, named=True)  # type: ignore[union-attr]  # every list lies there
        return f"{held['name']}|{held['birth']}" if roster.rule else "|".join(str(held[one]) for one in roster.keys)

    lines = made.lines.iter_rows(named=True)
    exceptions = {(row["standing"], key(0, row["row"])) for row in made.lines.iter_rows(named=True) if row["standing"] in EXCEPTIONS}
    over = {("over", key(0, row["row"])) for row in lines if row["due"] is not None and (row["paid"] or 0) > row["due"]}
    doubled = {("doubled", key(0, row)) for row in made.doubled["row"].to_list()}
    wrong = {("wrong", key(row["source"] + 1, row["did_row"])) for row in made.wrong.iter_rows(named=True)}
    return exceptions | over | doubled | wrong


@pytest.mark.parametrize("name", shipped().rosters)
def test_what_was_planted_is_found_and_nothing_else(name: str, desk: Desk, truth: Mapping[str, set[tuple[str, str]]]) -> None:
    assert found(desk, name) == truth[name]
    said = desk.standing(name)
    assert not said.complete  # something is planted in each
    assert not any(word in said.sentence.zh for word in ("全覆盖", "零拒绝", "应助尽助"))


def test_a_list_in_gbk_with_merged_cells_subtotals_and_a_total_is_read_line_by_line(desk: Desk) -> None:
    rows = list(openpyxl.load_workbook(ROOM / "lists" / "户籍适龄儿童名册.xlsx")["名单"].iter_rows(min_row=3, values_only=True))
    people = [row for row in rows if row[0] not in ("小计", "合计")]
    side = desk.result("school_age_enrolled")[2][0]
    assert side is not None
    assert side.frame.height == len(people)
    assert side.frame["township"].null_count() == 0  # the township's cell is merged over its children
    assert side.numbers[:2] == (3, 4)
    assert (ROOM / "lists" / "资助发放表.csv").read_bytes().decode("gb18030").splitlines()[-1].startswith("合计,")


def test_a_child_without_id_a_digit_off_and_twins_are_met(desk: Desk) -> None:
    made, findings, sides = desk.result("school_age_enrolled")
    assert made is not None
    assert sides[0] is not None
    listed = sides[0].frame.join(made.lines.select("row", "standing"), on="row")
    assert set(listed.filter(listed["id_number"].is_null())["standing"].to_list()) == {"verified"}
    assert {"matching.id_number_check_digit", "matching.one_number_two_names"} <= {one.rule for one in findings}
    births = listed.group_by("birth", "guardian").len().filter(listed.group_by("birth", "guardian").len()["len"] > 1)
    assert births.height  # there are twins, and none of them was taken for the other
    assert made.counts.missing == 2


def test_a_list_that_is_absent_is_no_covered_list(tmp_path: Path) -> None:
    (tmp_path / "junheng.toml").write_bytes((QINGHE / "junheng.toml").read_bytes())
    standing = Desk(tmp_path, DAY).standing("migrant_children")
    assert (standing.should, standing.missing, standing.complete) == (None, None, False)
    assert {one.rule for one in standing.findings} == {"coverage.list_absent"}


def test_a_list_without_a_needed_column_is_refused_whole(tmp_path: Path) -> None:
    (tmp_path / "junheng.toml").write_bytes((QINGHE / "junheng.toml").read_bytes())
    (tmp_path / "rosters" / "lists").mkdir(parents=True)
    (tmp_path / "rosters" / "lists" / "随迁子女入学申请.csv").write_text("申请编号,姓名\n1,甲\n", encoding="utf-8")
    standing = Desk(tmp_path, DAY).standing("migrant_children")
    assert standing.should is None
    assert "coverage.column_absent" in {one.rule for one in standing.findings}


def test_the_committed_lists_are_what_the_script_makes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from making import rosters; from making.roster import read;"
        "home = Path(sys.argv[1]);"
        "rosters.write_rosters(Path(sys.argv[2]), home, read(home / 'source' / 'roster.csv'))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code, str(QINGHE), str(tmp_path)], check=True, env=environment)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert made == {path.relative_to(ROOM): path.read_bytes() for path in ROOM.rglob("*") if path.is_file()}


def test_no_number_can_be_a_persons() -> None:
    with (ROOM / "lists" / "学籍名册.csv").open(encoding="utf-8") as lines:
        assert all(row["身份证件号"].startswith("99") for row in csv.DictReader(lines))
