"""Who stays: teachers by age band today, and the month in which each reaches the retirement age, put off by the dated reform.

    leaves = born + age before                     when that month is before the reform
             born + age before + min(steps, most)  from then on, steps = (months since the reform) // span + 1

Ages are split evenly inside a band of the return, month by month; flexible earlier or later retirement, women with senior titles who
may stay as long as men, and teachers who leave for other reasons are not in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model import County, schema
from junheng.model.period import statistics_day
from junheng.projection.forecast import Floats
from junheng.standards import Rulebook

MEN, WOMEN = "men", "women_cadres"  # teachers hold posts of cadres
WOMEN_SHARE = "assumed.staffing.women_share"
BEFORE, AFTER, SPAN = "staffing.retirement.age.before", "staffing.retirement.age.after", "staffing.retirement.months_per_step"

_YOUNGEST = 22  # the band of 24 and under begins here: nobody in it retires within a forecast, so that it decides nothing
_BAND = re.compile(r"age_(\d+)_(\d+)|age_to_(\d+)|age_from_(\d+)")

Months = NDArray[np.int64]  # months counted from year 0: 12 x year + month - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The retirement age of one group, in months, and how the reform puts it off."""

    before: int
    after: int
    span: int
    since: date | None  # None: no reform known

    def leaving(self, born: Months) -> Months:
        """Return the month in which each one born in a month reaches the retirement age."""
        reached = born + self.before
        if self.since is None:
            return reached
        past = reached - month_of(self.since)
        put_off = np.where(past >= 0, np.minimum(past // self.span + 1, self.after - self.before), 0)
        return reached + put_off


def month_of(day: date) -> int:
    """Return the month of a day, counted from year 0."""
    return 12 * day.year + day.month - 1


def schedules(rulebook: Rulebook) -> Mapping[str, Schedule]:
    """Return the schedule of men and of women in cadres' posts, by the values known on the rulebook's day.

    Raises StandardsError where no retirement age was known by then.
    """
    found = {}
    for group in (MEN, WOMEN):
        before = int(rulebook.number(BEFORE, unit="years_old", group=group)) * 12
        after, span = rulebook.standings(AFTER).get(group), rulebook.standings(SPAN).get(group)
        reform = after is not None and span is not None
        found[group] = Schedule(
            before=before,
            after=int(after.value) * 12 if after else before,
            span=int(span.value) if span else 1,
            since=after.since if reform and after else None,
        )
    return found


def staying(ages: Mapping[str, float], share_of_women: float, year: int, years: Sequence[int], by: Mapping[str, Schedule]) -> Floats:
    """Return (len(years),) of the teachers counted on the statistics day of `year` how many have not retired by those of `years`.

    ages: teachers by column of staff_ages. Sexes stand in every month of age in the share given, but nobody is of a sex that would
    have retired by then already; who is past both ages leaves within the first year.
    """
    today = month_of(statistics_day(year))
    old, count = _months_of_age(ages, by[MEN].after)
    leaves = np.stack([by[MEN].leaving(today - old), by[WOMEN].leaving(today - old)])
    weight = np.array([[1 - share_of_women], [share_of_women]]) * (leaves >= today)
    of_sex = np.divide(weight, weight.sum(axis=0), out=np.zeros_like(weight), where=weight.sum(axis=0) > 0)
    then = np.array([month_of(statistics_day(ahead)) for ahead in years]).reshape(-1, 1, 1)
    here = np.where(then == today, 1.0, (of_sex * (leaves >= then)).sum(axis=1)[:, None, :])
    found: Floats = (here * count).sum(axis=(1, 2))
    return found


def _months_of_age(ages: Mapping[str, float], last: int) -> tuple[Months, Floats]:
    """Return months of age and the teachers of each: every band of the return spread evenly over its months."""
    old, count = [], []
    for column, number in ages.items():
        low, high = band(column, last)
        old.append(np.arange(low, high))
        count.append(np.full(high - low, number / (high - low)))
    return (np.concatenate(old), np.concatenate(count)) if old else (np.zeros(0, dtype=np.int64), np.zeros(0))


def band(column: str, last: int) -> tuple[int, int]:
    """Return the months of age [from, to) of a column of staff_ages; the open band at the top ends at `last`, a year at least."""
    found = _BAND.fullmatch(column)
    if found is None:
        raise ValueError(f"{column} is no age band")
    low, high, to, top = found.groups()
    if to:
        return _YOUNGEST * 12, (int(to) + 1) * 12
    if top:
        return int(top) * 12, max(last, int(top) * 12 + 12)
    return int(low) * 12, (int(high) + 1) * 12


def age_columns() -> tuple[str, ...]:
    """Return the columns of staff_ages that hold teachers, youngest first."""
    return tuple(name for name in schema().tables["staff_ages"].names if _BAND.fullmatch(name))


def ages_by_stage(county: County) -> tuple[dict[str, dict[str, float]], pl.DataFrame]:
    """Return teachers by stage and age column, and the schools and stages with teachers whose ages are not known.

    A stage in which any school's ages are not known is left out: a part of the teachers is not the whole.
    """
    columns = age_columns()
    told = county.tables["staff_ages"].with_columns(pl.all_horizontal(pl.col(columns).is_null()).alias("none")).filter(~pl.col("none"))
    teaching = county.tables["staff"].filter(pl.col("teachers").is_null() | (pl.col("teachers") > 0))
    silent = teaching.join(told, on=["school", "stage"], how="anti").select("school", "stage", "teachers")
    sums = told.join(silent.select("stage").unique(), on="stage", how="anti").group_by("stage").agg(pl.col(columns).sum())
    return {row.pop("stage"): {name: float(number) for name, number in row.items()} for row in sums.iter_rows(named=True)}, silent
