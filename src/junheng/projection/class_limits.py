"""How many children one room may seat, by stage and year: the class limit of the standard on the statistics day of that year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl

from junheng.documents import package_files, parse_csv
from junheng.model.period import statistics_day
from junheng.standards import Rulebook, Standing


def class_limit(rulebook: Rulebook, stage: str, day: date | None = None) -> int | None:
    """Return the children whom one room of a stage seats on a day (the rulebook's own when none is given), in pupils/class.

    None where no standard names a limit for the stage, or none was in force yet: never a guess. Which parameter holds for which
    stage is a table (class_limits.csv); kindergartens are built for one class size, whatever the grade.
    """
    held = limit_standing(rulebook if day is None else replace(rulebook, day=day), stage)
    return int(held.value) if held else None


def limit_standing(rulebook: Rulebook, stage: str) -> Standing | None:
    """Return the class limit of a stage on the rulebook's day with its source, or None."""
    named = _parameters().get(stage)
    if named is None or named[0] not in rulebook.parameters:
        return None
    return rulebook.standings(named[0]).get(named[1])


def limits_single_classes(stage: str) -> bool:
    """Return whether the limit of a stage is also that of each of its classes; kindergartens have another for each grade."""
    named = _parameters().get(stage)
    return named is not None and named[2] == "yes"


def class_limits(rulebook: Rulebook, stages: Iterable[str], years: Iterable[int]) -> pl.DataFrame:
    """Return stage, year, limit (pupils/class, null where there is none) on the statistics day of each year."""
    stages = sorted(stages)
    rows = []
    for year in years:
        on_day = replace(rulebook, day=statistics_day(year))
        rows += [(stage, year, class_limit(on_day, stage)) for stage in stages]
    return pl.DataFrame(rows, schema={"stage": pl.String, "year": pl.Int64, "limit": pl.Int64}, orient="row")


@cache
def _parameters() -> dict[str, tuple[str, str, str]]:
    file = package_files("junheng.projection", "class_limits.csv")[0]
    rows = (row.values for row in parse_csv(file.text, file.name))
    return {row["stage"]: (row["parameter"], row["selector"], row["single_class"]) for row in rows}
