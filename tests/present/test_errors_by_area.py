"""Errors of single townships: on the page and in the workbook, and not in the tables of the papers."""

from __future__ import annotations

from dataclasses import replace

from junheng.present.foresight_selection import main_errors
from junheng.present.web import foresight_page
from junheng.present.wording_foresight import error_place
from tests.present import invented_foresight as ahead

WHOLE = ahead.foresight()
FIRST = WHOLE.backtest.rows[0]
TOWN = replace(FIRST, level="district", area="500199", area_name="城关街道", mape_shown="7.7%")
WITH = replace(WHOLE, backtest=replace(WHOLE.backtest, rows=(*WHOLE.backtest.rows, TOWN)))


def test_a_single_township_is_named_and_stands_on_the_page_alone() -> None:
    assert error_place(TOWN).zh == f"城关街道 {FIRST.stage_label.zh}"
    assert main_errors(WITH) == main_errors(WHOLE)
    whole, _, by_township = foresight_page(WITH).partition("按乡镇（街道）")
    assert "7.7%" not in whole
    assert "7.7%" in by_township
    assert "按乡镇（街道）</summary>" not in foresight_page(WHOLE)
