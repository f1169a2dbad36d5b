"""A survey of Qinghe from the plan to the result, with one school where the answers were handed out."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from junheng.errors import DataError, StandardsError
from junheng.workflow.survey import survey_plan, survey_result
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


def test_the_plan_asks_as_many_as_the_standard_and_adds_up() -> None:
    plan = survey_plan(QINGHE, "satisfaction", AT)
    assert plan.wanted == max(600, -(-plan.residents // 1000))
    assert sum(one.asked for one in plan.quotas) == plan.wanted


def test_a_share_comes_with_its_error_and_a_handed_out_school_is_told(tmp_path: Path) -> None:
    file = tmp_path / "答卷.csv"
    file.write_text(answered(), encoding="gb18030")
    honest = survey_result(QINGHE, "satisfaction", file, AT)
    assert honest.doubts == ()
    overall = honest.shares[0]
    assert abs(float(overall.shown.rstrip("%")) - 90) < 4
    assert overall.answers == 600
    assert overall.stands.zh in ("达到", "误差范围内，不能判定", "答卷太少，误差未知")
    file.write_text(answered("清河县第一小学"), encoding="utf-8")
    found = {(one.school, one.test.en) for one in survey_result(QINGHE, "satisfaction", file, AT).doubts}
    assert found == {("清河县第一小学", "answers alike"), ("清河县第一小学", "against the register")}


def test_an_answer_off_the_scale_and_an_unknown_school_are_named_by_their_cells(tmp_path: Path) -> None:
    file = tmp_path / "答卷.csv"
    file.write_text(f"{HEAD}\n清河县第一小学,家长,30,6,5,5,5,40\n某某小学,家长,30,5,5,5,5,40\n", encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        survey_result(QINGHE, "satisfaction", file, AT)
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
