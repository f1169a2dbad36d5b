"""Who may be exchanged, and why another may not: years in one school, what stands against it, the years left before retirement."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.model.county import County
from junheng.model.period import statistics_day
from junheng.planning.teaching import STAGES, sites
from junheng.projection.retirement import MEN, WOMEN, month_of, schedules
from junheng.standards.rulebook import Rulebook

YEARS = "practice.exchange.years_in_one_school"
BEFORE = "practice.exchange.exempt_before_retirement"

REASONS = {
    "private": Text("民办学校教师不在交流范围", "a private school's teacher is not exchanged"),
    "part_time": Text("不是专任教师", "not a full-time teacher"),
    "no_post": Text("不在编", "holds no established post"),
    "no_subject": Text("任教学科未登记", "no subject is registered"),
    "no_home": Text("居住地或学校位置不明，无法核路程", "home or school has no known place, so ways cannot be told"),
    "away": Text("正在交流期内，期满前不再调动", "is away on exchange until the right to return begins"),
    "arrived": Text("已安排下学年到新学校", "goes to another school next year already"),
    "pregnancy": Text("孕期产期哺乳期", "pregnancy, maternity or nursing"),
    "illness": Text("患病", "illness"),
    "key_project": Text("承担重点项目", "a key project"),
    "other": Text("其他规定情形", "another case of the rules"),
    "no_birth": Text("出生年月或性别未登记，无法核退休年限", "born or sex not registered, so retirement cannot be told"),
    "no_since": Text("到校学年未登记，无法核任教年限", "the year at the school is not registered"),
    "no_classes": Text("学校班级数未报，无法核学科需求", "the school's classes are not returned, so its need is not known"),
    "years": Text("在本校未满规定年限", "not long enough at the school yet"),
    "retiring": Text("距退休不足规定年限", "too near to retirement"),
}


def retirement_months(rules: Rulebook, born: pl.Series, sex: pl.Series) -> NDArray[np.float64]:
    """Return the month (counted from year 0) in which each teacher reaches the retirement age: (n,); nan where it is not known."""
    by = schedules(rules)
    months = (born.dt.year() * 12 + born.dt.month() - 1).to_numpy().astype(np.float64)
    known = np.isfinite(months)
    whole = np.where(known, months, 0).astype(np.int64)
    man = (sex == "male").fill_null(value=False).to_numpy()
    told = sex.is_not_null().to_numpy()
    leaves = np.where(man, by[MEN].leaving(whole), by[WOMEN].leaving(whole)).astype(np.float64)
    return np.where(known & told, leaves, np.nan)


def people(county: County, rules: Rulebook) -> pl.DataFrame:
    """Return the teachers of the two stages in the order of their codes, with why each may not be exchanged: `bar` ("" for who may).

    Added columns: main, private, urban_rural, lon, lat (of the school), years (at the school by next year), age, months (to retirement,
    null where not known), is_backbone, bar.
    """
    register = county.tables["teachers"].filter(pl.col("stage").is_in(list(STAGES))).sort("teacher")
    joined = register.join(sites(county), on="school", how="left", maintain_order="left")
    leaves = retirement_months(rules, joined["born"], joined["sex"])
    left = leaves - month_of(statistics_day(county.year + 1))
    told = joined.with_columns(
        pl.Series("months", left, dtype=pl.Float64).fill_nan(None),
        (pl.lit(county.year + 1) - pl.col("since")).alias("years"),
        (pl.lit(county.year) - pl.col("born").dt.year()).alias("age"),
        (pl.col("backbone").fill_null("none") != "none").alias("is_backbone"),
    )
    least, near = (float(rules.standing(name).value) for name in (YEARS, BEFORE))
    return told.with_columns(_bar(county.year, least, near).alias("bar"))


def _bar(year: int, least: float, near: float) -> pl.Expr:
    """Return the first reason that stands against an exchange, in the order in which it is told."""
    exempt = pl.col("exemption").fill_null("none")
    return (
        pl.when(pl.col("private"))
        .then(pl.lit("private"))
        .when(pl.col("full_time").eq(other=False))
        .then(pl.lit("part_time"))
        .when(pl.col("established").eq(other=False))
        .then(pl.lit("no_post"))
        .when(pl.col("subject").is_null())
        .then(pl.lit("no_subject"))
        .when(pl.col("since") > year)
        .then(pl.lit("arrived"))
        .when(pl.col("origin").is_not_null())
        .then(pl.lit("away"))
        .when(exempt != "none")
        .then(exempt)
        .when(pl.col("months").is_null())
        .then(pl.lit("no_birth"))
        .when(pl.col("since").is_null())
        .then(pl.lit("no_since"))
        .when(pl.col("months") < near * 12)
        .then(pl.lit("retiring"))
        .when(pl.col("years") < least)
        .then(pl.lit("years"))
        .otherwise(pl.lit(""))
    )
