"""Children who reach the age of entry by 31 August: known from counts and births, and ahead from a population path."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.model import County
from junheng.projection.assumptions import Assumptions
from junheng.projection.births import Births
from junheng.projection.counted import counted_births, counted_population
from junheng.projection.forecast import Entrants, Floats
from junheng.projection.housing import housing_arrivals
from junheng.projection.moves import CHILDREN
from junheng.projection.population import Population, PopulationPath, alive_at, project_population, survival, with_room
from junheng.projection.villages import Villages, villages


def population_path(
    counties: Sequence[County],
    assumptions: Assumptions,
    *,
    zones: Sequence[str] | None = None,
    until: int,
    draws: int = 0,
    seed: int = 0,
    ages: Sequence[int] = (),
    births_until: int | None = None,
) -> tuple[PopulationPath | None, tuple[Finding, ...]]:
    """Return the population of the zones from the newest count to the school year `until`; None when nobody was counted or born.

    counties: the area's known years; births_until: the last calendar year whose births may be used, for looking back. zones: as in
    villages(). Where no persons by age were counted, the children are those born since, alive and still there.
    """
    places = villages(counties, zones)
    births, told = counted_births(counties, places, births_until)
    start, found = counted_population(counties, places, assumptions, births)
    findings = [*places.findings, *told, *found]
    if start is None and births is not None:
        start = population_of_births(births, max(county.year for county in counties), assumptions)
    start = with_room(start, CHILDREN) if start is not None else None
    if start is None or start.year >= until:
        return None, tuple(findings)
    years = range(start.year + 1, until + 1)
    latest = max(counties, key=lambda county: county.year)
    housing, missed = housing_arrivals(latest, places, start, assumptions, years)
    made = project_population(start, assumptions, years=len(years), draws=draws, seed=seed, births=births, housing=housing, ages=ages)
    return made, (*findings, *missed, *made.findings)


def population_of_births(births: Births, year: int, assumptions: Assumptions) -> Population:
    """Return the children that the counted births leave on 1 September of a year, had nobody moved."""
    ages = max(1, year - births.years[0])
    survive = survival(assumptions, ages)
    cohorts = np.stack([births.cohort(year - 1 - age) for age in range(ages)], axis=1)
    boys = assumptions.number("boys_at_birth") if assumptions.has("boys_at_birth") else 0.5
    alive = np.cumprod(survive, axis=0) * np.array([boys, 1.0 - boys])
    return Population(year=year, zones=births.zones, persons=cohorts[:, :, None] * alive[None], open_ended=False)


def entrants(
    counties: Sequence[County], path: PopulationPath | None, years: Sequence[int], assumptions: Assumptions, *, stage: str = "primary"
) -> tuple[Entrants | None, tuple[Finding, ...]]:
    """Return the children who reach a stage's age of entry in the known school years and in those of the path after them.

    years: (T,) the known school years (Rolls.years), the last one the origin. Known years are, in this order: persons of that age
    counted in that very year; the path, where it begins before the origin; those of the path's start who were of that age then;
    births of their cohort. Ahead are the path's draws of that age, its middle as one draw where none were made. None without a
    path that reaches beyond the last known year.
    """
    if path is None or path.years[-1] <= years[-1]:
        return None, ()
    age = round(assumptions.number("entry_age", stage))
    places = villages(counties, path.start.zones)
    births, _ = counted_births(counties, places)
    findings: list[Finding] = []
    known = np.stack([_known(year, age, counties, places, path, births, assumptions) for year in years])
    if np.isnan(known).any():
        gaps = [str(year) for year, row in zip(years, known, strict=True) if np.isnan(row).any()]
        found = Text("、".join(gaps), ", ".join(gaps))
        findings.append(finding("projection.entrants_not_known", Place(table="population"), found, count=len(gaps)))
    first = path.years.index(years[-1] + 1)
    drawn = path.drawn(age) if age in path.ages and len(path.draws) else path.middle[None, :, :, age].sum(axis=-1)
    ahead = np.asarray(drawn[:, first:], dtype=np.float32)
    expected = np.asarray(path.middle[first:, :, age].sum(axis=-1))  # not the draws' mean: chance must not part two scenarios
    return Entrants(zones=path.start.zones, known=known, ahead=ahead, expected=expected), tuple(findings)


def _known(
    year: int,
    age: int,
    counties: Sequence[County],
    places: Villages,
    path: PopulationPath,
    births: Births | None,
    assumptions: Assumptions,
) -> Floats:
    """Return the children of that age in one known year, (Z,)."""
    made = _counted(year, age, counties, places, births, assumptions)
    for other in (_on_the_path(year, age, path), _looking_back(year, age, path.start, assumptions), _born(year, age, births, assumptions)):
        made = np.where(np.isnan(made), other, made)
    return made


def _counted(year: int, age: int, counties: Sequence[County], places: Villages, births: Births | None, assumptions: Assumptions) -> Floats:
    then, _ = counted_population([county for county in counties if county.year == year], places, assumptions, births)
    if then is None or age >= then.persons.shape[1]:
        return np.full(len(places.zones), np.nan)
    return np.asarray(then.persons[:, age].sum(axis=1))


def _on_the_path(year: int, age: int, path: PopulationPath) -> Floats:
    unknown = np.full(len(path.start.zones), np.nan)
    return np.asarray(path.middle[path.years.index(year), :, age].sum(axis=1)) if year in path.years else unknown


def _looking_back(year: int, age: int, start: Population, assumptions: Assumptions) -> Floats:
    """Return those of the start who were of that age then, with those who died since; whoever moved since is not undone."""
    now = age + start.year - year
    last = start.persons.shape[1] - (1 if start.open_ended else 0)
    if year > start.year or now >= last:
        return np.full(len(start.zones), np.nan)
    alive = np.cumprod(survival(assumptions, start.persons.shape[1]), axis=0)
    return np.asarray((start.persons[:, now] * (alive[age] / alive[now])).sum(axis=1))


def _born(year: int, age: int, births: Births | None, assumptions: Assumptions) -> Floats:
    if births is None:
        return np.array(np.nan)
    return np.asarray(births.cohort(year - age - 1) * alive_at(assumptions, age))
