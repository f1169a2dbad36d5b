"""Heads and middle leaders: how old, since when, who leaves when and why, and who stands ready (梯次结构)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from junheng.model.county import County
from junheng.planning.teaching_titles import here_in, of_the_establishment
from junheng.standards.rulebook import Rulebook

TERM = "assumed.staffing.head_term"
TERMS = "exchange.heads.terms.maximum"
POSITIONS = ("head", "deputy_head", "middle_leader")
AGES = ((0, 39), (40, 49), (50, 99))  # young, middle-aged, old


def succession(county: County, rules: Rulebook, years: Sequence[int]) -> pl.DataFrame:
    """Return teacher, school, name, stage, position, age, since, retires, term_ends, leaves, reason, ready, elsewhere; a row a leader.

    years: the years ahead that are looked at, one after another. retires: the first of them without the teacher; term_ends: the first
    after the terms that a head may lead one school (heads alone); leaves: the earlier, reason retirement or term; null where it is
    none of them. ready: the codes of those on the reserve list for the position in the same school who are still here, joined by 、;
    elsewhere: how many in other schools of the stage.
    """
    register = of_the_establishment(county).with_columns((pl.lit(county.year) - pl.col("born").dt.year()).alias("age"))
    here = here_in(register, rules, years)
    gone = np.where(here.all(axis=1), np.nan, years[0] + np.argmin(here, axis=1))
    most = _most_years(rules)
    leaders = register.with_columns(pl.Series("retires", gone).fill_nan(None).cast(pl.Int64)).filter(pl.col("position").is_in(POSITIONS))
    ends = pl.when(pl.col("position") == "head").then(pl.col("position_since") + most).otherwise(None).cast(pl.Int64)
    ends = pl.when(ends <= years[-1]).then(pl.max_horizontal(ends, pl.lit(years[0]))).otherwise(None)
    told = leaders.with_columns(ends.alias("term_ends")).with_columns(pl.min_horizontal("retires", "term_ends").alias("leaves"))
    why = (
        pl.when(pl.col("leaves").is_null())
        .then(pl.lit(""))
        .when(pl.col("leaves") == pl.col("retires"))
        .then(pl.lit("retirement"))
        .otherwise(pl.lit("term"))
    )
    ready = _ready(register)
    rows = []
    for school, stage, position, leaves in told.select("school", "stage", "position", "leaves").iter_rows():
        own, all_of_stage = ready.get((school, position), ()), ready.get((stage, position), ())
        there = [k for k in own if leaves is None or here[k, leaves - years[0]]]
        rows.append(("、".join(register["teacher"][k] for k in there), len(all_of_stage) - len(own)))
    added = pl.DataFrame(rows, schema={"ready": pl.String, "elsewhere": pl.Int64}, orient="row")
    frame = told.with_columns(why.alias("reason"), pl.col("position_since").alias("since")).hstack(added)
    columns = ("teacher", "school", "name", "stage", "position", "age", "since", "retires", "term_ends", "leaves", "reason")
    order = pl.col("position").replace_strict({name: k for k, name in enumerate(POSITIONS)}, return_dtype=pl.Int64)
    return frame.select(*columns, "ready", "elsewhere").sort(order, "leaves", "school", "teacher", nulls_last=True)


def _most_years(rules: Rulebook) -> float | None:
    """Return how many years a head may lead one school; None where no shelf says it."""
    if not (TERM in rules.parameters and TERMS in rules.parameters):
        return None
    return float(rules.standing(TERM).value * rules.standing(TERMS).value)


def _ready(register: pl.DataFrame) -> Mapping[tuple[str, str], tuple[int, ...]]:
    """Return by school, and by stage, and position the places in the register of those on the reserve list."""
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for k, (school, stage, reserve) in enumerate(register.select("school", "stage", "reserve").iter_rows()):
        if reserve in POSITIONS:
            for where in (school, stage):
                found[where, reserve] = (*found.get((where, reserve), ()), k)
    return found


def age_groups(leaders: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """Return stage, position, all, young, middle, old, age_unknown, leaving (within the years), no_reserve (of them without one ready)."""
    bands = [pl.col("age").is_between(low, high).sum().cast(pl.Int64).alias(name) for (low, high), name in zip(AGES, _NAMES, strict=True)]
    leaving = pl.col("leaves").is_not_null() & (pl.col("leaves") <= years[-1])
    sums = leaders.group_by("stage", "position").agg(
        pl.len().cast(pl.Int64).alias("all"),
        *bands,
        pl.col("age").is_null().sum().cast(pl.Int64).alias("age_unknown"),
        leaving.sum().cast(pl.Int64).alias("leaving"),
        (leaving & (pl.col("ready") == "")).sum().cast(pl.Int64).alias("no_reserve"),
    )
    order = pl.col("position").replace_strict({name: k for k, name in enumerate(POSITIONS)}, return_dtype=pl.Int64)
    return sums.sort("stage", order)


_NAMES = ("young", "middle", "old")
