"""Qinghe's scoring sheets from the template to the kept result, with what is planted in them."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from junheng.errors import DataError, StandardsError
from junheng.present.report.score_word import write_notice, write_score_report
from junheng.present.score_documents import write_scores
from junheng.present.web.score_page import score_page
from junheng.workflow.ledgers import Doer, correct_ledger_record, ledger_record, move_ledger_record
from junheng.workflow.score_desk import score_forms, score_sheet
from junheng.workflow.score_keep import keep_scores
from junheng.workflow.score_report import score_report
from junheng.workflow.score_weights import weights_of
from junheng.workflow.views.scoring import ScoreReport
from tests.qinghe import QINGHE, ROOT

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
OFFICE, SCHOOL = Doer("李二", "督导室", "supervision"), Doer("王五", "清河县第一小学", "school")


def listed(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((QINGHE / "ledgers" / "scores" / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


def line(report: ScoreReport, name: str, term: str = "2026春") -> dict[str, str]:
    found = next(one for one in report.lines if (one.name, one.round) == (name, term))
    cells = {head.label.zh: cell.shown for head, cell in zip(report.items, found.cells, strict=True)}
    return cells | {"result": found.result, "grade": found.grade.zh, "change": found.change.zh, "firm": found.firm.zh}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of Qinghe with an empty record and its keys elsewhere."""
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("JUNHENG_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "qinghe"
    shutil.copytree(QINGHE / "2025", folder / "2025")
    shutil.copytree(QINGHE / "ledgers" / "scores", folder / "ledgers" / "scores")
    shutil.copy(QINGHE / "junheng.toml", folder)
    return folder


def test_the_committed_sheets_are_what_the_script_makes(tmp_path: Path) -> None:
    code = (
        "import csv, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from making import scores; from making.roster import read; here = Path(sys.argv[1]);"
        "classes = list(csv.DictReader((here / '2025' / 'classes.csv').open(encoding='utf-8')));"
        "scores.write_scores(Path(sys.argv[2]), read(here / 'source' / 'roster.csv'), classes)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code, str(QINGHE), str(tmp_path / "scores")], check=True, env=environment)
    made = {path.name: path.read_bytes() for path in (tmp_path / "scores").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (QINGHE / "ledgers" / "scores").iterdir()}


def test_visits_are_held_beside_each_other_and_nothing_planted_is_passed_over() -> None:
    report = score_report(QINGHE, "visit-checklist", at=AT)
    assert line(report, "白杨镇中心小学")["学习困难学生辅导"] == "未评"
    no_proof = line(report, "红柳镇中心小学")
    assert no_proof["值班与安全巡查"] == "未评"
    assert "—" in no_proof["result"]
    assert {one.rule for one in report.findings} == {"workflow.score_without_proof"}
    assert "作业公示与总量" in line(report, "石桥镇二坝小学")["change"]
    assert [one.name for one in report.lines] == [one.name for one in sorted(report.lines, key=lambda one: one.unit)]


def test_a_result_can_be_worked_out_from_the_sheet_by_hand() -> None:
    report = score_report(QINGHE, "visit-checklist", at=AT)
    weights = {"没有做": 0, "做了一部分": 1, "基本做到": 2, "做到": 3}
    rows = listed("教学工作督导检查表")
    own = [row for row in rows if (row["学校"], row["轮次"]) == ("清河县第六中学", "2026春")]
    total = sum(float(one.weight) * weights[own[0][one.label.zh]] for one in report.items)
    assert line(report, "清河县第六中学")["result"] == f"{total / sum(float(one.weight) for one in report.items):.2f}"


def test_raters_who_score_by_chance_are_told_before_their_scores_are_used() -> None:
    report = score_report(QINGHE, "lesson", at=AT)
    stands = {one.label.zh: one.stands.en for one in report.agreement}
    assert stands["问题引起思考"].startswith("not reliable")
    assert stands["目标清楚、扣住课标"] == "reliable"
    assert len(report.subjects) == 5
    assert report.lines == ()  # no school has three lessons: nothing is said of a school
    assert "40" in report.too_few.zh


def test_the_own_score_of_a_department_stands_beside_the_checked_one_and_counts_nothing() -> None:
    report = score_report(QINGHE, "duties", at=AT)
    praised = next(one for one in report.lines if one.name == "市场监管部门")
    assert praised.beside[0].result == "10.00"
    assert praised.value is not None
    assert praised.value < 7
    assert next(one for one in report.lines if one.name == "财政部门").grade.zh == "不能判定"


def test_the_appraisal_asks_no_paper_and_takes_the_six_checks_from_their_sheets() -> None:
    report = score_report(QINGHE, "appraisal", at=AT)
    routine = score_report(QINGHE, "teaching-routine", at=AT)
    assert report.sheets == report.minutes == 0
    assert {one.zh for one, _ in report.held} == {head.label.zh for head in report.items}
    name = "石桥镇中心小学"
    assert float(line(report, name, "2025学年")["教学常规巡查"]) == pytest.approx(float(line(routine, name)["result"]), abs=0.005)
    assert line(report, name, "2025学年")["督导问题按期整改"] != "3"  # it has overdue findings in the ledger
    with pytest.raises(DataError) as refusal:
        score_sheet(QINGHE, "appraisal", QINGHE / "out", at=AT)
    assert [one.rule for one in refusal.value.findings] == ["workflow.form_has_no_sheet"]


def test_other_weights_stand_beside_and_a_wrong_name_is_told(tmp_path: Path) -> None:
    report = score_report(QINGHE, "comprehensive", weights=weights_of(["体质与视力=6", "arts=0"]), at=AT)
    assert all(one.other not in ("", "—") for one in report.lines)
    assert any(one.other != one.result for one in report.lines)
    page = score_page(report)
    assert [one.zh for one in report.beside] == ["学校自评"]
    assert all(f">{one.other}<" in page and f">{one.beside[0].result}<" in page for one in report.lines)
    book = next(path for path, _ in write_scores(report, tmp_path) if path.suffix == ".xlsx")
    heads = [cell.value for cell in openpyxl.load_workbook(book)["结果"][3]]
    assert {"试算权重", "学校自评", "等级"} <= set(heads)
    for wrong, rule in ((["体质=6"], "ledgers.no_such_value"), (["体质与视力=多"], "workflow.not_a_weight")):
        with pytest.raises(DataError) as refusal:
            score_report(QINGHE, "comprehensive", weights=weights_of(wrong), at=AT)
        assert [one.rule for one in refusal.value.findings] == [rule]


def test_a_sheet_holds_the_drawn_classes_and_comes_back_with_its_cells_named(own: Path, tmp_path: Path) -> None:
    path = score_sheet(own, "teaching-routine", tmp_path, term="2026春", at=AT)
    book = openpyxl.load_workbook(path)
    sheet = book["教学常规巡查（备讲改辅考研）"]
    drawn = {(row[2], row[3]) for row in sheet.iter_rows(min_row=5, values_only=True) if row[2]}
    assert drawn == {(row["学校"], row["班级"]) for row in listed("教学常规巡查（备讲改辅考研）")}
    heads = [cell.value for cell in sheet[4]]
    for row, (rater, score) in zip((5, 6, 7), (("Y1", "好"), ("Y1", "5"), ("", "较好")), strict=True):
        sheet.cell(row, heads.index("日期") + 1, datetime(2026, 3, 2))  # noqa: DTZ001 - a cell knows no time zone
        sheet.cell(row, heads.index("评分人") + 1, rater or None)
        sheet.cell(row, heads.index("备课") + 1, score)
    book.save(path)
    with pytest.raises(DataError) as refusal:
        score_report(own, "teaching-routine", [path], at=AT)
    cells = [one.place.cell for one in refusal.value.findings if one.severity == "error"]
    assert cells == [f"{chr(65 + heads.index('备课'))}6", f"{chr(65 + heads.index('评分人'))}7"]


def test_what_was_drawn_and_not_scored_is_told_and_so_is_what_was_picked_instead(own: Path) -> None:
    assert score_report(own, "teaching-routine", seed="2026春", at=AT).findings == ()
    file = own / "ledgers" / "scores" / "教学常规巡查（备讲改辅考研）.csv"
    first = listed(file.stem)[0]
    file.write_text(
        file.read_text(encoding="utf-8").replace(f"{first['学校']},{first['班级']},", f"{first['学校']},9(9),", 1), encoding="utf-8"
    )
    found = {one.rule: one.found.zh for one in score_report(own, "teaching-routine", seed="2026春", at=AT).findings}
    assert found == {
        "workflow.drawn_not_scored": f"{first['学校']} {first['班级']}",
        "workflow.scored_not_drawn": f"{first['学校']} 9(9)",
    }


def test_a_thing_scored_twice_by_one_rater_is_refused(own: Path) -> None:
    file = own / "ledgers" / "scores" / "听课观察表.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        score_report(own, "lesson", at=AT)
    assert [one.rule for one in refusal.value.findings if one.severity == "error"] == ["workflow.scored_twice"]


def test_a_result_is_kept_appealed_and_corrected_with_both_values(own: Path, tmp_path: Path) -> None:
    report = score_report(own, "visit-checklist", term="2026春", at=AT)
    assert keep_scores(own, report, OFFICE, at=AT).new == len(report.lines)
    assert keep_scores(own, report, OFFICE, at=AT).same == len(report.lines)
    key = "评分-2026-0001"
    move_ledger_record(own, "score-result", key, "post", {}, OFFICE, at=AT)
    move_ledger_record(own, "score-result", key, "appeal", {"申诉理由": "当天停课"}, SCHOOL, at=AT)
    with pytest.raises(DataError) as refusal:
        move_ledger_record(own, "score-result", key, "settle", {}, OFFICE, at=AT)
    assert [one.rule for one in refusal.value.findings] == ["ledgers.no_such_move_from"]
    correct_ledger_record(own, "score-result", key, {"等级": "做到"}, OFFICE, "复查后更正", at=AT)
    (appeal,) = score_report(own, "visit-checklist", term="2026春", at=AT).appeals
    assert appeal.was.endswith("（基本做到）")
    assert appeal.now.endswith("（做到）")
    assert "当天停课" in appeal.reason
    assert ledger_record(own, "score-result", key, at=AT).state.zh == "申诉"


def test_an_authority_agrees_its_own_weights_and_they_stand_on_record(own: Path) -> None:
    shipped = (ROOT / "src/junheng/ledgers/score_forms/comprehensive.yaml").read_text(encoding="utf-8")
    file = own / "ledgers" / "score_forms" / "comprehensive.yaml"
    file.parent.mkdir(parents=True)
    agreed = "weights: {agreed: 2026-03-01, by: 县教育局局务会, minutes: 2026-07}"
    file.write_text(shipped.replace("weights: null", agreed).replace("weight: 1,", "weight: 2,"), encoding="utf-8")
    report = score_report(own, "comprehensive", at=AT)
    assert "县教育局局务会" in report.weights.zh
    assert {one.weight for one in report.items} == {"2"}
    assert keep_scores(own, report, OFFICE, at=AT).new == len(report.lines)
    kept = ledger_record(own, "score-result", "评分-2026-0001", at=AT)
    assert "2026-07" in next(value for label, value, _ in kept.values if label.zh == "所用权重")
    file.write_text(shipped.replace("change: 50", "change: 150"), encoding="utf-8")
    with pytest.raises(StandardsError):
        score_report(own, "comprehensive", at=AT)


def test_a_visit_without_its_day_is_refused(own: Path) -> None:
    file = own / "ledgers" / "scores" / "教学工作督导检查表.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("2026春,2026-03-03,", "2026春,,", 1), encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        score_report(own, "visit-checklist", at=AT)
    assert [(one.rule, one.place.cell) for one in refusal.value.findings if one.severity == "error"] == [("ledgers.value_unfit", "B4")]


def test_pages_and_papers_rank_nobody_and_the_notice_holds_no_result(tmp_path: Path) -> None:
    report = score_report(QINGHE, "teaching-routine", at=AT)
    page = score_page(report)
    places = [page.index(f">{one.name}<") for one in report.lines]
    assert places == sorted(places)
    assert "不排名" in page
    word, notice = tmp_path / "a.docx", tmp_path / "b.docx"
    write_score_report(report, word)
    write_notice(report, notice)
    text = words(notice)
    assert "清河县第一小学" in text
    assert "需要改进" in text
    assert not [one.result for one in report.lines if one.result in text]
    assert {one.id for one in score_forms(QINGHE, AT)} >= {"appraisal", "duties"}


def words(path: Path) -> str:
    import docx

    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)
