"""One new school among many sites: what every site comes to, exact, so that the best is proven by the whole table.

Each site is a question of pupils to schools of its own, and the prices of the county without it answer most of it: the new school asks
for the price at which it is just full, and only what that leaves wrong is put right by shortest paths (`send_pupils`). Least loads are
kept by dividing a school in two: the first places, up to the least load, are so cheap that they are filled whenever that is possible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from junheng.planning.kernels.transport import UNREACHABLE, transport
from junheng.planning.pupils_to_schools import whole

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteValues:
    """What the county comes to with each site: ways and the site's own cost; inf where no plan keeps the bounds of loads."""

    total: Floats  # (sites,)
    without: float  # with no site, inf where the schools that exist cannot take everyone
    best: int  # the site of least total, -1 where none helps
    load: Ints  # (sites,) pupils of the new school


def site_values(
    way: ArrayLike,
    pupils: ArrayLike,
    places: ArrayLike,
    site_way: ArrayLike,
    site_places: ArrayLike,
    fixed: ArrayLike,
    *,
    least: ArrayLike = 0,
    site_least: ArrayLike = 0,
) -> SiteValues:
    """Return the cost of the county with each of the sites, one at a time.

    way: (blocks, schools) whole numbers, the cost of one pupil's way, UNREACHABLE where none can go; pupils: (blocks,); places, least:
    (schools,) most and least pupils; site_way: (blocks, sites); site_places, site_least, fixed: (sites,), the last in the unit of way.
    Raises ValueError as `send_pupils` does, and where a least load is more than the places.
    """
    case = _Case(
        whole("way", way), whole("pupils", pupils), whole("places", places), np.broadcast_to(whole("least", least), np.shape(places))
    )
    ways, rooms, costs = whole("site_way", site_way), whole("site_places", site_places), np.asarray(fixed, dtype=np.float64)
    few = np.broadcast_to(whole("site_least", site_least), rooms.shape)
    if (
        ways.shape != (len(case.pupils), len(rooms))
        or costs.shape != rooms.shape
        or (few > rooms).any()
        or (case.least > case.places).any()
    ):
        raise ValueError("sites do not fit, or a least load is more than the places")
    without = case.alone()
    total, load = np.full(len(rooms), np.inf), np.zeros(len(rooms), dtype=np.int64)
    for k in range(len(rooms)):
        travel, load[k] = case.joined(ways[:, k], int(rooms[k]), int(few[k]))
        total[k] = travel + costs[k]
    best = int(total.argmin()) if len(total) and np.isfinite(total.min()) else -1
    return SiteValues(total=total, without=without, best=best, load=load)


class _Case:
    """The schools that exist, with room for one more. Least loads are minded where a plan without them breaks them."""

    def __init__(self, way: Ints, pupils: Ints, places: Ints, least: Ints) -> None:
        """Lay out. Raises ValueError where shapes do not fit."""
        if way.shape != (len(pupils), len(places)):
            raise ValueError("way, pupils and places do not fit")
        self.way, self.pupils, self.places, self.least = way, pupils, places, np.asarray(least, dtype=np.int64)
        known = way[way < UNREACHABLE]
        # dearer than any chain of moves: filling first places always pays
        self.rise = (int(known.max(initial=0)) + 1) * (len(places) + 3)
        self._held: tuple[int, ...] = ()  # schools divided from the beginning: those that the county without a site leaves short
        self._short: dict[int, int] = {}  # how often a site left a school short that was not divided
        self._prices: dict[tuple[int, ...], Ints] = {}

    def alone(self) -> float:
        """Return what the county comes to with no site, and remember the schools that are short then, and the prices."""
        travel, _, held = self._kept(self.way, self.places, self.least, ())
        self._held = held
        return travel

    def joined(self, extra: Ints, room: int, least: int) -> tuple[float, int]:
        """Return what the county comes to with one more school, and its pupils."""
        way = np.column_stack((self.way, extra))
        held = self._held
        if self._held in self._prices:
            others = (self.way + self._prices[self._held][: len(self.places)]).min(axis=1)
            wishing = int(self.pupils[others > extra].sum())  # at no price: too few of them, and it will be short
            held = (*held, len(self.places)) if wishing < least and not held else held
        travel, load, needed = self._kept(way, np.append(self.places, room), np.append(self.least, least), held)
        self._learn(tuple(j for j in needed if j < len(self.places)))
        return travel, int(load[-1])

    def _learn(self, held: tuple[int, ...]) -> None:
        """Divide schools from the beginning for sites to come that this one left short twice: the answer is the same, and found at once."""
        for j in set(held) - set(self._held):
            self._short[j] = self._short.get(j, 0) + 1
        often = tuple(sorted({*self._held, *(j for j, times in self._short.items() if times >= _TWICE)}))
        if often != self._held and self._sent(self.way, self.places, self.least, often) is not None:
            self._held = often

    def _kept(self, way: Ints, places: Ints, least: Ints, held: tuple[int, ...]) -> tuple[float, Ints, tuple[int, ...]]:
        """Divide schools as long as a plan leaves others short of their least load."""
        while True:
            found = self._sent(way, places, least, held)
            if found is None:
                return np.inf, np.zeros(len(places), dtype=np.int64), held
            travel, load = found
            short = tuple(int(j) for j in np.flatnonzero(load < least) if j not in held)
            if not short:
                return (travel if (load >= least).all() else np.inf), load, held
            held = tuple(sorted((*held, *short)))

    def _sent(self, way: Ints, places: Ints, least: Ints, held: tuple[int, ...]) -> tuple[float, Ints] | None:
        """Return ways and loads of the cheapest plan that fills first places before all others; None where there are too few places."""
        schools, divided = len(places), np.array(held, dtype=np.int64)
        rise = self.rise if held else 0
        rest = places.copy()
        rest[divided] -= least[divided]
        cost = np.ascontiguousarray(np.concatenate((np.where(way < UNREACHABLE, way + rise, way), way[:, divided]), axis=1))
        price = self._start(cost, np.concatenate((rest, least[divided])), schools, held)
        flow = np.zeros(cost.shape, dtype=np.int64)
        _, seen = transport(cost, self.pupils, np.concatenate((rest, least[divided])), price, flow)
        if seen.any():
            return None
        if schools == len(self.places):
            self._prices[held] = np.maximum(price[:-1] - price[-1], 0)
        load = flow[:, :schools].sum(axis=0)
        np.add.at(load, divided, flow[:, schools:].sum(axis=0))
        travel = int((np.where(flow > 0, cost, 0) * flow).sum()) - rise * int(flow[:, :schools].sum())
        return float(travel), load

    def _start(self, cost: Ints, room: Ints, schools: int, held: tuple[int, ...]) -> Ints:
        """Return prices to begin with: those of the county without the new school, and for it the one at which it is just full."""
        start, own = np.zeros(cost.shape[1] + 1, dtype=np.int64), len(self.places)
        known = self._prices.get(self._held)
        if known is None or schools == own:
            return start
        start[:own] = known[:own]
        first = {j: int(known[own + k]) for k, j in enumerate(self._held)}
        for k, j in enumerate(held):
            start[schools + k] = first.get(j, int(start[j]) + self.rise) if j != own else 0
        mine = [own, *([schools + held.index(own)] if own in held else [])]
        others = cost + start[:-1]
        others[:, mine] = UNREACHABLE
        gain = others.min(axis=1) - cost[:, own]
        order = np.argsort(-gain, kind="stable")
        wish = np.cumsum(self.pupils[order])
        total = int(room[mine].sum())
        full, few = (int(np.searchsorted(wish, many, side="right")) for many in (total, total - int(room[own])))
        start[own] = max(int(gain[order[full]]), 0) if full < len(order) else 0
        if own in held:
            start[mine[1]] = max(0, self.rise + min(int(start[own]), int(gain[order[few]]) if few < len(order) else 0))
        return start
