"""From two files to a workbook, from the filled-in workbook to decisions, and to next term's comparison; names stay in the workbook."""

import csv
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from junheng.errors import DataError
from junheng.matching import decision_lines
from junheng.store.database import open_database
from junheng.store.entry import MASKED, Actor, Purpose
from junheng.store.match_folder import add_decisions, read_pairs
from junheng.workflow.match import match_lists
from junheng.workflow.match_decide import decide_by_workbook, decide_pair, explain_pair, move_decisions, open_questions
from junheng.workflow.match_records import KIND
from tests.qinghe import QINGHE

DAY = date(2026, 3, 1)
AT = datetime(2026, 3, 1, 12).astimezone()
WHO = {"by": "罗文静", "office": "县资助中心", "at": AT}
LISTS = QINGHE / "lists"


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    out = tmp_path_factory.mktemp("match")
    return out, match_lists(LISTS / "学籍册.xlsx", LISTS / "民政.csv", out, today=DAY)


def truth(name: str) -> dict[int, str]:
    with (LISTS / "truth.csv").open(encoding="utf-8") as lines:
        return {int(row["row"]): row["number"] for row in csv.DictReader(lines) if row["file"] == name}


def rows(book: Path, sheet: str) -> list[dict[str, str]]:
    head, *cells = openpyxl.load_workbook(book)[sheet].iter_rows(min_row=2, values_only=True)
    return [dict(zip(head, row, strict=True)) for row in cells]


def test_what_is_taken_for_the_same_is_the_same(compared):
    out, result = compared
    known, said = truth("民政.csv"), rows(out / "matched.xlsx", "同一人")
    assert len(said) == result.counts.same > 200
    assert all(row["编号（本册）"] == known[int(row["编号"].split("-")[1])] for row in said)
    found = {int(row["编号"].split("-")[1]) for row in (*said, *rows(out / "matched.xlsx", "待判"))}
    assert sum(bool(number) and row not in found for row, number in known.items()) <= 2


def test_no_name_stands_outside_the_workbook(compared):
    out, result = compared
    names = {row["姓名（本册）"] for row in rows(out / "matched.xlsx", "同一人")}
    others = "".join(path.read_text(encoding="utf-8") for path in out.iterdir() if path.suffix != ".xlsx")
    told = others + "".join(one.sentence("zh") for one in result.findings) + repr(open_questions(out))
    assert names
    assert not [name for name in names if name in told]


def test_a_pair_is_explained_by_its_lines(compared):
    out, _ = compared
    pair = rows(out / "matched.xlsx", "同一人")[0]["编号"]
    told = explain_pair(out, pair)
    assert told.outcome.zh == "同一人"
    assert {reason.title.zh for reason in told.reasons} >= {"姓名", "身份证号"}
    with pytest.raises(DataError):
        explain_pair(out, "1-1")


def filled(out: Path, path: Path, said: str) -> Path:
    book = openpyxl.load_workbook(out / "matched.xlsx")
    page = book["待判"]
    head = [cell.value for cell in page[2]]
    for row in page.iter_rows(min_row=3):
        row[head.index("判定")].value = said
        row[head.index("判定人")].value = "资助办"
    book.save(path)
    return path


def doubtful(folder: Path) -> tuple[Path, Path]:
    """Return two lists in which one ID number stands with two names, which only a person can decide."""
    left, right = folder / "left.csv", folder / "right.csv"
    others = "".join(f"{'赵钱孙李周吴'[i % 6]}{'东南西北中'[i % 5]}{'甲乙丙丁戊己庚'[i % 7]},,201{i % 8}-03-1{i % 9},\n" for i in range(50))
    left.write_text(f"姓名,身份证号,出生日期,监护人\n王梓涵,110105201305061235,2013-05-06,王建国\n{others}", encoding="utf-8")
    right.write_text("姓名,身份证号,监护人\n李强,110105201305061235,李刚\n", encoding="utf-8")
    return left, right


def test_decisions_by_workbook_hold_next_term_and_are_taken_back(tmp_path):
    out = tmp_path / "out"
    left, right = doubtful(tmp_path)
    first = match_lists(left, right, out, today=DAY)
    assert (first.counts.ask, first.counts.same) == (1, 0)
    (question,) = open_questions(out)
    assert question.pair == "2-2"
    with pytest.raises(DataError):
        decide_by_workbook(out, filled(out, tmp_path / "bad.xlsx", "也许"), **WHO)
    assert open_questions(out)
    kept = decide_by_workbook(out, filled(out, tmp_path / "back.xlsx", "同一人"), **WHO)
    assert (kept.same, kept.open) == (1, 0)
    again = decide_by_workbook(out, tmp_path / "back.xlsx", **WHO)
    assert (again.same, again.open) == (0, 0)  # sent in twice, kept once
    later = match_lists(left, right, tmp_path / "next", today=date(2026, 9, 1), decisions=out / "decisions.csv")
    assert (later.counts.same, later.counts.decided) == (1, 1)
    assert decide_pair(out, "2-2", "open", reason="", **WHO).open == 1
    with pytest.raises(DataError):
        decide_pair(out, "9-9", "same", reason="", **WHO)
    assert match_lists(left, right, tmp_path / "next", today=DAY, decisions=out / "decisions.csv").counts.ask == 1


@pytest.fixture
def county(tmp_path, monkeypatch):
    """Return an authority's folder whose lists are in doubt, with keys elsewhere."""
    monkeypatch.setenv("JUNHENG_KEYS", (tmp_path / "keys").as_posix())
    folder = tmp_path / "county"
    folder.mkdir()
    (folder / "junheng.toml").write_text('code = "430399"\nname = "试县"\n', encoding="utf-8")
    doubtful(folder)
    return folder


def test_what_a_person_decides_is_an_entry_of_the_record_and_the_audit_names_the_person(county, tmp_path):
    out, left, right = tmp_path / "out", county / "left.csv", county / "right.csv"
    assert match_lists(left, right, out, today=DAY).counts.ask == 1
    assert not (county / "records").exists()  # to compare makes no record
    with pytest.raises(DataError):
        decide_pair(out, "2-2", "same", by="", office="县资助中心", reason="", at=AT)
    kept = decide_pair(out, "2-2", "same", reason="看了户口簿", **WHO)
    assert (kept.same, kept.open, kept.in_record) == (1, 0, True)
    assert not (out / "decisions.csv").exists()
    assert decide_by_workbook(out, filled(out, tmp_path / "back.xlsx", "同一人"), **WHO).same == 0  # said twice, kept once
    with open_database(county) as database:
        (entry,) = database.entries(KIND)
        assert (entry.state, entry.values["reason"]) == ("same", MASKED)
        seen = Purpose(actor=Actor("赵六", "督导室"), reason="复核", at=AT)
        (change, *_) = database.history(KIND, entry.key, seen)
        assert (change.person, change.office) == ("罗文静", "县资助中心")
    later = match_lists(left, right, tmp_path / "next", today=date(2026, 9, 1))
    assert (later.counts.same, later.counts.decided) == (1, 1)
    assert decide_pair(tmp_path / "next", "2-2", "open", reason="看错了", **WHO).open == 1
    assert match_lists(left, right, tmp_path / "third", today=DAY).counts.ask == 1


def test_decisions_of_a_file_are_taken_into_the_record_with_their_history_once(county, tmp_path):
    out, left, right = tmp_path / "out", county / "left.csv", county / "right.csv"
    match_lists(left, right, out, today=DAY)
    (question,) = read_pairs(out)[0].filter(pl.col("outcome") == "ask").select("left_id", "right_id").rows()
    said = [(*question, "different", "资助办", "2025-03-01", "看漏了"), (*question, "same", "资助办", "2025-09-01", "看了户口簿")]
    add_decisions(out / "decisions.csv", decision_lines(said))
    result = match_lists(left, right, out, today=DAY)
    assert "matching.decisions_beside" in {one.rule for one in result.findings}
    assert result.counts.ask == 1  # not used as long as they are not in the record
    assert move_decisions(out, **WHO).changes == 2
    assert not (out / "decisions.csv").exists()
    assert move_decisions(out, decisions=out / "decisions.moved.csv", **WHO).changes == 0
    assert match_lists(left, right, out, today=DAY).counts.decided == 1
    with open_database(county) as database:
        (entry,) = database.entries(KIND)
        seen = Purpose(actor=Actor("赵六", "督导室"), reason="复核", at=AT)
        history = database.history(KIND, entry.key, seen)
    assert [one.entry.state for one in history if one.entry] == ["different", "same"]
    assert [one.entry.values["day"] for one in history[:2] if one.entry] == ["2025-03-01", "2025-09-01"]


def test_a_comparison_whose_folder_is_gone_makes_no_record_elsewhere(county, tmp_path):
    out = tmp_path / "out"
    match_lists(county / "left.csv", county / "right.csv", out, today=DAY)
    county.rename(tmp_path / "away")
    with pytest.raises(DataError) as error:
        decide_pair(out, "2-2", "same", reason="", **WHO)
    assert error.value.findings[0].rule == "matching.no_authority"
    assert not county.exists()
