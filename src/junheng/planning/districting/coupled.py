"""Zones of several levels in one program of the engine: a bound that sees what it costs to part, and plans that part fewer.

A block of a lower zone keeps its mates when it goes where the zone's main way up leads. For the pairs of a lower and an upper zone that
are near for a block, that is a variable, at most what the block is in either zone and at most what the way between them is the main one;
the ways up of a zone add up to one. Where blocks are whole, the best of such ways is a single one, so they need not be asked to be whole.
A block in a zone that is far for it is taken to keep its mates: that is at most too good, and the bound holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.errors import Text
from junheng.planning.districting.case import District
from junheng.planning.districting.residual import enter
from junheng.planning.kernels.districting import UNREACHABLE
from junheng.planning.solve import Limits, Program, Variables, Watch, solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NEAR = 4  # zones of each level that are near for a block, at most
_NONE = Text("", "")


class Coupled(NamedTuple):
    """A plan of all levels, and what none falls below where all were free."""

    zones: tuple[Ints, ...]
    bound: float  # -inf where a level had to stay


class _Level(NamedTuple):
    """One level in the program: pair k is block[k] in zone[k]."""

    inside: Variables
    block: Ints
    zone: Ints
    column: Ints  # (blocks, zones) place of the pair, -1 where there is none
    near: Mask  # (blocks, zones)


def coupled(
    levels: Sequence[District],
    plans: Sequence[Ints],
    prices: Sequence[Ints],
    apart: Sequence[int],
    limits: Limits,
    seed: int,
    watch: Watch,
    free: Sequence[bool] | None = None,
    *,
    whole: bool = False,
    near: int = _NEAR,
) -> Coupled:
    """Return a plan of all levels, and the bound.

    levels: lowest first, over the same blocks; plans: to begin with, lawful; prices: (zones,) of a place, by level; apart: what a pupil who
    parts weighs, by lower level; free: levels that may change, None for all. One that stays makes the program small, and every zone near.
    whole: lower zones go up whole, as they do in `plans`; then zones that are far are left out, and there is no bound; near: zones of
    each level that are near for a block, at most.
    """
    program, are_free = Program(unit="cost"), list(free) if free is not None else [True] * len(levels)
    many = near if all(are_free) else max(district.each.shape[1] for district in levels)
    parts = [
        _level(program, district, plan, price, max(apart), many, is_free)
        for district, plan, price, is_free in zip(levels, plans, prices, are_free, strict=True)
    ]
    start = [(plan[part.block] == part.zone).astype(np.float64) for plan, part in zip(plans, parts, strict=True)]
    for place, (lower, upper) in enumerate(pairwise(parts)):
        pupils = levels[place].pupils
        start += _ways(program, lower, upper, pupils, apart[place], plans[place], plans[place + 1], whole=whole)
    quiet = Watch(cancelled=watch.cancelled)
    begin = np.concatenate(start)
    engine = "highs_proof" if all(are_free) and not whole else "highs"
    answer = solve(program, limits, seed=seed, start=begin, watch=quiet, engine=engine, explained=False)
    values = getattr(answer, "values", None)
    found = tuple(plans) if values is None else tuple(_plan(part, values, plan) for part, plan in zip(parts, plans, strict=True))
    return Coupled(found, float(getattr(answer, "bound", -np.inf)) if all(are_free) and not whole else -np.inf)


def _level(program: Program, district: District, plan: Ints, prices: Ints, apart: int, many: int, is_free: bool) -> _Level:
    """Enter a level's own rules and cost; tell which zones are near for a block: at the prices of places, within what parting weighs."""
    blocks, zones = district.each.shape
    keep = district.each < UNREACHABLE
    keep[~np.full(blocks, is_free)] = False
    keep[np.arange(blocks), plan] = True
    inside, block, zone, column = enter(program, district, keep, plan, np.ones(blocks, dtype=np.bool_), district.rule)
    program.cost(_NONE, inside * district.cost[block, zone].astype(np.float64), unit="cost")
    priced = np.where(column >= 0, district.cost + district.pupils[:, None] * prices[None].astype(np.float64), np.inf)
    more = priced - priced.min(axis=1, keepdims=True)
    near = (more <= apart * np.maximum(district.pupils, 1)[:, None]) | (many >= zones)
    if many < zones:
        near &= more <= np.partition(more, many - 1, axis=1)[:, many - 1 : many]
    near[np.arange(blocks), plan] = True
    return _Level(inside, block, zone, column, near & (column >= 0))


def _ways(
    program: Program, lower: _Level, upper: _Level, pupils: Ints, apart: int, low: Ints, up: Ints, *, whole: bool
) -> tuple[Floats, Floats, Floats]:
    """Enter who keeps mates between two levels; return the values of the new variables for two plans."""
    blocks, zones = lower.near.shape[0], upper.near.shape[1]
    has = (pupils > 0)[:, None, None]
    block, a, b = np.nonzero(lower.near[:, :, None] & upper.near[:, None, :] & has)
    way, of = np.unique(a * zones + b, return_inverse=True)
    keeps, main = program.variables(_NONE, len(block), upper=1), program.variables(_NONE, len(way), upper=1)
    far = program.variables(_NONE, blocks, upper=0.0 if whole else (pupils > 0).astype(np.float64))
    begin, position = np.unique(way // zones, return_inverse=True)
    program.definition(_NONE, main.sum_by(position, len(begin)) <= 1)
    program.definition(_NONE, keeps - main[of] <= 0)
    for part, zone in ((lower, a), (upper, b)):
        pair, own = np.unique(part.column[block, zone], return_inverse=True)
        program.definition(_NONE, keeps.sum_by(own, len(pair)) - part.inside[pair] <= 0)
    outside = [np.flatnonzero(~part.near[part.block, part.zone]) for part in (lower, upper)]
    elsewhere = [part.inside[pairs].sum_by(part.block[pairs], blocks) for part, pairs in zip((lower, upper), outside, strict=True)]
    program.definition(_NONE, far - elsewhere[0] - elsewhere[1] <= 0)
    kept = keeps.sum_by(block, blocks) + far
    program.definition(_NONE, kept <= 1)
    if whole:
        program.definition(_NONE, kept >= (pupils > 0).astype(np.float64))
    program.cost(_NONE, (1.0 - kept) * pupils.astype(np.float64), unit="pupils", weight=float(apart))
    many = np.zeros((lower.near.shape[1], zones), dtype=np.int64)
    np.add.at(many, (low, up), pupils)
    most = (many.argmax(axis=1)[way // zones] == way % zones).astype(np.float64)
    return ((low[block] == a) & (up[block] == b)) * most[of], most, np.zeros(blocks)


def _plan(part: _Level, values: Floats, stay: Ints) -> Ints:
    taken = values[part.inside.columns] > 0.5
    zone = stay.copy()
    zone[part.block[taken]] = part.zone[taken]
    return zone
