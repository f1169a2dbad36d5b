"""Pupils to schools at least travel, exact with prices, beside the solvers one would take; one run.

python benchmarks/planning_transport.py [--peers PYTHON] [--seed 1] [--times 3] [--sizes 5000x100x1000000 20000x200x4000000]

PYTHON is an interpreter that has numpy, scipy, highspy, ortools and POT; without it the peers are left out. Each peer runs in a process
of its own on the same numbers, reads them before its clock starts, and is stopped after `--patience` seconds.
Every answer of ours is proven by its prices before a time is printed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import measure
import numpy as np
from planning_instances import county, metres, places_for

TARGETS = {"5000x100x1000000": 0.05, "20000x200x4000000": 0.5}
CHANGE = 0.05  # what-if: one more class in one block
PEER = Path(__file__).with_name("planning_transport_peer.py")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers", help="an interpreter that has the peers")
    parser.add_argument("--only", nargs="*", default=["pot", "ortools", "highs", "scipy"])
    parser.add_argument("--patience", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--sizes", nargs="*", default=list(TARGETS))
    asked = parser.parse_args()
    print(measure.machine())
    began = time.perf_counter()
    from junheng.planning.pupils_to_schools import send_pupils

    send_pupils([[1, 2], [2, 1]], [1, 1], [1, 1])
    print(f"import and first call (compiled, or read from its cache): {time.perf_counter() - began:.2f} s")
    for size in asked.sizes:
        one_size(size, asked)


def one_size(size: str, asked: argparse.Namespace) -> None:
    """Measure ours, a what-if from its prices, and the peers."""
    from junheng.planning.pupils_to_schools import send_pupils

    blocks, schools, total = map(int, size.split("x"))
    places = county(blocks, schools, asked.seed, total)
    way, pupils = metres(places.blocks, places.sites), places.pupils
    room = places_for(pupils, way, asked.seed)
    run = measure.alternated({"ours": lambda: send_pupils(way, pupils, room)}, asked.times)["ours"]
    travel = proven(run.result, way, pupils, room)
    print(measure.line(f"{size} ours", run, f"travel {travel:,} proven, {run.result.ways:,} ways"))
    if size in TARGETS:
        print(measure.verdict(size, run.seconds, TARGETS[size], unit="s"))
    more = pupils.copy()
    more[blocks // 2] += 45
    again = measure.alternated({"": lambda: send_pupils(way, more, room, prices=run.result.school_price)}, asked.times)[""]
    proven(again.result, way, more, room)
    print(measure.line(f"{size} one block has a class more, from the prices", again, f"{again.result.ways} ways"))
    if size in TARGETS:
        print(measure.verdict("what-if", again.seconds, CHANGE, unit="s"))
    for name in asked.only if asked.peers else ():
        found = peer(asked, name, way, pupils, room)
        ratio = (
            ""
            if found["seconds"] is None
            else f"{found['seconds']:7.3f} s  processor {found['processor']:7.3f} s   peer ÷ ours {found['seconds'] / run.seconds:.1f}"
        )
        same = "" if found["travel"] is None else f"travel {found['travel']:,.0f}, off by {found['travel'] / travel - 1:.1e}"
        print(f"{size + ' ' + name:<52} {ratio or 'no answer'}   {same}")


def proven(answer: object, way: np.ndarray, pupils: np.ndarray, room: np.ndarray) -> int:
    """Return the travel after proving it: the plan is lawful, and the prices allow none cheaper."""
    block, school, sent, price = (getattr(answer, name) for name in ("block", "school", "pupils", "school_price"))
    assert (np.bincount(block, sent, len(pupils)) == pupils).all()
    assert (np.bincount(school, sent, len(room)) <= room).all()
    travel = int((sent * way[block, school]).sum())
    assert int(pupils @ (way + price).min(axis=1) - room @ price) == travel
    return travel


def peer(asked: argparse.Namespace, name: str, way: np.ndarray, pupils: np.ndarray, room: np.ndarray) -> dict[str, float | None]:
    """Return the seconds and the travel of a peer, or nothing where it ran out of patience."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.npz"
        np.savez(path, way=way, pupils=pupils, room=room)
        try:
            command = [asked.peers, str(PEER), name, str(path)]
            told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=asked.patience)
        except subprocess.TimeoutExpired:
            return {"seconds": None, "travel": None}
    answer: dict[str, float | None] = json.loads(told.stdout.splitlines()[-1])
    return answer


if __name__ == "__main__":
    main()
