"""Teacher rotation beside HiGHS on the plain program, with shares, subject floors, couples, backbone: seconds and gap.

usage: planning_rotation.py [--sizes 5000x100,12000x250,20000x600] [--seeds 1] [--peer] [--limit 120]
The instance is that of the sketch (synthetic, seeded): teachers live near their schools, 30 % are eligible, backbone sits in large schools.
Peer: HiGHS in whole numbers on every arc of the same rules at once.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from junheng.planning.planners.teacher_rotation.case import Case, Weights
from junheng.planning.planners.teacher_rotation.choose import Chosen, choose
from junheng.planning.planners.teacher_rotation.model import model
from junheng.planning.solve import Limits, solve
from junheng.planning.solve.engine import NOBODY

SIDE, DETOUR, FAR, NEAREST = 60.0, 1.3, 25.0, 25  # km, -, km, schools


def county(schools: int, draw: np.random.Generator) -> np.ndarray:
    """Return places of schools in km: a seat, twelve towns, scattered villages."""
    towns = np.vstack([[[SIDE / 2, SIDE / 2]], draw.uniform(0.08 * SIDE, 0.92 * SIDE, (12, 2))])
    kind = draw.choice(14, schools, p=[0.35, *[0.35 / 12] * 12, 0.30])
    near = towns[np.minimum(kind, 12)] + draw.normal(0, 0.03 * SIDE, (schools, 2))
    return np.clip(np.where((kind < 13)[:, None], near, draw.uniform(0, SIDE, (schools, 2))), 0, SIDE)


def case_of(teachers: int, schools: int, seed: int) -> Case:
    """Return an instance of the size asked for, with every school within reach as a way to go."""
    draw = np.random.default_rng(seed)
    at = county(schools, draw)
    size = draw.lognormal(0, 0.7, schools)
    size /= size.sum()
    unit = draw.choice(schools, teachers, p=size)
    subject = draw.choice(9, teachers, p=[0.26, 0.24, 0.12, 0.06, 0.08, 0.08, 0.06, 0.05, 0.05])
    home = at[unit] + draw.normal(0, 4, (teachers, 2))
    eligible = draw.random(teachers) < 0.3
    large = size > np.median(size)
    backbone = draw.random(teachers) < np.where(large[unit], 0.25, 0.12)
    held = np.bincount(unit * 9 + subject, minlength=schools * 9)
    counted = held.reshape(schools, 9)
    need = counted.sum(0)[None] * (0.5 * size[:, None] + 0.5 * (counted.sum(1) / teachers)[:, None])
    who = np.flatnonzero(eligible)
    way = DETOUR * np.sqrt(((home[who][:, None] - at[None]) ** 2).sum(-1))
    today = way[np.arange(len(who)), unit[who]]
    can = (way <= FAR) & (np.arange(schools)[None] != unit[who][:, None])
    arc_teacher, arc_unit = np.nonzero(can)
    couple = np.full(len(who), -1)
    pairs = draw.permutation(len(who))[: len(who) // 14 * 2].reshape(-1, 2)
    couple[pairs[:, 0]] = couple[pairs[:, 1]] = np.arange(len(pairs))
    total, strong = np.bincount(unit, minlength=schools), np.bincount(unit[backbone], minlength=schools)
    net = np.maximum(1, total // 10)
    return Case(
        names=tuple(f"T{k}" for k in who),
        units=tuple(f"S{k}" for k in range(schools)),
        subject_names=tuple((f"学科{k}", f"subject {k}") for k in range(9)),
        unit=unit[who],
        subject=subject[who],
        is_backbone=backbone[who],
        couple=couple,
        arc_teacher=arc_teacher,
        arc_unit=arc_unit,
        arc_km=np.round(np.maximum(0, way[arc_teacher, arc_unit] - today[arc_teacher]), 1),
        arc_down=large[unit[who][arc_teacher]] & ~large[arc_unit],
        must=np.zeros(0, dtype=np.int64),
        stays=np.zeros(len(who), dtype=np.bool_),
        need=np.round(need.reshape(-1), 2),
        held=held,
        may_leave=np.where(held > 0, np.maximum(1, held // 4), 0),
        net_least=-net,
        net_most=net,
        even=np.floor(strong.sum() / teachers * total).astype(np.int64),
        backbone=strong,
        eligible=len(who),
        settled=0,
        settled_backbone=0,
        least_share=0.10,
        most_share=0.60,
        backbone_share=0.20,
        weights=Weights(shortage=100, backbone=30, move=15, direction=10),
    )


def timed(call):  # type: ignore[no-untyped-def]
    """Return what a call returns, clock seconds and processor seconds."""
    clock, work = time.perf_counter(), time.process_time()
    found = call()
    return found, time.perf_counter() - clock, time.process_time() - work


def main() -> None:
    """Run the sizes asked for."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--sizes", default="5000x100,12000x250,20000x600")
    ask.add_argument("--seeds", default="1")
    ask.add_argument("--peer", action="store_true")
    ask.add_argument("--limit", type=float, default=120)
    given = ask.parse_args()
    for size in given.sizes.split(","):
        teachers, schools = (int(part) for part in size.split("x"))
        for seed in given.seeds.split(","):
            one(teachers, schools, int(seed), given)


def one(teachers: int, schools: int, seed: int, given: argparse.Namespace) -> None:
    """Measure one instance."""
    case = case_of(teachers, schools, seed)
    found, clock, work = timed(lambda: choose(case, Limits(gap=1e-3), 0, NOBODY))
    assert isinstance(found, Chosen), found
    gap = (found.objective - found.bound) / abs(found.objective)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"ours  {teachers}x{schools} seed {seed}: eligible {len(case.names)}, arcs {len(case.arc_teacher)}, {clock:.2f} s clock, "
        f"{work:.2f} s processor, gap {gap:.4%}, moves {len(found.arcs)}, objective {found.objective:.1f}, "
        f"searched {found.searched} ways, {memory:.0f} MB",
        flush=True,
    )
    if given.peer:
        every = np.arange(len(case.arc_teacher))
        peer, clock, work = timed(lambda: solve(model(case, every, whole=True).program, Limits(gap=1e-3, seconds=given.limit)))
        print(
            f"HiGHS {teachers}x{schools}: {clock:.1f} s, {type(peer).__name__}, {getattr(peer, 'objective', None)}, gap {peer.gap:.4%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
