"""Stretches of years with the same schools: where one opens or closes in the years of a plan, catchments are drawn anew from that year on.

A school that opens stands in the programme of building (`projects`), its place in the table of schools or of sites; one that closes in
`school_changes`. Each stretch is a County of its own, whose catchments of today are those of the stretch before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, cast

import polars as pl

from junheng.errors import Text
from junheng.model.county import County
from junheng.model.period import statistics_day
from junheng.planning.declaration import Declaration
from junheng.planning.proposal import Brief
from junheng.projection.programme import Project, programme
from junheng.standards.rulebook import Rulebook


class Event(NamedTuple):
    """A school that opens or closes."""

    year: int  # the first school year in which it is open, or closed
    school: str  # its code; that of the project for a new school without one
    name: str
    opens: bool
    row: Mapping[str, Any]  # of the table of schools, for one that opens and does not stand there


class Stretch(NamedTuple):
    """Some years with the same schools."""

    first: int
    years: int
    events: tuple[Event, ...]  # of its first year, and of years before it that the table of places does not show yet

    def seen_in(self, county: County, stage: str) -> County:
        """Return the county with the schools of these years: those that opened have a row of places, those that closed have none."""
        tables = dict(county.tables)
        gone = {one.school for one in self.events if not one.opens}
        campuses = tables["campuses"].filter(pl.col("school").is_in(list(gone)))["campus"].to_list()
        closed = (pl.col("stage") == stage) & pl.col("school").is_in([*gone, *campuses])
        new = [one for one in self.events if one.opens and one.school not in gone]
        known = set(tables["schools"]["school"])
        rows = [dict(one.row) for one in new if one.school not in known]
        places = [{"school": one.school, "stage": stage, "places": 0} for one in new]  # its project adds them from its year on
        tables["schools"] = _with_rows(tables["schools"], rows)
        tables["places"] = _with_rows(tables["places"].filter(~closed), places)
        return replace(county, tables=tables)

    def asked(self, brief: Brief, *, later: bool) -> Brief:
        """Return the brief of these years alone. later: after the first ones; what is pinned to a school that is closed by then is over."""
        gone = {one.school for one in self.events if not one.opens} if later else set()
        pins, forbids = (tuple(pin for pin in each if pin.to not in gone) for each in (brief.pins, brief.forbids))
        return replace(brief, options={**brief.options, "year": self.first, "years": self.years}, pins=pins, forbids=forbids)


def stretches(
    county: County, rules: Rulebook, brief: Brief, declaration: Declaration, stage: str
) -> tuple[tuple[Stretch, ...], list[Text]]:
    """Return the stretches of the years asked for, and remarks on schools that open where nobody knows.

    One stretch without events: nothing opens or closes.
    """
    first = int(cast("int", declaration.value(brief, "year"))) or county.year
    last = first + int(cast("int", declaration.value(brief, "years"))) - 1
    opened, lost = _openings(county, rules, stage, last)
    events = sorted([*opened, *_closings(county, stage, last)])
    starts = sorted({first, *(one.year for one in events if first < one.year <= last)})
    ends = [*starts[1:], last + 1]
    return tuple(
        Stretch(start, end - start, tuple(one for one in events if one.year <= start)) for start, end in zip(starts, ends, strict=True)
    ), lost


def are_staged(parts: tuple[Stretch, ...]) -> bool:
    """Return whether a school opens or closes in the years of the plan, or before them and after the county's own."""
    return len(parts) > 1 or bool(parts[0].events)


def told_undrawn(county: County, rules: Rulebook, brief: Brief, declaration: Declaration) -> Iterator[Text]:
    """Say which schools open or close in the years of a plan of both stages, which draws once and heeds none of them."""
    for stage, (zh, en) in (("primary", ("小学", "primary")), ("junior", ("初中", "junior"))):
        parts, lost = stretches(county, rules, brief, declaration, stage)
        told = [f"{one.name}{one.year}年{'开办' if one.opens else '停办'}" for one in parts[-1].events]
        if told:
            yield Text(
                f"{zh}{'、'.join(told)}：两个学段一并划时只划一次，不计开办和停办；请用stage={stage}单独再问，逐年划出",
                f"{len(told)} {en} schools open or close in these years: both stages together are drawn once without heed to that; "
                f"ask again with stage={stage} to have it drawn year by year",
            )
        yield from lost


def _openings(county: County, rules: Rulebook, stage: str, last: int) -> tuple[list[Event], list[Text]]:
    """Return the schools of a stage that open after the county's year, up to a last one, and remarks on those nobody can place."""
    held = set(county.tables["places"].filter(pl.col("stage") == stage)["school"])
    listed = {row["school"]: row for row in county.tables["schools"].iter_rows(named=True)}
    plots = {row["project"]: row for row in county.tables["sites"].filter(pl.col("project").is_not_null()).iter_rows(named=True)}
    found: dict[str, Event] = {}
    lost: list[Text] = []
    for one in programme(county, rules, statistics_day(county.year)).projects:
        code = one.school or one.project
        if not _is_new(one, stage, county.year, last) or code in held or code in found:
            continue
        row = listed.get(code) or _row(one, plots.get(one.project), stage)
        if row is None:
            zh = f"{one.name}{one.counted_from}年投用，地点不明（在“备选用地”表填写其地块和项目），没有划学区"
            lost.append(Text(zh, f"{one.name} opens in {one.counted_from}; where is not known (enter its site and project): no catchment"))
            continue
        found[code] = Event(cast("int", one.counted_from), code, str(row["name"] or code), True, row)
    return list(found.values()), lost


def _is_new(one: Project, stage: str, year: int, last: int) -> bool:
    """Return whether a project opens a school of the stage between the county's year and a last one."""
    opens = one.stage == stage and bool(one.places) and one.kind not in ("purchase", "extend")
    return opens and one.counted_from is not None and year < one.counted_from <= last


def _row(one: Project, plot: Mapping[str, Any] | None, stage: str) -> dict[str, Any] | None:
    if plot is None or (not plot["village"] and (plot["lon"] is None or plot["lat"] is None)):
        return None
    same = ("name", "village", "lon", "lat", "coordinates")
    return {"school": one.project, "kind": stage, "ownership": "public", "district": plot["district"] or one.district or None} | {
        name: plot[name] for name in same
    }


def _closings(county: County, stage: str, last: int) -> Iterator[Event]:
    held = set(county.tables["places"].filter(pl.col("stage") == stage)["school"])
    names = dict(county.tables["schools"].select("school", "name").iter_rows())
    rows = county.tables["school_changes"].filter(pl.col("kind").is_in(["close", "merge"]) & (pl.col("year") > county.year))
    for school, year in rows.filter(pl.col("year") <= last).select("school", "year").iter_rows():
        if school in held:
            yield Event(int(year), school, str(names.get(school) or school), False, {})


def _with_rows(table: pl.DataFrame, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.concat([table, pl.DataFrame(rows, schema=table.schema, orient="row")]) if rows else table


def with_zones(county: County, stage: str, schools: Mapping[str, str], villages: Mapping[str, str]) -> County:
    """Return the county with other catchments of a stage: the zone of each school and of each village."""
    tables = dict(county.tables)
    for table, column, zones in (("catchments", "school", schools), ("catchment_villages", "village", villages)):
        rows = [{"stage": stage, column: code, "zone": zone} for code, zone in zones.items()]
        tables[table] = _with_rows(tables[table].filter(pl.col("stage") != stage), rows)
    return replace(county, tables=tables)
