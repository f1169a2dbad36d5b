"""Hostile and broken workbooks, made here: each is small on disk and would hang, kill or mislead a parser that trusted it."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>'


def sheet(rows: str, head: str = "") -> str:
    """Return the XML of a sheet."""
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def cell(address: str, value: object = 1) -> str:
    """Return one row that holds one cell."""
    return f'<row r="{address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{address}"><v>{value}</v></c></row>'


Part = str | bytes | Iterator[bytes]


def archive(path: Path, parts: dict[str, Part] | None = None, book: str = BOOK, rels: str = BOOK_RELS) -> Path:
    """Write a workbook of these parts besides the usual ones; an iterator is written piece by piece."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        usual: dict[str, Part] = {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELS,
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": rels,
        }
        for name, content in (usual | {"xl/worksheets/sheet1.xml": sheet(cell("A1"))} | (parts or {})).items():
            if isinstance(content, (str, bytes)):
                out.writestr(name, content)
                continue
            with out.open(name, "w") as part:
                for piece in content:
                    part.write(piece)
    return path


def one_sheet(rows: str, head: str = "") -> Callable[[Path], Path]:
    """Return a maker of a workbook with one sheet of these rows."""
    return lambda path: archive(path, {"xl/worksheets/sheet1.xml": sheet(rows, head)})


def flood(unit: bytes, megabytes: int, before: str, after: str) -> Iterator[bytes]:
    """Yield a part that repeats a few bytes for many megabytes."""
    yield before.encode()
    block = unit * ((1 << 20) // len(unit))
    for _ in range(megabytes):
        yield block
    yield after.encode()


def spaces(path: Path) -> Path:
    """1 GiB of spaces between two cells would be too slow to make here: 210 MiB are over the limit as well."""
    xml = sheet("|").split("|")
    return archive(path, {"xl/worksheets/sheet1.xml": flood(b" ", 210, xml[0], xml[1])})


def shared_strings(path: Path) -> Path:
    """Hundreds of megabytes of shared strings."""
    return archive(path, {"xl/sharedStrings.xml": flood(b"<si><t>aaaaaaaa</t></si>", 210, f'<sst xmlns="{MAIN}">', "</sst>")})


def many_cells(path: Path) -> Path:
    """Millions of cells in one row after another."""
    xml = sheet("|").split("|")
    row = b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>'
    return archive(path, {"xl/worksheets/sheet1.xml": flood(row, 160, xml[0], xml[1])})


def long_string(path: Path) -> Path:
    """One text of 40 MB."""
    xml = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>|</t></is></c></row>').split("|")
    return archive(path, {"xl/worksheets/sheet1.xml": flood(b"0123456789abcdefghij-_", 40, xml[0], xml[1])})


def long_attribute(path: Path) -> Path:
    """One attribute of many megabytes, which expat would hold in memory."""
    xml = sheet('<row r="1" x="|"><c r="A1"><v>1</v></c></row>').split("|")
    block = b"".join(b"%x" % (value * 2654435761 % 2**32) for value in range(1000))
    return archive(path, {"xl/worksheets/sheet1.xml": flood(block, 30, xml[0], xml[1])})


def deep(path: Path) -> Path:
    """60,000 nested tags."""
    return one_sheet("<a>" * 60_000 + "</a>" * 60_000)(path)


def deep_cells(path: Path) -> Path:
    """60,000 nested cells: the tag that is met most often must not be free of the depth check."""
    return one_sheet('<row r="1">' + '<c r="A1">' * 60_000 + "</c>" * 60_000 + "</row>")(path)


BILLION = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)


def many_entries(path: Path) -> Path:
    """60,000 parts."""
    with zipfile.ZipFile(path, "w") as out:
        for number in range(60_000):
            out.writestr(f"xl/{number}.xml", b"")
    return path


def truncated(path: Path) -> Path:
    """A workbook whose transmission broke off."""
    whole = archive(path).read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    return path


def patched(change: Callable[[bytearray], None]) -> Callable[[Path], Path]:
    """Return a maker of a good workbook whose bytes are then changed."""

    def make(path: Path) -> Path:
        raw = bytearray(archive(path, {"xl/worksheets/sheet1.xml": sheet(cell("A1") * 1)}).read_bytes())
        change(raw)
        path.write_bytes(raw)
        return path

    return make


def central(raw: bytearray, name: bytes) -> int:
    """Return where the directory entry of a part begins."""
    at = -1
    while (at := raw.find(b"PK\x01\x02", at + 1)) >= 0:
        length = struct.unpack_from("<H", raw, at + 28)[0]
        if raw[at + 46 : at + 46 + length] == name:
            return at
    raise KeyError(name)


def lies_about_size(raw: bytearray) -> None:
    """Declare a smaller inflated size than the part has."""
    struct.pack_into("<L", raw, central(raw, b"xl/worksheets/sheet1.xml") + 24, 10)


def overlapping(raw: bytearray) -> None:
    """Let two directory entries share the bytes of one part."""
    first, second = central(raw, b"xl/workbook.xml"), central(raw, b"xl/worksheets/sheet1.xml")
    struct.pack_into("<L", raw, second + 42, struct.unpack_from("<L", raw, first + 42)[0])


def encrypted_part(raw: bytearray) -> None:
    """Set the flag of an encrypted part."""
    struct.pack_into("<H", raw, central(raw, b"xl/workbook.xml") + 8, 1)


def wrong_checksum(raw: bytearray) -> None:
    """Declare another checksum than the part has."""
    struct.pack_into("<L", raw, central(raw, b"xl/workbook.xml") + 16, 12345)


def zip64(path: Path) -> Path:
    """Sizes in a ZIP64 field, where no return needs one."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in {"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "xl/workbook.xml": BOOK}.items():
            out.writestr(name, text)
        info = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
        info.extra = struct.pack("<2H2Q", 1, 16, 2**40, 2**40)
        out.writestr(info, sheet(cell("A1")))
    return path


def duplicate_names(path: Path) -> Path:
    """Two parts of one name: which one is read depends on the reader."""
    raw = io.BytesIO(archive(path).read_bytes())
    with zipfile.ZipFile(raw, "a") as out:
        out.writestr("XL/workbook.xml", BOOK)
    path.write_bytes(raw.getvalue())
    return path


def named(name: str, content: str = "x") -> Callable[[Path], Path]:
    """Return a maker of a workbook with one more part."""
    return lambda path: archive(path, {name: content})


def linked(path: Path) -> Path:
    """A part that is a symbolic link."""
    archive(path)
    with zipfile.ZipFile(path, "a") as out:
        info = zipfile.ZipInfo("xl/media/image1.png")
        info.external_attr = 0o120777 << 16
        out.writestr(info, "/etc/passwd")
    return path


def many_sheets(path: Path) -> Path:
    """65,536 sheets that all point to one part."""
    sheets = "".join(f'<sheet name="s{number}" sheetId="{number + 1}" r:id="r1"/>' for number in range(65_536))
    return archive(path, book=f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>')


def shared_part(path: Path) -> Path:
    """Two sheets on one part."""
    sheets = "".join(f'<sheet name="s{number}" sheetId="{number + 1}" r:id="r1"/>' for number in range(2))
    return archive(path, book=f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>')


def external_target(path: Path) -> Path:
    """A workbook whose sheet is elsewhere."""
    return archive(path, rels=BOOK_RELS.replace('Target="worksheets/sheet1.xml"', 'Target="http://x/s.xml" TargetMode="External"'))


def many_styles(path: Path) -> Path:
    """A million cell formats."""
    return archive(path, {"xl/styles.xml": flood(b"<xf/>", 5, "<styleSheet><cellXfs>", "</cellXfs></styleSheet>")})


def many_merges(path: Path) -> Path:
    """A million merged ranges."""
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{cell("A1")}</sheetData><mergeCells>|</mergeCells></worksheet>'.split("|")
    return archive(path, {"xl/worksheets/sheet1.xml": flood(b'<mergeCell ref="A1:B1"/>', 24, xml[0], xml[1])})


def utf16(path: Path) -> Path:
    """A sheet in UTF-16, which passes byte filters."""
    text = sheet(cell("A1")).replace("UTF-8", "UTF-16")
    return archive(path, {"xl/worksheets/sheet1.xml": text.encode("utf-16")})


def compound(stream: str) -> Callable[[Path], Path]:
    """Return a maker of an OLE compound file with a stream of this name."""

    def make(path: Path) -> Path:
        path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + stream.encode("utf-16-le") + bytes(512))
        return path

    return make


def written(content: bytes) -> Callable[[Path], Path]:
    """Return a maker of a file with these bytes."""

    def make(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return make


HOSTILE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "two cells in opposite corners": (one_sheet(cell("A1") + cell("XFD1048576")), "returns.box_too_large"),
    "one far cell": (one_sheet(cell("A1") + cell("XFD20000")), "returns.box_too_large"),
    "spaces": (spaces, "returns.compressed_too_well"),
    "shared strings": (shared_strings, "returns.compressed_too_well"),
    "millions of cells": (many_cells, "returns.compressed_too_well"),
    "billion laughs": (one_sheet("<row r='1'><c r='A1'><v>&e;</v></c></row>", BILLION), "returns.doctype"),
    "quadratic entity": (one_sheet("&a;" * 1000, f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'), "returns.doctype"),
    "external entity": (one_sheet("&x;", '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "returns.doctype"),
    "60,000 parts": (many_entries, "returns.too_many_parts"),
    "60,000 levels": (deep, "returns.nested_too_deep"),
    "60,000 levels of cells": (deep_cells, "returns.nested_too_deep"),
    "one long string": (long_string, "returns.compressed_too_well"),
    "one long attribute": (long_attribute, "returns.text_too_long"),
    "row 99999999999": (one_sheet(cell("A99999999999")), "returns.bad_address"),
    "row 0": (one_sheet(cell("A0")), "returns.bad_address"),
    "column beyond the last": (one_sheet(cell("ZZZ1")), "returns.bad_address"),
    "an address that is none": (one_sheet('<row r="1"><c r="1A"><v>1</v></c></row>'), "returns.bad_address"),
    "a cell of another row": (one_sheet('<row r="1"><c r="A2"><v>1</v></c></row>'), "returns.bad_address"),
    "a cell twice": (one_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), "returns.bad_address"),
    "rows backwards": (one_sheet(cell("A2") + cell("A1")), "returns.bad_address"),
    "a cell without address": (one_sheet('<row r="1"><c><v>1</v></c></row>'), "returns.bad_address"),
    "truncated": (truncated, "returns.archive_damaged"),
    "inflated size declared too small": (patched(lies_about_size), "returns.archive_lies"),
    "two parts in the same bytes": (patched(overlapping), "returns.archive_lies"),
    "wrong checksum": (patched(wrong_checksum), "returns.archive_lies"),
    "encrypted part": (patched(encrypted_part), "returns.encrypted"),
    "ZIP64": (zip64, "returns.archive_lies"),
    "two parts of one name": (duplicate_names, "returns.repeated_part"),
    "a name that climbs": (named("xl/../../evil.xml"), "returns.unsafe_part_name"),
    "an absolute name": (named("/etc/passwd"), "returns.unsafe_part_name"),
    "a drive": (named("C:/evil.xml"), "returns.unsafe_part_name"),
    "a link": (linked, "returns.unsafe_part_name"),
    "macros": (named("xl/vbaProject.bin"), "returns.macros"),
    "old macros": (named("xl/macrosheets/sheet1.xml"), "returns.macros"),
    "links to other files": (named("xl/externalLinks/externalLink1.xml", "<ddeLink/>"), "returns.external_links"),
    "a sheet elsewhere": (external_target, "returns.external_links"),
    "65,536 sheets": (many_sheets, "returns.too_many_sheets"),
    "two sheets on one part": (shared_part, "returns.not_a_workbook"),
    "a million styles": (many_styles, "returns.compressed_too_well"),
    "a million merges": (many_merges, "returns.compressed_too_well"),
    "UTF-16": (utf16, "returns.foreign_encoding"),
    "NUL in the XML": (one_sheet('<row r="1"><c r="A1"><v>\0</v></c></row>'), "returns.xml_damaged"),
    "a surrogate alone": (one_sheet('<row r="1"><c r="A1" t="str"><v>&#xD800;</v></c></row>'), "returns.xml_damaged"),
    "no workbook inside": (written(b"PK\x05\x06" + bytes(18)), "returns.not_a_workbook"),
}

FOREIGN: dict[str, tuple[str, bytes | Callable[[Path], Path], str]] = {
    "a web page called .xls": ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "returns.web_page"),
    "XML called .xls": ("a.xls", b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "returns.web_page"),
    "an encrypted workbook": ("a.xlsx", compound("EncryptedPackage"), "returns.encrypted"),
    "a workbook of 1997": ("a.xls", compound("Workbook"), "returns.old_format"),
    "another compound file": ("a.doc", compound("WordDocument"), "returns.not_a_table"),
    "a scan": ("a.pdf", b"%PDF-1.7", "returns.not_a_table"),
    "nothing": ("a.xlsx", b"", "returns.file_empty"),
    "bytes of no encoding": ("a.csv", bytes([0xFF, 0x80, 0x81, 0xFF]) * 50, "returns.encoding_unknown"),
    "a web page that begins with a comment": ("a.xls", b"\xef\xbb\xbf <!-- made by a system -->\n<b>x</b>", "returns.web_page"),
    "a piece of a web page": ("a.xls", b"<div>" + "<tr><td>甲</td></tr>".encode() * 60_000 + b"</div>", "returns.web_page"),
    "a web page after some words": ("a.xls", "学校一览表\n<TABLE border=0>".encode("gb18030"), "returns.web_page"),
    "a web page in two bytes a letter": ("a.xls", "\ufeff<table><tr>".encode("utf-16-le"), "returns.web_page"),
    "a cell without end": ("a.csv", ("学校,名称\n" + "甲" * 140_000).encode(), "returns.text_too_long"),
    "quotation marks that do not pair": ("a.csv", '学校,"名称\n1,2'.encode(), "returns.text_damaged"),
}
