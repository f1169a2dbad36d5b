"""Text tables (CSV, tab-separated) as grids: which encoding and separator they have is proven, not assumed."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np

from junheng.errors import Text
from junheng.store.returns.grid import EMPTY, TEXT, Grid
from junheng.store.returns.limits import LIMITS, Limits
from junheng.store.returns.refusal import refused

_MARKED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NATIONAL = ("gb18030", "big5hkscs")
_SEPARATORS = "\t,;"


class Reading(NamedTuple):
    """One way to read a text file: its encoding, and the grid that it gives."""

    encoding: str
    grid: Grid


def read_text(path: Path, name: str = "", limits: Limits = LIMITS) -> list[Reading]:
    """Return every way in which a text file can be read; more than one only where the bytes alone do not tell GB 18030 from Big5.

    Raises StoreError, naming the cause and what to do, for a file that is too large, in no known encoding, or not a table.
    """
    name = name or path.name
    try:
        if path.stat().st_size > limits.text_file_bytes:
            found = f"{path.stat().st_size / 2**20:.1f} MiB"
            raise refused("returns.file_too_large", name, found, most=limits.text_file_bytes >> 20)
        raw = path.read_bytes()
    except OSError as error:
        raise refused("returns.file_unreadable", name, str(error.strerror or error)) from error
    return [Reading(encoding, _grid(text, name, limits)) for encoding, text in _decoded(raw, name)]


def _decoded(raw: bytes, name: str) -> list[tuple[str, str]]:
    for mark, encoding in _MARKED:
        if raw.startswith(mark):
            candidates: tuple[str, ...] = (encoding,)
            break
    else:
        candidates = ("utf-8",) if _fits(raw, "utf-8") else _NATIONAL
    found = [(encoding, raw.decode(encoding)) for encoding in candidates if _fits(raw, encoding)]
    if not found or any("\0" in text for _, text in found):
        raise refused("returns.encoding_unknown", name, Text("无法识别的编码", "an encoding that is none of those known"))
    return found


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _grid(text: str, name: str, limits: Limits) -> Grid:
    separator = _separator(text)
    texts: dict[str, int] = {"": 0}
    rows: list[list[int]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append([texts.setdefault(cell, len(texts)) for cell in row])
            cells += len(row)
            if cells > limits.cells:
                raise refused("returns.too_many_cells", name, f"> {limits.cells:,}", most=f"{limits.cells:,}")
    except csv.Error as error:
        number = len(rows) + 1
        if "field limit" in str(error):
            raise refused("returns.text_too_long", name, Text(f"第{number}行", f"row {number}"), most=f"{limits.text:,}") from error
        found = Text(f"第{number}行起引号不成对，或夹有多余的引号", f"from row {number} on, quotation marks without their pair")
        raise refused("returns.text_damaged", name, found) from error
    return _filled(rows, list(texts), name, limits)


def _filled(rows: list[list[int]], texts: list[str], name: str, limits: Limits) -> Grid:
    width = max(map(len, rows), default=0)
    if width * len(rows) > limits.box:
        raise refused("returns.box_too_large", name, f"{len(rows)} x {width}", most=f"{limits.box:,}")
    values = np.zeros((len(rows), width))
    for index, row in enumerate(rows):
        values[index, : len(row)] = row
    blank = [number for number, text in enumerate(texts) if not text.strip()]
    kinds = np.where(np.isin(values, blank), EMPTY, TEXT).astype(np.uint8)
    return Grid(file=name, sheet="", top=0, left=0, kinds=kinds, values=values, texts=texts)


def _separator(text: str) -> str:
    """Return the separator that stands most often in the first lines outside quotes."""
    head = "\n".join(text.splitlines()[:20])
    bare = "".join(head.split('"')[::2])
    return max(_SEPARATORS, key=bare.count) if any(map(bare.count, _SEPARATORS)) else ","
