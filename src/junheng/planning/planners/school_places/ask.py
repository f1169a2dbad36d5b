"""From a County and a brief to the question: everything that is wrong with them is told together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, StandardsError, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.school_places.demand import Demand, demand
from junheng.planning.planners.school_places.procedure import in_time
from junheng.planning.planners.school_places.question import Block, Floats, Question, Unit, Weights
from junheng.planning.planners.school_places.reach import nearest, out_of_reach, reach, stranded, today, ways
from junheng.planning.planners.school_places.units import one_way_only, read_choices, read_units
from junheng.planning.proposal import Brief
from junheng.planning.travel import site_points, travel
from junheng.projection.class_limits import class_limit
from junheng.standards.rulebook import Rulebook

_STAGES = ("primary", "junior")
_METRES = 1000.0
_MINUTES = 60.0
_TEN_THOUSAND = 10_000
_DAY = Text("日期，如2026-11-22", "a day, as 2026-11-22")


def ask(county: County, rules: Rulebook, brief: Brief, declaration: Declaration) -> Question:
    """Return the question. Raises DataError with everything in the county or the brief that cannot be planned with."""

    def number(name: str) -> float:
        return float(declaration.value(brief, name))

    stages = [stage for stage in _STAGES if declaration.value(brief, stage)]
    years = tuple(county.year + 1 + k for k in range(int(number("years"))))
    units, base, notes = read_units(county, rules, stages, years, int(number("point_grades")))
    if not units:
        return _nothing(years, _weights(number))
    sizes = {stage: _class_size(rules, stage) for stage in stages}
    terms, begin = _terms(rules), _today(brief, declaration)
    pinned = {**{(pin.what[1], pin.to): True for pin in brief.pins}, **{(pin.what[1], pin.to): False for pin in brief.forbids}}
    choices = one_way_only(read_choices(county, units, base, sizes), units, pinned)
    wanted = demand(county, stages, years)
    minutes = {stage: _minutes(rules, stage, number("minutes_otherwise")) for stage in stages}
    metres = _metres(county, rules, wanted, units)
    norm = {stage: minutes[stage] / _MINUTES * number("ride") * _METRES for stage in stages}
    boarding = (int(rules.number("boarding.first_grade", unit="1")), number("boarding_km") * _METRES)
    blocks, members, pairs = reach(wanted, units, choices, metres, norm, boarding, int(number("point_grades")))
    pupils = np.stack([wanted.pupils[:, :, rows].sum(axis=2) for rows in members], axis=2) if members else np.zeros((1, len(years), 0))
    place_of = [wanted.rows[rows[0]][0] for rows in members]
    lost = stranded(blocks, pairs, pupils.max(axis=(0, 1)))
    if declaration.value(brief, "keep_last"):
        pairs = _daily_where_it_is_today(pairs, blocks, units)
    findings = list(_pins(brief, units))
    within = len(pairs)
    if declaration.value(brief, "exceptions"):
        pairs += list(nearest(lost, blocks, units, metres, place_of))
        lost = stranded(blocks, pairs, pupils.max(axis=(0, 1)))
    findings += out_of_reach(lost, blocks, units, metres, place_of, norm)
    if findings:
        raise DataError(findings)
    expected = np.tensordot(wanted.chance, pupils, axes=1)[0]
    flow = today(blocks, units, expected, metres, place_of)
    return Question(
        years=years,
        units=units,
        base=base,
        choices=tuple(in_time(choices, years, terms, begin)),
        blocks=tuple(blocks),
        scenarios=wanted.scenarios,
        pupils=pupils,
        chance=wanted.chance,
        ways=ways(pairs, np.arange(len(pairs)) >= within, flow),
        sizes=_sizes(rules, units),
        smallest=_smallest(rules, sizes),
        minutes=minutes,
        viable={stage: int(number(f"least_{stage}")) or _viable(rules, stage) for stage in stages},
        weights=_weights(number),
        pinned=pinned,
        km_today=_mean_way(flow, metres[place_of] if place_of else np.zeros((0, len(units)))),
        notes=(*wanted.notes, *notes),
        terms=terms,
        begin=begin,
    )


def _today(brief: Brief, declaration: Declaration) -> date | None:
    """Return the day from which on the procedure can begin; None where the brief does not say it. Raises DataError."""
    said = str(declaration.value(brief, "today"))
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise DataError([finding("planning.bad_option", Place(column="today"), said, kind=_DAY, bounds=Text("", ""))]) from None


def _mean_way(flow: Floats, metres: Floats) -> Floats:
    """Return the mean way of each block in km at the flow of today; nan where nothing is known of it."""
    total = flow.sum(axis=1)
    summed = (flow * np.where(flow > 0, metres, 0.0)).sum(axis=1) / _METRES
    return np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)


def _nothing(years: tuple[int, ...], weights: Weights) -> Question:
    """Return the question of a county without schools of these stages."""
    return Question(
        years=years,
        units=(),
        base=np.zeros((0, len(years)), dtype=np.int64),
        choices=(),
        blocks=(),
        scenarios=("middle",),
        pupils=np.zeros((1, len(years), 0)),
        chance=np.ones(1),
        ways=ways([], np.zeros(0, dtype=np.bool_), np.zeros((0, 0))),
        sizes={},
        smallest={},
        minutes={},
        viable={},
        weights=weights,
        pinned={},
        km_today=np.zeros(0),
        notes=(),
        terms={},
    )


def _weights(number: Callable[[str], float]) -> Weights:
    return Weights(
        yuan_km=number("yuan_km"),
        days=number("days"),
        boarding_year=number("boarding_year"),
        moved=number("moved"),
        change=number("change"),
        budget=number("budget") * _TEN_THOUSAND,
        budget_year=number("budget_year") * _TEN_THOUSAND,
        least_new=number("least_new") / 100,
        size_from=int(number("size_from")) - 1,
        point_grades=int(number("point_grades")),
        closing=bool(number("closing")),
        close_below=int(number("close_below")),
        point_below=int(number("point_below")),
        farther=number("farther"),
        reserve=number("reserve") / 100,
        is_whole=bool(number("whole_villages")),
    )


def _daily_where_it_is_today(
    pairs: list[tuple[int, int, float, bool]], blocks: Sequence[Block], units: Sequence[Unit]
) -> list[tuple[int, int, float, bool]]:
    """Leave out boarding for primary pupils who can go daily to a school that exists: a closure must not make them board."""
    daily = {block for block, unit, _, boards in pairs if not boards and not units[unit].is_site and blocks[block].stage == _STAGES[0]}
    return [pair for pair in pairs if not (pair[3] and pair[0] in daily)]


def _class_size(rules: Rulebook, stage: str) -> int:
    limit = class_limit(rules, stage)
    if limit is None:
        raise StandardsError(finding("planning.no_class_limit", Place(key=("class_size.maximum",)), stage))
    return limit


def _minutes(rules: Rulebook, stage: str, otherwise: float) -> float:
    """Return the longest way that the standard allows, in minutes; what the brief says where it names none."""
    held = rules.standings("travel.rural_minutes.maximum").get(stage)
    return otherwise if held is None else float(held.value)


def _sizes(rules: Rulebook, units: Sequence[Unit]) -> dict[str, int]:
    """Return the most pupils of each school by the compulsory stages that it has."""
    stages: dict[str, set[str]] = {}
    for unit in units:
        stages.setdefault(unit.school, set()).add(unit.stage)
    named = {school: "both" if len(its) > 1 else next(iter(its)) for school, its in stages.items()}
    return {school: int(rules.number("school_size.maximum", unit="pupils/school", compulsory=chosen)) for school, chosen in named.items()}


def _terms(rules: Rulebook) -> dict[str, int]:
    """Return the days before a school closes by which each part of the procedure is done."""
    return {part: int(held.value) for part, held in rules.standings("assumed.closing.days").items()}


def _viable(rules: Rulebook, stage: str) -> int:
    """Return the least pupils of a school that stays, as the shelf of standards assumes; 0 where it says nothing."""
    held = rules.standings("assumed.viable_size.minimum").get(stage)
    return 0 if held is None else int(held.value)


def _smallest(rules: Rulebook, sizes: dict[str, int]) -> dict[str, int]:
    """Return the places of the smallest complete school that the building standard knows."""
    least = {}
    for stage, size in sizes.items():
        classes = int(rules.number(f"planning.rural.classes.{stage}", unit="classes", size="size_1"))
        least[stage] = classes * size
    return least


def _metres(county: County, rules: Rulebook, wanted: Demand, units: Sequence[Unit]) -> Floats:
    """Return the ways from every place to every unit, in metres: (places, units)."""
    codes, _, lon, lat = zip(*wanted.places, strict=True) if wanted.places else ((), (), (), ())
    origins = site_points(codes, np.array(lon), np.array(lat))
    there = site_points([unit.code for unit in units], np.array([unit.lon for unit in units]), np.array([unit.lat for unit in units]))
    return np.asarray(travel(county, rules, origins, there, mode="bus").way)


def _pins(brief: Brief, units: Sequence[Unit]) -> Iterator[Finding]:
    planned = {unit.code for unit in units}
    for pin in (*brief.pins, *brief.forbids):
        if pin.what[1] not in planned:
            yield finding("planning.pin_of_school_not_planned_here", Place(column=pin.what[0], key=(pin.what[1],)), pin.what[1])
