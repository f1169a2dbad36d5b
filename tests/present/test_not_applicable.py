"""Every presenter says 不适用 where there are known to be none, and never counts it as lacking or as met."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from junheng.errors import Text
from junheng.present import charts, wording
from junheng.present.cli import run_assess
from junheng.present.cli.terminal import Terminal
from junheng.present.report import sentences as say
from junheng.present.report.judged import county_items
from junheng.present.report.pages import county_report
from junheng.present.report.prose import self_assessment
from junheng.present.report.workbook import write_sheets
from junheng.present.web import page
from junheng.workflow import views
from tests.present.invented import county, spotless

ABSENT = Text("已报40所，其中没有小区配套园", "40 schools sent, no estate kindergarten among them")


def with_none(whole: views.Assessment) -> views.Assessment:
    """Return the county with the one item of its last part not applicable, and the part before it made of two."""
    *others, last = whole.parts
    item = last.items[0]
    assert item.figure
    figure = replace(item.figure, value=None, shown="", exact="", absent=ABSENT)
    none = replace(item, verdict="not_applicable", figure=figure, note=ABSENT)
    counts = {**last.counts, "met": 1, "not_applicable": 1}
    return replace(whole, parts=(*others, replace(last, items=(replace(item, verdict="met"), none), counts=counts, verdict="met")))


def item_of(whole: views.Assessment) -> views.Item:
    return whole.parts[-1].items[-1]


def test_the_value_reads_not_applicable_and_not_no_data() -> None:
    item = item_of(with_none(spotless()))
    assert wording.figure_words(item.figure) == Text("不适用", "not applicable")
    assert wording.figure_words(replace(item.figure, absent=wording.NOTHING)) == wording.NO_DATA


def test_it_stands_in_nobodys_way() -> None:
    whole = with_none(spotless())
    assert wording.obstacles(whole) == ()
    assert wording.part_obstacles(replace(whole.parts[-1], verdict="not_applicable")) == ()
    assert "未达到或待定" not in say.conclusion_sentences(whole)[0]
    assert wording.obstacles(replace(whole, eligibility=(item_of(whole),))) == ()


def test_nobody_claims_more_than_was_asked() -> None:
    whole = with_none(spotless())
    assert "适用的各项要求均已达到" in say.conclusion_sentences(whole)[0]
    assert wording.whole_sentence(whole).en == "On these data every requirement that applies is met"
    assert wording.whole_sentence(spotless()).en == "On these data every requirement is met"
    assert say.all_or_counts(whole.parts[-1].counts) == "共2项，其中达标1项，不适用1项"


def test_the_report_says_on_what_it_rests() -> None:
    whole = with_none(county())
    assert say.item_sentence(item_of(whole)) == "社会认可度：不适用，已报40所，其中没有小区配套园。"
    assert "社会认可度：不适用，已报40所" in str(self_assessment(whole))
    row = county_report(whole)["items"][-1]
    assert (row["value"], row["verdict"]["sign"], row["verdict"]["word"], row["short"]) == ("不适用", "／", "不适用", ABSENT.zh)
    assert "不适用" not in [entry["word"] for entry in county_report(whole)["legend"]]  # no school is ever drawn so


def test_the_workbook_writes_the_word(tmp_path: Path) -> None:
    path = tmp_path / "forms.xlsx"
    write_sheets([county_items(with_none(county()), "zh")], path, county().day)
    cells = [cell.value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert cells.count("不适用") == 2  # in the place of the value, and as the verdict
    assert ABSENT.zh in cells


def test_the_page_shows_word_sign_and_reason() -> None:
    html = page(with_none(county()))
    row = next(row for row in re.findall(r"<tr><td class=\"number\">.*?</tr>", html, re.DOTALL) if ABSENT.zh in row)
    assert re.search(r'<span class="verdict v-not_applicable"><i aria-hidden="true">／</i>.*不适用', row)
    assert "无数据" not in row
    assert '<option value="not_applicable"' not in html  # no school to filter by


def test_the_terminal_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    run_assess.show_assessment(Terminal("zh"), with_none(county()))
    assert "不适用1项：社会认可度" in capsys.readouterr().out


def test_the_bar_has_a_field_for_it() -> None:
    drawing = charts.counts_svg({"met": 1, "not_applicable": 1})
    assert charts.COLOURS["not_applicable"] in drawing
    assert "不适用 1" in drawing
