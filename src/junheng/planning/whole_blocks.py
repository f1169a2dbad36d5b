"""Which p sites are open when each block goes whole to one of them and places are limited (capacitated p-median), proven.

Prices of blocks give a bound: each site takes the most valuable blocks that its places allow (a knapsack, solved exactly), and the p
best sites are picked: the bound of all divisions of the blocks into groups that fit (Ceselli and Righini 2005), without their columns.
At good prices most pairs of a block and a site cost more than the best plan known when they are forced, and are left out. What remains is
searched: the doubtful site whose two cases raise the bound most is open, or closed; every choice of sites seen is tried as a plan. Where
most of the sites stay, the doubt is about blocks and not about sites: then what remains, where it is not too much, is given to the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from junheng.planning.kernels.whole_blocks import CLOSED, FREE, OPEN, ascend, narrow, settle
from junheng.planning.kernels.whole_blocks_plans import improve
from junheng.planning.pupils_to_schools import whole
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import NOBODY, USUAL, Limits, Progress, Watch, gap
from junheng.planning.solve.search import ENGINES
from junheng.planning.solve.timer import Timer
from junheng.planning.sparse import compressed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Status = NDArray[np.int8]

_ROUNDING = 1e-4  # costs are whole numbers: a better plan is better by one
_ASCENTS, _ROOT_STEP, _ROOT_PATIENCE = (400, 400, 400), 1.0, 15
_ROUNDS, _TRY_ROUNDS, _STEP, _PATIENCE, _TRY_PATIENCE = 60, 20, 0.3, 8, 5
_TRIED = 8  # doubtful sites tried both ways at a node
_LEAST = 1e-2  # of a rise of the bound: less counts as that much
_TRIES, _SHORT = 300, 4
_FAR = 1e299
_HALF = 0.5
_MOST_STAY = 0.5  # of the p sites: from there on the engine takes what prices leave
_ENGINE_PAIRS = 60_000  # with more it asks the clock too seldom: 122 s instead of 30 s at 600,000
_LESS_THAN_ONE = 0.999
_MUCH_LEFT = 0.88  # of the pairs: a second look rules out little more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WholeBlocks:
    """The open sites, where each block goes, and what none can fall below."""

    sites: Ints  # (p,) ascending
    goes: Ints  # (blocks,) the site of each
    objective: int
    bound: float
    bound_by_prices: float
    price: Floats  # (blocks,) proves `bound_by_prices`, over all pairs
    undecided: int  # pairs that prices left to the search
    nodes: int

    @property
    def gap(self) -> float:
        """Return (objective - bound) / objective."""
        return gap(float(self.objective), self.bound)


class _Node(NamedTuple):
    bound: float
    allowed: Mask  # (sites, blocks)
    status: Status
    price: Floats


def choose_whole(
    way: ArrayLike,
    pupils: ArrayLike,
    places: ArrayLike,
    p: int,
    *,
    stay: int = 0,
    seed: int = 0,
    limits: Limits = USUAL,
    watch: Watch = NOBODY,
) -> WholeBlocks | None:
    """Return p sites and where each block goes, whole, at least cost; None when no plan was found.

    way: (blocks, sites) whole numbers, what it costs when the block goes there; pupils: (blocks,) whole; places: (sites,) whole. A site
    may be picked without taking anybody. stay: the first sites, that many, are open in any case. limits: gap, nodes and seconds;
    deterministic for a seed and limits of work.
    Raises ValueError where shapes do not fit or p is not between 1 (or `stay`) and the number of sites.
    """
    case = _Case(whole("way", way), whole("pupils", pupils), whole("places", places), (p, stay), seed, limits)
    timer = Timer(limits)
    case.start()
    root = case.rise(timer.watched(watch))
    if not np.isfinite(case.objective):
        return None
    undecided = int(root.allowed.sum()) if root.bound < case.goal else 0
    is_few = stay >= _MOST_STAY * p and undecided <= _ENGINE_PAIRS
    bound = (case.finish if is_few else case.search)(root, timer, watch)
    return WholeBlocks(
        sites=np.sort(case.medians),
        goes=case.medians[case.goes],
        objective=round(case.objective),
        bound=case.objective if bound > case.objective - 1 + _ROUNDING / 2 else bound,
        bound_by_prices=min(case.proof.bound, case.objective),
        price=case.proof.price,
        undecided=undecided,
        nodes=case.nodes,
    )


class _Case:
    """One question, its best plan, and the search for better ones."""

    def __init__(self, way: Ints, pupils: Ints, places: Ints, picked: tuple[int, int], seed: int, limits: Limits) -> None:
        p, stay = picked
        if way.shape != (len(pupils), len(places)) or not max(1, stay) <= p <= len(places):
            raise ValueError("way, pupils and places do not fit, or p is not between 1 and the number of sites")
        self.way = np.ascontiguousarray(way.T, dtype=np.float64)
        self.pupils, self.places, self.p, self.stay, self.seed, self.limits = pupils, places, p, stay, seed, limits
        self.objective, self.nodes = np.inf, 0
        self.proof: _Node  # the best prices for all pairs, those left out included
        self.medians, self.goes = np.zeros(p, dtype=np.int64), np.zeros(len(pupils), dtype=np.int64)

    @property
    def goal(self) -> float:
        """Return the bound that leaves no room for a plan better by more than the gap allowed."""
        return min(self.objective - 1 + _ROUNDING, self.objective * (1.0 - self.limits.gap))

    def offer(self, medians: Ints, tries: int) -> None:
        """Make a plan of these sites, and keep it where it is better. medians: (p,), those that stay among them."""
        chosen = np.concatenate((np.arange(self.stay), medians[medians >= self.stay])).astype(np.int64)
        goes = np.zeros(len(self.pupils), dtype=np.int64)
        cost = improve(self.way, self.pupils, self.places, chosen, goes, self.stay, tries, self.seed + 1)
        if cost < min(self.objective, _FAR):
            self.objective, self.medians, self.goes = cost, chosen, goes

    def start(self) -> None:
        """Make a first plan: of the sites that are nearest to all, spread out."""
        chosen = list(range(self.stay))
        near = self.way[: self.stay].min(axis=0) if chosen else self.way.min(axis=0) + self.way.max()
        for _ in range(self.p - self.stay):
            saved = np.maximum(near[None] - self.way, 0.0).sum(axis=1)
            saved[chosen] = -1.0
            chosen.append(int(saved.argmax()))
            near = np.minimum(near, self.way[chosen[-1]])
        self.offer(np.array(chosen), _TRIES)

    def raised(self, node: _Node, rounds: int, step: float, patience: int) -> tuple[_Node, Floats]:
        """Return the node with the prices that raise its bound, and how often each site was picked. Where it is: a bound of infinity."""
        price, share = node.price.copy(), np.zeros(len(self.places))
        target = self.goal if np.isfinite(self.objective) else 2.0 * abs(price.sum())
        numbers = (self.way, self.pupils, self.places, self.p)
        bound = ascend(*numbers, node.allowed, node.status, target, rounds, step, patience, price, share)
        return node._replace(bound=max(node.bound, bound), price=price), share

    def narrowed(self, node: _Node) -> bool:
        """Leave out what no better plan has, in place; return whether one may be left."""
        if np.isfinite(self.objective):
            settle(self.way, self.pupils, self.places, self.p, self.goal, node.price, node.allowed, node.status)
        return bool(narrow(self.pupils, self.places, self.p, node.allowed, node.status))

    def rise(self, watch: Watch) -> _Node:
        """Raise the prices of the whole question, leave out what they rule out, and make plans of the sites that they like."""
        every, free = np.ones(self.way.shape, dtype=np.bool_), np.full(len(self.places), FREE, dtype=np.int8)
        free[: self.stay] = OPEN
        second = np.partition(self.way, min(1, len(self.places) - 1), axis=0)[min(1, len(self.places) - 1)]
        self.proof = best = node = _Node(-np.inf, every, free, second.astype(np.float64))
        whole, step = best._replace(allowed=every.copy(), status=free.copy()), _ROOT_STEP
        for rounds in _ASCENTS:
            node, share = self.raised(node._replace(bound=-np.inf), rounds, step, _ROOT_PATIENCE)
            self.offer(self.liked(share, node.status), _SHORT)
            best = best._replace(bound=node.bound, price=node.price) if node.bound > best.bound else best
            alone = self.raised(whole._replace(price=node.price), 1, 0.0, 0)[0]
            self.proof = alone if alone.bound > self.proof.bound else self.proof
            if watch.progress and np.isfinite(self.objective):
                watch.progress(Progress(self.objective, min(best.bound, self.objective), 0))
            if best.bound >= self.goal or not self.narrowed(best) or (watch.cancelled and watch.cancelled()):
                break
            node, step = best, _STEP
        return best

    def finish(self, root: _Node, timer: Timer, watch: Watch) -> float:
        """Have the engine look for better plans among the pairs and sites that prices leave; return the bound that holds in the end."""
        goal = self.goal  # every plan that was ruled out costs at least that
        if root.bound >= goal or not self.may_be(root):
            return max(root.bound, goal)
        left = _Left(self, root)
        session = ENGINES["highs"](left.arrays, seed=self.seed)
        begin = left.start(self.medians, self.medians[self.goes])
        if begin is not None:
            session.start_from(begin)
        outcome = session.run(replace(timer.left, slack=_LESS_THAN_ONE), timer.watched(watch))
        self.nodes += outcome.nodes
        if outcome.values is not None:
            self.take(left.plan(root, outcome.values))
        return max(root.bound, goal if outcome.status == "infeasible" else min(goal, outcome.bound))

    def search(self, root: _Node, timer: Timer, shown: Watch) -> float:
        """Look for better plans below the root; return the bound that holds in the end."""
        stack, most, watch = [root], np.inf if self.limits.nodes is None else self.limits.nodes, timer.watched(shown)
        while stack:
            if self.nodes >= most or (watch.cancelled and watch.cancelled()):
                return max(root.bound, min(self.goal, *(node.bound for node in stack)))
            node = stack.pop()
            if node.bound < self.goal:
                self.nodes += 1
                known = self.objective
                stack.extend(self.children(node))
                if shown.progress and self.objective < known:
                    shown.progress(Progress(self.objective, min(root.bound, self.objective), self.nodes))
        return max(root.bound, self.goal)

    def children(self, node: _Node) -> list[_Node]:
        """Return what is left to look at below a node, the most promising last."""
        is_much = False
        while not is_much:
            if not narrow(self.pupils, self.places, self.p, node.allowed, node.status):
                return []
            before = node.allowed.sum()
            node, share = self.raised(node, _ROUNDS, _STEP, _PATIENCE)
            if node.bound >= self.goal or not self.narrowed(node):
                return []
            is_much = bool(node.allowed.sum() > _MUCH_LEFT * before)
        self.offer(self.liked(share, node.status), 0)
        cases = self.cases(node, share)
        if not cases:
            self.take(node)
        best, most = list[_Node](), -np.inf
        for pair in cases:
            tried = [self.raised(child, _TRY_ROUNDS, _STEP, _TRY_PATIENCE)[0] for child in pair if self.may_be(child)]
            left = sorted((child for child in tried if child.bound < self.goal), key=lambda child: -child.bound)
            if len(left) < 2:
                return left
            value = float(np.prod([max(child.bound - node.bound, _LEAST) for child in left]))
            if value > most:
                best, most = left, value
        return best

    def liked(self, share: Floats, status: Status) -> Ints:
        """Return the p sites that were picked most often, those that are open in any case among them."""
        order: Ints = np.argsort(-(share + 2.0 * (status == OPEN) - 2.0 * (status == CLOSED)), kind="stable")
        return order[: self.p]

    def may_be(self, node: _Node) -> bool:
        """Draw what follows in place; return whether a plan may be left."""
        return bool(narrow(self.pupils, self.places, self.p, node.allowed, node.status))

    def cases(self, node: _Node, share: Floats) -> list[tuple[_Node, _Node]]:
        """Return the ways to divide a node: a doubtful site is open or closed; where none is, a block goes to its nearest site or not."""
        free = np.flatnonzero(node.status == FREE)
        if len(free):
            doubtful = free[np.argsort(np.abs(share[free] - _HALF), kind="stable")[:_TRIED]]
            return [(_set(node, site, OPEN), _set(node, site, CLOSED)) for site in doubtful.tolist()]
        unsure = np.flatnonzero(node.allowed.sum(axis=0) > 1)
        heavy = unsure[np.argsort(-self.pupils[unsure], kind="stable")[:_TRIED]]
        return [self.sent(node, block) for block in heavy.tolist()]

    def sent(self, node: _Node, block: int) -> tuple[_Node, _Node]:
        """Return a node's two cases of a block: it goes to the nearest site that it may, or to another."""
        nearest = int(np.where(node.allowed[:, block], self.way[:, block], np.inf).argmin())
        there, elsewhere = node.allowed.copy(), node.allowed.copy()
        there[:, block] = False
        there[nearest, block], elsewhere[nearest, block] = True, False
        return node._replace(allowed=there, status=node.status.copy()), node._replace(allowed=elsewhere, status=node.status.copy())

    def take(self, node: _Node) -> None:
        """Keep the one plan that a node has left, where it is better."""
        at = node.allowed.argmax(axis=0)
        cost = float(self.way[at, np.arange(len(at))].sum())
        if cost < self.objective:
            medians = np.flatnonzero(node.status == OPEN)
            self.objective, self.medians, self.goes = cost, medians, np.searchsorted(medians, at)


class _Left:
    """What prices leave undecided, as a program: which sites are open, and where each block goes among the pairs that are left."""

    def __init__(self, case: _Case, node: _Node) -> None:
        """Lay out: x of a pair, y of a site; every block goes somewhere, within places and only to open sites, of which there are p."""
        self.sites = np.flatnonzero(node.status != CLOSED)
        place, is_open = np.zeros(len(node.status), dtype=np.int64), node.status[self.sites] == OPEN
        place[self.sites] = np.arange(len(self.sites))
        self.site, self.block = np.nonzero(node.allowed & (node.status != CLOSED)[:, None])
        many, blocks, pairs = len(self.sites), node.allowed.shape[1], len(self.site)
        y, x, at = np.arange(many), many + np.arange(pairs), place[self.site]
        tied = np.flatnonzero(~is_open[at])
        first = blocks + many + 1 + np.arange(len(tied))
        row = np.concatenate((self.block, blocks + at, blocks + y, np.full(many, blocks + many), first, first))
        column = np.concatenate((x, x, y, y, x[tied], at[tied]))
        value = (np.ones(pairs), case.pupils[self.block], -case.places[self.sites], np.ones(many), np.ones(len(tied)), -np.ones(len(tied)))
        lower = np.concatenate((np.ones(blocks), np.full(many, -np.inf), [float(case.p)], np.full(len(tied), -np.inf)))
        upper = np.concatenate((np.ones(blocks), np.zeros(many), [float(case.p)], np.zeros(len(tied))))
        shape = (len(upper), many + pairs)
        self.arrays = Arrays(
            cost=np.concatenate((np.zeros(many), case.way[self.site, self.block])),
            offset=0.0,
            lower=np.concatenate((is_open.astype(np.float64), np.zeros(pairs))),
            upper=np.ones(many + pairs),
            whole=np.ones(many + pairs, dtype=np.bool_),
            rows=Rows(lower, upper, compressed(row, column, np.concatenate(value).astype(np.float64), shape)),
        )

    def start(self, medians: Ints, goes: Ints) -> Floats | None:
        """Return a plan as values of the program, or nothing where its sites or pairs were ruled out."""
        used = goes[self.block] == self.site
        if used.sum() != len(goes) or not np.isin(medians, self.sites).all():
            return None
        return np.concatenate((np.isin(self.sites, medians), used)).astype(np.float64)

    def plan(self, node: _Node, values: Floats) -> _Node:
        """Return the node with the one plan that values of the program stand for."""
        is_open, used = np.split(values > _HALF, [len(self.sites)])
        allowed, status = np.zeros_like(node.allowed), np.full_like(node.status, CLOSED)
        allowed[self.site[used], self.block[used]] = True
        status[self.sites[is_open]] = OPEN
        return node._replace(allowed=allowed, status=status)


def _set(node: _Node, site: int, to: int) -> _Node:
    status = node.status.copy()
    status[site] = to
    return node._replace(status=status, allowed=node.allowed.copy())
