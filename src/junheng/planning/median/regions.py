"""Bounds above the linear relaxation: sites are divided into regions, and each region is solved for itself, whole sites and all.

At prices of clients, each client is served at most once by each region and pays its price where it is served nowhere, so the best choices
of all regions together, p sites in all, cost no more than any choice of the whole: a bound. A client whose sites cheaper than its price lie
in one region may pay more without being served twice, so its price rises to the cheapest site outside; what the linear relaxation loses
inside a region is then won back, and only what it loses between regions is left. Regions are joined to larger ones until little is left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from junheng.planning.kernels.median import CLOSED, FREE, OPEN
from junheng.planning.median.case import Bound, Case, Floats, Ints, Status
from junheng.planning.solve.engine import Progress, Watch, gap

_NONE = 1e15  # what a region costs with more sites than it has
_BESIDE = 3  # so many sites more than today's may a region have
_SHARE = 0.05  # of what is missing to the goal: how exactly all regions together are solved
_FIRST_SIZE, _ROUNDS = 6, 12  # chosen sites of a region at first, twice as many later; rounds of raising the prices between regions
_STEP, _SHORTER, _STEADY = 0.2, 0.7, 0.7
_PATIENCE = 2  # rounds without progress, then back to the best prices
_LEAST_REGIONS = 4  # with fewer a region is hardly easier than the whole
FEW_PAIRS = 5  # sites left for a client: with no more the rest is searched as a whole


class Solved(NamedTuple):
    """The best choice of some sites."""

    sites: Ints
    bound: float
    price: Floats  # (clients,)


Solver = Callable[[Floats, int, float], Solved]  # costs, how many sites, how near in the unit of costs


def climb(case: Case, root: Bound, status: Status, near: float, solve: Solver, watch: Watch) -> tuple[float, Status]:
    """Return a bound above that of the root, and the status of sites after settling what it settles; `case` learns of better choices.

    near: the share of the objective that is enough. Stops when little is left to look at, or regions would be few.
    """
    stage = _Stage(case, root, status, root.price, solve)
    size = _FIRST_SIZE
    while _LEAST_REGIONS * size <= case.p:
        stage.begin(size)
        for _ in range(_ROUNDS):
            stage.round()
            if watch.progress:
                watch.progress(Progress(case.objective, min(stage.known, case.objective), case.nodes))
            is_told = bool(watch.cancelled and watch.cancelled())
            if is_told or stage.known >= case.goal or gap(case.objective, stage.known) <= near or stage.pairs <= FEW_PAIRS * len(case.cost):
                return stage.known, stage.status
        size *= 2
    return stage.known, stage.status


class _Stage:
    """Regions of one size after another, at prices that only get better."""

    def __init__(self, case: Case, root: Bound, status: Status, price: Floats, solve: Solver) -> None:
        self.case, self.root, self.status, self.price, self.solve = case, root, status, price, solve
        self.known, self.pairs = root.value, 0
        nearest_client = case.cost.argmin(axis=0)
        self._of_client = case.cost[:, case.best].argmin(axis=1)
        self._home = self._of_client[nearest_client]  # (sites,) place of a chosen site; its own for the chosen ones
        self._home[case.best] = np.arange(case.p)

    def begin(self, size: int) -> None:
        """Join regions to ones of `size` chosen sites, and raise the prices of clients that are now inside one."""
        case = self.case
        way = case.cost[:, case.best].argmin(axis=1)
        region_of = self._home[case.best]
        joined = np.arange(max(case.p, int(self._home.max()) + 1))
        joined[region_of] = divided(case, way, self.root.price, region_of, size)
        self._home = joined[self._home]
        self._region = np.unique(self._home, return_inverse=True)[1].astype(np.int64)
        self.price, self._cheapest = raised(case, self._region, self.status, self.price)
        self._best, self._best_price = -np.inf, self.price
        self._slope, self._step, self._stalled = np.zeros(len(self.price)), _STEP, 0

    def round(self) -> None:
        """Solve the regions once, settle sites, and move the prices of clients that are served twice or nowhere."""
        case = self.case
        regions = Regions(case, self._region, self.status, self.price, self._cheapest, self.solve)
        bound, chosen, served = regions.bound(self.known)
        case.improve(chosen, np.flatnonzero(self.status != CLOSED))
        self.status = regions.settled(case.settled(self.root, self.status))
        self.pairs = len(case.within(case.reach(self.root), self.status).near)
        if bound > self._best:
            self._best, self._best_price, self._stalled = bound, self.price, 0
            self.known = max(self.known, bound)
        else:
            self._step, self._stalled = self._step * _SHORTER, self._stalled + 1
        price = self.price
        if self._stalled >= _PATIENCE:
            price, self._stalled = self._best_price, 0
            self._slope[:] = 0.0
        self._slope = _STEADY * self._slope + (1.0 - served)
        length = self._step * (case.goal - bound) / max(1.0, float(self._slope @ self._slope))
        self.price = np.floor(np.maximum(price + length * self._slope, case.cost.min(axis=1) + 1.0))


@dataclass(eq=False)
class Region:
    """Sites, the clients that may go there for less than their price, and what is known of its cost by the number of its sites."""

    sites: Ints
    clients: Ints
    cost: Floats  # (clients, sites) no more than the client's price
    paid: float  # the prices of its clients together
    least: Floats  # (0 to most,) no choice of so many sites costs less, beside the prices
    lines: list[tuple[Floats, Floats]] = field(default_factory=list)  # bounds by the number of sites, and the worths they come from
    chosen: dict[int, Ints] = field(default_factory=dict)

    def look(self, many: int, solve: Solver, near: float) -> None:
        """Solve the region with so many sites. near: how exactly, in the unit of costs."""
        found = solve(self.cost, many, near)
        worth = np.minimum(self.cost - found.price[:, None], 0.0).sum(axis=0)
        line = np.full(len(self.least), _NONE)
        sums = found.price.sum() + np.concatenate(([0.0], np.cumsum(np.sort(worth)))) - self.paid
        line[: len(sums)] = sums[: len(line)]
        self.lines.append((line, worth))
        self.least = np.maximum(self.least, line)
        self.least[many] = max(self.least[many], found.bound - self.paid)
        self.chosen[many] = found.sites

    def with_site(self, opened: bool) -> Floats:
        """Return what no choice with (without) a site costs less than, by the number of sites and by site: (0 to most, sites)."""
        best = np.repeat(self.least[:, None], len(self.sites), axis=1)
        many = np.arange(len(self.least))
        for line, worth in self.lines:
            rank = np.sort(worth)
            if opened:
                last = rank[np.clip(many - 1, 0, len(rank) - 1)]
                extra = worth[None, :] - last[:, None]
            else:
                following = np.append(rank, _NONE)[np.minimum(many, len(rank))]
                extra = following[:, None] - worth[None, :]
            best = np.maximum(best, line[:, None] + np.maximum(extra, 0.0))
        if opened:
            best[0] = _NONE
        return best


def divided(case: Case, of_site: Ints, price: Floats, groups: Ints, most: int) -> Ints:
    """Return the group of each chosen site after joining groups that share most clients, to `most` sites each.

    of_site: (clients,) the place of the chosen site that is nearest; groups: (p,) to begin with.
    """
    way = case.cost[:, case.best]
    client = np.arange(len(way))
    way[client, of_site] = np.inf
    second = way.argmin(axis=1)
    shared = np.maximum(0.0, price - way[client, second]) + 1e-3 * (1.0 + price)
    link = np.zeros((case.p, case.p))
    np.add.at(link, (of_site, second), shared)
    link += link.T
    groups, size = groups.copy(), np.bincount(groups, minlength=case.p)
    tied = np.zeros_like(link)
    np.add.at(tied, (np.repeat(groups, case.p), np.tile(groups, case.p)), link.ravel())
    np.fill_diagonal(tied, 0.0)
    while True:
        fits = (size[:, None] + size[None, :] <= most) & (size[:, None] > 0) & (size[None, :] > 0)
        wanted = np.where(fits, tied, 0.0) / np.maximum(1, np.minimum(size[:, None], size[None, :]))
        one, other = divmod(int(wanted.argmax()), case.p)
        if wanted[one, other] <= 0:
            return groups
        groups[groups == other] = one
        size[one], size[other] = size[one] + size[other], 0
        tied[one] += tied[other]
        tied[:, one] += tied[:, other]
        tied[other], tied[:, other], tied[one, one] = 0.0, 0.0, 0.0


def raised(case: Case, home: Ints, status: Status, price: Floats) -> tuple[Floats, Floats]:
    """Return whole prices after raising those of clients whose sites lie in one region, and the cheapest site by region.

    home: (sites,) region; the second answer is (clients, regions).
    """
    regions = int(home.max()) + 1
    cheapest = np.full((len(case.cost), regions), np.inf)
    for region in range(regions):
        inside = np.flatnonzero((home == region) & (status != CLOSED))
        if len(inside):
            cheapest[:, region] = case.cost[:, inside].min(axis=1)
    second = np.partition(cheapest, 1, axis=1)[:, 1] if regions > 1 else np.full(len(price), np.inf)
    top = case.cost[:, status != CLOSED].max(axis=1)
    return np.floor(np.where(second >= price, np.minimum(second, top), price)), cheapest


class Regions:
    """Sites in regions at prices of clients."""

    def __init__(self, case: Case, home: Ints, status: Status, price: Floats, cheapest: Floats, solve: Solver) -> None:
        """See raised."""
        self.case, self.price, self.solve, self.home = case, price, solve, home
        self.many = np.bincount(home[case.best], minlength=cheapest.shape[1])
        most = int(self.many.max()) + _BESIDE
        self.regions = []
        for region in range(cheapest.shape[1]):
            sites = np.flatnonzero((home == region) & (status != CLOSED))
            clients = np.flatnonzero(cheapest[:, region] < price)
            cost = np.minimum(case.cost[np.ix_(clients, sites)], price[clients, None])
            least = np.full(most + 1, -_NONE)
            least[0] = 0.0
            least[len(sites) + 1 :] = _NONE
            least[: int((status[sites] == OPEN).sum())] = _NONE
            self.regions.append(Region(sites, clients, cost, float(price[clients].sum()), least))

    def bound(self, known: float) -> tuple[float, Ints, Floats]:
        """Return the bound, the sites chosen in the regions together, and how often each client is served. known: the bound so far."""
        near = max(1.0, _SHARE * (self.case.goal - known) / len(self.regions))
        for region, many in zip(self.regions, self.many.tolist(), strict=True):
            if many:
                region.look(many, self.solve, near)
        while True:
            value, counts = _shared_out([each.least for each in self.regions], self.case.p)
            unseen = [(each, many) for each, many in zip(self.regions, counts, strict=True) if many and many not in each.chosen]
            if not unseen:
                break
            for region, many in unseen:
                region.look(many, self.solve, near)
        chosen, served = [], np.zeros(len(self.price))
        for region, many in zip(self.regions, counts, strict=True):
            if many:
                sites = region.chosen[many]
                chosen.append(region.sites[sites])
                served[region.clients[region.cost[:, sites].min(axis=1) < self.price[region.clients]]] += 1.0
        return float(self.price.sum() + value), np.concatenate(chosen), served

    def settled(self, status: Status) -> Status:
        """Return the status after closing sites that no better choice opens, and opening those that none leaves closed."""
        after, goal = status.copy(), self.case.goal - float(self.price.sum())
        least = [each.least for each in self.regions]
        for place, region in enumerate(self.regions):
            rest = _added([each for k, each in enumerate(least) if k != place], self.case.p)
            rest = rest[self.case.p - np.arange(len(region.least))]
            for opened, then in ((True, CLOSED), (False, OPEN)):
                never = (region.with_site(opened) + rest[:, None]).min(axis=0) >= goal
                after[region.sites[never & (after[region.sites] == FREE)]] = then
        return after


def _added(least: list[Floats], p: int) -> Floats:
    """Return the least that regions cost together with 0 to p sites."""
    total = np.full(p + 1, _NONE)
    total[0] = 0.0
    for its in least:
        total = _joined(total, its)[0]
    return total


def _joined(total: Floats, its: Floats) -> tuple[Floats, Ints]:
    """Return the least of both by the sites together, and how many of those are in the second."""
    best, many = np.full(len(total), _NONE), np.zeros(len(total), dtype=np.int64)
    for count in range(min(len(its), len(total))):
        here = total[: len(total) - count] + its[count]
        better = here < best[count:]
        best[count:][better], many[count:][better] = here[better], count
    return best, many


def _shared_out(least: list[Floats], p: int) -> tuple[float, list[int]]:
    """Return the least that regions cost with p sites in all, and how many sites each then has."""
    total, backwards = np.full(p + 1, _NONE), []
    total[0] = 0.0
    for its in least:
        total, many = _joined(total, its)
        backwards.append(many)
    counts, left = [], p
    for many in reversed(backwards):
        counts.append(int(many[left]))
        left -= counts[-1]
    return float(total[p]), counts[::-1]
