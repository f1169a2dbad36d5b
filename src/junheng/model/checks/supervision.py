"""Supervision zones: schools left out of all of them, zones of no school, inspectors who would set out from another zone."""

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
    yield from gather("model.school_outside_every_zone", "schools", "school", outside, Text("{name}", "{name}"))
    empty = zones.filter(~pl.col("zone").is_in(members["zone"].drop_nulls().implode()))
    yield from gather("model.zone_without_schools", "supervision_zones", "zone", empty, Text("{zone}", "{zone}"))
    seats = zones.join(members.select(pl.col("school").alias("seat"), pl.col("zone").alias("lies_in")), on="seat", how="left")
    away = seats.filter(pl.col("seat").is_not_null() & pl.col("lies_in").ne_missing(pl.col("zone")))
    found = Text("{seat}属于责任区{lies_in}", "{seat} is in zone {lies_in}")
    yield from gather("model.seat_in_another_zone", "supervision_zones", "seat", away, found)
