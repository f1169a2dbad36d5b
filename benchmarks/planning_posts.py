"""Posts of 600 schools by 20 subjects: seconds and gap of the linear program, beside the same in whole numbers.

usage: planning_posts.py [--schools 600] [--subjects 20] [--seeds 1,2,3]
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from junheng.planning.planners.teacher_posts.model import solved
from junheng.planning.planners.teacher_posts.question import Question
from junheng.planning.solve import Limits, Solved
from junheng.planning.solve.engine import NOBODY


def question_of(schools: int, subjects: int, seed: int) -> Question:
    """Return an invented county: pupils lognormal, posts of old rolls."""
    draw = np.random.default_rng(seed)
    due = np.ceil(draw.lognormal(3.2, 0.8, schools))
    today = np.maximum(1, np.rint(due * draw.uniform(0.75, 1.3, schools))).astype(np.int64)
    share = draw.dirichlet(np.full(subjects, 3.0), schools)
    old = draw.dirichlet(np.full(subjects, 3.0), schools)
    items = np.array([draw.multinomial(count, part) for count, part in zip(today, old, strict=True)])
    return Question(
        codes=tuple(f"S{k}" for k in range(schools)),
        names=tuple(f"S{k}" for k in range(schools)),
        district=draw.integers(0, 20, schools),
        due=due,
        floor=np.ones(schools, dtype=np.int64),
        today=today,
        total=int(today.sum()),
        school_of=np.repeat(np.arange(schools), subjects),
        subject=tuple("chinese" for _ in range(schools * subjects)),
        item_due=(due[:, None] * share).reshape(-1),
        item_today=items.reshape(-1),
        band=0.05,
        lacking=2.0,
    )


def main() -> None:
    """Measure each seed."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--schools", type=int, default=600)
    ask.add_argument("--subjects", type=int, default=20)
    ask.add_argument("--seeds", default="1,2,3")
    given = ask.parse_args()
    for seed in given.seeds.split(","):
        question = question_of(given.schools, given.subjects, int(seed))
        clock, work = time.perf_counter(), time.process_time()
        answer = solved(question, Limits(gap=0.0), 0, NOBODY)
        clock, work = time.perf_counter() - clock, time.process_time() - work
        assert isinstance(answer, Solved)
        items = answer.of(question.gets(answer))
        part = float(np.abs(items - np.rint(items)).max())
        print(f"seed {seed}: {clock:.2f} s clock, {work:.2f} s processor, gap {answer.gap:.1e}, farthest from whole {part:.0e}", flush=True)


if __name__ == "__main__":
    main()
