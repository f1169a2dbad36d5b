"""Figures that a file states against what was loaded: a school's own number of pupils, say, and the sum of its grades."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from junheng.errors import Place, Text
from junheng.model import County, schema
from junheng.store.returns.convert_text import number_text
from junheng.store.returns.forms import Target
from junheng.store.returns.record import Stated
from junheng.store.returns.report import Report

_SLACK = 0.005


def compare_stated(stated: Sequence[Stated], county: County, report: Report) -> None:
    """Report, once for each sheet and column, the figures that differ from the sum of the loaded column over the same key."""
    groups: dict[tuple[Target, tuple[str, ...], str, str, str], list[Stated]] = {}
    for item in stated:
        groups.setdefault((item.target, tuple(item.key), item.file, item.sheet, item.title), []).append(item)
    for (target, names, *_), items in groups.items():
        sums = _sums(county, target, names)
        different = [(item, sums[key]) for item in items if (key := tuple(item.key.values())) in sums and _differs(item, sums[key])]
        if different:
            _say(target, different, report)


def _differs(item: Stated, loaded: float | None) -> bool:
    return loaded is not None and abs(item.value - loaded) > _SLACK


def _sums(county: County, target: Target, names: Sequence[str]) -> dict[tuple[str, ...], float | None]:
    """Return the sum of a column for each key; None where a value of it is missing."""
    frame = county.tables[target.table]
    total = pl.col(target.column).cast(pl.Float64)
    summed = frame.group_by(names).agg(pl.when(total.has_nulls()).then(None).otherwise(total.sum()).alias("#sum"))
    return {tuple(str(row[name]) for name in names): row["#sum"] for row in summed.to_dicts()}


def _say(target: Target, different: Sequence[tuple[Stated, float | None]], report: Report) -> None:
    first, loaded = different[0]
    label, title = schema().tables[target.table].column(target.column).label, schema().tables[target.table].title
    name = "|".join(first.key.values())
    amount = number_text(loaded or 0.0)
    found = Text(f"{name}为{number_text(first.value)}，载入合计{amount}", f"{name}: {number_text(first.value)}, sum loaded {amount}")
    place = Place(file=first.file, sheet=first.sheet, cell=first.cell, column=first.title)
    report.say("returns.stated_differs", place, found, count=len(different), table=title, label=label)
