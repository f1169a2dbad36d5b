"""Whether the county still passes in the years after the one asked for, with the plan done and nothing more."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from junheng.errors import DataError, Text
from junheng.indicators import evaluate
from junheng.model.change import Change, apply
from junheng.planning.planners.path_to_inclusive.outlook import FURTHEST, foreseen
from junheng.planning.planners.path_to_inclusive.question import Question, counted
from junheng.standards.framework import Framework
from junheng.standards.rulebook import Rulebook

_LATER = {"year": pl.Int64, "item": pl.String, "value": pl.Float64, "limit": pl.Float64}
PASSES = "later.passes"
WORDS = {PASSES: Text("可算的条目都达标", "every item that has a number is met")}


def later(question: Question, rules: Rulebook, framework: Framework, changes: tuple[Change, ...]) -> pl.DataFrame:
    """Return the items that are missed in each later year of which something tells; a row without numbers where all are met."""
    today, asked = question.county.year, question.county.year + question.limits.years
    if not question.limits.years:
        return pl.DataFrame(schema=_LATER)
    done = apply(question.today, changes)
    counties = {}
    for year in range(asked + 1, today + FURTHEST + 1):
        try:
            counties[f"{year:06d}"] = replace(apply(done, foreseen(done, question.outlook, asked, year)), code=f"{year:06d}")
        except DataError:  # nothing tells of that year, nor of those after it
            break
    if not counties:
        return pl.DataFrame(schema=_LATER)
    items = evaluate(list(counties.values()), counted(framework), rules).items.filter(pl.col("verdict") == "missed")
    rows: list[tuple[int, str, float | None, float | None]] = []
    for code in counties:
        missed = items.filter(pl.col("county") == code).select("indicator", "value", "limit").rows()
        rows += [(int(code), item, value, float(limit)) for item, value, limit in missed] or [(int(code), PASSES, None, None)]
    return pl.DataFrame(rows, schema=_LATER, orient="row")
