"""Lists of teachers, and letters in which names stand and nowhere else."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.planning.proposal import Brief
from junheng.planning.registry import planner
from junheng.planning.solve import Limits
from junheng.present.report.teaching_prose import teaching_report
from junheng.present.teaching_documents import write_teaching
from junheng.present.web.teaching_page import teaching_page
from junheng.store.folder import read_county
from junheng.store.plans import write_plan
from junheng.workflow.teachers import teaching_board
from junheng.workflow.teachers_letters import write_letters
from junheng.workflow.views.teaching import TeachingBoard
from tests.planning.counties import RULES
from tests.qinghe import CODE, QINGHE


@pytest.fixture(scope="module")
def board() -> TeachingBoard:
    return teaching_board(QINGHE, as_of=date(2026, 1, 20))


def column(board: TeachingBoard, name: str, place: int) -> list[int]:
    return [int(str(row[place])) for row in board.list(name).rows]


def test_the_lists_of_qinghe_agree_with_its_register(board: TeachingBoard) -> None:
    register = read_county(QINGHE, CODE, board.year).tables["teachers"]
    taught = register.filter(register["stage"].is_in(["primary", "junior"]))
    assert sum(column(board, "subjects", 3)) == taught.height
    assert sum(column(board, "ages", 2)) == register.height
    assert sum(column(board, "structure", 2)) == taught.height
    assert sum(column(board, "retirements", 2)) == taught.height
    assert not [one for one in board.findings if one.severity == "error"]


def test_every_list_has_a_cell_for_each_column(board: TeachingBoard) -> None:
    assert {one.id for one in board.lists} > {"posts_by_stage", "second", "hiring_by_stage", "plan", "vacancies", "succession"}
    for one in board.lists:
        assert {len(row) for row in one.rows} == {len(one.columns)}, one.id


def test_posts_to_fill_add_up_from_subjects_to_stages_and_years(board: TeachingBoard) -> None:
    by_subject = sum(column(board, "plan", len(board.list("plan").columns) - 2))
    posts = [str(label.zh) for label, _ in board.list("hiring_by_stage").columns].index("当年招聘")
    assert sum(column(board, "hiring_by_stage", posts)) == by_subject > 0


def test_pupils_ahead_stand_behind_the_need(board: TeachingBoard) -> None:
    primary = next(one for one in board.need if one.stage == "primary")
    need = [point.need for point in primary.points if point.need is not None]
    assert need == sorted(need, reverse=True)  # fewer children enter each year in Qinghe
    assert all(point.low80 <= point.need <= point.high80 for point in primary.points[1:] if point.need and point.low80 and point.high80)


def test_no_name_stands_in_the_chapter(board: TeachingBoard, tmp_path: Path) -> None:
    names = [line.split(",")[1] for line in (QINGHE / "lists" / "教师姓名.csv").read_text(encoding="utf-8").split()[1:200]]
    page = teaching_page(board)
    report = str(teaching_report(board))
    assert not [name for name in names if name in page or name in report]
    write_teaching(board, tmp_path, "zh", lambda *_: None)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("teachers.html", "teachers-summary.pdf", "teachers.docx", "teachers.xlsx", "teachers.json")
    }
    assert len(re.findall(rb"/Type/Page\b", (tmp_path / "teachers-summary.pdf").read_bytes())) == 2


def test_where_pupils_cannot_be_foreseen_the_rest_is_still_told(tmp_path: Path) -> None:
    folder = tmp_path / "qinghe"
    folder.mkdir()
    shutil.copy(QINGHE / "junheng.toml", folder)
    shutil.copytree(QINGHE / "2025", folder / "2025")
    (folder / "2025" / "enrolment.csv").unlink()
    bare = teaching_board(folder)
    assert "workflow.nobody_enrolled" in {one.rule for one in bare.findings}
    assert "hiring" not in {one.id for one in bare.lists}
    assert bare.list("subjects").rows


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
