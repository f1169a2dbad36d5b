"""From a brief to zones: today's zones keep their names where they keep their schools; each zone that changes is a step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.errors import Infeasible, OutOfTime, Text
from junheng.model.change import AddRow, Change, RemoveRow, SetValue
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.supervision_zones.choose import Known, Zoned, amounts_of, choose
from junheng.planning.planners.supervision_zones.others import others
from junheng.planning.planners.supervision_zones.pins import SEAT
from junheng.planning.planners.supervision_zones.question import Ints, Question, ask, candidates
from junheng.planning.planners.supervision_zones.remarks import apart, with_remarks
from junheng.planning.planners.supervision_zones.teams import Roster, Teams, form, note, roster, team_tables
from junheng.planning.proposal import Alternative, Brief, Certificate, Inputs, Proposal, Step
from junheng.planning.refusal import infeasible, out_of_time
from junheng.planning.solve import Impossible, Unproven, Watch
from junheng.planning.solve.timer import Timer
from junheng.standards.rulebook import Rulebook

UNIT = "school-metres"


def propose(county: County, rules: Rulebook, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch) -> Proposal:
    """Return zones for every school. An empty county gets a proposal without steps.

    Raises DataError for schools without place or pupils, Infeasible with the rules in conflict, OutOfTime when no plan was found.
    """
    question = ask(county, rules, brief, declaration)
    if not question.codes:
        return Proposal(brief=brief, steps=(), objective=0.0, bound=0.0, unit=UNIT, amounts=(), inputs=inputs)
    zoned = _first_possible(question, brief, declaration, watch)
    return _proposal(county, question, zoned, brief, declaration, inputs, watch)


def reconsider(
    county: County, rules: Rulebook, briefs: tuple[Brief, Brief], declaration: Declaration, inputs: Inputs, watch: Watch
) -> tuple[Proposal, Proposal | Infeasible | OutOfTime]:
    """Return the proposals of two briefs of which the second has one pin more: it begins from the plan and the bound of the first.

    A limit of seconds is shared: the first has half of it, the second what is left. Raises as `propose` does for the first brief.
    """
    timer, (first, second) = Timer(briefs[0].limits), (ask(county, rules, brief, declaration) for brief in briefs)
    half = None if timer.limits.seconds is None else timer.limits.seconds / 2
    zoned = _first_possible(first, replace(briefs[0], limits=replace(timer.limits, seconds=half)), declaration, watch)
    before = _proposal(county, first, zoned, briefs[0], declaration, inputs, watch)
    zones = len(np.unique(zoned.seats))
    has_more = set(briefs[0].pins) <= set(briefs[1].pins) and set(briefs[0].forbids) <= set(briefs[1].forbids)
    known = Known(zoned.seats, zoned.bound if has_more else -np.inf)
    try:
        other = _believed(choose(second, zones, timer.left, briefs[1].seed, watch, known), briefs[1], declaration)
    except (Infeasible, OutOfTime) as refusal:
        return before, refusal
    return before, _proposal(county, second, other, briefs[1], declaration, inputs, watch)


def _proposal(
    county: County, question: Question, zoned: Zoned, brief: Brief, declaration: Declaration, inputs: Inputs, watch: Watch
) -> Proposal:
    known = _Known(county, question, roster(county, question.codes), 1000 * float(declaration.value(brief, "lacking")), watch)
    draft = known.drafted(zoned.seats)
    numbers = {"bound": zoned.bound, "bound_by_prices": zoned.bound_by_prices}
    if draft.teams.zone:
        numbers |= {"teams": draft.teams.objective / 1000, "teams_bound": draft.teams.bound / 1000}
    is_stopped = bool(watch.cancelled and watch.cancelled())
    beside = others(question, zoned, brief.seed, watch) if brief.beside and not is_stopped else ()
    return Proposal(
        brief=brief,
        steps=_steps(known, draft),
        objective=zoned.objective,
        bound=zoned.bound,
        unit=UNIT,
        amounts=zoned.amounts,
        inputs=inputs,
        tables={
            "load": _load(question, draft),
            "members": _members(question, zoned.seats, draft.named),
            **known.team_tables(draft),
            **apart(question),
        },
        alternatives=tuple(
            Alternative(
                title=other.title,
                reason=other.reason,
                steps=_steps(known, known.drafted(other.seats)),
                objective=other.objective,
                bound=zoned.bound,
                amounts=amounts_of(question, other.seats),
            )
            for other in beside
        ),
        certificate=Certificate(how=_HOW, numbers=numbers),
        note=with_remarks(known.note(draft), question),
        words={SEAT: Text("作驻点", "seat of its zone")},
    )


class _Draft(NamedTuple):
    """Zones with their names, how many inspectors each has, and who they are when the county has entered them."""

    seats: Ints
    named: dict[int, str]
    staff: dict[int, int]
    teams: Teams


class _Known(NamedTuple):
    """What a draft is made from. people: None where the county has entered none; lacking: metres that a missing stage weighs."""

    county: County
    question: Question
    people: Roster | None
    lacking: float
    watch: Watch

    def drafted(self, seats: Ints) -> _Draft:
        named = _named(self.question, seats, self.county)
        if self.people is None:
            return _Draft(seats, named, _staff(self.question, seats, named, self.county), Teams())
        if self.question.inspectors != len(self.people.codes):
            teams = Teams(conflict=(Text("任务书另定了督学总人数", "the brief sets another number of inspectors"),))
        else:
            teams = form(self.question, self.people, seats, named, self.lacking, self.watch)
        staff = {seat: teams.zone.count(zone) for seat, zone in named.items()}
        return _Draft(seats, named, staff if teams.zone else _staff(self.question, seats, named, self.county), teams)

    def team_tables(self, draft: _Draft) -> dict[str, pl.DataFrame]:
        return team_tables(self.question, self.people, draft.seats, draft.named, draft.teams) if self.people else {}

    def team(self, draft: _Draft, zone: str) -> list[str]:
        if self.people is None or not draft.teams.zone:
            return []
        return [code for code, its in zip(self.people.codes, draft.teams.zone, strict=True) if its == zone]

    def note(self, draft: _Draft) -> Text | None:
        return note(self.people, draft.teams) if self.people else None


def _steps(known: _Known, draft: _Draft) -> tuple[Step, ...]:
    """Return a step for each zone that changes, then the zones that are closed."""
    made = (_step(known, draft, seat) for seat in sorted(draft.named, key=lambda seat: draft.named[seat]))
    return (*(step for step in made if step), *_closed(known, draft))


def _load(question: Question, draft: _Draft) -> pl.DataFrame:
    """Return one row a zone: schools, pupils, inspectors, ways, who comes and who leaves."""
    seats, named, staff, _ = draft
    today, rows = np.array(question.today), []
    for seat, zone in sorted(named.items(), key=lambda pair: (len(pair[1]), pair[1])):
        inside = seats == seat
        rows.append(
            {
                "zone": zone,
                "seat": question.codes[seat],
                "schools": int(inside.sum()),
                "pupils": int(question.pupils[inside].sum()),
                "inspectors": staff[seat],
                "schools_each": round(float(inside.sum()) / staff[seat], 2),
                "way": float(question.way[seat, inside].sum()) / 1000,
                "way_each": float(question.way[seat, inside].sum()) / 1000 / staff[seat],
                "farthest": float(question.way[seat, inside].max()) / 1000,
                "coming": int((inside & (today != zone)).sum()),
                "leaving": int((~inside & (today == zone)).sum()),
            }
        )
    return pl.DataFrame(rows)


def _members(question: Question, seats: Ints, named: dict[int, str]) -> pl.DataFrame:
    """Return one row a school, by zone and code."""
    frame = pl.DataFrame(
        {
            "zone": [named[int(seat)] for seat in seats],
            "school": question.codes,
            "pupils": question.pupils,
            "way": question.way[seats, np.arange(len(seats))] / 1000,
            "today": question.today,
        }
    )
    return frame.sort(pl.col("zone").str.len_chars(), "zone", "school")


_HOW = Text(
    "给每所学校和每名学生一个价格，任何相连、均衡的划法都不低于由价格算出的下界；上面的数是价格给出的下界和求解器在剩余配对上给出的下界。"
    "各区名单可逐校核对（相连、所数、学生数、路程）；价格不随方案给出，下界不能凭此复核，只能用同一任务书和种子重新求解。",
    "With a price for each school and each pupil, no connected and balanced plan comes to less than the bound that follows from them; "
    "the numbers are that bound, and the engine's over the pairs that prices leave. "
    "Members of zones can be checked school by school (joined, schools, pupils, ways); the prices are not given with the plan, so that the "
    "bound cannot be checked from it, only found again by the same brief and seed.",
)


def _first_possible(question: Question, brief: Brief, declaration: Declaration, watch: Watch) -> Zoned:
    first: Impossible | None = None
    for zones in candidates(question, int(declaration.value(brief, "zones"))):
        answer = choose(question, zones, brief.limits, brief.seed, watch)
        if not isinstance(answer, Impossible):
            return _believed(answer, brief, declaration)
        first = first or answer
    if first is None:
        raise ValueError("there is no number of zones to try")
    return _believed(first, brief, declaration)


def _believed(answer: Zoned | Impossible | Unproven, brief: Brief, declaration: Declaration) -> Zoned:
    if isinstance(answer, Unproven):
        raise out_of_time(answer, brief.limits.gap)
    if isinstance(answer, Impossible):
        raise infeasible(answer, UNIT, declaration)
    return answer


def _named(question: Question, seats: Ints, county: County) -> dict[int, str]:
    """Return the zone of each seat: today's with which it has most schools in common, else the first number that is free."""
    known = county.tables["supervision_zones"]["zone"].to_list()
    zones, seat_of = np.array(question.today), np.unique(seats)
    common = [(-int(((seats == seat) & (zones == zone)).sum()), str(zone), int(seat)) for seat in seat_of for zone in known]
    named: dict[int, str] = {}
    for many, zone, seat in sorted(common):
        if many and seat not in named and zone not in named.values():
            named[seat] = zone
    free = (str(number) for number in count(1) if str(number) not in known)
    return {int(seat): named.get(int(seat)) or next(free) for seat in seat_of}


def _staff(question: Question, seats: Ints, named: dict[int, str], county: County) -> dict[int, int]:
    """Return the inspectors of each seat's zone: those it needs, and of those it has today as many more as the county's number allows."""
    today = dict(county.tables["supervision_zones"].select("zone", "inspectors").iter_rows())
    staff = {seat: question.staff(int((seats == seat).sum())) for seat in named}
    spare = None if question.inspectors is None else question.inspectors - sum(staff.values())
    for seat, zone in named.items():
        kept = today.get(zone) or 0
        more = max(0, (kept if question.most_inspectors is None else min(kept, question.most_inspectors)) - staff[seat])
        more = more if spare is None else min(more, spare)
        staff[seat] += more
        spare = None if spare is None else spare - more
    return staff


def _step(known: _Known, draft: _Draft, seat: int) -> Step | None:
    question, seats, zone, staff = known.question, draft.seats, draft.named[seat], draft.staff[seat]
    inside = np.flatnonzero(seats == seat)
    team = known.team(draft, zone)
    changes = [*_zone_changes(zone, question.codes[seat], staff, known.county), *_school_changes(question, inside, zone, known.county)]
    changes += _team_changes(zone, team, known.county)
    if not changes:
        return None
    coming = [question.names[school] for school in inside if question.today[school] != zone]
    pupils, metres = int(question.pupils[inside].sum()), int(question.way[seat, inside].sum())
    farthest = int(question.way[seat, inside].max()) / 1000
    moved = int(question.pupils[[school for school in inside if question.today[school] != zone]].sum())
    people = Text(f"（{'、'.join(team)}）", f" ({', '.join(team)})") if team else Text("", "")
    zh = f"驻{question.names[seat]}，{len(inside)}所学校、{pupils}名学生，{staff}名督学{people.zh}"
    zh = f"{zh}；到各校共{metres / 1000:.1f}公里，最远{farthest:.1f}公里"
    en = f"from {question.names[seat]}: {len(inside)} schools, {pupils} pupils, {staff} inspectors{people.en}"
    en = f"{en}; {metres / 1000:.1f} km to all of them, {farthest:.1f} km to the farthest"
    came = Text(f"；划入{'、'.join(coming)}", f"; {', '.join(coming)} come to it") if coming else Text("", "")
    return Step(
        title=Text(f"责任区{zone}", f"Zone {zone}"),
        reason=Text(f"{zh}{came.zh}。", f"{en}{came.en}."),
        changes=tuple(changes),
        pupils=moved,
    )


def _zone_changes(zone: str, seat: str, staff: int, county: County) -> Iterator[Change]:
    row = county.tables["supervision_zones"].filter(pl.col("zone") == zone)
    if not row.height:
        yield AddRow("supervision_zones", {"zone": zone, "seat": seat, "inspectors": staff})
        return
    if row["seat"][0] != seat:
        yield SetValue("supervision_zones", (zone,), "seat", seat)
    if row["inspectors"][0] != staff:
        yield SetValue("supervision_zones", (zone,), "inspectors", staff)


def _school_changes(question: Question, inside: Ints, zone: str, county: County) -> Iterator[Change]:
    known = set(county.tables["zone_schools"]["school"].to_list())
    for school in inside:
        code = question.codes[school]
        if code not in known:
            yield AddRow("zone_schools", {"school": code, "zone": zone})
        elif question.today[school] != zone:
            yield SetValue("zone_schools", (code,), "zone", zone)


def _team_changes(zone: str, team: list[str], county: County) -> Iterator[Change]:
    today = dict(county.tables["zone_inspectors"].select("inspector", "zone").iter_rows())
    for inspector in team:
        if inspector not in today:
            yield AddRow("zone_inspectors", {"inspector": inspector, "zone": zone})
        elif today[inspector] != zone:
            yield SetValue("zone_inspectors", (inspector,), "zone", zone)


def _closed(known: _Known, draft: _Draft) -> Iterator[Step]:
    """Close zones that no school of the plan is in; schools that are not planned (kindergartens) are then in no zone, and that is said.

    So are the inspectors of a closed zone when no teams were formed.
    """
    county, planned = known.county, set(known.question.codes)
    for zone in sorted(set(county.tables["supervision_zones"]["zone"].to_list()) - set(draft.named.values())):
        members = county.tables["zone_schools"].filter(pl.col("zone") == zone)["school"].to_list()
        left = sorted(code for code in members if code not in planned)
        free = [] if draft.teams.zone else county.tables["zone_inspectors"].filter(pl.col("zone") == zone)["inspector"].sort().to_list()
        more = Text(
            f"；{len(left)}所未参加本次划分的学校（幼儿园）需另行划入",
            f"; {len(left)} schools not planned here (kindergartens) need another zone",
        )
        tail = more if left else Text("", "")
        and_people = Text(f"；{len(free)}名督学需另行安排", f"; {len(free)} inspectors need another zone") if free else Text("", "")
        reason = Text(f"没有学校留在该区{tail.zh}{and_people.zh}。", f"No school stays in it{tail.en}{and_people.en}.")
        rows = [*(RemoveRow("zone_schools", (code,)) for code in left), *(RemoveRow("zone_inspectors", (code,)) for code in free)]
        changes = (*rows, RemoveRow("supervision_zones", (zone,)))
        yield Step(title=Text(f"撤销责任区{zone}", f"Close zone {zone}"), reason=reason, changes=changes)
