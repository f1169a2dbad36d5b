"""The nearest year in which the county can pass, and the money of the years: whole things begin in one year that has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from junheng.documents import finding
from junheng.errors import Infeasible, Place
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.choose import Chosen, choose
from junheng.planning.planners.path_to_pass.pinned import with_pins
from junheng.planning.planners.path_to_pass.question import Question, ask
from junheng.planning.planners.path_to_pass.years import FURTHEST, QUICK, scheduled
from junheng.planning.proposal import Brief, Inputs
from junheng.planning.solve import Impossible, Unproven, Watch
from junheng.standards.rulebook import Rulebook

_AGAIN = 6  # times that the plan is sought with less money, since whole things leave some over


class Asked(NamedTuple):
    """What a planner is asked, all of it."""

    county: County
    rules: Rulebook
    brief: Brief
    declaration: Declaration
    inputs: Inputs
    watch: Watch

    def said(self, name: str) -> int:
        """Return a whole number that the brief says of an option."""
        return int(self.declaration.value(self.brief, name))


def paid(question: Question, brief: Brief, watch: Watch) -> Chosen | Impossible | Unproven:
    """Return the cheapest amounts that the money of the years can pay, whole things in one year each."""
    first = chosen = choose(question, brief.limits, brief.seed, watch)
    for _ in range(_AGAIN):
        if isinstance(chosen, Impossible | Unproven):
            break
        lacking = scheduled(question, chosen.adds)[1]
        if not lacking:
            return replace(chosen, bound=min(chosen.objective, first.bound)) if isinstance(first, Chosen) else chosen
        question = replace(question, spare=question.spare + lacking)
        chosen = choose(question, brief.limits, brief.seed, watch)
    return first if isinstance(first, Impossible | Unproven) else Unproven(bound=first.bound)


def nearest_year(asked: Asked, question: Question, objective: float) -> pl.DataFrame:
    """Return the nearest year in which the county can pass, up to that of the brief; none is sought where no year was asked for."""
    rows = []
    if question.years:
        nearest = next((one for one in _others(asked, range(1, question.years)) if one.passes), None)
        rows = [] if nearest is None else [(asked.county.year + nearest.years, nearest.yuan, "year.nearest")]
        word = "year.asked" if nearest else "year.asked_nearest"
        rows.append((asked.county.year + question.years, objective, word))
    return pl.DataFrame(rows, schema={"year": pl.Int64, "objective": pl.Float64, "said": pl.String}, orient="row")


class _Other(NamedTuple):
    years: int
    passes: bool
    yuan: float


def _others(asked: Asked, years: Iterable[int]) -> Iterator[_Other]:
    """Yield whether the county can pass in other years, with the fewest left out that ever must be."""
    known = set(asked.county.tables["school_pupils_ahead"]["year"].to_list())
    for many in years:
        if asked.county.year + many not in known:
            continue
        brief = replace(asked.brief, options={**asked.brief.options, "years": many}, limits=QUICK)
        free = replace(brief, pins=())
        question, _ = with_pins(ask(asked.county, asked.rules, free, asked.declaration), free)
        never, _ = with_pins(ask(asked.county, asked.rules, free, asked.declaration, soon=False), free)
        if question.left_out > never.left_out or question.spreads_out > never.spreads_out:
            continue
        chosen = paid(question, brief, asked.watch)
        yield _Other(many, isinstance(chosen, Chosen), chosen.objective if isinstance(chosen, Chosen) else 0.0)


def in_another_year(refusal: Infeasible, asked: Asked) -> Infeasible:
    """Return the refusal, with the first later year in which the county could pass."""
    years = asked.said("years")
    found = next((one for one in _others(asked, range(years + 1, FURTHEST + 1)) if one.passes), None) if years else None
    if found is None:
        return refusal
    year = asked.county.year + found.years
    later_on = finding("planning.passes_in_a_later_year", Place(column="years"), str(years), years=found.years, year=year)
    return Infeasible([*refusal.findings, later_on])
