"""People of each zone by single age and sex, year by year: whoever is counted was born, and then died, moved, left or aged.

Time runs in school years: every count is as of 1 September, so that children who are six on that day enter school that year.

Axes: H years ahead, Z zones, A ages (0 first), 2 sexes (boys and men first), D draws, K ages asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from junheng.documents import finding
from junheng.errors import Finding, Place, Text
from junheng.projection.assumptions import Assumptions
from junheng.projection.births import Births, expected_births, school_year_births
from junheng.projection.draws import draw_children
from junheng.projection.forecast import Floats, Floats32
from junheng.projection.moves import Moves, moves

MALE, FEMALE = 0, 1
SEXES = ("male", "female")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Population:
    """Persons of each zone on 1 September of a year; nan is not known, never zero."""

    year: int
    zones: tuple[str, ...]  # (Z,)
    persons: Floats  # (Z, A, 2)
    open_ended: bool  # the last age holds everybody of that age and older; else whoever grows older leaves the table


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Flows:
    """What happened in each year and zone to those known: start + born - died + arrived - left + shifted - aged = end, in persons."""

    born: Floats  # (H, Z) live births
    died: Floats  # (H, Z)
    arrived: Floats  # (H, Z) from outside the area, new housing included
    left: Floats  # (H, Z) to outside the area
    shifted: Floats  # (H, Z) net, between zones of the area; sums to zero in each year
    aged: Floats  # (H, Z) beyond the last age, where that is not open-ended


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PopulationPath:
    """The population in the years ahead: a middle path that balances, and draws of the ages asked for."""

    start: Population
    years: tuple[int, ...]  # (H,)
    middle: Floats  # (H, Z, A, 2)
    flows: Flows
    ages: tuple[int, ...]  # (K,) ages that were drawn
    draws: Floats32  # (D, H, Z, K), both sexes together
    scenario: str
    seed: int
    findings: tuple[Finding, ...]

    def drawn(self, age: int) -> Floats32:
        """Return the draws of one age, (D, H, Z). ValueError when that age was not asked for."""
        return self.draws[..., self.ages.index(age)]


def project_population(
    start: Population,
    assumptions: Assumptions,
    *,
    years: int,
    draws: int = 0,
    seed: int = 0,
    births: Births | None = None,
    housing: Floats | None = None,
    ages: Sequence[int] = (),
) -> PopulationPath:
    """Return the population of the next `years` years under a scenario.

    births: those counted by calendar year (births.births_counted); where they end, the scenario goes on from them; without any,
    from the youngest ages counted. housing: (H, Z, A) children who move into new housing (housing.housing_arrivals); those that
    come from elsewhere in the area must be negative there. ages: those of which draws are wanted, such as (3, 6).
    Deterministic for a seed. A zone whose ages are not known stays unknown. What had to be capped or could not be used is a finding.
    """
    start = with_room(start, max(ages, default=0) + 1)
    ahead = tuple(range(start.year + 1, start.year + 1 + years))
    survive = survival(assumptions, start.persons.shape[1])
    moved = moves(assumptions, start.zones, start.persons.shape[1], ahead, housing)
    forecast = expected_births(start.year, ahead, start.persons, survive, births, assumptions)
    middle, flows, capped = _middle(start, ahead, survive, moved, forecast.expected, assumptions)
    findings = [*forecast.findings, *_capped(start.zones, ahead, capped)]
    drawn = draw_children(start.persons, forecast, survive, moved, assumptions, ages=ages, draws=draws, seed=seed)
    drawn[:, np.isnan(middle[:, :, list(ages)].sum(axis=3))] = np.nan
    return PopulationPath(
        start=start,
        years=ahead,
        middle=middle,
        flows=flows,
        ages=tuple(ages),
        draws=drawn,
        scenario=assumptions.scenario,
        seed=seed,
        findings=tuple(findings),
    )


def with_room(start: Population, ages: int) -> Population:
    """Return the population with room for so many ages; those above the last one counted are not known."""
    lacking = ages - start.persons.shape[1]
    if start.open_ended or lacking <= 0:
        return start
    return replace(start, persons=np.pad(start.persons, ((0, 0), (0, lacking), (0, 0)), constant_values=np.nan))


def survival(assumptions: Assumptions, ages: int) -> Floats:
    """Return the share alive a year later by the age then reached, (A, 2); 1 where the scenario says nothing."""
    curves = [assumptions.curve("survival", range(ages), sex) for sex in SEXES]
    return np.nan_to_num(np.stack(curves, axis=1), nan=1.0)


def alive_at(assumptions: Assumptions, age: int) -> float:
    """Return the share of those born, both sexes together, who reach an age."""
    return float(np.cumprod(survival(assumptions, age + 1).mean(axis=1))[age])


def _middle(
    start: Population,
    ahead: Sequence[int],
    survive: Floats,
    moved: Moves,
    births: Floats,
    assumptions: Assumptions,
) -> tuple[Floats, Flows, Floats]:
    """Return the middle path (H, Z, A, 2), its flows, and the persons by which leaving had to be capped (H, Z, A)."""
    boys = assumptions.number("boys_at_birth") if assumptions.has("boys_at_birth") else 0.5
    sexes = np.array([boys, 1.0 - boys])
    zones, ages, _ = start.persons.shape
    path = np.empty((len(ahead), zones, ages, 2))
    record = {name: np.zeros((len(ahead), zones)) for name in ("born", "died", "arrived", "left", "shifted", "aged")}
    capped = np.zeros((len(ahead), zones, ages))
    school_years = school_year_births(births)
    now = start.persons
    for step in range(len(ahead)):
        born = school_years[step][:, None] * sexes
        older, gone = _aged(now, born, start.open_ended)
        alive = older * survive
        after_leaving, wanted = _after_moving(alive, moved, step)
        after = moved.shifted(after_leaving, step)
        path[step] = after
        change = np.nan_to_num(after_leaving - alive)
        record["born"][step] = np.nan_to_num(born).sum(axis=1)
        record["died"][step] = np.nan_to_num(older - alive).sum(axis=(1, 2))
        record["arrived"][step] = np.maximum(change, 0.0).sum(axis=(1, 2))
        record["left"][step] = -np.minimum(change, 0.0).sum(axis=(1, 2))
        record["shifted"][step] = np.nan_to_num(after - after_leaving).sum(axis=(1, 2))
        record["aged"][step] = np.nan_to_num(gone)
        capped[step] = np.maximum(-np.nan_to_num(wanted), 0.0).sum(axis=2)
        now = after
    return path, Flows(**record), capped


def _aged(now: Floats, born: Floats, open_ended: bool) -> tuple[Floats, Floats]:
    """Return everybody a year older with the newborn at age 0, and how many left the table by age."""
    older = np.concatenate([born[:, None, :], now[:, :-1, :]], axis=1)
    last = now[:, -1, :]
    if open_ended:
        older[:, -1, :] += last
        return older, np.zeros(len(now))
    return older, last.sum(axis=1)


def _after_moving(alive: Floats, moved: Moves, step: int) -> tuple[Floats, Floats]:
    """Return who is there after migration and new housing, never less than nobody, and what it would have been without that limit."""
    share = alive / np.where(alive.sum(axis=2, keepdims=True) > 0, alive.sum(axis=2, keepdims=True), 1.0)
    share = np.where(alive.sum(axis=2, keepdims=True) > 0, share, 0.5)
    wanted = alive * (1.0 + moved.rate[..., None]) + moved.persons[step][..., None] * share
    return np.maximum(wanted, 0.0), np.minimum(wanted, 0.0)


def _capped(zones: Sequence[str], ahead: Sequence[int], capped: Floats) -> list[Finding]:
    """Return a finding for each zone from which more would have left than lived there: first year and age, and how many in all."""
    found = []
    for number, zone in enumerate(zones):
        excess = capped[:, number]
        if excess.sum() > 0:
            step, age = (int(place) for place in np.argwhere(excess > 0)[0])
            year, many = ahead[step], round(float(excess.sum()), 1)
            words = Text(f"{year}年{age}岁起共多迁出{many}人", f"{many} more leaving than there were, from age {age} in {year} on")
            found.append(finding("projection.more_left_than_lived", Place(key=(zone,)), words, count=int((excess > 0).sum())))
    return found
