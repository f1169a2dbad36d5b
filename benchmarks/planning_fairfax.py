"""Fairfax County: blocks to schools by real drive times, places kept, zones joined; held against today and each official scenario.

Run: PYTHONPATH=src python benchmarks/planning_fairfax.py --data DIR [--type ES] [--gap 0.01] [--seconds 300]
     [--scenarios | --only-scenarios]
DIR has fairfax_va (see fairfax.py). Against a scenario: its own pieces may stay apart, its own schools may be over by as much as they
are there; asked are no more pupils moved, less drive, fewer pupils over.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import checked
import fairfax
import numpy as np
from measure import Peak, machine, verdict

from junheng.planning.districting import EXACT, District, Drawn, draw
from junheng.planning.districting.start import improved, mended
from junheng.planning.solve import Limits, Watch
from junheng.planning.sparse import pieces

_STEPS = 5_000_000
# seconds that a pupil who moves weighs, and how many of a scenario's pupils over capacity may be so here
_TRIED = ((150, 0.5), (300, 0.8), (600, 0.95), (1000, 1.0))


def district_of(data: Path, one: fairfax.Level) -> District:
    """Return the question: drive in seconds, schools' own blocks fixed, and as many places as the pupils there where these are more."""
    area = fairfax.blocks(data)
    at = np.column_stack([area.lon * np.cos(np.radians(38.8)), area.lat]) * 111_195
    return District(
        each=one.seconds,
        pupils=one.pupils,
        high=np.maximum(one.capacity, one.pupils[one.home]),
        low=np.zeros(len(one.code), dtype=np.int64),
        edges=area.edges,
        metres=np.linalg.norm(at[area.edges[:, 0]] - at[area.edges[:, 1]], axis=1),
        roots=tuple(np.array([block]) for block in one.home),
        rule=EXACT,
    )


def measured(one: fairfax.Level, edges: np.ndarray, zone: np.ndarray) -> tuple[float, int, int, int]:
    """Return mean drive of a pupil in seconds, pupils moved, pupils over capacity, zones in pieces."""
    drive = float((one.pupils * one.seconds[np.arange(len(zone)), zone]).sum() / one.pupils.sum())
    load = np.bincount(zone, weights=one.pupils, minlength=len(one.code))
    moved = int(one.pupils[zone != one.zones["current"]].sum())
    apart = int((fairfax.pieces(edges, zone, len(one.code)) > 1).sum())
    return drive, moved, int(np.maximum(load - one.capacity, 0).sum()), apart


def told(name: str, figures: tuple[float, int, int, int]) -> None:
    """Print a plan."""
    drive, moved, over, apart = figures
    print(
        f"  {name:<22} drive {drive:6.1f} s, moved {moved:6d} pupils, over capacity {over:5d} pupils, {apart:3d} zones in pieces",
        flush=True,
    )


def of_scenario(district: District, one: fairfax.Level, zone: np.ndarray) -> District:
    """Return the question under a scenario's own relaxations: its pieces may stay apart, its schools over by no more than there."""
    one_, other = district.edges.T
    inside = zone[one_] == zone[other]
    piece = pieces(one_[inside], other[inside], len(zone))
    roots = []
    for j, home in enumerate(one.home):
        its = np.flatnonzero(zone == j)
        first = home if zone[home] == j else its[np.argmin(one.seconds[its, j])]
        roots.append(np.r_[first, its[piece[its] != piece[first]]].astype(np.int64))
    load = np.bincount(zone, weights=one.pupils, minlength=len(one.code)).astype(np.int64)
    return replace(district, roots=tuple(roots), high=np.maximum(one.capacity, load))


def against(name: str, district: District, one: fairfax.Level) -> bool:
    """Look for a plan that is better than a scenario in drive, pupils moved and pupils over; print it."""
    scenario = one.zones[name]
    theirs, start = measured(one, district.edges, scenario), time.process_time()
    told(name, theirs)
    question = of_scenario(district, one, scenario)
    none = np.zeros(len(one.code), dtype=np.int64)
    for change, over in _TRIED:
        moved = change * (np.arange(len(one.code))[None] != one.zones["current"][:, None])
        weighed = replace(question, each=one.seconds + moved)
        zone = scenario.copy()
        most = one.capacity + np.floor((question.high - one.capacity) * over).astype(np.int64)
        tight = replace(weighed, high=most)
        zone, _ = mended(tight, zone, none, 1)
        zone, _, _ = improved(tight, zone, none, _STEPS, 1, warm=0.1)
        ours = measured(one, district.edges, zone)
        if all(mine <= his for mine, his in zip(ours, theirs, strict=True)) and ours[0] < theirs[0] and ours[2] < theirs[2]:
            told(f"  ours ({change} s a move)", ours)
            print(f"    better in all three, no more zones in pieces; {time.process_time() - start:.0f} s of processor")
            return True
        told(f"  ours ({change} s), not better", ours)
    return False


def ours(district: District, one: fairfax.Level, wanted: float, seconds: float) -> None:
    """Draw zones of whole blocks, joined and within places, and print them."""
    start, used = time.perf_counter(), time.process_time()
    with Peak() as peak:
        answer = draw(district, Limits(gap=wanted), 1, Watch(cancelled=lambda: time.perf_counter() - start > seconds))
    took = f"{time.perf_counter() - start:.0f} s, processor {time.process_time() - used:.0f} s, {peak.mb:.0f} MB"
    if isinstance(answer, Drawn):
        told("ours", measured(one, district.edges, answer.zone))
        of_plan = checked.zones(district.each, district.pupils, district.high, district.edges, np.concatenate(district.roots), answer.zone)
        assert answer.bound_exact <= answer.objective == of_plan
        gap = 100 * (1 - answer.bound_exact / answer.objective)
        print("  " + verdict("gap against exact contiguity", gap, 100 * wanted, unit="%"), took)
    else:
        print("  no plan:", type(answer).__name__, getattr(answer, "out", ""), took)


def main() -> None:
    """Draw zones and print them beside today's and the official ones."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--type", default="ES", choices=list(fairfax.LEVELS))
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--scenarios", action="store_true")
    parser.add_argument("--only-scenarios", action="store_true")
    asked = parser.parse_args()
    print(machine())
    one = fairfax.level(asked.data, asked.type)
    district = district_of(asked.data, one)
    print(f"{asked.type}: {len(one.pupils)} blocks, {len(one.code)} schools, {one.pupils.sum()} pupils, {one.capacity.sum()} places")
    told("today", measured(one, district.edges, one.zones["current"]))
    if not asked.only_scenarios:
        ours(district, one, asked.gap, asked.seconds)
    if asked.scenarios or asked.only_scenarios:
        better = [against(name, district, one) for name in fairfax.PLANS[1:]]
        print(f"  better than {sum(better)} of {len(better)} scenarios in all three")


if __name__ == "__main__":
    main()
