"""From a brief to the path: moves that cost nothing first, then what costs, each with its reason, its price and its year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from junheng.documents import finding
from junheng.errors import Infeasible, Place, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.choose import Chosen, choose, prices
from junheng.planning.planners.path_to_pass.kept import keeps_later, of_years, settled
from junheng.planning.planners.path_to_pass.limit_prices import limit_prices
from junheng.planning.planners.path_to_pass.moving import with_zones
from junheng.planning.planners.path_to_pass.others import alternatives, front, others, shown
from junheng.planning.planners.path_to_pass.others import told as told_by
from junheng.planning.planners.path_to_pass.pinned import with_pins
from junheng.planning.planners.path_to_pass.proof import certificate
from junheng.planning.planners.path_to_pass.question import Question, ask
from junheng.planning.planners.path_to_pass.steps import steps
from junheng.planning.planners.path_to_pass.tables import tables, words
from junheng.planning.planners.path_to_pass.years import FURTHEST, QUICK, later, scheduled
from junheng.planning.proposal import Brief, Inputs, Price, Proposal
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Impossible, Unproven, Watch
from junheng.standards.rulebook import Rulebook

UNIT = "yuan"
_MANY = 250  # schools by stage: above, the ten searches beside the plan are left out
_AGAIN = 6  # times that the plan is sought with less money, since whole things leave some over


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return the cheapest path. A county that passes gets a proposal without steps.

    Raises DataError for prices or stocks that cannot be used, Infeasible with the rules in conflict, OutOfTime when no plan was found.
    """
    if not county.tables["schools"].height:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)

    def plan(of: County, how: Brief) -> Proposal:
        return _planned(_Asked(of, rules, how, declaration, watch), inputs)

    return with_zones(county, rules, brief, declaration, watch, plan)


def _planned(asked: _Asked, inputs: Inputs) -> Proposal:
    """Return the cheapest path of a county whose catchments stay."""
    county, rules, brief, declaration, watch = asked
    years = of_years(county, rules, brief, declaration)
    question, unable = years.own, years.unable
    chosen, sought = settled(years, lambda each: _paid(each, brief, watch))
    if isinstance(chosen, Impossible):
        raise _in_another_year(infeasible(chosen, UNIT), asked)
    if isinstance(chosen, Unproven):
        raise out_of_time(chosen, brief.limits.gap)
    made = steps(question, chosen)
    told = tables(question, chosen, made, unable) | {"years": _years(asked, question, chosen)}
    changes = [change for step in made.steps for change in step.changes]
    told_more = brief.beside and len(question.judged.units) <= _MANY
    beside = others(sought, chosen, brief, watch) if told_more and chosen.objective else ()
    beside = tuple(one for one in beside if keeps_later(years, one.chosen))
    told["front"] = front(told_by(question, chosen), beside)
    told["later"] = later(county, question.judged, rules, changes, _last(question, asked), _replaced(asked))
    return Proposal(
        brief=brief,
        steps=made.steps,
        objective=chosen.objective,
        bound=chosen.bound,
        unit=UNIT,
        amounts=shown(chosen.amounts, beside),
        inputs=inputs,
        prices=_prices(sought, chosen, asked) if told_more else (),
        alternatives=alternatives(question, told_by(question, chosen), beside),
        tables=told,
        certificate=certificate(question, chosen),
        note=_note(question),
        words=words(question, unable),
    )


def _prices(question: Question, chosen: Chosen, asked: _Asked) -> tuple[Price, ...]:
    """Return what is saved where a coefficient, or a rule of schools, gives way by the step of the brief."""
    step, limits = asked.declaration.value(asked.brief, "price_step"), asked.brief.limits
    of_schools = limit_prices(question, chosen, Decimal(str(step)), limits, asked.watch)
    if int(asked.declaration.value(asked.brief, "keep")):  # the search then has tighter limits than those that could give way
        return tuple(of_schools)
    return (*prices(question, chosen, float(step), limits, asked.watch), *of_schools)


class _Asked(NamedTuple):
    county: County
    rules: Rulebook
    brief: Brief
    declaration: Declaration
    watch: Watch


def _paid(question: Question, brief: Brief, watch: Watch) -> Chosen | Impossible | Unproven:
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


def _years(asked: _Asked, question: Question, chosen: Chosen) -> pl.DataFrame:
    """Return the nearest year in which the county can pass, up to that of the brief; none is sought where no year was asked for."""
    rows = []
    if question.years:
        nearest = next((one for one in _others(asked, range(1, question.years)) if one.passes), None)
        rows = [] if nearest is None else [(asked.county.year + nearest.years, nearest.yuan, "year.nearest")]
        word = "year.asked" if nearest else "year.asked_nearest"
        rows.append((asked.county.year + question.years, chosen.objective, word))
    return pl.DataFrame(rows, schema={"year": pl.Int64, "objective": pl.Float64, "said": pl.String}, orient="row")


def _last(question: Question, asked: _Asked) -> int:
    """Return the last year in which it must pass."""
    return asked.county.year + question.years + int(asked.declaration.value(asked.brief, "keep"))


def _replaced(asked: _Asked) -> Decimal:
    return Decimal(str(asked.declaration.value(asked.brief, "replaced"))) / 100


class _Other(NamedTuple):
    years: int
    passes: bool
    yuan: float


def _others(asked: _Asked, years: Iterable[int]) -> Iterator[_Other]:
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
        chosen = _paid(question, brief, asked.watch)
        yield _Other(many, isinstance(chosen, Chosen), chosen.objective if isinstance(chosen, Chosen) else 0.0)


def _in_another_year(refusal: Infeasible, asked: _Asked) -> Infeasible:
    """Return the refusal, with the first later year in which the county could pass."""
    years = int(asked.declaration.value(asked.brief, "years"))
    found = next((one for one in _others(asked, range(years + 1, FURTHEST + 1)) if one.passes), None) if years else None
    if found is None:
        return refusal
    year = asked.county.year + found.years
    later_on = finding("planning.passes_in_a_later_year", Place(column="years"), str(years), years=found.years, year=year)
    return Infeasible([*refusal.findings, later_on])


def _note(question: Question) -> Text | None:
    """Return what the plan leaves undone because no measure can do it."""
    schools, spreads = len({unit[0] for unit in question.left_out}), len(question.spreads_out)
    if not schools and not spreads:
        return None
    zh = "、".join([*([f"{schools}所学校"] if schools else []), *([f"{spreads}项差异系数"] if spreads else [])])
    en = " and ".join([*([f"{schools} school(s)"] if schools else []), *([f"{spreads} coefficient(s)"] if spreads else [])])
    return Text(f"另有{zh}用现有措施达不了标，未列入方案，原因逐条列出", f"{en} cannot pass by any measure and are left out, with reasons")
