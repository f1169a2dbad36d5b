"""The path to pass where pupils may move along the borders of zones, with a bound for every such plan, beside SCIP; one run.

python benchmarks/planning_path_zones.py [--cases 60/1/0.50 60/2/0.45 60/3/0.45] [--gap 0.003] [--patience 60] [--peers PYTHON]

A case is schools/seed/limit. Pupils are whole numbers. --peers: an interpreter with pyscipopt; the peer gets the same program with
x^2 <= t w for each school and the sum of t at most (1 + c^2) T^2, as one would write it. The bill with fixed zones stands beside it.
The plan is checked in fractions: teachers, rooms and pupils as whole numbers, areas and money to their last digit, without tolerance.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path

import measure
import numpy as np
from planning_path_instances import LIMITS, Case, case, program
from planning_path_zones_instances import Zones, zones_program

from junheng.planning.solve import Limits
from junheng.planning.solve.answers import Answer
from junheng.planning.spread import squared
from junheng.planning.spread_search import solve_spread

SECONDS = 30.0
PEER = Path(__file__).with_name("planning_path_zones_peer.py")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", nargs="*", default=["60/1/0.50", "60/2/0.45", "60/3/0.45"])
    parser.add_argument("--gap", type=float, default=3e-3)
    parser.add_argument("--patience", type=float, default=60)
    parser.add_argument("--peers")
    asked = parser.parse_args()
    print(measure.machine())
    for name in asked.cases:
        schools, seed, limit = name.split("/")
        county = case(int(schools), int(seed))
        stays, spreads, late = program(county, float(limit))
        fixed = solve_spread(stays, spreads, Limits(gap=asked.gap, seconds=asked.patience), late=late)
        zones = zones_program(county, float(limit))
        run = measure.alternated({"ours": lambda zones=zones: ours(zones, asked)}, 1)["ours"]
        answer = run.result
        print(measure.line(f"{name} ours to {asked.gap:.1%}", run, said(answer)))
        if answer.values is not None and fixed.values is not None:
            moved = int(np.rint(np.asarray(answer.values)[zones.moved.columns]).sum())
            print(
                f"  {moved} pupils move; bill with fixed zones {fixed.objective:,.1f}: {1 - answer.objective / fixed.objective:.1%} lower"
            )
            print(f"  exact: {checked(answer, zones, county, limit)} of {len(zones.spreads)} coefficients at most {limit} in fractions")
        reached = answer.values is not None and answer.gap <= asked.gap
        print(measure.verdict(f"{name} to {asked.gap:.1%}", run.seconds if reached else float("inf"), SECONDS, unit="s"), flush=True)
        if asked.peers:
            print(peer(asked, zones, float(limit)), flush=True)


def ours(zones: Zones, asked: argparse.Namespace) -> Answer:
    """Return what is found."""
    return solve_spread(
        zones.program, zones.spreads, Limits(gap=asked.gap, seconds=asked.patience), late=zones.late, packages=zones.packages
    )


def said(answer: Answer) -> str:
    """Return a plan and its bound in words."""
    if answer.values is None:
        return "no plan"
    return f"{answer.objective:,.1f}, bound {answer.bound:,.1f}, gap {answer.gap:.2%}"


def checked(answer: Answer, zones: Zones, county: Case, limit: str) -> int:
    """Return how many coefficients keep the limit in fractions, with the pupils that schools then have."""
    values = np.asarray(answer.values)
    pupils = [Fraction(int(many)) for many in county.pupils]
    for giver, taker, many in zip(zones.giver, zones.taker, np.rint(values[zones.moved.columns]), strict=True):
        pupils[giver] -= int(many)
        pupils[taker] += int(many)
    kept = 0
    for item, spread in enumerate(zones.spreads):
        each = values[spread.value.columns] * county.pupils * float(LIMITS[item])
        whole = item in (0, 1, 2, 6)
        amounts = [Fraction(round(value)) if whole else Fraction(value) for value in each.tolist()]
        kept += squared(amounts, pupils) <= Fraction(limit) ** 2
    return kept


def peer(asked: argparse.Namespace, zones: Zones, limit: float) -> str:
    """Return what SCIP finds on the same county, in a process of its own."""
    arrays = zones.program.arrays()
    start, index, value = arrays.rows.entries
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.npz"
        np.savez(
            path,
            cost=arrays.cost, lower=arrays.lower, upper=arrays.upper, whole=arrays.whole,
            row_lower=arrays.rows.lower, row_upper=arrays.rows.upper, start=start, index=index, value=value, limit=limit,
            values=np.array([each.value.columns for each in zones.spreads]),
            means=np.array([each.mean.columns[0] for each in zones.spreads]),
            parts=np.array([each.part.columns for each in zones.spreads]), weights=zones.spreads[0].weight.columns,
            shares=np.array([each.shares for each in zones.spreads]),
        )  # fmt: skip
        command = [asked.peers, str(PEER), str(path), str(asked.gap), str(asked.patience)]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    found = json.loads(told.splitlines()[-1]) if told else {"seconds": float("nan"), "processor": float("nan"), "objective": None}
    plan = "no plan" if found["objective"] is None else f"{found['objective']:,.1f}, bound {found['bound']:,.1f}, gap {found['gap']:.2%}"
    return f"  SCIP: {found['seconds']:.1f} s, processor {found['processor']:.1f} s, {plan}"


if __name__ == "__main__":
    main()
