"""What a forecast learns from: the rolls with their gaps bridged, up to a year, and the children who will enter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.projection.forecast import Entrants, Floats, Ints, Rolls
from junheng.projection.history import Chain, chain, filled, zone_sums


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Known:
    """What a forecast learns from: the filled rolls up to the origin, and the children who will enter."""

    pupils: Floats  # (T, U, G), gaps bridged
    children: Floats | None  # (T + H, Z) children at the age of entry, or None where nobody counted them
    links: Chain
    zone: Ints  # (U,)
    zones: int


def known(rolls: Rolls, entrants: Entrants | None, until: int | None = None, horizon: int = 0) -> Known:
    """Return what was known at the end of year index `until` (the last one unless said); children ahead are those expected.

    Where the children ahead end before the horizon, the last year's go on.
    """
    links = chain(rolls.grades)
    last = len(rolls.years) if until is None else until + 1
    pupils = filled(_cut(rolls, last), links)
    children = None
    if entrants is not None:
        children = np.concatenate([entrants.known[:last], entrants.middle()[:horizon]])
        held = np.repeat(children[-1:], max(last + horizon - len(children), 0), axis=0)
        children = _to_zones(np.concatenate([children, held]), entrants.zones, rolls.zones)
    return Known(pupils=pupils, children=children, links=links, zone=rolls.zone, zones=len(rolls.zones))


def _cut(rolls: Rolls, last: int) -> Rolls:
    return Rolls(
        years=rolls.years[:last],
        schools=rolls.schools,
        grades=rolls.grades,
        pupils=rolls.pupils[:last],
        zones=rolls.zones,
        zone=rolls.zone,
    )


def _to_zones(children: Floats, given: tuple[str, ...], zones: tuple[str, ...]) -> Floats:
    """Return children by the zones of the rolls; where the zones differ only the total is used, in one column."""
    if given == zones:
        return children
    if set(given) == set(zones):
        return children[:, [given.index(zone) for zone in zones]]
    return np.asarray(children.sum(axis=1, keepdims=True), np.float64)


def together(data: Known) -> Known:
    """Return the county as one school; a school that is not known in a year in which others are counts as nobody."""
    return _summed(data, np.zeros_like(data.zone), 1)


def by_zone(data: Known) -> Known:
    """Return each zone as one school."""
    return _summed(data, data.zone, data.zones)


def _summed(data: Known, group: Ints, groups: int) -> Known:
    pupils = zone_sums(np.nan_to_num(data.pupils), group, groups)
    pupils[np.isnan(data.pupils).all(axis=(1, 2))] = np.nan
    children = data.children
    if children is not None and children.shape[1] != groups:
        children = children.sum(axis=1, keepdims=True)
    return Known(pupils=pupils, children=children, links=data.links, zone=np.arange(groups), zones=groups)
