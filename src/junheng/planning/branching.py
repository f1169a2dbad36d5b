"""Branching on sites that are open or closed: the doubtful site whose two cases move the bound most divides what is left to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Node(NamedTuple):
    """A part of the search: its bound, which sites are settled how, and the prices that gave the bound."""

    bound: float
    status: NDArray[np.int8]  # (sites,)
    price: NDArray[np.float64]  # (blocks,)


def divide(node: Node, doubtful: Iterable[int], tried: Callable[[int], list[Node]], goal: float) -> list[Node]:
    """Try doubtful sites open and closed; return the two nodes of the site that tells most, or the one that a site leaves.

    tried: gives a site's two nodes. A node whose bound reaches the goal needs no look. The more promising node stands last.
    """
    best: list[Node] = []
    most = -np.inf
    for site in doubtful:
        pair = tried(site)
        left = [child for child in pair if child.bound < goal]
        if len(left) < 2:
            return left
        low, high = sorted(child.bound - node.bound for child in pair)
        if low + high / 10 > most:
            best, most = sorted(pair, key=lambda child: -child.bound), low + high / 10
    return best
