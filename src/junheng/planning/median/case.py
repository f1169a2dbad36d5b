"""One p-median problem while it is being solved: its costs, the best choice so far, and what prices of clients say about the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from junheng.planning.kernels.median import CLOSED, FREE, OPEN, ascend, exchange, shortened

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Status = NDArray[np.int8]

_PATIENCE = 20
_ROUNDING = 1e-3  # far above the rounding of sums below _LARGEST, far below 1
LARGEST = 1e10


class Lists(NamedTuple):
    """For client i the sites start[i] to start[i + 1], by growing cost; those left out cost more than most[i], or are closed."""

    start: Ints
    near: NDArray[np.int32]
    way: Floats
    most: Floats


class Bound(NamedTuple):
    """What prices of clients prove: no choice costs less than `value`."""

    value: float
    price: Floats  # (clients,)
    share: Floats  # (sites,) about the solution of the linear relaxation
    worth: Floats  # (sites,) what opening it saves at these prices: 0 or less


@dataclass(eq=False)
class Case:
    """Costs are whole numbers, so a bound within one of the best choice proves it."""

    cost: Floats  # (clients, sites) weight times distance
    p: int
    lists: Lists
    draw: np.random.Generator
    enough: float = 1.0  # choices that are better by less than this are not sought
    by_site: Floats = field(init=False)  # (sites, clients)
    best: Ints = field(init=False)
    objective: float = np.inf
    nodes: int = 0

    def __post_init__(self) -> None:
        """Keep the costs by site, too: the exchange reads them so."""
        self.by_site = np.ascontiguousarray(self.cost.T)
        self.best = np.arange(self.p)

    @property
    def sites(self) -> int:
        """Return how many sites there are."""
        return int(self.cost.shape[1])

    @property
    def goal(self) -> float:
        """Return the bound that leaves no room for a better choice, or one that is better by enough."""
        return self.objective - self.enough + _ROUNDING

    def improve(self, chosen: Ints, candidates: Ints) -> Ints:
        """Return the choice after exchanges with the candidates; remember it when it is the best so far."""
        choice, is_chosen = chosen.astype(np.int64), np.zeros(self.sites, dtype=np.bool_)
        is_chosen[choice] = True
        if self.p == 1:  # an exchange looks at the second nearest, too
            sums = self.by_site.sum(axis=1)
            choice = np.array([sums.argmin()])
            total = float(sums.min())
        else:
            total = exchange(self.by_site, choice, candidates.astype(np.int64), is_chosen)
        if total < self.objective - 0.5:
            self.objective, self.best = float(round(total)), np.sort(choice)
        return choice

    def round_off(self, bound: Bound, status: Status, candidates: Ints) -> Ints:
        """Return the choice to which the estimate of the relaxation leads."""
        liked = bound.share + 2.0 * (status == OPEN) - 2.0 * (status == CLOSED)
        return self.improve(np.argsort(-liked, kind="stable")[: self.p], candidates)

    def bound(self, lists: Lists, status: Status, price: Floats, rounds: int, step: float) -> Bound:
        """Return the bound to which prices rise from those given."""
        if (np.diff(lists.start) == 0).any():
            return Bound(np.inf, price, np.zeros(self.sites), np.zeros(self.sites))
        start, share, worth = np.minimum(price, lists.most), np.zeros(self.sites), np.zeros(self.sites)
        value = ascend(*lists, status, self.p, self.goal, rounds, step, _PATIENCE, start, share, worth)
        return Bound(value, start, share, worth)

    def settled(self, bound: Bound, status: Status) -> Status:
        """Return the status of sites after closing those that no better choice opens, and opening those that none leaves closed."""
        after, free = status.copy(), np.flatnonzero(status == FREE)
        many = self.p - int((status == OPEN).sum())
        if many == 0 or many >= len(free):
            after[free] = OPEN if many else CLOSED
            return after
        worth = bound.worth[free]
        last, following = np.partition(worth, (many - 1, many))[many - 1 : many + 1]
        after[free[(worth > last) & (bound.value + worth - last >= self.goal)]] = CLOSED
        after[free[(worth < following) & (bound.value - worth + following >= self.goal)]] = OPEN
        return after

    def within(self, lists: Lists, status: Status) -> Lists:
        """Return the lists without what the status rules out."""
        return Lists(*shortened(*lists, status))

    def reach(self, bound: Bound) -> Lists:
        """Return the lists without sites so dear for a client that a better choice never sends it there."""
        most = np.minimum(self.lists.most, bound.price + (self.objective - bound.value))
        return Lists(*self.lists[:3], np.maximum(most, self.cost.min(axis=1)))


def nearest(cost: Floats, many: int) -> Lists:
    """Return the `many` cheapest sites of every client."""
    if many < cost.shape[1]:
        near = np.argpartition(cost, many - 1, axis=1)[:, :many]
        order = np.argsort(np.take_along_axis(cost, near, 1), axis=1, kind="stable")
        near = np.take_along_axis(near, order, 1)
    else:
        near = np.argsort(cost, axis=1, kind="stable")
    way = np.take_along_axis(cost, near, 1)
    start = np.arange(0, near.size + 1, near.shape[1])
    return Lists(start, near.ravel().astype(np.int32), way.ravel(), np.ascontiguousarray(way[:, -1]))
