"""What is wrong with a proposal of catchments, looked up in the County that it makes: nothing of the search is used.

Villages are counted again, zones walked from their schools, the objective added up anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from junheng.errors import Text
from junheng.model.change import apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.districting import UNREACHABLE
from junheng.planning.planners.catchments.levels import PREFIX, apart_of
from junheng.planning.planners.catchments.question import Question, ask
from junheng.planning.planners.catchments.stretches import Stretch, are_staged, stretches, with_zones
from junheng.planning.proposal import Proposal
from junheng.standards.rulebook import Rulebook

_ROUNDING = 0.0005  # pupil-kilometres


def faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> tuple[Text, ...]:
    """Return every fault of a proposal for this county; none for one that may be believed (its bound apart)."""
    after = apply(county, proposal.changes)
    stage = str(declaration.value(proposal.brief, "stage"))
    if stage != "both":
        parts, _ = stretches(county, rules, proposal.brief, declaration, stage)
        if are_staged(parts):
            return tuple(_staged(county, rules, proposal, declaration, parts))
    return tuple(_of_one(county, rules, proposal, declaration, after))


def _of_one(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration, after: County) -> tuple[Text, ...]:
    """Return the faults of catchments that are drawn once."""
    asked: list[tuple[str, Question]] = []
    for stage, prefix in (("primary", ""), ("junior", PREFIX)) if declaration.value(proposal.brief, "stage") == "both" else (("", ""),):
        lower = _lower(after, asked, proposal, declaration)
        question = ask(county, rules, proposal.brief, declaration, stage=stage, lower=lower)
        if question is not None:
            asked.append((prefix if asked else "", question))
    found: list[Text] = []
    total, plans = 0.0, []
    for prefix, question in asked:
        zone_of = _zone_of(after, question)
        outside = [code for code in question.villages if zone_of.get(code) not in question.zones]
        if outside:
            return (Text(f"{'、'.join(outside)}不在任何学区", f"{', '.join(outside)} in no catchment"),)
        at = [question.zones.index(zone_of[code]) for code in question.villages]
        found += _of_stage(question, at, after, proposal, prefix)
        total += _total(question, at, _away(county, question, at)) / 1000
        plans.append([zone_of[code] for code in question.villages])
    if len(plans) > 1:
        total += apart_of(proposal.brief, declaration) * _parted(asked[0][1], *plans) / 1000
    if asked and not found and abs(total - proposal.objective) > _ROUNDING:
        found.append(Text(f"目标值应为{total:.3f}", f"the objective is {total:.3f}"))
    if proposal.bound > proposal.objective:
        found.append(Text("下界高于目标值", "the bound lies above the objective"))
    return tuple(found)


def _staged(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration, parts: tuple[Stretch, ...]) -> Iterator[Text]:
    """Look over every drawing with the schools that are there then; the one before it is its today. The first is what tables are given."""
    stage, total, seen = str(declaration.value(proposal.brief, "stage")), 0.0, county
    rows = proposal.certificate.tables["stretches"] if proposal.certificate else pl.DataFrame(schema={"year": pl.String})
    for part in parts:
        here = part.seen_in(seen, stage)
        question = ask(here, rules, part.asked(proposal.brief, later=part is not parts[0]), declaration)
        if question is None:
            return
        told = rows.filter(pl.col("year") == str(part.first))
        zone_of = dict(told.select("village", "zone").iter_rows()) if told.height else {}
        outside = [code for code in question.villages if zone_of.get(code) not in question.zones]
        if outside:
            yield Text(f"{'、'.join(outside)}在{part.first}年不在任何学区", f"{', '.join(outside)} in no catchment in {part.first}")
            return
        at = [question.zones.index(zone_of[code]) for code in question.villages]
        yield from (fault for look in (_ways, _joined, _whole, _alike) for fault in look(question, at))
        yield from _years(replace(question, ahead=(question.first, *question.ahead)), at, proposal, "")
        total += _total(question, at, _away(here, question, at)) / 1000
        schools = {code: question.zones[int(zone)] for code, zone in zip(question.schools, question.school_zone, strict=True)}
        seen = with_zones(here, stage, schools, zone_of)
        if part is parts[0] and proposal.changes and _zone_of(apply(county, proposal.changes), question) != zone_of:
            yield Text("台账中的学区不是第一次划片的结果", "the tables are not given the first drawing")
    if abs(total - proposal.objective) > _ROUNDING:
        yield Text(f"目标值应为{total:.3f}", f"the objective is {total:.3f}")
    if proposal.bound > proposal.objective:
        yield Text("下界高于目标值", "the bound lies above the objective")


def _lower(after: County, asked: list[tuple[str, Question]], proposal: Proposal, declaration: Declaration) -> tuple[str, ...] | None:
    """Return the primary catchment of each village in the plan, where these are to go up whole; None where they need not."""
    if not asked or not declaration.value(proposal.brief, "feeders"):
        return None
    zone_of = _zone_of(after, asked[0][1])
    return tuple(zone_of.get(code, "") for code in asked[0][1].villages)


def _zone_of(after: County, question: Question) -> dict[str, str]:
    rows = after.tables["catchment_villages"].filter(pl.col("stage") == question.stage)
    return dict(rows.select("village", "zone").iter_rows())


def _of_stage(question: Question, at: list[int], after: County, proposal: Proposal, prefix: str) -> Iterator[Text]:
    yield from _schools(question, after)
    yield from _places(question, at, proposal, prefix)
    yield from _ways(question, at)
    yield from _joined(question, at)
    yield from _whole(question, at)
    yield from _alike(question, at)
    yield from _years(question, at, proposal, prefix)
    yield from _classes(question, at, proposal, prefix)
    yield from _proof(question, at, proposal, prefix)


def _classes(question: Question, at: list[int], proposal: Proposal, prefix: str) -> Iterator[Text]:
    """Count the pupils of a room of each catchment again."""
    table = proposal.tables.get(f"{prefix}zones")
    given = dict(table.select("zone", "class_after").iter_rows()) if table is not None and "class_after" in table.columns else {}
    for zone, seated in given.items():
        j = question.zones.index(zone)
        pupils = sum(many for many, place in zip(question.pupils.tolist(), at, strict=True) if place == j)
        rooms = question.rooms[j]
        if (round(pupils / rooms, 1) if rooms else None) != seated:
            yield Text(f"{zone}学区每间教室的学生与重算不符", f"pupils a room of catchment {zone} differ from what is counted")


def _parted(primary: Question, lower: list[str], upper: list[str]) -> int:
    """Count the primary pupils who do not go where most of their catchment go."""
    many: dict[str, dict[str, int]] = {}
    for low, up, pupils in zip(lower, upper, primary.pupils.tolist(), strict=True):
        many.setdefault(low, {})[up] = many.get(low, {}).get(up, 0) + pupils
    return sum(sum(of.values()) - max(of.values()) for of in many.values())


def _schools(question: Question, after: County) -> Iterator[Text]:
    rows = after.tables["catchments"].filter(pl.col("stage") == question.stage)
    zone_of: Mapping[str, str] = dict(rows.select("school", "zone").iter_rows())
    for k, code in enumerate(question.schools):
        if zone_of.get(code) != question.zones[question.school_zone[k]]:
            yield Text(f"学校{code}不在学区{question.zones[question.school_zone[k]]}", f"school {code} is not in its catchment")


def _places(question: Question, at: list[int], proposal: Proposal, prefix: str) -> Iterator[Text]:
    """Places may be exceeded where the proposal says by how much: what is beyond stands in its certificate."""
    told = (
        proposal.certificate.tables[f"{prefix}prices"] if proposal.certificate and proposal.brief.options.get("unavoidable", True) else None
    )
    most = dict(told.select("zone", "places").iter_rows()) if told is not None else {}
    for zone, name in enumerate(question.zones):
        pupils = sum(int(question.pupils[k]) for k, j in enumerate(at) if j == zone)
        if not question.low[zone] <= pupils <= max(question.high[zone], most.get(name, 0)):
            low, high = question.low[zone], question.high[zone]
            yield Text(f"学区{name}有{pupils}名学生，应为{low}至{high}", f"catchment {name} has {pupils} pupils, not {low} to {high}")


def _proof(question: Question, at: list[int], proposal: Proposal, prefix: str) -> Iterator[Text]:
    """Add up the villages and zones said to be too full: no way may lead elsewhere, and the sum must be what is told."""
    if proposal.certificate is None:
        return
    rows, said = proposal.certificate.tables[f"{prefix}too_few"], proposal.certificate.numbers
    named = set(rows["code"].to_list())
    zones = {j for j, name in enumerate(question.zones) if name in named and rows["places"].is_not_null().any()}
    inside = [k for k, code in enumerate(question.villages) if code in named]
    stands = {int(question.block[village]): int(question.school_zone[k]) for k, village in enumerate(question.school_village)}
    for k in inside:
        home = stands.get(int(question.block[k]))
        reach = {home} if home is not None else {j for j in range(len(question.zones)) if question.metres[k, j] < UNREACHABLE}
        if not reach <= zones:
            yield Text(f"{question.villages[k]}还可上其他学区", f"{question.villages[k]} can go elsewhere, too")
    least = sum(int(question.pupils[k]) for k in inside) - sum(int(question.high[j]) for j in zones)
    beyond = sum(
        max(0, sum(int(question.pupils[k]) for k, zone in enumerate(at) if zone == j) - int(high)) for j, high in enumerate(question.high)
    )
    if max(0, least) != said[f"{prefix}least_beyond"] or beyond != said[f"{prefix}beyond"] or beyond < least:
        yield Text(f"超出{beyond}名、至少{least}名，与所述不符", f"{beyond} beyond and {least} at least are not what is told")


def _ways(question: Question, at: list[int]) -> Iterator[Text]:
    for k, zone in enumerate(at):
        if question.metres[k, zone] >= UNREACHABLE:
            code = question.villages[k]
            yield Text(f"{code}不得划入学区{question.zones[zone]}", f"{code} may not be in catchment {question.zones[zone]}")


def _joined(question: Question, at: list[int]) -> Iterator[Text]:
    """Walk from the schools of each zone through villages of it; villages that stay together are walked through together."""
    beside: dict[int, set[int]] = {}
    for a, b in question.edges.tolist():
        beside.setdefault(a, set()).add(b)
        beside.setdefault(b, set()).add(a)
    mates: dict[int, list[int]] = {}
    for k, block in enumerate(question.block.tolist()):
        mates.setdefault(block, []).append(k)
    seen = {int(village) for k, village in enumerate(question.school_village) if at[int(village)] == question.school_zone[k]}
    front = list(seen)
    while front:
        here = front.pop()
        near = {other for other in beside.get(here, set()) if at[other] == at[here]} | set(mates[int(question.block[here])])
        front += near - seen
        seen |= near
    for k, code in enumerate(question.villages):
        if k not in seen:
            zone = question.zones[at[k]]
            yield Text(f"{code}与学区{zone}的学校不相连", f"{code} is not joined to the school of catchment {zone}")


def _whole(question: Question, at: list[int]) -> Iterator[Text]:
    first: dict[int, int] = {}
    for k, block in enumerate(question.block.tolist()):
        if at[first.setdefault(block, k)] != at[k]:
            yield Text(f"{question.villages[k]}与同一小学学区的村居分开", f"{question.villages[k]} is parted from its primary catchment")


def _alike(question: Question, at: list[int]) -> Iterator[Text]:
    """Count the pupils of the group in every catchment anew."""
    share = question.share
    if share is None:
        return
    low, high = share.band
    for zone, name in enumerate(question.zones):
        inside = [k for k, j in enumerate(at) if j == zone]
        members, pupils = (sum(int(each[k]) for k in inside) for each in (share.members, share.pupils))
        if not low * pupils <= members <= high * pupils:
            yield Text(
                f"学区{name}有{pupils}名学生，其中“{share.group}”{members}名，不在允许的比例内",
                f"catchment {name} has {members} of “{share.group}” among {pupils} pupils, beyond what is allowed",
            )


def _years(question: Question, at: list[int], proposal: Proposal, prefix: str) -> Iterator[Text]:
    """Count the pupils of every year ahead anew; places may be exceeded where they may give way, and where it is told."""
    if not question.ahead:
        return
    rows = proposal.tables[f"{prefix}zones_by_year"].select("zone", "year", "pupils", "beyond").iter_rows()
    told = {(zone, int(year)): (pupils, beyond) for zone, year, pupils, beyond in rows}
    gives = bool(proposal.brief.options.get("unavoidable", True))
    for ahead in question.ahead:
        for zone, name in enumerate(question.zones):
            pupils = sum(int(ahead.pupils[k]) for k, j in enumerate(at) if j == zone)
            most = int(ahead.allowed[zone])
            if told.get((name, ahead.year)) != (pupils, max(0, pupils - most)) or (pupils > most and not gives):
                yield Text(
                    f"学区{name}在{ahead.year}年有{pupils}名学生，允许{most}名，与所列不符",
                    f"catchment {name} has {pupils} pupils in {ahead.year}, {most} are allowed: not as told",
                )


def _away(county: County, question: Question, at: list[int]) -> dict[str, int]:
    """Count by village, row by row, the younger children who are in another catchment than their elder."""
    zone_of = {school: int(zone) for school, zone in zip(question.schools, question.school_zone, strict=True)}
    main = {row["campus"]: row["school"] for row in county.tables["campuses"].to_dicts()}
    own = dict(zip(question.villages, at, strict=True))
    away: dict[str, int] = {}
    for row in county.tables["village_siblings"].to_dicts():
        elder = zone_of.get(main.get(row["school"], row["school"]))
        if row["stage"] == question.stage and elder is not None and row["village"] in own and own[row["village"]] != elder:
            away[row["village"]] = away.get(row["village"], 0) + row["pupils"]
    return away


def _total(question: Question, at: list[int], away: dict[str, int]) -> float:
    """Add up way, change and parting from an elder: of villages together the mean of a pupil, in whole metres.

    A village without pupils counts as one. away: children parted from an elder, by village.
    """
    sums: dict[int, tuple[int, int, int]] = {}
    for k, zone in enumerate(at):
        weight = max(1, int(question.pupils[k]))
        moved = question.today[k] not in ("", question.zones[zone])
        cost, heft, pupils = sums.get(int(question.block[k]), (0, 0, 0))
        cost += weight * (int(question.metres[k, zone]) + question.change * moved) + question.apart * away.get(question.villages[k], 0)
        sums[int(question.block[k])] = (cost, heft + weight, pupils + int(question.pupils[k]))
    return float(sum(np.rint(cost / heft) * max(1, pupils) for cost, heft, pupils in sums.values()))
