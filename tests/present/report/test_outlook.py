"""The outlook on paper: two pages, in Chinese, with its limits on the first one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from junheng.present.report.outlook import outlook_pages, write_outlook
from junheng.workflow.outlook import outlook

CENSUS = Path(__file__).parents[3] / "examples/census"


@pytest.mark.parametrize("name", ["yuetang", "liaocheng"])
def test_it_fills_two_pages_and_says_what_it_cannot(name: str, tmp_path: Path) -> None:
    made = outlook(CENSUS / name, draws=30)
    write_outlook(made, tmp_path / "outlook.pdf")
    first, second = (page.extract_text().replace(" ", "").replace("\n", "") for page in PdfReader(tmp_path / "outlook.pdf").pages)
    assert made.county_name.zh in first
    assert "这些数据说不了的" in first
    assert "不是官方预测" in first
    assert "凭记忆" in second
    assert "可信度" in second
    for stage in made.stages:
        assert stage.years[-1].children_shown in first
        assert stage.years[-1].seats_shown in second


def test_what_is_printed_is_text_and_nothing_is_worked_out_on_the_way() -> None:
    made = outlook(CENSUS / "yuetang", draws=10)
    pages = outlook_pages(made)
    assert pages["years"] == ["2020", "2025", "2030", "2035"]
    assert "学前学龄人口（3–5岁）" in pages["charts"][0]
    assert [row.count("<svg") for row in pages["charts"]] == [4, 3]  # two charts a row, the legend above the first
    assert pages["zones"] == []
    assert {line["confidence"] for line in pages["assumptions"]} == {"M", "A", "O* S1"}
