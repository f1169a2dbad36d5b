"""One peer on the numbers of planning_median.py: `planning_median_peer.py NAME NUMBERS.npz` prints its seconds and objective."""

from __future__ import annotations

import json
import os
import sys
import time

import numpy as np


def spopt(cost: np.ndarray, p: int) -> float:
    """Return the answer of spopt's PMedian with CBC through PuLP: what users of PySAL take."""
    import pulp
    from spopt.locate import PMedian

    model = PMedian.from_cost_matrix(cost.astype(float), np.ones(len(cost)), p_facilities=p)
    model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1), results=False)
    return float(pulp.value(model.problem.objective))


def nearest(cost: np.ndarray, p: int) -> float:
    """Return the answer of HiGHS on the pairs of a client and its nearest sites, more of them until the choice needs no others."""
    many = max(10, 4 * cost.shape[1] // p)
    while True:
        value, used = _nearest(cost, p, min(many, cost.shape[1]))
        if used < 1e-6:
            return value
        many *= 2


def _nearest(cost: np.ndarray, p: int, many: int) -> tuple[float, float]:
    """Return the optimum with an escape at the next distance for every client, and how much the escapes were used."""
    import highspy

    clients, sites = cost.shape
    order = np.argsort(cost, axis=1)[:, : many + 1]
    way = np.take_along_axis(cost, order, 1).astype(float)
    escape = way[:, -1] if many < sites else np.full(clients, 1e12)
    near, way = order[:, :many], way[:, :many]
    pairs, columns = clients * many, sites + clients * many + clients
    pair = sites + np.arange(pairs).reshape(clients, many)
    goes = np.concatenate((pair, sites + pairs + np.arange(clients)[:, None]), axis=1)
    only = np.stack((pair.ravel(), near.ravel()), axis=1)
    starts = (np.arange(clients) * (many + 1), clients * (many + 1) + 2 * np.arange(pairs), [clients * (many + 1) + 2 * pairs])
    engine, lp = highspy.Highs(), highspy.HighsLp()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("threads", 1)
    engine.setOptionValue("mip_rel_gap", 1e-9)
    lp.num_col_, lp.num_row_ = columns, clients + pairs + 1
    lp.col_cost_ = np.concatenate((np.zeros(sites), way.ravel(), escape))
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), np.ones(columns)
    lp.row_lower_ = np.concatenate((np.ones(clients), np.full(pairs, -np.inf), [float(p)]))
    lp.row_upper_ = np.concatenate((np.ones(clients), np.zeros(pairs), [float(p)]))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    index = np.concatenate((goes.ravel(), only.ravel(), np.arange(sites))).astype(np.int32)
    lp.a_matrix_.start_ = np.append(np.concatenate(starts), len(index)).astype(np.int32)
    lp.a_matrix_.index_ = index
    lp.a_matrix_.value_ = np.concatenate((np.ones(goes.size), np.tile([1.0, -1.0], pairs), np.ones(sites)))
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * sites + [kinds.kContinuous] * (columns - sites)
    engine.passModel(lp)
    engine.run()
    values = np.array(engine.getSolution().col_value)
    return float(engine.getInfo().objective_function_value), float(values[sites + pairs :].sum())


def processor() -> float:
    """Return the processor time of this process and of the programs it started."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    numbers = np.load(sys.argv[2])
    way_to = {"spopt": spopt, "nearest": nearest}[sys.argv[1]]
    way_to(np.random.default_rng(0).integers(1, 9, (12, 12)), 3)  # imports and first calls are not counted
    taken, many = numbers["cost"], int(numbers["p"])
    began, used = time.perf_counter(), processor()
    found = way_to(taken, many)
    print(json.dumps({"seconds": time.perf_counter() - began, "processor": processor() - used, "objective": found}))
