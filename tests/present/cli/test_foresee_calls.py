"""The commands foresee and seats: what a planner sees, what a program reads, and what is answered to a wrong call."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.present.cli.conftest import Call
from tests.workflow.foreseen import LAST, Tables, folder

QUICK = ("--draws", "100", "--horizon", "6", "--as-of", "2025-12-31")


def with_project(year: int, made: Tables) -> None:
    if year == LAST:
        made["projects"] = [
            {"project": "P1", "name": "教学楼扩建", "kind": "extend", "stage": "junior", "places": 300, "school": "3162990003"}
        ]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("county"), with_project)


def test_foresee_tells_pupils_places_and_how_far_to_trust_it(call: Call, at: Path) -> None:
    answer = call("foresee", at, *QUICK)
    assert answer.code == 0
    for words in (
        "小学在校生2025年991人",
        "括号内为80%区间",
        "初中学位可能不足的乡镇（街道）1个：东镇",
        "过去的预测有多准",
        "数据的局限",
        "junheng seats",
    ):
        assert words in answer.text, words
    english = call("foresee", at, *QUICK, "--no-backtest", "--lang", "en")
    assert "Primary pupils: 991 in 2025" in english.text
    assert "No test was asked for" in english.text


def test_foresee_gives_json_alone(call: Call, at: Path) -> None:
    found = call("foresee", at, *QUICK, "--no-backtest", "--json").json
    assert (found["year"], found["horizons"], found["as_of"]) == (2025, [3, 6], "2025-12-31")
    assert found["scenarios"][0]["series"][0]["points"][-1]["band"]["low80"] > 0


def test_foresee_judges_a_year_ahead_and_refuses_one_that_is_not(call: Call, at: Path) -> None:
    assert "只有学生数变化时的判定项数" in call("foresee", at, *QUICK, "--no-backtest", "--judge", "2028").text
    refused = call("foresee", at, *QUICK, "--judge", "2025")
    assert refused.code == 3
    assert "2026–2031" in refused.err


def test_foresee_writes_its_documents_where_it_is_told(call: Call, at: Path, tmp_path: Path) -> None:
    answer = call("foresee", at, *QUICK, "--no-backtest", "--out", tmp_path / "out")
    assert answer.code == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"foresight.html", "seats-warning.docx", "foresight.xlsx", "notice.docx", "foresight.json"} <= names
    assert "notice.docx" in answer.text


def test_seats_lists_need_against_places_and_the_programme(call: Call, at: Path) -> None:
    answer = call("seats", at, *QUICK)
    assert answer.code == 0
    assert "没有投用日期" in answer.text
    assert "教学楼扩建" in answer.out.replace("\n", "")
    rows = call("seats", at, *QUICK, "--area", "东镇", "--stage", "初中", "--json").json["seats"]
    assert {row["stage"] for row in rows} == {"junior"}
    assert [row["year"] for row in rows if row["area"] == "629921001"] == list(range(2026, 2032))
    assert {row["seats"] for row in rows} == {450}


def test_seats_lists_every_year_that_may_lack_places_and_every_column(call: Call, at: Path) -> None:
    """The horizons are 2028 and 2031; the junior school has too few places from next year on."""
    rows = call("seats", at, *QUICK, "--json").json["seats"]
    short = {(row["area"], row["year"]) for row in rows if row["stage"] == "junior" and row["area_kind"] == "district"}
    assert {("629921001", year) for year in range(2026, 2032)} <= short
    answer = call("seats", at, *QUICK)
    assert "学位可能不足的乡镇（街道）：全部学年" in answer.text
    assert "单独看学位可能不足的学校：东镇初级中学；逐年见 junheng seats" in answer.text
    (head, *_) = [line for line in answer.out.splitlines() if "缺口概率" in line]
    assert all(word in head for word in ("范围", "学段", "学年", "等级"))


def test_notes_are_counted_in_one_line_that_says_about_what_and_where(call: Call, at: Path) -> None:
    found = call("foresee", at, *QUICK, "--no-backtest", "--json").json["findings"]
    notes = [one for one in found if one["severity"] == "note"]
    assert notes
    (line,) = [one for one in call("foresee", at, *QUICK, "--no-backtest").text.splitlines() if "条提示" in one]
    assert f"另有{len(notes)}条提示" in line
    assert notes[0]["place"]["title"]["zh"] in line
    assert "--out" in line


def test_an_area_that_is_not_there_is_a_wrong_call(call: Call, at: Path) -> None:
    answer = call("seats", at, *QUICK, "--area", "南镇")
    assert answer.code == 2
    assert "没有“南镇”的学位数据" in answer.err


def test_numbers_out_of_range_are_wrong_calls(call: Call, at: Path) -> None:
    for words in (("--draws", "5"), ("--horizon", "0"), ("--as-of", "明天")):
        assert call("foresee", at, *words).code == 2
