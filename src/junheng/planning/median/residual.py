"""What prices leave undecided, as a program for the engine: which sites, and who goes where among those near enough."""

from __future__ import annotations

import numpy as np

from junheng.planning.kernels.median import CLOSED, OPEN
from junheng.planning.median.case import Case, Lists, Status
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import Limits, Watch
from junheng.planning.solve.search import ENGINES
from junheng.planning.sparse import compressed

_LESS_THAN_ONE = 0.999


def finish(case: Case, lists: Lists, status: Status, limits: Limits, seed: int, watch: Watch) -> float:
    """Solve the rest of the case; return a bound for it. `case` learns of a better choice.

    Minimise the sum of costs over pairs x of a client and a site within its reach; every client goes somewhere, only to open sites, of
    which there are p. The choices left out cost as much as the best one known, or more.
    """
    kept = np.flatnonzero(status != CLOSED)
    place = np.full(case.sites, -1)
    place[kept] = np.arange(len(kept))
    client, site, way = _pairs(case.within(lists, status))
    arrays = _program(case, client, place[site], way, status[kept] == OPEN)
    session = ENGINES["highs"](arrays, seed=seed)
    begin = _start(case, client, site, len(kept), place)
    if begin is not None:
        session.start_from(begin)
    outcome = session.run(Limits(gap=0.0, slack=_LESS_THAN_ONE, seconds=limits.seconds, nodes=limits.nodes, threads=limits.threads), watch)
    case.nodes += outcome.nodes
    if outcome.values is not None:
        case.improve(kept[outcome.values[: len(kept)] > 0.5], np.zeros(0, dtype=np.int64))
    is_done = outcome.status in ("optimal", "infeasible")  # infeasible: there is no choice better than the known one
    return case.objective if is_done else min(outcome.bound, case.objective)


def _pairs(lists: Lists) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    client = np.repeat(np.arange(len(lists.most)), np.diff(lists.start))
    return client, lists.near.astype(np.int64), lists.way


def _program(case: Case, client: np.ndarray, place: np.ndarray, way: np.ndarray, is_open: np.ndarray) -> Arrays:
    clients, sites, pairs = len(case.cost), len(is_open), len(client)
    pair = np.arange(pairs)
    row = np.concatenate((client, clients + pair, clients + pair, np.full(sites, clients + pairs)))
    column = np.concatenate((sites + pair, sites + pair, place, np.arange(sites)))
    value = np.concatenate((np.ones(2 * pairs), -np.ones(pairs), np.ones(sites)))
    lower = np.concatenate((np.ones(clients), np.full(pairs, -np.inf), [float(case.p)]))
    upper = np.concatenate((np.ones(clients), np.zeros(pairs), [float(case.p)]))
    return Arrays(
        cost=np.concatenate((np.zeros(sites), way)),
        offset=0.0,
        lower=np.concatenate((is_open.astype(np.float64), np.zeros(pairs))),
        upper=np.ones(sites + pairs),
        whole=np.arange(sites + pairs) < sites,
        rows=Rows(lower, upper, compressed(row, column, value, (clients + pairs + 1, sites + pairs))),
    )


def _start(case: Case, client: np.ndarray, site: np.ndarray, sites: int, place: np.ndarray) -> np.ndarray | None:
    """Return the best choice as values of the program, or nothing where its sites or pairs were ruled out."""
    goes = case.best[case.cost[:, case.best].argmin(axis=1)]
    used = np.flatnonzero(goes[client] == site)
    if (place[case.best] < 0).any() or len(used) != len(case.cost):
        return None
    values = np.zeros(sites + len(client))
    values[place[case.best]] = 1.0
    values[sites + used] = 1.0
    return values
