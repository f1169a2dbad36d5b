"""Which of m sites are open when each has so many places and costs so much, to 0.1 % and to the last unit, beside HiGHS; one run.

Then the same with each block whole at one school, to 0.05 %.

python benchmarks/planning_siting.py [--size 1000/50] [--seeds 1 2 3] [--peers PYTHON] [--patience 300]

Costs are in tenths of a yuan a year: 0.8 yuan for a metre of a pupil's way; a school costs 0.4 million yuan, and 900 for each place,
more or less.
Every answer is checked without our code (checked.py): places, sum, the bound of its prices; before, drawn questions that HiGHS proves are
compared with it, blocks divided and whole.
--peers: an interpreter with highspy. The peer solves the same question to 0.1 % in a process of its own, as one program with all pairs of a
block and a site and the usual rules (a school's pupils at most its places where it is open). Its bound is held against our plan, and its
plan against our bound.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import checked
import measure
import numpy as np
from planning_instances import county, metres

SECONDS, GAP = 5.0, 1e-3
_SMALL = 4
WHOLE_SECONDS, WHOLE_GAP = 30.0, 5e-4
PEER = Path(__file__).with_name("planning_siting_peer.py")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="1000/50")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--peers")
    parser.add_argument("--patience", type=float, default=300)
    asked = parser.parse_args()
    print(measure.machine())
    from junheng.planning.siting import open_sites
    from junheng.planning.solve import Limits
    from junheng.planning.whole_sites import open_whole

    began = time.perf_counter()
    open_sites(*question(40, 5, 1))
    open_whole(*question(40, 5, 1))
    print(f"first call (compiled, or read from its cache): {time.perf_counter() - began:.2f} s")
    small(open_sites, open_whole)
    blocks, sites = map(int, asked.size.split("/"))
    for seed in asked.seeds:
        numbers = question(blocks, sites, seed)
        ways = {
            f"to {allowed:.1%}": lambda numbers=numbers, allowed=allowed: open_sites(*numbers, limits=Limits(gap=allowed))
            for allowed in (GAP, 0.0)
        }
        runs = measure.alternated(ways, asked.times)
        for name, run in runs.items():
            answer = run.result
            lawful(answer, numbers)
            note = f"{answer.objective:,}, {len(answer.sites)} open, gap {answer.gap:.1e}, {answer.nodes} nodes"
            print(measure.line(f"{asked.size} seed {seed} ours {name}", run, note), flush=True)
        rough = runs[f"to {GAP:.1%}"]
        print(measure.verdict(f"{asked.size} to 0.1 %", rough.seconds, SECONDS, unit="s"))
        if asked.peers:
            print(peer(asked, numbers, rough), flush=True)
        print(whole_blocks(numbers, f"{asked.size} seed {seed}"), flush=True)


def small(divided: Callable[..., Any], whole: Callable[..., Any]) -> None:
    """Compare with HiGHS on questions of 30 blocks and 6 sites that it proves."""
    from junheng.planning.solve import Limits

    for seed in range(_SMALL):
        numbers = question(30, 6, 100 + seed)
        for ours, is_whole in ((divided, False), (whole, True)):
            found = ours(*numbers, limits=Limits(gap=0.0))
            other = checked.siting_again(*numbers, 0.0, 60, whole=is_whole)
            assert found.bound == found.objective == round(other.fun), (seed, is_whole, found.objective, found.bound, other.fun)
    print(f"{_SMALL} drawn questions of 30 blocks and 6 sites, divided and whole: as HiGHS proves")


def whole_blocks(numbers: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], name: str) -> str:
    """Return the lines about the same question with one school for each block."""
    from junheng.planning.solve import Limits
    from junheng.planning.whole_sites import open_whole

    way, pupils, room, fixed = numbers
    run = measure.alternated({name: lambda: open_whole(*numbers, limits=Limits(gap=WHOLE_GAP))}, 1)[name]
    found = run.result
    assert (np.bincount(found.goes, pupils, len(room)) <= room).all()
    assert found.bound <= found.objective
    lawful(found.divided, numbers)
    assert np.isin(found.goes, found.sites).all()
    assert (pupils * way[np.arange(len(way)), found.goes]).sum() + fixed[found.sites].sum() == found.objective
    above = found.objective / found.divided.bound - 1
    note = f"{found.objective:,}, gap {found.gap:.4%} ({above:.4%} above divided blocks), {found.choices} choices of sites looked at"
    line = measure.line(f"{name} blocks whole, to {WHOLE_GAP:.2%}", run, note)
    return line + "\n" + measure.verdict(f"{name} blocks whole to 0.05 %", run.seconds, WHOLE_SECONDS, unit="s")


def question(blocks: int, sites: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return way, pupils, places and fixed costs."""
    places = county(blocks, sites, seed)
    draw = np.random.default_rng(seed + 5)
    room = np.rint(places.pupils.sum() / sites * draw.uniform(0.8, 3.2, sites))
    fixed = np.rint((400 + 0.9 * room * draw.uniform(0.8, 1.2, sites)) * 10_000)
    return metres(places.blocks, places.sites) * 8, places.pupils, room.astype(np.int64), fixed.astype(np.int64)


def lawful(answer: object, numbers: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]) -> None:
    """See that the plan is lawful and costs what it says, and that its prices prove what they are said to."""
    way, pupils, room, fixed = numbers
    proven = checked.siting_bound(*numbers, answer.price)  # type: ignore[attr-defined]  # it is ours
    assert answer.bound_by_prices <= proven + 1.0  # type: ignore[attr-defined]  # likewise
    sent, sites = answer.sent, answer.sites  # type: ignore[attr-defined]  # it is ours
    assert (np.bincount(sent.block, sent.pupils, len(pupils)) == pupils).all()
    assert (np.bincount(sent.school, sent.pupils, len(room)) <= room).all()
    assert np.isin(sent.school, sites).all()
    assert (sent.pupils * way[sent.block, sent.school]).sum() + fixed[sites].sum() == answer.objective  # type: ignore[attr-defined]  # likewise


def peer(asked: argparse.Namespace, numbers: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], ours: measure.Run) -> str:
    """Return the line about the peer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.npz"
        np.savez(path, way=numbers[0], pupils=numbers[1], room=numbers[2], fixed=numbers[3])
        told = subprocess.run(
            [asked.peers, str(PEER), str(path), str(GAP), str(asked.patience)], capture_output=True, text=True, check=True
        )
    found = json.loads(told.stdout.splitlines()[-1])
    best, little = ours.result, 1e-6 * found["objective"]  # HiGHS keeps its rows to 1e-6
    assert best.bound <= found["objective"] + little
    assert found["objective"] * (1 - found["gap"]) <= best.objective + little
    ratio = found["processor"] / ours.processor
    times = f"{found['seconds']:7.2f} s  processor {found['processor']:7.2f} s  peer ÷ ours {ratio:.0f} by processor time"
    return f"{'HiGHS':<52} {times}  {found['objective']:,.0f} gap {found['gap']:.1e} ({found['status']})"


if __name__ == "__main__":
    main()
