"""A stated share of pupils (children of migrants, girls, aided pupils) alike in all catchments within a tolerance.

Read from village_groups; a rule of the program, of the moves and of the verifier; told by catchment before and after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.proposal import Brief

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Share:
    """The pupils of a group by village, and how far the share of a catchment may lie from that of all."""

    group: str
    members: Ints  # (villages,) pupils of the group
    pupils: Ints  # (villages,)
    within: Fraction  # of a pupil: 0.05 for five points

    @property
    def of_all(self) -> Fraction:
        """Return the share among all pupils; 0 where there are none."""
        total = int(self.pupils.sum())
        return Fraction(int(self.members.sum()), total) if total else Fraction(0)

    @property
    def band(self) -> tuple[Fraction, Fraction]:
        """Return the least and the largest share that a catchment may have."""
        return max(Fraction(0), self.of_all - self.within), min(Fraction(1), self.of_all + self.within)

    def weights(self, block: Ints) -> tuple[Floats, Floats]:
        """Return for each block by how many pupils of the group it lies above and below the band; over a zone both add up to 0 or less."""
        low, high = (float(end) for end in self.band)
        blocks = int(block.max(initial=-1)) + 1
        members, pupils = (np.bincount(block, weights=each, minlength=blocks) for each in (self.members, self.pupils))
        return (members - high * pupils).astype(np.float64), (low * pupils - members).astype(np.float64)

    def sums(self, zone: Ints, zones: int) -> tuple[Ints, Ints]:
        """Return members and pupils of each zone: (zones,) each. zone: (villages,)."""
        members, pupils = (np.bincount(zone, weights=each, minlength=zones).astype(np.int64) for each in (self.members, self.pupils))
        return members, pupils

    def beyond(self, zone: Ints, zones: int) -> Ints:
        """Return the zones whose share lies outside the band, counted in fractions."""
        low, high = self.band
        pairs = zip(*(each.tolist() for each in self.sums(zone, zones)), strict=True)
        return np.array([j for j, (members, pupils) in enumerate(pairs) if not low * pupils <= members <= high * pupils], dtype=np.int64)

    def widest(self, zone: Ints, zones: int, of_all: Fraction) -> Fraction:
        """Return how far the share of a zone lies from `of_all`, at the most."""
        pairs = zip(*(each.tolist() for each in self.sums(zone, zones)), strict=True)
        return max((abs(Fraction(members, pupils) - of_all) for members, pupils in pairs if pupils), default=Fraction(0))


def read(county: County, brief: Brief, declaration: Declaration, stage: str, villages: tuple[str, ...], pupils: Ints) -> Share | None:
    """Return the share that the brief asks to be balanced; None where it asks for none.

    Raises DataError with every village of which the share is not known.
    """
    group = str(declaration.value(brief, "share"))
    if not group:
        return None
    rows = county.tables["village_groups"].filter((pl.col("stage") == stage) & (pl.col("group") == group))
    if not rows.height:
        known = county.tables["village_groups"].filter(pl.col("stage") == stage)["group"].unique().sort().to_list()
        raise DataError([finding("planning.unknown_group", Place(table="village_groups"), group, groups="、".join(known) or "–")])
    told = {village: (of, counted) for village, of, counted in rows.select("village", "pupils", "counted").iter_rows()}
    errors = [*_not_known(told, villages, pupils)]
    if errors:
        raise DataError(errors)
    members = [_of(told.get(village), int(many)) for village, many in zip(villages, pupils.tolist(), strict=True)]
    within = Fraction(str(cast("Decimal", declaration.value(brief, "share_within")))) / 100
    return Share(group=group, members=np.array(members, dtype=np.int64), pupils=pupils, within=within)


def _not_known(told: dict[str, tuple[int | None, int | None]], villages: tuple[str, ...], pupils: Ints) -> Iterator[Finding]:
    for village, many in zip(villages, pupils.tolist(), strict=True):
        of, counted = told.get(village, (None, None))
        place = Place(table="village_groups", key=(village,))
        if many and (of is None or counted is None):
            yield finding("planning.share_not_known", place, Text("未填", "not entered"))
        elif of is not None and counted is not None and (of > counted or (many and not counted)):
            yield finding("planning.share_beyond_all", place, Text(f"{counted}名中有{of}名", f"{of} of {counted}"))


def _of(told: tuple[int | None, int | None] | None, pupils: int) -> int:
    """Return the pupils of the group among those of the village: their share when they were counted, in whole pupils."""
    of, counted = told or (None, None)
    return round(Fraction(pupils * of, counted)) if pupils and of is not None and counted else 0


def table(share: Share, today: Ints, zone: Ints, names: tuple[str, ...], schools: list[str]) -> pl.DataFrame:
    """Return the share of every catchment before and after. today: (villages,) place of the zone, -1 for none; zone: (villages,)."""
    zones = len(names)
    of_all = share.of_all
    was = share.sums(np.where(today < 0, zones, today), zones + 1)
    now = share.sums(zone, zones)
    rows = []
    for j, name in enumerate(names):
        (members_before, before), (members, after) = ((int(each[0][j]), int(each[1][j])) for each in (was, now))
        rows.append(
            {
                "zone": name,
                "schools": schools[j],
                "pupils_before": before,
                "members_before": members_before,
                "share_before": 100.0 * members_before / before if before else None,
                "pupils": after,
                "members": members,
                "share": 100.0 * members / after if after else None,
                "apart": float(100 * (Fraction(members, after) - of_all)) if after else None,
            }
        )
    reals = dict.fromkeys(("share_before", "share", "apart"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=reals)
