"""SCIP on the program of planning_inclusive.py: `planning_inclusive_peer.py NUMBERS.npz GAP SECONDS` prints what it found."""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
from planning_path_peer import linear

if __name__ == "__main__":
    scip, _ = linear(np.load(sys.argv[1]))
    scip.setParam("limits/gap", float(sys.argv[2]))
    scip.setParam("limits/time", float(sys.argv[3]))
    began, used = time.perf_counter(), time.process_time()
    scip.optimize()
    found = scip.getNSols() > 0
    answer = {"seconds": time.perf_counter() - began, "processor": time.process_time() - used, "bound": scip.getDualbound()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({**answer, "objective": scip.getObjVal() if found else None, "mb": peak}))
