"""Catchments on the ground: which villages lie side by side, and whether a catchment is in one piece."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from junheng.model.county import County
from junheng.planning.travel import adjacency_without_barriers
from junheng.standards.rulebook import Rulebook

Neighbours = Mapping[str, set[str]]


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


def is_whole(near: Neighbours, zone: Mapping[str, str], goes: Mapping[str, str]) -> bool:
    """Return whether the catchments that change have no more pieces than today. goes: villages and where they go."""
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
