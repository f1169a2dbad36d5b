"""What the county's tables count: births through recodings, persons by zone and single age, entrants known and ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from junheng.model import County, county
from junheng.projection.assumptions_file import shipped_assumptions
from junheng.projection.counted import counted_births, counted_population, on_first_of_september
from junheng.projection.entrants import entrants, population_of_births, population_path
from junheng.projection.villages import canonical, usual_zones, villages

MIDDLE = shipped_assumptions()["middle"]
Rows = Sequence[Mapping[str, Any]]

DISTRICTS: Rows = [{"district": "10", "name": "東鎮"}, {"district": "20", "name": "西鎮"}]
OLD: Rows = [
    {"village": "101", "name": "鹽埕里", "district": "10"},
    {"village": "102", "name": "北里", "district": "10"},
    {"village": "103", "name": "南里", "district": "10"},
    {"village": "201", "name": "河里", "district": "20"},
]
NEW: Rows = [
    {"village": "901", "name": "塩埕里", "district": "10"},  # a new code, the same name in another writing
    {"village": "102", "name": "北里", "district": "10"},  # as before
    {"village": "904", "name": "新里", "district": "10"},  # 南里 and a part of 北里
    {"village": "201", "name": "新河里", "district": "20"},  # renamed
]


def made(year: int, **tables: Rows) -> County:
    rows = {"districts": DISTRICTS, **tables}
    return county("67000", year, {name: pl.DataFrame(list(lines)) for name, lines in rows.items() if lines})


def births(village: str, year: int, number: int | None, months: int | None = 12) -> dict[str, object]:
    return {"village": village, "calendar_year": year, "births": number, "months": months}


def rules(findings: Sequence[Any]) -> list[str]:
    return [finding.rule for finding in findings]


# -- villages ---------------------------------------------------------------------------------------------------------


def test_zones_are_townships_where_villages_have_them_and_else_the_county() -> None:
    assert usual_zones([made(2014, villages=OLD)]) == ("10", "20")
    assert usual_zones([made(2014)]) == ("67000",)
    groups = [{"county": code, "basis": "resident", "sex": "all", "age_first": 0, "persons": 1} for code in ("421202", "421221")]
    assert usual_zones([made(2020, age_groups=groups)]) == ("421202", "421221")


def test_a_village_keeps_its_zone_through_a_recoding_by_code_then_by_name_then_by_its_township() -> None:
    found = villages([made(2014, villages=OLD), made(2018, villages=NEW)], ("901", "102", "904", "201"))
    links = {village: (zone, share) for year, village, zone, share in found.links.iter_rows() if year == 2014}
    assert links == {"101": (0, 1.0), "102": (1, 1.0), "103": (2, 1.0), "201": (3, 1.0)}


def test_a_code_given_to_another_village_does_not_carry_the_old_one_with_it() -> None:
    swapped = [{"village": "102", "name": "南里", "district": "10"}, {"village": "103", "name": "北里", "district": "10"}]
    found = villages([made(2014, villages=OLD[1:3]), made(2018, villages=swapped)], ("102", "103"))
    assert [row[2] for row in found.links.filter(pl.col("year") == 2014).iter_rows()] == [1, 0]


def test_a_village_that_is_only_known_by_its_township_is_shared_out_and_told() -> None:
    new = [*NEW[:1], NEW[2], {"village": "905", "name": "另里", "district": "10"}]
    found = villages([made(2014, villages=OLD[:3]), made(2018, villages=new)], ("901", "904", "905"))
    shares = found.links.filter((pl.col("year") == 2014) & (pl.col("village") == "103"))["share"].to_list()
    assert shares == [0.5, 0.5]
    assert rules(found.findings) == ["projection.village_only_by_township"]


def test_a_village_in_two_townships_and_one_in_none_are_told() -> None:
    twice = [*OLD, {"village": "101", "name": "鹽埕里", "district": "20"}, {"village": "999", "name": "遠里", "district": "30"}]
    found = villages([made(2014, villages=twice)], ("10", "20"))
    assert rules(found.findings) == ["projection.village_in_two_towns", "projection.village_without_zone"]
    assert found.findings[0].place.key == ("101",)
    assert found.links.filter(pl.col("village") == "101")["zone"].to_list() == [0]


def test_the_same_name_in_three_writings_is_one_name() -> None:
    assert canonical("[鹽]埕里 ") == canonical("塩埕里") == canonical("盐埕里")
    assert canonical("山脚里") == canonical("山腳里")


# -- births -----------------------------------------------------------------------------------------------------------


def test_births_add_up_by_township_and_year() -> None:
    rows = [births("101", 2013, 5), births("102", 2013, 7), births("201", 2013, 2), births("101", 2014, 4), births("102", 2014, 6)]
    year = made(2014, villages=OLD, births=[*rows, births("201", 2014, 0)])
    known, told = counted_births([year], villages([year]))
    assert known is not None
    assert known.years == (2013, 2014)
    assert known.births.tolist() == [[12.0, 2.0], [10.0, 0.0]]
    assert told == ()


def test_a_recoded_village_is_one_whole_year_in_two_pieces() -> None:
    every = [*OLD, *[row for row in NEW if row["village"] not in {"102", "201"}]]
    rows = [births("101", 2018, 3, 3), births("901", 2018, 9, 9), births("102", 2018, 10), births("201", 2018, 4)]
    year = made(2018, villages=every, births=rows)
    known, told = counted_births([year], villages([year], ("10", "20")))
    assert known is not None
    assert known.births.tolist() == [[22.0, 4.0]]
    assert told == ()


def test_half_a_year_is_stretched_to_a_whole_one_and_told() -> None:
    year = made(2014, villages=OLD, births=[births("101", 2014, 6, 6), births("201", 2014, 3, 6)])
    known, told = counted_births([year], villages([year]))
    assert known is not None
    assert known.births.tolist() == [[12.0, 6.0]]
    assert known.counted((2014,))[0, 0].tolist() == [6 / 8, 0.0]  # January to June; nobody of September to December
    assert "季节" in told[0].sentence()
    assert rules(told) == ["projection.births_of_part_of_a_year"]
    assert "6 months" in told[0].sentence("en")


def test_two_half_years_of_one_village_are_added_and_two_whole_ones_are_told() -> None:
    halves = [births("101", 2014, 6, 6), births("101", 2014, 7, 6), births("201", 2014, 1), births("201", 2014, 9)]
    year = made(2014, villages=OLD, births=halves)
    known, told = counted_births([year], villages([year]))
    assert known is not None
    assert known.births.tolist() == [[13.0, 1.0]]
    assert rules(told) == ["projection.births_counted_twice"]


def test_births_not_known_make_the_township_unknown_not_smaller() -> None:
    year = made(2014, villages=OLD, births=[births("101", 2014, None), births("102", 2014, 8), births("201", 2014, 3)])
    known, told = counted_births([year], villages([year]))
    assert known is not None
    assert np.isnan(known.births[0, 0])
    assert known.births[0, 1] == 3.0
    assert rules(told) == ["projection.births_missing"]


def test_a_calendar_year_comes_from_the_newest_return_and_may_be_hidden() -> None:
    first = made(2014, villages=OLD, births=[births("101", 2013, 5), births("101", 2014, 4)])
    second = made(2015, villages=OLD, births=[births("101", 2014, 9), births("101", 2015, 3)])
    places = villages([first, second], ("10",))
    known, _ = counted_births([first, second], places)
    assert known is not None
    assert known.births[:, 0].tolist() == [5.0, 9.0, 3.0]
    hidden, _ = counted_births([first, second], places, until=2014)
    assert hidden is not None
    assert hidden.years == (2013, 2014)
    assert counted_births([first, second], places, until=2000)[0] is None


# -- persons ----------------------------------------------------------------------------------------------------------


def ages(village: str, *persons: int | None) -> Rows:
    return [{"village": village, "age": age, "sex": "all", "persons": number} for age, number in enumerate(persons)]


def test_villages_add_up_and_an_age_that_is_missing_in_one_is_unknown_in_its_zone() -> None:
    rows = [*ages("101", 10, 20), *ages("102", 5, None), *ages("201", 1, 2)]
    year = made(2014, villages=OLD, village_population=rows)
    found, _ = counted_population([year], villages([year]), MIDDLE)
    assert found is not None
    assert found.persons.sum(axis=2)[0, 0] == pytest.approx(15.0)
    assert np.isnan(found.persons[0, 1]).all()
    assert found.persons.sum(axis=2)[1].tolist() == pytest.approx([1.0, 2.0])


def test_persons_of_the_county_only_are_shared_by_births_of_their_cohort() -> None:
    rows = [{"county": "67000", "basis": "resident", "age": age, "sex": "all", "persons": 100} for age in range(3)]
    born = [births(village, year, number) for year in range(2011, 2015) for village, number in (("101", 30), ("201", 10))]
    year = made(2014, villages=OLD, population=rows, births=born)
    places = villages([year])
    known, _ = counted_births([year], places)
    found, told = counted_population([year], places, MIDDLE, known)
    assert found is not None
    assert found.persons.sum(axis=2)[:, 0].tolist() == pytest.approx([75.0, 25.0])
    assert rules(told) == ["projection.shared_by_births"]
    without, told = counted_population([year], places, MIDDLE)
    assert without is not None
    assert np.isnan(without.persons).all()
    assert rules(told) == ["projection.zones_not_known"]


def test_age_groups_are_split_with_their_totals_and_residents_go_before_the_registered() -> None:
    groups = [(0, 0, 10), (1, 4, 60), (5, 9, 50), (10, None, 300)]
    rows = [
        {"county": "67000", "basis": basis, "sex": sex, "age_first": first, "age_last": last, "persons": number * more}
        for basis, more in (("resident", 1), ("registered", 2))
        for sex in ("male", "female")
        for first, last, number in groups
    ]
    year = made(2014, age_groups=rows)
    found, told = counted_population([year], villages([year]), MIDDLE)
    assert found is not None
    assert found.open_ended
    assert found.persons[0, :, 0].sum() == 420
    assert found.persons[0, 1:5, 0].sum() == 60
    assert set(rules(told)) == {"projection.two_bases", "projection.ages_split"}


def test_groups_that_overlap_are_counted_once_and_told() -> None:
    groups = [(0, 4, 50), (0, 0, 8), (1, 4, 42), (5, 9, 60), (9, 3, 7)]
    rows = [
        {"county": "67000", "basis": "resident", "sex": "all", "age_first": first, "age_last": last, "persons": number}
        for first, last, number in groups
    ]
    year = made(2014, age_groups=rows)
    found, told = counted_population([year], villages([year]), MIDDLE)
    assert found is not None
    assert np.nansum(found.persons) == pytest.approx(110.0, abs=2.0)
    assert "projection.age_groups_overlap" in rules(told)


def test_nobody_counted_is_told() -> None:
    found, told = counted_population([made(2014)], villages([made(2014)]), MIDDLE)
    assert found is None
    assert rules(told) == ["projection.nobody_counted"]


def test_a_census_of_november_is_taken_back_to_september() -> None:
    # Two months after 1 September, a sixth of those aged 6 were still 5 on that day, and a sixth of those aged 7 were still 6.
    persons = np.array([60.0, 120.0, 180.0, 240.0])[:, None].repeat(2, axis=1)
    assert on_first_of_september(persons, 2)[:, 0].tolist() == pytest.approx([70.0, 130.0, 180.0, 240.0])
    assert on_first_of_september(persons, -2)[:, 0].tolist() == pytest.approx([60.0, 110.0, 170.0, 240.0])
    assert on_first_of_september(persons, 0) is persons


# -- entrants ---------------------------------------------------------------------------------------------------------


def test_entrants_are_those_counted_then_those_ahead() -> None:
    rows = [*ages("101", *range(100, 115)), *ages("201", *range(15))]
    year = made(2014, villages=OLD, village_population=rows)
    path, _ = population_path([year], MIDDLE, until=2020)
    known, told = entrants([year], path, (2012, 2013, 2014), MIDDLE)
    assert known is not None
    assert told == ()
    assert known.zones == ("10", "20")
    assert known.known[2].tolist() == pytest.approx([106.0, 6.0])
    assert known.known[0].tolist() == pytest.approx([108.0, 8.0], rel=0.002)  # those who were six in 2012 are eight in 2014
    assert known.ahead.shape == (1, 6, 2)
    assert known.ahead[0, 0].tolist() == pytest.approx([105.0, 5.0], rel=0.002)


def test_entrants_of_births_only_are_born_from_september_to_august() -> None:
    # 31 August: those who enter in 2020 were born from September 2013 (a third of 90) to August 2014 (two thirds of 120).
    born = [births("101", year, number) for year, number in zip(range(2012, 2017), (90, 90, 120, 60, 60), strict=True)]
    year = made(2016, villages=OLD, births=born)
    path, told = population_path([year], MIDDLE, zones=("10",), until=2024, draws=10, ages=(6,))
    assert path is not None
    assert "projection.nobody_counted" in rules(told)
    known, _ = entrants([year], path, (2015, 2016), MIDDLE)
    assert known is not None
    assert known.ahead.shape == (10, 8, 1)
    assert known.ahead[:, 3, 0].mean() == pytest.approx(110.0, rel=0.05)
    assert path.middle[3, 0, 6].sum() == pytest.approx(110.0, rel=0.01)


def test_years_without_any_count_are_unknown_and_told() -> None:
    born = [births("101", year, 60) for year in range(2012, 2017)]
    year = made(2016, villages=OLD, births=born)
    path, _ = population_path([year], MIDDLE, zones=("10",), until=2024)
    known, told = entrants([year], path, (2015, 2016), MIDDLE)
    assert known is not None
    assert np.isnan(known.known).all()  # six-year-olds of 2016 were born before the first births known
    assert rules(told) == ["projection.entrants_not_known"]


def test_no_path_beyond_the_last_year_is_no_entrants() -> None:
    year = made(2014, villages=OLD, village_population=ages("101", 1, 2))
    path, _ = population_path([year], MIDDLE, until=2016)
    assert entrants([year], path, (2016,), MIDDLE)[0] is None
    assert entrants([year], None, (2014,), MIDDLE)[0] is None
    assert population_path([made(2014)], MIDDLE, until=2020)[0] is None


def test_children_left_by_births_have_survived() -> None:
    born = [births("101", year, 1000) for year in range(2008, 2015)]
    year = made(2014, villages=OLD, births=born)
    known, _ = counted_births([year], villages([year], ("10",)))
    assert known is not None
    left = population_of_births(known, 2014, MIDDLE).persons[0].sum(axis=1)
    assert left.shape == (6,)
    assert 990 < left[5] < left[0] < 1000


def test_housing_brings_children_to_its_township_and_takes_some_from_the_others() -> None:
    rows = [*ages("101", *[100] * 18), *ages("201", *[100] * 18)]
    project = [
        {"project": "新城", "type": "commodity", "village": "101", "units": 1000, "completed": 2015},
        {"project": "无名", "type": "rental", "village": None, "units": 10, "completed": 2015},
    ]
    year = made(2014, villages=OLD, village_population=rows, housing=project)
    path, told = population_path([year], MIDDLE, until=2016)
    plain, _ = population_path([made(2014, villages=OLD, village_population=rows)], MIDDLE, until=2016)
    assert path is not None
    assert plain is not None
    assert "projection.housing_not_counted" in rules(told)
    more = (path.middle - plain.middle)[:, :, :, :].sum(axis=(2, 3))
    # 1,000 units × 0.35 children; 40 % are lived in by the second year, 40 % of the children come from outside
    assert more[1].sum() == pytest.approx(1000 * 0.35 * 0.4 * 0.4, rel=0.02)
    assert more[1, 0] > 0 > more[1, 1]
