"""The 20 capacitated p-median instances of OR-Library (50 and 100 places, each goes whole), proven; beside HiGHS on the plain program.

python benchmarks/planning_pmedcap.py --data DIR [--only 1 11] [--peer] [--patience 60] [--seconds 30]

DIR holds cpmp.zip (pmedcap1_1.txt … pmedcap1_20.txt: number and best known, then n p capacity, then place x y demand; distances are
rounded down). --peer: HiGHS is given the usual program of every instance as well, for at most `--patience` seconds.
--seconds: the most that one instance may take.
Every answer is checked without our code (checked.py): places, sum, the bound of its prices, and that no bound is above a plan known to
others; before, drawn questions small enough for HiGHS to prove are compared with it.
"""

from __future__ import annotations

import argparse
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import checked
import measure
import numpy as np

KNOWN = (713, 740, 751, 651, 664, 778, 787, 820, 715, 829, 1006, 966, 1026, 982, 1091, 954, 1034, 1043, 1031, 1005)
SECONDS = 120.0
_SMALL = 6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", type=int, nargs="*", default=list(range(1, len(KNOWN) + 1)))
    parser.add_argument("--peer", action="store_true")
    parser.add_argument("--patience", type=float, default=60)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args()
    print(measure.machine())
    from junheng.planning.solve import Limits
    from junheng.planning.whole_blocks import choose_whole

    began = time.perf_counter()
    choose_whole(np.arange(16).reshape(4, 4), np.ones(4), np.full(4, 2), 2)
    print(f"first call (compiled, or read from its cache): {time.perf_counter() - began:.2f} s")
    small(choose_whole)
    total, clock, proven, reached = 0.0, 0.0, 0, 0
    for number in asked.only:
        way, demand, room, p = instance(asked.data, number)
        start, used = time.perf_counter(), time.process_time()
        found = choose_whole(way, demand, room, p, limits=Limits(gap=0.0, seconds=asked.seconds))
        took, lasted = time.process_time() - used, time.perf_counter() - start
        total, clock = total + took, clock + lasted
        assert found is not None
        lawful(found, way, demand, room, p)
        assert found.bound_by_prices <= checked.whole_bound(way, demand, room, p, found.price) + 1e-3
        assert found.bound <= KNOWN[number - 1]
        is_proven = found.bound >= found.objective
        proven, reached = proven + is_proven, reached + (found.objective <= KNOWN[number - 1])
        note = f"{found.objective} (known {KNOWN[number - 1]}), {'proven' if is_proven else f'bound {found.bound:.1f}'}"
        rest = f"prices {found.bound_by_prices:.2f}, {found.undecided} of {way.size} pairs left, {found.nodes} nodes"
        print(f"pmedcap{number:<3} n={len(way):<4} {lasted:7.2f} s  processor {took:7.2f} s  {note}; {rest}", flush=True)
        if asked.peer:
            print(peer(way, demand, room, p, asked.patience), flush=True)
    print(f"{reached} of {len(asked.only)} as good as known or better, {proven} proven, processor {total:.1f} s")
    print(measure.verdict("pmedcap in total", clock, SECONDS, unit="s"))


def instance(data: Path, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Return distances (rounded down), demand, room of every place, and p."""
    with zipfile.ZipFile(data / "cpmp.zip") as archive:
        words = archive.read(f"pmedcap1_{number}.txt").split()
    n, p, room = (int(word) for word in words[2:5])
    rows = np.array(words[5 : 5 + 4 * n], dtype=np.float64).reshape(n, 4)
    at = rows[:, 1:3]
    way = np.floor(np.linalg.norm(at[:, None] - at[None], axis=2) + 1e-9).astype(np.int64)
    return way, rows[:, 3].astype(np.int64), np.full(n, room, dtype=np.int64), p


def small(choose: Callable[..., Any]) -> None:
    """Compare with HiGHS on questions of 14 places that it proves."""
    for seed in range(_SMALL):
        draw = np.random.default_rng(seed)
        at = draw.integers(0, 100, (14, 2))
        way = np.floor(np.linalg.norm(at[:, None] - at[None], axis=2)).astype(np.int64)
        demand, room = draw.integers(1, 20, 14), np.full(14, 45)
        other, ours = checked.whole_again(way, demand, room, 4, 60), choose(way, demand, room, 4)
        if other.status == 0 or ours is not None:
            assert ours.objective == ours.bound == round(other.fun), (seed, ours, other.message)
    print(f"{_SMALL} drawn questions of 14 places: as HiGHS proves")


def lawful(found: object, way: np.ndarray, demand: np.ndarray, room: np.ndarray, p: int) -> None:
    """See that the plan is lawful and costs what it says."""
    goes = found.goes  # type: ignore[attr-defined]  # it is ours
    assert len(np.unique(found.sites)) == p  # type: ignore[attr-defined]  # likewise
    assert np.isin(goes, found.sites).all()  # type: ignore[attr-defined]  # likewise
    assert (np.bincount(goes, demand, len(room)) <= room).all()
    assert way[np.arange(len(way)), goes].sum() == found.objective  # type: ignore[attr-defined]  # likewise


def peer(way: np.ndarray, demand: np.ndarray, room: np.ndarray, p: int, patience: float) -> str:
    """Return the line about HiGHS on the whole program."""
    import highspy

    n, highs = len(way), highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("time_limit", patience)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 0.999)
    goes = highs.addBinaries(n, n, obj=way)
    is_open = highs.addBinaries(n)
    for i in range(n):
        highs.addConstr(sum(goes[i, j] for j in range(n)) == 1)
    for j in range(n):
        highs.addConstr(sum(int(demand[i]) * goes[i, j] for i in range(n)) <= int(room[j]) * is_open[j])
        for i in range(n):
            highs.addConstr(goes[i, j] <= is_open[j])
    highs.addConstr(sum(is_open[j] for j in range(n)) == p)
    used = time.process_time()
    highs.run()
    info = highs.getInfo()
    took = time.process_time() - used
    return f"{'HiGHS':<18} processor {took:7.2f} s  {info.objective_function_value:.0f}, bound {info.mip_dual_bound:.1f}"


if __name__ == "__main__":
    main()
