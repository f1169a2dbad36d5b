"""Villages at a border that could go to the school of the next catchment: which, how many pupils, and what stays in one piece."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from junheng.errors import DataError
from junheng.model.change import AddRow, Change, SetValue
from junheng.model.county import County
from junheng.planning.demand import pupils_by_village
from junheng.planning.planners.path_to_pass.effects import Unit
from junheng.planning.planners.path_to_pass.question import Question
from junheng.planning.travel import adjacency_without_barriers
from junheng.projection.ages import largest_remainder
from junheng.standards.rulebook import Rulebook

Neighbours = Mapping[str, set[str]]


class Way(NamedTuple):
    """A village, whole, from one school to another."""

    village: str
    pupils: int
    giver: Unit
    taker: Unit
    zone: str  # to which it goes


def ways(county: County, rules: Rulebook, question: Question, share: float) -> tuple[Way, ...]:
    """Return the villages that could go. share: the most of a school's pupils that leave it or come to it.

    A catchment with several schools, a school of several stages or sites, and one that lacks an item take no part; a village without a
    known number of pupils, that of the school itself, and one that would leave its catchment in pieces stay.
    """
    near = neighbours(county, rules)
    found: list[Way] = []
    for stage in sorted({unit[1] for unit in question.judged.units}):
        school = {zone: unit for zone, unit in _schools(county, stage).items() if _is_plain(county, question, unit)}
        found += _of_stage(county, stage, near, school, share)
    return tuple(found)


def _of_stage(county: County, stage: str, near: Neighbours, school: Mapping[str, Unit], share: float) -> Iterator[Way]:
    zone = zones(county, stage)
    at_home = set(county.tables["schools"]["village"].drop_nulls().to_list())
    pupils, enrolled = _pupils(county, stage), _enrolled(county, stage)
    for village in sorted(zone):
        here, many = zone[village], pupils.get(village, 0)
        if here not in school or village in at_home or not many:
            continue
        beside = sorted({zone[other] for other in near.get(village, ()) if other in zone} - {here})
        for there in beside:
            if there not in school or not _is_whole(near, zone, {village: there}):
                continue
            giver, taker = school[here], school[there]
            if many <= share * min(enrolled.get(giver[0], 0), enrolled.get(taker[0], 0)):
                yield Way(village, many, giver, taker, there)


def neighbours(county: County, rules: Rulebook) -> Neighbours:
    """Return the villages beside each village."""
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in adjacency_without_barriers(county, rules).iter_rows():
        found[one].add(other)
        found[other].add(one)
    return found


def zones(county: County, stage: str) -> dict[str, str]:
    """Return the catchment of each village that has one."""
    rows = county.tables["catchment_villages"].filter(pl.col("stage") == stage)
    return dict(rows.select("village", "zone").drop_nulls().iter_rows())


def torn(county: County, rules: Rulebook, chosen: Iterable[Way]) -> set[str]:
    """Return the villages whose going, with that of the others, leaves a catchment in pieces."""
    near, found = neighbours(county, rules), set()
    by_stage: dict[str, list[Way]] = defaultdict(list)
    for way in chosen:
        by_stage[way.giver[1]].append(way)
    for stage, gone in by_stage.items():
        zone = zones(county, stage)
        left = list(gone)
        while left and not _is_whole(near, zone, {way.village: way.zone for way in left}):
            smallest = min(left, key=lambda way: (way.pupils, way.village))
            left.remove(smallest)
            found.add(smallest.village)
    return found


def _is_whole(near: Neighbours, zone: Mapping[str, str], goes: Mapping[str, str]) -> bool:
    """Return whether the catchments that change have no more pieces than today."""
    after = {**zone, **goes}
    changed = {*goes.values(), *(zone[village] for village in goes)}
    return all(_pieces(near, after, name) <= max(1, _pieces(near, zone, name)) for name in changed)


def _pieces(near: Neighbours, zone: Mapping[str, str], name: str) -> int:
    left, count = {village for village, of in zone.items() if of == name}, 0
    while left:
        count += 1
        ask = [left.pop()]
        while ask:
            found = near.get(ask.pop(), set()) & left
            left -= found
            ask += found
    return count


def _schools(county: County, stage: str) -> dict[str, Unit]:
    rows = county.tables["catchments"].filter(pl.col("stage") == stage).group_by("zone").agg(pl.col("school"))
    return {zone: (schools[0], stage) for zone, schools in rows.iter_rows() if len(schools) == 1}


def _is_plain(county: County, question: Question, unit: Unit) -> bool:
    """Return whether needs and weights of a school are those of its own pupils and nothing else."""
    judged = question.judged
    cells = [judged.cells.get((unit, item)) for item in judged.schools_items]
    alone = sum(1 for other in judged.units if other[0] == unit[0]) == 1
    parent = county.tables["schools"].filter(pl.col("school") == unit[0])["parent"].to_list()
    linked = (
        county.tables["schools"].filter(pl.col("parent") == unit[0]).height
        or county.tables["campuses"].filter(pl.col("school") == unit[0]).height
    )
    own = _enrolled(county, unit[1]).get(unit[0])
    whole = all(cell is not None and cell.weight == own for cell in cells)
    return alone and whole and not linked and parent == [None] and unit not in question.left_out


def _pupils(county: County, stage: str) -> dict[str, int]:
    try:
        frame = pupils_by_village(county, stage).frame
    except DataError:
        return {}
    told = frame.group_by("village").agg(pl.when(pl.col("pupils").null_count() == 0).then(pl.col("pupils").sum()).alias("pupils"))
    return {village: int(many) for village, many in told.drop_nulls().iter_rows()}


def _enrolled(county: County, stage: str) -> dict[str, int]:
    rows = county.tables["enrolment"].filter(pl.col("stage") == stage).group_by("school").agg(pl.col("pupils").sum())
    return dict(rows.iter_rows())


def changes(county: County, chosen: Iterable[Way]) -> Iterator[tuple[Way, tuple[Change, ...]]]:
    """Yield each way with its changes, one after the other: the village's catchment, and pupils by grade and sex as they are at its school.

    Who of a village is in which grade is not known; so they are taken as the school's own, in whole pupils by largest remainder.
    """
    known: dict[tuple[str, ...], dict[str, object]] = {
        (row["school"], row["stage"], row["grade"], row["sex"]): row for row in county.tables["enrolment"].iter_rows(named=True)
    }
    held = {key: int(str(row["pupils"])) for key, row in known.items() if row["pupils"] is not None}
    for way in chosen:
        made: list[Change] = [SetValue("catchment_villages", (way.giver[1], way.village), "zone", way.zone)]
        keys = sorted(key for key in held if key[:2] == way.giver and held[key])
        for key, many in zip(keys, _shared([held[key] for key in keys], way.pupils), strict=True):
            if not many:
                continue
            to = (*way.taker, *key[2:])
            held[key] -= many
            made.append(SetValue("enrolment", key, "pupils", held[key]))
            if to in held:
                held[to] += many
                made.append(SetValue("enrolment", to, "pupils", held[to]))
            else:
                held[to] = many
                row = dict(zip(("school", "stage", "grade", "sex"), to, strict=True))
                made.append(AddRow("enrolment", {**row, "pupils": many}))
        yield way, tuple(made)


def _shared(parts: list[int], total: int) -> list[int]:
    made = largest_remainder(np.array([parts], dtype=np.float64), np.array([float(total)]))[0]
    return [int(each) for each in made]
