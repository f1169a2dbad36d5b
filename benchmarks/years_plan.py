"""Which schools to open, extend and close over several years, and who goes where in each: proven to the gap asked.

Prices of pupils, by block and year, prove a bound: at given prices each site has a best course of its own, found by a dynamic programme
over years and modules, and no plan costs less than what all pay and what all courses cost (`bound_at` adds that up again). Plans near the
courses that prices like are made better step by step; a search on doubtful sites, open or closed in a year, raises the bound.

No planner asks this engine: `school_places` has rules (scenarios, boarding, budgets, fates) that it has not. It stands beside the benchmark
that measures it, and moves back into the package with the first planner that needs it (decision 0038).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from years_kernel import CLOSED, OPEN, ascend
from years_search import Search, Sites, State, sound

from junheng.planning.kernels.transport import UNREACHABLE
from junheng.planning.pupils_to_schools import Overfull, Sent, send_pupils, whole
from junheng.planning.solve.engine import NOBODY, USUAL, Limits, Progress, Watch, gap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_ROUNDS, _STEP = 1500, 1.0  # of raising the prices at the root
_NODE_ROUNDS, _NODE_STEP = 120, 0.3
_FURTHER, _NEAR = 1.15, 0.995  # a target that is reached was too low: it is put up
_DOUBTFUL = 0.002
_ROUNDINGS = ((0.1, 0.5), (0.0, 0.5), (0.2, 0.5))  # how modules and openings of the prices are rounded
_YEARS, _FEW_YEARS = 1500, 500  # worked out for each rounding at the root, and at a node
_TRIED = 16  # nodes from one rounding to the next
_NODES = 400
_FEW = 12  # sites of which every one is looked at


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """A plan over the years, and how far from the best possible it may be."""

    is_open: Mask  # (m, T)
    modules: Ints  # (m, T) built so far
    sent: tuple[Sent, ...]  # (T,) who goes where
    objective: float
    bound: float
    price: Floats  # (T, blocks) of a pupil: they prove `bound_by_prices`
    bound_by_prices: float
    left: int  # sites that prices left in doubt
    nodes: int

    @property
    def gap(self) -> float:
        """Return (objective - bound) / objective."""
        return gap(self.objective, self.bound)


class _Raised(NamedTuple):
    bound: float
    price: Floats
    is_open: Floats  # (m, T) how often lately
    modules: Floats  # (m, T) with how many on average
    status: NDArray[np.int8]  # (m, T)


class _Best:
    """The best plan so far."""

    def __init__(self, search: Search, doubtful: Ints, state: State) -> None:
        """Begin with a plan."""
        self.search, self.doubtful, self.state = search, doubtful, state
        self.value = search.value(state)

    def tried(self, node: _Raised, how: tuple[float, float], years: int) -> None:
        """Round what prices like to a plan, better it step by step, and remember it when it is the best."""
        up, least = how
        begin = self.search.repaired(sound(node.is_open > least, np.rint(node.modules + up).astype(np.int64), self.search.sites))
        if begin is None:
            return
        self.search.most_years = self.search.years + years
        value, state = self.search.improve(begin, self.doubtful)
        if value < self.value:
            self.value, self.state = value, state


def plan_years(way: ArrayLike, pupils: ArrayLike, sites: Sites, *, limits: Limits = USUAL, watch: Watch = NOBODY) -> Course | Overfull:
    """Return the plan of least cost: being open, opening, modules, and pupils times way, summed over the years.

    way: (blocks, m) whole numbers, the cost of one pupil's way in a year, UNREACHABLE where none can go; pupils: (T, blocks) whole
    numbers. limits: gap, and nodes of the search. Blocks may be divided between schools. The same input gives the same plan.
    Overfull: proven impossible in a year, even with everything open and built by then.
    Raises ValueError for shapes that do not fit and numbers that are negative or not whole.
    """
    case = _Case(whole("way", way), whole("pupils", pupils), sites)
    for t in range(len(case.pupils)):
        sent = send_pupils(case.way, case.pupils[t], sites.places + sites.module_places * sites.most * (t + 1))
        if isinstance(sent, Overfull):
            return sent
    root = case.root()
    search = Search(case.way, case.pupils, sites, 0)
    doubtful = np.flatnonzero(((root.is_open > _DOUBTFUL) & (root.is_open < 1 - _DOUBTFUL)).any(axis=1))
    doubtful = np.arange(len(sites.places)) if len(sites.places) <= _FEW else doubtful
    best = _Best(search, doubtful, _everything(case))
    for how in _ROUNDINGS:
        best.tried(root, how, _YEARS)
        if watch.progress:
            watch.progress(Progress(best.value, min(root.bound, best.value), 0))
        if gap(best.value, root.bound) <= limits.gap:
            break
    again = case.raised(root, best.value, _ROUNDS, _NODE_STEP)
    root = again if again.bound > root.bound else root
    bound, nodes = _branched(case, root, best, limits, watch)
    return _answer(case, best, root, (bound, nodes, len(doubtful)))


def bound_at(way: ArrayLike, pupils: ArrayLike, sites: Sites, price: ArrayLike) -> float:
    """Return the bound that prices prove, for whoever wants to check it: one pass over the sites."""
    case = _Case(whole("way", way), whole("pupils", pupils), sites)
    free = np.zeros((len(sites.places), len(case.pupils)), dtype=np.int8)
    return case.ascended(np.array(price, dtype=np.float64), free, 1e300, 1, 0.0).bound


class _Case:
    """The question laid out by site, as the kernel reads it."""

    def __init__(self, way: Ints, pupils: Ints, sites: Sites) -> None:
        """Lay out. Raises ValueError where shapes do not fit."""
        if pupils.ndim != 2 or way.shape != (pupils.shape[1], len(sites.places)) or sites.fixed.shape != (len(sites.places), len(pupils)):
            raise ValueError("way, pupils and sites do not fit")
        self.way, self.pupils, self.sites = way, pupils, sites
        site, self.block = np.nonzero(way.T < UNREACHABLE)
        self.start = np.searchsorted(site, np.arange(len(sites.places) + 1)).astype(np.int64)
        self.cost = way[self.block, site].astype(np.float64)
        most = float(pupils.sum(axis=1).max(initial=0)) / max(sites.module_places, 1)
        self.levels = 1 + int(min(sites.most * len(pupils), np.ceil(most)))

    def ascended(self, price: Floats, status: NDArray[np.int8], target: float, rounds: int, step: float) -> _Raised:
        """Raise prices from those given."""
        sites, price = self.sites, price.copy()
        is_open, modules = np.zeros(status.shape), np.zeros(status.shape)
        bound = ascend(
            self.start,
            self.block,
            self.cost,
            self.pupils.astype(np.float64),
            sites.places.astype(np.float64),
            float(sites.module_places),
            sites.exists,
            sites.fixed,
            sites.module,
            sites.opening,
            sites.most,
            status,
            target,
            rounds,
            step,
            self.levels,
            price,
            is_open,
            modules,
        )
        return _Raised(float(bound), price, is_open, modules, status)

    def raised(self, begin: _Raised, target: float, rounds: int, step: float) -> _Raised:
        """Raise the prices of a part of the search."""
        return self.ascended(begin.price, begin.status, target, rounds, step)

    def root(self) -> _Raised:
        """Return the bound of the whole question; a target that is reached was too low, and is put up."""
        nearest = np.where(self.way < UNREACHABLE, self.way, 0).max(axis=1).astype(np.float64)
        price = np.tile(nearest, (len(self.pupils), 1))
        status = np.zeros((len(self.sites.places), len(self.pupils)), dtype=np.int8)
        target = max(self.ascended(price, status, 1e300, 1, 0.0).bound, float((self.pupils * price).sum()) / 10.0, 1.0)
        while True:
            root = self.ascended(price, status, target, _ROUNDS, _STEP)
            if root.bound < _NEAR * target:
                return root
            target = max(target, root.bound) * _FURTHER
            price = root.price


def _everything(case: _Case) -> State:
    """Return the plan with everything open and built from the first year on."""
    shape = (len(case.sites.places), len(case.pupils))
    built = np.minimum(case.sites.most * (np.arange(shape[1]) + 1), case.sites.most * shape[1])
    return State(np.ones(shape, dtype=np.bool_), np.tile(built, (shape[0], 1)).astype(np.int64))


def _branched(case: _Case, root: _Raised, best: _Best, limits: Limits, watch: Watch) -> tuple[float, int]:
    """Return the bound after looking at doubtful sites open and closed, and the nodes that took: the weakest part first."""
    most = _NODES if limits.nodes is None else limits.nodes
    nodes, waiting = 0, [(root.bound, 0, root)]
    while waiting and waiting[0][0] < best.value * (1.0 - limits.gap) and nodes < most:
        if watch.cancelled and watch.cancelled():
            break
        low, _, node = heapq.heappop(waiting)
        children = _children(case, node, best.value)
        if not children:
            heapq.heappush(waiting, (low, nodes, node))
            break
        for child in children:
            nodes += 1
            if child.bound < best.value:
                heapq.heappush(waiting, (max(low, child.bound), nodes, child))
        if nodes % _TRIED < len(children):
            best.tried(node, _ROUNDINGS[0], _FEW_YEARS)
        if watch.progress:
            watch.progress(Progress(best.value, min([best.value, *(item[0] for item in waiting[:1])]), nodes))
    return min([best.value, *(item[0] for item in waiting[:1])]), nodes


def _children(case: _Case, node: _Raised, target: float) -> list[_Raised]:
    """Return the two parts of a node: its most doubtful site and year open, or closed; nothing where no site is in doubt."""
    doubt = np.where(node.status == 0, np.minimum(node.is_open, 1.0 - node.is_open), -1.0)
    at = np.unravel_index(int(doubt.argmax()), doubt.shape)
    if doubt[at] <= 0.0:
        return []
    parts = []
    for to in (OPEN, CLOSED):
        status = node.status.copy()
        status[at] = to
        parts.append(case.ascended(node.price, status, target, _NODE_ROUNDS, _NODE_STEP))
    return parts


def _answer(case: _Case, best: _Best, root: _Raised, how: tuple[float, int, int]) -> Course:
    room, value = best.search.room(best.state), best.value
    sent = [send_pupils(case.way, case.pupils[t], np.ascontiguousarray(room[:, t])) for t in range(len(case.pupils))]
    return Course(
        is_open=best.state.is_open,
        modules=best.state.modules,
        sent=tuple(one for one in sent if isinstance(one, Sent)),
        objective=value,
        bound=min(how[0], value),
        price=root.price,
        bound_by_prices=min(root.bound, value),
        left=how[2],
        nodes=how[1],
    )
