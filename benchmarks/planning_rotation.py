"""Teacher rotation beside HiGHS and CP-SAT on the plain program, with shares, subject floors, couples, backbone: seconds and gap.

usage: planning_rotation.py [--sizes 5000x100,12000x250,20000x600] [--seeds 1] [--changes 30] [--peer] [--limit 120]
The instance is that of the sketch (synthetic, seeded): teachers live near their schools, 30 % are eligible, backbone sits in large schools.
--changes: so many single moves changed (kept, sent elsewhere, barred), each solved again from the plan and prices before.
Peers: HiGHS in whole numbers on every way of the same rules at once, and CP-SAT (from ortools) on the same arrays, two workers.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from junheng.planning.planners.teacher_rotation.case import Case, Weights
from junheng.planning.planners.teacher_rotation.change import again, barred, kept, sent
from junheng.planning.planners.teacher_rotation.choose import Chosen, choose
from junheng.planning.planners.teacher_rotation.model import model
from junheng.planning.solve import Limits, solve
from junheng.planning.solve.arrays import Arrays
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
        arc_subject=subject[who][arc_teacher],
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
    ask.add_argument("--changes", type=int, default=0)
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
    if given.changes:
        changes(case, found, given.changes)
    if given.peer:
        every = np.arange(len(case.arc_teacher))
        program = model(case, every, whole=True).program
        peer, clock, work = timed(lambda: solve(program, Limits(gap=1e-3, seconds=given.limit), explained=False))
        named = type(peer).__name__
        print(
            f"HiGHS {teachers}x{schools}: {clock:.1f} s clock, {work:.1f} s processor, {named}, {peer.objective}, gap {peer.gap:.4%}",
            flush=True,
        )
        (status, objective, bound), clock, work = timed(lambda: by_cp_sat(program.arrays(), given.limit))
        gap = (objective - bound) / max(1.0, abs(objective))
        print(
            f"CP-SAT {teachers}x{schools}: {clock:.1f} s clock, {work:.1f} s processor, {status}, {objective:.1f}, gap {gap:.2%}",
            flush=True,
        )


def changes(case: Case, before: Chosen, many: int) -> None:
    """Change one move at a time and print the times, and how wide the proven price of a change is."""
    draw, limits, spent, wide = np.random.default_rng(5), Limits(gap=1e-3), [], []
    for k in range(many + 1):
        arc = int(draw.choice(len(case.arc_teacher) if k % 3 == 1 else before.arcs))
        teacher, unit = int(case.arc_teacher[arc]), int(case.arc_unit[arc])
        other = (kept(case, teacher), sent(case, teacher, unit, 0.0), barred(case, teacher, unit))[k % 3]
        found, clock, work = timed(lambda: again(other, case, before, limits, 0, NOBODY))  # noqa: B023
        assert isinstance(found, Chosen), found
        if k:  # the first compiles
            spent.append((clock, work))
            wide.append((found.objective - found.bound) / abs(found.objective))
    clock, work = np.array(spent).T
    print(
        f"changed moves: {many}, clock median {np.median(clock):.3f} s, most {clock.max():.3f} s; "
        f"processor median {np.median(work):.3f} s, most {work.max():.3f} s; gap median {np.median(wide):.3%}, most {max(wide):.3%}",
        flush=True,
    )


def by_cp_sat(arrays: Arrays, seconds: float) -> tuple[str, float, float]:
    """Return status, objective and bound of CP-SAT on a program; costs are counted in hundredths, shares in hundredths of a teacher."""
    from ortools.sat.python import cp_model

    sat, scale = cp_model.CpModel(), 100
    upper = np.minimum(arrays.upper, 1000).astype(int)
    columns = [sat.new_int_var(int(low), int(high), "") for low, high in zip(arrays.lower, upper, strict=True)]
    start, index, value = arrays.rows.entries
    for row in range(len(arrays.rows)):
        these = slice(start[row], start[row + 1])
        weights = np.rint(value[these] * scale).astype(int)
        total = cp_model.LinearExpr.weighted_sum([columns[k] for k in index[these]], weights.tolist())
        low, high = (np.clip(bound[row] * scale, -1e9, 1e9) for bound in (arrays.rows.lower, arrays.rows.upper))
        sat.add_linear_constraint(total, int(np.ceil(low - 1e-6)), int(np.floor(high + 1e-6)))
    sat.minimize(cp_model.LinearExpr.weighted_sum(columns, np.rint(arrays.cost * scale).astype(int).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers, solver.parameters.relative_gap_limit = seconds, 2, 1e-3
    status = solver.solve(sat)
    return solver.status_name(status), solver.objective_value / scale + arrays.offset, solver.best_objective_bound / scale + arrays.offset


if __name__ == "__main__":
    main()
