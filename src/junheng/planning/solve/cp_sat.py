"""OR-Tools CP-SAT as an engine: in a process of its own, for programs of whole numbers; whatever else is asked, HiGHS answers.

CP-SAT is an extra. Where it is not installed, cannot take the program or dies, HiGHS is asked the same, and the outcome says so.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from junheng.documents.child import Child
from junheng.errors import Text
from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import Floats, Limits, Outcome, Progress, Status, Watch
from junheng.planning.solve.highs import HighsSession
from junheng.planning.solve.scaled import KEPT, Scaled, scaled
from junheng.planning.solve.timer import Timer
from junheng.planning.sparse import Compressed

ENGINE = "cp_sat"
_SCRIPT = Path(__file__).with_name("cp_sat_child.py")
_WORK = 0.002  # of CP-SAT's own count of work (about seconds) for one node of the limits: the same on every machine
_SHY = 0.999  # of the gap asked for: what rounding costs takes off the bound must not lead beyond it
_LOOK = 0.05  # seconds between two questions whether to stop
_GRACE = 1.0  # seconds beyond the limit in which the child may still say how it ended
NO_ANSWER = Text("CP-SAT未安装或中途退出", "CP-SAT is not installed or has died")


class CpSatSession:
    """One program for CP-SAT; a process for each run, which begins with the last plan."""

    def __init__(self, arrays: Arrays, *, seed: int = 0, presolve: bool = True) -> None:
        """Keep the program; nothing is started yet."""
        self._arrays, self._seed, self._presolve = arrays, seed, presolve
        self._start: Floats | None = None

    def add_rows(self, rows: Rows) -> None:
        """Append rows."""
        old = self._arrays.rows
        start = np.concatenate((old.entries.start, old.entries.start[-1] + rows.entries.start[1:])).astype(np.int32)
        column = np.concatenate((old.entries.column, rows.entries.column))
        value = np.concatenate((old.entries.value, rows.entries.value))
        bounds = (np.concatenate((old.lower, rows.lower)), np.concatenate((old.upper, rows.upper)))
        self._arrays = replace(self._arrays, rows=Rows(*bounds, Compressed(start, column, value)))

    def drop_rows(self, which: NDArray[np.integer]) -> None:
        """Remove rows by their position; the others move up."""
        kept = np.setdiff1d(np.arange(len(self._arrays.rows)), which)
        self._arrays = replace(self._arrays, rows=self._arrays.rows.chosen(kept))

    def bound_columns(self, columns: NDArray[np.integer], lower: Floats, upper: Floats) -> None:
        """Give some variables other bounds."""
        low, high = self._arrays.lower.copy(), self._arrays.upper.copy()
        low[columns], high[columns] = lower, upper
        self._arrays = replace(self._arrays, lower=low, upper=high)

    def start_from(self, values: Floats) -> None:
        """Offer a plan to begin with: (columns,); one that breaks a rule is a hint only."""
        self._start = values.astype(np.float64)

    def run(self, limits: Limits, watch: Watch) -> Outcome:
        """Solve, or go on from the last plan."""
        program, timer = scaled(self._arrays, limits.slack), Timer(limits)
        if isinstance(program, Text):
            return self._by_highs(limits, watch, program)
        if program.is_empty:
            return Outcome("infeasible", None, np.inf, None, None, None, None, 0, 0.0, ENGINE)
        search = _Search(self._arrays, program, limits, watch)
        if self._start is not None:
            search.offer(np.rint(self._start))
        status = search.run(self._sent(program, limits), timer)
        self._start = self._start if search.values is None else search.values
        if status is None:
            return self._by_highs(timer.left, watch, NO_ANSWER)
        return search.outcome(status, timer.spent)

    def _by_highs(self, limits: Limits, watch: Watch, why: Text) -> Outcome:
        session = HighsSession(self._arrays, seed=self._seed, presolve=self._presolve)
        if self._start is not None:
            session.start_from(self._start)
        outcome = session.run(limits, watch)
        self._start = self._start if outcome.values is None else outcome.values
        return outcome._replace(remark=Text(f"由HiGHS求解：{why.zh}", f"solved by HiGHS: {why.en}"))

    def _sent(self, program: Scaled, limits: Limits) -> bytes:
        """Return what the child reads: sizes and settings, then the numbers."""
        start, column, _ = self._arrays.rows.entries
        hint = np.zeros(0) if self._start is None else np.rint(self._start)
        offset = self._arrays.offset * program.factor
        sizes = {"columns": len(program.cost), "rows": len(program.least), "entries": len(column), "hints": len(hint), "offset": offset}
        settings: dict[str, Any] = {
            "random_seed": self._seed % 2**31,
            "num_workers": limits.threads,
            "interleave_search": limits.threads > 1,  # otherwise workers race
            "cp_model_presolve": self._presolve,
            "relative_gap_limit": limits.gap * _SHY,
            "absolute_gap_limit": max(0.0, (limits.slack - program.error) * program.factor),
        }
        if limits.nodes is not None:
            settings["max_deterministic_time"] = (limits.nodes + 1) * _WORK  # the first is the root, as in HiGHS
        asked = {"sizes": sizes, "settings": settings, "seconds": limits.seconds}
        bounds = (program.cost, program.lower, program.upper, program.least, program.most)
        numbers = np.concatenate([part.astype(np.int64) for part in (*bounds, start, column, program.value, hint)])
        return json.dumps(asked).encode("ascii") + b"\n" + numbers.tobytes()


@dataclass
class _Search:
    """What a child has told so far."""

    arrays: Arrays
    program: Scaled
    limits: Limits
    watch: Watch
    values: Floats | None = None
    objective: float | None = None
    bound: float = -np.inf
    work: float = 0.0

    def offer(self, values: Floats) -> None:
        """Keep a plan that breaks no rule and is better than the best."""
        arrays = self.arrays
        is_within = bool(((values >= arrays.lower - KEPT) & (values <= arrays.upper + KEPT)).all())
        objective = float(arrays.cost @ values) + arrays.offset
        if is_within and not (arrays.rows.excess(values) > 2 * KEPT).any() and (self.objective is None or objective < self.objective):
            self.values, self.objective = values, objective

    def run(self, sent: bytes, timer: Timer) -> Status | None:
        """Listen to a child until it ends, time is over or somebody says stop; None when it died without an answer."""
        try:
            with Child(_SCRIPT, sent) as child:
                while not self._is_enough(timer):
                    line = child.line(_LOOK)
                    if line is None:
                        return None
                    if line and (status := self._hear(json.loads(line))):
                        return status
        except KeyboardInterrupt:  # the best plan so far is the answer
            return "stopped"
        return "stopped"

    def outcome(self, status: Status, seconds: float) -> Outcome:
        """Return what was found."""
        nodes = int(np.ceil(self.work / _WORK))
        if status == "infeasible":
            return Outcome(status, None, np.inf, None, None, None, None, nodes, seconds, ENGINE)
        bound = self.bound if self.objective is None else min(self.bound, self.objective)
        return Outcome(status, self.objective, bound, self.values, None, None, None, nodes, seconds, ENGINE)

    def _is_enough(self, timer: Timer) -> bool:
        over = self.limits.seconds is not None and timer.spent > self.limits.seconds + _GRACE
        return over or bool(self.watch.cancelled and self.watch.cancelled())

    def _hear(self, told: dict[str, Any]) -> Status | None:
        self.work = told.get("work", self.work)
        if told.get("plan"):
            self.offer(np.array(told["plan"], dtype=np.float64))
        if told.get("bound") is not None and told.get("end") != "infeasible":
            self.bound = max(self.bound, self.program.bound(told["bound"]))
        if "end" in told:
            status: Status = told["end"]
            return status
        if self.watch.progress:
            self.watch.progress(Progress(self.objective, self.bound, int(self.work / _WORK)))
        return None
