"""Columns of a list that are not read, and the one that it may leave out: the stage of schools whose kind has only one."""

from __future__ import annotations

from collections.abc import Mapping, Set

import numpy as np
import polars as pl

from junheng.errors import Place, Text
from junheng.store.returns.column_cells import DIGITS_KEPT, VALUE, Converted
from junheng.store.returns.forms import Form, Target
from junheng.store.returns.grid import EMPTY, NUMBER, Grid
from junheng.store.returns.header import Header, Heading
from junheng.store.returns.report import Report
from junheng.store.returns.words import words

KIND = Target("schools", "kind")


def report_unused(form: Form, header: Header, grid: Grid, used: Set[int], report: Report) -> None:
    """Say each filled column that is not read, with its numbers that lost their last digits; personal data are not wanted at all."""
    for column, path in enumerate(header.paths):
        if not path or column in used or not bool((grid.kinds[header.data :, column] != EMPTY).any()):
            continue
        place = Place(file=grid.file, sheet=grid.sheet, cell=grid.address(header.first, column))
        destroyed = int(_destroyed(grid, header, column))
        found = Text("/".join(path), "/".join(path))
        if destroyed:
            zh, en = f"{found.zh}（{destroyed}个号码存成了数值，后几位已丢失）", f"{found.en} ({destroyed} numbers lost their last digits)"
            found = Text(zh, en)
        if not words().personal.isdisjoint(path):
            report.say("returns.personal_not_read", place, found)
        elif destroyed or not any(part in form.unused for part in path):
            report.say("returns.column_not_used", place, found)


def _destroyed(grid: Grid, header: Header, column: int) -> np.int64:
    """Return how many numbers of a column are longer than the digits that a spreadsheet keeps."""
    numbers = grid.kinds[header.data :, column] == NUMBER
    return np.int64((numbers & (np.abs(grid.values[header.data :, column]) >= DIGITS_KEPT)).sum())


def derived_stages(
    form: Form, keys: Mapping[str, Converted], values: Mapping[Target, Converted], kinds: Mapping[str, str]
) -> Converted | None:
    """Return each row's stage by the kind of its school, where that kind has exactly one; None when the list says stages itself.

    The kind is the row's own, else the one known from elsewhere. State 0: the kind is unknown or has several stages.
    """
    if "stage" in keys or "school" not in keys or not form.stage_by_kind:
        return None
    schools = keys["school"].series.to_list()
    own = values[KIND].series.to_list() if KIND in values else [None] * len(schools)
    stages = [form.stage_by_kind.get(kind or kinds.get(school or "", "")) for school, kind in zip(schools, own, strict=True)]
    states = np.array([VALUE if stage else 0 for stage in stages], dtype=np.uint8)
    return Converted(pl.Series("stage", stages, dtype=pl.String), states)


def needs_kinds(heading: Heading, form: Form) -> bool:
    """Return whether a sheet is a list with figures by stage that says neither the stage nor the kind, so that other files must."""
    if form.layout != "list" or not form.stage_by_kind:
        return False
    there = [field for field in form.fields if any(path[-1] in heading.keys for path in field.paths)]
    said = any(field.key == "stage" or KIND in field.to for field in there)
    by_stage = any("stage" in target.keys and "stage" not in field.constants for field in there for target in field.to)
    return by_stage and not said
