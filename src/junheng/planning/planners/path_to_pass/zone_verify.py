"""What is wrong with the villages that go, seen in the County: not whole, not at a border, too many pupils, a catchment in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from junheng.errors import Text
from junheng.model.change import SetValue, apply
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.planners.path_to_pass.drift import in_year
from junheng.planning.planners.path_to_pass.kept import of_years
from junheng.planning.planners.path_to_pass.zone_changes import torn
from junheng.planning.planners.path_to_pass.zone_map import zones
from junheng.planning.planners.path_to_pass.zone_pins import is_done, is_of_zones
from junheng.planning.planners.path_to_pass.zones import Way, borders, by_stage
from junheng.planning.proposal import Proposal
from junheng.standards.rulebook import Rulebook


def zone_faults(county: County, rules: Rulebook, proposal: Proposal, declaration: Declaration) -> Iterator[Text]:
    """Yield the faults of villages that go, and what the brief says of catchments and the plan does not do."""
    told = proposal.tables.get("rezoned")
    moved = sum(1 for change in proposal.changes if isinstance(change, SetValue) and change.table == "catchment_villages")
    listed = told.height if told is not None else 0
    if moved != listed:
        yield Text(f"改划村居应为{moved}个", f"{moved} villages go")
    chosen: list[Way] = []
    if told is not None and listed:
        question, _ = of_years(county, rules, replace(proposal.brief, pins=(), forbids=()), declaration)
        share = float(declaration.value(proposal.brief, "zone_moves")) / 100
        lawful = {way.key[:2]: way for way in borders(county, rules, question, share).ways if _is_told(way, told)}
        for row in told.iter_rows(named=True):
            way = lawful.get((row["stage"], row["village"]))
            if way is None or way.pupils != row["pupils"]:
                yield Text(f"不能改划：{row['village']}", f"may not go: {row['village']}")
            else:
                chosen.append(way)
        for village in sorted(torn(county, rules, chosen)):
            yield Text(f"改划后学区不连片：{village}", f"leaves a catchment in pieces: {village}")
        years = [county.year, *(year.at for year in question.every)]
        yield from _too_many(county, proposal, share, chosen, years)
    yield from _asked(county, proposal, chosen)


def _is_told(way: Way, told: pl.DataFrame) -> bool:
    rows = told.filter((pl.col("village") == way.village) & (pl.col("stage") == way.stage))
    return rows["to"].to_list() == [way.takes[0] if len(way.takes) == 1 else way.zone]


def _too_many(county: County, proposal: Proposal, share: float, chosen: Sequence[Way], years: Sequence[int]) -> Iterator[Text]:
    """Yield villages whose catchment has not changed, and schools of which too many pupils leave or come, in the County of any year."""
    after = apply(county, proposal.changes)
    for stage, gone in by_stage(chosen).items():
        zone = zones(after, stage)
        for way in gone:
            if zone.get(way.village) != way.zone:
                yield Text(f"学区未改：{way.village}", f"the catchment of {way.village} has not changed")
        for year in dict.fromkeys(years):
            was, now = (_sums(each if year == county.year else in_year(each, year), stage) for each in (county, after))
            for unit in sorted({unit for way in gone for unit in way.units}):
                sites = {site for way in gone for site, of in way.unit_of.items() if of == unit}
                came = sum(way.flow(year).get(unit, 0) for way in gone)
                held = max(way.held[year].get(unit, 0) for way in gone)
                differs = sum(now.get(site, 0) - was.get(site, 0) for site in sites)
                if differs != came or abs(came) > share * held + 1e-9:
                    yield Text(f"改划人数不符：{unit[0]}（{year}）", f"the pupils who go do not add up: {unit[0]} ({year})")
        if sum(_sums(county, stage).values()) != sum(_sums(after, stage).values()):
            yield Text("改划后学生总数变了", "pupils were made or lost")


def _sums(county: County, stage: str) -> dict[str, int]:
    rows = county.tables["enrolment"].filter(pl.col("stage") == stage).group_by("school").agg(pl.col("pupils").sum())
    return dict(rows.iter_rows())


def _asked(county: County, proposal: Proposal, chosen: Sequence[Way]) -> Iterator[Text]:
    """Yield what is pinned of catchments and not done, and what is forbidden and done."""
    for pin in proposal.brief.pins:
        if is_of_zones(pin) and not is_done(county, pin, chosen):
            yield Text(f"任务书指定的改划没有列入：{pin.what[1]} {pin.to}", f"pinned by the brief and not done: {pin.what[1]} {pin.to}")
    for pin in proposal.brief.forbids:
        if is_of_zones(pin) and is_done(county, pin, chosen):
            yield Text(f"任务书禁止的改划：{pin.what[1]} {pin.to}", f"forbidden by the brief: {pin.what[1]} {pin.to}")
