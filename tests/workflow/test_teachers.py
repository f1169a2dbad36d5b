"""Lists of teachers, and letters in which names stand and nowhere else."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.planning.proposal import Brief
from junheng.planning.registry import planner
from junheng.planning.solve import Limits
from junheng.store.folder import read_county
from junheng.store.plans import write_plan
from junheng.workflow.teachers import teaching_board, write_letters
from tests.planning.counties import RULES
from tests.qinghe import CODE, QINGHE


def test_the_lists_of_qinghe_agree_with_its_register() -> None:
    board = teaching_board(QINGHE)
    subjects, _, _, ahead, ages, _ = board.lists
    register = read_county(QINGHE, CODE, board.year).tables["teachers"]
    taught = register.filter(register["stage"].is_in(["primary", "junior"]))
    assert sum(int(str(row[3])) for row in subjects.rows) == taught.height
    assert sum(int(str(row[2])) for row in ages.rows) == register.height
    assert sum(int(str(row[2])) for row in ahead.rows) == taught.height
    assert board.findings == ()


def test_letters_hold_names_and_the_plan_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "qinghe"
    folder.mkdir()
    shutil.copy(QINGHE / "junheng.toml", folder)
    shutil.copytree(QINGHE / "2025", folder / "2025")
    county = read_county(folder, CODE, 2025)
    proposal = planner("teacher_rotation").propose(county, RULES, Brief(planner="teacher_rotation", limits=Limits(gap=1e-2)))
    place = write_plan(folder, "2025-rotation", 2025, proposal, date(2026, 3, 1))
    first = next(iter(proposal.tables["moves"]["teacher"]))
    names = tmp_path / "names.csv"
    names.write_text(f"教师编号,姓名\n{first},欧阳试\n", encoding="utf-8")
    made = write_letters(place, names, QINGHE / "letters" / "调动通知.docx", tmp_path / "letters")
    assert len(made.files) == 1
    assert len(made.without_name) == len(proposal.steps) - 1
    kept = "".join(path.read_text(encoding="utf-8") for path in place.rglob("*") if path.is_file())
    assert "欧阳试" not in kept
    with pytest.raises(StoreError):
        write_letters(place, tmp_path / "none.csv", QINGHE / "letters" / "调动通知.docx", tmp_path / "letters")
