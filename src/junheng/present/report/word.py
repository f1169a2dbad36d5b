"""Reports as Word documents in official layout (GB/T 9704-2012). The only module that touches python-docx.

A4, type area 156 × 225 mm, 22 lines of 28 characters; faces are named as offices have them. The faces themselves cannot be shipped: a
machine without them shows its own. The same report gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as DocxParagraph

from junheng.present.report.pdf import pictures
from junheng.present.report.prose import Annex, Inset, Paragraph, Picture, Report, Table, self_assessment
from junheng.present.report.wording import printable, share_of_width, title_lines
from junheng.workflow.views import Assessment

TITLE, BODY, LEVEL_ONE, LEVEL_TWO, FIGURES = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
_SIZE_2, _SIZE_3, _SIZE_4, _SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 二号 三号 四号 五号
_PITCH_TWIPS, _LINE = "579", Pt(28.95)  # 225 mm hold 22 lines
_CLOSER = "-5"  # twentieths of a point: 156 mm hold 28 characters of 16 pt
_PIXELS = 1400  # across a picture: some 230 to the inch
_TYPE_AREA = {False: 156, True: 225}  # mm across, upright and landscape
_RANGE = re.compile("[0-9]–[0-9]")  # a band is one long word: stretched to the margins its line would be torn apart
_TITLE_WIDTH = 40  # half-width characters of 22 pt across the type area
_LEVELS = {"one": ("Heading 1", LEVEL_ONE), "two": ("Heading 2", LEVEL_TWO), "three": ("Heading 3", BODY), "body": ("Normal", BODY)}
_LEVELS["addressee"] = _LEVELS["body"]
_AFTER_SPACING = (
    "w:w",
    "w:kern",
    "w:position",
    "w:sz",
    "w:szCs",
    "w:highlight",
    "w:u",
    "w:effect",
    "w:bdr",
    "w:shd",
    "w:vertAlign",
    "w:lang",
)
_AFTER_GRID = ("w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:textAlignment", "w:outlineLvl", "w:rPr")


def write_self_assessment(assessment: Assessment, path: Path) -> None:
    """Write the county's self-assessment report to `path` (.docx)."""
    write_report(self_assessment(assessment), assessment.day, path)


def write_report(report: Report, day: date, path: Path) -> None:
    """Write a report to `path` (.docx); `day` is what the file says of its making."""
    write_reports((report,), report.title, day, path)


def write_reports(reports: Sequence[Report], title: str, day: date, path: Path, *, numbered: bool = True) -> None:
    """Write several reports to one file (.docx), each beginning on a new page.

    `title` is what the file says it is; numbered: False where each goes its own way, as letters do.
    """
    document = Document()
    _set_styles(document)
    _set_page(document.sections[0], landscape=False)
    document.settings.odd_and_even_pages_header_footer = True
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # else the title bar says 兼容模式
    if numbered:
        _number_pages(document.sections[0])
    for report in reports:
        _write_body(document, report, on_new_page=report is not reports[0])
        for number, annex in enumerate(report.annexes, start=1):
            _write_annex(document, number, annex)
    made = datetime(day.year, day.month, day.day)  # noqa: DTZ001  (the format knows no time zone)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by, properties.comments = printable(title), "", "", ""
    properties.created = properties.modified = made
    path.write_bytes(_packed(document))


def _packed(document: Any) -> bytes:
    """Return the file without the times of its parts, so that its bytes can be made again."""
    first, out = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as parts, zipfile.ZipFile(out, "w") as again:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name)
            part.create_system = 3  # as if made on Unix, wherever it is made
            again.writestr(part, parts.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


# -- faces, grid, page ------------------------------------------------------------------------------------------------


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _set_face(owner: Any, face: str, size: Any) -> None:
    """Give a style or run one face for every script, so that figures and quotation marks keep it too."""
    owner.font.size, owner.font.bold, owner.font.italic = size, False, False
    properties = owner.element.get_or_add_rPr() if hasattr(owner, "element") else owner._r.get_or_add_rPr()
    for old in properties.findall(qn("w:color")):
        properties.remove(old)
    fonts = properties.get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), face)
    fonts.set(qn("w:hint"), "eastAsia")


def _set_styles(document: Any) -> None:
    document.styles.element.find(f".//{qn('w:lang')}").set(qn("w:eastAsia"), "zh-CN")
    for style_name, face in _LEVELS.values():
        style = document.styles[style_name]
        _set_face(style, face, _SIZE_3)
        properties = style.element.get_or_add_rPr()
        properties.insert_element_before(_element("w:spacing", val=_CLOSER), *_AFTER_SPACING)
        layout = style.paragraph_format
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
        layout.widow_control = False
        for tag in ("w:autoSpaceDE", "w:autoSpaceDN"):
            style.element.get_or_add_pPr().insert_element_before(_element(tag, val="0"), "w:snapToGrid", *_AFTER_GRID)


def _set_page(section: Any, *, landscape: bool) -> None:
    """Set paper and margins: top 37 mm and left 28 mm upright; the same type area lies down on a landscape page."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    top, right, bottom, left = (28, 35, 26, 37) if landscape else (37, 26, 35, 28)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = Mm(top), Mm(right), Mm(bottom), Mm(left)
    section.header_distance, section.footer_distance = Mm(15), Mm(14 if landscape else 23)  # the number stands 7 mm below the text
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = _element("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), _PITCH_TWIPS)


def _number_pages(section: Any) -> None:
    """Print “— 1 —” on each page: odd ones on the right, even ones on the left, one character in."""
    for footer, side, indent in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "rightChars"),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "leftChars"),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.style = "Normal"
        paragraph.alignment = side
        _set_indent(paragraph, **{indent: "100"})
        for text, kind in (("— ", ""), ("", "begin"), (" PAGE ", ""), ("", "separate"), ("1", ""), ("", "end"), (" —", "")):
            run = paragraph.add_run()
            _set_face(run, FIGURES, _SIZE_4)
            run._r.append(_field(text, kind))


def _field(text: str, kind: str) -> Any:
    if kind:
        return _element("w:fldChar", fldCharType=kind)
    made = OxmlElement("w:instrText" if "PAGE" in text else "w:t")
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    made.text = text
    return made


def _set_indent(paragraph: Any, **characters: str) -> None:
    """Indent in hundredths of a character, as an office program does."""
    properties = paragraph._p.get_or_add_pPr()
    indent = properties.get_or_add_ind()
    for name, value in characters.items():
        indent.set(qn(f"w:{name}"), value)


# -- text -------------------------------------------------------------------------------------------------------------


def _line(document: Any, text: str, face: str = BODY, size: Any = _SIZE_3, align: Any = None, style: str = "Normal", **indent: str) -> Any:
    paragraph = document.add_paragraph(style=style)
    run = paragraph.add_run(printable(text))
    if (face, size) != (dict(_LEVELS.values())[style], _SIZE_3):
        _set_face(run, face, size)
    paragraph.alignment = align
    if indent:
        _set_indent(paragraph, **indent)
    return paragraph


def _write_body(document: Any, report: Report, *, on_new_page: bool = False) -> None:
    heading = [_line(document, line, TITLE, _SIZE_2, WD_ALIGN_PARAGRAPH.CENTER) for line in title_lines(report.title, _TITLE_WIDTH)]
    heading[0].paragraph_format.page_break_before = on_new_page or None
    if report.subtitle:
        _line(document, report.subtitle, LEVEL_TWO, _SIZE_3, WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, "")
    _write_blocks(document, report.body)
    _line(document, "")
    for number, annex in enumerate(report.annexes, start=1):
        if number == 1:
            _line(document, f"附件：1. {annex.title}", firstLineChars="200", firstLine="632")
        else:
            _line(document, f"{number}. {annex.title}", firstLineChars="500", firstLine="1580")
    if report.annexes:
        _line(document, "")
    for text, (characters, twips) in zip(report.signed, (("200", "632"), ("400", "1264")), strict=False):
        _line(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT, rightChars=characters, right=twips)
    for element in [each for each in document.element.body[-5:-2] if each.tag == qn("w:p")]:  # behind them the last line, and the section
        DocxParagraph(element, document).paragraph_format.keep_with_next = True  # a date does not stand alone on a page


def _write_blocks(document: Any, blocks: Sequence[Paragraph | Picture | Inset]) -> None:
    drawn = [block.svg for block in blocks if isinstance(block, Picture)]
    images = iter(pictures(drawn, _PIXELS) if drawn else ())
    for block in blocks:
        if isinstance(block, Paragraph):
            style, face = _LEVELS[block.level]
            align = WD_ALIGN_PARAGRAPH.LEFT if _RANGE.search(block.text) else WD_ALIGN_PARAGRAPH.JUSTIFY
            indent = {} if block.level == "addressee" else {"firstLineChars": "200", "firstLine": "632"}
            _line(document, block.text, face, _SIZE_3, align, style, **indent)
        elif isinstance(block, Inset):
            _write_inset(document, block)
        else:
            _write_picture(document, block, next(images))


def _write_inset(document: Any, inset: Inset) -> None:
    """Write a table in the text under its caption."""
    _small(document.add_paragraph(), inset.caption, LEVEL_ONE, centred=True)
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _write_table(document, inset.table, _TYPE_AREA[False])
    for note in inset.notes or ("",):
        _small(document.add_paragraph(), note, BODY, centred=False)


def _write_picture(document: Any, picture: Picture, image: bytes) -> None:
    """Write a picture above its caption; its line is as high as it is, off the grid, or it would be cut."""
    paragraph = document.add_paragraph()
    shape = paragraph.add_run().add_picture(io.BytesIO(image), width=Mm(picture.width_mm))
    shape._inline.docPr.set("descr", printable(picture.caption))
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.keep_with_next = WD_LINE_SPACING.SINGLE, True
    paragraph._p.get_or_add_pPr().insert_element_before(_element("w:snapToGrid", val="0"), *_AFTER_GRID)
    _small(document.add_paragraph(), picture.caption, LEVEL_ONE, centred=True)


# -- annexes ----------------------------------------------------------------------------------------------------------


def _write_annex(document: Any, number: int, annex: Annex) -> None:
    """Write one annex on pages of its own."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _set_page(section, landscape=annex.landscape)
    _line(document, f"附件{number}", LEVEL_ONE)
    _line(document, annex.title, TITLE, _SIZE_2, WD_ALIGN_PARAGRAPH.CENTER)
    _line(document, "")
    _write_table(document, annex.table, _TYPE_AREA[annex.landscape])
    for note in annex.notes:
        _small(document.add_paragraph(), note, BODY, centred=False)


def _write_table(document: Any, table: Table, width_mm: int) -> None:
    out = document.add_table(rows=0, cols=len(table.heads), style="Table Grid")
    out.alignment, out.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w="57", type="dxa"))  # 1 mm
    out._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")
    widths = [Mm(width) for width in share_of_width(table.widths, width_mm)]
    for column, width in zip(out.columns, widths, strict=True):
        column.width = width
    everywhere = frozenset(range(len(table.heads)))
    _write_row(out, table.heads, widths, everywhere, LEVEL_ONE, heading=True)
    for row in table.rows:
        _write_row(out, row, widths, table.centred, BODY, heading=False)


def _write_row(out: Any, texts: Sequence[str], widths: Sequence[Any], centred: frozenset[int], face: str, *, heading: bool) -> None:
    row = out.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(_element("w:cantSplit"))
    if heading:
        properties.append(_element("w:tblHeader"))
    for number, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width, cell.vertical_alignment = width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _small(cell.paragraphs[0], text, face, centred=number in centred)


def _small(paragraph: Any, text: str, face: str, *, centred: bool) -> None:
    """Write a line of a table or note: small, and off the grid of the page."""
    _set_face(paragraph.add_run(printable(text)), face, _SIZE_5)
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, _SIZE_3
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph._p.get_or_add_pPr().insert_element_before(_element("w:snapToGrid", val="0"), *_AFTER_GRID)
