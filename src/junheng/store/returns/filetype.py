"""What a file is by its first bytes, whatever it is called."""

from __future__ import annotations

from pathlib import Path

from junheng.errors import Text
from junheng.store.returns.limits import LIMITS, Limits
from junheng.store.returns.refusal import refused

WORKBOOK, TEXT_TABLE = "workbook", "text"
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_TAGS = (b"<html", b"<!doctype", b"<head", b"<meta", b"<style", b"<body", b"<table", b"<div", b"<tr>", b"<td>")
_FOREIGN = {
    b"%PDF": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip",
}


def kind_of(path: Path, name: str = "", limits: Limits = LIMITS) -> str:
    """Return "workbook" for a ZIP archive and "text" for anything that may be a text table.

    Raises StoreError, naming the cause and what to do, for web pages called .xls, encrypted and old workbooks, empty and foreign files.
    """
    name = name or path.name
    try:
        with path.open("rb") as file:
            head = file.read(4096)
            if head.startswith(_COMPOUND):
                raise _compound(head + file.read(limits.file_bytes), name)
    except OSError as error:
        raise refused("returns.file_unreadable", name, str(error.strerror or error)) from error
    if not head:
        raise refused("returns.file_empty", name, Text("0字节", "0 bytes"))
    if head.startswith(b"PK"):
        return WORKBOOK
    foreign = next((title for mark, title in _FOREIGN.items() if head.startswith(mark)), "")
    if foreign:
        raise refused("returns.not_a_table", name, foreign)
    if _is_markup(head):
        raise refused("returns.web_page", name, Text("网页（HTML）或XML", "a web page (HTML) or XML"))
    return TEXT_TABLE


def _compound(raw: bytes, name: str) -> Exception:
    """Tell an encrypted workbook from one of the format before 2007, by the names of the streams inside."""
    if "EncryptedPackage".encode("utf-16-le") in raw:
        return refused("returns.encrypted", name, Text("加密的工作簿", "an encrypted workbook"))
    if any(stream.encode("utf-16-le") in raw for stream in ("Workbook", "Book")):
        return refused("returns.old_format", name, Text("Excel 97–2003格式", "the format of Excel 97-2003"))
    return refused("returns.not_a_table", name, Text("OLE复合文档", "an OLE compound file"))


def _is_markup(head: bytes) -> bool:
    """Return whether a file begins as a web page or XML, whatever comments and words stand before its tags."""
    plain = head.replace(b"\0", b"").lower()
    start = plain.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
    return start.startswith((b"<?xml", b"<!--", b"mime-version")) or any(tag in plain for tag in _TAGS)
