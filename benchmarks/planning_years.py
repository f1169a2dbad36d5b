"""Five years of opening, extending and closing, 1,000 blocks and 60 sites, to 0.1 %, beside HiGHS on the whole program; one run.

python benchmarks/planning_years.py [--seeds 1 2] [--peers PYTHON] [--patience 300]

36 sites exist and may close, the others may open; modules of 270 places, at most 4 a site and year; towns grow by 4 % a year, villages
shrink by 5 %; each block can go to its 8 nearest sites. Costs in yuan, being open discounted by 4 % a year.
The plan is worked out again without our code (checked.py): its rules, building, the ways of every year by a linear program; and so is
the bound of its prices, by a dynamic programme of its own.
--peers: an interpreter with highspy. The peer solves the same question in a process of its own, with a row for each block and site.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import checked
import measure
import numpy as np
from planning_instances import SIDE, county, metres

BLOCKS, SITES, YEARS, NEAREST, GAP, SECONDS = 1000, 60, 5, 8, 1e-3, 60.0
PEER = Path(__file__).with_name("planning_years_peer.py")
FAR = 1 << 40
_LITTLE = 1e-6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--peers")
    parser.add_argument("--patience", type=float, default=300)
    asked = parser.parse_args()
    print(measure.machine())
    from years_plan import plan_years
    from years_search import Sites

    from junheng.planning.solve import Limits

    draw = np.random.default_rng(0)
    small = Sites(
        places=np.full(3, 40),
        exists=np.array([True, True, False]),
        fixed=np.full((3, 2), 10.0),
        opening=np.full((3, 2), 5.0),
        module=np.full((3, 2), 5.0),
        module_places=10,
        most=1,
    )
    began = time.perf_counter()
    plan_years(draw.integers(1, 9, (6, 3)), np.full((2, 6), 9), small)
    print(f"first call (compiled, or read from its cache): {time.perf_counter() - began:.2f} s")
    for seed in asked.seeds:
        way, pupils, given = question(seed)
        sites = Sites(**given)
        ours = {"ours": lambda way=way, pupils=pupils, sites=sites: plan_years(way, pupils, sites, limits=Limits(gap=GAP))}
        run = measure.alternated(ours, 1)["ours"]
        plan = run.result
        assert abs(cost(way, pupils, given, plan.is_open, plan.modules) - plan.objective) < _LITTLE * plan.objective
        by_prices = checked.years_bound(way, pupils, given, plan.price)
        assert plan.bound_by_prices <= by_prices + 1
        print(f"checked by another hand: the plan's cost; its prices alone prove a gap of {1 - by_prices / plan.objective:.2e}")
        note = f"{plan.objective:,.0f}, gap {plan.gap:.2e}, {plan.left} sites in doubt, {plan.nodes} nodes"
        print(measure.line(f"five years {BLOCKS}/{SITES} seed {seed} ours", run, note), flush=True)
        print(measure.verdict("to 0.1 %", run.seconds, SECONDS, unit="s"))
        if asked.peers:
            print(peer(asked, way, pupils, given), flush=True)


def question(seed: int) -> tuple[np.ndarray, np.ndarray, dict[str, object]]:
    """Return way, pupils and what can be done at each site."""
    places = county(BLOCKS, SITES, seed)
    far = metres(places.blocks, places.sites)
    draw = np.random.default_rng(seed + 5)
    room = np.rint(places.pupils.sum() / SITES * draw.uniform(0.8, 3.2, SITES))
    fixed = (400 + 0.9 * room * draw.uniform(0.8, 1.2, SITES)) * 1000
    years = np.arange(YEARS)
    is_town = np.linalg.norm(places.blocks - SIDE / 2, axis=1) < 0.15 * SIDE
    pupils = np.rint(np.maximum(1, places.pupils * np.where(is_town, 1.04 ** years[:, None], 0.95 ** years[:, None])))
    way = np.full(far.shape, FAR, dtype=np.int64)
    near = np.argsort(far, axis=1)[:, :NEAREST]
    np.put_along_axis(way, near, np.rint(np.take_along_axis(far, near, axis=1) * 0.8).astype(np.int64), axis=1)
    exists = np.arange(SITES) < int(0.6 * SITES)
    discount = 0.96**years
    left = discount * (YEARS - years) * 1000 / 20
    given = {
        "places": np.where(exists, np.maximum(135, room), 540).astype(np.int64),
        "exists": exists,
        "fixed": fixed[:, None] * discount[None],
        "opening": np.tile(6000 * left, (SITES, 1)),
        "module": np.tile(1350 * left, (SITES, 1)),
        "module_places": 270,
        "most": 4,
    }
    return way, pupils.astype(np.int64), given


def cost(way: np.ndarray, pupils: np.ndarray, given: dict[str, Any], is_open: np.ndarray, modules: np.ndarray) -> float:
    """Return what a plan costs, after seeing that it is lawful: schools close once, open once, and grow by so many modules a year."""
    exists = given["exists"][:, None]
    turn = np.diff(is_open.astype(int), axis=1)
    assert (np.where(exists, turn <= 0, turn >= 0)).all()
    gained = np.diff(modules, axis=1, prepend=0)
    assert ((gained >= 0) & (gained <= given["most"]) | ~is_open).all()
    opened = (np.diff(is_open.astype(int), axis=1, prepend=0) > 0) & ~exists
    total = (given["fixed"] * is_open).sum() + (given["module"] * gained * is_open).sum() + (given["opening"] * opened).sum()
    room = np.where(is_open, given["places"][:, None] + given["module_places"] * modules, 0)
    return float(total + sum(checked.travel(way, pupils[t], room[:, t]) for t in range(len(pupils))))


def peer(asked: argparse.Namespace, way: np.ndarray, pupils: np.ndarray, given: dict[str, object]) -> str:
    """Return the line about the peer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.npz"
        np.savez(path, way=way, pupils=pupils, **given)
        told = subprocess.run(
            [asked.peers, str(PEER), str(path), str(GAP), str(asked.patience)], capture_output=True, text=True, check=True
        )
    found = json.loads(told.stdout.splitlines()[-1])
    times = f"{found['seconds']:7.2f} s  processor {found['processor']:7.2f} s"
    return f"{'HiGHS':<52} {times}  {found['objective']:,.0f} gap {found['gap']:.1e} ({found['status']})"


if __name__ == "__main__":
    main()
