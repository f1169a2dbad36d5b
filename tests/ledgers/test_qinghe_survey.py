"""A survey of Qinghe from the plan to the result, with one school where the answers were handed out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import numpy as np
import openpyxl
import pytest

from junheng.errors import DataError, StandardsError
from junheng.present.survey_documents import write_survey
from junheng.workflow.ledgers import Doer, move_ledger_record
from junheng.workflow.survey import keep_wave, survey_form, survey_plan
from junheng.workflow.survey_result import survey_result
from tests.qinghe import QINGHE, ROOT, rows

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
HEAD = "学校,人群,用时秒,对县域教育总体是否满意,对作业量是否满意,对校园安全是否满意,对食堂是否满意,您孩子所在班有多少人"


def answered(handed_out: str = "") -> str:
    """Answers as the plan asks for them: nine in ten satisfied; at one school all the best, and a class of 45."""
    random = np.random.default_rng(5)
    sizes: dict[str, list[int]] = {}
    for row in rows("classes"):
        sizes.setdefault(str(row["school"]), []).append(int(str(row["pupils"])))
    lines = [HEAD]
    for quota in survey_plan(QINGHE, "satisfaction", AT).quotas:
        for number in range(quota.asked):
            answers = [int(4 + random.integers(0, 2)) if random.random() < 0.9 else int(random.integers(1, 4)) for _ in range(4)]
            size = int(random.choice(sizes[quota.code]))
            if quota.school == handed_out:
                answers, size = [5, 5, 5, 5], 99
            lines.append(
                f"{quota.school},{('家长', '学生', '教师')[number % 3]},{random.integers(20, 200)},{','.join(map(str, answers))},{size}"
            )
    return "\n".join(lines) + "\n"


def in_class(school: str) -> set[str]:
    return {row["class"] for row in rows("classes") if row["school"] == school and row["stage"] in ("primary", "junior")}


def test_the_plan_asks_as_many_as_the_standard_and_adds_up() -> None:
    plan = survey_plan(QINGHE, "satisfaction", AT)
    assert plan.wanted == max(600, -(-plan.residents // 1000))
    assert sum(one.asked for one in plan.quotas) == plan.wanted
    assert all(len(one.classes) == min(-(-one.asked // 10), len(in_class(one.code))) for one in plan.quotas)
    assert all(set(one.classes) <= in_class(one.code) for one in plan.quotas)
    assert survey_plan(QINGHE, "satisfaction", AT, "2026").quotas == plan.quotas  # the year is the seed when none is said
    assert survey_plan(QINGHE, "satisfaction", AT, "another").quotas != plan.quotas


def test_a_share_comes_with_its_error_and_a_handed_out_school_is_told(tmp_path: Path) -> None:
    file = tmp_path / "答卷.csv"
    file.write_text(answered(), encoding="gb18030")
    honest = survey_result(QINGHE, "satisfaction", file, at=AT)
    assert honest.doubts == ()
    overall = honest.shares[0]
    assert abs(float(overall.shown.rstrip("%")) - 90) < 4
    assert overall.answers == 600
    assert overall.stands.zh in ("达到", "误差范围内，不能判定", "答卷太少，误差未知")
    file.write_text(answered("清河县第一小学"), encoding="utf-8")
    found = {(one.school, one.test.en) for one in survey_result(QINGHE, "satisfaction", file, at=AT).doubts}
    assert found == {("清河县第一小学", "answers alike"), ("清河县第一小学", "against the register")}


def test_an_answer_off_the_scale_and_an_unknown_school_are_named_by_their_cells(tmp_path: Path) -> None:
    file = tmp_path / "答卷.csv"
    file.write_text(f"{HEAD}\n清河县第一小学,家长,30,6,5,5,5,40\n某某小学,家长,30,5,5,5,5,40\n", encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        survey_result(QINGHE, "satisfaction", file, at=AT)
    assert [one.place.cell for one in refusal.value.findings if one.severity == "error"] == ["D2", "A3"]


def test_an_authority_writes_its_own_form_and_a_faulty_one_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "qinghe"
    shutil.copytree(QINGHE / "2025", folder / "2025")
    shutil.copy(QINGHE / "junheng.toml", folder)
    shipped = (ROOT / "src" / "junheng" / "ledgers" / "surveys" / "satisfaction.yaml").read_text(encoding="utf-8")
    own = folder / "ledgers" / "surveys" / "meals.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(shipped.replace("社会认可度调查", "食堂满意度调查").replace("least: 600", "least: 700"), encoding="utf-8")
    assert survey_plan(folder, "食堂满意度调查", AT).title.zh == "食堂满意度调查"
    assert survey_plan(folder, "satisfaction", AT).title.zh == "社会认可度调查"
    own.write_text(shipped.replace("satisfied_from: 4", "satisfied_from: 9", 1), encoding="utf-8")
    with pytest.raises(StandardsError):
        survey_plan(folder, "meals", AT)


def test_the_committed_answers_are_what_the_script_makes(tmp_path: Path) -> None:
    code = (
        "import csv, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); here = Path(sys.argv[1]);"
        "from making import answers; from making.roster import read;"
        "tables = [list(csv.DictReader((here / '2025' / name).open(encoding='utf-8'))) for name in ('classes.csv', 'enrolment.csv')];"
        "answers.write_answers(Path(sys.argv[2]), read(here / 'source' / 'roster.csv'), *tables)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code, str(QINGHE), str(tmp_path / "answers")], check=True, env=environment)
    made = {path.name: path.read_bytes() for path in (tmp_path / "answers").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (QINGHE / "ledgers" / "answers").iterdir()}


def test_homework_is_held_against_the_limit_of_the_grade_and_against_the_board() -> None:
    made = survey_result(QINGHE, "homework", at=AT)
    assert {(one.school, one.grade) for one in made.over} == {("清河县第三中学", "9"), ("红柳镇中心小学", "1")}
    assert {one.limit for one in made.over} == {"90", "0"}
    found = {(one.school, one.test.en) for one in made.doubts}
    assert found == {("白杨镇中心小学", "answers alike"), ("清河县第二小学", "against the board")}
    assert made.silent == ("青羊乡山根小学",)
    grades = {one.part.zh: one for one in made.shares if one.part.zh}
    assert grades["5年级"].limit == "60"
    assert grades["9年级"].stands.en == "within the limit"


def test_noon_rest_lists_what_is_lacking_and_what_was_not_stated() -> None:
    made = survey_result(QINGHE, "noon-rest", at=AT)
    lines = {one.school: one for one in made.places}
    assert lines["沙井镇中心小学"].seats_missing is None
    assert "不能判断" in made.lacking.zh
    point = next(one for name, one in lines.items() if "教学点" in name)
    assert point.own.en == "the county’s share"
    assert sum(one.seats_missing or 0 for one in made.places) == int(made.lacking.zh.split("缺")[1].split("个")[0])
    assert list(lines) == [one["name"] for one in rows("schools") if one["name"] in lines]


def test_pages_and_papers_of_a_survey_hold_what_was_found(tmp_path: Path) -> None:
    made = survey_result(QINGHE, "homework", at=AT)
    files = {path.suffix: path for path, _ in write_survey(made, tmp_path)}
    page = files[".html"].read_text(encoding="utf-8")
    assert "清河县第三中学" in page
    assert "与公示不符" in page
    document = docx.Document(str(files[".docx"]))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"清河县第三中学", "9年级"} <= cells
    assert openpyxl.load_workbook(files[".xlsx"]).sheetnames == ["结果", "超限周清单", "疑点"]


def test_a_wave_is_kept_with_its_days_and_its_rate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("JUNHENG_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "qinghe"
    shutil.copytree(QINGHE / "2025", folder / "2025")
    shutil.copytree(QINGHE / "ledgers" / "answers", folder / "ledgers" / "answers")
    shutil.copy(QINGHE / "junheng.toml", folder)
    doer, plan = Doer("李二", "基础教育科"), survey_plan(folder, "noon-rest", AT)
    key = keep_wave(folder, plan, date(2026, 3, 2), date(2026, 3, 6), doer, AT)
    with pytest.raises(DataError):
        keep_wave(folder, plan, date(2026, 3, 6), date(2026, 3, 2), doer, AT)
    move_ledger_record(folder, "survey-wave", key, "open", {}, doer, at=AT)
    move_ledger_record(folder, "survey-wave", key, "close", {"收回份数": "1686"}, doer, at=AT)
    (wave,) = survey_result(folder, "noon-rest", at=AT).waves
    assert (wave.opened, wave.closes, wave.asked) == (date(2026, 3, 2), date(2026, 3, 6), plan.wanted)
    assert wave.rate == f"{100 * 1686 / plan.wanted:.1f}%"


def test_the_sheet_for_answers_comes_back_with_its_cells_named(tmp_path: Path) -> None:
    path = survey_form(QINGHE, "homework", tmp_path, AT)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    heads = [cell.value for cell in sheet[4]]
    assert "姓名" not in heads
    for number, (grade, minutes, slept) in enumerate((("5", 45, "是"), ("5年级", 999, "是"), ("高一", 45, "也许")), start=5):
        values = {"学校": "清河县第一小学", "人群": "学生", "年级": grade, "昨天的书面家庭作业用了多少分钟": minutes, "昨晚是否睡够": slept}
        for head, value in values.items():
            sheet.cell(number, heads.index(head) + 1, value)
    book.save(path)
    with pytest.raises(DataError) as refusal:
        survey_result(QINGHE, "homework", path, at=AT)
    columns = [chr(65 + heads.index(head)) for head in ("昨天的书面家庭作业用了多少分钟", "年级", "昨晚是否睡够")]
    assert [one.place.cell for one in refusal.value.findings if one.severity == "error"] == [
        f"{columns[0]}6",
        f"{columns[1]}7",
        f"{columns[2]}7",
    ]
