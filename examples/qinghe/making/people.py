"""Who lives in Qinghe: a real county's age groups, twice as many people, split into single years and villages.

Source of the age structure: 7th national census 2020, county 620725, in five-year groups by sex (source/census2020_620725.csv).
"""

import csv
import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from making.draw import between, draw, spread, whole

TIMES = 2  # the fictitious county has twice the people of the real one, with its shape
CENSUS_YEAR = 2020
OLDEST = 90  # 90 means 90 and over
BIRTHS_AGAINST_2020 = {2021: 0.95, 2022: 0.90, 2023: 0.85, 2024: 0.89, 2025: 0.84}
SEXES = ("male", "female")
_CHINESE = {"male": "男", "female": "女"}

Ages = dict[str, list[float]]  # sex -> persons at each single age


class Village(NamedTuple):
    """What decides how many people of which age live in a village."""

    code: str
    name: str
    district: str
    weight: float  # share of the county's people
    young: float  # children against the county's mean
    old: float  # people from 60 against the county's mean


def census(file: Path) -> Ages:
    """Return persons by single age and sex in 2020, smooth within the groups and exact for each group, times TIMES."""
    row = next(csv.DictReader(file.open(encoding="utf-8")))
    starts = [0, 1, *range(5, 90, 5)]
    result = {}
    for sex in SEXES:
        mark = _CHINESE[sex]
        names = [f"{mark}_0岁", f"{mark}_1到4岁", *(f"{mark}_{a}到{a + 4}岁" for a in range(5, 85, 5)), f"{mark}_85岁以上"]
        sums = [0.0]
        for name in names:
            sums.append(sums[-1] + TIMES * int(row[name]))
        curve = _smooth([*map(float, starts), 97.0], sums)
        single = [curve(age + 1) - curve(age) for age in range(OLDEST)]
        result[sex] = [*single, sums[-1] - curve(OLDEST)]
    return result


def _smooth(x: list[float], y: list[float]) -> Callable[[float], float]:
    """Return the monotone cubic through rising points (Fritsch and Carlson): no single age can come out negative."""
    steps = [(b - a) / (q - p) for a, b, p, q in zip(y, y[1:], x, x[1:], strict=False)]
    slope = [steps[0], *((a + b) / 2 for a, b in pairwise(steps)), steps[-1]]
    for i, step in enumerate(steps):
        size = math.hypot(slope[i] / step, slope[i + 1] / step)
        if size > 3:
            slope[i], slope[i + 1] = 3 * slope[i] / size, 3 * slope[i + 1] / size

    def at(value: float) -> float:
        i = max(k for k in range(len(steps)) if x[k] <= value)
        width = x[i + 1] - x[i]
        t = (value - x[i]) / width
        return (
            y[i] * (1 + 2 * t) * (1 - t) ** 2
            + width * slope[i] * t * (1 - t) ** 2
            + y[i + 1] * t * t * (3 - 2 * t)
            + width * slope[i + 1] * t * t * (t - 1)
        )

    return at


def aged(start: Ages, year: int) -> Ages:
    """Return persons by age and sex on 1 September of a later year.

    Children are the census's own children, grown up; from 18 to 30 the census's shape at that age holds instead (students and
    workers leave, as they did before); older people are the census's, some of them dead.
    """
    later = year - CENSUS_YEAR
    newborn = sum(start[sex][0] for sex in SEXES)
    result = {}
    for sex in SEXES:
        line = []
        for age in range(OLDEST + 1):
            born = year - age
            boys = 0.517 if sex == "male" else 0.483
            grown = _survivors(start[sex], age, later) if age >= later else newborn * BIRTHS_AGAINST_2020[born] * boys
            own = _weight_of_cohort(age)
            line.append(own * grown + (1 - own) * start[sex][age])
        result[sex] = line
    return result


def _weight_of_cohort(age: int) -> float:
    if age <= 17:
        return 1.0
    return max(0.0, 1 - (age - 17) / 2) if age < 24 else min(1.0, (age - 24) / 6)


def _survivors(line: list[float], age: int, years: int) -> float:
    if age == OLDEST:
        return sum(_survivors_of(line, OLDEST - k, years) for k in range(years + 1))
    return _survivors_of(line, age - years, years)


def _survivors_of(line: list[float], age: int, years: int) -> float:
    alive = line[age]
    for step in range(years):
        alive *= 1 - min(0.35, 0.0002 + 0.00003 * math.exp(0.093 * (age + step)))
    return alive


def by_village(ages: Ages, villages: list[Village]) -> list[dict[str, object]]:
    """Return rows of village, age, sex and whole persons; each age and sex adds up to the county's."""
    rows: list[dict[str, object]] = []
    for age in range(OLDEST + 1):
        weights = [village.weight * _lean(village, age) for village in villages]
        for sex in SEXES:
            parts = spread(whole(ages[sex][age]), weights, "people", age, sex)
            rows += [
                {"village": village.code, "age": age, "sex": sex, "persons": part} for village, part in zip(villages, parts, strict=True)
            ]
    return sorted(rows, key=lambda row: (row["village"], row["age"], row["sex"] != "male"))


def _lean(village: Village, age: int) -> float:
    """Return how much likelier than others a person of this age lives in the village; it changes slowly with age."""
    old = min(1.0, max(0.0, (age - 35) / 30))
    young = min(1.0, max(0.0, (30 - age) / 12))
    return 1 + young * (village.young - 1) + old * (village.old - 1)


def births(rows: list[dict[str, object]], villages: list[Village], year: int, since: int = 2015) -> list[dict[str, object]]:
    """Return births and deaths by village and calendar year, `since` to the statistics year (its first eight months).

    Children of one age on 1 September were born from September to August: a third of them in the earlier calendar year.
    """
    children: dict[tuple[object, int], int] = {}
    persons: dict[object, int] = {}
    for row in rows:
        age, village = int(str(row["age"])), row["village"]
        children[village, age] = children.get((village, age), 0) + int(str(row["persons"]))
        persons[village] = persons.get(village, 0) + int(str(row["persons"]))
    result = []
    for village in villages:
        for calendar in range(since, year + 1):
            age = year - calendar
            first = children[village.code, age] * 2 / 3
            rest = children[village.code, age - 1] / 3 if age else 0.0
            months = 12 if age else 8
            dying = persons[village.code] * (0.0060 + 0.0055 * (village.old - 0.7)) * months / 12
            result.append(
                {
                    "village": village.code,
                    "calendar_year": calendar,
                    "births": whole(1.004 * (first + rest)),
                    "deaths": whole(dying * between(0.8, 1.2, "deaths", village.code, calendar)),
                    "months": months,
                }
            )
    return result


def county_population(rows: list[dict[str, object]], county: str) -> list[dict[str, object]]:
    """Return the county's persons by basis, age and sex: residents are the sum of the villages, the registered more by those away."""
    total: dict[tuple[int, str], int] = {}
    for row in rows:
        key = int(str(row["age"])), str(row["sex"])
        total[key] = total.get(key, 0) + int(str(row["persons"]))
    result = []
    for basis in ("resident", "registered"):
        for (age, sex), persons in sorted(total.items(), key=lambda item: (item[0][0], item[0][1] != "male")):
            away = 1.0 if basis == "resident" else _registered(age)
            result.append({"county": county, "basis": basis, "age": age, "sex": sex, "persons": whole(persons * away)})
    return result


def _registered(age: int) -> float:
    if age < 18:
        return 0.985
    return 1.24 if age < 35 else 1.08 if age < 60 else 1.01


def village_list(names: list[tuple[str, str, str]], children: dict[str, float], kind: dict[str, str]) -> list[Village]:
    """Return the villages of (code, name, district) with their weights; `children` is each district's share of the county's people."""
    lean = {"urban": (1.10, 0.74), "town": (0.93, 1.18), "rural": (0.80, 1.38)}
    many = {district: sum(1 for _, _, d in names if d == district) for _, _, district in names}
    result = []
    for code, name, district in names:
        young, old = lean[kind[district]]
        size = between(0.55, 1.6, "size", code) * (1.5 if draw("centre", code) < 0.1 else 1.0)
        result.append(
            Village(
                code,
                name,
                district,
                children[district] / many[district] * size,
                young * between(0.93, 1.07, "young", code),
                old * between(0.92, 1.08, "old", code),
            )
        )
    return result
