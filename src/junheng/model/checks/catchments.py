"""Catchments: public schools in none, villages in none, catchments of no school or of no village; stage by stage."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from junheng.errors import Finding, Text
from junheng.model.checks.gather import gather
from junheng.model.county import County


def check_catchments(county: County, _previous: County | None) -> Iterator[Finding]:
    """Find what the catchments of a county leave open; nothing of a stage for which none are entered. Private schools may be outside."""
    zones, members = county.tables["catchments"], county.tables["catchment_villages"]
    drawn = zones.join(members.select("stage").unique(), on="stage", how="semi")  # a stage has both, or was not drawn
    if not drawn.height:
        return
    teaching = county.tables["enrolment"].filter(pl.col("pupils") > 0).select("school", "stage").unique()
    public = county.tables["schools"].filter(pl.col("ownership").ne_missing("private")).select("school", "name")
    stages = drawn.select("stage").unique()
    due = teaching.join(public, on="school").join(stages, on="stage", how="semi").join(zones, on=["stage", "school"], how="anti")
    yield from gather("model.school_outside_every_catchment", "schools", "school", due.sort("school", "stage"), _OUTSIDE)
    villages = county.tables["villages"].select("village", "name").join(stages, how="cross")
    left = villages.join(members, on=["stage", "village"], how="anti").sort("village", "stage")
    yield from gather("model.village_outside_every_catchment", "villages", "village", left, _OUTSIDE)
    lone = members.join(stages, on="stage", how="semi").join(zones, on=["stage", "zone"], how="anti").sort("stage", "village")
    yield from gather("model.catchment_without_school", "catchment_villages", "zone", lone, _NO_SCHOOL)
    empty = drawn.join(members, on=["stage", "zone"], how="anti").sort("stage", "school")
    yield from gather("model.catchment_without_villages", "catchments", "zone", empty, _NO_VILLAGE)


_OUTSIDE = Text("不在任何学区（{stage}）", "in no catchment ({stage})")
_NO_SCHOOL = Text("学区{zone}没有学校（{stage}）", "catchment {zone} has no school ({stage})")
_NO_VILLAGE = Text("学区{zone}没有村居（{stage}）", "catchment {zone} has no village ({stage})")
