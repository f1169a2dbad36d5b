"""HiGHS on the numbers of planning_siting.py: `planning_siting_peer.py NUMBERS.npz GAP SECONDS` prints what it found, and when."""

from __future__ import annotations

import json
import sys
import time

import highspy
import numpy as np


def program(way: np.ndarray, pupils: np.ndarray, room: np.ndarray, fixed: np.ndarray) -> highspy.HighsLp:
    """Return sites that are open or not, and the share of each block that goes to each."""
    blocks, sites = way.shape
    pairs = blocks * sites
    block, site = np.divmod(np.arange(pairs), sites)
    entries = np.zeros((pairs, 2))
    entries[:, 0], entries[:, 1] = 1.0, pupils[block]
    rows = np.stack((block, blocks + site), axis=1)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = sites + pairs, blocks + sites
    lp.col_cost_ = np.concatenate((fixed, (way * pupils[:, None]).ravel())).astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(sites + pairs), np.ones(sites + pairs)
    lp.row_lower_ = np.concatenate((np.ones(blocks), np.full(sites, -np.inf)))
    lp.row_upper_ = np.concatenate((np.ones(blocks), np.zeros(sites)))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate((np.arange(sites), sites + 2 * np.arange(pairs + 1))).astype(np.int32)
    lp.a_matrix_.index_ = np.concatenate((blocks + np.arange(sites), rows.ravel())).astype(np.int32)
    lp.a_matrix_.value_ = np.concatenate((-room.astype(float), entries.ravel()))
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * sites + [kinds.kContinuous] * pairs
    return lp


if __name__ == "__main__":
    numbers = np.load(sys.argv[1])
    engine = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", float(sys.argv[2])), ("time_limit", float(sys.argv[3]))):
        engine.setOptionValue(name, value)
    engine.passModel(program(numbers["way"], numbers["pupils"], numbers["room"], numbers["fixed"]))
    began, used = time.perf_counter(), time.process_time()
    engine.run()
    info = engine.getInfo()
    told = {"objective": info.objective_function_value, "gap": info.mip_gap, "status": engine.modelStatusToString(engine.getModelStatus())}
    print(json.dumps({"seconds": time.perf_counter() - began, "processor": time.process_time() - used, **told}))
