"""Which p sites: proven, by prices first, then by a short search, then by the engine for what is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from junheng.planning.kernels.median import CLOSED, FREE
from junheng.planning.median.case import LARGEST, Bound, Case, Floats, Ints, nearest
from junheng.planning.median.regions import FEW_PAIRS, Solved, climb
from junheng.planning.median.residual import finish
from junheng.planning.median.tree import search
from junheng.planning.solve.engine import EXACT, NOBODY, Limits, Progress, Watch, gap
from junheng.planning.solve.timer import Timer

_LEAST_LISTED, _LISTED = 50, 12  # near sites listed for a client: at least, and as a multiple of the average sites for one chosen
_ASCENTS = (300, 1200)  # rounds of raising the prices, with a choice in between
_ELITES = 24  # local optima whose sites together are searched first
_NOISE = 0.7
_IN_SUPPORT = 0.002
_MERGE_NODES, _TREE_NODES = 100, 60
_ENGINE_PAIRS, _ENDLESS = 100_000, 1 << 62  # with more pairs of client and site undecided, the search on prices is faster than the engine
_PART_NODES = 400  # of the search of one region

Proof = Literal["prices", "regions", "search", "engine"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """The sites, and how it is known that no choice is better by more than the gap."""

    sites: Ints  # (p,) ascending
    objective: int
    bound: float
    price: Floats  # (clients,) prices that prove `bound_by_prices`: see bound_at
    bound_by_prices: float
    left: int  # sites that prices alone left undecided
    proof: Proof  # what gave the bound
    nodes: int

    @property
    def gap(self) -> float:
        """Return (objective - bound) / objective."""
        return gap(float(self.objective), self.bound)


def choose_sites(cost: ArrayLike, p: int, *, limits: Limits = EXACT, seed: int = 0, watch: Watch = NOBODY) -> Chosen:
    """Choose p sites so that the sum over clients of the cost to their cheapest chosen site is least (p-median).

    cost: (clients, sites) whole numbers, 0 or more: pupils times metres, say. limits: to the last unit unless a gap is given; nodes, of
    the search where it has to do without the engine, else of the engine.
    The same input, seed and limits of work give the same choice.
    Raises ValueError when p is not between 1 and the number of sites, and when cost is negative, not whole or adds up to over 10^10.

    Prices of clients are raised until the bound they give stands (volume algorithm); sites are settled by it; choices are found by
    exchange, from the relaxation and from it with noise; their union is searched for a better one; where much is left, regions are
    solved for themselves (see regions); the rest goes to the engine.
    """
    numbers = np.asarray(cost)
    _check(numbers, p)
    timer = Timer(limits)
    watch = timer.watched(watch)
    matrix = np.ascontiguousarray(numbers, dtype=np.float64)
    clients, sites = matrix.shape
    if clients == 0 or p == sites:
        return _certain(matrix, p)
    case = Case(matrix, p, nearest(matrix, min(sites, max(_LEAST_LISTED, _LISTED * sites // p))), np.random.default_rng(seed))
    case.improve(_spread(case), case.draw.permutation(sites))
    if case.objective > LARGEST:
        raise ValueError("the costs add up to more than 10^10: count them in a larger unit")
    root = _root(case, watch)
    status = case.settled(root, np.zeros(sites, dtype=np.int8))
    bound, left = root.value, 0
    proof: Proof = "prices"
    if bound < case.goal:
        left = int((status == FREE).sum())
        bound, proof = _rest(case, root, timer, seed, watch)
    if bound >= case.goal:
        bound = case.objective
    return _answer(case, root, bound, left, proof)


def bound_at(cost: ArrayLike, p: int, price: ArrayLike) -> float:
    """Return the bound that prices of clients prove, for whoever wants to check it.

    Every client pays its price, and a site gives back what it is cheaper than the prices: no choice of p sites costs less than the sum
    of prices less the p largest such sums.
    """
    saved = np.minimum(np.asarray(cost, dtype=np.float64) - np.asarray(price, dtype=np.float64)[:, None], 0.0).sum(axis=0)
    return float(np.sum(price) + np.sort(saved)[:p].sum())


def _root(case: Case, watch: Watch) -> Bound:
    """Return the bound of the whole problem."""
    two = np.sort(case.cost[:, case.best], axis=1)[:, :2].mean(axis=1)
    status, price = np.zeros(case.sites, dtype=np.int8), two
    for rounds in _ASCENTS:
        root = case.bound(case.lists, status, price, rounds, 1.0)
        case.round_off(root, status, np.argsort(-root.share, kind="stable")[: 4 * case.p])
        if watch.progress:
            watch.progress(Progress(case.objective, min(root.value, case.objective), 0))
        if root.value >= case.goal:
            break
        price = root.price
    return root


def _rest(case: Case, root: Bound, timer: Timer, seed: int, watch: Watch) -> tuple[float, Proof]:
    """Return the bound of what prices leave undecided, and what proved it."""
    everything, limits = np.zeros(case.sites, dtype=np.int8), timer.left
    liked = _elites(case, root)
    status = case.settled(root, everything)
    search(case, case.reach(root), np.where((status == FREE) & ~liked, np.int8(CLOSED), status), root, _MERGE_NODES, watch)
    if gap(case.objective, root.value) <= limits.gap or root.value >= case.goal:
        return root.value, "prices"
    lists, status, low = case.reach(root), case.settled(root, everything), root.value
    if len(case.within(lists, status).near) > FEW_PAIRS * len(case.cost):
        low, status = climb(case, root, status, limits.gap, _part, watch)
        if low >= case.goal or gap(case.objective, low) <= limits.gap:
            return low, "regions"
        lists, status = case.reach(root), case.settled(root, status)
    is_large = len(case.within(lists, status).near) > _ENGINE_PAIRS
    allowed = _ENDLESS if limits.nodes is None else limits.nodes
    nodes = allowed if is_large else _TREE_NODES
    bound = max(low, search(case, lists, status, root, nodes, watch))
    if bound >= case.goal or gap(case.objective, bound) <= limits.gap or is_large:
        return bound, "search"
    looking = Watch(progress=_never_less(case, bound, watch), cancelled=watch.cancelled)
    return max(bound, finish(case, case.reach(root), case.settled(root, status), timer.left, seed, looking)), "engine"


def _part(cost: Floats, p: int, near: float) -> Solved:
    """Return the best p sites of a region, to `near` in the unit of costs where the work allows."""
    matrix = np.ascontiguousarray(cost)
    sites = matrix.shape[1]
    if p == sites or not len(matrix):
        sure = _certain(matrix, p)
        return Solved(sure.sites, sure.bound, sure.price)
    listed = nearest(matrix, min(sites, max(_LEAST_LISTED, _LISTED * sites // p)))
    case = Case(matrix, p, listed, np.random.default_rng(0), enough=max(1.0, near))
    case.improve(_spread(case), case.draw.permutation(sites))
    root = _root(case, NOBODY)
    bound = root.value
    if bound < case.goal:
        _elites(case, root)
        status = case.settled(root, np.zeros(sites, dtype=np.int8))
        bound = search(case, case.reach(root), status, root, _PART_NODES, NOBODY)
    if case.enough <= 1.0 and bound >= case.goal:
        return Solved(case.best, case.objective, root.price)
    return Solved(case.best, min(bound, case.objective - case.enough), root.price)


def _never_less(case: Case, bound: float, watch: Watch) -> Callable[[Progress], None]:
    """Return who is told how the engine stands: it begins anew, but what was found and proven before it stays so."""

    def tell(now: Progress) -> None:
        if watch.progress:
            best = case.objective if now.best is None else min(now.best, case.objective)
            watch.progress(Progress(best, min(max(now.bound, bound), best), now.nodes))

    return tell


def _elites(case: Case, root: Bound) -> NDArray[np.bool_]:
    """Return the sites of many local optima around the relaxation; the best of them is remembered."""
    status = case.settled(root, np.zeros(case.sites, dtype=np.int8))
    free, liked = np.flatnonzero(status >= FREE), np.zeros(case.sites, dtype=np.bool_)
    liked[case.best] = True
    for _ in range(_ELITES):
        noise = _NOISE * case.draw.random(case.sites) * (root.share > _IN_SUPPORT)
        begin = np.argsort(-(root.share + noise + 2.0 * (status > FREE)), kind="stable")[: case.p]
        liked[case.improve(begin, case.draw.permutation(free))] = True
    return liked


def _spread(case: Case) -> Ints:
    """Return p sites, each at a client drawn by how dear it is for it so far (k-means++)."""
    chosen = [int(case.by_site.sum(axis=1).argmin())]
    dear = case.by_site[chosen[0]].copy()
    for _ in range(case.p - 1):
        client = min(int(np.searchsorted(np.cumsum(dear), case.draw.random() * dear.sum())), len(dear) - 1)
        chosen.append(int(case.lists.near[case.lists.start[client]]))
        np.minimum(dear, case.by_site[chosen[-1]], out=dear)
    different = np.unique(chosen)
    others = np.setdiff1d(np.arange(case.sites), different)
    return np.concatenate((different, others[: case.p - len(different)]))


def _answer(case: Case, root: Bound, bound: float, left: int, proof: Proof) -> Chosen:
    return Chosen(
        sites=case.best,
        objective=round(case.objective),
        bound=float(bound),
        price=root.price,
        bound_by_prices=min(root.value, case.objective),
        left=left,
        proof=proof,
        nodes=case.nodes,
    )


def _certain(matrix: Floats, p: int) -> Chosen:
    """Return the only choice there is, or any where nobody is to be served."""
    price = matrix.min(axis=1) if matrix.size else np.zeros(len(matrix))
    total = float(price.sum())
    sites = np.arange(p)
    return Chosen(sites=sites, objective=round(total), bound=total, price=price, bound_by_prices=total, left=0, proof="prices", nodes=0)


def _check(numbers: NDArray[np.generic], p: int) -> None:
    if numbers.ndim != 2 or not 1 <= p <= numbers.shape[1]:
        raise ValueError(f"{p} sites cannot be chosen from costs of shape {numbers.shape}")
    if numbers.size and (numbers.dtype.kind not in "iuf" or not (np.mod(numbers, 1) == 0).all() or numbers.min() < 0):
        raise ValueError("cost holds a number that is negative or not whole")
