"""The Word report's XML holds the official layout: paper, grid, faces, page numbers, annexes on their own pages."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from junheng.present.report import write_self_assessment
from tests.present.invented import bare, county


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("word") / "report.docx"
    write_self_assessment(county(), file)
    return file


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as parts:
        return parts.read(name).decode("utf-8")


def test_paper_margins_and_grid(path: Path) -> None:
    first = Document(str(path)).sections[0]
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert (round(first.top_margin.mm), round(first.left_margin.mm)) == (37, 28)
    assert abs(first.page_width - first.left_margin - first.right_margin - Mm(156)) < Mm(1) / 10
    assert abs(first.page_height - first.top_margin - first.bottom_margin - Mm(225)) < Mm(1) / 10
    for section in Document(str(path)).sections:
        grid = section._sectPr.find(qn("w:docGrid"))
        assert grid.get(qn("w:type")) == "lines"
        assert int(grid.get(qn("w:linePitch"))) * 22 <= Mm(225).twips


@pytest.mark.parametrize(
    ("style", "face"), [("Normal", "仿宋_GB2312"), ("Heading 1", "黑体"), ("Heading 2", "楷体_GB2312"), ("Heading 3", "仿宋_GB2312")]
)
def test_each_level_has_its_face_for_every_script(path: Path, style: str, face: str) -> None:
    found = Document(str(path)).styles[style]
    fonts = found.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {face}
    assert not [name for name in fonts.attrib if "Theme" in name]
    assert found.font.size.pt == 16
    assert found.font.bold is False
    assert abs(found.paragraph_format.line_spacing.pt - 28.95) < 0.01


def test_the_title_is_size_two_and_centred(path: Path) -> None:
    title = Document(str(path)).paragraphs[0]
    assert title.text == "青屏县义务教育优质均衡发展自评报告"
    assert title.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert (title.runs[0].font.size.pt, title.alignment) == (22, 1)


def test_levels_are_headings_in_order(path: Path) -> None:
    levels = [
        (paragraph.style.name, paragraph.text) for paragraph in Document(str(path)).paragraphs if paragraph.style.name.startswith("Heading")
    ]
    assert levels[0] == ("Heading 1", "一、基本情况")
    assert ("Heading 2", "（二）资源配置") in levels
    assert ("Heading 3", "1. 未达标的学校（1个校·学段）") in levels
    body = Document(str(path)).paragraphs[3]
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_page_numbers_stand_outside(path: Path) -> None:
    footers = Document(str(path)).sections[0]
    for footer, side in ((footers.footer, 2), (footers.even_page_footer, 0)):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment == side
        shown = re.findall(r"<w:(?:t|instrText)[^>]*>([^<]*)<", paragraph._p.xml)
        assert shown == ["— ", " PAGE ", "1", " —"]
        assert {run._r.rPr.rFonts.get(qn("w:eastAsia")) for run in paragraph.runs} == {"宋体"}
        assert {run.font.size.pt for run in paragraph.runs} == {14}
    assert "evenAndOddHeaders" in part(path, "word/settings.xml")


def test_it_does_not_open_in_compatibility_mode(path: Path) -> None:
    assert re.search(r'compatibilityMode"[^>]*w:val="15"', part(path, "word/settings.xml"))


def test_annexes_stand_on_their_own_pages_with_repeated_headings(path: Path) -> None:
    document = Document(str(path))
    assert len(document.sections) == 5
    assert [section.page_width > section.page_height for section in document.sections] == [False, False, True, False, False]
    assert [len(table.columns) for table in document.tables] == [6, 11, 7, 5]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table.rows[1].cells[0].paragraphs[0]._p.pPr.find(qn("w:snapToGrid")).get(qn("w:val")) == "0"
    names = {row.cells[0].text for row in document.tables[1].rows}
    assert {unit.name for unit in county().units} <= names


def test_the_schema_order_of_properties_holds(path: Path) -> None:
    xml = part(path, "word/styles.xml")
    normal = re.search(r'<w:style [^>]*w:styleId="Normal".*?</w:style>', xml, re.DOTALL).group()
    tags = re.findall(r"<w:(autoSpaceDE|autoSpaceDN|widowControl|snapToGrid|spacing|rFonts|sz)\b", normal)
    assert tags.index("rFonts") < tags.index("sz")
    assert tags.index("widowControl") < tags.index("autoSpaceDE") < tags.index("autoSpaceDN") < tags.index("spacing")


def test_hostile_names_are_text(tmp_path: Path) -> None:
    whole = county()
    units = tuple(replace(unit, name=f'<w:br/>&{chr(7)}"{unit.name}{chr(0xFFFE)}') for unit in whole.units)
    write_self_assessment(replace(whole, units=units), tmp_path / "t.docx")
    text = "\n".join(paragraph.text for paragraph in Document(str(tmp_path / "t.docx")).paragraphs)
    assert '<w:br/>&"朝阳路小学（小学）' in text


def test_the_same_assessment_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.docx", "b.docx"):
        write_self_assessment(county(), tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_a_county_without_data_is_written(tmp_path: Path) -> None:
    write_self_assessment(bare(), tmp_path / "t.docx")
    assert "尚不能判定" in "".join(paragraph.text for paragraph in Document(str(tmp_path / "t.docx")).paragraphs)
