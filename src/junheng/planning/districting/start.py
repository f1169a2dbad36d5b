"""First plans: pupils sent at least cost, whole blocks made of it, pieces joined, and moves that improve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.case import EXACT, District, Ints, broken, loads
from junheng.planning.districting.corridors import connected
from junheng.planning.kernels.districting import UNREACHABLE, anneal, mend
from junheng.planning.pupils_to_schools import Overfull, Sent, send_pupils

_HEAT = (2.0, 0.05)  # first and last temperature, as shares of what a typical block costs more elsewhere
_DEAR = (0.1, 8.0)  # first and last price of a pupil too many beyond the zone's own, in shares of the largest price
_TRIES = 30_000  # chains tried to mend a plan, at each price
_QUICK = 8000  # that many first where an answer is wanted at once
_PRICES = (2.0, 8.0, 32.0, 128.0, 1e4, 1e8)  # what a pupil less beyond places may cost, in shares of the largest price
_SEED = 0x9E3779B97F4A7C15


def relaxed(district: District, prices: Ints | None = None) -> Sent | Overfull:
    """Return pupils sent at least cost, blocks divided where that is cheaper and pieces not joined: what no plan falls below."""
    return send_pupils(settled(district), district.pupils, district.high, prices=prices)


def settled(district: District) -> Ints:
    """Return the cost of one pupil in each zone, the blocks of schools in their own zone only: (blocks, zones)."""
    each = district.each.copy()
    for j, root in enumerate(district.roots):
        own = district.each[root, j]
        each[root] = UNREACHABLE
        each[root, j] = np.where(own < UNREACHABLE, own, 0)
    return each


def empty_cost(district: District) -> int:
    """Return what blocks without pupils cost at the least: they count as one pupil each, and take no place."""
    empty = (district.pupils == 0) & ~district.fixed
    at = sum(int(district.cost[root, j][district.pupils[root] == 0].sum()) for j, root in enumerate(district.roots) if len(root))
    return int(district.each[empty].min(axis=1).sum()) + at


def bound_by_prices(district: District) -> float | None:
    """Return what no plan of whole blocks falls below, pupils sent at least cost; None where places are too few."""
    sent = relaxed(district)
    return None if isinstance(sent, Overfull) else float(sent.travel + empty_cost(district))


def rounded(district: District, sent: Sent) -> Ints:
    """Return a plan of whole and joined blocks: each where most of it was sent, pieces given to the cheapest zone beside them."""
    priced = np.where(district.each < UNREACHABLE, district.each + sent.school_price[None], UNREACHABLE)
    zone: Ints = priced.argmin(axis=1).astype(np.int64)
    order = np.argsort(sent.pupils, kind="stable")
    zone[sent.block[order]] = sent.school[order]
    return joined(district, zone, sent.school_price)


def joined(district: District, zone: Ints, prices: Ints) -> Ints:
    """Return a plan of joined zones: pieces without a school are given to the cheapest zone beside them, prices of places counted."""
    priced = np.where(district.each < UNREACHABLE, district.each + prices[None], UNREACHABLE)
    zone = zone.copy()
    for j, root in enumerate(district.roots):
        zone[root] = j
    zone = connected(district, zone, prices)
    for _ in range(len(zone)):
        bad = broken(district, zone)
        bad = bad[~district.fixed[bad]]
        if not len(bad) or not _joined(district, zone, bad, priced):
            break
    return zone


def _joined(district: District, zone: Ints, bad: Ints, priced: Ints) -> int:
    """Give blocks that are not joined to the cheapest zone beside them; return how many were changed."""
    start, beside = district.beside
    is_bad = np.zeros(len(zone), dtype=np.bool_)
    is_bad[bad] = True
    changed = 0
    for block in bad:
        near = beside[start[block] : start[block + 1]]
        near = near[~is_bad[near]]
        to = zone[near]
        if district.rule != EXACT:
            to = to[district.order[near, to] < district.order[block, to]]
        to = to[district.each[block, to] < UNREACHABLE]
        if len(to):
            zone[block] = to[priced[block, to].argmin()]
            is_bad[block] = False
            changed += 1
    return changed


def improved(
    district: District, zone: Ints, prices: Ints, steps: int, seed: int, warm: float = 1.0, dear: float = 1.0
) -> tuple[Ints, int, int]:
    """Return a plan improved by so many moves, its cost and its pupils out of band; warm: 1 from a first plan, less from a good one.

    dear: how many times as much a pupil out of band weighs.
    """
    scale = _scale(district)
    heat = np.array(
        [_HEAT[0] * scale * warm, _HEAT[1] * scale, *(dear * share * max(1.0, float(prices.max(initial=0))) for share in _DEAR)]
    )
    on, room, state = _kernel(district, prices, seed)
    best = zone.copy()
    cost, out = anneal(zone.copy(), district.cost, district.pupils, room, on, district.rule == EXACT, steps, heat, state, best)
    return best, round(cost), int(out)


def mended(district: District, zone: Ints, prices: Ints, seed: int, tries: int = _TRIES) -> tuple[Ints, int]:
    """Return a plan with fewer pupils beyond places, moved on along chains of zones to where there is room, and how many are left."""
    on, room, state = _kernel(district, prices, seed)
    found, out = zone.copy(), out_of_band(district, zone)
    typical = max(_scale(district) / max(1.0, float(np.median(district.pupils))), float(prices.max(initial=0)))
    for share in _PRICES:
        if not out:
            break
        _, out = mend(found, district.cost, district.pupils, room, on, district.rule == EXACT, tries, share * typical, state)
    return found, int(out)


def out_of_band(district: District, zone: Ints) -> int:
    """Return the pupils beyond places, and those that zones have too few."""
    load = loads(district, zone)
    return int(np.maximum(load - district.high, 0).sum() + np.maximum(district.low - load, 0).sum())


def _kernel(district: District, prices: Ints, seed: int) -> tuple[Any, Any, NDArray[np.uint64]]:
    """Return the map, the band of each zone, and the beginning of random numbers as the kernel wants them."""
    on = (district.order, *district.beside, *district.root_lists, district.fixed)
    room = (district.low, district.high, prices.astype(np.float64))
    return on, room, np.array([(seed * 2 + 1) * _SEED % 2**64], dtype=np.uint64)


def _scale(district: District) -> float:
    """Return what a typical block costs more in the next zone than in the cheapest."""
    if district.cost.shape[1] < 2:
        return 1.0
    cheapest = np.partition(district.cost, 1, axis=1)[:, :2].astype(np.float64)
    more = (cheapest[:, 1] - cheapest[:, 0])[cheapest[:, 1] < UNREACHABLE]
    return max(1.0, float(np.median(more[more > 0]))) if (more > 0).any() else 1.0


def what_if(district: District, zone: Ints, prices: Ints, seed: int = 0) -> tuple[Ints, int, float]:
    """Return the plan mended after a small change (pupils of a block, places of a school), its pupils out of band, and a new bound.

    zone, prices: of the answer before the change.
    """
    sent = relaxed(district, prices)
    if isinstance(sent, Overfull):
        return zone, -1, float("inf")
    better, out = mended(district, zone, sent.school_price, seed, _QUICK)
    if out:
        better, out = mended(district, zone, sent.school_price, seed)
    return better, out, float(sent.travel + empty_cost(district))


Floats = NDArray[np.float64]
