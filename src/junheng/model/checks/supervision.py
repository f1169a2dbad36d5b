"""Supervision zones: schools left out of all of them, zones of no school, seats elsewhere, inspectors with ties or other than counted."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.gather import gather
from junheng.model.county import County


def check_supervision(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find what the zones of a county leave open; nothing where there are no zones. Kindergartens may be outside."""
    zones, members = county.tables["supervision_zones"], county.tables["zone_schools"]
    if not members.height:
        return
    schools = county.tables["schools"].filter(pl.col("kind") != "kindergarten")
    outside = schools.filter(~pl.col("school").is_in(members["school"].implode()))
    yield from gather("model.school_outside_every_zone", "schools", "school", outside, Text("不在任何责任区", "in no zone"))
    empty = zones.filter(~pl.col("zone").is_in(members["zone"].drop_nulls().implode()))
    yield from gather("model.zone_without_schools", "supervision_zones", "zone", empty, Text("没有学校", "no school"))
    seats = zones.join(members.select(pl.col("school").alias("seat"), pl.col("zone").alias("lies_in")), on="seat", how="left")
    away = seats.filter(pl.col("seat").is_not_null() & pl.col("lies_in").ne_missing(pl.col("zone")))
    found = Text("{seat}属于责任区{lies_in}", "{seat} is in zone {lies_in}")
    yield from gather("model.seat_in_another_zone", "supervision_zones", "seat", away, found)
    yield from _people(county)


def _people(county: County) -> Iterator[Finding]:
    """Find inspectors in a zone with a school from which they must keep, and zones with another number of them than was told."""
    zones, members, people = (county.tables[name] for name in ("supervision_zones", "zone_schools", "zone_inspectors"))
    if not people.height:
        return
    ties = county.tables["inspector_ties"].join(people, on="inspector").join(members, on=["school", "zone"])
    kept_from = Text("{inspector}在责任区{zone}，须回避{school}", "{inspector} is in zone {zone} and must keep from {school}")
    yield from gather("model.inspector_with_ties", "zone_inspectors", "inspector", ties, kept_from)
    counted = zones.join(people.group_by("zone").agg(pl.len().alias("by_name")), on="zone", how="left").with_columns(
        pl.col("by_name").fill_null(0)
    )
    differ = counted.filter(pl.col("inspectors").is_not_null() & (pl.col("inspectors") != pl.col("by_name")))
    found = Text("责任区{zone}在册{by_name}名，登记{inspectors}名", "zone {zone} has {by_name} by name, {inspectors} as told")
    yield from gather("model.zone_inspectors_differ", "supervision_zones", "inspectors", differ, found)
