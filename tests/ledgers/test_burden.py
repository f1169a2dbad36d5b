"""The burden account adds up, and what is not kept is not zero; papers unmask no more than they print."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from junheng.errors import StoreError
from junheng.ledgers import shipped
from junheng.present.burden_documents import write_burden
from junheng.store.database import open_database
from junheng.workflow.burden import burden_account
from junheng.workflow.ledger_lists import import_ledger
from junheng.workflow.ledger_papers import ledger_paper
from junheng.workflow.ledgers import Doer
from tests.qinghe import QINGHE

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)
DOER = Doer("李二", "督导室", "supervision")
LISTS = QINGHE / "ledgers" / "lists"


def test_every_field_says_who_needs_it_and_hours_are_minutes_times_sheets(tmp_path: Path) -> None:
    made = burden_account(QINGHE, AT)
    lines = {one.id: one for one in made.lines}
    assert (
        lines["teaching-routine"].filled
        == len((QINGHE / "ledgers/scores/教学常规巡查（备讲改辅考研）.csv").read_text("utf-8").splitlines()) - 1
    )
    assert float(lines["teaching-routine"].hours) == pytest.approx(lines["teaching-routine"].filled * 12 / 60, abs=0.05)
    assert lines["appraisal"].filled == 0  # made from what is held
    assert (lines["child-care"].filled, lines["child-care"].hours) == (None, "—")  # not kept
    assert all(one.needed_by.zh and one.used_by for one in made.fields)
    fields = sum(len(kind.fields) for kind in shipped().kinds.values())
    assert len([one for one in made.fields if one.id in shipped().kinds]) == fields
    march = next(one for one in made.demands if one.month == "2026-03")
    assert (march.count, march.refused, march.minutes) == (3, 2, f"{90 * 69 / 60:.0f}")
    assert lines["satisfaction"].filled == 568  # one wave of the year
    page = next(path for path, _ in write_burden(made, tmp_path) if path.suffix == ".html").read_text("utf-8")
    assert "教学常规巡查" in page


def test_one_paper_unmasks_one_record_and_all_of_a_kind_need_the_approval_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys").mkdir()
    monkeypatch.setenv("JUNHENG_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "qinghe"
    shutil.copytree(QINGHE / "2025", folder / "2025")
    shutil.copy(QINGHE / "junheng.toml", folder)
    with (folder / "junheng.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[records]\nunmask_alone = 2\n")
    import_ledger(folder, "task", LISTS / "督办任务.csv", DOER, at=AT)
    key = "督办-2026-0002"
    paper = ledger_paper(folder, "task", key, "notice", DOER, AT)
    with open_database(folder) as database:
        seen = [one for one in database.entries("task") if any(change.verb == "unmask" for change in database.history("task", one.key))]
    assert [one.key for one in seen] == [key]
    assert "＊" not in "".join(paper.paragraphs)
    with pytest.raises(StoreError) as refusal:
        ledger_paper(folder, "task", "", "notice", DOER, AT)
    assert [one.rule for one in refusal.value.findings] == ["store.unmask_many"]
    approved = Doer("李二", "督导室", "supervision", "批2026-7")
    assert len(ledger_paper(folder, "task", "", "notice", approved, AT).paragraphs) > 2
