"""The documents of a forecast: Word, PDF, workbook, JSON hold what the views hold, read back, and come out the same again."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from pypdf import PdfReader

from junheng.errors import Text
from junheng.present import foresight_documents
from junheng.present.foresight_documents import write_foresight
from junheng.present.report import write_foresight_pages, write_foresight_workbook, write_json, write_notice, write_seats_warning
from junheng.present.report.foresight_prose import Inset, Picture, notice, seats_warning
from junheng.present.report.wording import title_lines
from junheng.workflow.views import foresight as views
from tests.present import invented_foresight as invented

WHOLE = invented.foresight()
FIRST = WHOLE.scenarios[0]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("foresight")
    write_foresight(WHOLE, folder, "zh", lambda what, done, of: None)
    return folder


def words_of(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def text_of(path: Path) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages))


def test_each_file_is_named_and_none_is_left_half_done(out: Path, tmp_path: Path) -> None:
    names = {"foresight.html", "seats-warning.docx", "notice.docx", "foresight.pdf", "foresight.xlsx", "foresight.json"}
    assert {path.name for path in out.iterdir()} == names
    steps: list[tuple[int, int]] = []
    written = write_foresight(invented.bare(), tmp_path, "en", lambda what, done, of: steps.append((done, of)))
    assert {Path(path).name for path, _ in written} == names - {"notice.docx"} == {path.name for path in tmp_path.iterdir()}
    assert steps == [(done, 5) for done in range(6)]


def test_a_file_that_fails_leaves_the_old_one_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "foresight.html").write_text("old", encoding="utf-8")

    def fails(path: Path, text: str, encoding: str) -> int:
        path.write_bytes(text[:100].encode())
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_text", fails)
    with pytest.raises(OSError, match="disk full"):
        write_foresight(WHOLE, tmp_path, "zh", lambda what, done, of: None)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"foresight.html": b"old"}


def test_the_chapter_says_what_the_forecast_says(out: Path) -> None:
    shown = words_of(out / "seats-warning.docx")
    for line in (
        *WHOLE.brief,
        *WHOLE.limits,
        *WHOLE.method,
        WHOLE.backtest.sentence,
        WHOLE.promises[0].sentence,
        WHOLE.outturns[0].sentence,
    ):
        assert line.zh in shown
    for part in (
        "青屏县学龄人口预测与学位预警报告",
        "一、总体判断",
        "图1　",
        "表1　",
        "城关第三小学新建逾期114天",
        "白马乡购买学位没有投用日期",
    ):
        assert part in shown, part
    for wanted in ("8,560", "7,996–9,125", "67 %", "▲ 预警", "无法判断", "凭记忆录入，请提供卫健部门数据", "尚未与原文核对"):
        assert wanted in shown, wanted
    assert "供对照：美国国家教育统计中心" in shown


def test_pictures_stand_uncut_above_their_captions_and_are_said(out: Path) -> None:
    document = Document(str(out / "seats-warning.docx"))
    pictures = [block for block in seats_warning(WHOLE).body if isinstance(block, Picture)]
    assert len(document.inline_shapes) == len(pictures)  # fans and pyramids two a row, maps three
    for shape, picture in zip(document.inline_shapes, pictures, strict=True):
        assert shape._inline.docPr.get("descr") == picture.caption
        assert shape.width <= document.sections[0].page_width - document.sections[0].left_margin - document.sections[0].right_margin
        paragraph = shape._inline.getparent().getparent().getparent()
        assert paragraph.pPr.find(qn("w:spacing")).get(qn("w:lineRule")) == "auto"
        assert paragraph.pPr.find(qn("w:snapToGrid")).get(qn("w:val")) == "0"
    captions = [paragraph.text for paragraph in document.paragraphs if paragraph.text.startswith("图")]
    assert captions == [picture.caption for picture in pictures]
    assert [caption.partition("　")[0] for caption in captions] == [f"图{n}" for n in range(1, 7)]


def test_the_chapter_of_a_county_of_one_year_has_no_empty_part() -> None:
    report = seats_warning(invented.bare())
    titles = [block.text for block in report.body if not isinstance(block, Picture | Inset) and block.level == "one"]
    assert titles == ["一、总体判断", "二、在校生走势", "三、预测方法与可信程度", "四、数据的限度"]
    assert report.annexes == ()
    shown = "".join(block.text for block in report.body if not isinstance(block, Picture | Inset))
    assert "不是本县自己的回测" in shown
    assert "没有片区" not in shown


def test_all_clear_is_said_only_where_no_zone_is_short() -> None:
    calm = tuple(replace(line, level="none") for line in FIRST.seats)
    of = replace(WHOLE, scenarios=(replace(FIRST, seats=calm),))

    def said(foresight: views.Foresight) -> str:
        return "".join(getattr(block, "text", "") for block in seats_warning(foresight).body)

    assert "没有片区达到关注及以上等级" in said(of)
    assert "没有片区达到关注及以上等级" not in said(WHOLE)
    half = tuple(replace(line, level="unknown" if line.area == "500103" else "none") for line in FIRST.seats)
    assert "没有能够判断的片区达到关注" in said(replace(WHOLE, scenarios=(replace(FIRST, seats=half),)))
    blind = said(replace(WHOLE, scenarios=(replace(FIRST, seats=tuple(replace(line, level="unknown") for line in FIRST.seats)),)))
    assert "均无法判断" in blind
    assert "达到关注及以上等级" not in blind


def test_the_notice_is_a_document_of_its_own(out: Path, tmp_path: Path) -> None:
    paragraphs = [paragraph.text for paragraph in Document(str(out / "notice.docx")).paragraphs if paragraph.text]
    assert paragraphs[0] == "关于青屏县2026年秋季小学学位预警的公告"
    assert paragraphs[-2:] == ["青屏县教育局", "年　月　日"]
    kept = [paragraph.paragraph_format.keep_with_next for paragraph in Document(str(out / "notice.docx")).paragraphs[-4:]]
    assert kept == [True, True, True, None]  # the date does not stand alone on a page
    untitled = replace(WHOLE, notice=Text("预计学位紧张。\n\n请合理安排。", ""))
    assert (notice(untitled).title, len(notice(untitled).body)) == ("青屏县学位预警公告", 2)
    whole = "关于学位预警的公告\n现公告如下。\n一、预警范围\n（一）小学\n城关：告急。\n1. 说明。\n青屏县教育局\n（发布日期）"
    found = notice(replace(WHOLE, notice=Text(whole, "")))
    assert [block.level for block in found.body] == ["body", "one", "two", "body", "body"]  # type: ignore[union-attr]
    assert (found.title, found.signed) == ("关于学位预警的公告", ("青屏县教育局", "（发布日期）"))
    with pytest.raises(ValueError, match="no notice"):
        write_notice(invented.bare(), tmp_path / "t.docx")


def test_hostile_names_stay_text(out: Path) -> None:
    assert invented.HOSTILE in words_of(out / "seats-warning.docx")
    assert re.sub(r"\s", "", invented.HOSTILE) in text_of(out / "foresight.pdf")
    hostile = replace(WHOLE, county_name=Text('#panic("x")县', "x"), headlines=(Text('#read("/etc/passwd") *粗* $x$', ""),))
    assert '#read("/etc/passwd")*粗*$x$' in text_of(_pages(out, hostile))


def _pages(folder: Path, foresight: views.Foresight) -> Path:
    made = folder.parent / "hostile.pdf"
    write_foresight_pages(foresight, made)
    return made


def test_the_pages_hold_headlines_maps_errors_and_limits(out: Path) -> None:
    pages = PdfReader(out / "foresight.pdf").pages
    assert 2 <= len(pages) <= 6
    shown = text_of(out / "foresight.pdf")
    for words in (
        "青屏县",
        "学位预测与预警",
        "中方案",
        "小学2028—2029学年",
        "缺口概率",
        "三年平均法误差",
        "美国国家教育统计中心",
        "白马乡初中学位数未报",
    ):
        assert words in shown, words
    assert "其余片区各年见工作簿" in shown
    assert all(re.sub(r"\s", "", line.zh) in shown for line in (*WHOLE.brief, *WHOLE.headlines))


def test_papers_list_what_is_short_and_not_what_is_well(out: Path) -> None:
    """Of zones only those with a level stand in the papers; every year up to the first horizon is asked, then the horizons."""
    rows = [[cell.text for cell in row.cells] for table in Document(str(out / "seats-warning.docx")).tables for row in table.rows]
    zones = {line.area_name for line in FIRST.seats if line.area_kind == "district"}
    listed = [(row[0], row[1], int(row[2])) for row in rows if row[0] in zones]
    expected = {
        (line.area_name, line.stage_label.zh, line.year)
        for line in FIRST.seats
        if line.area_kind == "district"
        and line.level in ("alarm", "warning", "watch")
        and line.year in (2026, 2027, 2028, 2031, 2034, 2040)
    }
    assert set(listed) == expected
    assert 0 < len(listed) == len(expected)


def test_a_long_list_of_short_zones_goes_to_an_annex() -> None:
    all_short = replace(FIRST, seats=tuple(replace(line, level="watch") for line in FIRST.seats))
    report = seats_warning(replace(WHOLE, scenarios=(all_short,)))
    annex = next(annex for annex in report.annexes if annex.title == "有缺口风险的片区明细表")
    inset = next(block for block in report.body if isinstance(block, Inset) and "有缺口风险的片区" in block.caption)
    assert len(inset.table.rows) == 15 < len(annex.table.rows) == 8 * 6
    assert inset.notes == ("另有33行见附件“有缺口风险的片区明细表”。",)
    assert all(annex.title != "有缺口风险的片区明细表" for annex in seats_warning(WHOLE).annexes)


def test_a_line_with_a_band_is_not_stretched(out: Path) -> None:
    paragraphs = [one for one in Document(str(out / "seats-warning.docx")).paragraphs if one.style.name == "Normal" and len(one.text) > 40]
    bands = [one for one in paragraphs if re.search("[0-9]–[0-9]", one.text)]
    assert {one.alignment for one in bands} <= {WD_ALIGN_PARAGRAPH.LEFT}
    assert WD_ALIGN_PARAGRAPH.JUSTIFY in {one.alignment for one in paragraphs}


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于清河县（虚构）2026年秋季学期学位预警的公告", ["关于清河县（虚构）2026年", "秋季学期学位预警的公告"]),
        ("青屏县学龄人口预测与学位预警报告", ["青屏县学龄人口预测与学位预警报告"]),
        (
            "关于双江拉祜族佤族布朗族傣族自治县2026年秋季学期学位预警的公告",
            ["关于双江拉祜族佤族布朗族傣族自治县", "2026年秋季学期学位预警的公告"],
        ),
        ("青" * 30, ["青" * 30]),
    ],
)
def test_a_title_breaks_between_words_into_lines_of_like_length(title: str, lines: list[str]) -> None:
    assert title_lines(title, 40) == lines


def test_pages_of_pooled_errors_say_so_at_the_head(tmp_path: Path) -> None:
    write_foresight_pages(invented.bare(), tmp_path / "t.pdf")
    assert len(PdfReader(tmp_path / "t.pdf").pages) == 1
    shown = text_of(tmp_path / "t.pdf")
    assert shown.index("不是本县自己的回测") < shown.index("要点")


def test_the_workbook_holds_numbers_that_can_be_computed_with(out: Path) -> None:
    book = openpyxl.load_workbook(out / "foresight.xlsx")
    assert book.sheetnames == ["学位预测与预警", "学位供需", "数据问题清单", "依据与来源"]
    rows = list(book["学位供需"].iter_rows(min_row=4, values_only=True))
    assert [(row[0], row[2], row[4]) for row in rows] == [(line.area_name, line.year, line.seats) for line in FIRST.seats]
    for row, line in zip(rows, FIRST.seats, strict=True):  # Excel keeps fifteen digits
        assert line.need
        assert row[3] == pytest.approx(line.need.middle, rel=1e-14)
        assert row[5] == (None if line.balance is None else pytest.approx(line.balance, rel=1e-11))
    assert {type(row[3]) for row in rows} == {float}
    cover = {row[0]: row[1] for row in book["学位预测与预警"].iter_rows(min_row=4, values_only=True)}
    assert cover["外来人口子女"] == "无数据"
    assert cover["回测"] == WHOLE.backtest.sentence.zh
    assert cover["供对照"].startswith("英格兰教育部")
    with zipfile.ZipFile(out / "foresight.xlsx") as parts:
        assert not [name for name in parts.namelist() if "sheet" in name and b"<f>" in parts.read(name)]


def test_the_workbook_can_be_had_in_english(tmp_path: Path) -> None:
    write_foresight_workbook(WHOLE, tmp_path / "t.xlsx", "en")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames[0] == "Pupils and places ahead"


def test_json_holds_everything(out: Path) -> None:
    found = json.loads((out / "foresight.json").read_text(encoding="utf-8"))
    assert set(found) == set(views.Foresight.__dataclass_fields__)
    line, shown = FIRST.seats[7], found["scenarios"][0]["seats"][7]
    assert (shown["area"], shown["year"], shown["seats"], shown["level"]) == (line.area, line.year, line.seats, line.level)
    assert line.need
    assert shown["need"]["high80"] == line.need.high80
    assert found["projects"][0]["steps"][0] == [{"zh": "立项", "en": "Approved"}, "2023-03-01", "2023-03-20", "done"]
    assert found["scenarios"][0]["series"][0]["points"][3]["known"] is None  # missing is not zero


def test_the_same_forecast_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    write_foresight(invented.foresight(), tmp_path, "zh", lambda what, done, of: None)
    for path in sorted(out.iterdir()):
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_word_and_json_alone(tmp_path: Path) -> None:
    write_seats_warning(WHOLE, tmp_path / "t.docx")
    write_json(WHOLE, tmp_path / "t.json")
    assert foresight_documents.PAGE == "foresight.html"
    assert (tmp_path / "t.docx").stat().st_size > 10_000
