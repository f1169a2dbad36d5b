"""Groups of schools: 24 leads and 96 schools, 60 and 240: seconds and gap, beside HiGHS on the plain program.

usage: planning_pairing.py [--sizes 24+96,60+240] [--seeds 1,2] [--gap 0.003] [--peer SECONDS]
Synthetic, seeded: needs uniform between 0.3 and 2.0, ways by road, the sum is km and 30 km for each of the largest less the smallest need.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from junheng.planning.planners.pairing.model import program_of, solved
from junheng.planning.planners.pairing.question import Question
from junheng.planning.solve import Answer, Limits, solve
from junheng.planning.solve.engine import NOBODY


def question_of(leads: int, weak: int, seed: int) -> Question:
    """Return an invented county: a seat, towns and villages on 60 km square."""
    draw = np.random.default_rng(seed)
    towns = np.vstack([[[30.0, 30.0]], draw.uniform(5, 55, (12, 2))])
    kind = draw.choice(14, leads + weak, p=[0.35, *[0.35 / 12] * 12, 0.30])
    scattered = draw.uniform(0, 60, (leads + weak, 2))
    at = np.where((kind < 13)[:, None], towns[np.minimum(kind, 12)] + draw.normal(0, 1.8, (leads + weak, 2)), scattered)
    km = np.round(1.3 * np.sqrt(((at[leads:, None] - at[None, :leads]) ** 2).sum(-1)), 1)
    reach = max(20.0, float(np.sort(km, 1)[:, min(5, leads - 1)].max()))
    names = {f"{kind}{k}": f"{kind}{k}" for kind, many in (("L", leads), ("W", weak)) for k in range(many)}
    return Question(
        weak=tuple(f"W{k}" for k in range(weak)),
        leads=tuple(f"L{k}" for k in range(leads)),
        names=names,
        km=km,
        can=km <= reach,
        far=km > reach,
        must=np.zeros(km.shape, dtype=np.bool_),
        lacking=np.round(draw.uniform(0.3, 2.0, (weak, 1)), 2),
        spare=np.full((leads, 1), 1e3),
        today=("",) * weak,
        partners=weak // leads + 2,
        balance=30.0,
        help=0.0,
        change=0.0,
    )


def main() -> None:
    """Measure each size."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--sizes", default="24+96,60+240")
    ask.add_argument("--seeds", default="1")
    ask.add_argument("--gap", type=float, default=0.003)
    ask.add_argument("--peer", type=float, default=0, help="seconds of HiGHS on the plain program of the same question")
    given = ask.parse_args()
    for size in given.sizes.split(","):
        leads, weak = (int(part) for part in size.split("+"))
        for seed in given.seeds.split(","):
            question = question_of(leads, weak, int(seed))
            told(f"ours  {size} seed {seed}", lambda: solved(question, Limits(gap=given.gap), 0, NOBODY)[0])  # noqa: B023
            if given.peer:
                program = program_of(question)[0]
                limits = Limits(gap=given.gap, seconds=given.peer)
                told(f"HiGHS {size} seed {seed}", lambda: solve(program, limits))  # noqa: B023


def told(name: str, call: Callable[[], Answer]) -> None:
    """Print what a call took and found."""
    clock, work = time.perf_counter(), time.process_time()
    answer = call()
    clock, work = time.perf_counter() - clock, time.process_time() - work
    gap, objective = getattr(answer, "gap", float("inf")), getattr(answer, "objective", None)
    print(f"{name}: {clock:.1f} s clock, {work:.1f} s processor, {type(answer).__name__}, objective {objective}, gap {gap:.3%}", flush=True)


if __name__ == "__main__":
    main()
