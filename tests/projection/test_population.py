"""Population ahead: nobody appears or vanishes without a reason, and the draws say how sure one may be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from junheng.documents import PackageFile
from junheng.projection.assumptions import Assumptions
from junheng.projection.assumptions_file import read_assumptions, shipped_assumptions
from junheng.projection.births import Births, pooled_ratios
from junheng.projection.forecast import Floats
from junheng.projection.population import FEMALE, MALE, Population, PopulationPath, project_population

ZONES = ("甲", "乙", "丙")


def scenario(**values: str) -> Assumptions:
    """Return the middle scenario with other values for some assumptions, written as in a file."""
    kinds = shipped_assumptions()["middle"].items
    units = {"migration": "‰", "migration_persons": "persons", "shift": "‰", "fertility": "births/1000 women", "fertility_level": '"1"'}
    text = "title: {zh: 试, en: Trial}\nnote: {zh: 试, en: Trial}\nextends: middle\n"
    for name, value in values.items():
        unit = units.get(name) or f'"{kinds[name].unit}"'
        key = "values" if value.startswith("{") else "value"
        text += f"{name}:\n  unit: {unit}\n  {key}: {value}\n  source: junheng-assumed\n  confidence: A\n  reviewed: null\n"
    return read_assumptions([PackageFile("assumptions/trial.yaml", text)])["trial"]


def still(**values: str) -> Assumptions:
    """Return a scenario in which nobody dies or moves and births are certain, but for `values`."""
    base = {
        "survival": "{male: {0: 1}, female: {0: 1}}",
        "migration_spread": "0",
        "births_spread": "0",
        "boys_at_birth": "0.5",
        "births_dispersion": "1000000",
    }
    return scenario(**{**base, **values})


def people(persons: Floats, *, open_ended: bool = False) -> Population:
    return Population(year=2020, zones=ZONES[: len(persons)], persons=persons, open_ended=open_ended)


def births(*yearly: float, zones: int = 1, first: int = 2018) -> Births:
    years = tuple(range(first, first + len(yearly)))
    return Births(years=years, zones=ZONES[:zones], births=np.repeat(np.array(yearly)[:, None], zones, axis=1))


def unaccounted(path: PopulationPath) -> float:
    """Return the most by which any zone and year differs from start + born - died + arrived - left + shifted - aged."""
    flows, ends = path.flows, np.nansum(path.middle, axis=(2, 3))
    starts = np.concatenate([np.nansum(path.start.persons, axis=(1, 2))[None], ends[:-1]])
    balance = starts + flows.born - flows.died + flows.arrived - flows.left + flows.shifted - flows.aged
    return float(np.abs(ends - balance).max())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 500), min_size=22, max_size=22), min_size=3, max_size=3),
    st.integers(-900, 900),
    st.integers(-40, 40),
    st.integers(0, 1000),
    st.booleans(),
)
def test_everybody_is_born_died_moved_left_or_aged(counts: list[list[int]], rate: int, persons: int, shift: int, open_ended: bool) -> None:
    start = people(np.stack([np.array(counts, dtype=float)] * 2, axis=2), open_ended=open_ended)
    trial = scenario(
        migration=f"{{all: {{0: {rate}, 6: {-rate // 2}}}}}",
        migration_persons=f"{{乙: {{0: {persons}}}}}",
        shift=f'{{"甲>乙": {{2020: {shift}}}, "甲>丙": {{2020: {1000 - shift}}}}}',
    )
    path = project_population(start, trial, years=6, births=births(80.0, 90.0, 100.0, zones=3))
    assert unaccounted(path) < 1e-6
    assert (path.middle >= 0).all()
    assert np.abs(path.flows.shifted.sum(axis=1)).max() < 1e-6


def test_a_cohort_grows_older_and_nothing_else_when_nobody_dies_or_moves() -> None:
    persons = np.arange(40, dtype=float).reshape(1, 20, 2)
    path = project_population(people(persons), still(), years=3, births=births(*[60.0] * 7))
    assert np.allclose(path.middle[2, 0, 3:], persons[0, :-3])
    assert np.allclose(path.middle[2, 0, :3].sum(axis=1), 60.0)
    assert path.flows.aged[:, 0].tolist() == [77.0, 73.0, 69.0]  # the two sexes of the last age: 38 + 39, then 36 + 37, …


def test_an_open_last_age_keeps_whoever_grows_older() -> None:
    persons = np.full((1, 5, 2), 10.0)
    path = project_population(people(persons, open_ended=True), still(), years=2, births=births(*[20.0] * 6))
    assert path.middle[1, 0, 4].tolist() == [30.0, 30.0]
    assert path.flows.aged.sum() == 0


def test_the_newborn_of_a_school_year_are_a_third_of_one_calendar_year_and_two_thirds_of_the_next() -> None:
    # September to December 2020 of 120 births a year are 40; January to August 2021 of 60 are 40.
    path = project_population(people(np.full((1, 5, 2), 10.0)), still(), years=1, births=births(120.0, 120.0, 120.0, 60.0))
    assert path.middle[0, 0, 0].sum() == pytest.approx(80.0)


def test_the_dead_are_those_that_survival_says() -> None:
    path = project_population(people(np.full((1, 3, 2), 100.0)), still(survival="{male: {0: 0.9}, female: {0: 1}}"), years=1)
    assert path.middle[0, 0, 1, MALE] == pytest.approx(90.0)
    assert path.middle[0, 0, 1, FEMALE] == 100.0


def test_more_leaving_than_there_are_is_capped_and_told() -> None:
    start = people(np.full((2, 10, 2), 3.0))
    path = project_population(start, still(migration_persons="{甲: {5: -10}}"), years=2, births=births(*[6.0] * 6, zones=2))
    assert (path.middle[:, 0, 5:] == 0).all()
    assert (path.middle[:, 1, 5:] == 3.0).all()
    (told,) = [finding for finding in path.findings if finding.rule == "projection.more_left_than_lived"]
    assert told.place.key == ("甲",)
    assert "2021" in told.found.zh
    assert unaccounted(path) < 1e-9


def test_the_shift_moves_children_and_no_adults() -> None:
    start = people(np.full((2, 25, 2), 100.0))
    path = project_population(start, still(shift='{"甲>乙": {2021: 100}}'), years=1, births=births(*[200.0] * 6, zones=2))
    assert path.middle[0, 0, 7].tolist() == [90.0, 90.0]
    assert path.middle[0, 1, 7].tolist() == [110.0, 110.0]
    assert path.middle[0, :, 18:].min() == 100.0
    assert path.flows.shifted[0].tolist() == pytest.approx([-360.0, 360.0])  # 18 ages × 2 sexes × 10


def test_new_housing_brings_its_children() -> None:
    start = people(np.full((1, 10, 2), 50.0))
    housing = np.zeros((2, 1, 10))
    housing[1, 0, 6] = 12.0
    path = project_population(start, still(), years=2, births=births(*[100.0] * 6), housing=housing)
    assert path.middle[1, 0, 6].sum() == pytest.approx(112.0)
    assert path.flows.arrived[1, 0] == pytest.approx(12.0)


def test_births_follow_the_path_from_the_level_of_the_zones_own_last_years() -> None:
    middle = still()
    path = project_population(people(np.full((1, 8, 2), 50.0)), middle, years=10, births=births(200.0, 200.0, 200.0))
    course = middle.births_path(range(2018, 2031))
    level = 600.0 / course[:3].sum()
    assert path.flows.born[9, 0] == pytest.approx(level * (course[11] / 3 + course[12] * 2 / 3))


def test_births_by_women_follow_their_number_and_rates() -> None:
    # 1,000 women at each age, 50 births a thousand from 20 to 29: 500 births a year; the counted level is 300, three fifths.
    persons = np.full((1, 60, 2), 1000.0)
    rates = still(fertility="{15: 0, 20: 50, 30: 0}", fertility_level="{2018: 1, 2025: 1}")
    path = project_population(people(persons), rates, years=5, births=births(300.0, 300.0, 300.0))
    assert path.flows.born[4, 0] == pytest.approx(300.0)
    half = persons.copy()
    half[:, :20] = 500.0  # smaller cohorts reach the age of 20 from 2021 on
    later = project_population(people(half), rates, years=12, births=births(300.0, 300.0, 300.0))
    assert later.flows.born[11, 0] == pytest.approx(150.0, abs=1.0)


def test_without_women_by_age_the_path_is_used_and_told() -> None:
    path = project_population(people(np.full((1, 15, 2), 50.0)), still(fertility="{20: 50}"), years=2, births=births(100.0, 100.0, 100.0))
    assert "projection.women_not_known" in {finding.rule for finding in path.findings}
    assert path.flows.born.min() > 0


def test_without_births_the_youngest_tell_the_level_and_that_is_said() -> None:
    path = project_population(people(np.full((1, 15, 2), 50.0)), still(), years=2)
    assert "projection.births_not_counted" in {finding.rule for finding in path.findings}
    assert 40 < path.flows.born[0, 0] < 100


def test_a_zone_that_is_not_known_stays_unknown_and_the_others_do_not() -> None:
    persons = np.full((2, 10, 2), 50.0)
    persons[0] = np.nan
    path = project_population(people(persons), scenario(), years=3, draws=20, ages=(6,))
    assert np.isnan(path.middle[:, 0, 6]).all()
    assert np.isfinite(path.middle[:, 1]).all()
    assert np.isnan(path.draws[:, :, 0]).all()
    assert np.isfinite(path.draws[:, :, 1]).all()


def test_ages_that_were_not_counted_are_unknown_until_those_born_later_reach_them() -> None:
    path = project_population(people(np.full((1, 3, 2), 10.0)), scenario(), years=6, draws=20, ages=(6,), births=births(*[20.0] * 10))
    assert np.isnan(path.middle[:3, 0, 6]).all()
    assert np.isfinite(path.middle[3:, 0, 6]).all()
    assert np.isnan(path.draws[:, :3]).all()
    assert np.isfinite(path.draws[:, 3:]).all()
    assert unaccounted(path) < 1e-9


# -- draws ------------------------------------------------------------------------------------------------------------


def drawn(assumptions: Assumptions, *, zones: int = 1, size: float = 50.0, seed: int = 7, draws: int = 3000) -> PopulationPath:
    start = people(np.full((zones, 8, 2), size))
    known = births(*[2 * size] * 3, zones=zones)
    return project_population(start, assumptions, years=10, draws=draws, seed=seed, births=known, ages=(0, 6))


def test_the_same_seed_gives_the_same_draws_and_another_one_others() -> None:
    first, again, other = (drawn(scenario(), seed=seed, draws=50) for seed in (1, 1, 2))
    assert np.array_equal(first.draws, again.draws)
    assert not np.array_equal(first.draws, other.draws)


def test_the_draws_lie_around_the_middle_path() -> None:
    path = drawn(scenario())
    middle = path.middle[:, 0, [0, 6]].sum(axis=2)
    assert path.draws.mean(axis=0)[:, 0] == pytest.approx(middle, rel=0.02)


def test_certain_births_and_survivors_are_not_drawn_apart() -> None:
    path = drawn(still(), draws=50)
    assert np.ptp(path.drawn(6)[:, :5, 0], axis=0).max() == 0  # in school age already, or counted at birth
    assert np.ptp(path.drawn(0)[:, 1:, 0], axis=0).min() > 0  # not yet born: chance is left


def test_what_lies_farther_ahead_is_less_sure() -> None:
    spread = drawn(scenario(births_spread="0.08")).drawn(0)[:, :, 0].std(axis=0)
    assert spread[1] < spread[5] < spread[9]


def test_births_by_chance_vary_as_their_number_and_dispersion_say() -> None:
    # Nothing but chance: the level of one zone alone is pooled with itself and sure.
    path = drawn(still(births_dispersion="20"), size=500.0)
    calendar = path.drawn(0)[:, 9, 0]
    mean = float(calendar.mean())
    variance = (mean + mean**2 / 20) * (1 / 9 + 4 / 9)  # a third of one year and two thirds of the next, drawn apart
    assert float(calendar.var()) == pytest.approx(variance, rel=0.12)


def spread_at(path: PopulationPath, step: int, age: int = 0) -> float:
    drawn = path.drawn(age)[:, step].sum(axis=1)
    return float(drawn.std() / drawn.mean())


@pytest.mark.parametrize(("months", "unsure"), [(6, True), (8, True), (10, True), (12, False)])
def test_the_months_of_a_year_that_were_not_counted_are_not_known(months: int, unsure: bool) -> None:
    start = people(np.full((1, 10, 2), 500.0))
    known = Births(years=(2018, 2019, 2020), zones=ZONES[:1], births=np.full((3, 1), 900.0), months=(12, 12, months))
    unborn = scenario(migration_spread="0", births_spread="0.2")
    path = project_population(start, unborn, years=3, draws=600, seed=2, births=known, ages=(0,))
    # those of September 2020 to August 2021 are all ahead; with twelve months their first third is known
    whole = replace(known, months=(12, 12, 12))
    sure = project_population(start, unborn, years=3, draws=600, seed=2, births=whole, ages=(0,))
    assert (spread_at(path, 0) > 1.05 * spread_at(sure, 0)) == unsure
    assert path.middle == pytest.approx(sure.middle)


def test_the_months_that_were_counted_are_known_and_those_before_the_first_ones_are_not() -> None:
    known = Births(years=(2014, 2015), zones=ZONES[:1], births=np.array([[900.0], [900.0]]), months=(9, 6))
    spring, autumn = known.counted((2014, 2015, 2016))[:, 0].T
    assert spring.tolist() == [5 / 8, 6 / 8, 0.0]  # April to December 2014; January to June 2015
    assert autumn.tolist() == [1.0, 0.0, 0.0]
    certain = Births(years=(2020, 2021), zones=ZONES[:1], births=np.full((2, 1), 900.0), months=(12, 8))
    path = project_population(people(np.full((1, 10, 2), 500.0)), still(births_spread="0.3"), years=2, draws=50, births=certain, ages=(0,))
    assert spread_at(path, 0) < 0.001  # September 2020 to August 2021: every month of them counted
    assert spread_at(path, 1) > 0.1


def test_scenarios_that_part_in_births_ahead_have_the_same_draws_of_who_is_born() -> None:
    start = people(np.full((2, 10, 2), 80.0))
    known = births(300, 300, 300, 300, zones=2)  # to 2021
    paths = [
        project_population(start, scenario(births_ahead=ahead), years=8, draws=many, seed=3, births=known, ages=(1, 3))
        for ahead, many in (("{2026: 1000}", 40), ("{2026: 9000000}", 90))
    ]
    few, more = (path.draws for path in paths)
    assert (few[:, :4, :, 1] == more[:40, :4, :, 1]).all()  # aged 3 to 2024: born by August 2021
    assert (few[:, 6:, :, 0] < more[:40, 6:, :, 0]).mean() > 0.9


def test_draws_of_an_age_not_asked_for_are_refused() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        drawn(scenario(), draws=2).drawn(3)


# -- small numbers ----------------------------------------------------------------------------------------------------


def test_a_village_with_three_births_leans_on_the_others_and_a_large_one_on_itself() -> None:
    expected = np.array([3.0, 1000.0, 1000.0, 30.0])
    counted = np.array([6.0, 1300.0, 700.0, 27.0])
    ratio, shape = pooled_ratios(counted, expected)
    assert 1.0 < ratio[0] < 1.5  # counted: 2.0
    assert ratio[1] == pytest.approx(1.3, abs=0.03)
    assert shape[0] < shape[3] < shape[1]
    assert (ratio * expected).sum() / expected.sum() * counted.sum() == pytest.approx(counted.sum(), rel=0.05)


def test_villages_that_differ_by_chance_only_are_not_told_apart() -> None:
    expected = np.full(200, 4.0)
    counted = np.random.default_rng(1).poisson(4.0, 200).astype(float)
    ratio, _ = pooled_ratios(counted, expected)
    assert np.ptp(ratio) < 0.6
    assert np.ptp(counted / expected) > 2.0


def test_a_village_not_counted_gets_the_mean_of_the_others() -> None:
    ratio, _ = pooled_ratios(np.array([np.nan, 50.0, 150.0]), np.array([10.0, 100.0, 100.0]))
    assert ratio[0] == 1.0
    assert np.isfinite(ratio).all()


def test_pooled_births_of_all_villages_add_up_to_those_counted() -> None:
    rng = np.random.default_rng(3)
    persons = rng.integers(0, 60, (40, 16, 2)).astype(float)
    start = Population(year=2020, zones=tuple(map(str, range(40))), persons=persons, open_ended=False)
    own = rng.poisson(persons.sum(axis=(1, 2)) / 30, (3, 40)).astype(float)
    known = Births(years=(2018, 2019, 2020), zones=start.zones, births=own)
    flat = still()
    path = project_population(start, flat, years=3, births=known)
    course = flat.births_path(range(2018, 2024))
    wanted = own.sum() / course[:3].sum() * (course[4] / 3 + course[5] * 2 / 3)
    assert path.flows.born[2].sum() == pytest.approx(wanted, rel=0.01)
