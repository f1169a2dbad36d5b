"""Who stays so that no school falls below a standard that it keeps today: backbone teachers, degrees, PE and the arts per 100 pupils.

What may leave of a school and stage is counted without those who come, so that it holds whoever comes; those longest there go first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

from junheng.errors import Text
from junheng.model.county import County
from junheng.planning.teaching import sites
from junheng.planning.teaching_posts import pupils_by_stage
from junheng.standards.parameter import ALL
from junheng.standards.rulebook import Rulebook

_ARTS = ("pe", "music", "fine_art", "arts")
_HIGH = {"primary": ("doctor", "master", "bachelor", "college"), "junior": ("doctor", "master", "bachelor")}
_COLUMNS = {"doctor": "doctors", "master": "masters", "bachelor": "bachelors", "college": "colleges"}
LIMITS = {
    "backbone": "teachers.backbone.minimum",
    "degree": "teachers.above_degree.minimum",
    "arts": "teachers.pe_arts.minimum",
}
KINDS = {
    "backbone": Text("骨干教师", "backbone teachers"),
    "degree": Text("高于规定学历教师", "teachers above the degree asked for"),
    "arts": Text("体育艺术教师", "teachers of PE and the arts"),
}
Key = tuple[str, str, str]  # school that is counted, stage, kind


class Held(NamedTuple):
    """What a school and stage has of a kind, and the least that the standard asks."""

    has: int
    least: float
    limit: float  # per 100 pupils

    def per_hundred(self, teachers: int) -> float:
        """Return teachers per 100 pupils."""
        return teachers * self.limit / self.least


class Keeping(NamedTuple):
    """Who stays and for what, and what those who go home or are sent by the brief leave short."""

    held: Mapping[Key, Held]
    stays: Mapping[str, tuple[Key, ...]]  # teacher -> what would fall below the standard
    owed: Mapping[Key, int]  # teachers of the kind that would have to come


NOTHING = Keeping({}, {}, {})


def counted(county: County, rules: Rulebook) -> dict[Key, Held]:
    """Return what each school and stage has of each kind; those whose pupils or teachers are not known are left out."""
    main = sites(county).select("school", "main")
    pupils = pupils_by_stage(county).join(main, on="school").group_by("main", "stage").agg(pl.col("pupils").sum())
    degrees = [
        pl.when(pl.col("stage").is_in([s for s in _HIGH if d in _HIGH[s]])).then(pl.col(c)).otherwise(0) for d, c in _COLUMNS.items()
    ]
    staff = county.tables["staff"].select("school", "stage", "backbone", pl.sum_horizontal(degrees, ignore_nulls=False).alias("degree"))
    subjects = county.tables["staff_subjects"].select("school", "stage", pl.sum_horizontal(_ARTS).alias("arts"))
    each = staff.join(subjects, on=["school", "stage"], how="left").join(main, on="school")
    kinds = list(LIMITS)
    whole = each.group_by("main", "stage").agg(
        pl.when(pl.col(kind).is_null().any()).then(None).otherwise(pl.col(kind).sum()).alias(kind) for kind in kinds
    )
    found: dict[Key, Held] = {}
    for row in whole.join(pupils, on=["main", "stage"]).iter_rows(named=True):
        for kind in kinds:
            known = rules.standings(LIMITS[kind]) if LIMITS[kind] in rules.parameters else {}
            limit = known.get(row["stage"]) or known.get(ALL)
            if limit is not None and limit.value and row[kind] is not None and row["pupils"]:
                found[row["main"], row["stage"], kind] = Held(int(row[kind]), float(limit.value) * row["pupils"] / 100, float(limit.value))
    return found


def may_leave(county: County, rules: Rulebook) -> dict[Key, int]:
    """Return how many of each kind may leave the schools that keep the standard; others are not in it."""
    return _room(counted(county, rules))


def _room(held: Mapping[Key, Held]) -> dict[Key, int]:
    return {key: int(one.has - one.least + 1e-9) for key, one in held.items() if one.has >= one.least - 1e-9}


def keeping(register: pl.DataFrame, county: County, rules: Rulebook, first: set[str]) -> Keeping:
    """Return which eligible teachers stay, and what is owed. first: those whom the brief sends: they are counted first and never stay.

    Those who go home after a term are counted before all others.
    """
    held, found = counted(county, rules), {}
    room = _room(held)
    home = (pl.col("bar") == "away") & (pl.col("return_year") <= county.year + 1)
    for row in register.filter(home).iter_rows(named=True):
        for key in _counts(row, room):
            room[key] -= 1
    eligible = register.filter(pl.col("bar") == "")
    order = eligible.sort([pl.col("teacher").is_in(list(first)), "years", "teacher"], descending=[True, True, False], nulls_last=True)
    for row in order.select("teacher", "main", "stage", "is_backbone", "degree", "subject").iter_rows(named=True):
        keys = _counts(row, room)
        if row["teacher"] not in first and (short := tuple(key for key in keys if room[key] < 1)):
            found[str(row["teacher"])] = short
            continue
        for key in keys:
            room[key] -= 1
    return Keeping(held, found, {key: -rest for key, rest in room.items() if rest < 0})


def _counts(row: dict[str, object], room: dict[Key, int]) -> list[Key]:
    """Return what somebody counts for at a school that keeps the standard."""
    return [key for kind in kinds(row) if (key := (str(row["main"]), str(row["stage"]), kind)) in room]


def kinds(row: Mapping[str, object]) -> tuple[str, ...]:
    """Return what a teacher of the register counts for."""
    return tuple(_kinds(row))


def _kinds(row: Mapping[str, object]) -> Iterator[str]:
    if row["is_backbone"]:
        yield "backbone"
    if row["degree"] in _HIGH.get(str(row["stage"]), ()):
        yield "degree"
    if row["subject"] in _ARTS:
        yield "arts"
