"""Look at a workbook before anything parses it: a file that could hang or kill a parser is refused by name.

An .xlsx file is XML inside a ZIP archive. The archive's directory is checked first, then every part is inflated once and counted (what the
archive declares is not believed), then the XML is streamed through expat. Nothing is built in memory. The limits are those of the security
page of the project (c4); they protect the machine and are not anybody's regulation.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from junheng.errors import Text
from junheng.store.returns.archive import Entry, read_directory
from junheng.store.returns.limits import LIMITS, Limits
from junheng.store.returns.refusal import refused
from junheng.store.returns.workbook_xml import SheetScan, Workbook, XmlRefused, scan_other, scan_relationships, scan_sheet, scan_workbook

_CHUNK = 1 << 18
_WORKBOOK = "xl/workbook.xml"
_RELATIONSHIPS = "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the pre-scan learned of a workbook that may be parsed."""

    date1904: bool
    cells: int
    sheets: dict[str, SheetScan] = field(default_factory=dict)  # by sheet name


def inspect(path: Path, name: str = "", limits: Limits = LIMITS) -> Inspection:
    """Return what a parser has to know of the workbook at `path`; `name` is how findings call the file.

    Raises StoreError with one finding, naming the cause and what to do, when the file is not a workbook that is safe to parse.
    """
    name = name or path.name
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise refused("returns.file_too_large", name, f"{size / 2**20:.1f} MiB", most=limits.file_bytes >> 20)
        with path.open("rb") as file:
            return _inspect(file, size, name, limits)
    except OSError as error:
        raise refused("returns.file_unreadable", name, str(error.strerror or error)) from error


def _inspect(file: BinaryIO, size: int, name: str, limits: Limits) -> Inspection:
    entries = read_directory(file, size, name, limits)
    total = 0
    for entry in entries.values():
        total += _count(file, entry, name, limits, total)
    try:
        workbook = _workbook(file, entries, limits)
        sheets, cells = _sheets(file, entries, workbook, limits)
    except XmlRefused as error:
        raise refused(error.rule, name, error.found, error.part, **error.values) from error
    return Inspection(workbook.date1904, cells, sheets)


def _count(file: BinaryIO, entry: Entry, name: str, limits: Limits, before: int) -> int:
    """Inflate one part and count its bytes, and its cells roughly, so that a bomb is refused before any XML is parsed."""
    counted = checksum = cells = 0
    for chunk in inflate(file, entry):
        counted += len(chunk)
        checksum = zlib.crc32(chunk, checksum)
        cells += chunk.count(b"<c ")
        if before + counted > limits.inflated_bytes:
            raise refused(
                "returns.inflates_too_far", name, f"> {limits.inflated_bytes >> 20} MiB", entry.name, most=limits.inflated_bytes >> 20
            )
        if counted > limits.ratio_from_bytes and counted > limits.ratio * max(entry.packed, 1):
            raise refused("returns.compressed_too_well", name, f"> {limits.ratio}", entry.name, most=limits.ratio)
        if cells > limits.cells:
            raise refused("returns.too_many_cells", name, f"> {limits.cells:,}", entry.name, most=f"{limits.cells:,}")
    if counted != entry.size or checksum != entry.checksum:
        raise refused(
            "returns.archive_lies",
            name,
            Text(f"声明{entry.size}字节，实为{counted}字节", f"{entry.size} bytes declared, {counted} found"),
            entry.name,
        )
    return counted


def inflate(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield the inflated bytes of one part in pieces of bounded size, whatever the archive declares."""
    file.seek(entry.data_start)
    left = entry.packed
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS) if entry.deflated else None
    while left > 0:
        raw = file.read(min(_CHUNK >> 2, left))
        if not raw:
            return
        left -= len(raw)
        if unpacker is None:
            yield raw
            continue
        yield from _unpacked(unpacker, raw)


def _unpacked(unpacker: zlib._Decompress, raw: bytes) -> Iterator[bytes]:
    while raw:
        try:
            chunk = unpacker.decompress(raw, _CHUNK)
        except zlib.error:
            return  # the counts do not agree then, and the caller says so
        raw = unpacker.unconsumed_tail
        if chunk:
            yield chunk
        elif not raw:
            return


def _workbook(file: BinaryIO, entries: dict[str, Entry], limits: Limits) -> Workbook:
    for needed in (_WORKBOOK, _RELATIONSHIPS):
        if needed not in entries:
            raise XmlRefused("returns.not_a_workbook", needed, Text("缺少该部分", "that part is missing"))
    workbook = scan_workbook(inflate(file, entries[_WORKBOOK]), limits)
    targets = scan_relationships(inflate(file, entries[_RELATIONSHIPS]), limits)
    parts: dict[str, str] = {}
    for sheet, relation in workbook.sheets.items():
        target = targets.get(relation, "")
        parts[sheet] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    if len(set(parts.values())) != len(parts):
        raise XmlRefused("returns.not_a_workbook", _WORKBOOK, Text("两张工作表指向同一部分", "two sheets point to one part"))
    return Workbook(workbook.date1904, parts)


def _sheets(file: BinaryIO, entries: dict[str, Entry], workbook: Workbook, limits: Limits) -> tuple[dict[str, SheetScan], int]:
    sheets: dict[str, SheetScan] = {}
    names = {part: sheet for sheet, part in workbook.sheets.items()}
    cells = 0
    for entry in entries.values():
        pieces = inflate(file, entry)
        if entry.name in names or entry.name.startswith("xl/worksheets/sheet"):
            scan = scan_sheet(pieces, entry.name, limits)
            cells += scan.cells
            sheets[names.get(entry.name, entry.name)] = scan
        elif entry.name.endswith((".xml", ".rels")) and entry.name not in (_WORKBOOK, _RELATIONSHIPS):
            scan_other(pieces, entry.name, limits)
        if cells > limits.cells:
            raise XmlRefused("returns.too_many_cells", entry.name, f"{cells:,}", most=f"{limits.cells:,}")
    return sheets, cells
