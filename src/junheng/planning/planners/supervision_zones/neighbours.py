"""Which schools are neighbours, and how far it is from one to another along them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from junheng.model.county import County

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

UNREACHABLE = 2**40


def by_villages(villages: list[str], county: County) -> Mask:
    """Return who neighbours whom: schools of one village do, and schools whose surroundings touch.

    A village without a school belongs to the surroundings of the schools fewest villages away (of several the first in order); those of
    one village share theirs, for a school that had none would hang on one other. A pair of villages counts both ways, however often it
    was entered.
    """
    beside: dict[str, set[str]] = {village: set() for village in villages}
    for a, b in county.tables["adjacency"].select("village_a", "village_b").iter_rows():
        beside.setdefault(a, set()).add(b)
        beside.setdefault(b, set()).add(a)
    first = {village: number for number, village in enumerate(dict.fromkeys(villages))}
    owner, front = dict(first), list(first)
    while front:
        reached = []
        for village in front:
            for near in sorted(beside[village] - owner.keys()):
                owner[near] = owner[village]
                reached.append(near)
        front = reached
    touch = np.eye(len(first), dtype=np.bool_)
    for village, near in ((village, near) for village, others in beside.items() for near in others):
        if village in owner and near in owner:
            touch[owner[village], owner[near]] = touch[owner[near], owner[village]] = True
    home = np.array([first[village] for village in villages], dtype=np.int64)
    edges: Mask = touch[np.ix_(home, home)]
    np.fill_diagonal(edges, val=False)
    return edges


def by_distance(at: Floats) -> Mask:
    """Return who neighbours whom without a map: two schools between which, on the circle over them, no third one lies (Gabriel graph).

    at: (schools, 2) metres. All schools are joined. Schools at one place are neighbours of each other.
    """
    schools = len(at)
    square = ((at[:, None] - at[None]) ** 2).sum(axis=2)
    edges = np.ones((schools, schools), dtype=np.bool_)
    for third in range(schools):
        edges &= ~(square[:, third, None] + square[None, third, :] < square - 1e-6)
    np.fill_diagonal(edges, val=False)
    return edges


def straight(at: Floats) -> Ints:
    """Return straight lines in whole metres of 1 or more: (schools, schools). at: (schools, 2) metres."""
    metres: Ints = np.maximum(1, np.rint(np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=2)))).astype(np.int64)
    return metres


def along(metres: Ints, edges: Mask) -> Ints:
    """Return the shortest ways from neighbour to neighbour: (schools, schools); UNREACHABLE where there is none.

    metres: (schools, schools), 1 or more between neighbours, UNREACHABLE where one cannot get there.
    """
    way = np.where(edges, metres, UNREACHABLE)
    np.fill_diagonal(way, val=0)
    for third in range(len(way)):
        way = np.minimum(way, way[:, third, None] + way[None, third, :])
    return np.minimum(way, UNREACHABLE)
