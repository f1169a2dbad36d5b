"""Sites on the example county: villages that go whole beside schools that stay, and several years; with HiGHS on the same question.

python benchmarks/planning_sites.py [--county examples/qinghe] [--seconds 60] [--peer]

Every plan is added up without our code: villages whole, places, the number and the least load of new ones, and what all costs.
--peer: the peer is given the whole program at once, a variable for each pair of a village and a school that it fits into, and one for each
site. Its bound must not be above our plan, nor ours above its plan.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import measure
import numpy as np

_LITTLE = 1e-6  # HiGHS keeps its rows to that
WHOLE = [("primary", 1), ("primary", 3), ("junior", 1), ("preschool", 1)]
YEARS = [("preschool", ("count=3", "years=2", "lead=1", "in_year=2")), ("primary", ("count=3", "years=3", "in_year=1", "mode=bus"))]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--county", type=Path, default=Path("examples/qinghe"))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--peer", action="store_true")
    asked = parser.parse_args()
    print(measure.machine())
    from junheng.planning.planners.sites.ask import ask
    from junheng.planning.planners.sites.choose import choose
    from junheng.planning.solve import Limits, Watch
    from junheng.workflow.propose import at_desk
    from junheng.workflow.propose_asked import Asked

    def question(stage: str, options: tuple[str, ...]) -> object:
        """Return the question of a brief."""
        desk = at_desk(asked.county, Asked(planner="sites", options=(f"stage={stage}", *options)))
        return ask(desk.county, desk.rules, desk.brief, desk.planner.declaration)

    limits = Limits(gap=1e-4, seconds=asked.seconds)
    choose(question("primary", ("whole_villages=true", "candidates=sites")), limits, 0, Watch())  # compiled
    for stage, count in WHOLE:
        one = question(stage, ("whole_villages=true", "candidates=villages", f"count={count}"))
        ours = told(f"whole, {stage}, {count} new", lambda one=one: lawful(choose(one, limits, 0, Watch())))
        if asked.peer:
            theirs = told("  HiGHS, all pairs", lambda one=one: peer(one, asked.seconds))
            assert ours[1] <= theirs[0] + 1
            assert theirs[1] <= ours[0] * (1 + _LITTLE)
    for stage, options in YEARS:
        one = question(stage, options)
        told(f"years, {stage} {' '.join(options)}", lambda one=one: lawful(choose(one, limits, 0, Watch())))


def lawful(plan: object) -> tuple[float, float]:
    """Return what a plan costs and its bound, after seeing that it is lawful in each of its years and costs that."""
    one, new, begins = plan.question, plan.new, plan.begins or (0,) * len(plan.new)  # type: ignore[attr-defined]  # it is ours
    many, years, flows = len(one.schools), 1 + len(one.later), plan.ahead or (plan.flow,)  # type: ignore[attr-defined]  # likewise
    assert len(new) <= one.count
    assert len(flows) == years
    total = sum(
        int(one.fixed[site]) + (one.running[site] * (years - begin) if one.running else 0) for site, begin in zip(new, begins, strict=True)
    )
    for year, flow in enumerate(flows):
        pupils, room = (one.pupils, one.room) if year == 0 else (one.later[year - 1].pupils, one.later[year - 1].room)
        load = flow.sum(axis=0)
        begun = [many + site for site, begin in zip(new, begins, strict=True) if begin <= year]
        assert (flow.sum(axis=1) == pupils).all()
        assert (load <= room).all()
        assert not np.delete(load, [*range(many), *begun]).any()
        assert (load[begun] >= np.minimum(one.least, room[begun])).all()
        assert not one.is_whole or ((flow > 0).sum(axis=1) <= 1).all()
        total += int((flow * np.where(flow > 0, one.way, 0)).sum())
    assert total == plan.cost  # type: ignore[attr-defined]  # likewise
    assert plan.bound <= total  # type: ignore[attr-defined]  # likewise
    return float(total), float(plan.bound)  # type: ignore[attr-defined]  # likewise


def told(name: str, work: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """Run once, print the plan, its gap and the time, and return what it costs and its bound."""
    begin, processor = time.perf_counter(), time.process_time()
    cost, bound = work()
    print(
        f"{name}: {cost:,.0f}, gap {100 * (cost - bound) / cost:.3f} %, {time.perf_counter() - begin:.1f} s by the clock, "
        f"{time.process_time() - processor:.1f} s of processor",
        flush=True,
    )
    return cost, bound


def peer(one: object, seconds: float) -> tuple[float, float]:
    """Return the plan and the bound of HiGHS; the least load of a new one is left out, as in the engine."""
    from junheng.planning.kernels.transport import UNREACHABLE
    from junheng.planning.solve import Limits
    from junheng.planning.solve.arrays import Arrays, Rows
    from junheng.planning.solve.engine import NOBODY
    from junheng.planning.solve.search import ENGINES
    from junheng.planning.sparse import compressed

    many, blocks, sites = len(one.schools), len(one.blocks), len(one.room)  # type: ignore[attr-defined]
    village, school = np.nonzero(one.way < UNREACHABLE)  # type: ignore[attr-defined]
    pairs, new = len(village), sites - many
    weight = one.pupils[village].astype(float)  # type: ignore[attr-defined]
    where = np.flatnonzero(school >= many)
    rows = np.concatenate((village, blocks + school, blocks + np.arange(many, sites), np.full(new, blocks + sites)))
    columns = np.concatenate((np.arange(pairs), np.arange(pairs), pairs + np.arange(new), pairs + np.arange(new)))
    value = np.concatenate((np.ones(pairs), weight, -one.room[many:].astype(float), np.ones(new)))  # type: ignore[attr-defined]
    tied = blocks + sites + 1 + np.arange(len(where))  # nobody goes to a site that is not open
    rows = np.concatenate((rows, tied, tied))
    columns = np.concatenate((columns, where, pairs + school[where] - many))
    value = np.concatenate((value, np.ones(len(where)), -np.ones(len(where))))
    room = np.concatenate((one.room[:many].astype(float), np.zeros(new)))  # type: ignore[attr-defined]
    upper = np.concatenate((np.ones(blocks), room, [float(one.count)], np.zeros(len(where))))  # type: ignore[attr-defined]
    lower = np.concatenate((np.ones(blocks), np.full(len(upper) - blocks, -np.inf)))
    arrays = Arrays(
        cost=np.concatenate((weight * one.way[village, school], np.zeros(new))),  # type: ignore[attr-defined]
        offset=0.0,
        lower=np.zeros(pairs + new),
        upper=np.ones(pairs + new),
        whole=np.ones(pairs + new, dtype=np.bool_),
        rows=Rows(lower, upper, compressed(rows, columns, value, (len(upper), pairs + new))),
    )
    outcome = ENGINES["highs"](arrays, seed=0).run(Limits(gap=1e-4, seconds=seconds), NOBODY)
    objective = float(arrays.cost @ outcome.values) if outcome.values is not None else np.inf
    return objective, outcome.bound


if __name__ == "__main__":
    main()
