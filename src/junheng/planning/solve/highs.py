"""HiGHS, the engine of the house; the one file that knows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from junheng.planning.solve.arrays import Arrays, Rows
from junheng.planning.solve.engine import Floats, Limits, Outcome, Progress, Status, Watch

_FEASIBLE = 2  # HiGHS's own mark of a solution that keeps every rule
_STATUS: dict[Any, Status] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
}
_UNDECIDED = highspy.HighsModelStatus.kUnboundedOrInfeasible
_ASKED = (highspy.cb.HighsCallbackType.kCallbackMipInterrupt, highspy.cb.HighsCallbackType.kCallbackSimplexInterrupt)
_PROVE: dict[str, bool | float] = {
    "mip_heuristic_effort": 0.0,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_rins": False,
}
_UNWEIGHTED, _WEIGHTED, _PATIENCE = 0, -1, 2  # how the simplex method chooses; iterations for each row before it runs in circles
_PRIMAL = 4  # HiGHS's number of the primal simplex method
_EVERY = 64  # iterations of the simplex method between two questions whether to stop


class HighsSession:
    """One program inside HiGHS."""

    def __init__(
        self,
        arrays: Arrays,
        *,
        seed: int = 0,
        presolve: bool = True,
        prove: bool = False,
        interior: bool = False,
        corner: bool = False,
        light: bool = False,
        growing: bool = False,
    ) -> None:
        """Hand the program over. Without presolve a changed program is taken up where the last run ended, and there are rays.

        prove: look for bounds, not for plans; for who has plans already. interior: an interior point, quick and near enough for prices;
        corner: from there on to a corner, where most of a flow is whole.
        light: many runs of little work each, where exact weights for a new basis would cost more than they save.
        growing: columns are added run by run, after which the last answer is lawful still, but no longer the best.
        """
        self._highs = highspy.Highs()
        # a restart presolves again, where HiGHS 1.14 errs, and costs more than it saves: docs/decisions/0040
        self._set(output_flag=False, random_seed=seed, presolve="choose" if presolve else "off", mip_allow_restart=False)
        self._is_light = light
        if growing:
            self._set(simplex_strategy=_PRIMAL)
        if prove:
            self._set(**_PROVE)
        if interior:
            self._set(solver="ipm", run_crossover="on" if corner else "off")
        self._columns, self._is_whole = len(arrays.cost), bool(arrays.whole.any())
        if not self._columns:
            arrays = _with_a_column(arrays)
        start, index, value = arrays.rows.entries
        self._highs.passModel(
            len(arrays.cost),
            len(arrays.rows),
            len(value),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            arrays.offset,
            arrays.cost,
            arrays.lower,
            arrays.upper,
            arrays.rows.lower,
            arrays.rows.upper,
            start,
            index,
            value,
            arrays.whole.astype(np.int32),
        )

    def add_rows(self, rows: Rows) -> None:
        """Append rows."""
        start, index, value = rows.entries
        self._highs.addRows(len(rows), rows.lower, rows.upper, len(value), start[:-1], index, value)

    def add_columns(self, cost: Floats, rows: NDArray[np.integer], values: Floats) -> None:
        """Append columns of 0 or more, each in as many rows: (columns, entries) each. Outcomes tell of the first columns only."""
        count, each = rows.shape
        starts = np.arange(0, count * each, each, dtype=np.int32)
        none, endless = np.zeros(count), np.full(count, highspy.kHighsInf)
        self._highs.addCols(count, cost, none, endless, count * each, starts, rows.astype(np.int32).ravel(), values.ravel())

    def drop_rows(self, which: NDArray[np.integer]) -> None:
        """Remove rows by their position; the others move up."""
        self._highs.deleteRows(len(which), which.astype(np.int32))

    def bound_columns(self, columns: NDArray[np.integer], lower: Floats, upper: Floats) -> None:
        """Give some variables other bounds."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def cost_columns(self, columns: NDArray[np.integer], cost: Floats) -> None:
        """Give some variables other costs."""
        self._highs.changeColsCost(len(columns), columns.astype(np.int32), cost)

    def start_from(self, values: Floats) -> None:
        """Offer a plan to begin with: (columns,); one that breaks a rule is ignored."""
        self._highs.setSolution(len(values), np.arange(len(values), dtype=np.int32), values)

    def run(self, limits: Limits, watch: Watch) -> Outcome:
        """Solve, or go on solving."""
        self._limit(limits)
        if self._is_light:
            self._set(simplex_dual_edge_weight_strategy=_UNWEIGHTED, simplex_iteration_limit=_PATIENCE * max(1000, self._highs.getNumRow()))
        before = self._highs.getRunTime()
        looker = _Looker(watch)
        self._highs.setCallback(looker, None)
        for asked in _ASKED:
            self._highs.startCallback(asked)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == _UNDECIDED:  # presolve saw that something is wrong, not what
            self._set(presolve="off")
            self._highs.run()
            status = self._highs.getModelStatus()
        if self._is_light and status == highspy.HighsModelStatus.kIterationLimit:  # it runs in circles
            self._set(simplex_dual_edge_weight_strategy=_WEIGHTED)
            self._limit(limits)
            self._highs.run()
            status = self._highs.getModelStatus()
        return self._outcome(_STATUS.get(status, "stopped"), self._highs.getRunTime() - before)

    def look(self, iterations: int | None = None) -> tuple[Status, float]:
        """Solve a program without whole numbers, or go on, and return its status and objective only: for many small questions in a row.

        Stopped by `iterations`, the objective is where the simplex method stood, no bound.
        """
        self._set(simplex_iteration_limit=highspy.kHighsIInf if iterations is None else iterations)
        self._highs.run()
        return _STATUS.get(self._highs.getModelStatus(), "stopped"), float(self._highs.getInfo().objective_function_value)

    def answer(self) -> tuple[Floats, Floats, Floats]:
        """Return values, prices of rows and reduced costs of the last look."""
        solution = self._highs.getSolution()
        return np.array(solution.col_value), np.array(solution.row_dual), np.array(solution.col_dual)

    def place(self) -> Any:
        """Return where the simplex method stands, to go back to."""
        return self._highs.getBasis()

    def go_back(self, place: Any) -> None:
        """Go on from a place; rows appended since do not bind there."""
        missing = self._highs.getNumRow() - len(place.row_status)
        if missing:
            place.row_status = [*place.row_status, *[highspy.HighsBasisStatus.kBasic] * missing]
        self._highs.setBasis(place)

    def _set(self, **options: bool | int | float | str) -> None:
        for name, value in options.items():
            self._highs.setOptionValue(name, value)

    def _limit(self, limits: Limits) -> None:
        # HiGHS counts seconds and iterations over all runs of a session
        seconds = np.inf if limits.seconds is None else limits.seconds + self._highs.getRunTime()
        self._set(time_limit=float(seconds), threads=limits.threads, mip_rel_gap=limits.gap, mip_abs_gap=limits.slack)
        largest = highspy.kHighsIInf
        self._set(mip_max_nodes=largest if limits.nodes is None else limits.nodes)
        self._set(simplex_iteration_limit=largest if limits.iterations is None else limits.iterations)

    def _outcome(self, status: Status, seconds: float) -> Outcome:
        info, solution = self._highs.getInfo(), self._highs.getSolution()
        has_plan = info.primal_solution_status == _FEASIBLE and status != "infeasible"
        values = np.array(solution.col_value)[: self._columns] if has_plan else None
        objective = float(info.objective_function_value) if has_plan else None
        if self._is_whole or status != "optimal":
            bound = float(info.mip_dual_bound) if self._is_whole else -np.inf
            ray = self._ray() if status == "infeasible" and not self._is_whole else None
            return Outcome(status, objective, bound, values, None, None, ray, max(0, info.mip_node_count), seconds)
        prices, reduced = np.array(solution.row_dual), np.array(solution.col_dual)[: self._columns]
        return Outcome(status, objective, objective or 0.0, values, prices, reduced, None, 0, seconds)

    def _ray(self) -> Floats | None:
        _, known, ray = self._highs.getDualRay()
        return np.asarray(ray, dtype=np.float64) if known else None


def _with_a_column(arrays: Arrays) -> Arrays:
    """Return a program without variables with one that is nothing: HiGHS calls a program without columns empty, whatever its rows say."""
    none = np.zeros(1)
    return replace(arrays, cost=none, lower=none, upper=none, whole=np.zeros(1, dtype=np.bool_))


class _Looker:
    """Stands between HiGHS and who looks on: tells when something changed, and passes on the wish to stop."""

    def __init__(self, watch: Watch) -> None:
        self._watch, self._last, self._asked = watch, (np.inf, -np.inf), 0

    def __call__(self, kind: Any, _message: str, told: Any, answer: Any, _data: Any) -> None:
        is_search = kind == _ASKED[0]
        self._asked += 1
        if not is_search and self._asked % _EVERY:
            return
        try:
            if is_search:
                self._tell(told)
            if self._watch.cancelled and self._watch.cancelled():
                answer.user_interrupt = True
        except KeyboardInterrupt:  # it must not unwind through the engine; the best plan so far is the answer
            answer.user_interrupt = True

    def _tell(self, told: Any) -> None:
        now = (told.mip_primal_bound, told.mip_dual_bound)
        if self._watch.progress and now != self._last:
            self._last = now
            self._watch.progress(Progress(now[0] if np.isfinite(now[0]) else None, now[1], told.mip_node_count))
