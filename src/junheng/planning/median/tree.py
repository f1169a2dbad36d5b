"""Branch and bound on prices: at a node sites are settled, a few doubtful ones are tried both ways, and the most telling one divides."""

from __future__ import annotations

import numpy as np

from junheng.planning.branching import Node, divide
from junheng.planning.kernels.median import CLOSED, FREE, OPEN
from junheng.planning.median.case import Bound, Case, Lists, Status
from junheng.planning.solve.engine import Progress, Watch

_TURNS = 6  # of settling at a node
_ROUNDS, _STEP = 80, 0.3
_TRIED = 4  # doubtful sites tried both ways at a node
_TRY_ROUNDS = 30
_DOUBTFUL = 0.01


def search(case: Case, lists: Lists, status: Status, root: Bound, nodes: int, watch: Watch) -> float:
    """Look for better choices among sites that are not closed, at no more than `nodes` nodes; return the bound of what is left.

    It is the cost of the best choice known when nothing is left.
    """
    stack = [Node(root.value, status, root.price)]
    begun, known = case.nodes, case.objective
    while stack:
        if case.nodes - begun >= nodes or (watch.cancelled and watch.cancelled()):
            return min(node.bound for node in stack)
        node = stack.pop()
        if node.bound < case.goal:
            case.nodes += 1
            stack.extend(_children(case, lists, node))
            if watch.progress and case.objective < known:
                known = case.objective
                watch.progress(Progress(known, min(root.value, known), case.nodes))
    return case.objective


def _children(case: Case, lists: Lists, node: Node) -> list[Node]:
    """Return what is left to look at below a node, the most promising last."""
    node, bound = _settle(case, lists, node)
    if node.bound >= case.goal:
        return []
    free = np.flatnonzero(node.status == FREE)
    if not len(free):
        if (node.status == OPEN).sum() == case.p:
            case.improve(np.flatnonzero(node.status == OPEN), np.zeros(0, dtype=np.int64))
        return []
    doubt = np.minimum(bound.share[free], 1.0 - bound.share[free])
    doubtful = free[np.argsort(-doubt, kind="stable")[:_TRIED]].tolist()
    return divide(node, doubtful, lambda site: [_tried(case, lists, node, site, to) for to in (OPEN, CLOSED)], case.goal)


def _settle(case: Case, lists: Lists, node: Node) -> tuple[Node, Bound]:
    """Raise the prices and settle sites in turn until that brings little."""
    value, status, price = node
    for turn in range(_TURNS):
        here = case.within(lists, status)
        bound = case.bound(here, status, price, _ROUNDS if turn == 0 else _ROUNDS // 2, _STEP if turn == 0 else _STEP / 2)
        value, price = max(value, bound.value), bound.price
        if value >= case.goal:
            break
        if turn == 0:
            case.round_off(bound, status, np.flatnonzero((bound.share > _DOUBTFUL) & (status != CLOSED)))
        if bound.value < value:  # the worths are those of a weaker bound than the one inherited
            break
        before, status = status, case.settled(bound, status)
        if (status != before).sum() < max(1, (before == FREE).sum() // 20):
            break
    return Node(value, status, price), bound


def _tried(case: Case, lists: Lists, node: Node, site: int, to: int) -> Node:
    status = node.status.copy()
    status[site] = to
    is_open, free = int((status == OPEN).sum()), int((status == FREE).sum())
    if not is_open <= case.p <= is_open + free:  # a site too many, or too few to choose from
        return Node(np.inf, status, node.price)
    bound = case.bound(case.within(lists, status), status, node.price, _TRY_ROUNDS, _STEP)
    return Node(max(node.bound, bound.value), status, bound.price)
