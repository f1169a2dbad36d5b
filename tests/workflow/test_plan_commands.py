"""The commands of plans: what they print and write, in both languages and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from junheng.present.cli.main import called
from tests.qinghe import QINGHE

PLAN = """title: 试验
year: 2026
levels: [行动]
parts:
  - {id: A, level: 行动, title: 甲}
measures:
  - {id: a, under: A, title: 督办任务, owner: 办公室, due: {phrase: 每月}, numerator: 办结, denominator: 全部, binding: {ledger: task}}
  - {id: b, under: A, title: 报告, owner: 办公室, due: {phrase: 年底前}, binding: {document: annual-report}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "trial.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return str(path)


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert called(["plan", *words]) == 0
    return capsys.readouterr().out


def test_status_prints_each_measure_and_opens_one(capsys: pytest.CaptureFixture[str], plan: str) -> None:
    asked = ("status", str(QINGHE), "--plans", plan, "--today", "2026-03-11")
    text = printed(capsys, *asked)
    assert "1个行动中1个有滞后" in text
    assert "督办任务" in text
    opened = printed(capsys, *asked, "--measure", "a", "--lang", "en")
    assert "Bound to" in opened
    assert "ledger task" in opened
    data = json.loads(printed(capsys, *asked, "--json"))
    (first, second) = data["plans"][0]["measures"]
    assert (first["standing"], second["standing"]) == ("behind", "claimed")


def test_the_files_are_written(capsys: pytest.CaptureFixture[str], plan: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name in ("dispatch", "page", "report"):
        printed(capsys, name, str(QINGHE), "--plans", plan, "--today", "2026-03-11", "-o", str(out))
    made = {path.name for path in out.iterdir()}
    assert made >= {"dispatch.html", "dispatch.docx", "dispatch.xlsx", "plan-board.html", "trial.pdf", "trial.docx", "work-report.docx"}
    assert (out / "trial.pdf").read_bytes().startswith(b"%PDF")
    contents = (out / "index.html").read_text(encoding="utf-8")
    assert '<a href="dispatch.html">月度调度表</a>' in contents
    assert '<a href="plan-board.html">行动计划看板</a>' in contents


def test_what_can_be_bound_and_what_is_served_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "aid_compulsory" in printed(capsys, "bindings", str(QINGHE), "资助")
    rows = json.loads(printed(capsys, "coverage", "--json"))
    assert len(rows["rows"]) == 120
    assert rows["served"] == sum(row["served"] for row in rows["rows"])


def test_a_plan_with_a_mistake_is_told_with_its_line(capsys: pytest.CaptureFixture[str], plan: str) -> None:
    Path(plan).write_text(PLAN.replace("{ledger: task}", "{ledger: tusk}"), encoding="utf-8")
    assert called(["plan", "check", str(QINGHE), "--plans", plan]) == 3
    told = capsys.readouterr()
    assert "trial.yaml" in told.err + told.out
    assert "tusk" in told.err + told.out
