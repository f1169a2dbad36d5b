"""One peer on the numbers of planning_transport.py: `planning_transport_peer.py NAME NUMBERS.npz` prints its seconds and travel."""

from __future__ import annotations

import json
import os
import sys
import time

import numpy as np


def pot(way: np.ndarray, pupils: np.ndarray, room: np.ndarray) -> float:
    """Network simplex of Python Optimal Transport; a block of nobody fills the places left."""
    import ot

    supply = np.append(pupils, room.sum() - pupils.sum()).astype(float)
    cost = np.vstack([way, np.zeros((1, len(room)))]).astype(float)
    return float((ot.emd(supply, room.astype(float), cost, numItermax=10**8) * cost).sum())


def ortools(way: np.ndarray, pupils: np.ndarray, room: np.ndarray) -> float:
    """Minimum-cost flow of OR-Tools."""
    from ortools.graph.python import min_cost_flow

    blocks, schools = way.shape
    sink, flow = blocks + schools, min_cost_flow.SimpleMinCostFlow()
    tails = np.concatenate((np.repeat(np.arange(blocks), schools), blocks + np.arange(schools)))
    heads = np.concatenate((blocks + np.tile(np.arange(schools), blocks), np.full(schools, sink)))
    most = np.concatenate((np.repeat(pupils, schools), room))
    cost = np.concatenate((way.ravel(), np.zeros(schools, np.int64)))
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, most, cost)
    flow.set_nodes_supplies(np.append(np.arange(blocks), sink), np.append(pupils, -pupils.sum()))
    flow.solve()
    return float(flow.optimal_cost())


def _matrix(blocks: int, schools: int) -> tuple[np.ndarray, np.ndarray]:
    rows = np.stack((np.repeat(np.arange(blocks), schools), np.tile(np.arange(blocks, blocks + schools), blocks)), axis=1)
    return np.arange(0, rows.size + 1, 2, dtype=np.int32), rows.ravel().astype(np.int32)


def highs(way: np.ndarray, pupils: np.ndarray, room: np.ndarray) -> float:
    """Linear program, HiGHS' simplex method, one thread."""
    import highspy

    start, rows = _matrix(*way.shape)
    engine, lp = highspy.Highs(), highspy.HighsLp()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("threads", 1)
    lp.num_col_, lp.num_row_, lp.col_cost_ = way.size, len(pupils) + len(room), way.ravel().astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(way.size), np.full(way.size, np.inf)
    lp.row_lower_, lp.row_upper_ = np.append(pupils, np.full(len(room), -np.inf)), np.append(pupils, room).astype(float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = start, rows, np.ones(len(rows))
    engine.passModel(lp)
    engine.run()
    return float(engine.getInfo().objective_function_value)


def scipy(way: np.ndarray, pupils: np.ndarray, room: np.ndarray) -> float:
    """Return the answer of `scipy.optimize.linprog`."""
    from scipy.optimize import linprog
    from scipy.sparse import csc_matrix

    start, rows = _matrix(*way.shape)
    matrix = csc_matrix((np.ones(len(rows)), rows, start), (len(pupils) + len(room), way.size)).tocsr()
    blocks = len(pupils)
    return float(linprog(way.ravel(), A_ub=matrix[blocks:], b_ub=room, A_eq=matrix[:blocks], b_eq=pupils, method="highs").fun)


def processor() -> float:
    """Return the processor time of this process and of the programs it started."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    numbers = np.load(sys.argv[2])
    small = (np.array([[1, 2], [2, 1]]), np.array([1, 1]), np.array([1, 1]))
    way_to = {"pot": pot, "ortools": ortools, "highs": highs, "scipy": scipy}[sys.argv[1]]
    way_to(*small)  # imports and first calls are not counted
    taken = (numbers["way"], numbers["pupils"], numbers["room"])
    began, used = time.perf_counter(), processor()
    found = way_to(*taken)
    print(json.dumps({"seconds": time.perf_counter() - began, "processor": processor() - used, "travel": found}))
