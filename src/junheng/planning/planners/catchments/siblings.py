"""Younger children whose elder brother or sister is at a school: counts by village, told by where the plan parts them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County

Ints = NDArray[np.int64]

TABLE = "village_siblings"


def read(county: County, stage: str, villages: tuple[str, ...], pupils: Ints, zone_of: Mapping[str, int], zones: int) -> Ints | None:
    """Return how many younger children of a village have their elder in a catchment: (villages, zones); None where nobody counted them.

    zone_of: the catchment of each school; elders at schools without one are left out, for no catchment parts or joins these.
    Raises DataError with every count that is not known or larger than the village.
    """
    rows = county.tables[TABLE].filter(pl.col("stage") == stage)
    if not rows.height:
        return None
    at = {code: k for k, code in enumerate(villages)}
    main = dict(county.tables["campuses"].select("campus", "school").iter_rows())
    counted = np.zeros((len(villages), zones), dtype=np.int64)
    errors: list[Finding] = []
    for village, school, many in rows.select("village", "school", "pupils").iter_rows():
        zone = zone_of.get(main.get(school) or school)
        if many is None:
            errors.append(finding("planning.siblings_not_known", Place(table=TABLE, key=(village, school)), Text("未填", "not entered")))
        elif village in at and zone is not None:
            counted[at[village], zone] += many
    errors += _too_many(villages, pupils, counted)
    if errors:
        raise DataError(errors)
    return counted


def _too_many(villages: tuple[str, ...], pupils: Ints, counted: Ints) -> Iterator[Finding]:
    for k in np.flatnonzero(counted.max(axis=1, initial=0) > pupils):
        most, many = int(counted[k].max()), int(pupils[k])
        found = Text(f"{many}名学生中有{most}名", f"{most} of {many} pupils")
        yield finding("planning.siblings_beyond_all", Place(table=TABLE, key=(villages[k],)), found)


def parted(counted: Ints, zone: Ints) -> Ints:
    """Return for each village how many younger children are in another catchment than their elder: (villages,). zone: (villages,)."""
    own: Ints = counted[np.arange(len(zone)), zone]
    away: Ints = counted.sum(axis=1) - own
    return away
