"""Fairfax County, three levels at once: elementary, middle and high zones drawn so that few children part from their mates on the way up.

Run: PYTHONPATH=src OMP_NUM_THREADS=1 python benchmarks/planning_levels.py --data DIR [--change 300] [--apart 900 900] [--gap 0.01]
     [--seconds 900]
DIR has fairfax_va (see fairfax.py). Printed by level: pupils who move, mean drive, pupils over capacity, zones in pieces, gap; between
levels: lower zones whose pupils go to more than one school, and pupils who part from most of their zone; today beside ours. The gap of
all levels together is held against the sum of what each level alone cannot fall below: what feeders cost is part of it.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import fairfax
import numpy as np
from measure import Peak, machine, verdict
from planning_fairfax import district_of, measured, told

from junheng.planning.districting import District, loads, lost, room_with_least_beyond
from junheng.planning.districting.levels import Together, parted, together, ways_up
from junheng.planning.solve import Limits, Progress, Watch

_SHARES = (0.25, 0.35, 0.45, 0.85)  # of the time, by which each level is drawn, and all are improved in turn
_LEAST = 0.01  # of a zone's pupils who go elsewhere, from which it counts as split


def split(lower: np.ndarray, upper: np.ndarray, pupils: np.ndarray) -> tuple[int, int]:
    """Return the lower zones of which more than a hundredth go elsewhere than most, and the pupils parted."""
    many = ways_up(lower, upper, pupils)
    away = many.sum(axis=1) - many.max(axis=1)
    return int((away > _LEAST * many.sum(axis=1)).sum()), parted(lower, upper, pupils)


def question(data: Path, one: fairfax.Level, change: int) -> District:
    """Return the question of a level: drive and change; places give way by the least that any plan needs."""
    district = district_of(data, one)
    moves = np.arange(len(one.code))[None] != one.zones["current"][:, None]
    return replace(district, each=one.seconds + change * moves, high=room_with_least_beyond(district))


def shown(levels: list[fairfax.Level], edges: np.ndarray, zones: list[np.ndarray]) -> None:
    """Print a plan by level and between levels."""
    for one, zone in zip(levels, zones, strict=True):
        told(f"{one.name}, {len(one.code)} schools", measured(one, edges, zone))
    for one, lower, upper in zip(levels, zones, zones[1:], strict=False):
        zones_split, pupils = split(lower, upper, one.pupils)
        print(f"  {one.name} zones split on the way up: {zones_split} of {len(one.code)}, {pupils} pupils parted", flush=True)


def main() -> None:
    """Draw three levels and print them beside today's."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--change", type=int, default=300, help="seconds of drive that a pupil who moves weighs")
    parser.add_argument("--apart", type=int, nargs=2, default=[900, 3600], help="and a pupil who parts from most of the ES, the MS zone")
    parser.add_argument("--gap", type=float, default=0.02, help="of each level as it is first drawn")
    parser.add_argument("--seconds", type=float, default=900.0)
    asked = parser.parse_args()
    print(machine())
    levels = [fairfax.level(asked.data, name) for name in fairfax.LEVELS]
    edges = fairfax.blocks(asked.data).edges
    print("today")
    shown(levels, edges, [one.zones["current"] for one in levels])
    start, used, levels_drawn = time.perf_counter(), time.process_time(), 0

    def went_on(progress: Progress) -> None:
        nonlocal levels_drawn
        levels_drawn = progress.nodes
        print(f"    {progress.nodes} levels, {time.perf_counter() - start:.0f} s, processor {time.process_time() - used:.0f} s", flush=True)

    with Peak() as peak:
        questions = [question(asked.data, one, asked.change) for one in levels]
        late = Watch(progress=went_on, cancelled=lambda: time.perf_counter() - start > _SHARES[levels_drawn] * asked.seconds)
        today = [one.zones["current"] for one in levels]
        answer = together(questions, asked.apart, Limits(gap=asked.gap), 1, late, today=today)
        took, processor = time.perf_counter() - start, time.process_time() - used
    if not isinstance(answer, Together):
        print("  no plan:", type(answer).__name__, getattr(answer, "out", ""))
        return
    print(f"ours: {took:.0f} s, processor {processor:.0f} s, {peak.mb:.0f} MB; a move weighs {asked.change} s, partings {asked.apart} s")
    shown(levels, edges, [level.zone for level in answer.levels])
    for one, district, level in zip(levels, questions, answer.levels, strict=True):
        beyond = int(np.maximum(loads(district, level.zone) - district.high, 0).sum())
        gap = 1 - level.bound / level.own
        print(
            f"  {one.name}: not joined {len(lost(district, level.zone))} blocks, beyond places {beyond}, gap of the level alone {gap:.2%}"
        )
    print(f"  gap of all levels, feeders included: {1 - answer.bound / answer.total(asked.apart):.2%}")
    print("  " + verdict("time", took, asked.seconds, unit="s"))


if __name__ == "__main__":
    main()
