"""What the benchmarks of planning check answers by: bounds added up again, and programs given to another engine.

Nothing here uses the planners' code: numpy, and HiGHS as scipy carries it. Bounds are lower ones; prices are taken from the answer, as any
prices prove a bound (a wrong price proves a lower one).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LESS_THAN_ONE = 0.999  # costs are whole numbers
_FAR = 1 << 39


def matrix(parts: list[tuple[Any, Any, Any]], shape: tuple[int, int]) -> coo_array:
    """Return a sparse matrix from pieces of (rows, columns, values)."""
    rows = np.concatenate([np.ravel(row) for row, _, _ in parts])
    columns = np.concatenate([np.ravel(column) for _, column, _ in parts])
    values = np.concatenate([np.broadcast_to(np.asarray(value, dtype=float), np.shape(row)).ravel() for row, _, value in parts])
    return coo_array((values, (rows, columns)), shape=shape).tocsr()


def median_bound(cost: Ints, p: int, price: Floats) -> tuple[float, Floats]:
    """Return what prices of clients prove of the p-median, and what each site gives back: all pay, the p best sites give back."""
    back = np.minimum(cost - price[:, None], 0.0).sum(axis=0)
    return float(price.sum() + np.sort(back)[:p].sum()), back


def median_again(cost: Ints, p: int, price: Floats, objective: int, seconds: float) -> tuple[int, float]:
    """Return the sites that prices leave undecided, and the bound that HiGHS proves among these: `objective` when nothing is cheaper.

    A site is closed when the bound with it open is no better than the plan known, and open when the bound without it is none.
    """
    bound, back = median_bound(cost, p, price)
    rank = np.sort(back)
    shut = bound + back - rank[p - 1] > objective - 1
    sure = ~shut & (bound - back + (rank[p] if p < len(rank) else np.inf) > objective - 1)
    doubt = np.flatnonzero(~shut & ~sure)
    fixed = np.flatnonzero(sure)
    if bound > objective - 1 or not len(doubt):
        return 0, float(objective)
    nearest = cost[:, fixed].min(axis=1, initial=_FAR)
    client, site = np.nonzero(cost[:, doubt] < nearest[:, None])
    # x: a client goes to a doubtful site that is nearer than those open in any case; what it saves is at most the way to these
    has = nearest < _FAR
    save = np.where(has[client], (cost[client, doubt[site]] - nearest[client]), cost[client, doubt[site]]).astype(float)
    pairs, sites = len(client), len(doubt)
    each, columns = np.arange(pairs), pairs + sites
    goes = matrix([(client, sites + each, 1.0)], (len(cost), columns))
    tied = matrix([(each, sites + each, 1.0), (each, site, -1.0)], (pairs, columns))
    count = matrix([(np.zeros(sites, dtype=int), np.arange(sites), 1.0)], (1, columns))
    rows = [
        LinearConstraint(goes, np.where(has, 0.0, 1.0), 1.0),
        LinearConstraint(tied, -np.inf, 0.0),
        LinearConstraint(count, p - len(fixed), p - len(fixed)),
    ]
    base = float(nearest[has].sum())
    found = milp(
        np.concatenate((np.zeros(sites), save)),
        constraints=rows,
        bounds=Bounds(0.0, 1.0),
        integrality=np.concatenate((np.ones(sites), np.zeros(pairs))),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    if found.status == 2:  # no plan: whatever is cheaper than the plan known is none
        return sites, float(objective)
    return sites, min(float(objective), base + float(found.mip_dual_bound))


def _filled(way: Floats, pupils: Floats, room: float, price: Floats) -> float:
    """Return what a school gains at most from pupils who may be divided: those who bring most come first."""
    gain = price - way
    order = np.argsort(-gain)
    order = order[gain[order] > 0]
    before = np.concatenate(([0.0], np.cumsum(pupils[order])[:-1]))
    return float((gain[order] * np.clip(room - before, 0.0, pupils[order])).sum())


def siting_bound(way: Ints, pupils: Ints, room: Ints, fixed: Ints, price: Floats) -> float:
    """Return what prices of pupils prove of siting with places, blocks divided: sites are picked, in part, until there is room for all."""
    worth = fixed - np.array([_filled(way[:, j], pupils, room[j], price) for j in range(len(room))])
    picked = linprog(worth, A_ub=-room[None].astype(float), b_ub=[-float(pupils.sum())], bounds=(0, 1))
    return float((price * pupils).sum() + picked.fun)


def siting_again(way: Ints, pupils: Ints, room: Ints, fixed: Ints, gap: float, seconds: float, *, whole: bool = False) -> Any:
    """Return HiGHS' answer to siting with places as one program with all pairs; `whole`: a block goes to one school."""
    blocks, sites = way.shape
    block, site = np.divmod(np.arange(blocks * sites), sites)
    pair = sites + np.arange(blocks * sites)
    columns = sites + blocks * sites
    goes = matrix([(block, pair, 1.0)], (blocks, columns))
    fits = matrix([(site, pair, pupils[block]), (np.arange(sites), np.arange(sites), -room)], (sites, columns))
    tied = matrix([(np.arange(len(pair)), pair, 1.0), (np.arange(len(pair)), site, -1.0)], (len(pair), columns))
    return milp(
        np.concatenate((fixed, (way * pupils[:, None]).ravel())).astype(float),
        constraints=[LinearConstraint(goes, 1.0, 1.0), LinearConstraint(fits, -np.inf, 0.0), LinearConstraint(tied, -np.inf, 0.0)],
        bounds=Bounds(0.0, 1.0),
        integrality=np.concatenate((np.ones(sites), np.full(len(pair), float(whole)))),
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )


def whole_bound(way: Ints, pupils: Ints, room: Ints, p: int, price: Floats) -> float:
    """Return what prices of blocks prove where blocks go whole to p sites: each site's knapsack is solved exactly, place by place."""
    worth = np.zeros(len(room))
    for j in range(len(room)):
        most = np.zeros(int(room[j]) + 1)
        for i in np.flatnonzero((price > way[:, j]) & (pupils <= room[j])):
            heavy = int(pupils[i])
            most[heavy:] = np.maximum(most[heavy:], most[: len(most) - heavy] + price[i] - way[i, j])
        worth[j] = -most[-1]
    return float(price.sum() + np.sort(worth)[:p].sum())


def whole_again(way: Ints, pupils: Ints, room: Ints, p: int, seconds: float) -> Any:
    """Return HiGHS' answer where blocks go whole to p sites, the usual program."""
    blocks, sites = way.shape
    block, site = np.divmod(np.arange(blocks * sites), sites)
    pair, columns = sites + np.arange(blocks * sites), sites + blocks * sites
    goes = matrix([(block, pair, 1.0)], (blocks, columns))
    fits = matrix([(site, pair, pupils[block]), (np.arange(sites), np.arange(sites), -room)], (sites, columns))
    tied = matrix([(np.arange(len(pair)), pair, 1.0), (np.arange(len(pair)), site, -1.0)], (len(pair), columns))
    count = matrix([(np.zeros(sites, dtype=int), np.arange(sites), 1.0)], (1, columns))
    every = (LinearConstraint(goes, 1.0, 1.0), LinearConstraint(fits, -np.inf, 0.0), LinearConstraint(tied, -np.inf, 0.0))
    return milp(
        np.concatenate((np.zeros(sites), way.ravel())).astype(float),
        constraints=[*every, LinearConstraint(count, p, p)],
        bounds=Bounds(0.0, 1.0),
        integrality=np.ones(columns),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )


def travel(way: Ints, pupils: Ints, most: Ints, least: Ints | None = None, *, far: int = _FAR) -> float:
    """Return the least ways of pupils who may be divided, each school between its least and most: a linear program; inf where none is."""
    block, school = np.nonzero(way < far)
    each = np.arange(len(block))
    everyone = matrix([(block, each, 1.0)], (len(pupils), len(block)))
    load = matrix([(school, each, 1.0)], (len(most), len(block)))
    lower = np.zeros(len(most)) if least is None else np.asarray(least, dtype=float)
    found = milp(
        way[block, school].astype(float),
        constraints=[LinearConstraint(everyone, pupils, pupils), LinearConstraint(load, lower, most)],
        bounds=Bounds(0.0, np.inf),
    )
    return float(found.fun) if found.status == 0 else float("inf")


def years_bound(way: Ints, pupils: Ints, given: dict[str, Any], price: Floats, *, far: int = _FAR) -> float:
    """Return what prices of pupils by year prove of opening, extending and closing over the years: every site has its cheapest course.

    way: (blocks, m); pupils, price: (T, blocks); given: as years_search.Sites. The course of a site: a dynamic programme over its modules.
    """
    years, sites = len(pupils), way.shape[1]
    size, most = int(given["module_places"]), int(given["most"])
    levels = most * years + 1
    total = float((pupils * price).sum())
    for j in range(sites):
        who = np.flatnonzero(way[:, j] < far)
        gains = np.array(
            [
                [_filled(way[who, j], pupils[t, who], given["places"][j] + size * m, price[t, who]) for m in range(levels)]
                for t in range(years)
            ]
        )
        # ahead[m]: the cheapest rest of the course of an open site that has m modules at the end of the year before
        ahead = np.zeros(levels)
        begin = []
        for t in range(years - 1, -1, -1):
            here = np.full(levels, 0.0 if given["exists"][j] else np.inf)  # only a school that exists may close
            for built in range(most + 1):
                after = given["fixed"][j, t] + built * given["module"][j, t] - gains[t][built:] + ahead[built:]
                here[: levels - built] = np.minimum(here[: levels - built], after)
            ahead = here
            begin.append(float(given["opening"][j, t] + ahead[0]))
        total += float(ahead[0]) if given["exists"][j] else min(0.0, *begin)
    return total


def joined(edges: Ints, zone: Ints, root: Ints) -> bool:
    """Return whether every block can be reached from its zone's root without leaving the zone. edges: (E, 2); root: (zones,) blocks."""
    inside = edges[zone[edges[:, 0]] == zone[edges[:, 1]]]
    seen = np.zeros(len(zone), dtype=bool)
    seen[root] = zone[root] == np.arange(len(root))
    while True:
        one, other = seen[inside[:, 0]], seen[inside[:, 1]]
        if (one == other).all():
            return bool(seen.all())
        seen[inside[one | other].ravel()] = True


def zones(each: Ints, pupils: Ints, high: Ints, edges: Ints, root: Ints, zone: Ints) -> int:
    """Return what zones cost, after seeing that each is joined to its root and within its places. A block of nobody counts as one."""
    assert joined(edges, zone, root)
    assert all(int(pupils[zone == j].sum()) <= high[j] for j in range(len(high)))
    return int(sum(max(int(many), 1) * int(each[i, j]) for i, (many, j) in enumerate(zip(pupils, zone, strict=True))))


def is_proven(bound: float, objective: float) -> bool:
    """Return whether a bound leaves no room for a plan cheaper by one."""
    return bound > objective - _LESS_THAN_ONE
