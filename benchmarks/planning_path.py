"""The least cost by which every school meets six of seven items and every coefficient its limit, beside SCIP on the cones; one run.

python benchmarks/planning_path.py [--cases 60/1/0.50 60/2/0.45 60/3/0.45] [--gap 0.001] [--patience 60] [--years 0] [--zones]
    [--peers PYTHON]

A case is schools/seed/limit. --peers: an interpreter with pyscipopt; the peer gets the program as one would first write it, with its cones.
--years: the county passes that many years ahead, with the pupils of then, and the money comes year by year: 5 % more than the least that is
needed without regard to when (its bound), in equal parts; what takes years to build or train must begin early enough.
--zones: pupils, whole numbers of them, may move along the borders of zones (planning_path_zones_instances.py); the bound is one for every
such plan, the gap asked for is 0.003, the bill with fixed zones stands beside it.
The plan is checked in fractions: teachers, rooms and pupils as whole numbers, areas and money to their last digit, without tolerance.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import measure
import numpy as np
from planning_path_instances import LIMITS, Case, ahead, case, pay, program
from planning_path_zones_instances import Zones, zones_program

from junheng.planning.solve import Limits, Program, Progress, Variables, Watch
from junheng.planning.solve.answers import Answer
from junheng.planning.spread import Spread, squared
from junheng.planning.spread_packages import Packages
from junheng.planning.spread_search import solve_spread

SECONDS, FIRST, NEAR = {60: 10.0, 200: 600.0}, 1.0, 0.02
GAP, GAP_ZONES, SECONDS_YEARS, SECONDS_ZONES = 1e-3, 3e-3, 120.0, 30.0
MONEY = 1.05
PEER = Path(__file__).with_name("planning_path_peer.py")


class Question(NamedTuple):
    """What is asked of both, and what schools have in a plan."""

    program: Program
    spreads: list[Spread]
    late: Variables
    packages: Packages | None
    pupils: Callable[[np.ndarray], np.ndarray]  # of each school in a plan


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", nargs="*", default=["60/1/0.50", "60/2/0.45", "60/3/0.45"])
    parser.add_argument("--gap", type=float)
    parser.add_argument("--patience", type=float, default=60)
    parser.add_argument("--years", type=int, default=0)
    parser.add_argument("--zones", action="store_true")
    parser.add_argument("--peers")
    asked = parser.parse_args()
    asked.gap = asked.gap or (GAP_ZONES if asked.zones else GAP)
    print(measure.machine())
    for name in asked.cases:
        schools, seed, limit = name.split("/")
        county = case(int(schools), int(seed))
        asked.a_year = 0.0
        if asked.years:
            county = ahead(county, asked.years, int(seed))
            asked.a_year = MONEY * ours(question(county, float(limit), asked), asked, []).bound / asked.years
        measured(name, county, asked)


def measured(name: str, county: Case, asked: argparse.Namespace) -> None:
    """Measure one case and print."""
    schools, _, limit = name.split("/")
    made = question(county, float(limit), asked)
    told: list[tuple[float, float, Progress]] = []
    run = measure.alternated({"ours": lambda: ours(made, asked, told)}, 1)["ours"]
    answer = run.result
    note = f"{answer.objective:,.1f}, bound {answer.bound:,.1f}, gap {answer.gap:.2%}" if answer.values is not None else "no plan"
    print(measure.line(f"{name} ours to {asked.gap:.1%}", run, note))
    if answer.values is not None:
        print(f"  exact: {checked(answer, made, limit)} of {len(made.spreads)} coefficients at most {limit} in fractions")
    within = [(clock, used) for clock, used, step in told if step.best is not None and step.best - answer.bound <= NEAR * step.best]
    if within:
        print(f"  first plan within 2 %: {within[0][0]:.2f} s, {within[0][1]:.2f} s of processor")
        if not asked.zones:
            print(measure.verdict(f"{name} first plan within 2 %", within[0][0], FIRST, unit="s"))
    seconds = SECONDS_ZONES if asked.zones else SECONDS_YEARS if asked.years else SECONDS.get(int(schools), 600.0)
    reached = answer.values is not None and answer.gap <= asked.gap
    print(measure.verdict(f"{name} to {asked.gap:.1%}", run.seconds if reached else float("inf"), seconds, unit="s"), flush=True)
    if asked.zones and answer.values is not None:
        stays, spreads, late = program(county, float(limit))
        fixed = solve_spread(stays, spreads, Limits(gap=asked.gap, seconds=asked.patience), late=late)
        moved = int(np.abs(made.pupils(np.asarray(answer.values)) - county.pupils).sum() / 2)
        bill = f"bill with fixed zones {fixed.objective:,.1f}: {1 - answer.objective / fixed.objective:.1%} lower"
        print(f"  {moved} pupils in other schools; {bill}")
    if asked.peers:
        print(peer(asked, made if asked.zones else question(county, float(limit), asked, tightened=False), float(limit)), flush=True)


def question(county: Case, limit: float, asked: argparse.Namespace, *, tightened: bool = True) -> Question:
    """Return the program, with or without moves."""
    if asked.zones:
        zones = zones_program(county, limit)
        return Question(zones.program, list(zones.spreads), zones.late, zones.packages, lambda values: after(zones, county, values))
    made, spreads, late = program(county, limit, tightened=tightened)
    if asked.a_year:
        pay(made, asked.a_year, asked.years)
    return Question(made, spreads, late, None, lambda _: county.pupils)


def after(zones: Zones, county: Case, values: np.ndarray) -> np.ndarray:
    """Return the pupils that schools have once so many have moved."""
    moved, schools = np.rint(values[zones.moved.columns]), len(county.pupils)
    return county.pupils + np.bincount(zones.taker, moved, schools) - np.bincount(zones.giver, moved, schools)


def ours(made: Question, asked: argparse.Namespace, told: list[tuple[float, float, Progress]]) -> Answer:
    """Return what is found, and tell when each plan was."""
    began, used = time.perf_counter(), time.process_time()
    watch = Watch(progress=lambda step: told.append((time.perf_counter() - began, time.process_time() - used, step)))
    limits = Limits(gap=asked.gap, seconds=asked.patience)
    return solve_spread(made.program, made.spreads, limits, late=made.late, watch=watch, packages=made.packages)


def checked(answer: Answer, made: Question, limit: str) -> int:
    """Return how many coefficients keep the limit in fractions, with the pupils that schools then have."""
    values, kept = np.asarray(answer.values), 0
    pupils = [Fraction(int(many)) for many in made.pupils(values)]
    today = made.packages.pupils if made.packages is not None else made.pupils(values)
    for item, spread in enumerate(made.spreads):
        each = values[spread.value.columns] * today * float(LIMITS[item])
        whole = item in (0, 1, 2, 6)
        amounts = [Fraction(round(value)) if whole else Fraction(value) for value in each.tolist()]
        kept += squared(amounts, pupils) <= Fraction(limit) ** 2
    return kept


def peer(asked: argparse.Namespace, made: Question, limit: float) -> str:
    """Return what SCIP finds on the same county, in a process of its own."""
    arrays = made.program.arrays()
    start, index, value = arrays.rows.entries
    moving = (
        {"parts": np.array([each.part.columns for each in made.spreads]), "weights": made.spreads[0].weight.columns} if asked.zones else {}
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.npz"
        np.savez(
            path,
            cost=arrays.cost, lower=arrays.lower, upper=arrays.upper, whole=arrays.whole,
            row_lower=arrays.rows.lower, row_upper=arrays.rows.upper, start=start, index=index, value=value, limit=limit,
            values=np.array([each.value.columns for each in made.spreads]), means=np.array([each.mean.columns[0] for each in made.spreads]),
            shares=np.array([each.shares for each in made.spreads]), **moving,
        )  # fmt: skip
        command = [asked.peers, str(PEER), str(path), str(asked.gap), str(asked.patience)]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    found = json.loads(told.splitlines()[-1]) if told else {"seconds": float("nan"), "processor": float("nan"), "objective": None}
    plan = "no plan" if found["objective"] is None else f"{found['objective']:,.1f}, bound {found['bound']:,.1f}, gap {found['gap']:.2%}"
    return f"  SCIP, cones: {found['seconds']:.1f} s, processor {found['processor']:.1f} s, {plan}"


if __name__ == "__main__":
    main()
