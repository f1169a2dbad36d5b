"""What kind of file it is, by its first bytes; and pictures without what the camera wrote into them.

Only the segments of a file are walked: the picture itself stays as it is, bit for bit. Of JPEG stay those that are needed to draw it
(tables, frames, scans, JFIF, Adobe, the colour profile); of PNG the critical chunks and those that say how colours are meant; of WebP all
but EXIF and XMP. What follows the end of a picture is dropped: there hide second pictures with metadata of their own.
Sources: ITU-T T.81 annex B; PNG (third edition) section 11; WebP container specification.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping

from junheng.documents import finding
from junheng.errors import DataError, Place, Text

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_STAYS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
_FIRST = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (_PNG, "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
)
_ENDS, _SCAN = 0xD9, 0xDA
_ALONE = {0x01, *range(0xD0, 0xD8)}
_JFIF, _ICC, _ADOBE, _COMMENT = 0xE0, 0xE2, 0xEE, 0xFE


def media_of(content: bytes) -> str:
    """Return the kind of a file by its first bytes, "" for one that is not taken (HEIC, TIFF, programs …)."""
    for first, media in _FIRST:
        if content.startswith(first):
            return media
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "text/plain" if _text(content) else ""


def _text(content: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            said = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(sign.isprintable() or sign in "\r\n\t\ufeff" for sign in said)
    return False


def without_metadata(content: bytes, media: str, name: str = "") -> bytes:
    """Return a picture without metadata, any other file as it is. Raises DataError (store.picture_broken) for a broken picture."""
    strip = _STRIP.get(media)
    if strip is None:
        return content
    try:
        return strip(content)
    except (IndexError, ValueError, struct.error) as error:
        said = Text("不完整的图片", "a picture that breaks off or is no picture")
        raise DataError(finding("store.picture_broken", Place(file=name), said)) from error


def _jpeg(content: bytes) -> bytes:
    kept = bytearray(content[:2])
    at, mark = 2, 0
    while mark != _ENDS:
        if content[at] != 0xFF:
            raise ValueError(at)
        while content[at + 1] == 0xFF:  # fill bytes
            at += 1
        mark = content[at + 1]
        start, at = at, _segment_end(content, at, mark)
        if _jpeg_stays(mark, content[start + 4 : at]):
            kept += content[start:at]
    return bytes(kept)


def _segment_end(content: bytes, at: int, mark: int) -> int:
    """Return where the segment that begins at `at` ends, a scan with the coded picture that follows it."""
    if mark == _ENDS or mark in _ALONE:
        return at + 2
    end = at + 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    if end > len(content):
        raise ValueError(end)
    return _after_scan(content, end) if mark == _SCAN else end


def _jpeg_stays(mark: int, body: bytes) -> bool:
    if mark == _COMMENT:
        return False
    if not 0xE0 <= mark <= 0xEF:
        return True
    known = {_JFIF: b"JFIF\0", _ICC: b"ICC_PROFILE\0", _ADOBE: b"Adobe"}.get(mark)
    return known is not None and body.startswith(known)


def _after_scan(content: bytes, at: int) -> int:
    """Return where the coded picture ends: at the next mark that is neither a stuffed byte nor a restart."""
    while True:
        at = content.index(b"\xff", at)
        following = content[at + 1]
        if following and following not in _ALONE and following != 0xFF:
            return at
        at += 1 if following == 0xFF else 2


def _png(content: bytes) -> bytes:
    kept = bytearray(_PNG)
    at = len(_PNG)
    while True:
        length, name = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + int(length)
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != struct.unpack(">I", content[end - 4 : end])[0]:
            raise ValueError(at)
        if name in _PNG_STAYS:
            kept += content[at:end]
        if name == b"IEND":
            return bytes(kept)
        at = end


def _webp(content: bytes) -> bytes:
    size = int(struct.unpack("<I", content[4:8])[0]) + 8
    if size > len(content):
        raise ValueError(size)
    kept = bytearray()
    at = 12
    while at < size:
        name, length = struct.unpack("<4sI", content[at : at + 8])
        end = at + 8 + int(length) + int(length) % 2
        if end > size:
            raise ValueError(end)
        chunk = bytearray(content[at:end])
        if name == b"VP8X":
            chunk[8] &= 0xFF - 0x0C  # says no more that EXIF and XMP follow
        if name not in {b"EXIF", b"XMP "}:
            kept += chunk
        at = end
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + bytes(kept)


_STRIP: Mapping[str, Callable[[bytes], bytes]] = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}
