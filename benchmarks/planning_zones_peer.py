"""One peer on the numbers of planning_zones.py: `planning_zones_peer.py NAME NUMBERS.npz SECONDS` prints its seconds, objective and bound.

scip and cbc get the whole program that HiGHS gets in the benchmark; skater (spopt) cuts a spanning tree of neighbours into as many zones
and knows no balance: what its zones cost with the best seat of each is told, and how uneven they are.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np


def scip(numbers: dict[str, np.ndarray], seconds: float) -> dict[str, float | None]:
    """Return what SCIP finds."""
    from pyscipopt import Model

    with tempfile.TemporaryDirectory() as folder:
        model = Model()
        model.hideOutput()
        model.readProblem(str(_written(numbers, folder)))
        model.setParam("limits/time", seconds)
        model.setParam("limits/gap", float(numbers["gap"]))
        model.optimize()
        has = model.getNSols() > 0
        return {"objective": model.getObjVal() if has else None, "bound": model.getDualbound()}


def cbc(numbers: dict[str, np.ndarray], seconds: float) -> dict[str, float | None]:
    """Return what CBC finds, the one that PuLP brings."""
    import pulp

    with tempfile.TemporaryDirectory() as folder:
        path, answer = _written(numbers, folder), Path(folder) / "answer.txt"
        command = [pulp.PULP_CBC_CMD().path, str(path), "-seconds", str(seconds), "-ratio", str(float(numbers["gap"]))]
        told = subprocess.run([*command, "-solve", "-solution", str(answer)], capture_output=True, text=True, check=True).stdout
        found = [float(line.split(":")[-1]) for line in told.splitlines() if line.startswith("Objective value:")]
        low = [float(line.split(":")[-1]) for line in told.splitlines() if line.startswith("Lower bound:")]
        return {"objective": found[-1] if found else None, "bound": low[-1] if low else (found[-1] if found else None)}


def skater(numbers: dict[str, np.ndarray], seconds: float) -> dict[str, float | None]:  # noqa: ARG001
    """Return what zones of Skater cost, and the least and most schools and pupils of one, of the average."""
    import geopandas
    from libpysal.weights import W
    from spopt.region import Skater

    at, edges, way, zones = numbers["at"], numbers["edges"], numbers["way"], int(numbers["zones"])
    beside = {school: np.flatnonzero(edges[school]).tolist() for school in range(len(at))}
    frame = geopandas.GeoDataFrame({"x": at[:, 0], "y": at[:, 1]}, geometry=geopandas.points_from_xy(at[:, 0], at[:, 1]))
    model = Skater(frame, W(beside, silence_warnings=True), ["x", "y"], n_clusters=zones)
    model.solve()
    label = np.asarray(model.labels_)
    inside = [np.flatnonzero(label == zone) for zone in np.unique(label)]
    total = sum(float(way[np.ix_(own, own)].sum(axis=1).min()) for own in inside)
    loads = np.array([numbers["pupils"][own].sum() for own in inside]) / (numbers["pupils"].sum() / zones)
    sizes = np.array([len(own) for own in inside])
    even = {"least_schools": float(sizes.min()), "most_schools": float(sizes.max())}
    return {"objective": total, "bound": None, **even, "least_load": float(loads.min()), "most_load": float(loads.max())}


def _written(numbers: dict[str, np.ndarray], folder: str) -> Path:
    """Write the program as MPS, by HiGHS, and return where."""
    import highspy

    engine, lp = highspy.Highs(), highspy.HighsLp()
    engine.setOptionValue("output_flag", False)
    lp.num_col_, lp.num_row_ = len(numbers["cost"]), len(numbers["row_lower"])
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = numbers["cost"], numbers["lower"], numbers["upper"]
    lp.row_lower_, lp.row_upper_ = numbers["row_lower"], numbers["row_upper"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = numbers["start"].astype(np.int32), numbers["index"].astype(np.int32)
    lp.a_matrix_.value_ = numbers["value"]
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in numbers["whole"]]
    engine.passModel(lp)
    path = Path(folder) / "zones.mps"
    engine.writeModel(str(path))
    return path


if __name__ == "__main__":
    given = dict(np.load(sys.argv[2]))
    way_to = {"scip": scip, "cbc": cbc, "skater": skater}[sys.argv[1]]
    began, used = time.perf_counter(), sum(os.times()[:4])
    answer = way_to(given, float(sys.argv[3]))
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1000
    print(json.dumps({"seconds": time.perf_counter() - began, "processor": sum(os.times()[:4]) - used, "peak_mb": peak, **answer}))
