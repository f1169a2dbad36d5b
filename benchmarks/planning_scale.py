"""How catchments grow: 2,000 × 40 up to 50,000 blocks × 1,000 schools, each to 2 %, proven; gap, seconds, processor, memory.

Run: PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/planning_scale.py [--sizes 2000x40 10000x200 20000x500 50000x1000] [--gap 0.02]
     [--seconds 1800] [--seed 1]
Each size runs in a process of its own, so that its memory is its own. Counties are drawn as in planning_catchments.py. The plan is
looked over without the search: every zone walked from its school, places and the objective added up anew.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time

import checked
import numpy as np
from measure import Peak, machine, verdict
from planning_catchments import drawn_district

from junheng.planning.districting import Drawn, draw
from junheng.planning.solve import Limits, Progress, Watch

SIZES = ("2000x40", "10000x200", "20000x500", "50000x1000")
_MOST_MB = 8000
_AMONG = 50  # schools among which half of the places are evened out: who has too few has room some zones away, as in life


def one(size: str, gap: float, seconds: float, seed: int) -> dict[str, float]:
    """Draw zones of one size; return what that took, and print how it went on."""
    blocks, zones = (int(part) for part in size.split("x"))
    draw(drawn_district(60, 4, 1), Limits(gap=1e-3), 0, Watch())  # compiled
    with Peak() as whole:
        start = time.perf_counter()
        district = drawn_district(blocks, zones, seed, among=_AMONG)
        print(f"  {size} drawn in {time.perf_counter() - start:.0f} s", flush=True)
        start, used = time.perf_counter(), time.process_time()

        def told(progress: Progress) -> None:
            best = "none" if progress.best is None else f"{progress.best:.0f}"
            took = f"{time.perf_counter() - start:.0f} s, processor {time.process_time() - used:.0f} s"
            print(f"    best {best}, bound {progress.bound:.0f}, {took}", flush=True)

        def late() -> bool:
            return time.perf_counter() - start > seconds

        answer = draw(district, Limits(gap=gap), seed, Watch(progress=told, cancelled=late))
        took, processor = time.perf_counter() - start, time.process_time() - used
    assert isinstance(answer, Drawn), (type(answer).__name__, getattr(answer, "out", None))
    of_plan = checked.zones(district.each, district.pupils, district.high, district.edges, np.concatenate(district.roots), answer.zone)
    assert answer.bound <= answer.objective == of_plan
    exact = 1 - answer.bound_exact / answer.objective
    return {"gap": answer.gap, "exact": exact, "seconds": took, "processor": processor, "mb": whole.mb}


def run(call: list[str]) -> dict[str, float] | None:
    """Run one size apart, pass on what it says, and return its figures; None where it stopped without."""
    told = None
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as apart:
        for line in apart.stdout or ():
            if line.startswith("{"):
                told = json.loads(line)
            else:
                print(line, end="", flush=True)
    return told


def main() -> None:
    """Run each size in a process of its own, and print how the cost grows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    parser.add_argument("--gap", type=float, default=0.02)
    parser.add_argument("--seconds", type=float, default=1800.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="run the one size given here, and print JSON at the end")
    asked = parser.parse_args()
    if asked.alone:
        print(json.dumps(one(asked.sizes[0], asked.gap, asked.seconds, asked.seed)))
        return
    print(machine())
    rows = []
    for size in asked.sizes:
        call = [sys.executable, __file__, "--alone", "--sizes", size, "--gap", str(asked.gap)]
        call += ["--seconds", str(asked.seconds), "--seed", str(asked.seed)]
        told = run(call)
        if told is None:
            print(f"  {size}: stopped")
            continue
        rows.append((size, told))
        print("  " + verdict(f"{size} gap", 100 * told["gap"], 100 * asked.gap, unit="%"), flush=True)
    print(f"{'blocks × schools':<18}{'pairs':>12}{'gap':>8}{'seconds':>9}{'processor':>11}{'µs a pair':>11}{'MB':>7}")
    for size, told in rows:
        blocks, zones = (int(part) for part in size.split("x"))
        each = 1e6 * told["processor"] / blocks / zones
        figures = f"{told['gap']:>8.2%}{told['seconds']:>9.0f}{told['processor']:>11.0f}{each:>11.2f}{told['mb']:>7.0f}"
        print(f"{size:<18}{blocks * zones:>12,}{figures}")
    if rows:
        print("  " + verdict("memory", max(told["mb"] for _, told in rows), _MOST_MB, unit="MB"))


if __name__ == "__main__":
    main()
