"""What is wrong with a programme of places, looked up in the County that it makes: nothing of the model or of the search is used.

Places of every year are read from the new County as any forecast reads them; who goes where is read from the certificate; rules are
counted again, and what the plan costs is added up anew from the rows that it adds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.school_places.ask import ask
from junheng.planning.planners.school_places.crowding import RECEIVES, crowding, touched
from junheng.planning.planners.school_places.question import CLOSE, OPEN, POINT, Floats, Ints, Question
from junheng.planning.planners.school_places.units import provision
from junheng.planning.proposal import Proposal
from junheng.projection.programme import Project, programme
from junheng.standards.rulebook import Rulebook

_ROUNDING = 1.0  # yuan
_SHARE = 1e-6
_HALF_A_PUPIL = 0.5
_KINDS = {"build": OPEN, "extend": "extend", "convert": "shrink"}


class _After(NamedTuple):
    """The new County as the rules see it."""

    places: Ints  # (U, T)
    closed: Ints  # (U,) the first plan year, T for never
    point: Ints  # (U,)
    levels: Ints  # (K, T)
    share: Floats  # (T, A)


def faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]:
    """Return every fault of a proposal for this county; none for one that may be believed (its bound apart)."""
    question = ask(county, rules, proposal.brief, declaration)
    if not question.units:
        return ()
    if proposal.certificate is None or "goes" not in proposal.certificate.tables:
        return (Text("没有附谁去哪里的证明", "the proof of who goes where is lacking"),)
    made = apply(county, proposal.changes)
    after = _after(question, county, made, rules, proposal.certificate.tables["goes"])
    found = [
        *_served(question, after),
        *_together(question, after),
        *_rooms(question, after),
        *_closures(question, after),
        *_farther(question, after),
        *_new_schools(question, after),
        *_viable(question, after),
        *_money(question, after),
        *_pins(question, after),
        *_crowded(question, after, (county, made), rules, proposal.tables.get("crowding")),
    ]
    total = _cost(question, after)
    if abs(total - proposal.objective) > _ROUNDING:
        found.append(Text(f"目标值应为{total:,.0f}", f"the objective is {total:,.0f}"))
    if proposal.bound > proposal.objective + _ROUNDING:
        found.append(Text("下界高于目标值", "the bound lies above the objective"))
    return tuple(found)


def _after(question: Question, before: County, county: County, rules: Rulebook, goes: pl.DataFrame) -> _After:
    years, units = question.years, question.units
    rows = provision(county, rules, years).rows
    places = {
        (school, stage, year): many or 0 for school, stage, year, many in rows.select("school", "stage", "year", "places").iter_rows()
    }
    on_site = {(site, stage): project for site, stage, project in county.tables["sites"].select("site", "stage", "project").iter_rows()}
    codes = [on_site.get((unit.code, unit.stage)) or unit.code if unit.is_site else unit.code for unit in units]
    table = np.array(
        [[places.get((code, unit.stage, year), 0) for year in years] for code, unit in zip(codes, units, strict=True)], dtype=np.int64
    )
    private = table.min(axis=1) > question.base.max(axis=1, initial=0)
    changes = county.tables["school_changes"]
    closed = _first(changes.filter(pl.col("kind").is_in(["close", "merge"])), question)
    point = _first(changes.filter(pl.col("kind") == POINT), question)
    known = set(before.tables["projects"]["project"])
    made = [one for one in programme(county, rules, rules.day).projects if one.project not in known]
    closed_now = _first(before.tables["school_changes"].filter(pl.col("kind").is_in(["close", "merge"])), question)
    levels = _levels(question, made, np.where(closed_now < len(years), len(years), closed), point, codes)
    capped = np.where(_fixed(question, levels)[:, None] & private[:, None], question.base, table)
    return _After(capped, closed, point, levels, _shares(question, goes))


def _fixed(question: Question, levels: Ints) -> np.ndarray:
    """Return the units at which nothing is done: what a private school takes stays what it has."""
    touched = {choice.unit for choice, row in zip(question.choices, levels, strict=True) if row.any()}
    return np.array([k not in touched for k in range(len(question.units))], dtype=np.bool_)


def _first(changes: pl.DataFrame, question: Question) -> Ints:
    changes = changes.filter(pl.col("year") >= question.years[0])
    by_school = dict(changes.group_by("school").agg(pl.col("year").min()).iter_rows())
    last = len(question.years)
    return np.array(
        [max(0, by_school.get(unit.code, question.years[0] + last) - question.years[0]) for unit in question.units], dtype=np.int64
    )


def _levels(question: Question, made: list[Project], closed: Ints, point: Ints, codes: list[str]) -> Ints:
    """Return how many of each choice the new County has by each year."""
    years = np.arange(len(question.years))
    levels = np.zeros((len(question.choices), len(years)), dtype=np.int64)
    for k, choice in enumerate(question.choices):
        unit = question.units[choice.unit]
        if choice.fate in (CLOSE, POINT):
            levels[k] = years >= (closed if choice.fate == CLOSE else point)[choice.unit]
            continue
        for one in made:
            here = one.project == codes[choice.unit] if unit.is_site else one.school == unit.code
            if here and one.stage == unit.stage and _KINDS.get(one.kind) == choice.fate and one.counted_from and choice.places:
                levels[k] += (years + question.years[0] >= one.counted_from) * (abs(one.places or 0) // choice.places)
    return levels


def _shares(question: Question, goes: pl.DataFrame) -> Floats:
    """Return the certificate's shares by year and pair; a pair that the question does not allow is left out, and so misses."""
    ways = question.ways
    pair = {(int(b), question.units[u].code): a for a, (b, u) in enumerate(zip(ways.block, ways.unit, strict=True))}
    block = {(one.place, one.stage, "、".join(one.grades)): k for k, one in enumerate(question.blocks)}
    share = np.zeros((len(question.years), len(ways.block)))
    for year, place, stage, grades, school, part in goes.select("year", "place", "stage", "grades", "school", "share").iter_rows():
        at = pair.get((block.get((place, stage, grades), -1), school))
        if at is not None and year in question.years:
            share[question.years.index(year), at] += part
    return share


def _served(question: Question, after: _After) -> Iterator[Text]:
    for t, year in enumerate(question.years):
        total = np.bincount(question.ways.block, weights=after.share[t], minlength=len(question.blocks))
        there = question.pupils[:, t].max(axis=0) > 0
        for k in np.flatnonzero(there & (np.abs(total - 1) > _SHARE)):
            name = question.blocks[k].label
            yield Text(
                f"{year}学年{name.zh}的孩子有{total[k]:.0%}有学位", f"{total[k]:.0%} of the children of {name.en} have a place in {year}"
            )


def _together(question: Question, after: _After) -> Iterator[Text]:
    """See that no village is divided where villages are to go whole."""
    divided = (after.share > _SHARE) & (after.share < 1 - _SHARE)
    if question.weights.is_whole:
        for t, year in enumerate(question.years):
            for k in np.unique(question.ways.block[divided[t]]):
                name = question.blocks[k].label
                yield Text(f"{year}学年{name.zh}的孩子分到几所学校", f"the children of {name.en} go to several schools in {year}")


def _rooms(question: Question, after: _After) -> Iterator[Text]:
    ways = question.ways
    for t, year in enumerate(question.years):
        for scenario, pupils in zip(question.scenarios, question.pupils[:, t], strict=True):
            load = np.bincount(ways.unit, weights=after.share[t] * pupils[ways.block], minlength=len(question.units))
            for u in np.flatnonzero(load > after.places[:, t] + _HALF_A_PUPIL):
                unit, many = question.units[u], after.places[u, t]
                zh = f"{year}学年{unit.label}{load[u]:.0f}名学生，{many}个学位（{scenario}）"
                yield Text(zh, f"{unit.label} has {load[u]:.0f} pupils and {many} places in {year} ({scenario})")
        expected = np.bincount(ways.unit, weights=after.share[t] * question.expected[t, ways.block], minlength=len(question.units))
        for school, limit in question.sizes.items() if t >= question.weights.size_from else ():
            load_of = sum(float(expected[u]) for u, unit in enumerate(question.units) if unit.school == school)
            if load_of > limit + _HALF_A_PUPIL:
                yield Text(
                    f"{year}学年{school}有{load_of:.0f}名学生，上限{limit}", f"{school} has {load_of:.0f} pupils in {year}, {limit} at most"
                )


def _closures(question: Question, after: _After) -> Iterator[Text]:
    ways, weights = question.ways, question.weights
    years = np.arange(len(question.years))[:, None]
    tops = np.array([block.top for block in question.blocks], dtype=np.int64)[ways.block]
    late = (years >= after.closed[ways.unit]) & (after.share > _SHARE)
    upper = (years >= after.point[ways.unit]) & (tops > weights.point_grades) & (after.share > _SHARE)
    for wrong, verb in ((late, "撤并"), (upper, "改为教学点")):
        for u in np.unique(ways.unit[wrong.any(axis=0)]):
            yield Text(
                f"{question.units[u].label}{verb}后仍有不应在此的学生", f"{question.units[u].label} still takes pupils that it should not"
            )
    for k, choice in (*question.choices_of(CLOSE), *question.choices_of(POINT)):
        if after.levels[k].any() and not question.is_small_enough(choice):
            name = question.units[choice.unit].label
            yield Text(f"{name}不在可撤并或改为教学点之列", f"{name} may not close or become a teaching point")


def _farther(question: Question, after: _After) -> Iterator[Text]:
    """Look, for each school that closes, at those to whom it is the nearest: where they go must not be much farther."""
    ways, weights = question.ways, question.weights
    exists = ~np.array([unit.is_site for unit in question.units])[ways.unit] & ~ways.boards
    least = np.full(len(question.blocks), np.inf)
    np.minimum.at(least, ways.block[exists], ways.km[exists])
    far = ways.boards | (ways.km > least[ways.block] + weights.farther)
    for _, choice in question.choices_of(CLOSE):
        unit, first = question.units[choice.unit], int(after.closed[choice.unit])
        if question.pinned.get((unit.code, CLOSE)):
            continue
        here = exists & (ways.unit == choice.unit)
        nearest = set(ways.block[here & (ways.km <= least[ways.block])].tolist())
        sent = far & np.isin(ways.block, sorted(nearest))
        wrong = (after.share[first:, sent] > _SHARE).any(axis=0)
        for block in np.unique(ways.block[sent][wrong]).tolist():
            who = question.blocks[block].label
            zh = f"撤并{unit.label}后，{who.zh}的孩子多走{weights.farther:g}公里以上"
            yield Text(zh, f"when {unit.label} closes, children of {who.en} go more than {weights.farther:g} km farther")


def _new_schools(question: Question, after: _After) -> Iterator[Text]:
    """Look at the size of every school that is built, and at how many it has in the last year in the lowest scenario."""
    low = question.pupils[0, -1]
    load = np.bincount(question.ways.unit, weights=after.share[-1] * low[question.ways.block], minlength=len(question.units))
    for k, choice in question.choices_of(OPEN):
        unit, places = question.units[choice.unit], int(after.levels[k][-1]) * choice.places
        if places and places < min(question.smallest[unit.stage], choice.places * choice.most):
            yield Text(f"{unit.label}只建{places}个学位，太小", f"{unit.label} is built with {places} places, too small")
        if load[choice.unit] < places * question.weights.least_new - _HALF_A_PUPIL:
            few = f"{load[choice.unit]:.0f}"
            yield Text(f"{unit.label}最后一年只有{few}人", f"{unit.label} has only {few} pupils in the end")


def _viable(question: Question, after: _After) -> Iterator[Text]:
    """Count the pupils of schools that stay although closing or a teaching point might be considered."""
    ways, last = question.ways, len(question.years)
    pupils = question.expected[-1, ways.block]
    load = np.bincount(ways.unit, weights=after.share[-1] * pupils, minlength=len(question.units))
    for unit, least in question.must_be_viable():
        name = question.units[unit].label
        if after.closed[unit] >= last and after.point[unit] >= last and load[unit] < least - _HALF_A_PUPIL:
            few = f"{load[unit]:.0f}"
            yield Text(
                f"{name}最后一年只有{few}人，保留至少{least}人", f"{name} has only {few} pupils in the end, {least} at least to stay"
            )


def _crowded(
    question: Question, after: _After, counties: tuple[County, County], rules: Rulebook, table: pl.DataFrame | None
) -> Iterator[Text]:
    """Count pupils, rooms and area of the schools touched again, and see that their rooms seat no more than the class limit."""
    if table is None:
        return
    receive = set(table.filter(pl.col("fate") == RECEIVES).select("school", "stage").iter_rows())
    receivers = [u for u, unit in enumerate(question.units) if (unit.code, unit.stage) in receive]
    ways, pupils = question.ways, question.pupils[-1]
    shares = zip(after.share, pupils, strict=True)
    high = np.array([np.bincount(ways.unit, share * many[ways.block], len(question.units)) for share, many in shares])
    again = crowding(question, touched(question, after.levels, receivers), high, counties, rules)
    given = {(row["school"], row["stage"]): row for row in table.iter_rows(named=True)}
    for row in again.iter_rows(named=True):
        if given.get((row["school"], row["stage"])) != row:
            yield Text(f"{row['school']}的前后对比与重算不符", f"before and after of {row['school']} differ from what is counted")
    if len(given) > again.height:
        yield Text("前后对比中有没有变动的学校", "a school stands in before and after at which nothing is done")


def _money(question: Question, after: _After) -> Iterator[Text]:
    spent = np.zeros(len(question.years))
    for choice, levels in zip(question.choices, after.levels, strict=True):
        spent += choice.yuan * levels + choice.fixed * (levels > 0)
    weights = question.weights
    if weights.budget and spent[-1] > weights.budget + _ROUNDING:
        yield Text(f"投资{spent[-1]:,.0f}元，超出上限", f"{spent[-1]:,.0f} yuan are invested, more than allowed")
    yearly = np.diff(spent, prepend=0.0)
    for year, many in zip(question.years, yearly, strict=True):
        if weights.budget_year and many > weights.budget_year + _ROUNDING:
            yield Text(f"{year}学年投资{many:,.0f}元，超出上限", f"{many:,.0f} yuan are invested in {year}, more than allowed")
    for choice, levels in zip(question.choices, after.levels, strict=True):
        if levels[: choice.first].any() or levels.max(initial=0) > choice.most:
            name = question.units[choice.unit].label
            yield Text(f"{name}的措施过早或超过规模", f"what is done at {name} comes too early or is too large")


def _pins(question: Question, after: _After) -> Iterator[Text]:
    for (code, fate), wanted in question.pinned.items():
        own = [
            (choice, row) for choice, row in zip(question.choices, after.levels, strict=True) if question.units[choice.unit].code == code
        ]
        done = (
            {choice.fate for choice, row in own if row[-1]} - {"extend"}
            if fate == "keep"
            else {choice.fate for choice, row in own if row[-1]}
        )
        holds = (not done if fate == "keep" else fate in done) == wanted
        if not holds:
            yield Text(f"{code}没有按指定办", f"{code} breaks a pin")


def _cost(question: Question, after: _After) -> float:
    weights, ways = question.weights, question.ways
    total = 0.0
    for choice, levels in zip(question.choices, after.levels, strict=True):
        unit, is_on = question.units[choice.unit], levels > 0
        total += choice.yuan * levels[-1] + choice.fixed * is_on[-1]
        total += choice.yuan_year * levels.sum() + choice.fixed_year * is_on.sum()
        total += weights.moved * is_on[-1] * {CLOSE: unit.pupils, POINT: unit.above}.get(choice.fate, 0)
    for t in range(len(question.years)):
        pupils = after.share[t] * question.expected[t, ways.block]
        days = np.where(ways.boards, weights.days / 5, weights.days)
        total += float((pupils * days * 2 * ways.km).sum()) * weights.yuan_km
        total += float(pupils[ways.boards].sum()) * weights.boarding_year
        elsewhere = np.maximum(after.share[t] - ways.today, 0.0) * question.expected[t, ways.block]
        total += float(elsewhere.sum()) * weights.change
    return total
