"""What Qinghe's lists owe on 11 March 2026, by arithmetic of its own over the lists themselves."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from junheng.errors import DataError
from junheng.present.web.ledger_page import board_page
from junheng.workflow.ledger_board import ledger_board
from junheng.workflow.ledger_lists import import_ledger
from junheng.workflow.ledger_sending import send_messages
from junheng.workflow.ledgers import Doer, ledger_kinds, ledger_record, ledger_records, move_ledger_record, open_ledger_record
from junheng.workflow.this_week import this_week
from tests.qinghe import QINGHE, ROOT

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
DOER = Doer("李二", "督导室", "supervision")
LISTS = QINGHE / "ledgers" / "lists"


def listed(name: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((LISTS / f"{name}.csv").read_bytes().decode(encoding))))


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of Qinghe with an empty record and its keys elsewhere."""
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("JUNHENG_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "qinghe"
    folder.mkdir()
    shutil.copy(QINGHE / "junheng.toml", folder)
    shutil.copytree(QINGHE / "2025", folder / "2025")
    return folder


def test_the_committed_lists_are_what_the_script_makes(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from making import ledgers; from making.roster import read;"
        "source = Path(sys.argv[1]) / 'source';"
        "ledgers.write_lists(Path(sys.argv[2]), source / 'ledgers', read(source / 'roster.csv'))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code, str(QINGHE), str(tmp_path / "lists")], check=True, env=environment)
    made = {path.name: path.read_bytes() for path in (tmp_path / "lists").iterdir()}
    assert made == {path.name: path.read_bytes() for path in LISTS.iterdir()}


def test_the_week_names_what_is_overdue_and_the_schools_without_a_winter_meeting() -> None:
    week = this_week(QINGHE, at=AT)
    items = [one for group in week.offices for one in group.items]
    late = {
        row["编号"] for row in listed("督办任务") if row["状态"] in ("未启动", "进行中") and date.fromisoformat(row["完成期限"]) < AT.date()
    }
    assert {one.key for one in items if one.rule == "deadline.done" and one.standing == "overdue" and one.kind == "task"} == late
    # the letter of 28 January gave 30 days: 27 February, twelve days ago; the inspector and the office have been told
    letter = next(one for one in items if one.key == "督改-2026-0001")
    assert (letter.due, letter.days, [role.en for role in letter.told]) == (date(2026, 2, 27), 12, ["Inspector", "Supervision office"])
    winter = {row["学校"] for row in listed("三会一课") if row["类别"] == "支部党员大会" and row["召开日期"] > "2025-12-01"}
    every = {row["学校"] for row in listed("三会一课")}
    missing = {one.subject for one in items if one.rule == "duty.members" and one.standing == "missing"}
    assert missing == every - winter
    assert missing
    assert dict(week.counts)["missing"] == len(missing) + 1  # and one committee in January
    assert week.from_lists


def test_persons_are_masked_and_no_reminder_names_one() -> None:
    week = this_week(QINGHE, at=AT)
    doers = {row["承办人"] for row in listed("督办任务")}
    assert week.persons == ()
    assert not [name for group in week.offices for name in doers if name in group.reminder]
    assert all("不需要回复或打卡" in group.reminder for group in week.offices)


def test_a_list_in_gbk_is_read_and_importing_it_again_changes_nothing(own: Path) -> None:
    file = LISTS / "群众反映问题.csv"
    first = import_ledger(own, "public-concern", file, DOER, at=AT)
    assert (first.rows, first.new, first.written) == (len(listed("群众反映问题", "gb18030")), 4, True)
    again = import_ledger(own, "public-concern", file, DOER, at=AT)
    assert (again.new, again.changed, again.same) == (0, 0, 4)


def test_a_corrected_list_is_an_update_that_keeps_both_values(own: Path, tmp_path: Path) -> None:
    import_ledger(own, "task", LISTS / "督办任务.csv", DOER, at=AT)
    file = tmp_path / "督办任务.csv"
    file.write_text((LISTS / "督办任务.csv").read_text(encoding="utf-8").replace(",47,69,", ",51,69,"), encoding="utf-8")
    made = import_ledger(own, "task", file, DOER, at=AT)
    assert (made.new, made.changed, made.same) == (0, 1, 7)
    record = ledger_record(own, "task", "督办-2026-0008", doer=DOER, at=AT)
    assert [(one.was, one.now) for one in record.changes] == [("47", "51")]


def test_one_wrong_cell_keeps_the_whole_list_out_and_is_named(own: Path, tmp_path: Path) -> None:
    text = (LISTS / "督办任务.csv").read_text(encoding="utf-8")
    file = tmp_path / "督办任务.csv"
    file.write_text(text.replace(",2026-03-16,", ",年底前,").replace("合计", "") + "合计,,,,,,,,,,,100,170,\n", encoding="utf-8")
    made = import_ledger(own, "task", file, DOER, at=AT)
    assert not made.written
    errors = [one for one in made.findings if one.severity == "error"]
    assert [(one.rule, one.place.cell) for one in errors] == [("ledgers.phrase_not_a_day", "K6")]
    assert [one.place.row for one in made.findings if one.rule == "ledgers.total_row"] == [10]
    assert ledger_records(own, "task", at=AT) == ()


def test_an_act_is_kept_with_its_hand_and_the_names_are_sealed(own: Path) -> None:
    import_ledger(own, "task", LISTS / "督办任务.csv", DOER, at=AT)
    record = move_ledger_record(own, "task", "督办-2026-0003", "verify", {}, DOER, at=AT)
    assert record.state.zh == "核实办结"
    masked = ledger_record(own, "task", "督办-2026-0003", at=AT)
    assert {step.person for step in masked.steps} == {"＊＊＊"}
    opened = ledger_record(own, "task", "督办-2026-0003", doer=DOER, at=AT)
    assert opened.steps[-1].person == "李二"
    assert b"\xe9\x99\x88\xe6\x99\x93\xe6\xa2\x85" not in (own / "records" / "record.db").read_bytes()  # 陈晓梅
    week = this_week(own, doer=DOER, at=AT)
    assert {group.name for group in week.persons} >= {"马建国", "周立新"}
    assert not week.from_lists


def test_what_is_forwarded_is_logged(own: Path) -> None:
    assert send_messages(own, [("家长", "safety", "请看管好孩子")], "forward", None, DOER, AT) == (("家长", True),)
    (line,) = ledger_records(own, "message", at=AT)
    assert (line.named, line.state.zh) == ("请看管好孩子", "已发出")
    assert sum(kind.ended for kind in ledger_kinds(own, AT)) == 1


def test_the_board_counts_what_the_lists_hold_and_names_nobody() -> None:
    board = ledger_board(QINGHE, AT)
    tasks = next(kind for kind in board.kinds if kind.id == "task")
    assert sum(count for _, count in tasks.states) == len(listed("督办任务"))
    assert len(tasks.lines) == len([row for row in listed("督办任务") if row["状态"] != "核实办结"])
    page = board_page(board)
    assert not [row["承办人"] for row in listed("督办任务") if row["承办人"] in page]
    assert "督办-2026-0002" in page


def test_every_list_of_qinghe_is_read_whole_and_a_misnamed_or_faulty_one_is_told(tmp_path: Path) -> None:
    week = this_week(QINGHE, at=AT)
    assert {one.rule for one in week.findings} == {"ledgers.lists_only"}
    folder = tmp_path / "q"
    (folder / "ledgers" / "lists").mkdir(parents=True)
    shutil.copy(QINGHE / "junheng.toml", folder)
    shutil.copytree(QINGHE / "2025", folder / "2025")
    shutil.copy(LISTS / "督办任务.csv", folder / "ledgers" / "lists" / "任务单.csv")
    text = (LISTS / "督办任务.csv").read_text(encoding="utf-8").replace(",未启动,", ",没开始,")
    (folder / "ledgers" / "lists" / "督办任务.csv").write_text(text, encoding="utf-8")
    told = this_week(folder, at=AT)
    assert {one.rule for one in told.findings} == {"ledgers.lists_only", "ledgers.list_not_a_kind", "ledgers.value_unfit"}
    assert dict(told.counts)["overdue"] == 0


def test_a_phrase_in_place_of_a_day_asks_who_fixes_it_and_nothing_is_written(own: Path, tmp_path: Path) -> None:
    for phrase, hint in (("年底前", ""), ("力争“十四五”期间", "2025-12-31")):
        text = (LISTS / "督办任务.csv").read_text(encoding="utf-8").splitlines()
        cells = next(csv.reader([text[1]]))
        cells[text[0].split(",").index("完成期限")] = phrase
        file = tmp_path / "督办任务.csv"
        file.write_text("\n".join([text[0], ",".join(cells), *text[2:]]) + "\n", encoding="utf-8")
        made = import_ledger(own, "task", file, DOER, at=AT)
        (told,) = [one for one in made.findings if one.rule == "ledgers.phrase_not_a_day"]
        assert told.place.cell.endswith("2")
        assert "由谁定" in told.remedy.zh
        assert hint in told.remedy.zh
        assert (made.written, made.new) == (False, 0)
    with pytest.raises(DataError) as refusal:
        open_ledger_record(own, "task", {"任务": "甲", "承办科室": "乙", "完成期限": "尽快"}, DOER, AT)
    assert [one.rule for one in refusal.value.findings] == ["ledgers.phrase_not_a_day"]
