"""What is coming? Pupils, places and teachers of one county in the years ahead, with bands and the record of past forecasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model import County, digest, schema
from junheng.projection.backtest import Score
from junheng.projection.forecast import Forecast
from junheng.projection.notable import notable
from junheng.projection.predict import SEED
from junheng.projection.programme import Programme, programme
from junheng.projection.promises import promises
from junheng.projection.seats import Seats, seats
from junheng.projection.warning import HORIZONS, need_against_seats
from junheng.workflow.assess import code_digest
from junheng.workflow.foresee_brief import brief
from junheng.workflow.foresee_first import said_first
from junheng.workflow.foresee_forecast import Outlook, looked_back, outlook
from junheng.workflow.foresee_inputs import Inputs, gather
from junheng.workflow.foresee_judged import outturns
from junheng.workflow.foresee_later import later
from junheng.workflow.foresee_method import assumption_source, assumption_views, limits, method
from junheng.workflow.foresee_notice import notice
from junheng.workflow.foresee_record import record
from junheng.workflow.foresee_seats import notable_views, project_lines, promise_lines, seat_lines
from junheng.workflow.foresee_series import Names, children_series, pupil_series, pyramids, sums
from junheng.workflow.foresee_sheets import sheets
from junheng.workflow.foresee_teachers import teacher_lines
from junheng.workflow.foresee_words import Said, figures, headlines
from junheng.workflow.map_view import map_of
from junheng.workflow.views import Digests, Source
from junheng.workflow.views.foresight import Backtest, Foresight, PromiseLine, Scenario, Series

Step = Callable[[Text, int, int], None]

HORIZON = 15
DRAWS = 2000

_READING = Text("读取各学年数据", "Reading the years")
_FORECAST = Text("预测：{}", "Forecasting: {}")
_BACK = Text("回测", "Testing on the past")
_JUDGING = Text("测算学位与教师", "Places and teachers")
_WRITING = Text("整理结果", "Putting together")
_LEAST_DRAWS = 100
_PARTS = 100  # of the progress bar


@dataclass(frozen=True, slots=True, eq=False)
class _Provision:
    """What is there and what is planned: the programme, and the seats of every year ahead."""

    programme: Programme
    seats: Seats


def foresee(
    folder: Path,
    year: int | None = None,
    *,
    horizon: int = HORIZON,
    draws: int = DRAWS,
    seed: int | None = None,
    backtest: bool = True,
    judge: int | None = None,
    as_of: date | None = None,
    progress: Step | None = None,
) -> Foresight:
    """Return what is coming from a school year on (the latest when None), in every scenario, the middle one first.

    horizon: years ahead; draws: of which the bands are made; backtest: whether forecasts of the past are made and scored; judge: a
    year ahead in which the authority's frameworks judge the projected county; as_of: the day on which projects are judged.
    Deterministic for a seed (one of its own when None) and an as_of. Raises as `gather` does, and DataError for a `judge` not ahead.
    """
    told = progress or _silent
    seed = SEED if seed is None else seed
    told(_READING, 0, _PARTS)
    inputs = gather(folder, year, as_of)
    _refuse_unforeseen(inputs.year, horizon, judge)
    plan = programme(inputs.county, inputs.rules, inputs.as_of)
    ahead = range(inputs.year, inputs.year + horizon + 1)
    given = _Provision(plan, seats(inputs.county, inputs.rules, plan, ahead))
    ours = promises(inputs.county, plan, given.seats)
    worked: list[Outlook] = []
    made: list[Scenario] = []
    findings: list[Finding] = [*inputs.findings, *plan.findings, *given.seats.findings, *ours.findings]
    for number, assumptions in enumerate(inputs.scenarios.values()):
        told(_titled(_FORECAST, assumptions.title), 10 + 20 * number, _PARTS)
        one = outlook(inputs, assumptions, plan, horizon=horizon, draws=_draws(draws, number), seed=seed)
        scenario, doubts = _scenario(inputs, one, given)
        findings += [*one.findings, *doubts]
        made.append(scenario)
        worked.append(_light(one) if number else one)
    first = worked[0]
    scores: tuple[Score, ...] = ()
    if backtest:
        scores = looked_back(inputs, first.assumptions, seed=seed, progress=lambda done: told(_BACK, 70 + round(15 * done), _PARTS))
    told(_JUDGING, 85, _PARTS)
    kept = record(scores, _basis(first.forecasts), _counted_years(inputs), asked=backtest, name_of=inputs.names.of)
    view = _view(inputs, worked, made, kept, given, promise_lines(ours), horizon)
    told(_WRITING, 90, _PARTS)
    whole = replace(
        view,
        method=method(draws, _draws(draws, 1), horizon, seed),
        sheets=sheets(view, inputs.rolls, given.seats, inputs.names),
        outturns=outturns(inputs, first, judge) if judge is not None else (),
        later=later(inputs, first.assumptions, horizon=horizon, draws=_draws(draws, 1), seed=seed),
        findings=tuple(_named(one, inputs.names) for one in dict.fromkeys(findings)),
    )
    told(_WRITING, _PARTS, _PARTS)
    return whole


def _draws(draws: int, number: int) -> int:
    """Return the draws of a scenario: all for the first, which is read most closely, a quarter for those shown beside it."""
    return draws if number == 0 else max(_LEAST_DRAWS, draws // 4)


def _refuse_unforeseen(year: int, horizon: int, judge: int | None) -> None:
    if judge is not None and not year < judge <= year + horizon:
        raise DataError(finding("workflow.year_not_foreseen", Place(), str(judge), first=year + 1, last=year + horizon))


def _silent(_text: Text, _done: int, _total: int) -> None:
    """Report progress to nobody."""


def _titled(words: Text, title: Text) -> Text:
    return Text(words.zh.format(title.zh), words.en.format(title.en))


def _light(one: Outlook) -> Outlook:
    """Return a scenario without its forecasts: their draws are the largest things in memory, and only the first one's are asked again."""
    return replace(one, forecasts=())


def _scenario(inputs: Inputs, one: Outlook, given: _Provision) -> tuple[Scenario, tuple[Finding, ...]]:
    """Return one scenario as a view, with what was doubtful."""
    needs: list[pl.DataFrame] = []
    marked: list[pl.DataFrame] = []
    findings: list[Finding] = []
    for forecast in one.forecasts:
        need = need_against_seats(forecast, given.seats, inputs.county, inputs.rules)
        needs.append(need.rows)
        findings += need.findings
        marked.append(notable(forecast, given.seats, inputs.county, inputs.rules))
    teachers, doubts = teacher_lines(inputs, one.forecasts)
    made = Scenario(
        id=one.assumptions.scenario,
        title=one.assumptions.title,
        assumptions=assumption_views(one.assumptions),
        series=tuple(_series(inputs, one)),
        pyramids=pyramids(one.path, [inputs.year + ahead for ahead in HORIZONS], Text("", "")) if one.path else (),
        seats=seat_lines(needs, inputs.names),
        notable=notable_views(pl.concat(marked), inputs.names),
        teachers=teachers,
    )
    return made, (*findings, *doubts)


def _series(inputs: Inputs, one: Outlook) -> Iterator[Series]:
    scenario = one.assumptions.scenario
    note = Text("历史较短，误差主要取自其他地区", "short history: errors mostly of other places")
    for counted, forecast in zip(inputs.rolls, one.forecasts, strict=True):
        its = note if forecast.basis == "pooled" else Text("", "")
        yield from pupil_series(scenario, counted, forecast, sums(counted, forecast), inputs.names, its)
        stage = counted.grades[0][0]
        if one.path and stage in one.children:
            known = one.children[stage].known.sum(axis=1)
            age = round(one.assumptions.number("entry_age", stage))
            series = children_series(scenario, one.path, dict(zip(counted.years, known.tolist(), strict=True)), age, inputs.names, stage)
            if series:
                yield series


def _basis(forecasts: Iterable[Forecast]) -> Literal["own", "pooled"]:
    return "pooled" if any(one.basis == "pooled" for one in forecasts) else "own"


def _counted_years(inputs: Inputs) -> tuple[int, ...]:
    return tuple(county.year for county in inputs.counties)


def _view(
    inputs: Inputs,
    worked: list[Outlook],
    made: list[Scenario],
    kept: Backtest,
    given: _Provision,
    promised: tuple[PromiseLine, ...],
    horizon: int,
) -> Foresight:
    name = inputs.office.name
    reached = tuple(ahead for ahead in HORIZONS if ahead <= horizon) or (horizon,)
    projects = project_lines(given.programme, inputs.names)
    said = Said(
        county=inputs.county.code,
        county_name=name.zh,
        year=inputs.year,
        horizons=reached,
        scenario=made[0],
        projects=projects,
        promises=promised,
        record=kept,
        note=said_first(inputs, worked[0].assumptions),
    )
    return Foresight(
        county=inputs.county.code,
        county_name=name,
        year=inputs.year,
        horizons=reached,
        as_of=inputs.as_of,
        scenarios=tuple(made),
        brief=brief(said),
        headlines=headlines(said),
        figures=figures(said),
        projects=projects,
        promises=promised,
        backtest=kept,
        map=map_of(_with_shapes(inputs)),
        notice=notice(said),
        limits=limits(inputs, worked[0]),
        method=(),
        sheets=(),
        findings=(),
        digests=Digests(county=digest(inputs.county), standards=inputs.rules.digest, code=code_digest()),
        sources=_sources(inputs),
    )


def _with_shapes(inputs: Inputs) -> County:
    """Return the county drawn by townships where these have outlines: seats are counted by township."""
    county = inputs.county
    if county.tables["districts"]["geometry"].count():
        return replace(county, tables={**county.tables, "villages": county.tables["villages"].clear()})
    return county


def _sources(inputs: Inputs) -> tuple[Source, ...]:
    """Return the documents of the scenarios, each once."""
    found = {one.source: assumption_source(one) for scenario in inputs.scenarios.values() for one in scenario.items.values()}
    return tuple(found.values())


def _named(one: Finding, names: Names) -> Finding:
    """Return a finding with its table and column in the reader's words, and the name of the school or township it is about."""
    place = one.place
    table = schema().tables.get(place.table)
    if table is None:
        return one
    title = place.title if place.title.zh else table.title
    label = place.label
    if place.column in table.names and not label.zh:
        label = table.column(place.column).label
    name = place.name or next((names.areas[key] for key in place.key if key in names.areas), "")
    return replace(one, place=replace(place, title=title, label=label, name=name))
