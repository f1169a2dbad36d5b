"""SCIP on the cone program of planning_path.py: `planning_path_peer.py NUMBERS.npz GAP SECONDS` prints what it found."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from pyscipopt import Model, quicksum


def linear(numbers: np.lib.npyio.NpzFile) -> tuple[Model, list]:
    """Return the program without its limits of spread, and its columns."""
    made = Model()
    made.hideOutput()
    lower, upper, whole = numbers["lower"], numbers["upper"], numbers["whole"]
    columns = [
        made.addVar(lb=lower[j], ub=None if np.isinf(upper[j]) else upper[j], vtype="I" if whole[j] else "C", obj=numbers["cost"][j])
        for j in range(len(lower))
    ]
    start, index, value = numbers["start"], numbers["index"], numbers["value"]
    for row, (least, most) in enumerate(zip(numbers["row_lower"], numbers["row_upper"], strict=True)):
        part = slice(start[row], start[row + 1])
        total = quicksum(float(v) * columns[j] for j, v in zip(index[part], value[part], strict=True))
        if least == most:
            made.addCons(total == float(least))
            continue
        if np.isfinite(least):
            made.addCons(total >= float(least))
        if np.isfinite(most):
            made.addCons(total <= float(most))
    return made, columns


def model(numbers: np.lib.npyio.NpzFile) -> Model:
    """Return the program with its cones, one a coefficient; where pupils move, one a school and coefficient."""
    made, columns = linear(numbers)
    limit = float(numbers["limit"])
    if "parts" in numbers:
        return moving(numbers, made, columns)
    for values, mean, shares in zip(numbers["values"], numbers["means"], numbers["shares"], strict=True):
        squares = quicksum(float(p) * columns[j] * columns[j] for j, p in zip(values, shares, strict=True))
        made.addCons(squares <= (1 + limit**2) * columns[mean] * columns[mean])
    return made


def moving(numbers: np.lib.npyio.NpzFile, made: Model, columns: list) -> Model:
    """Add x^2 <= t w for each school, and the sum of t at most (1 + c^2) T^2."""
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
