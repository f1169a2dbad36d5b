"""Zone boundaries as a measure: villages at a border go to the next catchment where that costs less than what it saves.

Boundaries and measures are found by turns. One program knows both (joint.py); it says which villages go, and its bound is one for every
plan with such moves. The county with these villages moved is then asked as any other, so that what is bought and where teachers go is for
the pupils whom the judge counts there. Other plans and prices are found the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

import polars as pl

from junheng.errors import Infeasible, Text
from junheng.model.change import apply
from junheng.planning.planners.path_to_pass.joint import Joint, beside, joint
from junheng.planning.planners.path_to_pass.kept import of_years
from junheng.planning.planners.path_to_pass.nearest import Asked, nearest_year
from junheng.planning.planners.path_to_pass.others import Told, ahead, alternatives, front, named, others, reason, told
from junheng.planning.planners.path_to_pass.planned import UNIT, Planned, tried
from junheng.planning.planners.path_to_pass.prices import Cost, Eased, priced, rules_that_bind
from junheng.planning.planners.path_to_pass.question import Question
from junheng.planning.planners.path_to_pass.unable import Unable
from junheng.planning.planners.path_to_pass.zone_changes import all_changes
from junheng.planning.planners.path_to_pass.zone_pins import as_pinned
from junheng.planning.planners.path_to_pass.zone_rules import Going
from junheng.planning.planners.path_to_pass.zone_steps import as_one, stays_tables, with_moves
from junheng.planning.planners.path_to_pass.zones import Borders, borders
from junheng.planning.proposal import Alternative, Price, Proposal
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Unproven

_MANY = 250  # schools by stage: above, what stands beside the plan is left out
_RELAXED = 5  # per cent of a school's pupils, more than the brief allows, of which the price is told


class _Zoned(NamedTuple):
    """The question of the county as it is, what may go, and what must."""

    asked: Asked
    question: Question
    unable: tuple[Unable, ...]
    borders: Borders
    going: Going

    @property
    def can_stay(self) -> bool:
        """Return whether no village must go."""
        return not self.going.must


class _Plan(NamedTuple):
    """A plan, with the villages that go."""

    found: Joint
    plan: Planned
    cost: float  # with what the pupils who go weigh
    told: Told


def with_zones(asked: Asked) -> Proposal:
    """Return the cheaper of the plans with and without other boundaries, with other plans and prices beside it.

    Raises DataError for pins that cannot be, Infeasible and OutOfTime as the plan itself does.
    """
    zoned = _zoned(asked)
    best = joint(asked, zoned.question, zoned.going)
    stays = _stays(zoned) if zoned.can_stay else None
    goes = _goes(zoned, best)
    plans = [each for each in (goes, stays) if isinstance(each, _Plan)]
    if not plans:
        raise _refusal(zoned, best, stays)
    first = min(plans, key=lambda each: each.cost)
    bound = min(best.bound, first.cost)
    proposal = _beside(zoned, first, [each for each in plans if each is not first], bound)
    note = _with_note(proposal.note) if isinstance(stays, Infeasible) else proposal.note
    return replace(proposal, note=note, tables={**proposal.tables, **stays_tables(zoned.borders)})


def _with_note(note: Text | None) -> Text:
    said = Text("学区不动则没有能达标的方案", "no plan passes while catchments stay")
    return said if note is None else Text(f"{note.zh}；{said.zh}", f"{note.en}; {said.en}")


def _zoned(asked: Asked) -> _Zoned:
    question, unable = of_years(asked.county, asked.rules, asked.brief, asked.declaration)
    share = asked.said("zone_moves") / 100
    found = borders(asked.county, asked.rules, question, share)
    ways, musts = as_pinned(asked.county, asked.brief, found)
    return _Zoned(asked, question, unable, found, Going(ways=ways, share=share, yuan=asked.said("zone_yuan"), must=musts))


def _refusal(zoned: _Zoned, best: Joint, stays: object) -> Exception:
    if isinstance(stays, Infeasible):
        return stays
    if best.impossible is not None:
        return infeasible(best.impossible, UNIT, zoned.asked.declaration)
    return out_of_time(Unproven(bound=best.bound), zoned.asked.brief.limits.gap)


def _stays(zoned: _Zoned) -> _Plan | Infeasible:
    plan = tried(zoned.asked, (zoned.question, zoned.unable))
    if isinstance(plan, Infeasible):
        return plan
    return _Plan(Joint(), plan, plan.chosen.objective, told(plan.question, plan.chosen))


def _goes(zoned: _Zoned, found: Joint) -> _Plan | None:
    """Return the plan of the county with villages moved; None where none goes, or something cannot pass then that could before."""
    if not found.ways:
        return None
    asked = zoned.asked
    after = apply(asked.county, all_changes(asked.county, found.ways))
    plan = tried(asked._replace(county=after))
    if isinstance(plan, Infeasible):
        return None
    before, now = zoned.question, plan.question
    if not (now.left_out <= before.left_out and now.spreads_out <= before.spreads_out):
        return None
    pupils = sum(way.pupils for way in found.ways)
    return _Plan(found, plan, plan.chosen.objective + found.cost(zoned.going.yuan), told(now, plan.chosen)._replace(pupils=pupils))


def _beside(zoned: _Zoned, first: _Plan, plans: list[_Plan], bound: float) -> Proposal:
    """Return a plan as one of the county as it is, with what stands beside it."""
    asked, question = zoned.asked, first.plan.question
    more = asked.brief.beside and len(question.judged.units) <= _MANY
    besides = [*_fewer(zoned, first), *(("zones_stay", each) for each in plans)] if more else []
    besides = [(name, each) for name, each in besides if not each.found.ways or each.told.pupils < first.told.pupils]
    mixes = others(question, first.plan.chosen, asked.brief, asked.watch) if more and first.plan.chosen.objective else ()
    pupils = first.told.pupils
    mixes = tuple(one._replace(told=one.told._replace(pupils=pupils)) for one in mixes)
    made = as_one(asked, first.plan, first.found.ways, zoned.question, zoned.going.yuan, bound)
    others_told = [_alternative(zoned, first, each, bound) for _, each in besides]
    mixed = [with_moves(asked, one, first.found, zoned.going.yuan, bound) for one in alternatives(question, first.told, mixes)]
    rows = [_Row(name, each.told) for name, each in besides] + [_Row(one.id, one.told) for one in mixes]
    years = nearest_year(asked, zoned.question, first.cost).with_columns(said=pl.col("said").replace("year.nearest", "year.nearest_stays"))
    beside_it, words = named([row.id for row in rows], [*others_told, *mixed])
    return replace(
        made,
        alternatives=beside_it,
        prices=tuple(_prices(zoned, first, bound)) if more else (),
        tables={**made.tables, "front": front(first.told, rows), "years": years},
        words={**made.words, **words},
    )


class _Row(NamedTuple):
    id: str
    told: Told


def _fewer(zoned: _Zoned, first: _Plan) -> Iterator[tuple[str, _Plan]]:
    """Yield the best plan in which at most half as many villages go."""
    many = len(first.found.ways) // 2
    if not many or (zoned.asked.watch.cancelled is not None and zoned.asked.watch.cancelled()):
        return
    found = beside(zoned.asked, zoned.question, replace(zoned.going, most=many))
    plan = _goes(zoned, found)
    if plan is not None:
        yield "fewer_villages", plan


def _alternative(zoned: _Zoned, first: _Plan, other: _Plan, bound: float) -> Alternative:
    made = as_one(zoned.asked, other.plan, other.found.ways, zoned.question, zoned.going.yuan, bound)
    title = ahead(first.told, other.told)
    if not other.found.ways:  # that no pupil goes to another school need not be said then
        title = ahead(first.told._replace(pupils=0), other.told)
        title = Text(f"学区不动：{title.zh}", f"catchments stay: {title.en}") if title.zh else Text("学区不动", "catchments stay")
    return Alternative(
        title=title,
        reason=reason(first.told, other.told),
        steps=made.steps,
        objective=made.objective,
        bound=made.bound,
        amounts=made.amounts,
    )


def _prices(zoned: _Zoned, first: _Plan, bound: float) -> Iterator[Price]:
    """Yield what rules cost when boundaries and measures may both answer to their giving way; the share of pupils who move is one."""
    asked, going = zoned.asked, zoned.going

    def find(eased: Eased) -> Cost | None:
        open_to = _wider(zoned) if eased.option else going
        answer = beside(asked, eased.ask(zoned.question), open_to)
        return None if answer.objective == float("inf") else Cost(answer.objective, answer.bound)

    step = Decimal(str(asked.declaration.value(asked.brief, "price_step")))
    binding = rules_that_bind(first.plan.question, first.plan.chosen, step)
    share = _share_of_pupils(zoned) if step else ()
    yield from priced(Cost(first.cost, bound), chain(binding, share), find, asked.brief.limits, asked.watch)


def _wider(zoned: _Zoned) -> Going:
    """Return what may go when schools may gain and lose more pupils."""
    asked, share = zoned.asked, zoned.going.share + _RELAXED / 100
    ways, musts = as_pinned(asked.county, asked.brief, borders(asked.county, asked.rules, zoned.question, share))
    return replace(zoned.going, ways=ways, must=musts, share=share)


def _share_of_pupils(zoned: _Zoned) -> Iterator[Eased]:
    now = zoned.asked.said("zone_moves")
    to = now + _RELAXED
    if to <= int(zoned.asked.declaration.options["zone_moves"].most or 0):
        zh = f"一所学校改划增减学生的上限从{now}%放宽到{to}%"
        en = f"pupils that a school may gain or lose by other catchments from {now}% to {to}%"
        yield Eased(lambda question: question, Text(zh, en), float(_RELAXED), "%", "zone_moves")
