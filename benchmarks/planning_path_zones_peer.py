"""SCIP on the program of planning_path_zones.py: `planning_path_zones_peer.py NUMBERS.npz GAP SECONDS` prints what it found."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from planning_path_peer import linear
from pyscipopt import Model, quicksum


def model(numbers: np.lib.npyio.NpzFile) -> Model:
    """Return the program, its squares of amounts over pupils, and the square of each mean."""
    made, columns = linear(numbers)
    limit = float(numbers["limit"])
    for values, parts, mean, shares in zip(numbers["values"], numbers["parts"], numbers["means"], numbers["shares"], strict=True):
        for value, part, weight in zip(values, parts, numbers["weights"], strict=True):
            made.addCons(columns[value] * columns[value] <= columns[part] * columns[weight])
        squares = quicksum(float(p) * columns[j] for j, p in zip(parts, shares, strict=True))
        made.addCons(squares <= (1 + limit**2) * columns[mean] * columns[mean])
    return made


if __name__ == "__main__":
    given = np.load(sys.argv[1])
    scip = model(given)
    scip.setParam("limits/time", float(sys.argv[3]))
    scip.setParam("limits/gap", float(sys.argv[2]))
    began, used = time.perf_counter(), time.process_time()
    scip.optimize()
    found = scip.getNSols() > 0
    answer = {"seconds": time.perf_counter() - began, "processor": time.process_time() - used, "bound": scip.getDualbound()}
    print(json.dumps({**answer, "objective": scip.getObjVal() if found else None, "gap": scip.getGap() if found else None}))
