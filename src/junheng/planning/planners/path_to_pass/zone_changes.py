"""What villages that go change in the County: their catchment, the pupils of schools today, and those foreseen in later years.

Who of a village is in which grade is not known; so they are taken as the school's own, in whole pupils by largest remainder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from junheng.model.change import AddRow, Change, SetValue
from junheng.model.county import County
from junheng.planning.planners.path_to_pass.zone_map import is_whole, neighbours, zones
from junheng.planning.planners.path_to_pass.zones import Way, by_stage, shared
from junheng.standards.rulebook import Rulebook

Key = tuple[str, ...]  # school, stage, grade, sex


class Told(NamedTuple):
    """A village that goes, what that changes, and the pupils of today of its schools before and after."""

    way: Way
    changes: tuple[Change, ...]
    before: tuple[int, int]  # of the schools that give, of those that take
    after: tuple[int, int]


def changes(county: County, chosen: Iterable[Way]) -> Iterator[Told]:
    """Yield each way with its changes, one after the other."""
    held: dict[Key, int] = {
        (row["school"], row["stage"], row["grade"], row["sex"]): int(row["pupils"])
        for row in county.tables["enrolment"].iter_rows(named=True)
        if row["pupils"] is not None
    }
    ahead = {
        (row["school"], row["stage"], row["year"]): int(row["pupils"])
        for row in county.tables["school_pupils_ahead"].iter_rows(named=True)
        if row["pupils"] is not None and row["year"] > county.year
    }
    for way in chosen:
        before = _both(held, way)
        made: list[Change] = [SetValue("catchment_villages", (way.stage, way.village), "zone", way.zone)]
        made += _enrolled(held, way, county.year)
        made += _foreseen(ahead, way)
        yield Told(way, tuple(made), before, _both(held, way))


def all_changes(county: County, chosen: Iterable[Way]) -> tuple[Change, ...]:
    """Return the changes of all ways."""
    return tuple(change for told in changes(county, chosen) for change in told.changes)


def _both(held: dict[Key, int], way: Way) -> tuple[int, int]:
    gives, takes = (sum(many for key, many in held.items() if key[1] == way.stage and key[0] in sites) for sites in (way.gives, way.takes))
    return gives, takes


def _enrolled(held: dict[Key, int], way: Way, year: int) -> Iterator[Change]:
    """Yield the changes of today's pupils: who leaves by grade and sex, and the same coming to the schools of the other catchment."""
    leaving: list[tuple[Key, int]] = []
    for site in way.gives:
        keys = sorted(key for key in held if key[:2] == (site, way.stage) and held[key])
        for key, many in zip(keys, shared([held[key] for key in keys], -way.moved[year][site]), strict=True):
            if many:
                held[key] -= many
                leaving.append((key[2:], many))
                yield SetValue("enrolment", key, "pupils", held[key])
    for site in way.takes:
        room = way.moved[year][site]
        while room and leaving:
            of, many = leaving[0]
            came = min(room, many)
            room -= came
            leaving[:1] = [(of, many - came)] if many > came else []
            yield _come(held, (site, way.stage, *of), came)


def _come(held: dict[Key, int], to: Key, many: int) -> Change:
    if to in held:
        held[to] += many
        return SetValue("enrolment", to, "pupils", held[to])
    held[to] = many
    row = dict(zip(("school", "stage", "grade", "sex"), to, strict=True))
    return AddRow("enrolment", {**row, "pupils": many})


def _foreseen(ahead: dict[tuple[str, str, int], int], way: Way) -> Iterator[Change]:
    for year in sorted({year for _, stage, year in ahead if stage == way.stage}):
        for site, many in way.moved[year].items():
            key = (site, way.stage, year)
            if many and key in ahead:
                ahead[key] += many
                yield SetValue("school_pupils_ahead", key, "pupils", ahead[key])


def torn(county: County, rules: Rulebook, chosen: Iterable[Way]) -> set[str]:
    """Return the villages whose going, with that of the others, leaves a catchment in pieces."""
    near, found = neighbours(county, rules), set()
    for stage, gone in by_stage(chosen).items():
        zone = zones(county, stage)
        left = list(gone)
        while left and not is_whole(near, zone, {way.village: way.zone for way in left}):
            smallest = min(left, key=lambda way: (way.pupils, way.village))
            left.remove(smallest)
            found.add(smallest.village)
    return found
