"""The directory of a ZIP archive, read without trusting it: names, counts, sizes, and that no two parts share bytes."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from junheng.errors import Text
from junheng.store.returns.limits import Limits
from junheng.store.returns.refusal import refused

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MARK, _CENTRAL_MARK, _LOCAL_MARK = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_EXTRA = 1
_ENCRYPTED, _STORED, _DEFLATED, _LINK, _KIND = 0x1, 0, 8, 0xA000, 0xF000


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of the archive as its directory declares it."""

    name: str
    packed: int
    size: int
    checksum: int
    deflated: bool
    start: int
    data_start: int


def read_directory(file: BinaryIO, size: int, name: str, limits: Limits) -> dict[str, Entry]:
    """Return the parts of an archive by name, in the order of their bytes.

    Raises StoreError when the directory is damaged, too large, lies about sizes, repeats or hides names, or names links, macros or
    external links.
    """
    count, start, length = _end(file, size, name)
    if count > limits.entries or length > limits.directory_bytes:
        raise refused("returns.too_many_parts", name, f"{count:,}", most=limits.entries)
    file.seek(start)
    raw = file.read(length)
    entries: list[Entry] = []
    offset = 0
    while offset + _CENTRAL.size <= len(raw) and raw[offset : offset + 4] == _CENTRAL_MARK:
        if len(entries) == limits.entries:
            raise refused("returns.too_many_parts", name, f"> {limits.entries}", most=limits.entries)
        entry, used = _entry(raw, offset, name)
        entries.append(entry)
        offset += used
    if len(entries) != count or offset != length:
        raise refused(
            "returns.archive_damaged", name, Text(f"目录记{count}项，读到{len(entries)}项", f"{count} parts declared, {len(entries)} found")
        )
    return _placed(file, sorted(entries, key=lambda entry: entry.start), start, name)


def _end(file: BinaryIO, size: int, name: str) -> tuple[int, int, int]:
    tail_start = max(0, size - 65_557)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or at + _END.size > len(tail):
        raise refused(
            "returns.archive_damaged", name, Text("没有结尾目录（文件可能没有传完）", "no end of directory (the file may be cut off)")
        )
    _, disk, first, here, count, length, start, _ = _END.unpack_from(tail, at)
    if _ZIP64_LOCATOR in tail[max(0, at - 20) : at] or 0xFFFF in (here, count) or start == 0xFFFFFFFF:
        raise refused("returns.archive_lies", name, "ZIP64")
    if disk or first or here != count or start + length > tail_start + at:
        raise refused("returns.archive_damaged", name, Text("目录与文件不符", "the directory does not fit the file"))
    return count, start, length


def _entry(raw: bytes, offset: int, file: str) -> tuple[Entry, int]:
    fields = _CENTRAL.unpack_from(raw, offset)
    _, _, _, flags, method, _, _, checksum, packed, size, names, extras, comments, _, _, attributes, start = fields
    at = offset + _CENTRAL.size
    name = raw[at : at + names].decode("utf-8" if flags & 0x800 else "cp437", "replace")
    extra = raw[at + names : at + names + extras]
    cause = _unsafe(name, flags, method, attributes >> 16, extra)
    if cause:
        rule, found = cause
        raise refused(rule, file, found)
    return Entry(name, packed, size, checksum, method == _DEFLATED, start, 0), _CENTRAL.size + names + extras + comments


def _unsafe(name: str, flags: int, method: int, mode: int, extra: bytes) -> tuple[str, str] | None:
    low = name.lower()
    if flags & _ENCRYPTED:
        return "returns.encrypted", name
    if ".." in name.split("/") or name.startswith("/") or "\\" in name or ":" in name or "\0" in name or mode & _KIND == _LINK:
        return "returns.unsafe_part_name", name
    if low.endswith("vbaproject.bin") or "/macrosheets/" in low or "/activex/" in low:
        return "returns.macros", name
    if "/externallinks/" in low:
        return "returns.external_links", name
    if method not in (_STORED, _DEFLATED) or _has_zip64(extra):
        return "returns.archive_lies", name
    return None


def _has_zip64(extra: bytes) -> bool:
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64_EXTRA:
            return True
        at += 4 + length
    return False


def _placed(file: BinaryIO, entries: list[Entry], directory: int, name: str) -> dict[str, Entry]:
    """Give each part the place of its bytes; two parts that share bytes, or names that differ only in case, are refused."""
    placed: dict[str, Entry] = {}
    seen: set[str] = set()
    end = 0
    for entry in entries:
        file.seek(entry.start)
        raw = file.read(_LOCAL.size)
        if len(raw) < _LOCAL.size or raw[:4] != _LOCAL_MARK:
            raise refused("returns.archive_damaged", name, entry.name)
        *_, names, extras = _LOCAL.unpack(raw)
        local = file.read(names)
        data = entry.start + _LOCAL.size + names + extras
        if entry.name.lower() in seen:
            raise refused("returns.repeated_part", name, entry.name)
        if entry.start < end or data + entry.packed > directory or local.decode("utf-8", "replace") != entry.name:
            raise refused("returns.archive_lies", name, entry.name)
        seen.add(entry.name.lower())
        end = data + entry.packed
        placed[entry.name] = Entry(entry.name, entry.packed, entry.size, entry.checksum, entry.deflated, entry.start, data)
    return placed
