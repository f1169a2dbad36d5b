"""Real villages: entrants of a city foreseen from its ages of 2014, and held against the births counted since, through a recoding."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from junheng.documents import PackageFile
from junheng.model import County, county
from junheng.projection.assumptions import Assumptions
from junheng.projection.assumptions_file import read_assumptions
from junheng.projection.births import Births
from junheng.projection.counted import counted_births
from junheng.projection.entrants import entrants, population_path
from junheng.projection.villages import villages

FOLDER = Path(__file__).parents[2] / "examples/tainan"
TEXT = {"village": pl.String, "district": pl.String}


def read(name: str, skip: int = 1) -> list[dict[str, str]]:
    with (FOLDER / "returns/2014" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(list(file)[skip:]))


@pytest.fixture(scope="module")
def city() -> County:
    """Return the villages of 2014 with their ages and the births returned with them."""
    shapes = {row["村里代碼"]: row for row in read("村里界.csv")}
    code = {row["區里名稱"]: row["村里代碼"] for row in shapes.values()}
    ages = [
        {"village": row["區域別代碼"], "age": age, "sex": sex, "persons": int(row[f"{age}歲-{word}"])}
        for row in read("村里戶數單一年齡人口_10309.csv")
        for age in range(21)
        for sex, word in (("male", "男"), ("female", "女"))
    ]
    births = [
        {"village": code[row["區里名稱"]], "calendar_year": int(row["年份"]), "births": int(row["出生數"]), "months": int(row["統計月數"])}
        for row in read("村里出生死亡.csv")
    ]
    places = [{"village": one["村里代碼"], "name": one["村里"], "district": one["行政區代碼"]} for one in shapes.values()]
    towns = [{"district": number, "name": name} for number, name in sorted({(one["行政區代碼"], one["行政區"]) for one in shapes.values()})]
    tables = {"districts": towns, "villages": places, "village_population": ages, "births": births}
    return county("67000", 2014, {name: pl.DataFrame(rows) for name, rows in tables.items()})


@pytest.fixture(scope="module")
def later(city: County) -> County:
    """Return the villages from 2018 on with their births."""
    tables = {name: pl.read_csv(FOLDER / f"later/{name}.csv", schema_overrides=TEXT) for name in ("villages", "births")}
    return county("67000", 2018, {**tables, "districts": city.tables["districts"]})


@pytest.fixture(scope="module")
def middle() -> Assumptions:
    paths = sorted((FOLDER / "assumptions").glob("*.yaml"))
    return read_assumptions([PackageFile(f"assumptions/{path.name}", path.read_text(encoding="utf-8")) for path in paths])["middle"]


@pytest.fixture(scope="module")
def counted(city: County, later: County) -> Births:
    found, told = counted_births([city, later], villages([city, later]))
    assert {finding.rule for finding in told} == {"projection.births_of_part_of_a_year"}  # 2014 and 2026
    assert found is not None
    return found


def test_births_of_both_codings_are_those_published(counted: Births, city: County, later: County) -> None:
    published = pl.concat([one.tables["births"] for one in (city, later)]).group_by("calendar_year").agg(pl.col("births").sum())
    whole = {year: number for year, number in published.iter_rows() if year not in (2014, 2026)}
    assert counted.years == tuple(range(2014, 2027))
    assert {year: round(float(counted.births[row].sum())) for row, year in enumerate(counted.years) if year in whole} == whole
    assert counted.births[-1].sum() == pytest.approx(2 * 3045)
    assert len(counted.zones) == 37
    assert np.isfinite(counted.births).all()


def test_most_villages_of_2014_are_found_again_in_2018_and_the_others_by_their_township(city: County, later: County) -> None:
    now = later.tables["births"].filter(calendar_year=2019)["village"].sort().to_list()
    found = villages([city, later], now)
    old = found.links.filter(year=2014)
    assert len(now) == 649
    assert old["village"].n_unique() == 752
    assert old.group_by("village").len()["len"].eq(1).sum() == 586  # 573 by code and name, 13 whose township has one new village
    assert [finding.rule for finding in found.findings].count("projection.village_only_by_township") == 2  # 2014 and the old ones of 2018
    births, _ = counted_births([city, later], found)
    assert births is not None
    assert np.nansum(births.births[births.years.index(2017)]) == pytest.approx(13_773)  # a village without a forerunner is not known


def test_entrants_to_2032_by_township_follow_the_births(city: County, later: County, middle: Assumptions, counted: Births) -> None:
    path, _ = population_path([city, later], middle, until=2032, draws=200, seed=1, ages=(6,), zones=counted.zones)
    assert path is not None
    made, told = entrants([city], path, (2012, 2013, 2014), middle)
    assert made is not None
    assert told == ()
    assert made.ahead.shape == (200, 18, 37)
    middle_path = np.median(made.ahead.sum(axis=2), axis=0)
    # 15,423 aged six were counted at the end of September 2014; those aged 6 and 7 a month before are nearly the same
    assert made.known[2].sum() == pytest.approx(15_423, rel=0.01)
    # enters in 2032: born September 2025 to August 2026, a third of 7,154 and two thirds of twice 3,045
    assert middle_path[-1] == pytest.approx(7154 / 3 + 6090 * 2 / 3, rel=0.02)
    low, high = np.quantile(made.ahead[:, -1].sum(axis=1), (0.1, 0.9))
    assert high / low < 1.2  # already born: only moving and dying are unsure


def test_births_looked_at_from_2014_were_too_hopeful_and_the_band_says_how_unsure_one_was(
    city: County, middle: Assumptions, counted: Births
) -> None:
    # What was known in 2014: births of that year, and no fall since. The island's births fell by half to 2025.
    flat = replace(middle.items["births_counted"], values={"all": {2014: 215629.0}})
    rest = {name: one for name, one in middle.items.items() if name != "births_ahead"}
    then = replace(middle, items={**rest, "births_counted": flat})
    path, _ = population_path([city], then, until=2032, draws=400, seed=1, ages=(6,), births_until=2014)
    assert path is not None
    foreseen = path.drawn(6).sum(axis=2)
    came = {year: float(counted.cohort(year - 7).sum()) for year in range(2021, 2033)}
    errors = {year: float(np.median(foreseen[:, path.years.index(year)]) / number - 1) for year, number in came.items()}
    assert 0 < errors[2022] < errors[2027] < errors[2032]  # 1, 6 and 11 years of births beyond what was known
    assert errors[2022] < 0.05
    low, high = (np.quantile(foreseen, level, axis=0) for level in (0.1, 0.9))
    held = [year for year, number in came.items() if low[path.years.index(year)] <= number <= high[path.years.index(year)]]
    assert held[:5] == [2021, 2022, 2023, 2024, 2025]  # born 2014 to 2019
    assert max(held) <= 2026  # nothing known in 2014 held the halving after that
