"""Blocks that must be in one zone, however far: whether they can be joined to it, with how many pupils at the least, and by which way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.case import EXACT, District, Ints, Mask, broken
from junheng.planning.kernels.corridors import Map, corridor, reach
from junheng.planning.kernels.districting import UNREACHABLE

Floats = NDArray[np.float64]


def reaching(district: District) -> District:
    """Return the district without the pairs from which no lawful way leads to the zone's school: no plan has them."""
    lawful = _lawful(district)
    found = np.zeros(lawful.shape, dtype=np.bool_)
    reach(lawful, _map(district), district.rule == EXACT, found)
    kept = replace(district, each=np.where(found, district.each, UNREACHABLE))
    kept.__dict__["order"] = district.order  # the map has not changed
    return kept


def must(district: District) -> Ints:
    """Return the blocks that may be in one zone only, schools' apart."""
    return np.flatnonzero(((district.each < UNREACHABLE).sum(axis=1) == 1) & ~district.fixed)


def least_pupils(district: District, block: int) -> tuple[int, int]:
    """Return the zone that a block must be in, and the fewest pupils on any way from it to the school; -1: there is no way."""
    zone = int(district.each[block].argmin())
    came = np.zeros(len(district.pupils), dtype=np.int64)
    dear = np.where(_lawful(district)[:, zone], district.pupils.astype(np.float64), np.inf)
    least, _ = corridor(block, zone, dear, _map(district), district.rule == EXACT, came)
    begin, root = district.root_lists
    others = root[begin[zone] : begin[zone + 1]]
    own = int(district.pupils[block])
    return zone, int(least) + own + int(district.pupils[others].sum() - district.pupils[others].max()) if np.isfinite(least) else -1


def connected(district: District, zone: Ints, prices: Ints) -> Ints:
    """Return the plan with ways to school for the blocks that may be in one zone only and have none: the cheapest, one after the other."""
    bad = np.intersect1d(broken(district, zone), must(district))
    if not len(bad):
        return zone
    zone = zone.copy()
    lawful, on = _lawful(district), _map(district)
    heft = district.pupils[:, None] * prices[None]
    worth = np.where(lawful, district.cost + heft, UNREACHABLE).astype(np.float64)
    taken = np.zeros(len(zone), dtype=np.bool_)
    came = np.zeros(len(zone), dtype=np.int64)
    for block in bad[np.argsort(-district.order[bad, district.each[bad].argmin(axis=1)], kind="stable")]:
        to = int(district.each[block].argmin())
        dear = np.maximum(worth[:, to] - worth.min(axis=1), 0.0) + 1.0
        dear[~lawful[:, to] | (taken & (zone != to))] = np.inf
        dear[zone == to] = 0.0
        _, end = corridor(int(block), to, dear, on, district.rule == EXACT, came)
        while end >= 0:
            zone[end], taken[end] = to, True
            end = int(came[end])
    return zone


def _lawful(district: District) -> Mask:
    """Return which blocks may be in which zone, schools' blocks in their own only: (blocks, zones)."""
    lawful = district.each < UNREACHABLE
    for j, root in enumerate(district.roots):
        lawful[root] = False
        lawful[root, j] = True
    return lawful


def _map(district: District) -> Map:
    return (district.order, *district.beside, *district.root_lists, district.fixed)
