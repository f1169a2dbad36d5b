"""One village elsewhere: the plan that is nearest to the one at hand, improved and bounded from there, and so what it costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting import UNREACHABLE, District, Drawn, TooFull, Unconnected, broken, draw, joined, loads, what_if
from junheng.planning.proposal import Brief
from junheng.planning.solve import Watch

Ints = NDArray[np.int64]

_LAID = 3  # times that ways are laid for blocks that have none


def narrows(first: Brief, second: Brief) -> bool:
    """Return whether a brief asks for all that another does, and more: then its plans are plans of the other."""
    return set(first.pins) <= set(second.pins) and set(first.forbids) <= set(second.forbids)


def with_high(district: District, high: Ints) -> District:
    """Return a district with other places; its map is worked out once."""
    other = replace(district, high=high)
    other.__dict__["order"] = district.order
    return other


def lawful(district: District, zone: Ints) -> bool:
    """Return whether a plan by blocks keeps the rules of a district."""
    load = loads(district, zone)
    here = bool((district.each[np.arange(len(zone)), zone] < UNREACHABLE).all())
    return here and bool((load <= district.high).all() and (load >= district.low).all()) and not len(broken(district, zone))


def from_plan(district: District, drawn: Drawn, brief: Brief, watch: Watch) -> Drawn | None:
    """Return the plan of a changed district, begun with the plan before it; None where none was found within the places that it has."""
    zone, out, _ = what_if(district, _begin(district, drawn), drawn.prices, brief.seed)
    begin = zone if not out and lawful(district, zone) else None
    answer: Drawn | TooFull | Unconnected = draw(district, brief.limits, brief.seed, watch, begin, forced=False)
    return answer if isinstance(answer, Drawn) else None


def reached(district: District, zone: Ints, seed: int) -> Ints:
    """Return a plan in which blocks without a way to school have one: the cheapest of their zones, and the blocks on the way there.

    Others are moved on, so that as few pupils as may be are beyond places.
    """
    for _ in range(_LAID):
        bad = broken(district, zone)
        bad = bad[~district.fixed[bad]]
        if not len(bad):
            break
        each = district.each.copy()
        to = each[bad].argmin(axis=1)
        each[bad] = UNREACHABLE
        each[bad, to] = district.each[bad, to]
        zone = zone.copy()
        zone[bad] = to
        one_way = replace(district, each=each)
        one_way.__dict__["order"] = district.order
        zone = joined(one_way, zone, np.zeros(len(district.high), dtype=np.int64))
        better, out, _ = what_if(one_way, zone, np.zeros(len(district.high), dtype=np.int64), seed)
        zone = better if out >= 0 else zone
    return zone


def _begin(district: District, drawn: Drawn) -> Ints:
    """Return the plan with what may no longer stay put where it is cheapest, villages on the way there with it."""
    zone = drawn.zone.copy()
    barred = np.flatnonzero(district.each[np.arange(len(zone)), zone] >= UNREACHABLE)
    zone[barred] = (district.each[barred] + np.where(district.each[barred] < UNREACHABLE, drawn.prices[None], 0)).argmin(axis=1)
    return joined(district, zone, drawn.prices)
