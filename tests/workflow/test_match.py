"""From two files to a workbook, from the filled-in workbook to decisions, and to next term's comparison; names stay in the workbook."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from junheng.errors import DataError
from junheng.workflow.match import match_lists
from junheng.workflow.match_decide import decide_by_workbook, decide_pair, explain_pair, open_questions
from tests.qinghe import QINGHE

DAY = date(2026, 3, 1)
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


def test_decisions_by_workbook_hold_next_term_and_are_taken_back(tmp_path):
    out = tmp_path / "out"
    left, right = tmp_path / "left.csv", tmp_path / "right.csv"
    others = "".join(f"{'赵钱孙李周吴'[i % 6]}{'东南西北中'[i % 5]}{'甲乙丙丁戊己庚'[i % 7]},,201{i % 8}-03-1{i % 9},\n" for i in range(50))
    left.write_text(f"姓名,身份证号,出生日期,监护人\n王梓涵,110105201305061235,2013-05-06,王建国\n{others}", encoding="utf-8")
    right.write_text("姓名,身份证号,监护人\n李强,110105201305061235,李刚\n", encoding="utf-8")
    first = match_lists(left, right, out, today=DAY)
    assert (first.counts.ask, first.counts.same) == (1, 0)
    (question,) = open_questions(out)
    assert question.pair == "2-2"
    with pytest.raises(DataError):
        decide_by_workbook(out, filled(out, tmp_path / "bad.xlsx", "也许"), by="县资助中心", today=DAY)
    assert open_questions(out)
    kept = decide_by_workbook(out, filled(out, tmp_path / "back.xlsx", "同一人"), by="县资助中心", today=DAY)
    assert (kept.same, kept.open) == (1, 0)
    again = decide_by_workbook(out, tmp_path / "back.xlsx", by="县资助中心", today=DAY)
    assert (again.same, again.open) == (0, 0)  # sent in twice, kept once
    later = match_lists(left, right, tmp_path / "next", today=date(2026, 9, 1), decisions=out / "decisions.csv")
    assert (later.counts.same, later.counts.decided) == (1, 1)
    assert decide_pair(out, "2-2", "open", by="县资助中心", reason="", today=DAY).open == 1
    with pytest.raises(DataError):
        decide_pair(out, "9-9", "same", by="县资助中心", reason="", today=DAY)
    assert match_lists(left, right, tmp_path / "next", today=DAY, decisions=out / "decisions.csv").counts.ask == 1
