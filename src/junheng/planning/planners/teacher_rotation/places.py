"""Where one teaches: units of a school and stage, what they need, how far they are from homes, which are strong or in the country."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.model import allowed
from junheng.model.county import County
from junheng.planning.planners.teacher_rotation.case import Floats, Ints, Mask
from junheng.planning.teaching import STAGES, need_by_subject, sites, subjects
from junheng.planning.travel import school_points, travel, village_points
from junheng.standards.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Units in the order of school and stage; `register` has `at` and `decided`: units before the moves and decided, -1 for none."""

    year: int
    register: pl.DataFrame
    units: tuple[tuple[str, str], ...]  # (site, stage)
    unit_of: dict[tuple[str, str], int]
    names: tuple[str, ...]
    mains: tuple[tuple[str, str], ...]  # (school that is counted, stage)
    main: NDArray[np.object_]
    stage: NDArray[np.object_]
    is_urban: Mask
    need: Floats  # (u × s,)
    subject_of: dict[str, int]
    km: Floats  # (rows, u) from home; inf where it is not known or there is no way

    def share_of(self, total: Ints, backbone: Ints) -> Floats:
        """Return the stage's share of backbone teachers at each unit: (u,)."""
        share = np.zeros(len(self.units))
        for stage in STAGES:
            of = self.stage == stage
            share[of] = backbone[of].sum() / max(1, total[of].sum())
        return share

    def down(self, source: Ints, target: Ints, total: Ints, backbone: Ints) -> Mask:
        """Return for pairs of units whether one goes from town to country, or inside of either from a strong to a weak school."""
        strong = backbone > self.share_of(total, backbone) * total
        alike = self.is_urban[source] == self.is_urban[target]
        return np.asarray((self.is_urban[source] & ~self.is_urban[target]) | (alike & strong[source] & ~strong[target]))


def places(county: County, rules: Rulebook, register: pl.DataFrame) -> Places:
    """Return the units of public schools whose classes are known; teachers elsewhere are told why (bar no_classes)."""
    needed = need_by_subject(county, rules)
    public = sites(county).filter(~pl.col("private"))
    units_frame = needed.select("school", "stage").unique().join(public, on="school").sort("school", "stage")
    units = tuple(units_frame.select("school", "stage").iter_rows())
    unit_of = {unit: k for k, unit in enumerate(units)}
    subject_of = {name: k for k, name in enumerate(subjects())}
    need = np.zeros((len(units), len(subject_of)))
    for school, stage, subject, value in needed.select("school", "stage", "subject", "need").iter_rows():
        if (school, stage) in unit_of:
            need[unit_of[school, stage], subject_of[subject]] = round(value, 6)
    labels = allowed("stage")
    urban = units_frame["urban_rural"].str.starts_with("1").fill_null(value=False).to_numpy()
    names = tuple(f"{name or school}{labels[stage].zh}部" if _two(units, school) else name or school
                  for school, stage, name in units_frame.select("school", "stage", "name").iter_rows())  # fmt: skip
    placed, km = _ways(county, rules, _placed(register, unit_of), [site for site, _ in units])
    return Places(
        year=county.year,
        register=placed,
        units=units,
        unit_of=unit_of,
        names=names,
        mains=tuple(units_frame.select("main", "stage").iter_rows()),
        main=np.array(units_frame["main"].to_list(), dtype=object),
        stage=np.array([stage for _, stage in units], dtype=object),
        is_urban=urban,
        need=need.reshape(-1),
        subject_of=subject_of,
        km=km,
    )


def _two(units: tuple[tuple[str, str], ...], school: str) -> bool:
    return sum(site == school for site, _ in units) > 1


def _placed(register: pl.DataFrame, unit_of: dict[tuple[str, str], int]) -> pl.DataFrame:
    """Return the register with the unit of each teacher before next year's moves, and the one that was decided."""
    at, decided, bars = [], [], []
    for school, origin, stage, bar in register.select("school", "origin", "stage", "bar").iter_rows():
        moved = bar == "arrived" and origin is not None
        at.append(unit_of.get((origin if moved else school, stage), -1))
        decided.append(unit_of.get((school, stage), -1) if moved else -1)
        bars.append("no_classes" if at[-1] < 0 and not bar else bar)
    return register.with_columns(pl.Series("at", at, dtype=pl.Int64), pl.Series("decided", decided, dtype=pl.Int64), pl.Series("bar", bars))


def _ways(county: County, rules: Rulebook, register: pl.DataFrame, schools: list[str]) -> tuple[pl.DataFrame, Floats]:
    """Return the register, those whose home has no place barred, and km by car from each home to each unit: (rows, units)."""
    homes = sorted(set(register["home"].drop_nulls().to_list()))
    distinct = sorted(set(schools))
    found = travel(county, rules, village_points(county, homes), school_points(county, distinct), mode="drive", barriers=False)
    column = np.array([distinct.index(school) for school in schools], dtype=np.int64)
    row_of = {home: k for k, home in enumerate(homes)}
    rows = np.array([row_of.get(home or "", -1) for home in register["home"]], dtype=np.int64)
    table = np.vstack([found.way[:, column], np.full((1, len(schools)), np.inf)]) / 1000
    km = table[rows]
    lost: Mask = np.asarray(~np.isfinite(km).any(axis=1)) if len(schools) else np.zeros(len(rows), dtype=np.bool_)
    bars = ["no_home" if gone and not bar else bar for gone, bar in zip(lost.tolist(), register["bar"], strict=True)]
    return register.with_columns(pl.Series("bar", bars, dtype=pl.String)), km
