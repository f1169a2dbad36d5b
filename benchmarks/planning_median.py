"""Which p of n sites, proven, beside what one would take in Python; one run.

python benchmarks/planning_median.py [--sizes 900/90 2000/100 5000/500 5000/100] [--seed 1] [--times 1] [--data DIR] [--peers PYTHON]

Sizes are clients/sites to choose; every client is a candidate site. --data: a folder with orlib_pmed1-40.zip and orlib_pmed_optima.csv
(OR-Library, J. E. Beasley), solved as well and compared with the known optima. --peers: an interpreter with spopt, PuLP and highspy; each
peer runs in a process of its own on the same numbers and is stopped after --patience seconds.
Every answer is checked without our code (checked.py): its sum, and the bound of its prices; what these leave undecided HiGHS is asked
again, for at most --again seconds (0: not), and the gap that it proves is printed.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

import checked
import measure
import numpy as np
from planning_instances import county, metres
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

TARGETS = {"900/90": 0.3, "2000/100": 10.0, "5000/500": 15.0, "5000/100": 600.0}
NEAR, NEAR_SECONDS = 1e-4, {"5000/100": 30.0}
LIBRARY_SECONDS = 40.0
SPOPT_RATIO = 800.0
PEER = Path(__file__).with_name("planning_median_peer.py")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", nargs="*", default=list(TARGETS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--peers")
    parser.add_argument("--only", nargs="*", default=["nearest", "spopt"])
    parser.add_argument("--patience", type=float, default=400)
    parser.add_argument("--again", type=float, default=0)
    asked = parser.parse_args()
    print(measure.machine())
    began = time.perf_counter()
    from junheng.planning.median import choose_sites

    choose_sites(np.random.default_rng(0).integers(0, 9, (30, 20)), 4)
    print(f"import and first call (compiled, or read from its cache): {time.perf_counter() - began:.2f} s")
    for size in asked.sizes:
        one_size(size, asked)
    if asked.data:
        library(asked.data)


def one_size(size: str, asked: argparse.Namespace) -> None:
    """Measure ours and the peers on a drawn county."""
    clients, p = map(int, size.split("/"))
    places = county(clients, 1, asked.seed)
    cost = metres(places.blocks, places.blocks) * places.pupils[:, None]
    near: list[tuple[float, float]] = []
    run = measure.alternated({"ours": lambda: solved(cost, p, near)}, asked.times)["ours"]
    answer = run.result
    note = f"{answer.objective:,} gap {answer.gap:.1e}, by {answer.proof}, {answer.left} sites left by prices, {answer.nodes} nodes"
    print(measure.line(f"{size} ours", run, note), flush=True)
    bound, _ = checked.median_bound(cost, p, answer.price)
    again = f"; gap by prices alone {1 - bound / answer.objective:.1e}, added up anew"
    if asked.again or checked.is_proven(bound, answer.objective):
        left, bound = checked.median_again(cost, p, answer.price, answer.objective, asked.again)
        again += f"; by HiGHS on the {left} sites left, {asked.again:.0f} s, {1 - bound / answer.objective:.1e}"
    assert bound <= answer.objective
    print(f"{size} checked by another hand{again}", flush=True)
    if size in TARGETS:
        print(measure.verdict(f"{size} proven", run.seconds, TARGETS[size], unit="s"))
    if size in NEAR_SECONDS and near:
        print(f"{size} within {NEAR:.2%} after {near[0][0]:.1f} s, {near[0][1]:.1f} s of processor")
        print(measure.verdict(f"{size} within {NEAR:.2%}", near[0][0], NEAR_SECONDS[size], unit="s"))
    for name in asked.only if asked.peers else ():
        found = peer(asked, name, cost, p)
        if found is None:
            print(f"{size} {name:<46} no answer in {asked.patience:.0f} s", flush=True)
            continue
        off = found["objective"] / answer.objective - 1
        assert found["objective"] > answer.bound - 1  # or our bound is wrong
        ratio = found["processor"] / run.processor  # other programs disturb processor time less than the clock
        times = f"{found['seconds']:7.2f} s  processor {found['processor']:7.2f} s"
        print(f"{size + ' ' + name:<52} {times}  peer ÷ ours {ratio:.0f} by processor time   off by {off:.1e}", flush=True)
        if name == "spopt":
            print(measure.verdict("spopt ÷ ours by processor time", ratio, SPOPT_RATIO, at_most=False))


def solved(cost: np.ndarray, p: int, near: list[tuple[float, float]]) -> object:
    """Return our answer, checked. near: learns when, by the clock and the processor, the gap is known to be small."""
    from junheng.planning.median import choose_sites
    from junheng.planning.solve import Progress, Watch

    began, used = time.perf_counter(), time.process_time()

    def look(now: Progress) -> None:
        if now.best is not None and now.best - now.bound <= NEAR * now.best:
            near.append((time.perf_counter() - began, time.process_time() - used))

    answer = choose_sites(cost, p, watch=Watch(progress=look))
    assert answer.objective == cost[:, answer.sites].min(axis=1).sum()
    assert len(np.unique(answer.sites)) == p
    assert answer.bound_by_prices <= checked.median_bound(cost, p, answer.price)[0] + 1e-3
    return answer


def peer(asked: argparse.Namespace, name: str, cost: np.ndarray, p: int) -> dict[str, float] | None:
    """Return the seconds and the objective of a peer, or nothing where it ran out of patience."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.npz"
        np.savez(path, cost=cost, p=p)
        try:
            told = subprocess.run(
                [asked.peers, str(PEER), name, str(path)], capture_output=True, text=True, check=True, timeout=asked.patience
            )
        except subprocess.TimeoutExpired:
            return None
    answer: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return answer


def library(folder: Path) -> None:
    """Solve the forty instances of OR-Library and compare with the known optima."""
    with (folder / "orlib_pmed_optima.csv").open(encoding="utf-8") as lines:
        known = {row["instance"]: row for row in csv.DictReader(lines)}
    seconds = processor = 0.0
    proven = agreed = 0
    seen: dict[bytes, str] = {}
    with zipfile.ZipFile(folder / "orlib_pmed1-40.zip") as files:
        for name, row in known.items():
            text = files.read(f"{name}.txt")
            if seen.setdefault(text, name) != name:
                print(f"{name} is the same file as {seen[text]}, so the optimum listed for it is that of another")
            cost, p = instance(text)
            began, used = time.perf_counter(), time.process_time()
            answer = solved(cost, p, [])
            seconds, processor = seconds + time.perf_counter() - began, processor + time.process_time() - used
            proven += answer.bound == answer.objective  # type: ignore[attr-defined]  # it is ours
            agreed += answer.objective == int(row["optimum"])  # type: ignore[attr-defined]  # likewise
    print(f"OR-Library pmed: {proven} of {len(known)} proven, {agreed} agree with the known optimum; processor {processor:.1f} s")
    print(measure.verdict("OR-Library pmed in total", seconds, LIBRARY_SECONDS, unit="s"))


def instance(text: bytes) -> tuple[np.ndarray, int]:
    """Return distances between all nodes, and p. An edge that is given twice has its last cost."""
    numbers = np.loadtxt(io.BytesIO(text), dtype=np.int64)
    nodes, _, p = numbers[0]
    edges = np.zeros((nodes, nodes))
    for one, other, length in numbers[1:]:
        edges[one - 1, other - 1] = edges[other - 1, one - 1] = length
    return np.rint(dijkstra(csr_array(edges))).astype(np.int64), int(p)


if __name__ == "__main__":
    main()
