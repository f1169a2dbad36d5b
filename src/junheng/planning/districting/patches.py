"""A few zones that touch, drawn at random where a plan loses most: the engine looks at them by themselves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.planning.districting.case import District, loads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PATCH = 8  # zones in which the engine looks for a better plan at once


def patch(district: District, zone: Ints, reduced: Floats, prices: Ints, chance: np.random.Generator) -> list[int]:
    """Return zones that touch. reduced: (blocks, zones) what a pair costs beyond the cheapest of its block; prices: (zones,) of a place."""
    zones = len(district.high)
    one, other = district.edges.T
    touching = np.zeros((zones, zones))
    np.add.at(touching, (zone[one], zone[other]), 1.0)
    touching += touching.T
    np.fill_diagonal(touching, 0.0)
    lost: Floats = np.bincount(zone, weights=reduced[np.arange(len(zone)), zone], minlength=zones).astype(np.float64)
    lost += prices * (district.high - loads(district, zone)) + 1.0
    found = [int(chance.choice(zones, p=lost / lost.sum()))]
    while len(found) < PATCH:
        near = touching[found].sum(axis=0)
        near[found] = 0.0
        if not near.any():
            break
        found.append(int(chance.choice(zones, p=near / near.sum())))
    return found
