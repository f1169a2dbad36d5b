"""What a teacher's second subject mends inside a school, and which lessons outside one's subject are nobody's subject.

A school's teachers who are more than its lessons in their first subject may teach the second one that the register names:
as much as possible of what is lacking, no more than the spare of the first subject and than the teachers who can.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.solve import Program, Solved, solve
from junheng.planning.teaching import STAGES, beside
from junheng.standards.rulebook import Rulebook

_KEY = ["school", "stage", "subject"]


def who_can(county: County) -> pl.DataFrame:
    """Return school, stage, subject, second, teachers: full-time teachers with a second subject, by both; empty where none is filled in."""
    listed = county.tables["teachers"].filter(
        pl.col("full_time").fill_null(value=True) & pl.col("subject").is_not_null() & pl.col("stage").is_in(list(STAGES))
    )
    able = listed.filter(pl.col("second_subject").is_not_null() & (pl.col("second_subject") != pl.col("subject")))
    counted = able.group_by(*_KEY, pl.col("second_subject").alias("second")).agg(pl.len().cast(pl.Int64).alias("teachers"))
    return counted.sort(*_KEY, "second")


def mended(county: County, rules: Rulebook) -> pl.DataFrame:
    """Return school, stage, subject (lacking), first (who helps), lacking, mended (teachers' worth of lessons) where anything is mended."""
    gaps = beside(county, rules)
    spare = gaps.filter(pl.col("gap") > 0).select(*_KEY, pl.col("gap").alias("spare"))
    short = gaps.filter(pl.col("gap") < 0).select("school", "stage", pl.col("subject").alias("second"), (-pl.col("gap")).alias("lacking"))
    ways = who_can(county).join(spare, on=_KEY).join(short, on=["school", "stage", "second"]).sort(*_KEY, "second")
    helped = ways.with_columns(pl.Series("mended", _most(ways), dtype=pl.Float64)).filter(pl.col("mended") > 1e-6)
    shown = helped.rename({"subject": "first", "second": "subject"}).select(*_KEY, "first", "lacking", "mended")
    return shown.sort(*_KEY, "first")


def _most(ways: pl.DataFrame) -> np.ndarray:
    """Return (n,) how much of each way is used so that as much as possible is mended."""
    if not ways.height:
        return np.zeros(0)
    program = Program(unit="teachers")
    helps = program.variables(Text("兼教", "teaches the second subject"), ways.height, upper=ways["teachers"].to_numpy())
    for sentence, column, most in (
        (Text("不超过富余", "no more than is spare"), "subject", "spare"),
        (Text("不超过缺额", "no more than is lacking"), "second", "lacking"),
    ):
        groups = ways.select("school", "stage", column).with_row_index("row")
        place = groups.select(pl.struct("school", "stage", column).rank("dense") - 1).to_series().to_numpy()
        limit = np.zeros(int(place.max()) + 1)
        limit[place] = ways[most].to_numpy()
        program.rule(sentence, helps.sum_by(place, len(limit)) <= limit)
    program.cost(Text("补上的缺额", "what is mended"), helps, unit="teachers", weight=-1.0)
    answer = solve(program)
    if not isinstance(answer, Solved):
        raise TypeError("a program without a lower bound always has a plan")
    return np.round(answer.of(helps), 6)


def outside(county: County) -> pl.DataFrame:
    """Return school, stage, teachers, lessons, outside, second, neither (a week): of teachers whose lessons are filled in.

    outside: lessons that are not of the first subject; second: those of them by teachers with a second subject, who may be teaching
    it; neither: the rest, taught by teachers with none.
    """
    told = county.tables["teachers"].filter(pl.col("lessons").is_not_null())
    extra = pl.col("lessons_outside").cast(pl.Float64)
    able = pl.col("second_subject").is_not_null() & pl.col("second_subject").ne_missing(pl.col("subject"))
    sums = told.group_by("school", "stage").agg(
        pl.len().cast(pl.Int64).alias("teachers"),
        pl.col("lessons").cast(pl.Float64).sum(),
        extra.sum().alias("outside"),
        extra.filter(able).sum().alias("second"),
    )
    return sums.with_columns((pl.col("outside") - pl.col("second")).alias("neither")).sort("school", "stage")
