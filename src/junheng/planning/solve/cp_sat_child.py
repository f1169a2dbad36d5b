"""OR-Tools CP-SAT in a process of its own; the one file that knows it. Run as a script by `cp_sat`, imported by nobody.

In: a line of JSON with sizes and settings, then 64-bit whole numbers. Out: lines of JSON, each a plan, a bound, or the end.
"""

from __future__ import annotations

import array
import json
import os
import sys
import threading
import time
from typing import Any

from ortools.sat.python import cp_model_helper

cp_sat: Any = cp_model_helper  # its types are half written

_BEGUN = time.monotonic()
_ENDS = {cp_sat.OPTIMAL: "optimal", cp_sat.INFEASIBLE: "infeasible", cp_sat.FEASIBLE: "stopped", cp_sat.UNKNOWN: "stopped"}


class _Plans(cp_sat.SolutionCallback):  # type: ignore[misc]  # see above
    def OnSolutionCallback(self) -> None:  # noqa: N802 - the library's name
        plan = list(self.Response().solution)
        _say(plan=plan, best=self.ObjectiveValue(), bound=self.BestObjectiveBound(), work=self.DeterministicTime())


def _say(**told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _numbers(count: int) -> list[int]:
    got = array.array("q")
    got.frombytes(sys.stdin.buffer.read(8 * count))
    return got.tolist()


def _model(columns: int, rows: int, entries: int, hints: int, offset: float) -> Any:
    """Return the program as the library takes it, read from the input in the order in which `cp_sat` writes it."""
    model = cp_sat.CpModelProto()
    cost, lower, upper = _numbers(columns), _numbers(columns), _numbers(columns)
    least, most = _numbers(rows), _numbers(rows)
    start, column, value = _numbers(rows + 1), _numbers(entries), _numbers(entries)
    for bounds in zip(lower, upper, strict=True):
        model.variables.add().domain.extend(bounds)
    for row in range(rows):
        linear, part = model.constraints.add().linear, slice(start[row], start[row + 1])
        linear.vars.extend(column[part])
        linear.coeffs.extend(value[part])
        linear.domain.extend((least[row], most[row]))
    priced = [place for place in range(columns) if cost[place]]
    model.objective.vars.extend(priced)
    model.objective.coeffs.extend([cost[place] for place in priced])
    model.objective.offset = offset
    model.solution_hint.vars.extend(range(hints))
    model.solution_hint.values.extend(_numbers(hints))
    return model


def _end_with_the_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _main() -> None:
    asked = json.loads(sys.stdin.buffer.readline())
    model = _model(**asked["sizes"])
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    settings = cp_sat.SatParameters()
    for name, value in asked["settings"].items():
        setattr(settings, name, value)
    if asked["seconds"] is not None:
        settings.max_time_in_seconds = max(0.0, asked["seconds"] - (time.monotonic() - _BEGUN))
    search, plans = cp_sat.SolveWrapper(), _Plans()
    search.set_parameters(settings)
    search.add_solution_callback(plans)  # named, as the library does not keep it alive
    search.add_best_bound_callback(lambda bound: _say(bound=bound))
    response = search.solve(model)
    # a program that the library refuses has no end here, so that another engine is asked
    end, bound = _ENDS[response.status], response.best_objective_bound
    _say(end=end, bound=bound if end != "infeasible" else None, work=response.deterministic_time, plan=list(response.solution))


if __name__ == "__main__":
    _main()
    sys.stdout.flush()
    os._exit(0)  # the thread that waits for our parent is not waited for
