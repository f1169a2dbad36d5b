"""Whose return a workbook is: the school's code and name stand in the sheet, in another sheet of the file, or in the file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from junheng.documents.chinese_text import fold
from junheng.errors import Place
from junheng.store.returns import scalars
from junheng.store.returns.forms import Target
from junheng.store.returns.grid import NUMBER, Grid
from junheng.store.returns.header import Heading
from junheng.store.returns.lookup import Lookup
from junheng.store.returns.report import Report
from junheng.store.returns.scalars import plain_text
from junheng.store.returns.words import label

_CODE_LABELS = ("学校(机构)标识码", "学校标识码", "机构标识码", "标识码", "学校代码", "学校(机构)代码")
_NAME_LABELS = ("学校(机构)名称", "学校名称", "机构名称", "幼儿园名称", "填报单位", "填报学校", "学校")
_KIND_LABELS = ("学校(机构)办学类型", "办学类型", "学校类别", "学校办学类型")
_INLINE = re.compile(r"([^:：]{2,12})[:：]\s*(\S.*)")
_GAP = re.compile(r"\s{2,}|\t")
_ROWS = 40  # an identity line further down than this is not looked for
_NAMES = Target("schools", "name")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a sheet or file says about the school it belongs to; "" where it says nothing."""

    code: str = ""
    name: str = ""
    kind: str = ""


def stated_identity(heading: Heading) -> Identity:
    """Return what a sheet itself says about its school."""
    code = _beside(heading, _CODE_LABELS)
    name, kind = _beside(heading, _NAME_LABELS), _beside(heading, _KIND_LABELS)
    valid = scalars.code(code[0], (), False, False).code if code else None
    return Identity(
        code=valid or "",
        name=plain_text(name[0]) if name else "",
        kind=kind[0] if kind else "",
    )


def _beside(heading: Heading, names: Sequence[str]) -> tuple[str, str] | None:
    """Return the text beside or after one of these labels, with its address."""
    grid = heading.grid
    keys = {label(name).key for name in names}
    for row in range(min(heading.height, _ROWS)):
        for column in range(min(grid.width, 12)):
            text = grid.text(row, column)
            if not text:
                continue
            if heading.labels[row][column].key in keys:
                found = _right(grid, row, column)
                if found:
                    return found
            for piece in _GAP.split(plain_text(text)) if ":" in text or "：" in text else ():  # "学校名称：…    学校标识码：…" in one cell
                inline = _INLINE.fullmatch(piece)
                if inline and label(inline[1]).key in keys:
                    return inline[2].strip(), grid.address(row, column)
    return None


def _right(grid: Grid, row: int, column: int) -> tuple[str, str] | None:
    for other in range(column + 1, min(grid.width, column + 6)):
        text = grid.text(row, other)
        code_column = grid.kinds[row, other] != NUMBER and re.fullmatch(r"\d{1,2}", text)  # the form's own line number
        if text and not code_column and text != grid.text(row, column):
            return text, grid.address(row, other)
    return None


def identity_of_file(sheets: Sequence[Identity], file: str, lookup: Lookup, report: Report) -> Identity:
    """Return whose file it is; a code wins over a name, a name over the file's name. Two codes in one file are a finding."""
    codes = dict.fromkeys(sheet.code for sheet in sheets if sheet.code)
    names = dict.fromkeys(sheet.name for sheet in sheets if sheet.name)
    kind = next((sheet.kind for sheet in sheets if sheet.kind), "")
    if len(codes) > 1:
        report.say("returns.several_schools", Place(file=file), "、".join(codes))
        return Identity()
    name = next(iter(names), "")
    if codes:
        return Identity(next(iter(codes)), name, kind)
    known = lookup.codes(_NAMES)
    for candidate in (*names, re.split(r"[_\-（(]", PurePath(file).stem)[0]):
        found = known.get(fold(candidate), set())
        if len(found) == 1:
            return Identity(next(iter(found)), candidate, kind)
    return Identity("", name, kind)


def own_or(sheet: Identity, of_file: Identity) -> Identity:
    """Return a sheet's own identity, completed by its file's when the two do not contradict each other."""
    if sheet.code and sheet.code != of_file.code:
        return sheet
    return replace(of_file, kind=of_file.kind or sheet.kind)
