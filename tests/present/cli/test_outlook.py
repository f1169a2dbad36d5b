"""The command outlook: tables, the paper it writes, and JSON."""

from __future__ import annotations

from pathlib import Path

from tests.present.cli.conftest import Call


def test_it_prints_the_stages_and_writes_the_paper(root: Path, tmp_path: Path, call: Call) -> None:
    done = call("outlook", root / "examples/census/shandan", "--out", tmp_path)
    assert done.code == 0
    assert "小学（6–11岁）" in done.out
    assert "没有学校数据" in done.text
    assert "请补充出生登记数" in done.text
    assert (tmp_path / "outlook.pdf").stat().st_size > 20_000


def test_json_holds_the_same_numbers_to_another_year(root: Path, tmp_path: Path, call: Call) -> None:
    view = call("outlook", root / "examples/census/shandan", "--out", tmp_path, "--until", "2030", "--json").json
    assert view["county"] == "620725"
    assert view["shown_years"] == [2020, 2025, 2030]
    assert [stage["stage"] for stage in view["stages"]] == ["preschool", "primary", "junior", "senior"]


def test_a_folder_without_two_counts_is_told_what_to_put_into_it(new_county: Path, call: Call) -> None:
    done = call("outlook", new_county, "--json")
    assert done.code == 3
    assert [finding["rule"] for finding in done.json["findings"]] == ["projection.two_counts_needed"]
