"""From a brief to catchments: each zone that changes is a step; beside them the lists, the notice and the proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.errors import Infeasible, OutOfTime, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.districting import (
    UNREACHABLE,
    District,
    Drawn,
    TooFull,
    Unconnected,
    broken,
    draw,
    least_pupils,
    must,
    reaching,
    room_with_least_beyond,
)
from junheng.planning.planners.catchments.balanced import Unbalanced, balanced
from junheng.planning.planners.catchments.both import alternatives as both_alternatives
from junheng.planning.planners.catchments.both import are_one, in_turn, keeps_places
from junheng.planning.planners.catchments.both import whole as whole_bound
from junheng.planning.planners.catchments.chains import chain, with_others
from junheng.planning.planners.catchments.forced import from_plan, lawful, narrows, with_high
from junheng.planning.planners.catchments.frontier import UNIT, WORDS, Beside, alternatives, amounts, beside, best_of, frontier
from junheng.planning.planners.catchments.giving import drawn_giving_way, years_give_way
from junheng.planning.planners.catchments.levels import Drawing, apart_of, bounded, check_pins, feeders, total_of, two_stages
from junheng.planning.planners.catchments.parents import letters, letters_of_both, upward_of_one
from junheng.planning.planners.catchments.question import Question, ask, catchments_of
from junheng.planning.planners.catchments.reach import check_years
from junheng.planning.planners.catchments.staged import Drawing as Staged
from junheng.planning.planners.catchments.staged import staged
from junheng.planning.planners.catchments.steps import school_names, steps_of, village_names
from junheng.planning.planners.catchments.stretches import Stretch, are_staged, stretches, told_undrawn
from junheng.planning.planners.catchments.sums import with_least_beyond
from junheng.planning.planners.catchments.tables import certificate, tables, told, with_remarks
from junheng.planning.proposal import Brief, Inputs, Price, Proposal
from junheng.planning.refusal import PIN, infeasible, out_of_time
from junheng.planning.solve import Impossible, Relaxation, Unproven, Watch
from junheng.standards.rulebook import Rulebook

Ints = NDArray[np.int64]


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return the catchment of every village. A county without villages or schools of the stage gets a proposal without steps.

    Raises DataError for what cannot be used, Infeasible with the rules in conflict, OutOfTime when no plan was found.
    """
    check_years(county, brief, declaration)
    if declaration.value(brief, "stage") == "both":
        return _both(county, rules, brief, declaration, inputs, watch)
    stage = str(declaration.value(brief, "stage"))
    parts, lost = stretches(county, rules, brief, declaration, stage)
    first = parts[0].seen_in(county, stage)
    question = ask(first, rules, parts[0].asked(brief, later=False), declaration)
    if question is None:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    gives = bool(declaration.value(brief, "unavoidable"))
    question, district, drawn = _kept(question, *_drawn(question, first, brief, watch, gives=gives), brief, watch, gives=gives)
    drawn, others = best_of(district, drawn, tuple(beside(question, district, drawn, brief, watch)) if brief.beside else ())
    proposal = _proposal(first, brief, inputs, (question, district, drawn), others)

    def later(part: Stretch, here: County, asked: Brief) -> Staged:
        return _later(part, here, rules, asked, declaration, watch)

    drawings = chain(_drawing(parts[0], first, (question, district, drawn)), parts, brief, later)
    if are_staged(parts):
        proposal = with_others(staged(proposal, drawings, county), drawings, parts, others, declaration, later)
    every = declaration.value(brief, "letters") == "every"
    written = letters([one.told for one in drawings], county, every=every, upward=upward_of_one(question, brief, declaration, county))
    note = _joined([*([proposal.note] if proposal.note else []), *lost])
    return replace(proposal, tables={**proposal.tables, "parents": written}, note=note)


def _joined(notes: list[Text]) -> Text | None:
    return Text("；".join(note.zh for note in notes), "; ".join(note.en for note in notes)) if notes else None


def _drawing(part: Stretch, county: County, found: tuple[Question, District, Drawn]) -> Staged:
    question, district, drawn = found
    zone, objective, bound = drawn.zone[question.block], drawn.objective / 1000, drawn.bound / 1000
    return Staged(part, county, question, zone, objective, bound, district.high, drawn.prices)


def _later(part: Stretch, county: County, rules: Rulebook, brief: Brief, declaration: Declaration, watch: Watch) -> Staged:
    """Return the catchments of years after the first ones. county: as it is then, with the catchments before."""
    gives, asked = bool(declaration.value(brief, "unavoidable")), part.asked(brief, later=True)
    question = cast("Question", ask(county, rules, asked, declaration))
    return _drawing(part, county, _kept(question, *_drawn(question, county, asked, watch, gives=gives), asked, watch, gives=gives))


def reconsider(
    county: County, rules: Rulebook, briefs: tuple[Brief, Brief], declaration: Declaration, inputs: Inputs, watch: Watch
) -> tuple[Proposal, Proposal | Infeasible | OutOfTime]:
    """Return the proposals of two briefs that differ in a pin or two, without others beside them: the second goes on from the first.

    Raises as `propose` does for the first brief, and DataError for either.
    """
    check_years(county, briefs[0], declaration)
    stage = str(declaration.value(briefs[0], "stage"))
    alone = stage != "both"
    if alone:
        parts, _ = stretches(county, rules, briefs[0], declaration, stage)
        alone = not are_staged(parts)
    before = ask(county, rules, briefs[0], declaration) if alone else None
    try:
        after = ask(county, rules, briefs[1], declaration) if alone else None
    except Infeasible:
        after = None  # told again below, beside the first plan
    if before is None or after is None:
        first = propose(county, rules, briefs[0], declaration, inputs, watch)
        try:
            return first, propose(county, rules, briefs[1], declaration, inputs, watch)
        except (Infeasible, OutOfTime) as refusal:
            return first, refusal
    gives = bool(declaration.value(briefs[0], "unavoidable"))
    found = _kept(before, *_drawn(before, county, briefs[0], watch, gives=gives), briefs[0], watch, gives=gives)
    try:
        other = _forced(after, found, briefs, county, watch, gives=gives)
    except (Infeasible, OutOfTime) as refusal:
        return _proposal(county, briefs[0], inputs, found), refusal
    if narrows(*briefs) and other[2].objective < found[2].objective and lawful(found[1], other[2].zone):
        found = *found[:2], replace(other[2], bound=min(found[2].bound, other[2].objective))  # what was forced was better all along
    return _proposal(county, briefs[0], inputs, found), _proposal(county, briefs[1], inputs, other)


def _forced(
    question: Question, found: tuple[Question, District, Drawn], briefs: tuple[Brief, Brief], county: County, watch: Watch, *, gives: bool
) -> tuple[Question, District, Drawn]:
    """Return the plan of a question that differs in a pin or two, begun with the plan found. Raises Infeasible or OutOfTime."""
    before, district, drawn = found
    _at_home(question, county)
    question = replace(question, ahead=before.ahead)
    room = district.high if gives else question.high
    changed = _with_ways(question, with_high(reaching(question.district()), room), county, gives=gives)
    if lawful(changed, drawn.zone):
        return question, changed, drawn
    near = from_plan(changed, drawn, briefs[1], watch)
    answer = (changed, near) if near else _drawn(question, county, briefs[1], watch, gives=gives)
    question, changed, other = _kept(question, *answer, briefs[1], watch, gives=gives)
    if narrows(*briefs) and (changed.high <= district.high).all():
        other = replace(other, bound=min(max(other.bound, drawn.bound), other.objective))
    return question, changed, other


def _proposal(
    county: County, brief: Brief, inputs: Inputs, found: tuple[Question, District, Drawn], others: tuple[Beside, ...] = ()
) -> Proposal:
    question, district, drawn = found
    return Proposal(
        brief=brief,
        steps=steps_of(question, drawn.zone[question.block], county),
        objective=drawn.objective / 1000,
        bound=drawn.bound / 1000,
        unit=UNIT,
        amounts=amounts(question, drawn.zone),
        inputs=inputs,
        prices=tuple(_prices(question, drawn, county)),
        alternatives=alternatives(question, drawn, others, county),
        tables=tables(question, drawn.zone[question.block], county)
        | {"frontier": frontier(question, drawn.zone, others)}
        | _ways_up_of_one(question, drawn, county),
        certificate=certificate(question, district, drawn),
        note=with_remarks(told(question, drawn.zone[question.block]), question),
        words=WORDS,
    )


def _ways_up_of_one(question: Question, drawn: Drawn, county: County) -> dict[str, pl.DataFrame]:
    """Return where each primary catchment of today goes, where junior ones are drawn."""
    lower = catchments_of(county, "primary", question.villages)
    if question.stage == "primary" or not any(lower):
        return {}
    upper = np.array(question.zones, dtype=object)[drawn.zone[question.block]]
    return {"feeders": feeders(county, question, lower, tuple(upper.tolist()), lower, question.today)}


def _both(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return primary and junior catchments of one plan, so that few children part from their mates."""
    gives, whole = (bool(declaration.value(brief, name)) for name in ("unavoidable", "feeders"))
    check_pins(county, brief)
    primary = ask(county, rules, brief, declaration, stage="primary")
    free = ask(county, rules, brief, declaration, stage="junior")
    if primary is None or free is None:
        one = replace(brief, options={**brief.options, "stage": "junior" if primary is None else "primary"})
        return replace(propose(county, rules, one, declaration, inputs, watch), brief=brief)
    apart, undrawn = apart_of(brief, declaration), told_undrawn(county, rules, brief, declaration)
    alone = whole or not apart or not are_one(primary, free)  # else the bound is that of both at once
    first = Drawing(*_kept(primary, *_drawn(primary, county, brief, watch, gives=gives, proven=alone), brief, watch, gives=gives))
    if whole:
        both, bound = _whole(first, county, rules, brief, declaration, watch, gives=gives)
        both = both[0], bounded(both[1], free)
        return _with_letters(two_stages(county, brief, inputs, both, apart, bound), both, county, declaration, undrawn)
    second = Drawing(*_kept(free, *_drawn(free, county, brief, watch, gives=gives, proven=alone), brief, watch, gives=gives))
    both, bound = in_turn((first, second), apart, brief, watch)
    others = both_alternatives((first, second), both, apart, bound, county, brief, watch)
    proposal = replace(two_stages(county, brief, inputs, both, apart, bound), alternatives=tuple(others))
    return _with_letters(proposal, both, county, declaration, undrawn)


def _with_letters(
    proposal: Proposal, both: tuple[Drawing, Drawing], county: County, declaration: Declaration, undrawn: Iterator[Text]
) -> Proposal:
    written = letters_of_both([(one.question, one.zone) for one in both], county, proposal.brief, declaration)
    note = _joined([*([proposal.note] if proposal.note else []), *undrawn])
    return replace(proposal, tables={**proposal.tables, **written}, note=note)


def _whole(
    first: Drawing, county: County, rules: Rulebook, brief: Brief, declaration: Declaration, watch: Watch, *, gives: bool
) -> tuple[tuple[Drawing, Drawing], float]:
    """Return both stages where primary catchments go up whole, and what no such plan falls below; -inf where that is not known."""

    def above(lower: Drawing) -> Drawing:
        codes = tuple(lower.question.zones[j] for j in lower.zone)
        junior = cast("Question", ask(county, rules, brief, declaration, stage="junior", lower=codes))
        return Drawing(*_kept(junior, *_drawn(junior, county, brief, watch, gives=gives), brief, watch, gives=gives))

    both = first, above(first)
    better, bound = whole_bound(both, brief, watch)
    if better is first:
        return both, bound
    try:
        other = better, above(better)
    except (Infeasible, OutOfTime):
        return both, bound
    return (other, bound) if keeps_places(both, other) and total_of(other, 0) < total_of(both, 0) else (both, bound)


def _kept(
    question: Question, district: District, drawn: Drawn, brief: Brief, watch: Watch, *, gives: bool
) -> tuple[Question, District, Drawn]:
    """Return a plan that keeps the share asked for and the places of all years ahead; and the places that these years need.

    gives: places of years ahead give way where they are too few. Raises Infeasible or OutOfTime.
    """
    if gives and question.share is not None and question.ahead:  # a share never gives way: first a plan that has it
        drawn = _believed(balanced(replace(question, ahead=()), district, drawn, brief.limits, brief.seed, watch), drawn, brief)
    if gives:
        question = with_least_beyond(question)
    today = _today(question, district)
    answer = balanced(question, district, drawn, brief.limits, brief.seed, watch, today, gives=gives and bool(question.ahead))
    if gives and question.ahead and isinstance(answer, Unbalanced):
        question, district, drawn, begin = years_give_way(question, district, drawn, answer, today, brief, watch)
        answer = balanced(question, district, drawn, brief.limits, brief.seed, watch, today, begin=begin)
    return question, district, _believed(answer, drawn, brief)


def _believed(answer: Drawn | Unbalanced, drawn: Drawn, brief: Brief) -> Drawn:
    """Return the plan. Raises Infeasible where there is none, OutOfTime where none was found."""
    if not isinstance(answer, Unbalanced):
        return answer
    if answer.answer is None:
        raise out_of_time(Unproven(bound=drawn.bound), brief.limits.gap)
    raise infeasible(answer.answer, UNIT)


def _drawn(question: Question, county: County, brief: Brief, watch: Watch, *, gives: bool, proven: bool = True) -> tuple[District, Drawn]:
    """Return the plan, and the district with the places that it needs. gives: places give way where they are too few; proven: see draw."""
    _at_home(question, county)
    district = reaching(question.district())
    today = _today(question, district)
    if gives:  # by the least that any plan needs; today's zones play no part in it, so that a plan that was adopted stays
        district = replace(district, high=room_with_least_beyond(reaching(replace(question, change=0).district())))
    district = _with_ways(question, district, county, gives=gives)
    if gives:
        district, answer = drawn_giving_way(district, today, brief, watch, proven=proven)
    else:
        answer = draw(district, brief.limits, brief.seed, watch, today, proven=proven)
    if isinstance(answer, Drawn):
        return district, answer
    if isinstance(answer, TooFull) and answer.shortage is None:
        raise out_of_time(Unproven(bound=-np.inf), brief.limits.gap)
    raise infeasible(Impossible(conflict=tuple(_conflict(question, answer, county)), together=()), UNIT)


def _at_home(question: Question, county: County) -> None:
    """Raise Infeasible for a pin or a forbid that parts a school from the village in which it stands."""
    apart = np.flatnonzero(question.metres[question.school_village, question.school_zone] >= UNREACHABLE)
    if not len(apart):
        return
    k = int(apart[0])
    village, school = question.village_names[question.school_village[k]], school_names(question, int(question.school_zone[k]), county)
    named = "、".join(school)
    home = Text(f"{village}是{named}所在的村居，划入本校学区", f"{village}, where {named} stands, is in its catchment")
    asked = Text(f"任务书对{village}的指定或禁止", f"what the brief pins or forbids for {village}")
    conflict = (Relaxation(home, None, None), Relaxation(asked, None, None, option=PIN))
    raise infeasible(Impossible(conflict=conflict, together=()), UNIT)


def _with_ways(question: Question, district: District, county: County, *, gives: bool) -> District:
    """Return places in which the villages that can go to one catchment only have room, with the villages on the way there.

    Raises Infeasible where there is no way, or no room on it and places may not give way.
    """
    high = district.high.copy()
    for block in must(district):
        zone, pupils = least_pupils(district, int(block))
        if pupils > high[zone] and not gives:
            raise infeasible(Impossible(conflict=tuple(_far(question, int(block), zone, pupils, county)), together=()), UNIT)
        high[zone] = max(high[zone], pupils)
    return replace(district, high=high)


def _far(question: Question, block: int, zone: int, pupils: int, county: County) -> Iterator[Relaxation]:
    """Name what is in conflict where a village far away belongs to a catchment: with those on its way it takes more than all places."""
    village = "、".join(question.village_names[k] for k in np.flatnonzero(question.block == block))
    school, lack = "、".join(school_names(question, zone, county)), float(pupils - question.high[zone])
    yield Relaxation(Text(f"{village}只能划入{school}学区", f"{village} goes to the catchment of {school}"), None, None)
    joined = Text(
        f"学区与学校连成一片（从{village}到学校，沿途村居至少共{pupils}名学生）",
        f"a catchment is joined to its school (from {village} there are {pupils} pupils on the way at least)",
    )
    yield Relaxation(joined, None, None)
    yield Relaxation(_at_most(question, zone, int(question.high[zone]), county), lack, None, "places", "pupils")


def _today(question: Question, district: District) -> Ints | None:
    """Return today's plan by blocks; None where a village is in no zone of today, villages of a block are apart, or a zone is in pieces."""
    place = {name: j for j, name in enumerate(question.zones)}
    if any(zone not in place for zone in question.today):
        return None
    at = np.array([place[zone] for zone in question.today], dtype=np.int64)
    plan = np.zeros(len(district.pupils), dtype=np.int64)
    plan[question.block] = at
    is_whole = bool((plan[question.block] == at).all())
    settled = all((plan[root] == j).all() for j, root in enumerate(district.roots))
    may_be = is_whole and settled and bool((district.each[np.arange(len(plan)), plan] < UNREACHABLE).all())
    return plan if may_be and not len(broken(district, plan)) else None


def _conflict(question: Question, answer: TooFull | Unconnected, county: County) -> Iterator[Relaxation]:
    """Name the villages that have too few places within reach, and the zones that they can go to."""
    shortage = answer.shortage if isinstance(answer, TooFull) else None
    blocks = answer.blocks if isinstance(answer, Unconnected) else shortage.blocks if shortage else ()
    names = village_names(county)
    villages = [names.get(question.villages[k], question.villages[k]) for k in np.flatnonzero(np.isin(question.block, blocks))]
    named = "、".join(villages[:10]) + (f"等{len(villages)}个村居" if len(villages) > 10 else "")
    named_en = ", ".join(villages[:10]) + (f" and others, {len(villages)} in all" if len(villages) > 10 else "")
    room = Text("", "") if shortage is None else _room(shortage.pupils, shortage.places, len(shortage.schools))
    every = Text(f"{named}的孩子都有学位{room.zh}", f"every child of {named_en} has a place{room.en}")
    yield Relaxation(every, None if shortage is None else float(shortage.pupils - shortage.places), None, unit="pupils")
    if shortage is None:
        yield Relaxation(Text("学区与学校连成一片", "a catchment is joined to its school"), None, None)
        yield Relaxation(Text("指定、禁止和最远路程的规定", "what is pinned, forbidden, and the farthest way"), None, None, option=PIN)
        return
    lack = float(shortage.pupils - shortage.places)
    for zone in shortage.schools:
        most = int(question.high[zone])
        yield Relaxation(_at_most(question, int(zone), most, county), lack, None, "places", "pupils")
    if not len(shortage.schools):
        yield Relaxation(Text("路程与禁止的规定", "the limits of way and what is forbidden"), None, None)


def _room(pupils: float, places: float, schools: int) -> Text:
    lack = pupils - places
    return Text(
        f"（共{pupils:,.0f}名学生；能划入的{schools}个学区学位合计{places:,.0f}个，缺{lack:,.0f}个）",
        f" ({pupils:,.0f} pupils; the {schools} catchments that they can go to have {places:,.0f} places in all, {lack:,.0f} too few)",
    )


def _at_most(question: Question, zone: int, most: int, county: County) -> Text:
    name = "、".join(school_names(question, zone, county))
    return Text(f"{name}学区不超过{most}名学生", f"catchment of {name} has at most {most} pupils")


def _prices(question: Question, drawn: Drawn, county: County) -> Iterator[Price]:
    for j in np.flatnonzero(drawn.prices > 0):
        rule = _at_most(question, int(j), int(question.high[j]), county)
        yield Price(rule, float(drawn.prices[j]) / 1000, 1.0, "pupils", "over", proven=False)
