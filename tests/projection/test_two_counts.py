"""What two censuses tell: migration by cohort against the nation, children of school age, and what they need."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from junheng.projection.assumptions_file import shipped_assumptions, with_values
from junheng.projection.population import Population, project_population
from junheng.projection.school_age import STAGES, ages_drawn, school_age, staff_ratio, stage_ages, whole_units
from junheng.projection.two_counts import compare_cohorts, grown_up_here, with_census, with_measured_migration
from junheng.standards import Rulebook, shipped
from tests.projection.test_population import still

MIDDLE = with_census(shipped_assumptions()["middle"])


def count(year: int, *persons: float) -> Population:
    """Return zones with so many persons of each sex at every age from 0 to 29."""
    everybody = np.zeros((len(persons), 30, 2)) + np.array(persons)[:, None, None]
    return Population(year=year, zones=("甲", "乙")[: len(persons)], persons=everybody, open_ended=False)


def test_a_cohort_that_grew_as_the_nations_did_has_not_moved() -> None:
    before, after = count(2010, 1000.0), count(2020, 1128.7)
    assert compare_cohorts(before, after, MIDDLE).yearly[0] == pytest.approx(0.0, abs=0.01)


def test_a_cohort_that_lost_a_tenth_against_the_nation_lost_one_in_a_hundred_a_year() -> None:
    # 0.9 in ten years is 0.9^(1/10) = 0.98952 a year: -10.48 in a thousand.
    cohorts = compare_cohorts(count(2010, 1000.0, 1000.0), count(2020, 1128.7 * 0.9, 1128.7 * 1.1), MIDDLE)
    assert cohorts.yearly.tolist() == pytest.approx([-10.48, 9.58], abs=0.01)
    scenario = with_measured_migration(MIDDLE, cohorts)
    assert scenario.curve("migration", [0, 14, 17, 18], "甲").tolist() == pytest.approx([-10.48, -10.48, -10.48, 0.0], abs=0.01)
    assert scenario.items["migration"].document.key == "two-counts"


def test_without_the_nations_change_survival_stands_in() -> None:
    plain = shipped_assumptions()["middle"]
    assert compare_cohorts(count(2010, 1000.0), count(2020, 1000.0), plain).yearly[0] == pytest.approx(0.45, abs=0.2)


def test_an_authoritys_own_assumptions_are_not_replaced() -> None:
    own = with_values(MIDDLE, "migration", {"all": {0: 3.0}}, MIDDLE.note, MIDDLE.items["survival"].document)
    cohorts = compare_cohorts(count(2010, 1000.0), count(2020, 500.0), MIDDLE)
    assert with_measured_migration(own, cohorts) is own
    months = replace(MIDDLE.items["population_months"], values={"all": {0: 4.0}}, file="assumptions/middle.yaml")
    assert with_census(replace(MIDDLE, items={**MIDDLE.items, "population_months": months})).number("population_months") == 4.0
    assert MIDDLE.number("population_months") == 2.0


def test_students_and_leavers_do_not_count_as_the_countys_own_children() -> None:
    before, after = count(2010, 1000.0), count(2020, 1128.7)
    after.persons[:, 15:20] = 9000.0  # a university town
    cohorts = compare_cohorts(before, after, MIDDLE)
    here = grown_up_here(before, after, cohorts)
    assert here.persons[0, 15:18, 0].tolist() == pytest.approx([1025.4] * 3, abs=0.5)
    assert here.persons[0, 14, 0] == 1128.7
    assert here.persons[0, 18, 0] == 9000.0


def test_stages_add_up_their_ages_and_seats_follow_the_entry_ratio() -> None:
    start = count(2020, 50.0, 10.0)
    path = project_population(start, MIDDLE, years=3, draws=40, seed=3, ages=ages_drawn(MIDDLE))
    found = school_age(path, MIDDLE)
    assert stage_ages(MIDDLE) == ((3, 5), (6, 11), (12, 14), (15, 17))
    assert found.stages == STAGES
    assert found.years == (2020, 2021, 2022, 2023)
    assert found.middle[:, 0].tolist() == [[300.0, 60.0], [600.0, 120.0], [300.0, 60.0], [300.0, 60.0]]
    assert found.middle[1, 2, 0] == pytest.approx(path.middle[1, 0, 6:12].sum())
    assert found.seats[0, 0] == pytest.approx(360.0 * 0.852)
    assert (found.bands[0] <= found.bands[4]).all()
    assert np.ptp(found.bands[:, :, 0], axis=0).max() == 0.0  # the base year is counted
    assert found.seat_bands[2, 0, 0] == pytest.approx(360.0 * 0.852)


def test_a_five_four_system_moves_the_ages_of_the_stages() -> None:
    own = still()
    ages = replace(own.items["entry_age"], values={"preschool": {0: 3.0}, "primary": {0: 6.0}, "junior": {0: 11.0}, "senior": {0: 15.0}})
    years = replace(own.items["stage_years"], values={"preschool": {0: 3.0}, "primary": {0: 5.0}, "junior": {0: 4.0}, "senior": {0: 3.0}})
    assert stage_ages(replace(own, items={**own.items, "entry_age": ages, "stage_years": years})) == ((3, 5), (6, 10), (11, 14), (15, 17))


def test_classes_and_staff_are_whole_and_enough() -> None:
    assert whole_units([90.0, 90.1, 0.0], 45.0).tolist() == [2.0, 3.0, 0.0]
    assert np.isnan(whole_units([np.nan], 45.0)).all()


def test_the_staff_ratio_is_that_of_the_standard_on_the_day() -> None:
    rules = Rulebook((shipped("cn"),), date(2020, 9, 1))
    assert {stage: float(one.value) for stage in STAGES if (one := staff_ratio(rules, stage))} == {
        "preschool": 15.0,
        "primary": 19.0,
        "junior": 13.5,
        "senior": 12.5,
    }
    assert staff_ratio(Rulebook((shipped("cn"),), date(2000, 9, 1)), "primary") is None
