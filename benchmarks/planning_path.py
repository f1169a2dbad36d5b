"""The least cost by which every school meets six of seven items and every coefficient its limit, beside SCIP on the cones; one run.

python benchmarks/planning_path.py [--cases 60/1/0.50 60/2/0.45 60/3/0.45] [--gap 0.001] [--patience 60] [--years 0] [--peers PYTHON]

A case is schools/seed/limit. --peers: an interpreter with pyscipopt; the peer gets the program as one would first write it, with its cones.
--years: the county passes that many years ahead, with the pupils of then, and the money comes year by year: 5 % more than the least that is
needed without regard to when (its bound), in equal parts; what takes years to build or train must begin early enough.
The plan is checked in fractions: teachers and rooms as whole numbers, areas and money to their last digit, without tolerance.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import measure
import numpy as np
from planning_path_instances import LIMITS, Case, ahead, case, pay, program

from junheng.planning.solve import Limits, Progress, Watch
from junheng.planning.solve.answers import Answer
from junheng.planning.spread import Spread, squared
from junheng.planning.spread_search import solve_spread

SECONDS, FIRST, NEAR = {60: 10.0, 200: 600.0}, 1.0, 0.02
MONEY = 1.05
PEER = Path(__file__).with_name("planning_path_peer.py")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", nargs="*", default=["60/1/0.50", "60/2/0.45", "60/3/0.45"])
    parser.add_argument("--gap", type=float, default=1e-3)
    parser.add_argument("--patience", type=float, default=60)
    parser.add_argument("--years", type=int, default=0)
    parser.add_argument("--peers")
    asked = parser.parse_args()
    print(measure.machine())
    for name in asked.cases:
        schools, seed, limit = name.split("/")
        county = case(int(schools), int(seed))
        asked.a_year = 0.0
        if asked.years:
            county = ahead(county, asked.years, int(seed))
            asked.a_year = MONEY * ours(county, float(limit), asked, [])[0].bound / asked.years
        told: list[tuple[float, float, Progress]] = []
        run = measure.alternated({"ours": lambda county=county, limit=limit, told=told: ours(county, float(limit), asked, told)}, 1)["ours"]
        answer, spreads = run.result
        note = f"{answer.objective:,.1f}, bound {answer.bound:,.1f}, gap {answer.gap:.2%}" if answer.values is not None else "no plan"
        print(measure.line(f"{name} ours to {asked.gap:.1%}", run, note))
        if answer.values is not None:
            print(f"  exact: {checked(answer, spreads, county, float(limit))} of 7 coefficients at most {limit} in fractions")
        within = [(clock, used) for clock, used, step in told if step.best is not None and step.best - answer.bound <= NEAR * step.best]
        if within:
            print(f"  first plan within 2 %: {within[0][0]:.2f} s, {within[0][1]:.2f} s of processor")
            print(measure.verdict(f"{name} first plan within 2 %", within[0][0], FIRST, unit="s"))
        seconds = SECONDS.get(int(schools), 600.0) if not asked.years else 120.0
        print(
            measure.verdict(f"{name} to {asked.gap:.1%}", run.seconds if answer.gap <= asked.gap else float("inf"), seconds, unit="s"),
            flush=True,
        )
        if asked.peers:
            print(peer(asked, county, float(limit)), flush=True)


def ours(county: Case, limit: float, asked: argparse.Namespace, told: list) -> tuple[Answer, list[Spread]]:
    """Return what is found, and tell when each plan was."""
    began, used = time.perf_counter(), time.process_time()
    made, spreads, late = program(county, limit)
    if asked.a_year:
        pay(made, asked.a_year, asked.years)
    watch = Watch(progress=lambda step: told.append((time.perf_counter() - began, time.process_time() - used, step)))
    return solve_spread(made, spreads, Limits(gap=asked.gap, seconds=asked.patience), late=late, watch=watch), spreads


def checked(answer: Answer, spreads: list[Spread], county: Case, limit: float) -> int:
    """Return how many coefficients keep the limit in fractions."""
    kept = 0
    for item, spread in enumerate(spreads):
        each = np.asarray(answer.values)[spread.value.columns] * county.pupils * float(LIMITS[item])
        whole = item in (0, 1, 2, 6)
        amounts = [Fraction(round(value)) if whole else Fraction(value) for value in each.tolist()]
        kept += squared(amounts, [Fraction(int(many)) for many in county.pupils]) <= Fraction(str(limit)) ** 2
    return kept


def peer(asked: argparse.Namespace, county: Case, limit: float) -> str:
    """Return what SCIP finds on the same county, in a process of its own."""
    made, spreads, _ = program(county, limit, tightened=False)
    if asked.a_year:
        pay(made, asked.a_year, asked.years)
    arrays = made.arrays()
    start, index, value = arrays.rows.entries
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.npz"
        np.savez(
            path,
            cost=arrays.cost, lower=arrays.lower, upper=arrays.upper, whole=arrays.whole,
            row_lower=arrays.rows.lower, row_upper=arrays.rows.upper, start=start, index=index, value=value, limit=limit,
            values=np.array([each.value.columns for each in spreads]), means=np.array([each.mean.columns[0] for each in spreads]),
            shares=np.array([each.shares for each in spreads]),
        )  # fmt: skip
        command = [asked.peers, str(PEER), str(path), str(asked.gap), str(asked.patience)]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    found = json.loads(told.splitlines()[-1]) if told else {"seconds": float("nan"), "processor": float("nan"), "objective": None}
    plan = "no plan" if found["objective"] is None else f"{found['objective']:,.1f}, bound {found['bound']:,.1f}, gap {found['gap']:.2%}"
    return f"  SCIP, cones: {found['seconds']:.1f} s, processor {found['processor']:.1f} s, {plan}"


if __name__ == "__main__":
    main()
