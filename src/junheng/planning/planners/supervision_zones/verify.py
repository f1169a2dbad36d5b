"""What is wrong with a proposal of zones, looked up in the County that it makes: nothing of the model or of the search is used.

Rules are counted again, connections walked, ways found by walking outwards from each seat, the objective added up anew.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping

from junheng.errors import Text
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.supervision_zones.question import Question, ask
from junheng.planning.proposal import Proposal
from junheng.standards.rulebook import Rulebook

_ROUNDING = 0.5  # metres


def faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]:
    """Return every fault of a proposal for this county; none for one that may be believed (its bound apart)."""
    question = ask(county, rules, proposal.brief, declaration)
    if not question.codes:
        return ()
    after = apply(county, proposal.changes)
    zone_of: dict[str, str] = dict(after.tables["zone_schools"].select("school", "zone").iter_rows())
    outside = [code for code in question.codes if code not in zone_of]
    if outside:
        return (Text(f"{'、'.join(outside)}不在任何责任区", f"{', '.join(outside)} in no zone"),)
    members: dict[str, list[int]] = {}
    for index, code in enumerate(question.codes):
        members.setdefault(zone_of[code], []).append(index)
    found = [*_counts(question, members, after), *_pins(question, zone_of)]
    found += _teams(question, members, after) if len(proposal.tables.get("teams", ())) else ()
    seats = {zone: seat for zone, seat in after.tables["supervision_zones"].select("zone", "seat").iter_rows() if zone in members}
    total = 0.0
    for zone, inside in members.items():
        if seats.get(zone) not in {question.codes[index] for index in inside}:
            found.append(Text(f"责任区{zone}的驻点不在区内", f"the seat of zone {zone} is not in it"))
            continue
        seat = question.codes.index(seats[zone])
        found += _connections(question, zone, seat, inside)
        total += _cost(question, seat, inside)
    found += [*_pinned_seats(question, set(seats.values()))]
    if not found and abs(total - proposal.objective) > _ROUNDING:
        found.append(Text(f"目标值应为{total:.0f}", f"the objective is {total:.0f}"))
    if proposal.bound > proposal.objective:
        found.append(Text("下界高于目标值", "the bound lies above the objective"))
    return tuple(found)


def _counts(question: Question, members: Mapping[str, list[int]], after: County) -> Iterator[Text]:
    staff: dict[str, int | None] = dict(after.tables["supervision_zones"].select("zone", "inspectors").iter_rows())
    least, most = question.size(len(members))
    few, many = question.load(len(members))
    for zone, inside in members.items():
        pupils, has = int(question.pupils[inside].sum()), staff.get(zone) or 0
        if not least <= len(inside) <= most:
            yield Text(f"责任区{zone}有{len(inside)}所学校", f"zone {zone} has {len(inside)} schools")
        if not few - 1e-6 <= pupils <= many + 1e-6:
            yield Text(f"责任区{zone}有{pupils}名学生", f"zone {zone} has {pupils} pupils")
        if question.most_inspectors is not None and has > question.most_inspectors:
            yield Text(f"责任区{zone}有{has}名督学", f"zone {zone} has {has} inspectors, more than a zone may have")
        if has < question.least_inspectors or has * question.schools_an_inspector < len(inside):
            yield Text(f"责任区{zone}只有{has}名督学", f"zone {zone} has {has} inspectors")
    total = sum(staff.get(zone) or 0 for zone in members)
    if question.inspectors is not None and total > question.inspectors:
        yield Text(f"用了{total}名督学", f"{total} inspectors are used")


def _teams(question: Question, members: Mapping[str, list[int]], after: County) -> Iterator[Text]:
    """Count the inspectors entered by zone, and look for one in a zone with a school that he must keep from."""
    zone_of: dict[str, str] = dict(after.tables["zone_inspectors"].select("inspector", "zone").iter_rows())
    for inspector in sorted(set(after.tables["inspectors"]["inspector"].to_list()) - set(zone_of)):
        yield Text(f"{inspector}不在任何责任区", f"{inspector} is in no zone")
    staff: dict[str, int | None] = dict(after.tables["supervision_zones"].select("zone", "inspectors").iter_rows())
    for zone in members:
        people = sum(its == zone for its in zone_of.values())
        if people != (staff.get(zone) or 0):
            yield Text(f"责任区{zone}有{people}名在册督学", f"zone {zone} has {people} inspectors by name")
    for inspector, school in after.tables["inspector_ties"].select("inspector", "school").iter_rows():
        if any(question.codes[index] == school for index in members.get(zone_of.get(inspector, ""), [])):
            yield Text(f"{inspector}须回避{school}", f"{inspector} must keep from {school} in zone {zone_of[inspector]}")


def _pins(question: Question, zone_of: Mapping[str, str]) -> Iterator[Text]:
    for pairs, is_one, word in ((question.together, True, "同区"), (question.apart, False, "不同区")):
        for a, b in pairs:
            first, second = question.codes[a], question.codes[b]
            if (zone_of[first] == zone_of[second]) != is_one:
                yield Text(f"{first}与{second}没有{word}", f"{first} and {second} break a pin")


def _pinned_seats(question: Question, seats: set[str | None]) -> Iterator[Text]:
    for school in question.seats:
        if question.codes[school] not in seats:
            yield Text(f"{question.codes[school]}不是驻点", f"{question.codes[school]} is no seat")
    for school in question.no_seats:
        if question.codes[school] in seats:
            yield Text(f"{question.codes[school]}是驻点", f"{question.codes[school]} is a seat")


def _walked(question: Question, seat: int, within: set[int]) -> dict[int, int]:
    """Return the shortest way from a seat to every school that can be reached through those given."""
    way, ahead = {seat: 0}, [(0, seat)]
    while ahead:
        far, school = heapq.heappop(ahead)
        for near in question.edges[school].nonzero()[0].tolist():
            through = far + int(question.metres[school, near])
            if near in within and through < way.get(near, through + 1):
                way[near] = through
                heapq.heappush(ahead, (through, near))
    return way


def _connections(question: Question, zone: str, seat: int, inside: list[int]) -> Iterator[Text]:
    lost = sorted(set(inside) - _walked(question, seat, set(inside)).keys())
    if lost:
        names = [question.names[school] or question.codes[school] for school in lost]
        yield Text(f"责任区{zone}中{'、'.join(names)}与驻点不相连", f"{', '.join(names)} not joined to the seat of zone {zone}")
    if question.farthest:
        for school in inside:
            if question.way[seat, school] > question.farthest * 1000:
                yield Text(f"{question.codes[school]}过远", f"{question.codes[school]} is too far")


def _cost(question: Question, seat: int, inside: list[int]) -> float:
    """Add up ways and changes; ways that lead along neighbours are walked again, others are looked up as they were supplied or found."""
    walked = _walked(question, seat, set(range(len(question.codes)))) if question.source == "straight" else {}
    today = question.today
    moved = sum(today[school] not in ("", today[seat]) for school in inside)
    return float(sum(walked.get(school, int(question.way[seat, school])) for school in inside) + question.change * moved)
