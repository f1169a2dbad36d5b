"""What a forecast starts from: every school year of the folder up to one, the rules, the scenarios, and what was doubtful in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, StandardsError, StoreError, Text
from junheng.model import County, check, schema
from junheng.model.period import school_year
from junheng.projection.assumptions import Assumptions
from junheng.projection.assumptions_file import shipped_assumptions, sound_assumptions
from junheng.projection.forecast import Rolls
from junheng.projection.rolls import rolls as rolls_of
from junheng.standards import Rulebook
from junheng.store import own_files, years
from junheng.workflow.foresee_series import Names
from junheng.workflow.office import Office

_ROOM = "assumptions"
_SUMMED = ("schools", "enrolment")  # a key that stands twice here would count a child twice
_MIDDLE = "middle"
# Children enter twice: at three, in proportion to those of that age, and at six; what a child does after that follows from grade to grade.
_CHAINS = (("preschool",), ("primary", "junior", "senior"))
_MIXED = "k0"  # kindergarten classes of several ages
_AGES = ("k1", "k2", "k3")  # the grades that sit in them


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Inputs:
    """A county with its past, as a forecast needs it."""

    office: Office
    year: int  # the origin
    as_of: date
    counties: tuple[County, ...]  # oldest first, the origin last
    rules: Rulebook
    rolls: tuple[Rolls, ...]  # of each chain of stages that the county has
    names: Names
    scenarios: Mapping[str, Assumptions]  # the one that pages open with first
    left_out: tuple[str, ...]  # the authority's own files of scenarios that have a mistake
    findings: tuple[Finding, ...]

    @property
    def county(self) -> County:
        """Return the County of the origin."""
        return self.counties[-1]


class _Scenarios(NamedTuple):
    scenarios: Mapping[str, Assumptions]
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...]


def gather(folder: Path, year: int | None, as_of: date | None) -> Inputs:
    """Return everything that the folder holds up to a school year (the latest when None).

    as_of: the day on which the programme is judged; when None today, and never after the school year's last day: what is older than
    a year must not be called late by today's clock. Raises StoreError without a year or without a pupil, DataError for tables that
    cannot be read or hold a school twice.
    """
    office = Office(folder)
    origin = office.year(year)
    counties = tuple(office.county(one) for one in sorted({*(one for one in years(folder) if one < origin), origin}))
    for county in counties:
        _refuse_doubled(county)
    if not counties[-1].tables["enrolment"].height:
        found = Text(f"{origin}学年没有在校生", f"no pupils in {origin}")
        raise StoreError(finding("workflow.nobody_enrolled", Place(file=f"{origin}/enrolment.csv"), found))
    counted, told = _chains(counties)
    given = _scenarios(office)
    return Inputs(
        office=office,
        year=origin,
        as_of=as_of or min(date.today(), school_year(origin).last),  # noqa: DTZ011 - an officer's today is the local one
        counties=counties,
        rules=office.rules(origin),
        rolls=counted,
        names=_names(office, counties),
        scenarios=given.scenarios,
        left_out=given.left_out,
        findings=(*told, *given.findings),
    )


def _chains(counties: Sequence[County]) -> tuple[tuple[Rolls, ...], tuple[Finding, ...]]:
    """Return the rolls of each chain of stages that has pupils in the latest year."""
    there = set(counties[-1].tables["enrolment"].filter(pl.col("pupils") > 0)["stage"])
    unmixed = [_unmixed(county) for county in counties]
    made: list[Rolls] = []
    findings: list[Finding] = []
    for chain in _CHAINS:
        stages = tuple(stage for stage in chain if stage in there)
        if stages:
            counted, told = rolls_of(unmixed, stages)
            made.append(counted)
            findings += told
    mixed = counties[-1].tables["enrolment"].filter(pl.col("grade") == _MIXED)["pupils"].sum()
    if mixed:
        found = Text(f"混合班{mixed}人", f"{mixed} children in mixed classes")
        findings.append(finding("workflow.mixed_classes_split", Place(table="enrolment", column="grade", key=(_MIXED,)), found))
    return tuple(made), tuple(dict.fromkeys(findings))


def _unmixed(county: County) -> County:
    """Return the county with the children of mixed kindergarten classes shared equally among the three grades, school by school."""
    frame = county.tables["enrolment"]
    mixed = frame.filter(pl.col("grade") == _MIXED)
    if not mixed.height:
        return county
    shared = [
        mixed.with_columns(pl.lit(grade).alias("grade"), ((pl.col("pupils") + order) // len(_AGES)).alias("pupils"))
        for order, grade in enumerate(_AGES)
    ]
    others = frame.filter(pl.col("grade") != _MIXED)
    key = schema().tables["enrolment"].key
    rows = (
        pl.concat([others, *shared])
        .group_by(key, maintain_order=True)
        .agg(pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name) for name in frame.columns if name not in key)
    )
    return replace(county, tables={**county.tables, "enrolment": rows.select(frame.columns)})


def _refuse_doubled(county: County) -> None:
    if any(county.tables[name].select(schema().tables[name].key).is_duplicated().any() for name in _SUMMED):
        doubled = [one for one in check(county) if one.rule in ("model.repeated_key", "model.two_schools_with_one_code")]
        at = [replace(one, place=replace(one.place, file=f"{county.year}/{one.place.table}.csv")) for one in doubled]
        raise DataError(at)


def _names(office: Office, counties: Sequence[County]) -> Names:
    """Return what areas are called: by the latest year that knows them."""
    areas: dict[str, str] = {}
    for county in counties:
        for table, code in (("districts", "district"), ("schools", "school"), ("campuses", "campus"), ("villages", "village")):
            areas |= dict(county.tables[table].select(code, "name").drop_nulls().iter_rows())
    projects = counties[-1].tables["projects"]
    areas |= dict(projects.filter(pl.col("school").is_null()).select("project", "name").iter_rows())
    areas = {**dict(projects.drop_nulls("school").select("school", "name").iter_rows()), **areas}  # a new school has no name of its own yet
    return Names(county=office.authority.code, county_name=office.authority.name, areas=areas)


def _scenarios(office: Office) -> _Scenarios:
    """Return the scenarios, the middle one first; an authority's files with a mistake are told and left out, the sound ones stay."""
    shipped = shipped_assumptions()
    try:
        own, told, left_out = sound_assumptions(own_files(office.authority, _ROOM))
    except (StandardsError, DataError) as error:
        own, told, left_out = shipped, error.findings, (_ROOM,)
    if told:
        found = Text(f"{len(told)}处错误：{'、'.join(left_out)}", f"{len(told)} mistake(s): {', '.join(left_out)}")
        told = (*told, finding("workflow.scenarios_not_used", Place(file=_ROOM), found))
    ordered = sorted(
        own, key=lambda name: (name != _MIDDLE, name not in shipped, list(shipped).index(name) if name in shipped else 0, name)
    )
    return _Scenarios({name: own[name] for name in ordered}, tuple(told), left_out)
