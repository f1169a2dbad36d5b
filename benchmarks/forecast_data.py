"""The real rolls on which forecasts are measured, as Rolls and Entrants: New Zealand's regions and schools, a district in Wisconsin."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.projection.forecast import Entrants, Floats, Rolls

AGES = tuple(range(5, 16))  # of compulsory schooling; older ones leave at will
ENTRY_AGE = 5
SPELLED_OTHERWISE = {"Hawke's Bay": "Hawkes Bay", "Canterbury": "Chatham Is. County"}  # the label under which the source's enrolment has it
GRADES = ("K", "1", "2", "3", "4", "5")


class Task(NamedTuple):
    """One data set, what is asked of it, and where early origins (used to choose the method) end."""

    title: str
    rolls: Rolls
    entrants_at: Callable[[int], Entrants | None]
    births_at: Callable[[int], Entrants | None]  # what the baselines get: births alone
    origins: range  # year indices
    cut: int  # the first late origin
    horizons: tuple[int, ...]
    grades: Callable[[int], slice]  # at a horizon, the grades that are asked about
    whole: bool  # the district's grades rather than each school's


def tasks(data: Path) -> list[Task]:
    """Return the five tasks of the data folder (with nz_rolls and ecasd_wi below it)."""
    regions, children, births = new_zealand(data / "nz_rolls")
    district, born = eau_claire(data / "ecasd_wi")
    schools = new_zealand_schools(data / "nz_rolls")
    ages, years = (1, 3, 5), (1, 2, 3, 5)
    return [
        Task("NZ region x age, in school already", alone(regions), nobody, nobody, range(3, 20), 12, ages, older, False),
        Task("NZ region, age 5 from births", regions, children, births, range(9, 20), 12, ages, youngest, False),
        Task("ECASD district x grade", district, born, born, range(7, 26), 16, years, every, True),
        Task("ECASD school x grade", district, born, born, range(7, 26), 16, years, every, False),
        Task("NZ school totals", schools, nobody, nobody, range(3, 17), 9, ages, every, False),
    ]


def older(horizon: int) -> slice:
    """Return the ages that pupils already in school reach."""
    return slice(horizon, None)


def youngest(_horizon: int) -> slice:
    """Return the age of entry."""
    return slice(0, 1)


def every(_horizon: int) -> slice:
    """Return all grades."""
    return slice(None)


def nobody(origin: int) -> None:
    """Return no children: none were counted."""


def alone(rolls: Rolls) -> Rolls:
    """Return the rolls with one zone."""
    zone = np.zeros(len(rolls.schools), np.intp)
    return Rolls(years=rolls.years, schools=rolls.schools, grades=rolls.grades, pupils=rolls.pupils, zones=("all",), zone=zone)


def new_zealand(folder: Path) -> tuple[Rolls, Callable[[int], Entrants], Callable[[int], Entrants]]:
    """Return pupils by region and age 5 to 15, 1996 to 2016; children of five as far as was known at an origin; and from births alone.

    Who is five on 1 July was born in the two calendar years before the last four: half of each. Births are multiplied by what was
    left or had come of those under five: the population under five over the births of five years, as known at the origin.
    """
    frame = pl.read_csv(folder / "enrolment_age_sex_region_1996_2016.csv", infer_schema_length=0)
    frame = frame.with_columns(pl.col("pupils").cast(pl.Float64)).group_by("region", "year", "age").agg(pl.col("pupils").sum())
    regions = tuple(sorted(frame["region"].unique()))
    pupils = np.full((21, len(regions), len(AGES)), np.nan)
    for region, year, age, count in frame.iter_rows():
        if age.isdigit() and int(age) in AGES:
            pupils[int(year) - 1996, regions.index(region), int(age) - AGES[0]] = count
    rolls = Rolls(
        years=tuple(range(1996, 2017)),
        schools=regions,
        grades=tuple(("school", str(age)) for age in AGES),
        pupils=pupils,
        zones=regions,
        zone=np.arange(len(regions)),
    )
    births = _by_region(folder / "births_region_1997_2016.csv", "births", regions, 1997, 20)
    young = _by_region(folder / "population_region_ages_under50_1996_2016.csv", "pop", regions, 1996, 21, "0-4")
    stayed = {t: young[t] / births[t - 5 : t].sum(axis=0) for t in range(5, 21)}

    def children(origin: int, *, moved: bool) -> Entrants:
        known = np.full((origin + 11, len(regions)), np.nan)
        for t in range(7, min(origin + 11, 25)):
            left = stayed.get(min(max(t - 2, 5), origin), 1.0) if moved else 1.0
            known[t] = births[t - 7 : t - 5].mean(axis=0) * left
        return Entrants(zones=regions, known=known[: origin + 1], ahead=known[None, origin + 1 :].astype(np.float32))

    return rolls, partial(children, moved=True), partial(children, moved=False)


def _by_region(file: Path, column: str, regions: tuple[str, ...], first: int, years: int, age: str = "") -> Floats:
    frame = pl.read_csv(file, infer_schema_length=0).with_columns(pl.col(column).cast(pl.Float64))
    frame = (frame.filter(pl.col("age") == age) if age else frame).group_by("region", "year").agg(pl.col(column).sum())
    values = np.full((years, len(regions)), np.nan)
    for region, year, count in frame.iter_rows():
        name = SPELLED_OTHERWISE.get(region, region)
        if name in regions:
            values[int(year) - first, regions.index(name)] = count
    return values


def new_zealand_schools(folder: Path) -> Rolls:
    """Return the roll of every school 2000 to 2017 (2002 is missing in the source), zones being territorial authorities."""
    rolls = pl.read_parquet(folder / "school_rolls_2000_2017.parquet")
    details = pl.read_csv(folder / "school_details.csv").sort("To").group_by("School ID").last()
    area = dict(details.select("School ID", "TA with Auckland Local Board").iter_rows())
    schools = sorted(rolls["school_id"].unique())
    at = {school: index for index, school in enumerate(schools)}
    pupils = np.zeros((18, len(schools), 1))
    pupils[2] = np.nan
    for school, year, count in rolls.select("school_id", "year", "total").iter_rows():
        pupils[year - 2000, at[school], 0] = count
    zones = tuple(sorted({area.get(school) or "unknown" for school in schools}))
    return Rolls(
        years=tuple(range(2000, 2018)),
        schools=tuple(map(str, schools)),
        grades=(("all", "all"),),
        pupils=pupils,
        zones=zones,
        zone=np.array([zones.index(area.get(school) or "unknown") for school in schools], np.intp),
    )


def eau_claire(folder: Path) -> tuple[Rolls, Callable[[int], Entrants]]:
    """Return pupils by school and grade 1998 to 2024, and the births five years earlier; where these end the last ones go on."""
    frame = pl.read_csv(folder / "enrolment_by_school_grade.csv")
    schools = tuple(sorted(frame["school"].unique()))
    pupils = np.zeros((27, len(schools), len(GRADES)))
    for year, school, grade, count in frame.iter_rows():
        pupils[year - 1998, schools.index(school), GRADES.index(grade)] = count
    zone = np.zeros(len(schools), np.intp)
    rolls = Rolls(
        years=tuple(range(1998, 2025)),
        schools=schools,
        grades=tuple(("primary", grade) for grade in GRADES),
        pupils=pupils,
        zones=("district",),
        zone=zone,
    )
    births = dict(pl.read_csv(folder / "births.csv").iter_rows())

    def at(origin: int) -> Entrants:
        last = min(1998 + origin, max(births))
        known = np.array([[births.get(min(1993 + t, last), np.nan)] for t in range(origin + 11)], float)
        return Entrants(zones=("district",), known=known[: origin + 1], ahead=known[None, origin + 1 :].astype(np.float32))

    return rolls, at
