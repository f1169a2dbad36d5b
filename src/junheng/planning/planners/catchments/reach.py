"""Which village may go to which catchment: the farthest way, pins and forbids; and why there is a village that may go to none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from junheng.documents import finding
from junheng.errors import DataError, Finding, Place, Text
from junheng.model.county import County
from junheng.planning.declaration import Declaration
from junheng.planning.districting import UNREACHABLE, District
from junheng.planning.proposal import Brief
from junheng.planning.refusal import infeasible
from junheng.planning.solve import GivingWay, Impossible, Relaxation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_AHEAD = 15  # years: as far as `foresee` looks unless it is told otherwise; beyond, few of the children are born
_NAMED = 10


class Asked(Protocol):
    """What must be known of a question to say who can go nowhere."""

    @property
    def villages(self) -> tuple[str, ...]:
        """Return the codes of villages."""

    @property
    def village_names(self) -> tuple[str, ...]:
        """Return their names."""

    @property
    def pupils(self) -> Ints:
        """Return their pupils."""

    @property
    def block(self) -> Ints:
        """Return the block of each."""

    def district(self) -> District:
        """Return the question without names."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """Ways from villages to catchments, and what a brief says of them."""

    way: Floats  # (villages, zones) metres, inf where one cannot get there
    brief: Brief
    farthest: float  # km; 0: no limit
    villages: tuple[str, ...]
    schools: tuple[str, ...]
    school_zone: Ints  # (schools,)
    school_village: Ints  # (schools,)

    def metres(self, *, is_limited: bool = True, is_pinned: bool = True) -> Ints:
        """Return ways in whole metres, UNREACHABLE where a village cannot or may not go; a school's own village may always go there."""
        most = self.farthest * 1000 if is_limited and self.farthest else np.inf
        lawful = np.isfinite(self.way) & (self.way <= most)
        lawful[self.school_village, self.school_zone] = True
        metres = np.where(lawful, np.rint(np.nan_to_num(self.way, posinf=0.0, nan=0.0)), UNREACHABLE).astype(np.int64)
        return self._pinned(metres) if is_pinned else metres

    def _pinned(self, metres: Ints) -> Ints:
        at, school = ({code: k for k, code in enumerate(codes)} for codes in (self.villages, self.schools))
        for pin in self.brief.forbids:
            metres[at[pin.what[1]], self.school_zone[school[pin.to]]] = UNREACHABLE
        for pin in self.brief.pins:
            village, zone = at[pin.what[1]], self.school_zone[school[pin.to]]
            here = metres[village, zone]
            metres[village] = UNREACHABLE
            metres[village, zone] = here if here < UNREACHABLE else 0
        return metres


def strange_pins(brief: Brief, schools: tuple[str, ...]) -> Iterator[Finding]:
    """Find what is pinned to a school, or forbidden, that has no catchment of the stage."""
    for pin in (*brief.pins, *brief.forbids):
        if pin.to not in schools:
            yield finding("planning.pin_of_school_without_catchment", Place(table="schools", key=(pin.to,)), pin.to)


def check_years(county: County, brief: Brief, declaration: Declaration) -> None:
    """Raise DataError for years of which nothing can be known: before those of the data, or beyond the reach of a forecast."""
    first, many = (int(cast("int", declaration.value(brief, name))) for name in ("year", "years"))
    last = (first or county.year) + many - 1
    if (first and first < county.year) or last > county.year + _AHEAD:
        found = Text(f"{first}学年" if many == 1 else f"{first}–{last}学年", f"{first}" if many == 1 else f"{first}-{last}")
        raise DataError(finding("planning.year_out_of_reach", Place(column="year"), found, first=county.year, last=county.year + _AHEAD))


def refuse_out_of_reach(question: Asked, reach: Reach) -> None:
    """Raise DataError for villages that the data cut off, or Infeasible where the brief leaves a village no catchment to go to."""
    district = question.district()
    joined = district.order < UNREACHABLE
    out = ~((district.each < UNREACHABLE) & joined).any(axis=1) & ~district.fixed
    if not out.any():
        return
    bare, unlimited = (_open(question, reach.metres(is_limited=False, is_pinned=pinned)) & joined for pinned in (False, True))
    lost = out & ~bare.any(axis=1)
    if lost.any():
        raise DataError([one for block in np.flatnonzero(lost) for one in _cut_off(question, reach, joined, int(block))])
    far = out & unlimited.any(axis=1)
    kinds = [*_too_far(question, reach, unlimited, far), *_by_pins(question, out & ~far)]
    conflict = tuple(Relaxation(one.rules[0], one.by, None, unit=one.unit, option=one.option) for one in kinds)
    raise infeasible(Impossible(conflict=conflict, together=(), kinds=tuple(kinds)), "pupil-km")


def _open(question: Asked, metres: Ints) -> Mask:
    """Return which blocks may go to which zones by ways alone, with all their villages: (blocks, zones)."""
    shut = np.zeros((int(question.block.max(initial=-1)) + 1, metres.shape[1]), dtype=np.bool_)
    np.logical_or.at(shut, question.block, metres >= UNREACHABLE)
    return ~shut


def _cut_off(question: Asked, reach: Reach, joined: Mask, block: int) -> Iterator[Finding]:
    for village in np.flatnonzero(question.block == block):
        code, pupils = question.villages[village], int(question.pupils[village])
        place = Place(table="villages", key=(code,))
        if joined[block].any() and not np.isfinite(reach.way[village]).any():
            found = Text(f"到不了任何一所学校（{pupils}名学生）", f"no school that can be reached ({pupils} pupils)")
            yield finding("planning.village_cut_off", place, found, village=code)
        else:
            found = Text("经相邻的村居走不到能去的学校", "no way along neighbours to a school that can be reached")
            yield finding("planning.village_apart", place, found)


def _too_far(question: Asked, reach: Reach, unlimited: Mask, far: Mask) -> Iterator[GivingWay]:
    """Tell the villages that the farthest way leaves without a catchment, and the least of it that gives each of them one."""
    blocks = np.flatnonzero(far)
    if not len(blocks):
        return
    metres = reach.metres(is_limited=False)
    need = np.array([_needed(question, metres, unlimited[block], int(block)) for block in blocks])
    worst = int(blocks[need.argmax()])
    km = math.ceil(int(need.max()) / 100) / 10
    limit = f"{reach.farthest:g}"
    names, pupils = _named(question, far)
    every = Text(
        f"{names.zh}的{pupils:,}名学生都有学区可去（离能去的学校都超过{limit}公里）",
        f"each of the {pupils:,} pupils of {names.en} has a catchment to go to (the schools that they can go to are beyond {limit} km)",
    )
    at, at_en = _villages(question, np.array([worst]))
    rule = Text(
        f"村居到学校不超过{limit}公里（{at}要走{km:g}公里；farthest至少为{km:g}，才能使每个村居都有学区可去）",
        f"at most {limit} km from a village to its school (it is {km:g} km from {at_en}: with a farthest of less some village has none)",
    )
    yield GivingWay((every,), 1, None, None)
    yield GivingWay((rule,), 1, km - reach.farthest, None, "km", "farthest")


def _needed(question: Asked, metres: Ints, unlimited: Mask, block: int) -> int:
    """Return the least metres that let all villages of a block go to one zone."""
    return int(metres[question.block == block].max(axis=0)[unlimited].min())


def _by_pins(question: Asked, pinned: Mask) -> Iterator[GivingWay]:
    if not pinned.any():
        return
    names, pupils = _named(question, pinned)
    yield GivingWay(
        (Text(f"{names.zh}的{pupils:,}名学生都有学区可去", f"each of the {pupils:,} pupils of {names.en} has a catchment"),), 1, None, None
    )
    yield GivingWay(
        (Text("对这些村居的指定和禁止", "what is pinned and forbidden for these villages"),), 1, None, None, "", "--pin、--forbid"
    )


def _named(question: Asked, blocks: Mask) -> tuple[Text, int]:
    """Return the villages of blocks, the first few by name, and their pupils."""
    inside = blocks[question.block]
    zh, en = _villages(question, np.flatnonzero(blocks))
    return Text(zh, en), int(question.pupils[inside].sum())


def _villages(question: Asked, blocks: Ints) -> tuple[str, str]:
    names = [question.village_names[k] for k in np.flatnonzero(np.isin(question.block, blocks))]
    shown, more = names[:_NAMED], len(names) > _NAMED
    return (
        f"{'、'.join(shown)}{f'等{len(names)}个村居' if more else ''}",
        f"{', '.join(shown)}{f' and others, {len(names)} villages,' if more else ''}",
    )
