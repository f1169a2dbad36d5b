"""Counties for the planning benchmarks: a seat, towns and scattered villages on a square, drawn from a seed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIDE = 60_000.0  # metres
DETOUR = 1.3  # a road is that much longer than the straight line
TOWNS = 12
IN_SEAT, IN_TOWNS = 0.35, 0.35  # shares of the blocks; the others are scattered


class Places(NamedTuple):
    """Blocks with their pupils, and sites of schools."""

    blocks: Floats  # (n, 2) metres
    pupils: Ints  # (n,)
    sites: Floats  # (m, 2)


def county(blocks: int, sites: int, seed: int = 1, pupils: int | None = None) -> Places:
    """Return a county; `pupils` scales the children to about that many."""
    draw = np.random.default_rng(seed)
    centres = np.vstack([[SIDE / 2, SIDE / 2], draw.uniform(0.08 * SIDE, 0.92 * SIDE, (TOWNS, 2))])
    shares = np.concatenate(([IN_SEAT], np.full(TOWNS, IN_TOWNS / TOWNS), [1 - IN_SEAT - IN_TOWNS]))
    near = draw.choice(TOWNS + 2, size=blocks, p=shares)
    settled = centres[np.minimum(near, TOWNS)] + draw.normal(0, 0.03 * SIDE, (blocks, 2))
    scattered = draw.uniform(0, SIDE, (blocks, 2))
    at = np.clip(np.where((near <= TOWNS)[:, None], settled, scattered), 0, SIDE)
    count = np.maximum(1, np.rint(draw.lognormal(3.0, 0.8, blocks)))
    if pupils is not None:
        count = np.maximum(1, np.rint(count * (pupils / count.sum())))
    chosen = draw.choice(blocks, size=sites, replace=sites > blocks)
    return Places(at, count.astype(np.int64), at[chosen] + draw.normal(0, 150, (sites, 2)))


def metres(here: Floats, there: Floats) -> Ints:
    """Return the distances by road, in whole metres: (here, there)."""
    rows = [np.linalg.norm(here[first : first + 500, None] - there[None], axis=2) for first in range(0, len(here), 500)]
    return np.rint(DETOUR * np.concatenate(rows)).astype(np.int64)


def places_for(pupils: Ints, distances: Ints, seed: int) -> Ints:
    """Return places at each site: half where the children are, half evenly, 6 % more than children in all."""
    sites = distances.shape[1]
    nearest = np.bincount(distances.argmin(axis=1), weights=pupils, minlength=sites)
    wanted = (0.5 * nearest + 0.5 * pupils.sum() / sites) * np.random.default_rng(seed + 7).uniform(0.8, 1.2, sites)
    return np.ceil(wanted * (1.06 * pupils.sum() / wanted.sum())).astype(np.int64)
