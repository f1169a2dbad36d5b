"""The printed pages: Chinese text that can be read back, one page a school, the same bytes again, no markup from user text."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from junheng.errors import Text
from junheng.present.report import pdf, write_county_report, write_school_sheet, write_school_sheets
from junheng.present.report.charts import mark_svg, position_svg
from junheng.present.report.pages import school_sheets
from tests.present.invented import bare, county, spotless

MARKUP = '#[*粗*] $x^2$ \\ "引" @ref <lab> `c` // 注 #panic("x") #read("/etc/passwd")'


def text_of(path: Path) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages))


def fonts_of(path: Path) -> set[str]:
    names = set()
    for page in PdfReader(path).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            names.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    return names


def test_a_school_of_two_stages_fits_one_page_and_reads_back(tmp_path: Path) -> None:
    write_school_sheet(county(), "3150000016", tmp_path / "t.pdf")
    assert len(PdfReader(tmp_path / "t.pdf").pages) == 1
    text = text_of(tmp_path / "t.pdf")
    for words in (
        "白马乡九年一贯制学校",
        "3150000016",
        "小学",
        "初中",
        "生均体育运动场馆面积",
        "7项中达标7项",
        "均未与原文核对",
        "第1页共1页",
    ):
        assert words in text, words


def test_a_school_that_misses_reads_its_distance_and_what_else_touches_it(tmp_path: Path) -> None:
    write_school_sheet(county(), "2150000003", tmp_path / "t.pdf")
    text = text_of(tmp_path / "t.pdf")
    for words in ("距标准差5513㎡", "距底线差3214㎡", "未达标但不低于底线", "学校规模、班额", "9810.4/2043×1"):
        assert words in text, words


def test_one_page_a_school_in_one_file(tmp_path: Path) -> None:
    write_school_sheets(county(), tmp_path / "t.pdf")
    pages = PdfReader(tmp_path / "t.pdf").pages
    names = list(dict.fromkeys(unit.name for unit in county().units))
    assert len(pages) == len(names)
    for page, name in zip(pages, names, strict=True):
        assert name in re.sub(r"\s", "", page.extract_text())


def test_a_school_with_very_many_items_is_made_smaller_and_stays_on_its_page(tmp_path: Path) -> None:
    whole = county()
    units = tuple(replace(unit, items=unit.items * 6) for unit in whole.units)
    write_school_sheet(replace(whole, units=units), "3150000016", tmp_path / "t.pdf")
    assert len(PdfReader(tmp_path / "t.pdf").pages) == 1


def test_among_many_schools_only_the_one_with_too_many_items_is_made_smaller(tmp_path: Path) -> None:
    whole = county()
    codes = list(dict.fromkeys(unit.school for unit in whole.units))
    units = tuple(replace(unit, items=unit.items * 6) if unit.school == codes[1] else unit for unit in whole.units)
    write_school_sheets(whole, tmp_path / "a.pdf")
    write_school_sheets(replace(whole, units=units), tmp_path / "b.pdf")
    before, after = PdfReader(tmp_path / "a.pdf").pages, PdfReader(tmp_path / "b.pdf").pages
    assert len(after) == len(before) == len(codes)
    same = [one.extract_text() == other.extract_text() for one, other in zip(before, after, strict=True)]
    assert same == [code != codes[1] for code in codes]


def test_a_page_that_cannot_be_set_is_said_and_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "school_sheets", lambda assessment, schools: {"county": "清河县"})
    with pytest.raises(RuntimeError, match="was not set"):
        write_school_sheets(county(), tmp_path / "t.pdf")
    assert not (tmp_path / "t.pdf").exists()


def test_a_program_without_an_interpreter_sets_the_same_pages_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_school_sheets(county(), tmp_path / "child.pdf")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    write_school_sheets(county(), tmp_path / "own.pdf")
    assert (tmp_path / "own.pdf").read_bytes() == (tmp_path / "child.pdf").read_bytes()


def test_an_unknown_school_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no school 999"):
        write_school_sheet(county(), "999", tmp_path / "t.pdf")


def test_the_county_report_holds_verdict_gap_and_schools(tmp_path: Path) -> None:
    write_county_report(county(), tmp_path / "t.pdf")
    text = text_of(tmp_path / "t.pdf")
    for words in (
        "青屏县",
        "未达标",
        "校际差距",
        "石桥镇初级中学（高于平均，占91.5%）",
        "尚不能判定",
        "一票否决事项",
        "各学校指标情况表",
        "标准依据与来源",
        "学校分布",
    ):
        assert words in text, words
    assert 4 <= len(PdfReader(tmp_path / "t.pdf").pages) <= 9
    assert {unit.name for unit in county().units if unit.name not in text} == set()


def test_only_the_bundled_faces_are_used_and_they_are_embedded(tmp_path: Path) -> None:
    write_county_report(county(), tmp_path / "t.pdf")
    assert fonts_of(tmp_path / "t.pdf") <= {"NotoSansSC-Regular-Identity-H", "NotoSerifSC-Regular-Identity-H"}
    assert fonts_of(tmp_path / "t.pdf")
    assert b"pdfaid" in (tmp_path / "t.pdf").read_bytes()


@pytest.mark.parametrize("write", [write_county_report, write_school_sheets])
def test_the_same_assessment_gives_the_same_bytes(tmp_path: Path, write: object) -> None:
    for name in ("a.pdf", "b.pdf"):
        write(county(), tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_what_a_user_wrote_is_never_markup(tmp_path: Path) -> None:
    whole = county()
    units = tuple(replace(unit, name=MARKUP) for unit in whole.units)
    write_school_sheet(replace(whole, units=units), "3150000016", tmp_path / "t.pdf")
    assert re.sub(r"\s", "", MARKUP) in text_of(tmp_path / "t.pdf")


def test_a_character_without_a_glyph_does_not_stop_the_page(tmp_path: Path) -> None:
    whole = county()
    units = tuple(replace(unit, name=f"𠮷{chr(0xE000)}{chr(7)}{unit.name}") for unit in whole.units)
    write_school_sheet(replace(whole, units=units), "3150000016", tmp_path / "t.pdf")
    assert "白马乡九年一贯制学校" in text_of(tmp_path / "t.pdf")


def test_a_county_without_data_and_a_spotless_one_are_printed(tmp_path: Path) -> None:
    write_county_report(bare(), tmp_path / "bare.pdf")
    write_county_report(spotless(), tmp_path / "good.pdf")
    assert "全部达标" not in text_of(tmp_path / "bare.pdf")
    assert "个校·学段全部达标" in text_of(tmp_path / "good.pdf")


def test_the_strip_marks_one_school_and_names_none() -> None:
    spread = county().spreads[4]
    drawn = position_svg(spread, spread.points[0].school)
    assert drawn.count("v8") == len({point.value for point in spread.points})
    assert drawn.count("translate") == 1
    assert not [point.name for point in spread.points if point.name in drawn or point.school in drawn]
    assert position_svg(spread, "nobody") == ""
    assert 'd="M' in mark_svg("met")


def test_a_school_is_not_set_beside_a_mean_that_is_unknown() -> None:
    whole = county()
    code = whole.units[0].school
    known = school_sheets(whole, (code,))["schools"][0]["stages"][0]["items"][0]
    assert (known["mean"], known["side"]) == ("5.24人", "低于平均")
    spreads = tuple(replace(spread, mean=replace(spread.mean, value=None, shown="")) for spread in whole.spreads)
    unknown = school_sheets(replace(whole, spreads=spreads), (code,))["schools"][0]["stages"][0]["items"][0]
    assert (unknown["mean"], unknown["side"]) == ("", "")


def test_where_the_standard_is_not_in_force_a_verdict_is_called_a_trial_sum(tmp_path: Path) -> None:
    elsewhere = replace(county(), applies=False, note=Text("所用标准不在当地施行。", ""))
    write_county_report(elsewhere, tmp_path / "t.pdf")
    write_school_sheet(elsewhere, "2150000003", tmp_path / "s.pdf")
    for words in ("—测算示例，不作结论", "所用标准不在当地施行", "未达到参照值和尚不能判定的学校"):
        assert words in text_of(tmp_path / "t.pdf"), words
    for words in ("×小学测算：未达到参照值", "所用标准不在当地施行"):
        assert words in text_of(tmp_path / "s.pdf"), words
    for name in ("t.pdf", "s.pdf"):
        text = text_of(tmp_path / name)
        for part in elsewhere.parts:
            text = text.replace(re.sub(r"\s", "", part.rule.zh), "")
        assert "达标" not in text, name


def test_schools_of_which_nothing_is_known_are_counted_and_not_listed_line_by_line(tmp_path: Path) -> None:
    whole = county()
    units = tuple(
        replace(unit, verdict="not_decided", items=tuple(replace(item, verdict="no_data") for item in unit.items)) for unit in whole.units
    )
    write_county_report(replace(whole, units=units), tmp_path / "t.pdf")
    assert "另有18个校·学段各项指标均无数据" in text_of(tmp_path / "t.pdf")
    write_county_report(whole, tmp_path / "t.pdf")
    assert "各项指标均无数据" not in text_of(tmp_path / "t.pdf")
