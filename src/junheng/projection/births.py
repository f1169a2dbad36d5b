"""Births: those counted, by zone and calendar year; and those expected, by a path or by women and their rates.

A school year's newborn are those of September to December of one calendar year and of January to August of the next: without months,
a third of the one and two thirds of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.projection.assumptions import Assumptions
from junheng.projection.forecast import Floats

AUTUMN = 4 / 12  # of a calendar year's births fall after 31 August
_SPRING_MONTHS, _AUTUMN_MONTHS, _YEAR = 8, 4, 12  # January to August, September to December
_BASE_YEARS = 3  # the last known years from which the level of a zone is taken
_CHILDREN = 15  # the path is shared between zones by their children below this age, then corrected by their own births
_OLDEST_MOTHER = 50
_SURE = 1e6  # a gamma distribution of this shape is a point, as far as children can be counted
_FEMALE = 1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Births:
    """Births counted by calendar year and zone, of whole years; nan is not known."""

    years: tuple[int, ...]  # (Y,) consecutive
    zones: tuple[str, ...]  # (Z,)
    births: Floats  # (Y, Z); a year of which only some months were counted is stretched to a whole one
    months: tuple[int, ...] = ()  # (Y,) that were counted; empty: all twelve of every year

    def counted(self, years: Sequence[int]) -> Floats:
        """Return the share that was counted, not stretched, of January to August and of September to December: (len(years), Z, 2).

        The months of the newest year are taken as its first ones, of an older year as its last: there the series began.
        """
        share = np.zeros((len(years), len(self.zones), 2))
        for row, year in enumerate(years):
            if year not in self.years:
                continue
            place = self.years.index(year)
            months = self.months[place] if self.months else _YEAR
            spring = min(months, _SPRING_MONTHS) if year == self.years[-1] else max(months - _AUTUMN_MONTHS, 0)
            share[row] = np.array([spring / _SPRING_MONTHS, (months - spring) / _AUTUMN_MONTHS])
            share[row][np.isnan(self.births[place])] = 0.0
        return share

    def at(self, years: Sequence[int]) -> Floats:
        """Return the births of other calendar years, (len(years), Z); nan outside the known ones."""
        out = np.full((len(years), len(self.zones)), np.nan)
        for row, year in enumerate(years):
            if year in self.years:
                out[row] = self.births[self.years.index(year)]
        return out

    def cohort(self, september: int) -> Floats:
        """Return those born from September of that year to August of the next, (Z,); nan where either calendar year is not known."""
        first, second = self.at((september, september + 1))
        return np.asarray(AUTUMN * first + (1.0 - AUTUMN) * second)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class BirthForecast:
    """Births by calendar year from the start of a projection on, as one expects them and how sure that is."""

    calendar_years: tuple[int, ...]  # (H + 1,) the start's own year first
    expected: Floats  # (H + 1, Z); counted where they are
    counted: Floats  # (H + 1, Z, 2) the share that was counted of January to August and of September to December
    shape: Floats  # (Z,) of the gamma distribution of a zone's own level around 1
    findings: tuple[Finding, ...]


def school_year_births(calendar: Floats) -> Floats:
    """Return births of school years from those of calendar years along the first axis: (H + 1, ...) to (H, ...)."""
    return np.asarray(AUTUMN * calendar[:-1] + (1.0 - AUTUMN) * calendar[1:])


def expected_births(
    year: int, ahead: Sequence[int], persons: Floats, survive: Floats, births: Births | None, assumptions: Assumptions
) -> BirthForecast:
    """Return births of calendar years from `year` to the last one ahead.

    persons: (Z, A, 2) on 1 September of `year`. Counted births stand as they are. Beyond them, births follow a course: women by age ×
    the scenario's rates where it has rates and the women are known, else the scenario's path shared by the children of each zone.
    On that course a zone keeps the level of its last three counted years (of the ages 0 to 2 where no births were counted), drawn
    towards the level of the whole area by as much as small numbers deserve.
    """
    calendar = (year, *ahead)
    known = births.at(calendar) if births is not None else np.full((len(calendar), len(persons)), np.nan)
    findings: list[Finding] = []
    course = _Course(year, persons, survive, assumptions, findings)
    born, beside = _base(year, course, persons, survive, births, findings)
    ratio, shape = pooled_ratios(born, beside)
    level = np.nansum(born) / np.nansum(np.where(np.isnan(born), np.nan, beside)) if np.nansum(born) > 0 else np.nan
    return BirthForecast(
        calendar_years=calendar,
        expected=np.where(np.isnan(known), course.at(calendar) * level * ratio, known),
        counted=births.counted(calendar) if births is not None else np.zeros((*known.shape, 2)),
        shape=shape,
        findings=tuple(findings),
    )


class _Course:
    """How births go from year to year in each zone, up to its level: by women and rates, or by a path and the children of the zone."""

    def __init__(self, year: int, persons: Floats, survive: Floats, assumptions: Assumptions, findings: list[Finding]) -> None:
        self.year = year
        self.assumptions = assumptions
        self.women = self._women(persons, survive, findings)
        children = persons[:, : min(_CHILDREN, persons.shape[1])]
        known = ~np.isnan(children).all(axis=(1, 2))
        self.weight = np.where(known, np.nansum(children, axis=(1, 2)), np.nan)

    def _women(self, persons: Floats, survive: Floats, findings: list[Finding]) -> Floats | None:
        """Return the women (Z, A), or None where the scenario has no rates or the women are not known, which is then told."""
        if not self.assumptions.has("fertility"):
            return None
        women = persons[:, :, _FEMALE]
        if women.shape[1] < _OLDEST_MOTHER or np.isnan(women).any():
            found = Text("没有分年龄的妇女人数", "no women by age")
            findings.append(finding("projection.women_not_known", Place(table="population"), found))
            return None
        self.alive = np.cumprod(survive[:, _FEMALE])
        return women

    def at(self, years: Sequence[int]) -> Floats:
        """Return the course of calendar years, (len(years), Z); only its form counts."""
        if self.women is None:
            return self.assumptions.births_path(years)[:, None] * self.weight[None, :]
        return np.stack([self._by_women(self.women, year) for year in years])

    def _by_women(self, women: Floats, year: int) -> Floats:
        """Return women of each age in that year × the rates; those of the start grown older or younger, deaths apart they stay."""
        ages = np.arange(15, _OLDEST_MOTHER)
        at_start = ages - (year - self.year)
        there = (at_start >= 0) & (at_start < women.shape[1])
        place = np.clip(at_start, 0, women.shape[1] - 1)
        alive = women[:, place] * (self.alive[ages] / self.alive[place]) * there
        rates = np.nan_to_num(self.assumptions.curve("fertility", list(ages))) / 1000.0
        level = float(self.assumptions.curve("fertility_level", [year])[0])
        return np.asarray(alive @ rates * (1.0 if np.isnan(level) else level))


def _base(
    year: int, course: _Course, persons: Floats, survive: Floats, births: Births | None, findings: list[Finding]
) -> tuple[Floats, Floats]:
    """Return the births of the base years by zone (Z,) and the course of the same years (Z,)."""
    if births is not None:
        rows = [row for row in range(len(births.years)) if np.isfinite(births.births[row]).any()][-_BASE_YEARS:]
        if rows:
            born = births.births[rows].sum(axis=0)
            course.weight = np.where(np.isnan(course.weight) | (course.weight <= 0), born, course.weight)
            return born, course.at([births.years[row] for row in rows]).sum(axis=0)
    found = Text("没有可用的出生数", "no births to go on from")
    findings.append(finding("projection.births_not_counted", Place(table="births"), found))
    ages = range(min(_BASE_YEARS, persons.shape[1]))
    alive = np.cumprod(survive.mean(axis=1))
    born = sum((persons[:, age].sum(axis=1) / alive[age] for age in ages), start=np.zeros(len(persons)))
    beside = sum((_school_year(course, year - 1 - age) for age in ages), start=np.zeros(len(persons)))
    return born, beside


def _school_year(course: _Course, september: int) -> Floats:
    return np.asarray(school_year_births(course.at((september, september + 1)))[0])


def pooled_ratios(counted: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """Return the ratio counted ÷ expected of each zone, drawn towards the mean of all, and the gamma shape of what is left unsure.

    counted, expected: (Z,) births; `expected` need only be proportional. A zone not counted (nan) gets the mean. The ratios are
    relative to the mean of all (1), weighted so that all together they give back the births counted.
    Source: empirical Bayes of Clayton and Kaldor (1987), moments of Marshall (1991), Applied Statistics 40: 283-294.
    """
    known = ~np.isnan(counted) & (expected > 0)
    if not known.any() or np.nansum(counted[known]) <= 0:
        return np.where(np.isnan(expected), np.nan, 1.0), np.full(counted.shape, _SURE)
    scaled = np.where(known, expected, 0.0) * (counted[known].sum() / expected[known].sum())
    raw = np.where(known, counted, 0.0) / np.where(known, np.maximum(scaled, 1e-12), 1.0)
    spread = (scaled * (raw - 1.0) ** 2).sum() / scaled.sum() - 1.0 / scaled[known].mean()
    if spread <= 0.0:
        prior = _SURE
        ratio = np.ones(counted.shape)
    else:
        prior = 1.0 / spread
        ratio = np.where(known, (np.where(known, counted, 0.0) + prior) / (scaled + prior), 1.0)
        ratio = np.where(known, ratio * counted[known].sum() / (ratio * scaled)[known].sum(), 1.0)
    return ratio, np.where(known, counted, 0.0) + prior
