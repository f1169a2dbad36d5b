"""The JSON file holds the whole assessment and reads back."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from junheng.present.plain import plain
from junheng.present.report import write_json
from junheng.workflow.views import Assessment
from tests.present.invented import county


def test_everything_is_there_and_reads_back(tmp_path: Path) -> None:
    write_json(county(), tmp_path / "a.json")
    data = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert list(data) == [field.name for field in fields(Assessment)]
    assert data["day"] == "2025-09-01"
    assert data["name"] == {"zh": "青屏县", "en": "Qingping County"}
    assert data["units"][0]["items"][0]["figure"]["value"] == county().units[0].items[0].figure.value
    assert [unit["items"][5]["figure"]["value"] for unit in data["units"] if unit["name"] == "石桥镇双河村小学"] == [None]
    assert data["findings"][1]["place"]["key"] == ["2150000003", "E601"]


def test_it_is_written_piece_by_piece_as_if_at_once(tmp_path: Path) -> None:
    write_json(county(), tmp_path / "a.json")
    whole = json.dumps(plain(county()), ensure_ascii=False, indent=1) + "\n"
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == whole


def test_the_same_assessment_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        write_json(county(), tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
