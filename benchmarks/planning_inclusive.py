"""The cheapest path to universal and inclusive preschool on drawn counties, beside HiGHS and SCIP on the same program; one run.

python benchmarks/planning_inclusive.py [--sizes 100 300 1000] [--seeds 1] [--years 0] [--gap 0.001] [--patience 60] [--peers PYTHON]

Drawn, seeded: half of the kindergartens private, every third short of something; a township of two villages for every ten, with children at
home; a third of the townships has a project, a third a plot, the others a village. ours: the whole question from the County on (the judge,
the program, the search, steps); of it the search alone is told, too. bare: HiGHS as it comes, to the same gap. --peers: an interpreter with
pyscipopt; SCIP gets the same matrix in a process of its own. Every proposal is judged again (`faults`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import highspy
import measure
import numpy as np
import polars as pl

from junheng.model import County, schema
from junheng.model.change import AddRow, Change, apply
from junheng.planning.planners.path_to_inclusive.choose import choose
from junheng.planning.planners.path_to_inclusive.model import model
from junheng.planning.planners.path_to_inclusive.question import ask
from junheng.planning.planners.path_to_inclusive.unable import without_the_unable
from junheng.planning.proposal import Brief
from junheng.planning.registry import planner
from junheng.planning.solve import Limits, Watch
from junheng.planning.solve.arrays import Arrays
from junheng.standards.library import shipped
from junheng.standards.rulebook import Rulebook

CODE, PEER = "620725", Path(__file__).with_name("planning_inclusive_peer.py")
RULES = Rulebook((shipped("cn"),), date(2025, 9, 1))
_TEN = 10  # kindergartens of a township
_RATE = 0.78  # of the children of a township are in a kindergarten of it: the limit is 85 %


def drawn(many: int, seed: int) -> County:
    """Return a county of kindergartens, with townships, villages, residents by age, projects and plots."""
    rows = list(_rows(many, np.random.default_rng(seed)))
    empty = {name: pl.DataFrame(schema=schema().dtypes(name)) for name in schema().tables}
    return apply(County(code=CODE, year=2025, tables=empty, origins={}), rows)


def _rows(many: int, draw: np.random.Generator) -> Iterator[Change]:
    children = 0
    for town in range(-(-many // _TEN)):
        here = range(town * _TEN, min(many, (town + 1) * _TEN))
        enrolled = 0
        for k in here:
            pupils, rows = _kindergarten(k, town, draw)
            enrolled += pupils
            yield from rows
        at_home = round(enrolled / _RATE * draw.uniform(0.98, 1.02)) - enrolled
        children += enrolled + at_home
        yield from _township(town, enrolled, at_home)
    own = {"preschool_established_pay_yuan": Decimal(90_000), "preschool_contracted_pay_yuan": Decimal(66_000)}
    yield AddRow("county_facts", {"county": CODE, "children_3_5": children, **own})


def _kindergarten(k: int, town: int, draw: np.random.Generator) -> tuple[int, list[Change]]:
    code, private, poor = f"1162{k + 1:06d}", k % 2 == 1, k % 3 == 0
    key: dict[str, Any] = {"school": code, "stage": "preschool"}
    sizes = {"k1": int(draw.integers(20, 26)), "k2": int(draw.integers(24, 31)), "k3": 38 if poor else int(draw.integers(30, 36))}
    pupils, teachers = sum(sizes.values()), 5 if poor else int(draw.integers(6, 8))
    own = {"name": f"第{k + 1}幼儿园", "kind": "kindergarten", "ownership": "private" if private else "public", "district": _town(town)}
    is_new = {"inclusive": bool(k % 4 == 1) if private else None, "estate_kindergarten": k % 20 == 3, "built_year": 2014 + k % 6}
    staff = {"staff": teachers + 7, "teachers": teachers, "established": teachers, "certified": teachers - poor, "carers": 3}
    more = {"contracted": 0, "heads": 1, "certified_heads": 1, "bachelors": 1, "colleges": teachers - 1}
    area = Decimal(int(draw.integers(660, 760) if poor else draw.integers(800, 900)))
    rooms = {"site_area_m2": Decimal(int(draw.integers(1300, 1700))), "floor_area_m2": area + 200, "activity_area_m2": area}
    made: list[Change] = [AddRow("schools", {"school": code, "village": f"{_town(town)}001", **own, **is_new})]
    made += [AddRow("classes", {**key, "class": grade, "grade": grade, "pupils": size}) for grade, size in sizes.items()]
    made += [AddRow("enrolment", {**key, "grade": grade, "sex": "all", "pupils": size}) for grade, size in sizes.items()]
    made.append(AddRow("staff", {**key, **staff, **more}))
    made.append(AddRow("places", {**key, "places": 120, "rooms": 3}))
    made.append(AddRow("premises", {"school": code, **rooms, "outdoor_area_m2": Decimal(int(draw.integers(300, 440)))}))
    made.append(AddRow("equipment", {"school": code, "books": int(draw.integers(200, 260) if poor else draw.integers(300, 400))}))
    return pupils, made


def _town(town: int) -> str:
    return f"{CODE}{town + 100:03d}"


def _township(town: int, enrolled: int, at_home: int) -> Iterator[Change]:
    for number, many in (("001", enrolled), ("002", at_home)):
        village = f"{_town(town)}{number}"
        yield AddRow("villages", {"village": village, "name": village, "district": _town(town)})
        for age in range(6):
            part = many // 3 + (age - 3 < many % 3) if age > 2 else round(many / 3 * 0.97)
            yield AddRow("village_population", {"village": village, "age": age, "sex": "all", "persons": part})
    if town % 3 == 0:
        own = {"project": f"P{town:03d}", "name": f"{town}号新建园", "kind": "build", "stage": "preschool", "rooms": 6}
        yield AddRow("projects", {**own, "yuan": Decimal(8_000_000 + 100_000 * (town % 7)), "district": _town(town)})
    elif town % 3 == 1:
        own = {
            "site": f"D{town:03d}",
            "stage": "preschool",
            "name": f"D{town:03d}",
            "village": f"{_town(town)}002",
            "district": _town(town),
        }
        yield AddRow("sites", {**own, "places": 180, "yuan_fixed": Decimal(2_500_000), "yuan_per_place": Decimal(42_000)})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--years", type=int, default=0)
    parser.add_argument("--gap", type=float, default=1e-3)
    parser.add_argument("--patience", type=float, default=60)
    parser.add_argument("--peers")
    asked = parser.parse_args()
    print(measure.machine())
    for size in asked.sizes:
        for seed in asked.seeds:
            _case(drawn(size, seed), f"{size} kindergartens, seed {seed}", asked)


def _case(county: County, name: str, asked: argparse.Namespace) -> None:
    one = planner("path_to_inclusive")
    limits = Limits(gap=asked.gap, seconds=asked.patience)
    brief = Brief(planner="path_to_inclusive", options={"years": asked.years, "price_step": 0, "new": 50}, limits=limits, beside=False)
    began, used = time.perf_counter(), time.process_time()
    with measure.Peak() as peak:
        proposal = one.propose(county, RULES, brief)
    spent = time.perf_counter() - began, time.process_time() - used
    wrong = one.faults(county, RULES, proposal)
    new = proposal.tables["towns"]["new"].sum()
    print(f"{name}: {len(proposal.steps)} steps, {new} new classes, {len(wrong)} faults")
    print(_line("ours, from the County to steps", *spent, proposal.objective, proposal.bound, peak.mb))
    question, _ = without_the_unable(ask(county, RULES, brief, one.declaration))
    began, used = time.perf_counter(), time.process_time()
    chosen = choose(question, limits, 0, Watch())
    alone = time.perf_counter() - began, time.process_time() - used
    print(_line("ours, the search alone", *alone, getattr(chosen, "objective", None), getattr(chosen, "bound", None)))
    arrays = model(question).program.arrays()
    print(f"  program: {len(arrays.cost):,} columns, {len(arrays.rows):,} rows")
    print(_line("HiGHS as it comes", *_bare(arrays, asked)), flush=True)
    if asked.peers:
        print(_scip(arrays, asked), flush=True)


def _line(who: str, seconds: float, processor: float, objective: float | None, bound: float | None, mb: float = 0.0) -> str:
    if objective is None or bound is None:
        return f"  {who}: no plan, {seconds:.2f} s, processor {processor:.2f} s"
    gap = max(0.0, objective - bound) / max(objective, 1e-9)
    memory = f", {mb:.0f} MB" if mb else ""
    return f"  {who}: {objective:,.0f} yuan, bound {bound:,.0f}, gap {gap:.3%}, {seconds:.2f} s, processor {processor:.2f} s{memory}"


def _bare(arrays: Arrays, asked: argparse.Namespace) -> tuple[float, float, float | None, float | None]:
    start, index, value = arrays.rows.entries
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", asked.gap)
    highs.setOptionValue("time_limit", asked.patience)
    highs.passModel(
        len(arrays.cost), len(arrays.rows), len(value), int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), arrays.offset,
        arrays.cost, arrays.lower, arrays.upper, arrays.rows.lower, arrays.rows.upper, start, index, value, arrays.whole.astype(np.int32),
    )  # fmt: skip
    began, used = time.perf_counter(), time.process_time()
    highs.run()
    info = highs.getInfo()
    spent = time.perf_counter() - began, time.process_time() - used
    return (*spent, info.objective_function_value, info.mip_dual_bound) if info.primal_solution_status == 2 else (*spent, None, None)


def _scip(arrays: Arrays, asked: argparse.Namespace) -> str:
    start, index, value = arrays.rows.entries
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.npz"
        np.savez(
            path, cost=arrays.cost, lower=arrays.lower, upper=arrays.upper, whole=arrays.whole, row_lower=arrays.rows.lower,
            row_upper=arrays.rows.upper, start=start, index=index, value=value,
        )  # fmt: skip
        command = [asked.peers, str(PEER), str(path), str(asked.gap), str(asked.patience)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"  SCIP: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no answer'}"
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return _line("SCIP", told["seconds"], told["processor"], told["objective"], told["bound"], told["mb"])


if __name__ == "__main__":
    main()
