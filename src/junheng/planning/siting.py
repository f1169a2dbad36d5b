"""Which schools to keep open or to open, when each has so many places and costs so much, and who then goes where: proven to the gap asked.

At prices of a pupil of every block, each site is worth what it costs less what the pupils it would take save; sites are picked by their
worth until there is room for all. That gives a bound; choices near it are priced exactly by `send_pupils`; a search on the sites, each
open or closed, closes the rest. Blocks may be divided between schools.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from junheng.planning.branching import Node, divide
from junheng.planning.kernels.siting import CLOSED, FREE, OPEN, ascend
from junheng.planning.pupils_to_schools import Overfull, Sent, send_pupils, whole
from junheng.planning.solve.engine import NOBODY, USUAL, Limits, Progress, Watch, gap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Status = NDArray[np.int8]

_ROUNDING = 1e-3  # far above the rounding of sums below _LARGEST, far below 1
_LARGEST = 1e10
_ASCENTS = (200, 400, 600)  # rounds of raising the prices at the root, with a choice after each
_ROUNDS, _TRY_ROUNDS, _STEP = 60, 25, 0.3
_TRIED = 4  # doubtful sites tried both ways at a node
_DOUBTFUL = 0.02
_DIVIDING = 0.5  # picked at least that often: open in the choice that is tried


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opened:
    """The open sites, who goes where, and how far from the best possible that may be."""

    sites: Ints  # open, ascending
    objective: int  # the cost of being open, and travel
    bound: float
    fixed: int
    travel: int
    sent: Sent  # its schools are numbered as all sites are; its prices are those of the open sites
    price: Floats  # (blocks,) of a pupil: they prove `bound_by_prices`
    bound_by_prices: float
    nodes: int

    @property
    def gap(self) -> float:
        """Return (objective - bound) / objective."""
        return gap(float(self.objective), self.bound)


def open_sites(
    way: ArrayLike,
    pupils: ArrayLike,
    places: ArrayLike,
    fixed: ArrayLike,
    *,
    kept: ArrayLike = (),
    barred: ArrayLike = (),
    limits: Limits = USUAL,
    watch: Watch = NOBODY,
) -> Opened | Overfull:
    """Choose the sites that are open so that what they cost and what travel costs is least, and no school is overfull.

    way: (blocks, sites) whole numbers, the cost of one pupil's way, UNREACHABLE where none can go; pupils: (blocks,); places: (sites,);
    fixed: (sites,) whole numbers, the cost of being open, in the same unit as way; kept, barred: sites that are open, or closed, in any
    case. limits: gap and nodes. The same input and limits of work give the same answer.
    Overfull: proven impossible, even with every site open that may be.
    Raises ValueError as `send_pupils` does, for sites both kept and barred, and when costs add up to over 10^10.
    """
    case = _Case(whole("way", way), whole("pupils", pupils), whole("places", places), whole("fixed", fixed), limits)
    status = np.full(len(case.places), FREE, dtype=np.int8)
    status[np.asarray(barred, dtype=np.int64)] = CLOSED
    if (status[np.asarray(kept, dtype=np.int64)] == CLOSED).any():
        raise ValueError("a site is both kept and barred")
    status[np.asarray(kept, dtype=np.int64)] = OPEN
    everything = np.flatnonzero(status != CLOSED)
    all_open = send_pupils(case.way[:, everything], case.pupils, case.places[everything])
    if isinstance(all_open, Overfull):
        schools = everything[all_open.schools]
        return Overfull(blocks=all_open.blocks, schools=schools, pupils=all_open.pupils, places=all_open.places)
    case.value(status != CLOSED)
    if case.objective > _LARGEST:
        raise ValueError("the costs add up to more than 10^10: count them in a larger unit")
    root = case.root(status, all_open.block_price.astype(np.float64), watch)
    bound = _search(case, status, root, watch)
    return _answer(case, root, bound)


def choices_below(
    way: Ints, pupils: Ints, places: Ints, fixed: Ints, start: Opened, most: float, *, kept: ArrayLike = (), barred: ArrayLike = ()
) -> list[tuple[float, Ints]]:
    """Return every choice of sites that comes to less than `most`, blocks divided, cheapest first: (objective, sites) each.

    start: the answer to the same question; its prices are begun with. Every other choice is proven to come to `most` or more.
    """
    return choices_found(way, pupils, places, fixed, start, most, kept=kept, barred=barred)[0]


def choices_found(
    way: Ints,
    pupils: Ints,
    places: Ints,
    fixed: Ints,
    start: Opened,
    most: float,
    *,
    kept: ArrayLike = (),
    barred: ArrayLike = (),
    nodes: int | None = None,
    watch: Watch = NOBODY,
) -> tuple[list[tuple[float, Ints]], float]:
    """Return the choices below `most` that so many nodes find, cheapest first, and what every other choice is proven to come to."""
    case = _Every(way, pupils, places, fixed, Limits(gap=0.0, nodes=nodes), most=most)
    status = np.full(len(places), FREE, dtype=np.int8)
    status[np.asarray(barred, dtype=np.int64)] = CLOSED
    status[np.asarray(kept, dtype=np.int64)] = OPEN
    rest = _search(case, status, case.bound(status, start.price, _ROUNDS, _STEP), watch)
    below = sorted((value, name) for name, value in case.tried.items() if value < most)
    return [(value, np.flatnonzero(np.frombuffer(name, dtype=np.bool_))) for value, name in below], min(rest, most)


class _Bound(NamedTuple):
    value: float
    price: Floats
    share: Floats
    reduced: Floats


@dataclass(eq=False)
class _Case:
    """One question: its numbers, the best choice so far, and what every choice tried comes to."""

    way: Ints
    pupils: Ints
    places: Ints
    fixed: Ints
    limits: Limits
    objective: float = np.inf
    best: Mask = field(init=False)
    nodes: int = 0
    tried: dict[bytes, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay the numbers out as the kernel reads them. Raises ValueError where shapes do not fit."""
        if self.way.shape != (len(self.pupils), len(self.places)) or self.fixed.shape != self.places.shape or (self.fixed < 0).any():
            raise ValueError("way, pupils, places and fixed do not fit, or fixed is below 0")
        self._by_site = np.ascontiguousarray(self.way.T, dtype=np.float64)
        self._numbers = (self.pupils.astype(np.float64), self.places.astype(np.float64), self.fixed.astype(np.float64))

    @property
    def goal(self) -> float:
        """Return the bound that leaves no room for a choice better by more than the gap allowed."""
        return min(self.objective - 1.0 + _ROUNDING, self.objective * (1.0 - self.limits.gap))

    def value(self, is_open: Mask) -> float:
        """Return what a choice comes to, inf where it lacks places; remember the best."""
        name = is_open.tobytes()
        if name not in self.tried:
            sites = np.flatnonzero(is_open)
            sent = send_pupils(self.way[:, sites], self.pupils, self.places[sites])
            self.tried[name] = float(sent.travel + self.fixed[sites].sum()) if isinstance(sent, Sent) else np.inf
        if self.tried[name] < self.objective:
            self.objective, self.best = self.tried[name], is_open.copy()
        return self.tried[name]

    def bound(self, status: Status, price: Floats, rounds: int, step: float) -> _Bound:
        """Return the bound to which prices rise from those given."""
        start, share, reduced = price.copy(), np.zeros(len(self.places)), np.zeros(len(self.places))
        value = ascend(self._by_site, *self._numbers, status, self.goal, rounds, step, start, share, reduced)
        return _Bound(value, start, share, reduced)

    def rounded(self, bound: _Bound, status: Status) -> Mask:
        """Return the choice to which the estimate of the relaxation leads, with enough places."""
        liked = bound.share + 2.0 * (status == OPEN) - 2.0 * (status == CLOSED)
        is_open: Mask = liked >= _DIVIDING
        for site in np.argsort(-liked, kind="stable"):
            if self.places[is_open].sum() >= self.pupils.sum():
                break
            is_open[site] = True
        is_open &= status != CLOSED
        return is_open

    def improve(self, is_open: Mask, free: Ints) -> None:
        """Open, close or exchange single sites as long as that helps."""
        value, is_better = self.value(is_open), True
        while is_better:
            is_better = False
            for other in _neighbours(is_open, free):
                if self.value(other) < value:
                    value, is_open, is_better = self.value(other), other, True
                    break

    def root(self, status: Status, price: Floats, watch: Watch) -> _Bound:
        """Return the bound of the whole question."""
        for rounds in _ASCENTS:
            root = self.bound(status, price, rounds, 1.0)
            doubt = np.flatnonzero((root.share > _DOUBTFUL) & (root.share < 1.0 - _DOUBTFUL) & (status == FREE))
            self.improve(self.rounded(root, status), doubt)
            if watch.progress:
                watch.progress(Progress(self.objective, min(root.value, self.objective), 0))
            if root.value >= self.goal:
                break
            price = root.price
        return root

    def settled(self, bound: _Bound, status: Status) -> Status:
        """Return the status after closing sites that no better choice opens, and opening those that none leaves closed."""
        after = status.copy()
        after[(status == FREE) & (bound.value + bound.reduced >= self.goal)] = CLOSED
        after[(status == FREE) & (bound.value - bound.reduced >= self.goal)] = OPEN
        return after


@dataclass(eq=False)
class _Every(_Case):
    """The question for every choice below a number: no plan that is found makes the search narrower."""

    most: float = 0.0

    @property
    def goal(self) -> float:
        """Return the number."""
        return self.most


def _neighbours(is_open: Mask, free: Ints) -> Iterator[Mask]:
    for site in free:
        other = is_open.copy()
        other[site] = not other[site]
        yield other
    for gone in free[is_open[free]]:
        for come in free[~is_open[free]]:
            other = is_open.copy()
            other[gone], other[come] = False, True
            yield other


def _search(case: _Case, status: Status, root: _Bound, watch: Watch) -> float:
    """Look for better choices; return the bound that holds in the end."""
    stack = [Node(root.value, case.settled(root, status), root.price)]
    most = np.inf if case.limits.nodes is None else case.limits.nodes
    while stack:
        if case.nodes >= most or (watch.cancelled and watch.cancelled()):
            return max(root.value, min(case.goal, *(node.bound for node in stack)))
        node = stack.pop()
        if node.bound < case.goal:
            case.nodes += 1
            known = case.objective
            stack.extend(_children(case, node))
            if watch.progress and case.objective < known:
                watch.progress(Progress(case.objective, min(root.value, case.objective), case.nodes))
    return max(root.value, case.goal)


def _children(case: _Case, node: Node) -> list[Node]:
    """Return what is left to look at below a node, the most promising last."""
    bound = case.bound(node.status, node.price, _ROUNDS, _STEP)
    if bound.value >= case.goal:
        return []
    case.value(case.rounded(bound, node.status))
    status = case.settled(bound, node.status)
    free = np.flatnonzero(status == FREE)
    if not len(free):
        case.value(status == OPEN)
        return []
    doubt = np.abs(bound.share[free] - _DIVIDING)
    here = Node(max(node.bound, bound.value), status, bound.price)
    doubtful = free[np.argsort(doubt, kind="stable")[:_TRIED]].tolist()
    return divide(here, doubtful, lambda site: [_tried(case, here, site, to) for to in (OPEN, CLOSED)], case.goal)


def _tried(case: _Case, node: Node, site: int, to: int) -> Node:
    status = node.status.copy()
    status[site] = to
    bound = case.bound(status, node.price, _TRY_ROUNDS, _STEP)
    return Node(max(node.bound, bound.value), status, bound.price)


def _answer(case: _Case, root: _Bound, bound: float) -> Opened:
    sites = np.flatnonzero(case.best)
    sent = send_pupils(case.way[:, sites], case.pupils, case.places[sites])
    if isinstance(sent, Overfull):
        raise ValueError("the best choice lacks places")
    numbered = Sent(
        block=sent.block,
        school=sites[sent.school],
        pupils=sent.pupils,
        travel=sent.travel,
        block_price=sent.block_price,
        school_price=sent.school_price,
        ways=sent.ways,
    )
    return Opened(
        sites=sites,
        objective=round(case.objective),
        bound=float(case.objective if bound >= case.objective - 1.0 + _ROUNDING else bound),
        fixed=int(case.fixed[sites].sum()),
        travel=sent.travel,
        sent=numbered,
        price=root.price,
        bound_by_prices=min(root.value, case.objective),
        nodes=case.nodes,
    )
