"""One scenario worked out: the population ahead, the children who enter, and the pupils that follow from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from junheng.errors import Finding
from junheng.projection.assumptions import ALL, Assumptions
from junheng.projection.backtest import Score, backtest
from junheng.projection.changes import Changes, Opening
from junheng.projection.entrants import entrants, population_path
from junheng.projection.forecast import Entrants, Forecast, Rolls
from junheng.projection.population import PopulationPath
from junheng.projection.predict import forecast
from junheng.projection.programme import Programme
from junheng.workflow.foresee_inputs import Inputs

_NEW = "build"  # the kind of project that makes a school where there was none
_BACK = 10  # years ahead that the back-test looks at
_BACK_DRAWS = 300  # enough for the ends of an 80 % band, at every origin


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outlook:
    """A scenario: the population path (None where nobody was counted or born) and a forecast for each chain of stages."""

    assumptions: Assumptions
    path: PopulationPath | None
    children: Mapping[str, Entrants]  # by the stage that is entered
    forecasts: tuple[Forecast, ...]  # as Inputs.rolls
    changes: Changes  # schools that close or open in the years ahead
    findings: tuple[Finding, ...]


def outlook(inputs: Inputs, assumptions: Assumptions, plan: Programme, *, horizon: int, draws: int, seed: int) -> Outlook:
    """Return a scenario worked out to `horizon` years after the origin; deterministic for a seed.

    Schools that are registered to close without a successor, and new schools of the programme with a day of use, change who goes where.
    """
    changes = _changes(inputs, plan)
    entered = [counted.grades[0][0] for counted in inputs.rolls]
    ages = tuple(round(assumptions.number("entry_age", stage)) for stage in entered)
    until = inputs.year + horizon
    path, told = population_path(inputs.counties, assumptions, until=until, draws=draws, seed=seed, ages=ages)
    findings = list(told)
    children: dict[str, Entrants] = {}
    forecasts = []
    for counted, stage in zip(inputs.rolls, entered, strict=True):
        coming, doubts = entrants(inputs.counties, path, counted.years, assumptions, stage=stage)
        findings += doubts
        if coming is not None:
            children[stage] = coming
        made = forecast(counted, coming, horizon=horizon, draws=draws, seed=seed, changes=_of_chain(changes, counted))
        findings += made.findings
        forecasts.append(made)
    return Outlook(
        assumptions=assumptions,
        path=path,
        children=children,
        forecasts=tuple(forecasts),
        changes=changes,
        findings=tuple(dict.fromkeys(findings)),
    )


def _changes(inputs: Inputs, plan: Programme) -> Changes:
    known = {school for counted in inputs.rolls for school in counted.schools}
    rows = inputs.county.tables["school_changes"].filter(
        (pl.col("kind") == "close") & (pl.col("year") > inputs.year) & pl.col("successor").is_null()
    )
    grades = Counter(stage for counted in inputs.rolls for stage, _ in counted.grades)
    openings = [
        Opening(
            school=one.school or one.project,
            zone=one.district,
            year=one.counted_from,
            intake={one.stage: one.places / grades[one.stage]},
        )
        for one in plan.projects
        if one.kind == _NEW and one.counted_from and one.counted_from > inputs.year and one.district
        if one.places and one.stage in grades and one.school not in known
    ]
    return Changes(closings=dict(rows.select("school", "year").iter_rows()), openings=tuple(openings))


def _of_chain(changes: Changes, counted: Rolls) -> Changes:
    """Return the changes that concern a chain of stages."""
    stages = {stage for stage, _ in counted.grades}
    return Changes(closings=changes.closings, openings=tuple(one for one in changes.openings if set(one.intake) & stages))


def looked_back(inputs: Inputs, assumptions: Assumptions, *, seed: int, progress: Callable[[float], None]) -> tuple[Score, ...]:
    """Return the scores of every chain: earlier years hidden, forecast, compared. Empty where the history is too short."""
    scores: list[Score] = []
    many = len(inputs.rolls)
    for number, counted in enumerate(inputs.rolls):
        scores += backtest(
            counted,
            _as_known_then(inputs, assumptions, counted, seed),
            horizon=min(_BACK, len(counted.years)),
            draws=_BACK_DRAWS,
            seed=seed,
            each_zone=True,
            progress=partial(_share_of, progress, number, many),
        )
    return tuple(scores)


def _share_of(progress: Callable[[float], None], number: int, many: int, done: float) -> None:
    progress((number + done) / many)


def _as_known_then(inputs: Inputs, assumptions: Assumptions, counted: Rolls, seed: int) -> Callable[[int], Entrants | None]:
    """Return the children as they stood at an origin, drawn as in a forecast: Counties, births and those around up to that year only."""
    kept: dict[int, Entrants | None] = {}
    stage = counted.grades[0][0]
    ages = (round(assumptions.number("entry_age", stage)),)

    def at(origin: int) -> Entrants | None:
        if origin not in kept:
            year = counted.years[origin]
            counties = [county for county in inputs.counties if county.year <= year]
            hidden = known_by(assumptions, year)
            path = None
            if counties:
                until = year + _BACK
                path, _ = population_path(counties, hidden, until=until, draws=_BACK_DRAWS, seed=seed, ages=ages, births_until=year)
            kept[origin], _ = entrants(counties, path, counted.years[: origin + 1], hidden, stage=stage)
        return kept[origin]

    return at


def known_by(assumptions: Assumptions, year: int) -> Assumptions:
    """Return the scenario as it could have been in a past year: births of the larger area counted since are hidden, and so is its path."""
    items = {name: one for name, one in assumptions.items.items() if name != "births_ahead"}
    if "births_counted" in items:
        counted = items["births_counted"].values.get(ALL, {})
        until = {one: births for one, births in counted.items() if one <= year}
        items["births_counted"] = replace(items["births_counted"], values={ALL: until})
    return replace(assumptions, items=items)


def stages_of(forecasts: Sequence[Forecast]) -> tuple[str, ...]:
    """Return the stages of all chains in their order."""
    return tuple(stage for one in forecasts for stage in one.stages)
